import pytest

from labels import FUNDING, Funding, Label
from tests.labels.samples import label, refusal

URL = "HTTPS://PRET.ASSO.FR/E/DCLBTRXN"


def test_the_statements_of_both_periods_stand_in_full():
    assert FUNDING["2014-2020"].statement == ("Union européenne", "Fonds européen de développement régional")
    assert FUNDING["2021-2027"].statement == ("Cofinancé par l’Union européenne",)
    assert {funding.emblem_mm for funding in FUNDING.values()} == {10}


def test_words_are_composed_and_their_blanks_single():
    made = label(1, name=" E\u0301cran\t24 \n po ", owner="a\u00a0b")
    assert (made.name, made.owner) == ("Écran 24 po", "a\u00a0b")


@pytest.mark.parametrize("code", ["DCLBTRXH", "dclbtrxn", "DCLB TRXN", ""])
def test_a_label_refuses_a_code_that_is_not_right(code):
    assert refusal(lambda: Label(code, URL)) == "bad_code"


@pytest.mark.parametrize(
    "url",
    [
        "",
        URL.lower(),
        URL + "/",
        URL + "\n",
        "HTTPS://PRET.ASSO.FR/E/DCLBTRXH",
        "FTP://PRET.ASSO.FR/E/DCLBTRXN",
        "HTTPS:///E/DCLBTRXN",
        "HTTPS://PRET?A/E/DCLBTRXN",
        f"HTTPS://{'A' * 200}/E/DCLBTRXN",
    ],
)
def test_a_label_refuses_an_address_that_does_not_lead_to_its_code(url):
    assert refusal(lambda: Label("DCLBTRXN", url)) == "bad_url"


def test_words_beyond_two_hundred_characters_are_refused():
    assert refusal(lambda: label(1, name="a" * 201)) == "text_too_long"
    assert refusal(lambda: label(1, name="a" * 200)) is None


def test_an_emblem_stands_with_its_statement_and_never_under_five_millimetres():
    assert refusal(lambda: Funding(())) == "no_statement"
    assert refusal(lambda: Funding((" ",))) == "no_statement"
    assert refusal(lambda: Funding(("Union européenne",), 4.9)) == "emblem_too_small"
    assert refusal(lambda: Funding(("Union européenne",), float("nan"))) == "emblem_too_small"
