import secrets

import pytest
from playwright.sync_api import Page

from labels import codes
from tests.front.conftest import HASHED, Stand

pytestmark = pytest.mark.browser

ODD = [
    "DCLBTRXN",
    "dclb trxn",
    "d-c-l-b t.r.x.n",
    "DCLB‑TRXN",
    "DCLBTRXH",
    "HTTPS://PRET.EXEMPLE.FR/E/DCLBTRXN",
    "HTTPSM!!PRET:EXE?PLE:FR!E!DCLBTRXN",
    "https://pret.exemple.fr/e/dclbtrxn?x=1",
    "DCLBTRXN DCLBTRXH",
    f"DCLBTRXN/{codes.make('F', 7)}",
    "XDCLBTRXN",
    "DCLBTRXNN",
    "DCLBTRXſ",
    "BBBBBBBB",
    "",
    "PF2XDEM7",
]


def in_browser(page: Page, stand: Stand, texts: list[str]) -> list[str | None]:
    page.goto(stand.show("/", "<main></main>"))
    script = f"async (texts) => {{ const codes = await import('{HASHED}/js/codes.js'); return texts.map(codes.parse) }}"
    return page.evaluate(script, texts)


def test_the_browser_reads_every_code_that_python_makes(page, stand):
    made = [codes.make(kind, secrets.randbits(24)) for kind in "DFKL" for _ in range(500)]
    assert in_browser(page, stand, made) == made


def test_the_browser_refuses_what_python_refuses(page, stand):
    letters = [secrets.choice(codes.ALPHABET) for _ in range(8 * 2000)]
    texts = ["".join(letters[start : start + 8]) for start in range(0, len(letters), 8)]
    assert in_browser(page, stand, texts) == [codes.parse(text) for text in texts]


def test_urls_and_texts_mangled_by_keyboards_are_read_as_python_reads_them(page, stand):
    found = in_browser(page, stand, ODD)
    assert found == [codes.parse(text) for text in ODD]
    assert found[0] == found[5] == found[6] == "DCLBTRXN"
    assert found[4] is None


def test_a_code_is_shown_in_two_groups(page, stand):
    page.goto(stand.show("/", "<main></main>"))
    grouped = page.evaluate(f"import('{HASHED}/js/codes.js').then(({{grouped}}) => grouped('DCLBTRXN'))")
    assert grouped == codes.grouped("DCLBTRXN")
