"""A real Chromium: one per worker, a fresh context per test, and a watch on what pages must never do.

    @pytest.mark.browser
    def test_the_desk(site, page):
        page.goto(site.url)
        assert axe(page) == []

    def test_two_clerks(site, new_page):
        one, two = new_page(), new_page(viewport={"width": 320, "height": 640}, color_scheme="dark")

    def test_the_camera(site, camera, tmp_path):
        page = camera(clip).new_page()        # clip: an absolute path of a .y4m file

When the test ends, it fails if any page broke the content security policy, raised an error or asked another host.
`watch.expect("part of the message")` forgives one that the test is about. Never `bypass_csp`, never
`page.wait_for_function` (it polls with eval): `expect(...)`, selectors, or `page.evaluate("a promise")`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.harness.tally import ran_on
from tools import ensure

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What it finds is told in lines: all that it looked at, in the browser's own words, would take longer than the look.
RUN_AXE = """async ([within, tags]) => {
  const { violations } = await axe.run(within ?? document, { runOnly: tags, resultTypes: ['violations'] });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')} (${help})`));
}"""
FLAGS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
OURS = {"127.0.0.1", "localhost"}
NO_HOST = {"data", "blob", "about", "chrome-error"}
ORDINARY = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a page carries the mark: `-m "not browser"` is the quick run."""
    for item in items:
        if "new_context" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """What pages did that they must never do."""

    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda trouble: self.faults.append(f"page error: {trouble.error}"))
        context.on("request", lambda request: self._request(request.url))

    def expect(self, part: str) -> None:
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.expected)]

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Content Security Policy" in text:
            self.faults.append(f"policy: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in NO_HOST and parts.hostname not in OURS:
            self.faults.append(f"left the host: {url}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """`launch(*flags)`: one more Chromium."""
    with ExitStack() as stack:

        def start(*flags: str) -> Browser:
            program = ensure.browser()
            if program is None:
                pytest.fail("Chromium is missing: run `python tools/ensure.py browser`", pytrace=False)
            as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
            made = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *as_root, *flags])
            stack.callback(made.close)
            return made

        yield start


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    """This worker's Chromium."""
    return launch()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.unexpected() == [], "a page did what no page may do"


@pytest.fixture
def new_context(
    request: pytest.FixtureRequest, browser: Browser, watch: Watch
) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(browser=None, **options)`: a person with a browser of their own."""
    ran_on(request, "browser")
    made: list[BrowserContext] = []

    def make(within: Browser = browser, **options: Any) -> BrowserContext:
        context = within.new_context(**(ORDINARY | options))
        context.set_default_timeout(10_000)
        watch.on(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`new_page(**options)`: a page of somebody new."""
    return lambda **options: new_context(**options).new_page()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def camera(
    launch: Callable[..., Browser], new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., BrowserContext]]:
    """`camera(clip, **options)`: a context whose camera shows this clip in a loop. A browser each: 1 second."""
    made: list[Browser] = []

    def make(clip: Path, **options: Any) -> BrowserContext:
        fake = "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"
        made.append(launch(*fake, f"--use-file-for-fake-video-capture={clip.resolve()}"))
        return new_context(made[-1], permissions=["camera"], **options)

    yield make
    for each in made:
        each.close()


def axe(page: Page, within: str | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, a line a fault: rule, element, help."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(RUN_AXE, [within, AXE_TAGS])
    return found
