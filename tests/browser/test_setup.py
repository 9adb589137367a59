"""A house from its key to its first labels, as whoever installs it does it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.settings import Settings
from app.setup import keys
from labels import codes
from tests.browser import looks
from tests.browser.conftest import BENCH, OURS, PHONE
from tests.harness.browser import axe
from tests.harness.databases import _create, hang_up
from tests.harness.live import Site, free_port, serving


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """Nobody has an account here, and the address is one of this computer alone."""
    file, port = shutil.copyfile(sqlite_template, tmp_path / "empty.db"), free_port()
    settings = dataclasses.replace(
        Settings.for_tests(tmp_path, f"sqlite:///{file}"), public_url=f"http://127.0.0.1:{port}", trusted_hosts=OURS
    )
    app = _create(settings)
    with serving(app, port) as site:
        yield site
    hang_up(app)


def key_address(app: Flask, site: Site) -> str:
    with app.app_context():
        return keys.address(app.config["SETTINGS"], "127.0.0.1", site.port) or ""


def looked_at(page: Page) -> None:
    """As every page of the house: in light at a desk, in dark on a phone."""
    faults = []
    for size, scheme in ((BENCH, "light"), (PHONE, "dark")):
        page.set_viewport_size(size["viewport"])
        page.emulate_media(color_scheme=scheme)
        faults += axe(page) + looks.faults(page)
    page.set_viewport_size(BENCH["viewport"])
    assert faults + looks.foreign_sentences(page, "fr") == []


def go_on(page: Page, to: str, **fields: str) -> None:
    """Fill this step in, press its one main act, and be at the next one."""
    for name, text in fields.items():
        page.fill(f"#{name}", text)
    page.locator(".act.main").click()
    page.wait_for_url(f"**{to}")
    looked_at(page)


@pytest.mark.slow("every step of the set-up, each read twice by axe")
def test_from_an_empty_house_to_the_first_labels(empty: Site, new_page: Callable[..., Page], scan: Callable[..., None]):
    page = new_page(**BENCH)
    page.goto(f"{empty.url}/setup")
    expect(page.locator("main")).to_contain_text("où Va-et-vient a été démarré")
    looked_at(page)
    page.goto(key_address(empty.app, empty))
    looked_at(page)
    account = {"name": "Claire Dumont", "email": "claire@example.org", "password": "une belle phrase"}
    go_on(page, "/setup/centre", organisation="Association des Trois Cités", **account)
    go_on(page, "/setup/team", name="Maison des Trois Cités", town="Lens", phone="03 21 00 12 34")
    page.get_by_role("link", name="Plus tard").click()
    page.get_by_role("button", name="Choisir Lenovo ThinkPad L14").click()
    go_on(page, "/setup/things")
    page.focus("#lines")
    for serial in ("PF2XDEM7", "PF2XDEM8"):
        scan(page, serial)
    expect(page.locator("#lines")).to_have_value("PF2XDEM7\nPF2XDEM8\n")
    go_on(page, "/setup/labels")
    printed_sheet(page)
    page.get_by_role("button", name="Oui").click()
    page.wait_for_url("**/setup")
    looked_at(page)
    go_on(page, "/setup/address")
    page.goto(empty.url)
    page.get_by_role("link", name="Finir l’installation").click()
    expect(page.locator(".rows .state.free")).to_have_count(4)  # no colleague and no public address yet


def printed_sheet(page: Page) -> None:
    """The sheet opens beside, so that the set-up stays where it is; what was asked for there is fetched and looked at."""
    sent = page.evaluate("""async () => {
      const form = document.querySelector('form[target=_blank]');
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      return [answer.headers.get('Content-Type'), ...new Uint8Array(await answer.arrayBuffer())].slice(0, 6);
    }""")
    assert [sent[0], bytes(sent[1:])] == ["application/pdf", b"%PDF-"]


@pytest.mark.slow("a house from its key to its labels, page by page")
def test_the_set_up_needs_no_script(empty: Site, new_page: Callable[..., Page]):
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(key_address(empty.app, empty))
    for name, text in (
        ("organisation", "A"),
        ("name", "B"),
        ("email", "b@example.org"),
        ("password", "une belle phrase"),
    ):
        page.fill(f"#{name}", text)
    page.locator(".act.main").click()
    page.fill("#name", "Maison")
    page.fill("#phone", "03 21 00 12 34")
    page.locator(".choice label", has_text="Samedi").click()
    page.locator(".act.main").click()
    page.wait_for_url("**/setup/team")
    page.goto(f"{empty.url}/setup/model")
    page.get_by_role("button", name="Choisir").first.click()
    page.locator(".act.main").click()
    page.fill("#lines", "PF1\nPF2")
    page.locator(".act.main").click()
    expect(page.locator(".line .code")).to_have_count(2)
    assert all(codes.is_right(code.replace(" ", "")) for code in page.locator(".line .code").all_inner_texts())
