"""Inputs of the catalogue: kinds of things, their own fields, models, recalls; and what hangs on one thing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.inputs import ONE_LINE, Act, Day, Input, Line, Name, Text, Whole
from app.inventory.numbers import KINDS, tidied

Icon = Literal["laptop", "tablet", "phone", "router", "printer3d", "printer", "plug", "camera", "bag", "cart"]
LentTo = Literal["household", "outing", "never"]
Gate = Literal["wipe", "check"]
FieldKind = Literal["text", "number", "date", "choice", "yes_no"]
IdentifierKind = Literal["imei", "iccid", "mac", "other"]
LoanDays = Annotated[int, Field(ge=1, le=1830)]
assert set(KINDS) == {"imei", "iccid", "mac", "other"}


class CategoryFacts(Act):
    """A kind of thing: how long it is lent, to whom, and what stands before it is lent again."""

    name_fr: Annotated[str, Field(min_length=1, max_length=60), ONE_LINE]
    name_en: Annotated[str, Field(min_length=1, max_length=60), ONE_LINE]
    icon: Icon = "laptop"
    loan_days: LoanDays = 91
    lent_to: LentTo = "household"
    gate: Gate = "check"
    checklist: Line = Field("", description="what is looked at together at each hand-over, separated by commas")
    wipe_steps: Text = Field("", description="how such things are wiped, a step a line")


class NewField(Act):
    """A field of the house's own on the cards of one kind of thing."""

    name: Annotated[str, Field(min_length=1, max_length=60), ONE_LINE]
    kind: FieldKind = "text"
    choices: Line = Field("", description="for a choice: the answers, separated by commas")


class EndField(Act):
    """It is asked for no more; what was written in it stays in the journal's past, not on cards."""


class ModelFacts(Act):
    """What is written on the card of a model."""

    name: Name
    category: Name
    number: Line = ""
    parts: Line = Field("", description="what goes with it, separated by commas")
    loan_days: LoanDays | None = None
    updates_until: Day | None = Field(None, description="the last day of the maker's security updates")
    safety: Text = ""


class RecallModel(Act):
    """The maker calls this model back."""

    reason: Name


class LiftRecall(Act):
    """The recall is over."""


class Identifier(Input):
    """A number a thing bears beside its serial. An empty value takes it off."""

    kind: IdentifierKind
    value: Annotated[str, Field(max_length=40), ONE_LINE] = ""

    @field_validator("value")
    @classmethod
    def _right(cls, value: str, info: ValidationInfo) -> str:
        return tidied(str(info.data.get("kind", "other")), value)


class Detail(Input):
    """What is written in one of the kind's own fields. An empty value takes it off."""

    field: Whole
    value: Line = ""


class AddFile(Act):
    """A photo or a document of a thing; the file itself comes beside."""

    kind: Literal["photo", "document"] = "photo"
    title: Annotated[str, Field(max_length=100), ONE_LINE] = ""


class LetFileGo(Act):
    """It is taken off the card; its bytes are destroyed a week later."""


class PutFileBack(Act):
    """Taken off by mistake."""
