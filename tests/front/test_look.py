import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.front.conftest import HASHED, STATIC, STYLES, sample
from tests.harness.browser import axe

SHEETS = sorted((STATIC / "css").glob("*.css"))
MODULES = sorted((STATIC / "js").glob("*.js"))


def colours(page: Page, selector: str) -> set[tuple[int, ...]]:
    picture = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")
    return set(map(tuple, np.asarray(picture).reshape(-1, 3).tolist()))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_of_every_part_has_no_axe_fault_and_no_sideways_scroll(new_page, stand, width, scheme):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(stand.show("/", sample("every-part")))
    page.wait_for_load_state("networkidle")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.get_by_text("Caché").is_hidden()


@pytest.mark.browser
def test_icons_of_the_sprite_take_the_colour_of_the_text_and_the_mark_its_lamp(page, stand):
    page.goto(stand.show("/", sample("every-part")))
    page.wait_for_load_state("networkidle")
    assert (156, 42, 18) in colours(page, ".state.alarm .i")
    assert {(28, 26, 22), (196, 142, 0)} <= colours(page, ".brand svg")
    assert {(0, 51, 153), (255, 204, 0)} <= colours(page, ".eu svg")


@pytest.mark.browser
def test_the_display_face_is_ours_and_comes_from_the_hashed_folder(page, stand):
    page.goto(stand.show("/", sample("every-part")))
    assert page.evaluate("document.fonts.ready.then((all) => [...all].map((face) => face.status).sort())") == [
        "loaded",
        "unloaded",
    ]
    assert f"{HASHED}/vendor/bricolage-grotesque-latin-wght-normal.woff2" in stand.asked


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_is_short_layered_and_relative(sheet):
    assert len(sheet.read_text().splitlines()) < 300
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    assert "!important" not in text
    assert "@import" not in text
    assert all((sheet.parent / url).is_file() for url in re.findall(r"url\(([^)]+)\)", text))
    assert text.count("{") == text.count("}")


def test_the_order_of_the_layers_is_said_once_and_first():
    saying = [sheet.stem for sheet in SHEETS if re.search(r"^@layer [\w, ]+;", sheet.read_text(), re.MULTILINE)]
    assert saying == ["tokens"] == STYLES[:1]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_is_short_and_imports_only_its_neighbours(module):
    text = module.read_text()
    assert len(text.splitlines()) <= 150
    targets = re.findall(r"(?:from|import)\s*\(?\s*'([^']+)'", text)
    assert all(target.startswith(("./", "../vendor/")) and (module.parent / target).is_file() for target in targets)
    assert not re.search(r"innerHTML|\beval\(|\.style\b|https?://", text)


def test_an_element_stands_in_the_file_of_its_name():
    named = {module.stem: re.findall(r"customElements\.define\('([^']+)'", module.read_text()) for module in MODULES}
    assert all(tags == [stem] for stem, tags in named.items() if tags)


def test_every_state_and_kind_has_its_drawing():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    states = [
        "ok",
        "out",
        "late",
        "bag",
        "partner",
        "outing",
        "transit",
        "tocheck",
        "repair",
        "lost",
        "warn",
        "retired",
        "gone",
    ]
    assert {f"i-{name}" for name in [*states, "laptop", "tablet", "printer3d", "router", "plug", "scan"]} | {
        "mark",
        "eu",
    } <= drawn
