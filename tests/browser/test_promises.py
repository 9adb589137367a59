"""A thing kept for somebody, one exchanged on its loan, and a wish to keep longer that somebody else's waiting ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, state_of, things
from tests.browser.test_journey import HOUSEHOLD, Clerk, lend_from_card
from tests.harness.browser import axe
from tests.harness.live import Site


def choose(page: Page, words: str) -> None:
    page.locator(".choice label", has_text=words).first.click()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_what_is_kept_for_one_household_is_lent_to_another_for_fewer_days(site: Site, desk, options):
    """The conflict is named with its day and its link, before anything is sent."""
    (tablet,) = things(site)
    page = desk(**options)
    page.goto(f"{site.url}/reservations/new?device={tablet.code}")
    choose(page, HOUSEHOLD)
    assert axe(page) == []
    Clerk(page).press("Garder")
    expect(page.locator("h1")).to_have_text(HOUSEHOLD)
    expect(page.locator(".state", has_text="Gardé")).to_be_visible()
    kept = page.url
    page.goto(f"{site.url}/lend?device={tablet.code}&q=Test")
    others = page.locator("main a", has_text="-Test")
    others.filter(has_not_text=HOUSEHOLD).first.click()
    expect(page.locator(".heed", has_text="Promis à quelqu’un")).to_be_visible()
    expect(page.locator(f".heed a[href='{kept.removeprefix(site.url)}']")).to_contain_text(HOUSEHOLD)
    assert axe(page) == []
    page.locator("summary", has_text="Un autre jour").click()
    page.get_by_label("À rendre le").fill("2027-06-30")
    page.locator("button", has_text="Prêter").click()
    expect(page.locator(".faults")).to_contain_text("est promis à partir du")
    assert state_of(site, tablet.code) == "available"
    page.goto(kept)
    Clerk(page).press("Leur prêter")
    Clerk(page).press("Prêter")
    assert state_of(site, tablet.code) == "on_loan"


def test_a_thing_is_exchanged_on_its_loan_in_one_act(site: Site, desk):
    old, new = things(site, count=2)
    page = desk()
    page.goto(f"{site.url}/devices/{old.code}")
    lend_from_card(Clerk(page))
    page.get_by_role("link", name=f"Échanger {old.name} contre un autre").click()
    page.locator("#instead").fill(new.code)
    page.keyboard.press("Enter")
    page.locator("summary", has_text="Quelque chose a changé").click()
    page.locator(".point", has_text="Écran").first.locator("[value=damaged]").check()
    assert axe(page) == []
    Clerk(page).press("Échanger")
    expect(page.locator("h1")).to_have_text(HOUSEHOLD)
    assert (state_of(site, old.code), state_of(site, new.code)) == ("to_check", "on_loan")
    assert axe(page) == []
    page.locator(".toast button", has_text="Annuler").click()
    expect(page.locator("main .thing").first).to_contain_text("En prêt")
    expect(page.get_by_role("button", name="Annuler l’échange")).to_have_count(0)
    assert (state_of(site, old.code), state_of(site, new.code)) == ("on_loan", "available")


def test_nobody_keeps_longer_what_somebody_waits_for(site: Site, desk):
    (tablet,) = things(site)
    page = desk()
    page.goto(f"{site.url}/devices/{tablet.code}")
    lend_from_card(Clerk(page))
    loan = page.url
    _all_of_its_model_wait(site, page, tablet.model_id)
    page.goto(loan)
    page.get_by_label("Nouveau jour de retour").first.fill("2027-07-01")
    page.locator("button", has_text="Prolonger").first.click()
    expect(page.locator(".faults")).to_contain_text("Quelqu’un attend")
    assert axe(page) == []


def _all_of_its_model_wait(site: Site, page: Page, model: int) -> None:
    """Somebody who has nothing kept for them is put on the list."""
    page.goto(f"{site.url}/waiting")
    page.locator("#model").select_option(str(model))
    choose(page, "João Ferreira-Test")
    Clerk(page).press("Mettre sur la liste")
    expect(page.locator("main")).to_contain_text("João Ferreira-Test")


def test_two_things_that_were_swapped_are_put_right(site: Site, desk):
    """She brings the one that is written down with somebody else."""
    found = things(site, count=5)
    one, other = next([a, b] for a in found for b in found if a.id < b.id and a.model_id == b.model_id)
    page = desk()
    page.goto(f"{site.url}/devices/{one.code}")
    lend_from_card(Clerk(page))
    page.goto(f"{site.url}/devices/{other.code}")
    clerk = Clerk(page)
    somebody = page.locator("main a", has_text="-Test").filter(has_not_text=HOUSEHOLD).first
    name = somebody.inner_text().strip()
    somebody.click()
    clerk.press("Prêter")
    page.goto(f"{site.url}/returns?device={other.code}")
    page.get_by_role("link", name="Quelqu’un d’autre le rapporte").click()
    assert axe(page) == []
    choose(page, f"{HOUSEHOLD} ({one.name})")
    clerk.press("Ils sont intervertis : corriger".replace(" :", "\u00a0:"))
    expect(page.locator("h1")).to_have_text(HOUSEHOLD)
    expect(page.locator(".thing")).to_contain_text(other.name)
    page.goto(f"{site.url}/devices/{one.code}")
    expect(page.locator("main")).to_contain_text(name)
