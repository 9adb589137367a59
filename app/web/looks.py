"""How days, amounts and codes look. Nothing here decides."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from flask import Flask
from markupsafe import Markup, escape

from app.times import HOME, day_of
from app.words import reading
from labels import codes

NARROW = "\u202f"
MINUS = "\u2212"
_FORMATS = {
    "fr": {
        "day": "EEEE d MMMM y",
        "date": "d MMMM y",
        "short": "EEEE d MMMM",
        "time": "H' h 'mm",
        "month": "MMMM y",
        "weekday": "EEEE",
        "weekday_short": "EEE",
    },
    "en": {
        "day": "EEEE d MMMM y",
        "date": "d MMMM y",
        "short": "EEEE d MMMM",
        "time": "H:mm",
        "month": "MMMM y",
        "weekday": "EEEE",
        "weekday_short": "EEE",
    },
}


def _as_day(value: date | datetime) -> date:
    return day_of(value) if isinstance(value, datetime) else value


def _formatted(value: date | datetime, kind: str) -> str:
    return _written(_as_day(value), kind, reading())


@lru_cache(maxsize=2000)
def _written(value: date, kind: str, language: str) -> str:
    return spoken_day(format_date(value, _FORMATS[language][kind], locale=language), language)


def spoken_day(text: str, language: str) -> str:
    """In French the first of the month is said `1er`, the other days by their number."""
    return re.sub(r"(^| )1 ", r"\g<1>1er ", text) if language == "fr" else text


def day(value: date | datetime) -> str:
    """In full, as residents read it: `mardi 8 décembre 2026`."""
    return _formatted(value, "day")


def short_day(value: date | datetime) -> str:
    return _formatted(value, "short")


def plain_date(value: date | datetime) -> str:
    return _formatted(value, "date")


def month(value: date | datetime) -> str:
    """`décembre 2026`."""
    return _formatted(value, "month")


def weekday(value: date | datetime) -> str:
    return _formatted(value, "weekday")


def weekday_short(value: date | datetime) -> str:
    """As heads a column of a calendar: `lun.`."""
    return _formatted(value, "weekday_short")


def clock(value: datetime) -> str:
    here = value.astimezone(HOME)
    return f"{here.hour}\u00a0h\u00a0{here.minute:02}" if reading() == "fr" else f"{here:%H:%M}"


def money(cents: int) -> str:
    """`1 517 665,00 €` with narrow no-break blanks; in English `€1,517,665.00`."""
    if reading() == "fr":
        return french_money(cents)
    euros, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}€{euros:,}.{rest:02}"


def french_money(cents: int) -> str:
    euros, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}{euros:,}".replace(",", NARROW) + f",{rest:02}\u00a0€"


def amount(cents: int) -> str:
    """As a table of euros has it, or a field for them: `1 517 665,00`, without its sign of money."""
    return money(cents).removesuffix("\u00a0€").replace("€", "")


def typed(cents: int) -> str:
    """As one types it into a field: `1517665,00`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"


def percent(hundredths: int) -> str:
    """`28,81 %`; in English `28.81%`."""
    whole, rest = divmod(abs(hundredths), 100)
    sign = MINUS if hundredths < 0 else ""
    return f"{sign}{whole},{rest:02}\u00a0%" if reading() == "fr" else f"{sign}{whole}.{rest:02}%"


def decimal(value: float) -> str:
    """`38,1` in French, `38.1` in English; a whole number without its zero."""
    return f"{value:g}".replace(".", "," if reading() == "fr" else ".")


def die(medium: Any) -> str:
    """The size of a label: `63,5 × 38,1 mm`."""
    return f"{decimal(medium.width)}\u00a0×\u00a0{decimal(medium.height)}\u00a0mm"


_CODE, _END = Markup('<span class="code">'), Markup("</span>")


def code(text: str) -> Markup:
    """A code in two groups, kept left to right."""
    return _CODE + codes.grouped(text) + _END


def phone(text: str) -> str:
    """`06 39 98 01 42`: French numbers in pairs, others as they were written."""
    french = len(text) == 10 and text.startswith("0")  # noqa: PLR2004
    return "\u00a0".join(text[i : i + 2] for i in range(0, 10, 2)) if french else text


def tongue(tag: str) -> str:
    """The name of a language, in the reader's own."""
    try:
        return Locale.parse(tag, sep="-").get_language_name(reading()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def lines(text: str) -> Markup:
    return Markup("<br>").join(escape(text).split("\n"))


def register(app: Flask) -> None:
    for name, filter_ in (
        ("day", day),
        ("short_day", short_day),
        ("date", plain_date),
        ("month", month),
        ("weekday", weekday),
        ("weekday_short", weekday_short),
        ("clock", clock),
        ("money", money),
        ("amount", amount),
        ("percent", percent),
        ("decimal", decimal),
        ("die", die),
        ("code", code),
        ("lines", lines),
        ("phone", phone),
        ("tongue", tongue),
    ):
        app.jinja_env.filters[name] = filter_
