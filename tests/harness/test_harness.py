"""The harness itself: a guard that never goes off guards nothing."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.harness.browser import AXE, Watch, axe
from tests.harness.live import serving, status
from tests.harness.once import once_a_run
from tests.harness.postgres import Cluster

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; img-src 'self'"
BAD = """<!doctype html><title>Bad</title><p onclick="x()">Bad</p><script>document.title = "ran"</script>
<img src="https://elsewhere.example/x.png">"""
SOUND = """<!doctype html><html lang="fr"><title>Bonjour</title><main><h1>Bonjour</h1></main></html>"""


@pytest.fixture
def plain() -> Flask:
    """An app of two pages, to try the browser on without ours."""
    app = Flask("plain")
    app.add_url_rule("/bad", "bad", lambda: (BAD, {"Content-Security-Policy": POLICY}))
    app.add_url_rule("/sound", "sound", lambda: (SOUND, {"Content-Security-Policy": POLICY}))
    app.add_url_rule("/readyz", "readyz", lambda: "")
    return app


def test_what_is_made_once_a_run_is_found_by_all_who_come_after(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = []

    def make(home: Path) -> int:
        (home / "told").write_text("made")
        made.append(home)
        return len(made)

    first, second = (once_a_run(tmp_path_factory, "harness-once", make) for _ in range(2))
    assert first == second == (made[0], 1)
    assert [(home / "told").read_text() for home in made] == ["made"]


def test_the_watch_sees_what_pages_must_never_do(plain: Flask, page: Page, watch: Watch) -> None:
    with serving(plain) as site:
        page.goto(f"{site.url}/bad")
        page.evaluate("new Promise(r => setTimeout(r, 100))")
    faults = " ".join(watch.faults)
    watch.expect("policy: ")
    watch.expect("left the host: https://elsewhere.example/x.png")
    assert "policy: " in faults
    assert page.title() == "Bad"


def test_a_page_error_is_seen(plain: Flask, page: Page, watch: Watch) -> None:
    with serving(plain) as site:
        page.goto(f"{site.url}/sound")
        page.evaluate("setTimeout(() => { throw new Error('oh') })")
        page.evaluate("new Promise(r => setTimeout(r, 100))")
    watch.expect("oh")
    assert [fault for fault in watch.faults if "page error" in fault]


def test_axe_finds_a_fault_and_leaves_a_sound_page_alone(plain: Flask, page: Page, watch: Watch) -> None:
    assert AXE.exists(), "tests/vendor/axe.min.js is missing"
    watch.expect("")
    with serving(plain) as site:
        page.goto(f"{site.url}/sound")
        assert axe(page) == []
        page.goto(f"{site.url}/bad")
        assert any(fault.startswith("html-has-lang") for fault in axe(page))


def test_an_outage_is_an_outage(plain: Flask) -> None:
    with serving(plain) as site:
        assert status(site.port) == 200
        site.stop()
        assert status(site.port) == 0
        site.start()
        assert status(site.port) == 200


def test_postgresql_survives_a_kill() -> None:
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        url = cluster.create("kept").replace("+psycopg", "")
        with psycopg.connect(url) as line:
            line.execute("CREATE TABLE kept AS SELECT 1 AS one")
        cluster.kill9()
        cluster.start()
        with psycopg.connect(cluster.url("kept").replace("+psycopg", "")) as line:
            assert line.execute("SELECT one FROM kept").fetchone() == (1,)
    finally:
        cluster.remove()
    assert not cluster.home.exists()


@pytest.fixture
def inner(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs a test file of its own in a run of its own, under our plugin."""

    def run(source: str, *options: str) -> tuple[int, str]:
        (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.harness.tally"]')
        (tmp_path / "test_it.py").write_text(textwrap.dedent(source))
        command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
        command += ["-p", "xdist", "-p", "pytest_socket", "-p", "pytest_timeout", "-o", f"pythonpath={ROOT}"]
        command += [*options, str(tmp_path / "test_it.py")]
        bare = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_skip_is_no_success(inner: Callable[..., tuple[int, str]]) -> None:
    code, said = inner('import pytest\ndef test_it(): pytest.skip("no database")')
    assert code == 1
    assert "the run fails: skipped: " in said


def test_a_skip_for_the_platform_is_none_of_our_fault(inner: Callable[..., tuple[int, str]]) -> None:
    code, _ = inner('import pytest\ndef test_a(): pytest.skip("platform: Windows")\ndef test_b(): pass')
    assert code == 0


def test_what_must_run_must_run(inner: Callable[..., tuple[int, str]]) -> None:
    code, said = inner("def test_it(): pass", "--must-run=sqlite", "-n", "1")
    assert code == 1
    assert "no test ran on: sqlite" in said
    assert "ran on sqlite: 0, on postgresql: 0, in the browser: 0, without a database: 1" in said


def test_places_are_counted_over_workers(inner: Callable[..., tuple[int, str]]) -> None:
    source = """
        import pytest
        from tests.harness.tally import ran_on
        @pytest.mark.parametrize("place", ["sqlite", "sqlite", "postgresql"])
        def test_it(request, place): ran_on(request, place)
    """
    code, said = inner(source, "--must-run=sqlite,postgresql", "-n", "2")
    assert code == 0, said
    assert "ran on sqlite: 2, on postgresql: 1, in the browser: 0, without a database: 0" in said


def test_slow_needs_a_reason(inner: Callable[..., tuple[int, str]]) -> None:
    source = """
        import time, pytest
        import tests.harness.tally as tally
        tally.SLOW, tally.TOO_SLOW = 0.1, 0.3
        def test_a_little(): time.sleep(0.2)
        def test_too_much(): time.sleep(0.4)
        @pytest.mark.slow("waits for a clock")
        def test_with_reason(): time.sleep(0.4)
    """
    code, said = inner(source)
    assert code == 1
    assert "say why with @slow(reason): 0.2 s test_it.py::test_a_little" in said
    assert "without @slow(reason): test_it.py::test_too_much" in said
    assert "test_with_reason" not in said


def test_a_reason_is_a_sentence(inner: Callable[..., tuple[int, str]]) -> None:
    code, said = inner("import pytest\n@pytest.mark.slow\ndef test_it(): pass")
    assert code != 0
    assert "say why" in said
