"""The ladder of reminders: what a centre says before and after the day a thing is due, and on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from app import history
from app.db import change, put, session
from app.errors import NotThere, Refused
from app.history.models import canonical
from app.history.seals import digest
from app.lending import filling
from app.lending.ladder_words import A_THING, SHIPPED, Said
from app.lending.reminder_forms import EditRung, SetHabit
from app.lending.reminder_models import FIRST_HOUR, RUNGS, ReminderHabit, ReminderRung
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

USUAL_DAYS: Mapping[str, int] = dict(zip(RUNGS, (-7, 0, 7, 21, 45), strict=True))
# The same names as in an agreement's text: a manager learns them once.
NAMED: Mapping[str, Any] = {
    "nom": _("the name of the household"),
    "materiel": _("the things, each with the day it is due back"),
    "date_fin": _("the first day that something is due back"),
    "centre": _("the name of the centre"),
    "telephone": _("the phone of the centre"),
}
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Rung:
    """`said`: by language, the centre's words where it has its own."""

    kind: str
    days: int
    used: bool
    said: Mapping[str, Said]

    @property
    def speaks(self) -> bool:
        """Whether the household is told something; the last rung is for the centre alone."""
        return self.kind != "decision"


def of_centre(centre_id: int) -> list[Rung]:
    """All rungs, in the order of the ladder."""
    rows = session().scalars(select(ReminderRung).where(ReminderRung.centre_id == centre_id))
    own = {row.kind: row for row in rows}
    return [_rung(kind, own.get(kind)) for kind in RUNGS]


def rung_of(centre_id: int, kind: str) -> Rung:
    found = next((rung for rung in of_centre(centre_id) if rung.kind == kind), None)
    if found is None:
        raise NotThere(_("There is no such reminder."))
    return found


def _rung(kind: str, own: ReminderRung | None) -> Rung:
    shipped = {language: words.get(kind, Said("", "")) for language, words in SHIPPED.items()}
    if own is None:
        return Rung(kind, USUAL_DAYS[kind], True, shipped)
    french, english = shipped["fr"], shipped["en"]
    said = {
        "fr": Said(own.subject or french.subject, own.words or french.words),
        "en": Said(own.subject_en or english.subject, own.words_en or english.words),
    }
    return Rung(kind, own.days, own.used, said)


def reached(rungs: Sequence[Rung], due_on: date, since: date, day: date) -> Rung | None:
    """The highest rung reached by a thing due on that day, handed over or kept longer `since`.

    What would have been said on the day of the hand-over or before is not said at all.
    """
    passed = [r for r in rungs if r.used and r.days <= (day - due_on).days and (since - due_on).days < r.days]
    return passed[-1] if passed else None


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with what its braces name. Nothing in it is ever run; what is not named stays as it is written."""
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), text)


def thing_line(name: str, day: str, language: str) -> str:
    return filled(A_THING[language], {"thing": name, "day": day})


def edit(centre: Centre, kind: str, wish: EditRung, *, by: Me, at: datetime) -> Rung:
    """A rung as this centre wants it."""
    before = rung_of(centre.id, kind)
    _check_words(wish)
    row = session().scalar(select(ReminderRung).where(ReminderRung.centre_id == centre.id, ReminderRung.kind == kind))
    new = {"days": wish.days, "used": wish.used, **_own_words(kind, wish)}
    _check_order(centre.id, kind, wish)
    facts = {"rung": kind, "said": told_of(new)}
    act = history.record("reminder_rung", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **facts)
    if row is None:
        put(ReminderRung(centre_id=centre.id, kind=before.kind, act_id=act.id, **new))
    else:
        change(row, act_id=act.id, **new)
    return rung_of(centre.id, kind)


def as_wished(kind: str, wish: EditRung) -> Rung:
    """The rung as it would be, for somebody who only looks. Raises `Refused` for what cannot be filled in."""
    _check_words(wish)
    own = ReminderRung(kind=kind, days=wish.days, used=wish.used, **_own_words(kind, wish))
    return _rung(kind, own)


def told_of(rung: Mapping[str, object]) -> str:
    """What the journal tells of a rung: the hash of its days and words."""
    return digest(canonical(dict(rung)))


def _own_words(kind: str, wish: EditRung) -> dict[str, str]:
    """What differs from what the house ships, so that its better words of tomorrow reach whoever kept them."""
    own = {}
    for language, end in (("fr", ""), ("en", "_en")):
        shipped = SHIPPED[language].get(kind, Said("", ""))
        for name in ("subject", "words"):
            text = str(getattr(wish, name + end)).replace("\r\n", "\n")
            own[name + end] = "" if _plain(text) == _plain(getattr(shipped, name)) else text
    return own


def _plain(text: str) -> str:
    """One line's no-break spaces come back as plain ones."""
    return text.replace("\u00a0", " ")


def _check_words(wish: EditRung) -> None:
    """Every brace belongs to a word the house knows; the fault stands beside its field."""
    faults = {
        name: fault for name in ("subject", "words", "subject_en", "words_en") if (fault := _fault(getattr(wish, name)))
    }
    if faults:
        raise Refused("unknown_placeholder", next(iter(faults.values())), status=422, fields=faults)


def _fault(text: str) -> Any:
    odd = filling.unknown(text, NAMED)
    if not odd:
        return None
    known = ", ".join(f"{{{name}}}" for name in NAMED)
    if odd[0] in ("{", "}"):
        return _("A brace is left over. Between braces stands one of these: %(known)s.", known=known)
    return _("The house does not know %(odd)s. It knows %(known)s.", odd=odd[0], known=known)


def _check_order(centre_id: int, kind: str, wish: EditRung) -> None:
    days = [wish.days if rung.kind == kind else rung.days for rung in of_centre(centre_id)]
    if any(later <= earlier for earlier, later in pairwise(days)):
        words = _("The days of the ladder rise: this one must lie between the one before it and the one after it.")
        raise Refused("out_of_order", words, fields={"days": words})


def hour_of(centre_id: int) -> int:
    habit = session().get(ReminderHabit, centre_id)
    return habit.hour if habit else FIRST_HOUR


def settle_habit(centre: Centre, wish: SetHabit, *, by: Me, at: datetime) -> Centre:
    """From which hour the centre reminds, and whom residents answer."""
    habit = session().get(ReminderHabit, centre.id) or ReminderHabit(centre_id=centre.id)
    habit.hour = wish.hour
    session().add(habit)
    centre = session().get_one(Centre, centre.id)
    centre.email = wish.email.lower() or None
    history.record("reminder_habit", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, hour=wish.hour)
    session().flush()
    return centre
