"""The page that tries a hand scanner, as somebody does who sets up a desk: plugs it in, scans the page, reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.desk.scanner import SPECIMEN
from tests.browser.scanners import french_scanner

ADDRESS = f"HTTPS://PRET.EXAMPLE.ORG/E/{SPECIMEN}"


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("us", "même clavier"),
        ("azerty", "réglée sur un clavier américain"),
        ("french", "réglée sur un clavier français"),
    ],
)
@pytest.mark.parametrize("in_field", [True, False])
def test_a_scan_is_read_and_its_keyboard_told(site, desk, scan, layout, said, in_field):
    page = desk()
    page.goto(f"{site.url}/scanner")
    if not in_field:
        page.evaluate("document.activeElement.blur()")
    if layout == "french":
        french_scanner(page, ADDRESS)
    else:
        scan(page, ADDRESS, layout)
    expect(page.locator(".note h2")).to_have_text("Bien lu")
    expect(page.locator(".facts")).to_contain_text(said)
    expect(page.locator(".facts")).to_contain_text("DCLB TRXN")
    assert page.url.startswith(f"{site.url}/scanner?")


def test_a_makers_number_is_shown_as_it_arrived_and_opens_nothing(site, desk, scan):
    page = desk()
    page.goto(f"{site.url}/scanner")
    scan(page, "PF2DEM07", "azerty")
    expect(page.locator(".note h2")).to_have_text("Ce n’est pas un de nos codes")
    expect(page.locator(".facts")).to_contain_text("PFéDE?à è".replace(" ", ""))
    expect(page.locator(".facts")).to_contain_text("PF2DEM07")


def test_without_script_the_scanner_page_is_a_plain_form(site, desk):
    page = desk(java_script_enabled=False)
    page.goto(f"{site.url}/scanner")
    page.fill("#q", "dclb trxn")
    page.keyboard.press("Enter")
    expect(page.locator(".note h2")).to_have_text("Bien lu")


def test_on_the_page_of_codes_a_scan_opens_the_thing(site, desk, scan):
    page = desk()
    page.goto(f"{site.url}/scanner/codes")
    code = page.locator(".symbols .code").first.inner_text().replace(" ", "")
    scan(page, code)
    page.wait_for_url(f"**/devices/{code}")
    expect(page.locator(".head .state")).to_have_text("Libre")
