"""Inputs of the people wing: signing in, staff, desks, households."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Email, HouseholdCode, Input, Line, Name, Secret, Whole
from app.web import Listing

Pin = Annotated[str, Field(pattern=r"^\d{4,8}$")]
Weekday = Annotated[int, Field(ge=0, le=6)]
Language = Literal["fr", "en"]
Tongue = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20, description="BCP 47")]
RoleKind = Literal["front_desk", "outreach", "manager", "finance", "auditor", "coordinator", "administrator"]


class SignIn(Input):
    email: Line
    password: Secret
    next: Line = ""


class TakeOver(Input):
    """A colleague takes over at an enrolled desk."""

    person: int
    pin: Secret


class Lock(Input):
    """The desk is left."""


class Switch(Input):
    """Work at another of one's centres."""

    centre: int


class OwnSettings(Input):
    language: Language


class NewPassword(Input):
    old: Secret = ""
    password: Secret


class NewPin(Input):
    password: Secret
    pin: Pin


class AskReset(Input):
    email: Line


class FoundHouse(Act):
    """The first account of an empty house and its organisation. The journal's fingerprint leaves the secrets out."""

    key: Annotated[Secret, Field(exclude=True)] = ""
    organisation: Name
    name: Name
    email: Email
    password: Annotated[Secret, Field(exclude=True)]


class OrganisationName(Act):
    organisation: Name
    address: Line = ""
    privacy_contact: Line = ""


class CentreFacts(Act):
    """A social centre: where it is, its number, and its opening days (0 is Monday)."""

    name: Name
    town: Line = ""
    phone: Name
    cap: Annotated[int, Field(ge=0, le=100_000, description="euros")] | None = None
    open_days: list[Weekday] = Field(min_length=1, max_length=7)


class NewStation(Input):
    name: Name


class NewStaff(Act):
    name: Name
    email: Email
    role: RoleKind
    language: Language = "fr"


class NewRole(Act):
    role: RoleKind


class Gone(Act):
    """A colleague leaves, a role ends, a desk is given up."""


class NewHousehold(Act):
    """Two fields are enough: a name, and one way to reach them (none: through the referent)."""

    name: Name
    contact: Line = ""
    language: Tongue = "fr"


class EditHousehold(NewHousehold):
    """Also who follows them: a colleague of the centre; none named, the same as before."""

    referent: Whole | None = None


class HouseholdList(Listing):
    pass


class WhichHousehold(Input):
    household: HouseholdCode
