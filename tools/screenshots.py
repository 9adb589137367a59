"""The pictures of the README: `python tools/screenshots.py [FOLDER]` (docs/shots when none is named).

Starts the app with a fresh demo world in a temporary folder, looks at it with Chromium, and keeps small palette PNGs.
"""

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.demo import cast  # noqa: E402 - the path comes first
from tools import ensure  # noqa: E402

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
HEIGHTS = {1280: 900, 360: 740}
PHONE = 360
MOST = 120_000  # bytes a picture
COLOURS = (256, 128, 64, 32)
THING = "main a[href^='/devices/D']"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, where it is taken, how wide, in which light, and by whom (nobody: signed out)."""

    name: str
    path: str
    width: int = 1280
    scheme: str = "light"
    who: str = cast.DESK

    @property
    def file(self) -> str:
        return f"{self.name}-{self.width}{'' if self.scheme == 'light' else '-' + self.scheme}.png"


@contextmanager
def app_with_demo(home: Path) -> Iterator[str]:
    """The address of the app, which stops at the end."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    env = os.environ | {"INSTANCE": str(home), "PORT": str(port), "PUBLIC_URL": "https://pret.example.org"}
    env |= {"DATABASE_URL": f"sqlite:///{home / 'va-et-vient.db'}"}
    for words in (["db", "upgrade"], ["demo"]):
        subprocess.run([*FLASK, *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen(
        [*FLASK, "run", "--port", str(port)], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait(url: str, within: float = 30) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the app did not start")


def new_page(browser: Browser, width: int, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
        has_touch=width == PHONE,
        is_mobile=width == PHONE,
    )
    return context.new_page()


def sign_in(page: Page, url: str, who: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("#email", who)
    page.fill("#password", cast.PASSWORD)
    page.locator(".act.main").click()
    page.wait_for_url(f"{url}/")


def shots(page: Page, url: str) -> list[Shot]:
    """What to show; the codes are read from the pages."""

    def first(path: str, selector: str) -> str:
        page.goto(url + path)
        return str(page.locator(selector).first.get_attribute("href"))

    out = first("/devices?state=on_loan&here=1&category=laptop", THING)
    free = first("/devices?state=available&here=1&category=tablet", THING)
    tablets = [a.get_attribute("href") or "" for a in page.locator(THING).all()[:8]]
    home = first(out, "main a[href^='/households/']")
    codes = ",".join(path.rpartition("/")[2] for path in tablets)
    lend = f"/lend?device={free.rpartition('/')[2]}&household={home.rpartition('/')[2]}"
    return [
        Shot("desk", "/"),
        Shot("desk", "/", width=360),
        Shot("desk", "/", scheme="dark"),
        Shot("thing", free),
        Shot("lend", lend),
        Shot("household", home),
        Shot("labels", f"/labels?codes={codes}"),
        Shot("operation", f"/finance/operations/{cast.AUDITED}", who=cast.FINANCE),
        Shot("found", "/e/DCLBTRXN", who=""),
    ]


def small(png: bytes) -> bytes:
    """The same picture with as many colours as fit."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        kept = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST:
            break
    return kept.getvalue()


def take(browser: Browser, url: str, folder: Path) -> None:
    known = {who: new_page(browser, 1280) for who in (cast.DESK, cast.FINANCE)}
    for who, page in known.items():
        sign_in(page, url, who)
    for shot in shots(known[cast.DESK], url):
        page = new_page(browser, shot.width, shot.scheme)
        if shot.who:
            page.context.add_cookies(known[shot.who].context.cookies())  # type: ignore[arg-type]
        page.goto(url + shot.path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        file = folder / shot.file
        file.write_bytes(small(page.screenshot()))
        print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}: {file.stat().st_size // 1000} kB")
        page.context.close()


def main(words: list[str]) -> int:
    folder = Path(words[0]) if words else ROOT / "docs" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    program = ensure.browser()
    if program is None:
        print("Chromium is missing: run `python tools/ensure.py browser`")
        return 1
    flags = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as home, app_with_demo(Path(home)) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=flags)
        take(browser, url, folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
