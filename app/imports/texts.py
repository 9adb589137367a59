"""Days and amounts as people and programs write them in cells."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from app.imports.kinds import Step
from app.words import _

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_SPOKEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T].*)?")
_MONEY = re.compile(r"[^\d,.-]")
CENTURY, TURN = 2000, 80  # two figures: 79 is 2079, 80 is 1980
MONTHS = 12


@lru_cache(500)  # a delivery has one day and one price
def as_day(text: str) -> date | None:
    """`2026-11-24`, `24/11/2026`, `24.11.26`; `11/24/26` too, when it can be nothing else. None when it is no day."""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SPOKEN.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        year += CENTURY - (100 if year >= TURN else 0) if len(found[3]) == 2 else 0  # noqa: PLR2004 - two figures
        day, month = (month, day) if month > MONTHS >= day else (day, month)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(500)
def as_cents(text: str) -> int | None:
    """`1 234,56 €`, `$1,234.56`, `826.8`. None when it is no amount."""
    bare = _MONEY.sub("", text)
    if not bare:
        return None
    comma, point = bare.rfind(","), bare.rfind(".")
    # The last sign is the one before the cents.
    plain = bare.replace(".", "").replace(",", ".") if comma > point else bare.replace(",", "")
    try:
        return int((Decimal(plain) * 100).to_integral_value())
    except InvalidOperation:
        return None


def read_day(step: Step, name: str) -> date | None:
    """The day in that column; what is none is a fault of it."""
    text = step.line.says(name)
    found = as_day(text) if text else None
    if text and found is None:
        step.faults[name] = _("“%(text)s” is not a day. Write it like 24/11/2026.", text=text[:40])
    return found


def read_cents(step: Step, name: str) -> int | None:
    """The amount in that column; what is none, or less than nothing, is a fault of it."""
    text = step.line.says(name)
    found = as_cents(text) if text else None
    if text and (found is None or found < 0):
        step.faults[name] = _("“%(text)s” is not an amount. Write it like 826,80.", text=text[:40])
    return found
