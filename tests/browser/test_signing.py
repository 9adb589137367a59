"""A lend and its signature: three acts, then one screen more; drawn with a finger, or typed without dragging."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.db import session
from app.lending import marks
from app.lending.signature_models import Signature
from tests.browser.conftest import PHONE, things
from tests.browser.test_journey import Clerk, lend_from_card
from tests.harness.browser import axe
from tests.harness.live import Site


def lent(site: Site, page: Page) -> Clerk:
    """Somebody stands at the desk with a tablet that was just lent to them."""
    (tablet,) = things(site)
    page.goto(f"{site.url}/devices/{tablet.code}")
    clerk = Clerk(page)
    lend_from_card(clerk)
    return clerk


def answer(page: Page) -> None:
    for words in ("Connu·e de l’équipe", "Sur papier"):
        page.locator(".choice label", has_text=words).click()


def last(site: Site) -> dict[str, Any]:
    with site.app.app_context():
        row = session().scalars(select(Signature).order_by(Signature.id.desc())).first()
        assert row is not None
        return {name: getattr(row, name) for name in ("way", "mark", "name", "device_at", "known")}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["mouse", "phone"])
def test_a_signature_drawn_is_one_screen_more(site, desk, options):
    page = desk(**options)
    clerk = lent(site, page)
    clerk.press("Faire signer")
    expect(page.locator("h1")).to_have_text("Signer la convention")
    assert axe(page) == []
    answer(page)
    pad = page.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 120, steps=5)
    page.mouse.up()
    clerk.press("Signer")
    expect(page.locator(".state", has_text="Signé")).to_be_visible()
    assert axe(page) == []
    signed = last(site)
    assert (signed["way"], signed["known"]) == ("drawn", "team")
    assert marks.read(signed["mark"])
    assert signed["device_at"] is not None


def test_a_frame_cleared_is_empty_again(site, desk):
    page = desk()
    lent(site, page).press("Faire signer")
    pad, path = page.locator(".pad"), page.locator(".pad path")
    pad.scroll_into_view_if_needed()
    pad.click(position={"x": 20, "y": 20})
    assert path.get_attribute("d").startswith("M")
    page.get_by_role("button", name="Effacer le cadre").click()
    assert (path.get_attribute("d"), page.locator("[name=way]").input_value()) == ("", "typed")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_name_typed_is_signed_without_dragging(site, desk, script):
    page = desk(java_script_enabled=script)
    lent(site, page).press("Faire signer")
    answer(page)
    page.get_by_label("Nom de la personne qui signe").fill("Rachid Ould-Test")
    page.get_by_role("button", name="Signer").click()
    expect(page.get_by_role("alert")).to_contain_text("Signez dans le cadre, ou cochez la case.")
    page.get_by_label("J’ai lu ce texte").check()
    page.get_by_role("button", name="Signer").click()
    expect(page.locator(".state", has_text="Signé")).to_be_visible()
    signed = last(site)
    assert (signed["way"], signed["mark"], signed["name"]) == ("typed", None, "Rachid Ould-Test")


def test_a_page_with_no_voice_offers_no_reading(site, desk):
    page = desk()
    lent(site, page).press("Faire signer")
    assert page.get_by_role("button", name="Lire à voix haute").is_hidden()


def test_a_voice_of_the_browser_reads_the_text(site, desk):
    """No voice is installed where tests run: this one stands in for the browser's own."""
    page = desk()
    page.add_init_script(
        """window.said = [];
        Object.defineProperty(window, 'speechSynthesis', {value: Object.assign(new EventTarget(), {
          speaking: false, cancel() {}, getVoices: () => [{lang: 'fr-FR', localService: true}],
          speak(words) { window.said.push([words.text, words.lang]); }})});
        window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };"""
    )
    lent(site, page).press("Faire signer")
    page.get_by_role("button", name="Lire à voix haute").click()
    assert ["L’essentiel", "fr-FR"] in page.evaluate("window.said")
