"""A small stand for the front end alone: app/static under a hashed folder, the test's own pages, the strict policy."""

import mimetypes
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.harness import scanner

STATIC = Path(__file__).parents[2] / "app" / "static"
HASHED = "/s/0a1b2c"
POLICY = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STYLES = [
    "tokens",
    "base",
    "frame",
    "acts",
    "scan",
    "states",
    "things",
    "lists",
    "fields",
    "lend",
    "say",
    "tables",
    "labels",
    "public",
    "aids",
    "print",
]


def sample(name: str) -> str:
    """The body of tests/front/pages/<name>.html."""
    return (Path(__file__).parent / "pages" / f"{name}.html").read_text().replace("/s/HASH", HASHED)


def paper(body: str, *scripts: str) -> str:
    """A whole page around `body`, as the app's frame does it."""
    links = "".join(f'<link rel="stylesheet" href="{HASHED}/css/{name}.css">' for name in STYLES)
    modules = "".join(f'<script type="module" src="{HASHED}/js/{name}.js"></script>' for name in ("main", *scripts))
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{links}{modules}'
        f'<link rel="icon" href="{HASHED}/logo.svg"></head><body>{body}</body></html>'
    )


@dataclass
class Stand:
    """`show` a page at an address; every other address answers an empty page and is remembered in `asked`."""

    pages: dict[str, tuple[str, bool]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def show(self, path: str, body: str, *scripts: str, wasm: bool = False) -> str:
        self.pages[path] = paper(body, *scripts), wasm
        return self.url + path

    def answer(self, path: str) -> tuple[int, str, bytes, bool]:
        if path.startswith(HASHED):
            file = STATIC / path.removeprefix(HASHED + "/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return (200, kind, file.read_bytes(), False) if file.is_file() else (404, "text/plain", b"", False)
        text, wasm = self.pages.get(path, (paper(f'<main><h1 id="gone">{path}</h1></main>'), False))
        return 200, "text/html; charset=utf-8", text.encode(), wasm


def handler(stand: Stand) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand.asked.append(self.path)
            self.reply()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            stand.posted.append((self.path, body))
            time.sleep(0.3)  # long enough for a second click
            self.reply()

        def reply(self) -> None:
            status, kind, body, wasm = stand.answer(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(wasm=" 'wasm-unsafe-eval'" if wasm else ""))
            self.send_header("Permissions-Policy", "camera=(self)")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


KEYS = {letter: (f"Key{letter}", ord(letter)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
KEYS |= {digit: (f"Digit{digit}", ord(digit)) for digit in "0123456789"}
KEYS |= {":": ("Semicolon", 186), "/": ("Slash", 191), ".": ("Period", 190), "-": ("Minus", 189)}
# What a French PC makes of a scanner that thinks in US keys.
AZERTY = {letter: letter for letter in "BCDEFGHIJKLNOPRSTUVXY"} | {"A": "Q", "Q": "A", "W": "Z", "Z": "W", "M": "?"}
AZERTY |= dict(zip("1234567890", "&é\"'(-è_çà", strict=True)) | {":": "M", "/": "!", ".": ":", "-": ")"}


@pytest.fixture
def scan() -> Callable[..., None]:
    """`scan(page, text, layout="us", caps=False, end="Enter")`: what a hand scanner does to a page."""

    def burst(page: Page, text: str, layout: str = "us", *, caps: bool = False, end: str = "Enter") -> None:
        keys = []
        for sign in text:
            code, number = KEYS[sign]
            key = AZERTY[sign] if layout == "azerty" else sign
            keys.append((key.lower() if caps else key, code, number, sign.isalpha() or sign == ":"))
        scanner.press(page, keys, end)

    return burst
