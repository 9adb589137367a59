"""Reminders: once a day each centre's households are told of what is due, each of all its things together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from babel.dates import format_date
from sqlalchemy import select

from app import history, mail
from app.db import put, session, writing
from app.errors import Busy, Refused
from app.lending import ladder, reaching
from app.lending.ladder import Rung
from app.lending.ladder_words import NO_MORE, Said, spoken_to
from app.lending.reaching import Reach
from app.lending.reminder_forms import Remind
from app.lending.reminder_models import FIRST_HOUR, RUNGS, Reminder, ReminderHabit, ReminderLine
from app.lending.still_out import Owed, holds, owed
from app.mail import Letter
from app.people.models import Centre, Household
from app.people.roles import THE_HOUSE, Me
from app.times import HOME, day_of
from app.web import looks

KIND = "reminder"
NUMBERS = UUID("5a6d3c1e-6a0f-4c62-9a0e-0d5a8f1f7a11")  # of which a household's act of a day is made


def remind_all(*, at: datetime) -> int:
    """Chore: what is due today in each centre whose hour has come. Answers how many households were reminded."""
    return sum(_remind_centre(number, at) for number in _whose_hour_has_come(at))


def its_hour(hour: int, done_on: date | None, at: datetime) -> bool:
    """Whether a centre is to remind now: once a day of its own clock, whichever way that clock was moved at night."""
    here = at.astimezone(HOME)
    return here.hour >= hour and (done_on is None or done_on < here.date())


def _whose_hour_has_come(at: datetime) -> list[int]:
    query = select(Centre.id, ReminderHabit.hour, ReminderHabit.done_on)
    rows = session().execute(query.outerjoin(ReminderHabit, ReminderHabit.centre_id == Centre.id).order_by(Centre.id))
    return [number for number, hour, done_on in rows if its_hour(FIRST_HOUR if hour is None else hour, done_on, at)]


def _remind_centre(centre_id: int, at: datetime) -> int:
    """Each household in a write of its own; that the day is done is noted last, so that a crash loses nobody."""
    day, reminded = day_of(at), 0
    found = owed(centre_id, ladder.of_centre(centre_id), day)
    for household in _to_tell(found):
        reminded += _remind_one(household, day, at)
    with writing():
        habit = session().get(ReminderHabit, centre_id)
        if habit is None:
            session().add(habit := ReminderHabit(centre_id=centre_id, hour=FIRST_HOUR))
        habit.done_on = day
    return reminded


def _to_tell(found: Mapping[int, Sequence[Owed]]) -> Iterator[Household]:
    """Those with something new: for themselves if they may be reminded, for the centre whatever they wish."""
    new = {number: [one for one in things if one.new] for number, things in found.items()}
    numbers = [number for number, things in new.items() if things]
    homes = {home.id: home for home in session().scalars(select(Household).where(Household.id.in_(numbers)))}
    reached = reaching.of_all(homes.values())
    for number in numbers:
        if reached[number].may_remind or any(not one.rung.speaks for one in new[number]):
            yield homes[number]


def _remind_one(household: Household, day: date, at: datetime) -> bool:
    """Whether anything was written down. Another worker who is quicker has the same number for the act."""
    wish = Remind(id=uuid5(NUMBERS, f"{household.code}/{day}"), day=day)
    try:
        done, before = history.perform(remind, wish, household, by=THE_HOUSE, at=at, again=lambda _act: None)
    except (Refused, Busy):
        return False  # somebody was quicker
    return bool(done) and not before


def remind(household: Household, wish: Remind, *, by: Me, at: datetime) -> list[Reminder] | None:
    """Tell a household of all its things together; note what the centre itself must see to."""
    rungs = ladder.of_centre(household.centre_id)
    things = owed(household.centre_id, rungs, wish.day, household.id).get(household.id, [])
    reach = reaching.of(household)
    parts = _parts(reach, things)
    if not parts:
        return None
    made = [_made(household, reach, part, ones, wish) for part, ones in parts.items()]
    facts = {
        "day": wish.day.isoformat(),
        "made": [_told(row, ones) for row, ones in zip(made, parts.values(), strict=True)],
    }
    centre_id = household.centre_id
    act = history.record("remind", wish, by=by, at=at, subject=household.code, centre_id=centre_id, **facts)
    for row, (part, ones) in zip(made, parts.items(), strict=True):
        row.act_id = act.id
        if part == "message":
            _say(row, reach, highest(ones), things, at=at)
        _keep(row, part, ones)
    return made


def _parts(reach: Reach, things: Sequence[Owed]) -> dict[str, list[Owed]]:
    """What is new, by what it leads to: a message, a visit to plan, a decision of the centre."""
    new = [one for one in things if one.new]
    speaks = [one for one in new if one.rung.speaks] if reach.may_remind else []
    parts = {
        "message": speaks,
        "visit": [one for one in speaks if one.rung.kind == "three_weeks"],
        "decision": [one for one in new if not one.rung.speaks],
    }
    return {part: ones for part, ones in parts.items() if ones}


def _made(household: Household, reach: Reach, part: str, ones: Sequence[Owed], wish: Remind) -> Reminder:
    kind = highest(ones).kind
    return Reminder(
        uuid=uuid5(wish.id, part),
        centre_id=household.centre_id,
        household_id=household.id,
        day=wish.day,
        alone_on=wish.day if part == "message" else None,
        way=_way(reach, kind) if part == "message" else part,
        kind=kind,
    )


def highest(ones: Sequence[Owed]) -> Rung:
    return max((one.rung for one in ones), key=lambda rung: RUNGS.index(rung.kind))


def _way(reach: Reach, kind: str) -> str:
    """The way they wish; three weeks later on paper, when they have an address. Of no way known, a colleague thinks."""
    if kind == "three_weeks" and reach.by("post"):
        return "letter"
    return reaching.BY.get(reach.wished, "call")


def _told(row: Reminder, ones: Sequence[Owed]) -> list[Any]:
    lines = [[one.loan.uuid.hex, one.line.device.code, one.line.due_on.isoformat(), one.rung.kind] for one in ones]
    return [row.uuid.hex, row.way, row.kind, lines]


def _say(row: Reminder, reach: Reach, rung: Rung, things: Sequence[Owed], *, at: datetime) -> None:
    """The words, kept with the reminder; by mail, a letter that the chores send."""
    household = things[0].loan.household
    written = words_for(household, rung, [(one.line.device.name, one.line.due_on) for one in things])
    row.subject, row.words = written.subject, written.words
    if row.way == "mail":
        centre, to = household.centre, reach.by("mail")
        words = with_ending(written.words, household)
        letter = mail.put(
            KIND,
            to=to,
            subject=written.subject,
            words=words,
            at=at,
            sender_name=centre.name,
            reply_to=centre.email or "",
        )
        row.letter_id = letter.id


def words_for(household: Household, rung: Rung, things: Sequence[tuple[str, date]]) -> Said:
    """What this rung says to this household of these things, in the language they are written to."""
    who = household.identity
    language = spoken_to(who.language if who else "fr")
    return _said(rung.said[language], _facts(household.centre, household.name, things, language))


def _said(said: Said, facts: Mapping[str, str]) -> Said:
    """Filled in; a subject stays one line, whatever is named in it."""
    return Said(" ".join(ladder.filled(said.subject, facts).splitlines()), ladder.filled(said.words, facts))


def _facts(centre: Centre, name: str, things: Sequence[tuple[str, date]], language: str) -> dict[str, str]:
    ordered = sorted(things, key=lambda thing: thing[1])
    return {
        "nom": name,
        "materiel": "\n".join(
            ladder.thing_line(thing, _spoken(due_on, language), language) for thing, due_on in ordered
        ),
        "date_fin": _spoken(ordered[0][1], language) if ordered else "",
        "centre": centre.name,
        "telephone": phone_of(centre),
    }


def phone_of(centre: Centre) -> str:
    return centre.phone or centre.organisation.phone


def _spoken(day: date, language: str) -> str:
    return looks.spoken_day(format_date(day, "EEEE d MMMM y", locale=language), language)


def with_ending(words: str, household: Household) -> str:
    """A mail says how to have no more of them."""
    who = household.identity
    ending = NO_MORE[spoken_to(who.language if who else "fr")]
    return f"{words}\n\n—\n{ladder.filled(ending, {'telephone': phone_of(household.centre)})}\n"


def _keep(row: Reminder, part: str, ones: Sequence[Owed]) -> None:
    put(row)
    for one in ones:
        numbers = {"centre_id": row.centre_id, "reminder_id": row.id, "line_id": one.line.id}
        put(ReminderLine(**numbers, due_on=one.line.due_on, kind=one.rung.kind, part=part))


@mail.watched(KIND)
def still_wanted(letter: Letter) -> bool:
    """Just before it leaves: of what came back meanwhile, was kept longer or stopped, the letter says nothing."""
    row = session().scalar(select(Reminder).where(Reminder.letter_id == letter.id))
    written = words_now(row) if row and reaching.of_all([row.household])[row.household_id].may_remind else None
    if row is None or written is None:
        return False
    row.words, letter.words = written.words, with_ending(written.words, row.household)
    return True


def words_now(row: Reminder) -> Said | None:
    """What a reminder that was not told yet says as things are now; nothing when nothing of it holds."""
    if not holds(row):
        return None
    rungs = ladder.of_centre(row.centre_id)
    things = owed(row.centre_id, rungs, row.day, row.household_id).get(row.household_id, [])
    rung = next(rung for rung in rungs if rung.kind == row.kind)
    return words_for(row.household, rung, [(one.line.device.name, one.line.due_on) for one in things])


def previews(centre: Centre, rung: Rung, day: date) -> Iterator[tuple[str, Said]]:
    """How a rung reads, told to invented people, by language."""
    due_on = date.fromordinal(day.toordinal() - rung.days)
    for language, name in (("fr", "Camille Durand-Exemple"), ("en", "Alex Martin-Example")):
        facts = _facts(centre, name, [("Galaxy Tab A7", due_on), ("TP-Link M7200", due_on)], language)
        yield language, _said(rung.said[language], facts)
