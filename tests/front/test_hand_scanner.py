import time

import pytest
from playwright.sync_api import expect

from tests.front.conftest import KEYS, sample
from tests.harness import scanner

pytestmark = pytest.mark.browser

CODE = "DCLBTRXN"
URL = "HTTPS://PRET.EXEMPLE.FR/E/DCLBTRXN"


@pytest.fixture
def desk(stand, page):
    page.goto(stand.show("/desk", sample("hand-scanner")))
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("caps", [False, True], ids=["plain", "caps lock"])
@pytest.mark.parametrize("layout", ["us", "azerty"])
@pytest.mark.parametrize("text", [CODE, URL])
def test_a_scan_anywhere_opens_the_thing(desk, stand, scan, text, layout, caps):
    scan(desk, text, layout, caps=caps)
    desk.wait_for_url("**/scan?q=DCLBTRXN")


def test_a_scanner_that_ends_with_tab_is_heard_too(desk, scan):
    scan(desk, CODE, end="Tab")
    desk.wait_for_url("**/scan?q=DCLBTRXN")


def test_a_computer_that_stumbles_in_the_middle_does_not_cut_a_scan_in_two(desk):
    """The moments are those at which the scanner pressed the keys, however late the page hears of them."""

    def keys():
        for place, sign in enumerate(CODE):
            if place == len(CODE) // 2:
                time.sleep(1)
            yield sign, *KEYS[sign], True

    scanner.press(desk, keys())
    desk.wait_for_url("**/scan?q=DCLBTRXN")


@pytest.mark.parametrize("field", ["#note", "#name", "#q"])
def test_a_scan_gives_the_field_back_what_it_held(desk, scan, field):
    desk.evaluate(
        "document.addEventListener('scanned', (event) => { event.preventDefault(); window.got = event.detail })"
    )
    desk.fill(field, "deux mots")
    desk.focus(field)
    scan(desk, URL, "azerty")
    assert desk.evaluate("window.got.code") == CODE
    assert desk.input_value(field) == "deux mots"
    expect(desk).to_have_url(desk.url)


def test_a_makers_number_is_looked_up_in_both_readings(desk, stand, scan):
    scan(desk, "PF2XDEM7", "azerty")
    desk.wait_for_url("**/scan?**")
    assert desk.evaluate("Object.fromEntries(new URL(location).searchParams)") == {"q": "PFéXDE?è", "alt": "PF2XDEM7"}


def test_a_makers_number_read_alike_by_both_keyboards_is_asked_once(desk, scan):
    scan(desk, "PF2XDEM7")
    desk.wait_for_url("**/scan?q=PF2XDEM7")


def test_a_makers_number_scanned_into_the_scan_field_is_looked_up(desk, scan):
    desk.focus("#q")
    scan(desk, "PF2XDEM7", "azerty")
    desk.wait_for_url("**/scan?q=**&alt=PF2XDEM7")


def test_a_makers_number_scanned_into_another_field_stays_there(desk, scan):
    desk.focus("#note")
    scan(desk, "PF2XDEM7")
    assert desk.input_value("#note") == "PF2XDEM7\n"


@pytest.mark.parametrize("words", ["dclbtrxn", "wattelet"])
def test_a_person_who_types_a_code_or_a_name_and_enter_uses_the_form(desk, words):
    desk.focus("#q")
    desk.keyboard.type(words, delay=110)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/find?q={words}")


def test_a_person_who_writes_a_code_in_a_note_is_left_alone(desk, stand):
    desk.focus("#note")
    desk.keyboard.type("dclb trxn", delay=110)
    desk.keyboard.press("Enter")
    assert desk.input_value("#note") == "dclb trxn\n"
    assert not [path for path in stand.asked if path.startswith("/scan")]


def test_a_person_who_presses_a_button_by_enter_is_left_alone(desk, stand):
    desk.evaluate("document.querySelector('#plain').onclick = () => (window.pressed = true)")
    desk.focus("#plain")
    desk.keyboard.press("Enter")
    assert desk.evaluate("window.pressed") is True


def test_letters_with_a_wrong_check_letter_are_looked_up_as_they_are(desk, scan):
    scan(desk, "DCLBTRXH")
    desk.wait_for_url("**/scan?q=DCLBTRXH")


def test_a_key_held_down_is_no_scan(desk, stand):
    for _ in range(9):
        desk.keyboard.down("b")  # the second and later ones repeat; BBBBBBBB would be a right code
    desk.keyboard.press("Enter")
    assert not [path for path in stand.asked if path.startswith("/scan")]


@pytest.mark.parametrize("layout", ["us", "azerty"])
def test_a_list_takes_one_line_more_with_each_scan(desk, scan, layout):
    desk.fill("#list", "PF1")
    desk.focus("#list")
    for text in (URL, "PF2XDEM7"):
        scan(desk, text, layout)
    expect(desk.locator("#list")).to_have_value(f"PF1\n{CODE}\nPF2XDEM7\n")
    expect(desk.locator("#list")).to_be_focused()
