"""The essentials in eight languages: complete, right way round, and honest about who has read them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.lending import summaries
from tests.asking import person, program
from tests.make import World, make_household, make_loan

LANGUAGES = ("fr", "en", "ar", "tr", "pl", "uk", "it", "pt")


def test_there_are_eight_languages():
    assert tuple(summaries.languages()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_all_six_things_with_the_day_and_the_number(language: str):
    told = summaries.of(language, date(2026, 12, 8), "0199000001")
    lines = [line for _icon, line, _french in told.lines]
    assert len(lines) == len({icon for icon, _line, _french in told.lines}) == 6
    assert "01\u00a099\u00a000\u00a000\u00a001" in lines[2]
    assert not any("{" in line for line in lines)
    assert told.known == (language in {"fr", "en"})
    assert [french for _icon, _line, french in told.lines][1] == "Vous le rendez le mardi 8 décembre 2026."


def test_the_households_language_is_shown_and_another_can_be_asked_for(app: Flask, world: World):
    with app.app_context():
        arab = str(make_loan(world, household=make_household(world, language="ar")).uuid)
        other = str(make_loan(world, household=make_household(world, language="sw")).uuid)
    ada = person(app, world)
    page = ada.get(f"/loans/{arab}/summary").text
    assert 'lang="ar" dir="rtl"' in page
    assert "Au retour, on efface tout." in page
    assert "relire" in page
    english = ada.get(f"/loans/{arab}/summary?lang=en").text
    assert 'lang="en" dir="ltr"' in english
    assert "Au retour" not in english
    assert program(app, world).get(f"/loans/{other}/summary").json["language"] == "fr"
    assert program(app, world).get(f"/loans/{arab}/summary?lang=../x").json["language"] == "fr"
    assert person(app, world, "zoe").get(f"/loans/{arab}/summary").status_code == 404
