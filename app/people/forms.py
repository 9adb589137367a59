"""Inputs of the people wing: signing in, staff, desks, households."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Day, Email, HouseholdCode, Input, Line, Name, SaidLine, Secret, Text, Whole
from app.web import Listing

Pin = Annotated[str, Field(pattern=r"^\d{4,8}$")]
Weekday = Annotated[int, Field(ge=0, le=6)]
Language = Literal["fr", "en"]
Tongue = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20, description="BCP 47")]
Address = Annotated[Text, Field(max_length=300)]
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
    open_days: list[Weekday] = Field(min_length=1, max_length=7)


class NewStation(Input):
    name: Name


class NewRole(Act):
    """`operation`, `ends_on`: of an auditor, who looks at one operation until a day."""

    role: RoleKind
    operation: Annotated[Line, Field(max_length=30)] = ""
    ends_on: Day | None = None


class NewStaff(NewRole):
    name: Name
    email: Email
    language: Language = "fr"


class Gone(Act):
    """A colleague leaves, a role ends, a desk is given up."""


class NewHousehold(Act):
    """Two fields are enough: a name, and one way to reach them (none: through the referent)."""

    name: Name
    contact: Line = ""
    language: Tongue = "fr"


class Adult(Input):
    """Somebody else of the household, beside the one the card is named after."""

    name: Line = ""
    signs: bool = Field(default=False, description="may sign as co-borrower")
    guardian: bool = Field(default=False, description="is a legal guardian of the minors")


class Minors(Input):
    """How many minors of an age band: never a name nor a date of birth."""

    band: Literal["0-5", "6-10", "11-14", "15-17"]
    count: Annotated[int, Field(ge=0, le=20)] = 0


class EditHousehold(NewHousehold):
    """Also who follows them (a colleague of the centre; none named, the same as before) and the rest of their card."""

    referent: Whole | None = None
    adults: Annotated[list[Adult], Field(max_length=20)] = Field(default_factory=list)
    minors: Annotated[list[Minors], Field(max_length=4)] = Field(default_factory=list)
    guardian: bool = Field(default=True, description="the one the card is named after is a legal guardian")
    interpreter: bool = False
    prescriber: SaidLine = Field("", description="who sent them")
    also: Line = Field("", description="a second phone or e-mail")
    reminders: Literal["", "phone", "mail", "post", "via_referent", "never"] = Field(
        "", description="the way wished for reminders; empty is the first one known"
    )
    address: Address = ""
    address_for: Literal["", "delivery", "fetch", "letter"] = Field("", description="what the address is needed for")
    show_address: bool = Field(default=True, description="false: it is left out everywhere until somebody asks for it")
    whole: bool = Field(default=False, description="what is not said of the card is emptied; else it stays as it was")


class Oppose(Act):
    """They say no to this (GDPR article 21)."""

    what: Literal["figures", "reminders"]


class Withdraw(Oppose):
    """They no longer mind."""


class ShowAddress(Act):
    """Somebody asks for an address that is not to be shown."""


class HouseholdList(Listing):
    pass


class WhichHousehold(Input):
    household: HouseholdCode
