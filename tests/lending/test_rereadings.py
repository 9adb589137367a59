"""Whoever speaks a language reads its summary again: by name, for one centre, and for that very text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import session, writing
from app.history import Act
from app.lending import rereadings, summaries
from app.lending.checks import check_lending
from app.lending.rereadings import ReadAgain, Rereading, TakeBackReading
from app.lending.summaries import Summary
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, make_household, make_loan

WHO = "Mme Exemple-Test, interprète"


def wish(language: str = "ar", **over: Any) -> ReadAgain:
    facts = {"reader": WHO, "read_on": TODAY, "text": summaries.digest_of(language)}
    return ReadAgain(**(facts | over))


def read(world: World, language: str = "ar", who: str = "mia", **over: Any) -> Rereading:
    return do(rereadings.read_again, wish(language, **over), language, by=world.me(who))


def shown(world: World, language: str = "ar", centre: str = "brebis") -> Summary:
    return rereadings.marked(summaries.of(language, date(2026, 12, 8), "0199000001"), world.centres[centre])


def written_anew(monkeypatch: pytest.MonkeyPatch, language: str = "ar") -> None:
    """As a later release would ship it."""
    told = dict(summaries._all())
    told[language] = [*told[language][:-1], "x"]
    monkeypatch.setattr(summaries, "_all", lambda: told)


def test_who_read_it_and_when_is_told_in_this_centre_alone(inside: World):
    assert not shown(inside).known
    read(inside, read_on=TODAY - timedelta(days=3))
    told = shown(inside)
    assert (told.known, told.reader, told.read_on) == (True, WHO, TODAY - timedelta(days=3))
    assert not shown(inside, "tr").known
    assert not shown(inside, centre="mqcv").known


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_text_written_anew_is_to_be_read_again(inside: World, monkeypatch: pytest.MonkeyPatch, language: str):
    """Also when its French is: they were read beside each other."""
    read(inside)
    written_anew(monkeypatch, language)
    assert not shown(inside).known
    read(inside)
    assert shown(inside).known
    assert list(check_lending()) == []


def test_what_was_read_is_what_was_shown(inside: World, monkeypatch: pytest.MonkeyPatch):
    asked = wish()
    written_anew(monkeypatch)
    with refused("not_what_was_shown", "text"):
        do(rereadings.read_again, asked, "ar", by=inside.me("mia"))


def test_nobody_reads_tomorrow_nor_twice_nor_what_needs_no_reading(inside: World):
    with refused("not_yet", "read_on"):
        read(inside, read_on=TODAY + timedelta(days=1))
    read(inside)
    with refused("read_already"):
        read(inside)
    with refused("read_already"):
        read(inside, "en")


def test_the_word_is_taken_back_and_the_name_goes_with_it(inside: World):
    row = read(inside)
    do(rereadings.take_back, TakeBackReading(), "ar", by=inside.me("mia"))
    session().expire_all()
    assert (row.reader, row.salt) == (None, None)
    assert not shown(inside).known
    with refused("not_read"):
        do(rereadings.take_back, TakeBackReading(), "ar", by=inside.me("mia"))
    read(inside, reader="M. Autre-Test, bénévole")
    assert shown(inside).reader == "M. Autre-Test, bénévole"
    assert list(check_lending()) == []


def test_another_centre_takes_nothing_back(inside: World):
    read(inside)
    with refused("not_read"):
        do(rereadings.take_back, TakeBackReading(), "ar", by=inside.me("zoe"))


def test_the_name_goes_with_the_text_it_was_given_for(inside: World, monkeypatch: pytest.MonkeyPatch):
    row, kept = read(inside), read(inside, "tr")
    with writing():
        assert rereadings.forget_outdated(at=NOW) == 0
    written_anew(monkeypatch)
    with writing():
        assert rereadings.forget_outdated(at=NOW) == 1
    session().expire_all()
    assert (row.reader, row.salt, kept.reader) == (None, None, WHO)
    assert list(check_lending()) == []


def test_the_journal_never_names_them(inside: World):
    act = session().get_one(Act, read(inside).act_id)
    assert "Exemple" not in act.facts
    assert "interprète" not in act.facts


def test_a_manager_writes_it_down_and_residents_read_it(app: Flask, world: World):
    with app.app_context():
        loan = str(make_loan(world, household=make_household(world, language="ar")).uuid)
    mia, ada = person(app, world, "mia"), person(app, world)
    assert "À relire" in mia.get("/summaries").text
    page = mia.get("/summaries/ar").text
    assert "Au retour, on efface tout." in page
    assert ada.get("/summaries").status_code == ada.get("/summaries/ar").status_code == 403
    assert "/summaries/ar" in mia.get(f"/loans/{loan}/summary").text
    assert "/summaries/ar" not in ada.get(f"/loans/{loan}/summary").text
    text = program(app, world, "mia").get("/summaries/ar").json["text"]
    form = {"reader": WHO, "read_on": "2026-11-03", "text": text}
    assert ada.post("/summaries/ar", form=form).status_code == 403
    assert mia.post("/summaries/ar", form=form).status_code == 303
    told = ada.get(f"/loans/{loan}/summary").text
    assert f"Relu par {WHO}, le mardi 3 novembre 2026." in told
    assert "À relire" not in told
    assert "Au retour, on efface tout." in told
    answer = program(app, world).get(f"/loans/{loan}/summary").json
    assert (answer["read_again"], answer["reader"], answer["read_on"]) == (True, WHO, "2026-11-03")
    assert mia.post("/summaries/ar/undo", form={}).status_code == 303
    assert WHO not in ada.get(f"/loans/{loan}/summary").text


def test_programs_read_the_eight_and_do_the_same(app: Flask, world: World):
    mia = program(app, world, "mia")
    states = {one["language"]: one["state"] for one in mia.get("/summaries").json["items"]}
    assert states == {"fr": "ours", "en": "ours"} | dict.fromkeys(("ar", "tr", "pl", "uk", "it", "pt"), "to_read")
    body = {"id": "0b8f2e0a-5e5e-4c39-9a43-0d5f0a4c3f11", "reader": WHO, "read_on": str(TODAY)}
    body["text"] = mia.get("/summaries/pl").json["text"]
    for _turn in range(2):
        answer = mia.post("/summaries/pl", json=body)
        assert (answer.status_code, answer.json["state"], answer.json["reader"]) == (200, "read", WHO)
    assert mia.post("/summaries/pl/undo", json={}).json["state"] == "to_read"
    assert mia.get("/summaries/xx").status_code == mia.post("/summaries/xx", json=body).status_code == 404
    assert mia.post("/summaries/tr", json=body | {"reader": "FR76 3000 6000 0112 3456 7890 189"}).status_code == 422
    with app.app_context():
        assert session().scalar(select(func.count()).select_from(Rereading)) == 1
