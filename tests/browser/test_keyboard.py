"""Without a mouse: every control is reached, in the order one reads, and one sees where one is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from app.demo import cast
from tests.browser.conftest import BENCH, PHONE, sign_in, things

MOST = 120
# What Tab can reach: of a group of radios one, and nothing that is closed or hidden.
REACHABLE = """() => {
  const groups = new Set();
  const once = (e) => e.type !== 'radio' || e.checked || (!document.querySelector(`[name="${e.name}"]:checked`)
    && !groups.has(e.name) && groups.add(e.name));
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.type !== 'hidden' && once(e))
    .map((e, n) => { e.dataset.stop = n; return e.outerHTML.slice(0, 90) });
}"""
HERE = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const ring = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const places = [e, e.closest('label'), e.closest('.box')].filter(Boolean);
  const drawn = places.some((at) => ring(getComputedStyle(at))) || ring(getComputedStyle(e, '::after'));
  const { left, right, top, bottom } = e.getBoundingClientRect();
  const column = e.closest('.split > *, .board > *, header, footer')?.className ?? '';
  return { stop: e.dataset.stop, what: e.outerHTML.slice(0, 90), drawn, column,
    left, right, top: top + scrollY, bottom: bottom + scrollY };
}"""


def walk(page: Page) -> list[dict[str, object]]:
    """Every stop of Tab from the top of the page to its end."""
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    page.evaluate("document.body.removeAttribute('tabindex')")
    stops = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (stops and here["stop"] == stops[0]["stop"]):
            break
        stops.append(here)
    return stops


PATHS = [
    "/",
    "/devices?limit=10",
    "/devices/{out}",
    "/devices/{free}",
    "/lend",
    "/lend?device={free}",
    "/returns?device={out}",
]
PATHS += ["/households", "/loans", "/labels", "/tie", "/devices/new", "/me", "/help", "/devices/{waits}/check"]


@pytest.mark.slow("a page with sixty stops of Tab")
@pytest.mark.parametrize("path", PATHS)
def test_tab_reaches_every_control_in_reading_order_and_shows_where_it_is(house, new_context, path):
    site = house("fr")
    page = sign_in(new_context(**BENCH), site).new_page()
    named = {"free": things(site)[0].code, "out": things(site, "on_loan")[0].code}
    page.goto(site.url + path.format(**named, waits=things(site, "to_check", "laptop")[0].code))
    wanted = page.evaluate(REACHABLE)
    stops = walk(page)
    reached = {int(str(stop["stop"])) for stop in stops}
    assert [what for n, what in enumerate(wanted) if n not in reached] == []
    drawn = {stop["stop"] for stop in stops if stop["drawn"]}  # parts of a date show themselves within its frame
    assert [stop["what"] for stop in stops if stop["stop"] not in drawn] == []
    assert [(a["what"], b["what"]) for a, b in pairwise(stops) if goes_back(a, b)] == []


def goes_back(one: dict[str, float], two: dict[str, float]) -> bool:
    """The next stop lies above this one in the same column: the eye would have to jump."""
    beside = two["left"] < one["right"] and one["left"] < two["right"]
    return one["column"] == two["column"] and beside and two["bottom"] <= one["top"]


def test_the_skip_link_is_seen_when_reached_and_leads_past_the_menu(house, new_context):
    site = house("fr")
    page = sign_in(new_context(**BENCH), site).new_page()
    page.goto(f"{site.url}/devices")
    page.keyboard.press("Tab")
    link = page.locator(".skip")
    expect(link).to_be_focused()
    box = link.bounding_box()
    assert box is not None
    assert box["height"] > 30
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(house, new_context):
    site = house("fr")
    page = sign_in(new_context(**PHONE), site, cast.MANAGER).new_page()
    page.goto(f"{site.url}/devices")
    button, menu = page.locator(".menu"), page.locator("#nav")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#nav') !== null")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Équipe").click()
    page.wait_for_url("**/staff")


def test_the_camera_panel_opens_and_closes_by_keyboard_and_gives_the_focus_back(house, new_context):
    site = house("fr")
    page = sign_in(new_context(**PHONE), site).new_page()
    page.goto(site.url)
    page.locator(".cam").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".camera .close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".camera")).to_have_count(0)
    expect(page.locator(".cam")).to_be_focused()


def test_a_day_is_chosen_with_the_arrows(house, new_context):
    site = house("fr")
    page = sign_in(new_context(**BENCH), site).new_page()
    page.goto(f"{site.url}/devices/{things(site)[0].code}")
    page.locator("basket-form a").first.click()
    days = page.locator("[name=due_on][type=radio]")
    days.locator("nth=0").focus()
    page.keyboard.press("ArrowDown")
    expect(days.nth(1)).to_be_checked()
