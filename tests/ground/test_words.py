from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.db import session, writing
from app.people.models import HouseholdIdentity
from app.words import _, bare, fold, in_order, said, spoken
from tests.make import World, make_household


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Éloïse  BŒUF", "eloise boeuf"),
        ("Łukasz Ðorđe", "lukasz ðorde"),
        ("Straße", "strasse"),
        ("Yılmaz", "yilmaz"),
        ("İnci", "inci"),
        ("O’Neill", "o'neill"),
        ("ﬁn", "fin"),
        ("Ａｄａ", "ada"),
        ("Ωμέγα", "ωμεγα"),
        (" a\t\n b ", "a b"),
        ("", ""),
    ],
)
def test_a_folded_word_has_no_accent_no_case_and_single_blanks(word: str, folded: str):
    assert fold(word) == folded


def test_names_stand_in_the_order_in_which_people_count():
    names = [
        "Clé 4G n° 1",
        "Clé 4G n° 2",
        "clé 4g n° 10",
        "Clé 4G n° 0011",
        "Clé 5G n° 1",
        "Éclair",
        "zèbre 123456789012",
    ]
    mixed = names[3:] + names[:3]
    assert sorted(mixed, key=in_order) == names
    assert in_order("Clé 4G n° 7") == in_order("cle 4g n° 007")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(word: str):
    assert fold(fold(word)) == fold(word)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=40))
def test_case_never_tells_names_apart(word: str):
    assert fold(word.upper()) == fold(word) == fold(word.lower())


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_part_of_a_name_is_a_part_of_its_folded_form(one: str, other: str):
    assert fold(one) in fold(f"{one} {other}")


@pytest.mark.parametrize(("number", "key"), [("pf-31 b2", "PF31B2"), ("O0I1", "O0I1"), ("--", ""), ("n° 4/é", "N4É")])
def test_a_number_is_compared_by_capitals_and_figures(number: str, key: str):
    assert bare(number) == key


def test_both_engines_order_names_alike(inside: World):
    names = ["Zoé", "Émile", "emma", "Eva", "O’Neill", "Odile", "ŒUVRE", "ouvre", "李", "a b", "ab", "A-b"]
    for name in names:
        make_household(inside, name)
    rows = session().scalars(select(HouseholdIdentity.folded).order_by(HouseholdIdentity.folded)).all()
    assert list(rows) == sorted(map(fold, names))


def test_a_searchable_form_is_never_typed_by_hand(inside: World):
    household = make_household(inside, "Émile-Test")
    assert household.identity.folded == "emile-test"
    with writing():
        household.identity.name = "Œuvre-Test"
    assert session().scalar(text("SELECT folded FROM household_identity")) == "oeuvre-test"


def test_a_sentence_is_spoken_in_the_readers_language(app: Flask):
    words = _("Please sign in.")
    told = {}
    for reading in ("fr", "en"):
        with app.test_request_context(headers={"Accept-Language": reading}):
            told[reading] = spoken(words)
    assert told["en"] == "Please sign in."
    assert told["fr"] not in {"", told["en"]}


def test_a_sentence_made_by_a_command_is_french(app: Flask):
    with app.app_context():
        assert spoken(_("Please sign in.")) == said("Please sign in.") != "Please sign in."


def test_what_stands_in_a_sentence_is_escaped_once_on_a_page(app: Flask):
    with app.app_context():
        words = _("%(name)s is already on loan.", name="<b>&</b>")
        assert "<b>&</b>" in spoken(words)
        assert "&lt;b&gt;&amp;&lt;/b&gt;" in words.__html__()
