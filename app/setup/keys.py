"""The key of an empty house: whoever can read the terminal, or the instance folder, makes the first account."""

from __future__ import annotations

import hmac
from pathlib import Path

from app.people import founding
from app.settings import Settings, make_key

NAME = "setup.key"
BYTES = 16  # 128 random bits: short enough to be copied by hand, too long to be guessed


def address(settings: Settings, host: str, port: int) -> str | None:
    """Where the first account is made; None once somebody is there. The key is made once, and shown at each start."""
    file = settings.instance / NAME
    if founding.somebody():
        throw_away(settings.instance)
        return None
    if not file.exists():
        make_key(file, BYTES)
    here = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - what is listened to, made an address
    root = settings.public_url if settings.secure else f"http://{f'[{here}]' if ':' in here else here}:{port}"
    return f"{root}/setup?key={file.read_text().strip()}"


def opens(instance: Path, key: str) -> bool:
    """Whether this is the key of the house."""
    file = instance / NAME
    kept = file.read_bytes().strip() if file.exists() else b""
    return bool(kept) and hmac.compare_digest(kept, key.encode(errors="replace"))


def throw_away(instance: Path) -> None:
    (instance / NAME).unlink(missing_ok=True)
