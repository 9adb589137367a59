"""Cells of tables about money: amounts with their sign, percentages, words that stand for one of our answers.

What can be read in two ways is not guessed: `1.234` is a thousand and more to some, and one and a little to others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.imports.kinds import Step
from app.inputs import tidy
from app.words import _, fold, spoken

_SIGNS = str.maketrans({"−": "-", "–": "-", "’": None, "'": None, "\N{NARROW NO-BREAK SPACE}": None, "\xa0": None})
_UNIT = re.compile(r"(?i)eur(os?)?|[€$£]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST = 24  # signs of a number
MOST = 10**11  # cents of one amount
_GROUP = 3  # figures between two signs of a thousand
_FORMS = re.compile(r"(\d{1,3})([.,])(\d{3})")
YES, NO = (
    frozenset({"oui", "yes", "x", "1", "vrai", "true", "o", "y"}),
    frozenset({"non", "no", "0", "faux", "false", "n"}),
)


@dataclass(frozen=True)
class Words:
    """Our answers, each with the word that a table of ours writes, and those by which it is known, folded."""

    of: Mapping[str, tuple[Any, tuple[str, ...]]]

    def find(self, text: str) -> str | None:
        told = fold(text)
        return next((value for value, (_word, known) in self.of.items() if told in known), None)

    def told(self, value: str) -> str:
        return spoken(self.of[value][0])


def as_money(text: str) -> int | None:
    """Cents of `1 517 665,00 €`, `1,234.50`, `−12,00`, `(12,00)`. None when it is no amount, or might be two."""
    number = as_euros(text)
    if number is None:
        return None
    cents = int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return cents if abs(cents) <= MOST else None


def as_euros(text: str) -> Decimal | None:
    """The same with parts of a cent, as a price for one piece may have them."""
    return as_number(_UNIT.sub("", text))


def as_number(text: str) -> Decimal | None:
    """A number as offices of either language write it."""
    bare = "".join(text.translate(_SIGNS).split())
    bare, turned = (bare[1:-1], True) if bare.startswith("(") and bare.endswith(")") else (bare, False)
    if bare[:1] in {"-", "+"} or bare[-1:] == "-":
        turned, bare = turned != ("-" in {bare[0], bare[-1]}), bare.strip("+-")
    if not _NUMBER.fullmatch(bare) or not bare.isascii() or len(bare) > LONGEST:
        return None
    plain = _with_point(bare)
    if plain is None:
        return None
    return -Decimal(plain) if turned else Decimal(plain)


def _with_point(bare: str) -> str | None:
    """The same with a point before its decimals and no other sign. None when nobody can tell which sign that is."""
    signs = [sign for sign in bare if not sign.isdigit()]
    if len(signs) == 1:
        found = _FORMS.fullmatch(bare)
        ambiguous = found is not None and found[1].strip("0")
        return None if ambiguous else bare.replace(",", ".")
    if len(set(signs)) == 1:  # 1.234.567
        return bare.replace(signs[0], "") if _grouped(bare.split(signs[0])) else None
    if not signs:
        return bare
    whole, _sign, rest = bare.rpartition(signs[-1])
    groups = re.split(r"[.,]", whole)
    return f"{''.join(groups)}.{rest}" if len(set(signs[:-1])) == 1 and _grouped(groups) else None


def _grouped(parts: list[str]) -> bool:
    """`1`, `234`, `567`."""
    return 1 <= len(parts[0]) <= _GROUP and all(len(part) == _GROUP for part in parts[1:])


def as_hundredths(text: str) -> int | None:
    """Hundredths of a percent of `20 %`, `28,81`. None for what is none, and for `0,15`, which may be 15 %."""
    number = as_number(text.replace("%", ""))
    if number is None or (0 < number <= 1 and "%" not in text):
        return None
    found = int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return found if 0 <= found <= 100 * 100 else None


def read_money(step: Step, name: str) -> int | None:
    """The amount in that column; what is none is a fault of it."""
    text = step.line.says(name)
    found = as_money(text) if text else None
    if text and found is None:
        step.faults[name] = _("“%(text)s” is not an amount for certain. Write it like 1234,50.", text=text[:40])
    return found


def read_percent(step: Step, name: str) -> int | None:
    text = step.line.says(name)
    found = as_hundredths(text) if text else None
    if text and found is None:
        step.faults[name] = _("“%(text)s” is not a percentage for certain. Write it like 20 %.", text=text[:40])
    return found


def read_whole(step: Step, name: str) -> int | None:
    text = step.line.says(name)
    found = as_number(text) if text else None
    if text and (found is None or found != int(found)):
        step.faults[name] = _("“%(text)s” is no quantity. Write it like 750.", text=text[:40])
        return None
    return None if found is None else int(found)


def read_word(step: Step, name: str, words: Words) -> str | None:
    """One of our answers, by the words it is known as."""
    text = step.line.says(name)
    found = words.find(text) if text else None
    if text and found is None:
        offered = ", ".join(spoken(one) for one, _known in words.of.values())
        told = _("“%(text)s” is not known here. Write one of these: %(offered)s.", text=text[:40], offered=offered)
        step.faults[name] = told
    return found


def read_yes(step: Step, name: str) -> bool | None:
    text = fold(step.line.says(name))
    if text and text not in YES | NO:
        step.faults[name] = _("“%(text)s” is neither yes nor no.", text=text[:40])
    return text in YES if text in YES | NO else None


def line_of(text: str) -> str:
    """Words as the house keeps them on one line."""
    told = tidy(text)
    return " ".join(told.split()) if isinstance(told, str) else ""
