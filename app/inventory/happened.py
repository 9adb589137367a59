"""Where a new thing is, or what became of it, by the words of a table: the movement that people have for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.imports.kinds import Line
from app.imports.texts import as_day
from app.inventory.device_fields import HAPPENED
from app.inventory.device_register import Register
from app.inventory.movements import DUE, GRAVE
from app.people.roles import Me
from app.times import noon_of
from app.words import fold

# What a line must say beside the state for a movement to be told.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "bag": ("person",),
    "outing": ("due_on",),
    "partner": ("partner", "due_on"),
    "repair": ("supplier",),
    "send": ("centre",),
}


def told(line: Line, register: Register, by: Me, today: date) -> Mapping[str, Any] | None:
    """The fields of the movement, as `Move` names them. None when it stands in its store, or is held there.

    It is held when the line does not say with whom or until when, or when this person may not say so. What was due
    back on a day that is over went away on that day at the latest.
    """
    what = HAPPENED.get(fold(line.says("state")), "")
    if not what or (what in GRAVE and not by.may("hold")) or (what in _NEEDED and not by.may("move")):
        return None
    found = {"what": what} | _beside(what, line, register, today)
    return found if all(found.get(name) for name in _NEEDED.get(what, ())) else None


def lacks(line: Line, by: Me) -> bool:
    """Whether the movement could be told if the line said more."""
    return HAPPENED.get(fold(line.says("state"))) in _NEEDED and by.may("move")


def _beside(what: str, line: Line, register: Register, today: date) -> dict[str, Any]:
    whom, due = line.says("with_whom"), as_day(line.says("due_on"))
    beside: dict[str, Any] = {"due_on": due} if what in DUE and due else {}
    if beside and due and due < today:
        beside["occurred_at"] = noon_of(due)
    if what == "bag":
        beside["person"] = register.colleague(whom)
    elif what == "send":
        beside["centre"] = register.centre_to(whom)
    elif what in {"partner", "repair"}:
        beside["partner" if what == "partner" else "supplier"] = whom
    return beside
