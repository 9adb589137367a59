import pytest
from playwright.sync_api import expect

from tests.front.conftest import sample

pytestmark = pytest.mark.browser


def test_a_form_pressed_twice_is_sent_once_with_its_button(page, stand):
    page.goto(stand.show("/lend", sample("form")))
    page.wait_for_load_state("networkidle")
    page.dblclick("button", no_wait_after=True)
    page.wait_for_url("**/loans")
    assert stand.posted == [("/loans", "act=lend")]


def test_a_form_sent_twice_at_once_is_sent_once(page, stand):
    page.goto(stand.show("/lend", sample("form")))
    page.wait_for_load_state("networkidle")
    page.route("**/loans", lambda route: route.fulfill(status=204))
    times = page.evaluate(
        """() => { let times = 0; const form = document.forms[0]; form.addEventListener('formdata', () => times++);
        form.requestSubmit(); form.requestSubmit(); return times }"""
    )
    assert times == 1


@pytest.mark.parametrize("how", ["coming back", "waiting"])
def test_coming_back_or_waiting_makes_the_button_work_again(page, stand, how):
    page.clock.install()
    page.goto(stand.show("/lend", sample("form")))
    page.wait_for_load_state("networkidle")
    page.route("**/loans", lambda route: route.fulfill(status=204))  # a file: the page stays
    page.click("button")
    expect(page.locator("button")).to_be_disabled()
    if how == "waiting":
        page.clock.fast_forward(10_000)
    else:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(page.locator("button")).to_be_enabled()


def test_a_desk_that_nobody_touches_is_locked(page, stand):
    page.clock.install()
    page.goto(stand.show("/desk", sample("station-lock")))
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward(4 * 60_000)
    page.wait_for_timeout(300)
    assert stand.posted == []
    page.keyboard.press("a")
    page.clock.fast_forward(4 * 60_000)
    page.wait_for_timeout(300)
    assert stand.posted == []
    page.clock.fast_forward(61_000)
    page.wait_for_url("**/station/lock")
    assert stand.posted == [("/station/lock", "csrf_token=t")]


def test_work_in_one_tab_keeps_the_other_open(new_context, stand):
    context = new_context()
    idle, busy = context.new_page(), context.new_page()
    for tab in (idle, busy):
        tab.clock.install()
        tab.goto(stand.show("/desk", sample("station-lock")))
        tab.wait_for_load_state("networkidle")
        tab.clock.fast_forward(4 * 60_000)
    busy.keyboard.press("a")
    idle.clock.fast_forward(2 * 60_000)
    idle.wait_for_timeout(500)
    assert stand.posted == []
