"""What may be imported: each kind with its fields, what a line of it would do, and the doing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from app.inputs import Act, Input, faults_of
from app.people.roles import Me

T = TypeVar("T")
W = TypeVar("W", bound=Input)
What = Literal["new", "change", "same", "fault", "skip"]


@dataclass(frozen=True)
class Field:
    """One of our fields: its word for people, and the headers by which it is known, the surest first.

    `of`: the word for what it tells of, when that is something beside things (models, supplies) with sheets of its own.
    """

    name: str
    words: Any
    known_as: tuple[str, ...]
    of: Any = ""


@dataclass(frozen=True)
class Line:
    """One line of the file, its cells by our fields. `do`: what somebody decided about it: "", "skip" or "new"."""

    place: str
    sheet: str
    number: int
    values: Mapping[str, str]
    columns: Mapping[str, int]
    do: str = ""

    def says(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True)
class Change:
    """A field that becomes something else."""

    words: Any
    old: str
    new: str


@dataclass
class Step:
    """What a line would do. `double`: a sentence about what is there already; `plan`: what the kind needs to do it."""

    line: Line
    what: What
    title: str = ""
    changes: list[Change] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    faults: dict[str, Any] = field(default_factory=dict)
    double: Any = ""
    lends: bool = False
    plan: Any = None


class Kind(Protocol):
    """`right`: needed beside that of importing. `of_centre`: it is of the centre one works in, not of money.

    `weight`: as how many lines of things one of its lines counts, so that no slice holds the write lock for long.
    """

    @property
    def code(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def of_centre(self) -> bool: ...
    @property
    def weight(self) -> int: ...
    @property
    def fields(self) -> Sequence[Field]: ...

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        """What no two lines of a file may share."""

    def told_by(self, line: Line) -> Sequence[str]:
        """The acts of which one at least stands in the journal when the line is done."""

    def bundled(self, lines: Sequence[Line]) -> Sequence[Sequence[Line]]:
        """The lines that are looked at and done together, such as those of one invoice; all of them, once each."""

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:
        """What each line would do, by what the register holds just now."""

    def together(self, numbers: Sequence[UUID]) -> AbstractContextManager[None]:
        """Around the doing of many lines, whose things are written down by the acts of these numbers.

        What is better looked for or written once for all of them is.
        """

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        """Do it through the rules of people's own acts. Raises `Refused`."""


class OfCentre:
    """Of a kind whose lines tell of a centre, each for itself."""

    of_centre = True
    weight = 1

    def bundled(self, lines: Sequence[Line]) -> Sequence[Sequence[Line]]:
        return [[line] for line in lines]


class LineByLine(OfCentre):
    """Of a kind whose lines are told by the same acts, and are done one after the other."""

    acts: tuple[str, ...]

    def told_by(self, line: Line) -> Sequence[str]:  # noqa: ARG002 - every line by the same
        return self.acts

    def together(self, numbers: Sequence[UUID]) -> AbstractContextManager[None]:  # noqa: ARG002 - of things
        return nullcontext()


_known: dict[str, Kind] = {}


def known(kind: Kind) -> Kind:
    _known[kind.code] = kind
    return kind


def of(code: str) -> Kind:
    return _known[code]


def twins(kind: Kind, lines: Sequence[Line]) -> Mapping[str, int]:
    """The lines that say the same thing as an earlier one, by their place, with the number of that one."""
    seen: dict[tuple[str, ...], int] = {}
    found: dict[str, int] = {}
    for line in lines:
        if line.do == "skip":
            continue
        for key in kind.keys(line):
            first = seen.setdefault(key, line.number)
            if first != line.number:
                found[line.place] = first
    return found


def ids_of(line: Line, *, sha256: str, kind: str, of: int | str) -> Callable[[str], UUID]:
    """The numbers of the acts of a line: the same file, read the same way for the same (`of`), gives the same ones."""
    said = json.dumps([line.place, line.do, dict(line.values)], sort_keys=True)
    name = f"{sha256}/{of}/{kind}/{hashlib.sha256(said.encode(errors='replace')).hexdigest()}"
    return cache(lambda step: uuid5(NAMESPACE_URL, f"va-et-vient-import/{name}/{step}"))


def checked(shape: type[W], facts: Mapping[str, Any], step: Step, names: Mapping[str, str]) -> W | None:
    """The wish for these facts; when there is none, its faults stand beside their columns (`names`: field by input)."""
    try:
        return shape.model_validate(facts)
    except ValidationError as wrong:
        found = {names.get(name, name): words for name, words in faults_of(wrong).items()}
        step.faults |= {name: words for name, words in found.items() if name not in step.faults}
        return None


def act(rule: Callable[..., T], wish: Act, *things: object, by: Me, at: datetime) -> T:
    """One act among others, as it would be done alone."""
    wish.aim(rule.__name__, *things)
    return rule(*things, wish, by=by, at=at)
