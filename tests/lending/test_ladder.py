"""A centre says it in its own words, on its own days; nothing in them is ever run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.db import session
from app.lending import ladder
from app.lending.ladder_words import SHIPPED
from app.lending.reminder_forms import EditRung
from app.lending.reminder_models import Reminder, ReminderRung
from app.people.models import Centre
from tests.harness.saying import refused
from tests.lending.test_reminders import DUE, every_day, lent, remind, told
from tests.make import World, do, make_household


def rung(**over: Any) -> EditRung:
    return EditRung(**({"days": 0, "used": True, "subject": "", "words": ""} | over))


def edit(world: World, kind: str, **over: Any) -> ladder.Rung:
    centre = session().get_one(Centre, world.centres["brebis"])
    return do(ladder.edit, rung(**over), centre, kind, by=world.me("mia"))


def test_a_centre_says_it_in_its_own_words(inside: World):
    edit(inside, "due_day", subject="Coucou {nom}", words="{materiel} ({date_fin}) — {centre}, {telephone}")
    lent(inside)
    remind(DUE)
    row = session().query(Reminder).one()
    assert row.subject == "Coucou Famille Berger-Test"
    assert row.words == (
        "– Le portable bleu, retour prévu le mardi 19 janvier 2027 (mardi 19 janvier 2027) — Cité des Brebis, 01 99 00 00 01"
    )


@pytest.mark.parametrize(
    "odd", ["{name}", "{nom.upper}", "{0}", "{}", "{nom!r}", "{{nom}}", "{nom", "nom}", "{nom:>9}"]
)
@pytest.mark.parametrize("field", ["subject", "words", "subject_en", "words_en"])
def test_what_the_house_cannot_fill_in_is_refused_beside_its_field(inside: World, odd: str, field: str):
    with refused("unknown_placeholder", field):
        edit(inside, "due_day", **{field: f"Bonjour {odd}"})


def test_a_name_with_braces_is_only_a_name(inside: World):
    home = make_household(inside, "{telephone} {materiel}", contact="berger@example.org")
    lent(inside, household=home)
    remind(DUE)
    assert "Bonjour {telephone} {materiel}," in (session().query(Reminder).one().words or "")


def test_a_rung_switched_off_is_silent_and_one_moved_comes_on_its_new_day(inside: World):
    edit(inside, "week_before", used=False, days=-7)
    edit(inside, "week_after", days=10)
    lent(inside)
    every_day(DUE - timedelta(days=10), 25)
    assert told() == [(DUE, "mail", "due_day"), (DUE + timedelta(days=10), "mail", "week_after")]


@pytest.mark.parametrize("kind", ["week_before", "due_day", "week_after", "three_weeks"])
def test_shipped_words_sent_back_as_they_stand_do_not_become_the_centres_own(inside: World, kind: str):
    french, english = SHIPPED["fr"][kind], SHIPPED["en"][kind]
    sent = {"subject": french.subject, "words": french.words.replace("\n", "\r\n")}
    sent |= {"subject_en": english.subject, "words_en": english.words}
    edit(inside, kind, days=ladder.USUAL_DAYS[kind], **sent)
    row = session().query(ReminderRung).one()
    assert (row.subject, row.words, row.subject_en, row.words_en) == ("", "", "", "")


@pytest.mark.parametrize(("kind", "days"), [("due_day", -7), ("due_day", 7), ("week_after", 21), ("decision", 3)])
def test_the_days_of_the_ladder_rise(inside: World, kind: str, days: int):
    with refused("out_of_order", "days"):
        edit(inside, kind, days=days)


def test_a_ladder_moved_up_does_not_step_down_again(inside: World):
    lent(inside)
    remind(DUE + timedelta(days=21))
    edit(inside, "decision", days=80)
    edit(inside, "three_weeks", days=40)
    every_day(DUE + timedelta(days=22), 30)
    assert [kind for _day, _way, kind in told()] == ["three_weeks", "three_weeks"]


def test_another_centre_keeps_its_own_words(inside: World):
    edit(inside, "due_day", subject="Coucou")
    assert ladder.rung_of(inside.centres["mqcv"], "due_day").said["fr"].subject == "La fin de votre prêt"


def test_words_that_are_those_of_the_house_follow_it(inside: World):
    shipped = ladder.rung_of(inside.centres["brebis"], "due_day").said["fr"]
    edit(inside, "due_day", subject=shipped.subject, words=shipped.words)
    row = session().query(ReminderRung).one()
    assert (row.subject, row.words) == ("", "")
