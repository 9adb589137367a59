"""A centre's own table brought on screen: a fault mended where it stands, the rest taken over, and its labels printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app import cli
from app.demo import cast
from tests.browser.conftest import PHONE
from tests.harness.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow("a whole journey, with a browser of its own")]
TABLE = """Inventaire de l’atelier;;;;;;
Matériel;Marque;Modèle;Type;N° de série;Emprunteur;Depuis
Portable A;Lenovo;ThinkPad L14 Gen 1;Portable;PF7TABL1;;
Portable B;Lenovo;ThinkPad L14 Gen 1;Portable;PF7TABL2;Rosa Manier-Test;avant-hier
"""


def chores(site: Site) -> None:
    with site.app.app_context():
        cli.one_round(site.app.config["SETTINGS"])


@pytest.mark.parametrize("size", [{}, PHONE], ids=["at a desk", "on a phone"])
def test_a_fault_is_mended_on_screen_and_the_labels_of_what_came_are_printed(
    site: Site, desk: Callable[..., Page], size: dict[str, object]
):
    page = desk(cast.MANAGER, **size)
    page.goto(f"{site.url}/import")
    page.set_input_files("#file", {"name": "Atelier.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1252")})
    page.get_by_role("button", name="Ouvrir le fichier").click()
    page.get_by_role("button", name="Regarder les lignes").click()
    fault = page.get_by_label("Prêté le")
    expect(fault).to_have_value("avant-hier")
    expect(page.locator("main")).to_contain_text("n’est pas une date")
    fault.fill("20/11/2026")
    page.get_by_role("button", name="Corriger").click()
    expect(page.locator("main")).not_to_contain_text("n’est pas une date")
    page.get_by_role("button", name="Importer 2 lignes").click()
    expect(page.locator("h1")).to_have_text("Import en cours")
    chores(site)
    expect(page.locator("h1")).to_have_text("Importé", timeout=10_000)  # by itself
    page.get_by_role("link", name="Imprimer 2 étiquettes").click()
    before = page.locator(".sheet").inner_html()
    page.select_option("#medium", "L4736")
    expect(page.locator(".sheet")).not_to_have_text(before)
    start = page.locator("#start_at")
    first = int(start.input_value())
    page.get_by_role("button", name="Une de plus").click()
    expect(start).to_have_value(str(first + 1))
    page.wait_for_function("before => document.querySelector('.sheet').innerHTML !== before", arg=before)
    assert page.locator("[name=codes]").count() == 2
