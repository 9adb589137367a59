"""Processes that a test starts: where they listen, and that none outlives it."""

import shutil
import socket


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def tied(command: list[str], last_word: str = "KILL") -> list[str]:
    """The command that gets this signal when we die, even when we are killed outright (Linux; else as it was)."""
    return ["setpriv", "--pdeathsig", last_word, *command] if shutil.which("setpriv") else command
