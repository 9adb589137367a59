"""Inputs of signing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Day, Input, Moment, Name
from app.lending.marks import LONGEST

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the pages that were shown")]
Capacity = Literal["borrower", "co_borrower", "guardian", "other"]
Known = Literal["team", "document", "referent"]
CopyGiven = Literal["paper", "mail", "none"]


class PrepareSigning(Act):
    """Draw and keep the pages, before they are shown to whoever signs."""


class Sign(Act):
    """Who signs what, in which capacity, how the team knows them. `drawn` wants a `mark`, `typed` wants `agrees`."""

    pdf: Digest
    way: Literal["drawn", "typed"] = "typed"
    name: Name
    capacity: Capacity = "borrower"
    known: Known
    copy_given: CopyGiven
    agrees: bool = False
    mark: Annotated[str, Field(max_length=LONGEST, description="a path in a box of 600 by 300: M10 20L30 40")] = ""
    device_at: Moment | None = None


FormNumber = Annotated[int, Field(ge=1, le=10**9)]


class SignedOnPaper(Act):
    """A form printed ahead and signed with a pen: its number, the true day, who signed. The photo comes beside."""

    number: FormNumber
    signed_on: Day
    name: Name
    capacity: Capacity = "borrower"
    known: Known
    copy_given: CopyGiven


class PrintForms(Act):
    count: Annotated[int, Field(ge=1, le=20)] = 5


class SpoilForm(Act):
    number: FormNumber
    reason: Literal["torn", "lost", "mistake"]


class WhichForms(Input):
    first: FormNumber
    last: FormNumber
