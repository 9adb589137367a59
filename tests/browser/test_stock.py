"""A stock-take by two phones, one of them without signal; a delivery scanned in; a kit lent and taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.db import session
from app.demo import cast
from app.inventory.arrivals import Delivery, received
from app.inventory.kits import Kit, things_of
from app.inventory.stocktakes import StockTake, counts
from tests.browser.conftest import PHONE, state_of
from tests.harness.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow("whole journeys, with a browser each")]
SCAN = """code => document.dispatchEvent(
    new CustomEvent('scanned', {detail: {code, texts: [code]}, cancelable: true}))"""


def going_on(site: Site) -> tuple[int, dict[str, int]]:
    with site.app.app_context():
        take = session().scalars(select(StockTake).where(StockTake.closed_at.is_(None))).one()
        return take.id, counts(take)


def part(page: Page, name: str) -> Any:
    return page.locator(f"[data-part={name}]")


def test_two_phones_count_one_store_and_one_of_them_has_no_signal(site: Site, desk: Callable[..., Page]):
    number, before = going_on(site)
    near, far = desk(**PHONE), desk(cast.OUTREACH, **PHONE)
    for page in (near, far):
        page.goto(f"{site.url}/stock-takes/{number}")
        page.wait_for_load_state("networkidle")
    left = [text.replace(" ", "") for text in near.locator("section .end .code").all_inner_texts()]
    far.context.set_offline(True)
    for code in left[:3]:
        far.evaluate(SCAN, code)
    expect(part(far, "waiting")).to_have_text("Pas de réseau. Scans gardés sur ce téléphone\u00a0: 3")
    for code in left[2:5]:  # one of them both have seen
        near.evaluate(SCAN, code)
    expect(part(near, "seen")).to_have_text(str(before["seen"] + 3))
    far.context.set_offline(False)
    expect(part(far, "waiting")).to_be_hidden(timeout=20_000)
    expect(part(far, "seen")).to_have_text(str(before["seen"] + 5))
    far.evaluate(SCAN, left[0])
    expect(part(far, "look")).to_have_text("Déjà vu")
    assert going_on(site)[1]["missing"] == before["missing"] - 5


def test_scans_outlive_the_page_that_took_them(site: Site, desk: Callable[..., Page]):
    number, before = going_on(site)
    page = desk(**PHONE)
    page.goto(f"{site.url}/stock-takes/{number}")
    page.wait_for_load_state("networkidle")
    code = page.locator("section .end .code").first.inner_text().replace(" ", "")
    page.route("**/scans", lambda route: route.abort())
    page.evaluate(SCAN, code)
    expect(part(page, "waiting")).to_be_visible()
    page.unroute("**/scans")
    page.reload()
    expect(part(page, "seen")).to_have_text(str(before["seen"] + 1))


def test_a_delivery_is_scanned_in_with_both_hands_full(
    site: Site, desk: Callable[..., Page], scan: Callable[..., None]
):
    page = desk()
    page.goto(f"{site.url}/deliveries")
    page.get_by_role("link", name="Reconditionné du Hainaut, BC-2026-0412").click()
    page.wait_for_load_state("networkidle")
    page.locator("#code").fill("")
    page.locator("#serial_number").focus()
    scan(page, "PF2DEN13")
    expect(page.locator("#code")).to_be_focused()
    page.locator("button.open").click()
    expect(page.locator(".toast")).to_contain_text("ThinkPad L14")
    with site.app.app_context():
        assert received(session().scalars(select(Delivery)).one()) == 14


def test_a_kit_is_lent_by_one_scan_and_what_is_missing_at_its_return_is_named(site: Site, desk: Callable[..., Page]):
    with site.app.app_context():
        kit = session().scalars(select(Kit)).one()
        code, things = kit.code, [(thing.code, thing.name) for thing in things_of(kit)]
    page = desk()
    page.goto(f"{site.url}/kits/{code}")
    page.locator(".act.main", has_text="Prêter").click()
    page.get_by_role("link", name="Sabrina Ould-Test", exact=True).click()
    page.locator("button.main").click()
    expect(page.locator("h1")).to_have_text("Sabrina Ould-Test")
    assert {state_of(site, thing) for thing, _name in things} == {"on_loan"}
    page.goto(f"{site.url}/kits/{code}")
    page.locator(".act.main", has_text="Reprendre").click()
    page.get_by_role("link", name=f"Il n’est pas revenu {things[0][1]}").click()
    page.locator("button.main").click()
    expect(page.locator(".note")).to_contain_text(things[0][1])
    assert [state_of(site, thing) for thing, _name in things] == ["on_loan", "to_check", "to_check"]
