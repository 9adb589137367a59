"""Trying a hand scanner: what it sent, which keyboard it seems set to, whether the code was read right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.db import session
from app.inventory.models import OF_AN_OPERATION, Category, Device, DeviceModel, GivenCode, Hold
from app.inventory.states import LATE, LOOKS, State
from app.lending.models import Loan, LoanLine
from app.people import households
from app.people.models import Household
from app.people.roles import Me
from app.times import today
from app.words import _
from labels import codes

SPECIMEN = "DCLBTRXN"  # right, and of no thing: the example of the documentation
UNKNOWN = codes.make("D", 2**24 - 1)
# How the beginning of an address arrives, by the keyboards of scanner and computer.
KEYBOARDS = (
    (("http://", "https://"), _("Scanner and computer are set to the same keyboard. Nothing to change.")),
    (
        ("httpm!!", "httpsm!!"),
        _("The scanner is set to an American keyboard, the computer to a French one. Our codes are read all the same."),
    ),
    (
        ("http.>>", "https.>>"),
        _("The scanner is set to a French keyboard, the computer to an American one. Our codes are read all the same."),
    ),
)
MUDDLED = _("The keyboards of scanner and computer differ. Our codes are read all the same.")
ALIKE = _("The bars hold letters that every keyboard has at the same place. To learn the keyboard, scan the square.")


@dataclass(frozen=True)
class Reading:
    """One scan: the signs as the computer wrote them, and as an American keyboard has them; the code found in them."""

    text: str
    alt: str
    code: str | None
    keyboard: Any

    @property
    def expected(self) -> bool:
        return self.code == SPECIMEN


def reading(text: str, alt: str) -> Reading | None:
    """What to say of these signs; nothing when none came."""
    if not text:
        return None
    code = codes.parse(text) or codes.parse(alt)
    return Reading(text, alt, code, _keyboard(text, alt, code))


def _keyboard(text: str, alt: str, code: str | None) -> Any:
    begun = text.casefold()
    for starts, words in KEYBOARDS:
        if begun.startswith(starts):
            return words
    if begun.startswith("http"):
        return MUDDLED
    return ALIKE if code else ""


@dataclass(frozen=True)
class Sample:
    """A code to scan from the screen: what it stands for, and what the scan should open."""

    code: str
    title: Any
    name: str
    look: State | None
    hope: Any


def samples(me: Me) -> list[Sample]:
    """A few well-chosen codes of this person's centre; what there is none of is left out."""
    here = select(Device).order_by(Device.id).limit(1)
    here = here.where(Device.centre_id == me.centre_id) if me.centre_id else here
    late = here.join(LoanLine, LoanLine.device_id == Device.id).where(LoanLine.closed_at.is_(None))
    late = late.where(LoanLine.due_on < today())
    found = [
        _thing(here.where(_LENDABLE), LOOKS["available"], _("It opens, ready to be lent.")),
        _thing(late, LATE, _("It opens, ready to be taken back.")),
        _thing(
            here.where(Device.state == "to_check"), LOOKS["to_check"], _("It opens, and asks to be wiped or checked.")
        ),
        _card(me),
        _ahead(),
        Sample(UNKNOWN, _("Unknown"), "", None, _("The house says that nothing bears this code.")),
    ]
    return [sample for sample in found if sample]


_HELD = select(Hold.device_id).where(Hold.lifted_at.is_(None), Hold.kind.not_in(OF_AN_OPERATION))
_FOR_HOUSEHOLDS = select(DeviceModel.id).join(Category).where(Category.lent_to == "household")
_LENDABLE = (Device.state == "available") & Device.id.not_in(_HELD) & Device.model_id.in_(_FOR_HOUSEHOLDS)


def _thing(query: Select[Device], look: State, hope: Any) -> Sample | None:
    device = session().scalar(query)
    return Sample(device.code, look.word, device.name, look, hope) if device else None


def _card(me: Me) -> Sample | None:
    """The card of a household that has something out, for those whose doors open that."""
    out = select(Loan.household_id).where(Loan.closed_at.is_(None), Loan.centre_id == me.people_of)
    query = households.search("", me).where(Household.id.in_(out)).order_by(Household.id).limit(1)
    found = session().scalar(query)
    return Sample(found.code, _("A household's card"), found.name, None, _("The household opens.")) if found else None


def _ahead() -> Sample | None:
    """A label printed ahead that waits for its thing."""
    code = session().scalar(
        select(GivenCode.code).where(GivenCode.device_id.is_(None)).order_by(GivenCode.code).limit(1)
    )
    return Sample(code, _("Printed ahead"), "", None, _("It asks which thing it is stuck on.")) if code else None
