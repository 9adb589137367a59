"""“Saisir une fiche papier”: a form signed on a doorstep is typed in with its loan, both in one act or none of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import uuid5

from pydantic import Field
from sqlalchemy import select

from app import history
from app.db import session
from app.errors import Refused
from app.inputs import Day, HouseholdCode, Line, ThingCode
from app.inventory import custody, kits
from app.inventory.models import CustodyLink, Device
from app.inventory.printed import Photo
from app.lending import loans, signatures
from app.lending.forms import AT_ONCE, Lend
from app.lending.models import Loan
from app.lending.signature_forms import SignedOnPaper
from app.people import households
from app.people.forms import NewHousehold
from app.people.roles import Me
from app.times import day_of, noon_of
from app.web.looks import day as said
from app.words import _


class TypedIn(SignedOnPaper):
    """What stands on the form: who signed, and the loan itself. `new_name`: of a household nobody wrote down yet."""

    devices: Annotated[list[ThingCode], Field(min_length=1, max_length=AT_ONCE)]
    household: HouseholdCode | None = None
    new_name: Line = ""
    new_contact: Line = ""
    due_on: Day


def type_in(sent: Photo, wish: TypedIn, *, by: Me, at: datetime) -> Loan:
    """The loan runs from noon of the day on which the form was signed; who signed it had the things in hand."""
    signatures.check_signed_on(wish.signed_on, at)
    _check_one_household(wish)
    _check_were_free(wish)
    loan = loans.lend(
        Lend(
            id=uuid5(wish.id, "loan"),
            household=wish.household or _written_down(wish, by=by, at=at),
            devices=wish.devices,
            due_on=wish.due_on,
            third=wish.capacity == "other",
            occurred_at=min(noon_of(wish.signed_on), at),
        ),
        by=by,
        at=at,
    )
    signatures.sign_on_paper(signatures.of_loan(loan), sent, wish, by=by, at=at)
    return loan


def _check_one_household(wish: TypedIn) -> None:
    words = _("Choose the household, or write down a new one.")
    if not wish.household and not wish.new_name:
        raise Refused("invalid", words, status=422, fields={"household": words})
    if wish.household and wish.new_name:
        words = _("Either a household that is known, or a new one: not both.")
        raise Refused("invalid", words, status=422, fields={"new_name": words})


def _check_were_free(wish: TypedIn) -> None:
    """What can leave now did not leave before it came back. Of a thing added since, nobody knows where it was then."""
    codes = [code for _place, code in kits.expanded(wish.devices)]
    for device in custody.locked(codes).values():
        since = _here_since(device)
        if device.state == "available" and since.number > 1 and day_of(since.at) > wish.signed_on:
            words = _("%(name)s was not free on this day, only since %(day)s.", name=device.name, day=said(since.at))
            raise Refused("not_free_then", words, fields={"signed_on": words})


def _here_since(device: Device) -> CustodyLink:
    """The step that brought it where it is; one that was undone is as if it had never been."""
    query = select(CustodyLink).where(CustodyLink.device_id == device.id)
    link = custody.last_link(device)
    while link.undoes:
        link = session().scalars(query.where(CustodyLink.number == link.undoes - 1)).one()
    return link


def _written_down(wish: TypedIn, *, by: Me, at: datetime) -> str:
    """The code of a household that this form is the first to tell of."""
    new = NewHousehold(id=uuid5(wish.id, "household"), name=wish.new_name, contact=wish.new_contact)
    return households.add(new, by=by, at=at).code


def of_act(act: history.Act) -> Loan:
    return session().get_one(Loan, signatures.of_act(act).loan_id)
