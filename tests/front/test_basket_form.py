import re

import pytest
from playwright.sync_api import expect

from labels import codes
from tests.front.conftest import sample

pytestmark = pytest.mark.browser


@pytest.fixture
def lend(stand, page):
    page.goto(stand.show("/lend", sample("basket-form"), "basket-form"))
    page.wait_for_load_state("networkidle")
    return page


def test_a_scanned_device_joins_the_others(lend, scan):
    scan(lend, codes.make("D", 7))
    lend.wait_for_url(f"**/lend?device=DCLBTRXN&household=FBBBBBBB&device={codes.make('D', 7)}")


def test_a_scanned_household_takes_the_place_of_the_former(lend, scan):
    scan(lend, codes.make("F", 7))
    lend.wait_for_url(f"**/lend?device=DCLBTRXN&household={codes.make('F', 7)}")


def test_a_device_already_there_is_only_announced(lend, stand, scan):
    before = lend.url
    scan(lend, "DCLBTRXN")
    expect(lend.get_by_role("status")).to_have_text("Déjà dans la liste.")
    assert lend.url == before


def test_two_quick_scans_both_stay(lend, scan):
    lend.evaluate(
        """(codes) => { for (const code of codes) document.dispatchEvent(
        new CustomEvent('scanned', {detail: {code, texts: [code]}, cancelable: true})) }""",
        [codes.make("D", 7), codes.make("D", 8)],
    )
    expect(lend).to_have_url(re.compile(f"&device={codes.make('D', 7)}&device={codes.make('D', 8)}$"))


def test_what_the_basket_does_not_know_is_asked_on_the_same_page(lend, scan):
    scan(lend, "PF2XDEM7", "azerty")
    lend.wait_for_url("**/lend?device=DCLBTRXN&household=FBBBBBBB&q=**&alt=PF2XDEM7")
