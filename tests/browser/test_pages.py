"""Every page the app has, found in its own map of routes, before the eyes of everybody who may see it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.demo import cast
from app.people.roles import RIGHTS
from tests.browser import looks, pages
from tests.browser.conftest import sign_in
from tests.harness.browser import AXE, axe
from tests.harness.live import Site

KINDS = {"accueil": "front_desk", "direction": "manager", "coordination": "coordinator", "admin": "administrator"}
WORK_THERE = {"accueil", "direction"}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
SIZES = {1280: {"width": 1280, "height": 900}, 320: {"width": 320, "height": 640}}
# Who looks at a page first: those whom most of it is shown. The deep run looks at each with everybody's eyes.
FIRST = ("direction", "coordination", "admin", "accueil", "signed out")
EVERYBODYS = {"desk.board", "desk.thing"}  # what each begins with, and what shows each something else
# Who, which part of their pages, of how many parts: so that workers share the work.
SHARES = [("direction", part, 4) for part in range(4)] + [("coordination", part, 2) for part in range(2)]
SHARES += [(who, 0, 1) for who in ("admin", "accueil", "signed out")]
SAME = {"people.take_over": "people.sign_in", "inventory.model": "inventory.models"}  # one page, two ways in


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    def of(site: Site, who: str, *, with_axe: bool = False, **options: object) -> Page:
        context = new_context(viewport=SIZES[1280], **options)
        if with_axe:
            context.add_init_script(path=AXE)  # sent once, not with every page
        return (sign_in(context, site, pages.EMAILS[who]) if pages.EMAILS[who] else context).new_page()

    return of


def seen_by(site: Site, who: str) -> list[tuple[str, str]]:
    """Endpoint and address of all that this person may open."""
    rights = RIGHTS[KINDS[who]] | {"anyone"} if who in KINDS else {"anyone"}
    doors, known = pages.get_routes(site.app), pages.addresses(site)
    open_to = [name for name, door in doors.items() if {door, pages.ALSO.get(name, door)} <= rights]
    if who not in WORK_THERE:
        open_to = [name for name in open_to if name not in pages.OF_A_CENTRE]
    seen = [(name, path) for name in open_to for path in known.get(name, [])]
    return seen + [("", path) for path in pages.refused_to(who)]


def looked_at_by(site: Site, who: str) -> list[tuple[str, str]]:
    """Of the pages that this person may open: those that nobody before them may, and everybody's."""
    before = {name for other in FIRST[: FIRST.index(who)] for name, _path in seen_by(site, other)}
    return [(name, path) for name, path in seen_by(site, who) if not name or name not in before or name in EVERYBODYS]


def test_no_page_is_left_out_of_these_tests(house):
    site = house("fr")
    assert set(pages.get_routes(site.app)) == set(pages.addresses(site))
    assert {who for who, _part, _parts in SHARES} == set(FIRST) == set(pages.EMAILS)
    looked_at = {name for who in FIRST for name, _path in looked_at_by(site, who)} - {""}
    assert looked_at == {name for who in FIRST for name, _path in seen_by(site, who)} - {""}


def test_the_measures_see_what_they_are_meant_to_see(new_page, house):
    page = new_page(viewport=SIZES[1280], locale="en-GB")
    page.goto(house("en").url + "/help")
    assert "Take back" in looks.foreign_sentences(page, "fr")
    assert looks.foreign_sentences(page, "en") == []
    page.evaluate("""() => { document.querySelector('main').innerHTML = `<button class="act main">1</button>
      <div class="act main" id="a">2</div><input id="b">`; document.body.append('Reprendre') }""")
    page.locator("#b").evaluate("b => b.style.minBlockSize = b.style.blockSize = '20px'")
    page.locator("#a").evaluate("a => a.style.inlineSize = '3000px'")
    assert [fault.split(":")[0][-8:] for fault in looks.faults(page)] == ["too wide", "er 44 px", "mains", "lamps"]
    assert looks.foreign_sentences(page, "en") == ["Reprendre"]


