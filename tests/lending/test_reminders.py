"""Reminders: each rung once for a thing and its day, one message a day for a household, by mail, by phone or on paper."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import history, mail
from app.db import session, writing
from app.inventory.care_forms import Move
from app.lending import corrections, exchanges, ladder, loans, losses, reaching, reminders, returns, swaps
from app.lending.forms import CorrectLoan, Exchange, Extend, Swap, TakeBack
from app.lending.models import Loan
from app.lending.reminder_forms import SetHabit
from app.lending.reminder_models import Reminder, ReminderHabit, ReminderLine
from app.mail import Letter
from app.people import households, oppositions
from app.people.forms import EditHousehold, Oppose, Withdraw
from app.people.models import Centre, Household
from app.privacy import splits
from app.privacy.splits import Split
from app.times import HOME, day_of, start_of
from tests.harness.post import Post, post_office
from tests.lending.reminded import ADDRESS, card
from tests.make import NOW, World, do, fresh, make_device, make_household, make_loan

FROM = "va-et-vient@example.org"
DUE = date(2027, 1, 19)
RUNGS = {"week_before": -7, "due_day": 0, "week_after": 7, "three_weeks": 21, "decision": 45}


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as kept:
        yield kept


def morning(day: date, hour: int = 10) -> datetime:
    return start_of(day) + timedelta(hours=hour)


def lent(world: World, *things: Any, contact: str = "berger@example.org", **over: Any) -> Loan:
    home = over.pop("household", None) or make_household(world, "Famille Berger-Test", contact=contact)
    return make_loan(
        world, *(things or (make_device(world, "Le portable bleu"),)), household=home, due_on=over.pop("due_on", DUE)
    )


def remind(day: date, hour: int = 10) -> int:
    return reminders.remind_all(at=morning(day, hour))


def told() -> list[tuple[date, str, str]]:
    session().rollback()
    return [(r.day, r.way, r.kind) for r in session().query(Reminder).order_by(Reminder.id)]


def every_day(start: date, days: int) -> None:
    for n in range(days):
        remind(start + timedelta(days=n))


@pytest.mark.slow("eighty days")
def test_the_whole_ladder_is_climbed_on_its_days(inside: World):
    card(inside, lent(inside).household)
    every_day(DUE - timedelta(days=20), 80)
    day = {kind: DUE + timedelta(days=days) for kind, days in RUNGS.items()}
    assert told() == [
        (day["week_before"], "mail", "week_before"),
        (day["due_day"], "mail", "due_day"),
        (day["week_after"], "mail", "week_after"),
        (day["three_weeks"], "letter", "three_weeks"),
        (day["three_weeks"], "visit", "three_weeks"),
        (day["decision"], "decision", "decision"),
    ]


@pytest.mark.parametrize(("contact", "way"), [("berger@example.org", "mail"), ("06 39 98 01 42", "call"), ("", "call")])
def test_a_household_is_told_by_the_way_it_can_be_reached(inside: World, contact: str, way: str):
    lent(inside, contact=contact)
    remind(DUE)
    assert told() == [(DUE, way, "due_day")]


@pytest.mark.parametrize(
    ("wished", "way"),
    [("phone", "call"), ("mail", "mail"), ("post", "letter"), ("via_referent", "call"), ("never", "")],
)
def test_a_household_is_told_by_the_way_it_wishes(inside: World, wished: str, way: str):
    """All ways are known: the one they wish counts. Three weeks later a letter goes to whoever has an address."""
    both = {"also": "berger@example.org", "address": ADDRESS, "address_for": "letter"}
    card(inside, lent(inside, contact="06 39 98 01 42").household, reminders=wished, **both)
    remind(DUE)
    assert told() == ([(DUE, way, "due_day")] if way else [])
    later = DUE + timedelta(days=21)
    remind(later)
    assert told()[1:] == ([(later, "letter", "three_weeks"), (later, "visit", "three_weeks")] if way else [])


def test_a_no_to_reminders_is_heard_until_it_is_taken_back(inside: World, post: Post):
    loan = lent(inside)
    remind(DUE)
    do(oppositions.oppose, Oppose(what="reminders"), loan.household, by=inside.me())
    assert mail.deliver(post.url, FROM, at=morning(DUE)) == 0, "one that waits does not leave"
    assert session().query(Letter).one().called_off
    assert remind(DUE + timedelta(days=7)) == 0
    do(oppositions.withdraw, Withdraw(what="reminders"), loan.household, by=inside.me(), at=morning(DUE))
    assert remind(DUE + timedelta(days=8)) == 1


def test_an_address_that_is_not_to_be_shown_is_never_written_to(inside: World):
    home = lent(inside, contact="06 39 98 01 42").household
    card(inside, home, address=ADDRESS, address_for="delivery", show_address=False)
    later = DUE + timedelta(days=21)
    remind(later)
    assert told() == [(later, "call", "three_weeks"), (later, "visit", "three_weeks")]
    assert reaching.postal(home) == [home.name]


def test_the_chore_asks_no_more_the_more_households_there_are(inside: World):
    """Those who want no reminders cost no question each, day after day."""
    asked: list[str] = []
    event.listen(session().get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            home = make_household(inside, contact="06 39 98 01 42")
            card(inside, lent(inside, household=home).household, reminders="never")
        session().rollback()
        session().expire_all()
        asked.clear()
        with writing() as s:
            s.query(ReminderHabit).update({"done_on": None})
        remind(DUE)
        counts.append(len(asked))
    assert counts[0] >= counts[1] - 1, counts


def test_a_mail_says_whose_it_is_what_is_due_and_how_to_have_no_more(inside: World, post: Post):
    with writing() as s:
        s.get_one(Centre, inside.centres["brebis"]).email = "brebis@example.org"
    lent(inside)
    remind(DUE)
    assert mail.deliver(post.url, FROM, at=morning(DUE)) == 1
    [got] = post.letters
    for name in ("From", "Reply-To"):
        [address] = got[name].addresses
        assert (address.display_name, address.addr_spec) == ("Cité des Brebis", "brebis@example.org")
    assert got["Auto-Submitted"] == "auto-generated"
    words = got.get_content()
    for said in (
        "Famille Berger-Test",
        "Le portable bleu",
        "mardi 19 janvier 2027",
        "01 99 00 00 01",
        "stop",
        "Cité des Brebis",
    ):
        assert said in words, said
    assert "http" not in words, "nothing follows who reads"
    letter = session().query(Letter).one()
    assert post.envelopes == [f"va-et-vient+{letter.uuid.hex}@example.org"]
    assert got["Message-ID"] == f"<{letter.uuid}@example.org>"


def test_a_centre_of_another_domain_is_answered_and_its_name_stands_before_our_address(inside: World, post: Post):
    with writing() as s:
        s.get_one(Centre, inside.centres["brebis"]).email = "accueil@brebis.example"
    lent(inside)
    remind(DUE)
    mail.deliver(post.url, FROM, at=morning(DUE))
    [got] = post.letters
    [sender] = got["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Cité des Brebis", FROM)
    assert got["Reply-To"].addresses[0].addr_spec == "accueil@brebis.example"


def test_an_english_household_is_written_to_in_english_and_any_other_in_french(inside: World):
    for language in ("en", "ar"):
        lent(inside, household=make_household(inside, language=language, contact=f"{language}@example.org"))
    remind(DUE)
    english, other = session().query(Reminder).order_by(Reminder.id)
    assert (english.subject, other.subject) == ("The end of your loan", "La fin de votre prêt")
    assert "Tuesday 19 January 2027" in english.words


def test_a_household_is_told_of_all_its_things_in_one_message(inside: World):
    home = make_household(inside, contact="berger@example.org")
    lent(inside, make_device(inside, "La tablette"), household=home, due_on=DUE)
    lent(inside, make_device(inside, "Le portable"), household=home, due_on=DUE + timedelta(days=7))
    lent(inside, make_device(inside, "La clé"), household=home, due_on=DUE + timedelta(days=60))
    remind(DUE)
    row = session().query(Reminder).one()
    assert row.kind == "due_day", "the later rung speaks"
    assert "La tablette" in row.words
    assert "Le portable" in row.words
    assert "La clé" not in row.words
    assert [line.kind for line in row.lines] == ["due_day", "week_before"]
    assert remind(DUE) == 0


def test_a_household_has_one_message_a_day_whatever_comes_later(inside: World):
    home = make_household(inside, contact="berger@example.org")
    lent(inside, household=home)
    remind(DUE)
    lent(inside, household=home, due_on=DUE + timedelta(days=2))
    with writing() as s:
        s.query(ReminderHabit).update({"done_on": None})
    assert remind(DUE) == 0
    assert remind(DUE + timedelta(days=1)) == 1


def test_after_days_without_chores_only_the_highest_rung_is_said(inside: World):
    lent(inside)
    remind(DUE + timedelta(days=9))
    every_day(DUE + timedelta(days=9), 5)
    assert told() == [(DUE + timedelta(days=9), "mail", "week_after")]


def test_what_would_have_been_said_on_the_day_of_the_hand_over_is_not_said(inside: World):
    lent(inside, due_on=day_of(NOW) + timedelta(days=4))
    every_day(day_of(NOW), 6)
    assert [kind for _day, _way, kind in told()] == ["due_day"]


def test_a_thing_kept_longer_climbs_the_ladder_anew(inside: World):
    loan = lent(inside)
    remind(DUE - timedelta(days=7))
    later = DUE + timedelta(days=30)
    do(loans.extend, Extend(due_on=later), loan, by=inside.me(), at=morning(DUE - timedelta(days=5)))
    every_day(DUE - timedelta(days=6), 40)
    assert told() == [
        (DUE - timedelta(days=7), "mail", "week_before"),
        (later - timedelta(days=7), "mail", "week_before"),
        (later, "mail", "due_day"),
    ]


def test_nobody_is_told_of_what_came_back(inside: World):
    loan = lent(inside)
    do(returns.take_back, TakeBack(devices=[{"code": loan.lines[0].device.code}]), by=inside.me(), at=morning(DUE, 8))
    assert remind(DUE) == 0


@pytest.mark.parametrize("end", ["returned", "stolen", "extended", "swapped", "corrected", "split"])
def test_a_mail_not_sent_yet_is_called_off_when_nothing_of_it_holds(inside: World, post: Post, end: str):
    loan = lent(inside)
    remind(DUE)
    device = loan.lines[0].device
    if end == "returned":
        do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=inside.me(), at=morning(DUE, 11))
    elif end == "stolen":
        do(losses.move, Move(what="stolen"), device, by=inside.me(), at=morning(DUE, 11))
    elif end == "swapped":
        make_loan(inside, other := make_device(inside), due_on=DUE + timedelta(days=90))
        do(swaps.swap, Swap(device=device.code, other=other.code), by=inside.me(), at=morning(DUE, 11))
    elif end == "corrected":
        wish = CorrectLoan(household=make_household(inside).code, reason="une autre famille")
        do(corrections.correct, wish, loan, by=inside.me("mia"), at=morning(DUE, 11))
    elif end == "split":
        sides, things = [{"name": "Anne-Test"}, {"name": "Boris-Test"}], [{"code": device.code, "side": "a"}]
        do(splits.split, Split(sides=sides, things=things), loan.household, by=inside.me("mia"), at=morning(DUE, 11))
    else:
        do(loans.extend, Extend(due_on=DUE + timedelta(days=9)), loan, by=inside.me(), at=morning(DUE, 11))
    assert mail.deliver(post.url, FROM, at=morning(DUE, 12)) == 0
    assert post.letters == []
    assert session().query(Letter).one().called_off
    old = fresh(session().get_one(Loan, loan.id)).household_id
    if end not in {"extended", "swapped"}:
        remind(DUE + timedelta(days=7))
        assert session().query(Reminder).filter(Reminder.household_id == old, Reminder.day > DUE).count() == 0


def test_what_a_split_household_has_goes_on_being_told_of_to_its_side_alone(inside: World):
    loan = lent(inside)
    remind(DUE)
    things = [{"code": loan.lines[0].device.code, "side": "a"}]
    anne = {"name": "Anne-Test", "contact": "anne@example.org"}
    wish = Split(sides=[anne, {"name": "Boris-Test"}], things=things)
    home, _other = do(splits.split, wish, loan.household, by=inside.me("mia"), at=morning(DUE, 11))
    assert remind(DUE + timedelta(days=1)) == 0, "what was said before is not said again"
    assert remind(DUE + timedelta(days=7)) == 1
    row = session().query(Reminder).order_by(Reminder.id.desc()).first()
    assert (row.household_id, row.letter.address) == (home.id, "anne@example.org")


def test_another_thing_on_the_same_loan_does_not_say_again_what_was_said(inside: World):
    loan = lent(inside)
    remind(DUE - timedelta(days=7))
    wish = Exchange(device=loan.lines[0].device.code, instead=make_device(inside).code)
    do(exchanges.exchange, wish, loan, by=inside.me(), at=morning(DUE - timedelta(days=5)))
    assert remind(DUE - timedelta(days=4)) == 0
    assert remind(DUE) == 1


def test_a_mail_not_sent_yet_says_no_more_of_what_came_back_meanwhile(inside: World, post: Post):
    one, two = make_device(inside, "La tablette"), make_device(inside, "Le portable")
    lent(inside, one, two)
    remind(DUE)
    do(returns.take_back, TakeBack(devices=[{"code": one.code}]), by=inside.me(), at=morning(DUE, 11))
    assert mail.deliver(post.url, FROM, at=morning(DUE, 12)) == 1
    words = post.letters[0].get_content()
    assert "Le portable" in words
    assert "La tablette" not in words


def test_an_address_that_refused_for_good_is_called_instead(inside: World, post: Post):
    loan = lent(inside)
    post.unknown = {"berger@example.org"}
    remind(DUE)
    assert mail.deliver(post.url, FROM, at=morning(DUE)) == 0
    letter = session().query(Letter).one()
    assert (letter.fault, letter.next_try_at, letter.failed) == ("refused 550", None, True)
    home = session().get_one(Household, loan.household_id)
    assert [way.kind for way in reaching.of(home).ways] == ["via_referent"]
    assert reaching.bounced(home, "berger@example.org") is not None
    do(households.edit, EditHousehold(name="Berger", contact="autre@example.org"), home, by=inside.me())
    assert reaching.of(fresh(home)).by("mail") == "autre@example.org"


# The clock


def clock(start: date, days: int, minutes: int = 10) -> Iterator[datetime]:
    at, end = start_of(start), start_of(start + timedelta(days=days))
    while at < end:
        yield at
        at += timedelta(minutes=minutes)


@pytest.mark.parametrize("hour", [0, 2, 3, 8, 23])
@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_each_day_has_its_reminders_once_however_the_clock_was_moved(night: date, hour: int):
    """Both nights of the year at which the clocks of France are moved: the hour that is missing, the one that is twice."""
    done_on, runs = None, Counter[date]()
    for at in clock(night - timedelta(days=2), 5):
        if reminders.its_hour(hour, done_on, at):
            done_on = day_of(at)
            runs[done_on] += 1
            assert at.astimezone(HOME).hour in {hour, 3 if (hour, done_on.month) == (2, 3) else hour}
    assert runs == {night + timedelta(days=n): 1 for n in range(-2, 3)}


@pytest.mark.slow("five days, hour by hour")
@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_a_thing_due_on_the_night_of_the_clocks_is_told_of_once_on_that_day(inside: World, night: date):
    made = [lent_at(inside, night + timedelta(days=n)) for n in (-1, 0, 1)]
    for at in clock(night - timedelta(days=2), 5, minutes=60):
        reminders.remind_all(at=at)
    assert [(day, kind) for day, _way, kind in told() if kind == "due_day"] == [
        (night + timedelta(days=n), "due_day") for n in (-1, 0, 1)
    ]
    assert len(made) == 3
    assert all(
        at.astimezone(HOME).hour >= 8 for (at,) in session().query(history.Act.recorded_at).filter_by(kind="remind")
    )


def lent_at(world: World, due_on: date) -> Loan:
    home = make_household(world, contact=f"{due_on}@example.org")
    return make_loan(world, household=home, due_on=due_on, at=start_of(due_on - timedelta(days=90)))


def test_a_centre_reminds_from_its_own_hour_on(inside: World):
    centre = session().get_one(Centre, inside.centres["brebis"])
    do(ladder.settle_habit, SetHabit(hour=14, email="brebis@example.org"), centre, by=inside.me("mia"))
    lent(inside)
    assert remind(DUE, 13) == 0
    assert remind(DUE, 14) == 1
    assert fresh(centre).email == "brebis@example.org"


# Two workers


WORKER = "import sys; from datetime import datetime; from app import create_app\napp = create_app()\nwith app.app_context():\n    from app.lending import reminders\n    sys.stdin.readline()\n    print(reminders.remind_all(at=datetime.fromisoformat(sys.argv[1])))"


@pytest.mark.slow("three processes, each of which starts the whole house")
def test_two_processes_at_once_tell_each_household_once(app: Flask, inside: World, database: Any):
    homes = [make_household(inside, contact=f"{n}@example.org") for n in range(8)]
    for home in homes:
        lent(inside, household=home)
    session().rollback()
    env = os.environ | {
        "DATABASE_URL": database.url,
        "INSTANCE": str(database.instance),
        "SECRET_KEY": "only for tests, never for people!",
    }
    command = [sys.executable, "-c", WORKER, morning(DUE).isoformat()]
    workers = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    made = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(made) == 8, made
    assert len(told()) == session().query(Letter).count() == session().query(ReminderLine).count() == 8
    assert session().query(history.Act).filter_by(kind="remind").count() == 8
