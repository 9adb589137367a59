"""A thing looked at together, out and back: point by point, with photos, and told to whoever borrows it next."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, things
from tests.browser.test_journey import HOUSEHOLD, Clerk, lend_from_card
from tests.harness.browser import axe
from tests.harness.live import Site


def photo() -> dict[str, object]:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return {"name": "etat.png", "mimeType": "image/png", "buffer": out.getvalue()}


def see(page: Page, point: str, grade: str, note: str = "") -> None:
    row = page.locator(".point", has=page.locator("legend", has_text=point))
    row.locator(f"[value={grade}]").check()
    if note:
        row.locator("input[name$='.note']").fill(note)


@pytest.mark.slow("a lend, a return with a photo, a mending, each page asked of axe")
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_what_changed_is_seen_beside_what_was_and_told_to_the_next(site: Site, desk, options):
    (thing,) = things(site)
    page = desk(**options)
    page.goto(f"{site.url}/devices/{thing.code}")
    lend_from_card(Clerk(page))
    page.goto(f"{site.url}/returns?device={thing.code}")
    page.locator("summary", has_text="Quelque chose a changé").click()
    note = page.locator(".point", has=page.locator("legend", has_text="Écran")).locator("input[name$='.note']")
    expect(note).to_be_hidden()
    see(page, "Écran", "damaged", "fendu en bas")
    expect(note).to_be_visible()
    page.locator("input[type=file]").set_input_files(photo())
    assert axe(page) == []
    Clerk(page).press("Reprendre")
    beside = page.locator(".beside")
    expect(beside).to_contain_text("Au départ")
    expect(beside).to_contain_text("fendu en bas")
    expect(beside.locator("img")).to_have_count(1)
    expect(page.get_by_role("link", name="L’envoyer en réparation")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{site.url}/devices/{thing.code}")
    expect(page.locator("main")).to_contain_text("écran (abîmé, fendu en bas)")
    page.get_by_role("link", name="Tenir à jour").click()
    assert axe(page) == []
    page.get_by_role("button", name="Réparé").click()
    expect(page.locator("main")).to_contain_text("Aucun défaut connu")
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("main")).to_contain_text("fendu en bas")


def test_a_fault_seen_as_it_leaves_stands_in_the_agreement(site: Site, desk):
    (thing,) = things(site)
    page = desk()
    page.goto(f"{site.url}/lend?device={thing.code}&q=Sabrina")
    page.locator("main a", has_text=HOUSEHOLD).first.click()
    page.locator("summary", has_text="État au départ").click()
    see(page, "Boutons", "worn", "touches lisses")
    assert axe(page) == []
    page.locator(".dock button", has_text="Prêter").click()
    page.get_by_role("link", name="La lire en grands caractères").click()
    expect(page.locator("main")).to_contain_text("touches lisses")