@pytest.mark.slow("a dozen pages, each drawn twice and read by axe")
@pytest.mark.parametrize(("who", "part", "parts"), SHARES)
def test_pages_have_no_fault_in_light_at_1280_nor_in_dark_at_320(house, visitor, who, part, parts):
    site = house("fr")
    page, faults = visitor(site, who, with_axe=True), []
    for name, path in looked_at_by(site, who)[part::parts]:
        open_page(page, site, path, refused=not name)
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size(SIZES[width])
            page.emulate_media(color_scheme=scheme)
            faults += [f"{who} {path} {width} {scheme}: {fault}" for fault in axe(page) + looks.faults(page)]
        faults += [f"{who} {path}: not French: {words}" for words in looks.foreign_sentences(page, "fr")]
        assert page.evaluate("document.documentElement.lang") == "fr"
    assert "\n".join(faults) == ""


def open_page(page: Page, site: Site, path: str, *, refused: bool = False) -> None:
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.ok != refused, f"{path}: {answer.status}"


@pytest.mark.parametrize("who", ["direction", "signed out"])
def test_every_page_bears_a_title_of_its_own(house, visitor, who):
    """Asked for without drawing them: a title hangs on no colour, width or script."""
    site, titles = house("fr"), defaultdict(set)
    asker = visitor(site, who).context.request
    for name, path in named(site, who):
        answer = asker.get(site.url + path)
        assert answer.ok, path
        titles[TITLE.search(answer.text())[1]].add(SAME.get(name, name))
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def named(site: Site, who: str) -> list[tuple[str, str]]:
    """What they may open; of a thing's label staff are led on to the thing."""
    return [(name, path) for name, path in seen_by(site, who) if name and (who, name) != ("direction", "portal.label")]


@pytest.mark.slow("two hundred pages, most of them printed")
@pytest.mark.parametrize("who", ["direction", "coordination", "signed out"])
def test_every_page_prints_and_in_english_none_shows_a_french_sentence(house, visitor, who):
    site, faults = house("en"), []
    page = visitor(site, who, locale="en-GB")
    for name, path in seen_by(site, who):
        open_page(page, site, path, refused=not name)
        faults += [f"{path}: {words}" for words in looks.foreign_sentences(page, "en")]
        assert page.evaluate("document.documentElement.lang") == "en", path
        if name and who != "coordination":  # who sees what direction sees, and a few pages more
            assert page.pdf(format="A4").startswith(b"%PDF"), path
    assert "\n".join(faults) == ""


FORMS = ["/devices/new", "/households/new", "/staff", "/me/password", "/me/pin", "/stations", "/models", "/tie"]
FORMS += ["/setup/team", "/setup/things", "/kits", "/supplies", "/sims", "/deliveries/new", "/stock-takes"]


@pytest.mark.slow("ten forms, each sent and read twice by axe")
def test_a_form_sent_empty_says_beside_each_field_what_is_wrong(site, visitor):
    page, faults = visitor(site, "direction", with_axe=True), []
    for path in FORMS:
        open_page(page, site, path)
        page.locator("main form[method=post]").last.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
        expect(page.locator(".faults")).to_be_focused()
        assert page.locator(".fault[id]").count() >= 1, path
        dead = page.evaluate("""() => [...document.querySelectorAll('.faults a')].map((a) => a.hash.slice(1))
          .filter((id) => !document.getElementById(id))""")
        faults += [f"{path}: a fault leads to #{name}, which is not there" for name in dead]
        nameless = page.locator(".faults a").filter(has_text=re.compile(r"^À remplir\.$"))
        expect(nameless).to_have_count(0)
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size(SIZES[width])
            page.emulate_media(color_scheme=scheme)
            faults += [f"{path} {width}: {fault}" for fault in axe(page) + looks.faults(page)]
    assert "\n".join(faults) == ""


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.slow("the whole product: every page, person, width and colour, each loaded anew")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 320])
@pytest.mark.parametrize("who", list(pages.EMAILS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_for_everybody_in_every_light(house, new_context, language, who, width, scheme):
    site, faults = house(language), []
    context = new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language)
    page = (sign_in(context, site, pages.EMAILS[who]) if pages.EMAILS[who] else context).new_page()
    for name, path in seen_by(site, who):
        open_page(page, site, path, refused=not name)
        found = axe(page) + looks.faults(page) + looks.foreign_sentences(page, language)
        faults += [f"{path}: {fault}" for fault in found]
    assert "\n".join(faults) == ""


def test_what_a_person_chose_is_the_language_of_their_pages(site, visitor):
    page = visitor(site, "accueil")
    page.goto(f"{site.url}/me")
    page.locator(".choice label", has_text="English").click()
    page.locator(".act.main").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert cast.DESK in page.inner_text("main")
