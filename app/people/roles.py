"""What each role may do. One table; the doors and the pages read it, and a test holds every route against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

# A right is a word on a door. "staff" is anyone signed in.
_DESK = frozenset({"staff", "things", "lend", "households", "label", "move"})
RIGHTS: Mapping[str, frozenset[str]] = {
    "front_desk": _DESK | {"equip"},
    "outreach": _DESK,
    "manager": _DESK | {"equip", "hold", "people", "stations", "privacy", "decide"},
    "finance": frozenset({"staff", "things", "money", "spend"}),
    "auditor": frozenset({"staff", "things", "money"}),
    "coordinator": frozenset({"staff", "things", "label", "equip", "hold", "move", "money", "spend"}),
    "administrator": frozenset({"staff", "people", "stations"}),
}
HERE = ("front_desk", "outreach", "manager")  # roles that act in one centre at a time


@dataclass(frozen=True)
class Held:
    """One role as a person holds it."""

    kind: str
    centre_id: int | None
    organisation_id: int | None
    ends_on: date | None = None
    operation: str | None = None  # the number of the one an auditor looks at


@dataclass(frozen=True)
class Where:
    """The centre a person works in just now."""

    id: int
    code: str
    name: str
    phone: str
    organisation_id: int
    organisation: str
    open_days: int


@dataclass(frozen=True)
class Me:
    """Whoever stands before the house: id 0 and no role when nobody is signed in."""

    id: int = 0
    name: str = ""
    email: str = ""
    language: str = "fr"
    held: tuple[Held, ...] = ()
    centre: Where | None = None
    sign_in_id: int | None = None
    station_id: int | None = None
    rights: frozenset[str] = field(default=frozenset({"anyone"}))

    def may(self, right: str) -> bool:
        return right in self.rights

    @property
    def centre_id(self) -> int:
        """The centre whose things and people this person may act on; 0 is none."""
        return self.centre.id if self.centre else 0

    @property
    def audit(self) -> Held | None:
        """What an auditor looks at, and until when; nothing for whoever has other work here."""
        if self.may("spend") or self.may("label"):
            return None
        return next((role for role in self.held if role.kind == "auditor" and role.operation), None)

    @property
    def people_of(self) -> int:
        """The centre whose people this person may see; 0 is none."""
        return self.centre_id if self.may("households") else 0


def is_coordinator(me: Me) -> bool:
    """Whoever answers for all things, of every centre; so does the house itself."""
    return me.id == 0 or any(role.kind == "coordinator" for role in me.held)


def rights_of(held: Iterable[Held], centre: Where | None, day: date) -> frozenset[str]:
    """The rights these roles give on that day in that centre: centre roles count only where they are held."""
    rights = {"anyone"}
    for role in held:
        if role.ends_on and role.ends_on < day:
            continue
        if role.kind in HERE and not _covers(role, centre):
            rights |= {"staff", "things"}
        else:
            rights |= RIGHTS[role.kind]
    return frozenset(rights)


def _covers(role: Held, centre: Where | None) -> bool:
    return centre is not None and (role.centre_id == centre.id or role.organisation_id == centre.organisation_id)


THE_HOUSE = Me(id=0, name="Va-et-vient", rights=frozenset({"anyone"}).union(*RIGHTS.values()))
NOBODY = Me()
