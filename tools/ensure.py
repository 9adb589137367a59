"""Gets what the tests need beside Python, the ordinary way: `python tools/ensure.py browser postgres wrk`.

What is there already is left alone. As root on a Debian family system the rest is installed with apt-get; elsewhere, or
when that fails, one line says how to get it and the exit code is 1: a test is never left out in silence.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OLDEST_POSTGRES = 15
# The first is the same browser without windows: it draws a page with a fifth less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def browser() -> Path | None:
    """Chromium's program: $CHROMIUM, or the first one on the path."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found and Path(found).exists() else None


def browser_with_all() -> Path | None:
    """A page without one font has no letters to measure, and what drives the browser needs a small library."""
    families = subprocess.run(["fc-list", ":lang=fr"], capture_output=True, check=False) if _has("fc-list") else None
    font = FONT.exists() or bool(families and families.stdout)
    return browser() if font and _driver_can_start() else None


def _driver_can_start() -> bool:
    """Playwright brings a node of its own, which on Linux wants libatomic."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def postgres() -> Path | None:
    """The folder of PostgreSQL's server programs (initdb, postgres, pg_dump), the newest that is new enough."""
    folders = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    homes = {(folder / "postgres").resolve().parent for folder in folders if (folder / "postgres").exists()}
    versions = {home: _version(home / "postgres") for home in homes if (home / "initdb").exists()}
    fit = [home for home, version in versions.items() if version >= OLDEST_POSTGRES]
    return max(fit, key=lambda home: versions[home], default=None)


def wrk() -> Path | None:
    found = shutil.which("wrk")
    return Path(found) if found else None


def _version(program: Path) -> int:
    """15 for `postgres (PostgreSQL) 15.18 (Debian ...)`; 0 when it does not say."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    digits = said.partition("(PostgreSQL)")[2].strip().partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def _has(program: str) -> bool:
    return shutil.which(program) is not None


@dataclass(frozen=True)
class Need:
    """`packages`: those of Debian; of `one|other` the first that this system knows."""

    find: Callable[[], Path | None]
    packages: tuple[str, ...]
    otherwise: str


NEEDS = {
    "browser": Need(
        browser_with_all,
        ("chromium-headless-shell|chromium", "fonts-dejavu-core", "libatomic1"),
        "install Chromium (or set CHROMIUM to it), a font and libatomic",
    ),
    "postgres": Need(postgres, ("postgresql",), f"install PostgreSQL {OLDEST_POSTGRES} or later (its server programs)"),
    "wrk": Need(wrk, ("wrk",), "install wrk, the load generator"),
}


def missing(names: list[str]) -> list[str]:
    return [name for name in names if NEEDS[name].find() is None]


def install(names: list[str]) -> None:
    """Asks apt-get, and says nothing of its own: what counts is whether the thing is there afterwards."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and _has("apt-get")):
        return
    _apt("update")
    packages = [_known(package.split("|")) for name in names for package in NEEDS[name].packages]
    print("ensure: apt-get install", *packages, flush=True)
    _apt("install", "-y", "--no-install-recommends", *packages)


def _apt(*command: str) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *command],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout[-2000:], file=sys.stderr)


def _known(packages: list[str]) -> str:
    """The first of these that there is, else the last."""
    for package in packages[:-1]:
        if not subprocess.run(["apt-cache", "show", package], check=False, capture_output=True).returncode:
            return package
    return packages[-1]


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NEEDS]
    if unknown or not names:
        print("usage: ensure.py", *(f"[{name}]" for name in NEEDS), file=sys.stderr)
        return 2
    if lacking := missing(names):
        install(lacking)
    lacking = missing(lacking)
    for name in lacking:
        packages = " ".join(package.split("|")[-1] for package in NEEDS[name].packages)
        how = f"on Debian or Ubuntu: sudo apt-get install {packages}; elsewhere: {NEEDS[name].otherwise}"
        print(f"ensure: {name} is missing. {how}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
