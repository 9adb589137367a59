"""Inputs of an operation and its plan."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.imports.forms import Begun
from app.inputs import FILLED, ONE_LINE, Act, Day, Euros, Input, Line, Name, SaidText, Text, Whole
from app.inventory.forms import Programme
from app.inventory.stock_forms import Price
from app.web import Listing

Basis = Literal["30/360", "actual/365"]
FunderKind = Literal["eu", "region", "local", "state", "partner", "self", "other"]
FundingKey = Literal["plan_prorata", "beneficiary", "explicit"]
Number = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$"), ONE_LINE]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), ONE_LINE]

_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
_SIGNED = re.compile(r"([-+\u2212]?)([0-9]{1,8})(?:[.,]([0-9]{1,2}))?")


def _hundredths(value: object) -> object:
    """What a person typed is percent, `28,81`; a number is hundredths of one."""
    if not isinstance(value, str):
        return value
    found = _PERCENT.fullmatch("".join(value.replace("%", "").split()))
    if found is None:
        raise ValueError("percent")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _signed_cents(value: object) -> object:
    """What a person typed is euros, more or less: `-1 500,00`; a number is cents."""
    if not isinstance(value, str):
        return value
    found = _SIGNED.fullmatch("".join(value.replace("€", "").split()))
    if found is None:
        raise ValueError("price")
    cents = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -cents if found[1] in {"-", "\u2212"} else cents


Percent = Annotated[int, Field(ge=0, le=10_000, description="hundredths of a percent"), BeforeValidator(_hundredths)]
Change = Annotated[int, Field(ge=-(10**11), le=10**11, description="cents"), BeforeValidator(_signed_cents)]


MoneyKind = Literal["budget_lines", "invoices"]


class NewMoneyImport(Begun):
    """A table of money. `operation`: into which; `organisation`: whose invoices they are where a line does not say."""

    kind: MoneyKind
    operation: Number | None = None
    organisation: Whole | None = None


class MoneyTemplate(Input):
    kind: MoneyKind = "invoices"


class OperationList(Listing):
    pass


class OperationCard(Act):
    """Days are those of the grant agreement; what is not known stays empty. `packages`: a code and a name a line."""

    name: Name
    programme: Programme
    programme_name: Line = ""
    lead: Whole
    partners: Annotated[list[Whole], Field(max_length=50)] = Field(default_factory=list)
    agreement: Line = ""
    decided_on: Day | None = None
    eligible_from: Day | None = None
    eligible_to: Day | None = None
    paid_until: Day | None = None
    accounts_on: Day | None = None
    basis: Basis = "30/360"
    packages: Text = ""
    note: SaidText = ""


class OpenOperation(OperationCard):
    number: Number


class FunderWish(Input):
    """`printed_rate`: as the plan prints it, for whoever compares; amounts are what counts."""

    code: Code
    name: Name
    kind: FunderKind
    amount_cents: Price
    printed_rate: Percent | None = None
    organisation: Whole | None = None


class SetPlan(Act):
    """The financing plan as it was signed, from its first line to its last."""

    funders: Annotated[list[FunderWish], Field(min_length=1, max_length=40), FILLED]


class Weight(Input):
    """The part of a funder in a line whose key is written down: any amounts, only their proportion counts."""

    funder: Code
    weight: Annotated[Euros, BeforeValidator(_signed_cents)]


class LineCard(Act):
    """`flat_rate` makes it a percentage of `bases`; `funding_key` says how the funders share what it pays."""

    heading: Line = ""
    label: Name
    packages: Line = ""
    initial_cents: Price
    flat_rate: Percent | None = None
    bases: Annotated[list[Code], Field(max_length=40)] = Field(default_factory=list)
    accepts_assets: bool = False
    beneficiary: Whole | None = None
    funding_key: FundingKey = "plan_prorata"
    weights: Annotated[list[Weight], Field(max_length=40), FILLED] = Field(default_factory=list)


class NewLine(LineCard):
    code: Code


class RemoveLine(Act):
    """The line goes, or comes back."""


class Amend(Act):
    """The funders agreed to more or less for this line."""

    decided_on: Day
    delta_cents: Change
    reference: Line = ""
    reason: SaidText


class AcceptOverrun(Act):
    """Whoever accepts that the line costs more than planned, so far, says why."""

    reason: Annotated[SaidText, Field(min_length=1)]
