"""Inputs of claims."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.finance.forms import Change
from app.inputs import FILLED, Act, Day, Input, Name, SaidName, SaidText, Whole
from app.inventory.stock_forms import Price


class CorrectionWish(Input):
    """A piece of an earlier claim counts so much more or less: below zero when less."""

    claim: Annotated[int, Field(ge=1, le=10_000)]
    piece: Annotated[int, Field(ge=1, le=100_000)]
    cents: Change
    words: SaidName


class ClaimCard(Act):
    """`to_day`: what was paid until then and is not declared yet is in it, but for what is left out.

    `left_out`: the acts that put these allocations down, as the draft names them.
    """

    title: Name
    from_day: Day
    to_day: Day
    left_out: Annotated[list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]], Field(max_length=2000)] = Field(
        default_factory=list
    )
    corrections: Annotated[list[CorrectionWish], Field(max_length=100), FILLED] = Field(default_factory=list)


class NewClaim(ClaimCard):
    organisation: Whole | None = None


class FileClaim(Act):
    """It goes to the authority as it stands: its pieces are numbered and never change again."""

    filed_on: Day


class AnswerPiece(Input):
    """What the authority accepted of a piece, where that is not all of it, and why."""

    number: Annotated[int, Field(ge=1, le=100_000)]
    accepted_cents: Price
    reason: SaidText = ""


class AnswerClaim(Act):
    """The answer of the authority: all is accepted but what is named."""

    answered_on: Day
    pieces: Annotated[list[AnswerPiece], Field(max_length=2000), FILLED] = Field(default_factory=list)
