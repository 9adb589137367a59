"""The columns of the list of things: which there are, and which a person chose to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from app.inputs import Input, Line
from app.people import preferences
from app.people.roles import Me
from app.words import _

PREFERENCE = "devices.columns"
USUAL = "place,due"
ColumnWord = Literal["model", "serial", "inventory", "owner", "place", "due", "value"]


@dataclass(frozen=True)
class Column:
    """`sort`: the word of the address that sorts by it, if the list can be sorted so."""

    word: Any
    sort: str = ""


ALWAYS: Mapping[str, Column] = {
    "name": Column(_("Thing"), "name"),
    "code": Column(_("Code"), "code"),
    "state": Column(_("State"), "state"),
}
CHOICE: Mapping[str, Column] = {
    "place": Column(_("Centre")),
    "due": Column(_("Due back on"), "due"),
    "model": Column(_("Model")),
    "serial": Column(_("Serial number"), "serial"),
    "inventory": Column(_("Inventory number")),
    "owner": Column(_("Owner")),
    "value": Column(_("Stated value")),
}


class ChooseColumns(Input):
    """What a person wants to see of things beside name, code and state. `words`: those of the list's own address."""

    shown: list[ColumnWord] = Field(default_factory=list)
    words: Line = ""


def chosen(me: Me) -> Sequence[str]:
    """In the order of the choice offered."""
    kept = preferences.chosen(me.id, PREFERENCE, USUAL).split(",")
    return [name for name in CHOICE if name in kept]


def choose(wish: ChooseColumns, *, by: Me, at: datetime) -> bool:
    del at  # a preference has no history
    preferences.choose(by.id, PREFERENCE, ",".join(wish.shown))
    return True
