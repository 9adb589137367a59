"""Inputs of the inventory: models, devices, codes, checks, holds, labels."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.inputs import (
    LONGEST_TEXT,
    ONE_LINE,
    TACT,
    TIDY,
    Act,
    AnyCode,
    Day,
    DeviceCode,
    Euros,
    Input,
    Line,
    Name,
    SaidName,
    SaidText,
    Text,
    Whole,
)
from app.inventory.catalogue_forms import Detail, Identifier
from app.web import Listing
from labels import LabelError, media

Programme = Literal["2014-2020", "2021-2027"]
AT_ONCE = 2000  # labels in one file


def _known_medium(name: str) -> str:
    """The medium's own name, whichever of its numbers was written: `Avery L7160`, `J8160`."""
    try:
        return media(name).id
    except LabelError:
        raise ValueError("medium") from None


Medium = Annotated[Line, AfterValidator(_known_medium)]
StateWord = Literal[
    "available", "on_loan", "to_check", "in_repair", "in_transit", "with_staff", "with_partner", "on_outing",
    "lost", "stolen", "retired", "gone",
]  # fmt: skip


SortWord = Literal["name", "-name", "code", "-code", "state", "-state", "due", "-due", "serial", "-serial"]


class DeviceList(Listing):
    """Which things. `here`: of the own centre; `centre`: of the one with that code; `late`: due back before today.

    Sorted by a day or a number, the list holds the things that have one.
    """

    state: StateWord | None = None
    category: Line = ""
    here: bool = False
    centre: AnyCode = ""
    model: Whole | None = None
    owner: Whole | None = None
    late: bool = False
    sort: SortWord = "name"
    detail: Line = Field("", description="an answer on the card: the number of its field, a colon, the answer")


class NewModel(Act):
    maker: Name
    name: Name
    category: Name
    number: Line = ""
    parts: Line = Field("", description="what goes with it, separated by commas")
    loan_days: Annotated[int, Field(ge=1, le=1830)] | None = None
    updates_until: Day | None = Field(None, description="the last day of the maker's security updates")
    safety: Text = ""


class Register(Input):
    """The archive of the register; `files`: with photos and documents, which make it large."""

    files: bool = False


class DeviceFacts(Act):
    """What is written on a device's card; custody is not: it moves by acts."""

    name: Name
    model: Whole
    serial_number: Annotated[str, Field(max_length=40), ONE_LINE] = ""
    no_serial_reason: Line = ""
    inventory_number: Annotated[str, Field(max_length=40), ONE_LINE] = ""
    owner: Whole
    payer: Whole | None = None
    programme: Programme | None = None
    stated_value_cents: Euros | None = None
    acquired_on: Day | None = None
    warranty_until: Day | None = None
    replaced_by: AnyCode = Field("", description="the code or a number of the thing that took its place")
    note: SaidText = ""
    identifiers: Annotated[list[Identifier] | None, Field(max_length=20)] = None  # nothing said: they stay
    details: Annotated[list[Detail] | None, Field(max_length=50)] = None


class NewDevice(DeviceFacts):
    """A new thing in this centre's store; `code` is a pre-printed label already stuck on it."""

    code: AnyCode = ""


class BroughtAlong(NewDevice):
    """A thing that an import brings: it may bear a code of ours that this house has not given, on a label it keeps.

    `to_check`: it waits for its check.
    """

    to_check: bool = False


class NewDevices(Act):
    """Several things of one model: a line each, its serial number, behind a pre-printed code if it bears one."""

    model: Whole
    lines: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), TIDY]
    programme: Programme | None = None


class LabelsFit(Act):
    """A sheet came out of the printer, and its labels fall where they should."""

    medium: Medium = "L7160"


class TieCode(Act):
    """Tie a pre-printed label: scan it, then scan the thing's serial or its old code."""

    code: DeviceCode
    thing: AnyCode


class CheckDone(Act):
    """The gate before lending again: data wiped, or the return check done. What follows `mended` tells of the wipe."""

    method: Line = ""
    result: Literal["fit", "unfit"] = "fit"
    note: SaidText = ""
    mended: Annotated[list[Whole], Field(max_length=40, description="known faults that are mended, by number")] = Field(
        default_factory=list
    )
    level: Literal["clear", "purge", "destroy"] = Field("clear", description="of NIST SP 800-88")
    tool: Line = ""
    files: Literal["offered", "waited"] = Field("offered", description="saved with the household, or waited for it")
    accounts_out: bool = False
    cards_out: bool = False
    verified_by: Whole | None = Field(None, description="0: nobody yet, so it stays; nothing: whoever wiped it")


class PlaceHold(Act):
    reason: SaidName
    until: Day | None = None


class LiftHold(Act):
    """The reason is gone."""


class UndoIt(Act):
    """A fresh mistake is taken back."""


class Labels(Act):
    """Which labels, on which sheet, from which free place on."""

    codes: list[AnyCode] = Field(default_factory=list, max_length=AT_ONCE)
    medium: Medium = "L7160"
    start_at: Annotated[int, Field(ge=1, le=200)] = 1


class LabelsAsked(Input):
    """The same in the words of an address: codes joined by commas, at most 200."""

    codes: Annotated[str, Field(max_length=2000)] = ""
    medium: Medium = "L7160"
    start_at: Annotated[int, Field(ge=1, le=200)] = 1


class TestPage(Input):
    """Which medium to try on paper."""

    medium: Medium = "L7160"


class TunePrinter(Act):
    """What a printed test page shows against its sheet: where the frames lie, and how long the two rulers are."""

    aside_mm: Annotated[float, Field(ge=0, le=5)] = 0
    aside: Literal["left", "right"] = "right"
    off_mm: Annotated[float, Field(ge=0, le=5)] = 0
    off: Literal["high", "low"] = "low"
    across_mm: Annotated[float, Field(ge=170, le=190)] = 180
    along_mm: Annotated[float, Field(ge=170, le=190)] = 180


class ForgetPrinter(Act):
    """Draw sheets as they are again."""


class PlaceLabel(Act):
    """The label is stuck on its thing."""


class LabelsPage(Input):
    """What the page of labels is asked for: codes, with commas or one by one, an act of printing ahead, or an import.

    `start`: how many of an import's things to pass over. The rest as last time.
    """

    codes: list[Annotated[str, Field(max_length=2000)]] = Field(default_factory=list, max_length=200)
    ahead: UUID | None = None
    brought: UUID | None = None
    start: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    medium: Medium | None = None
    start_at: Annotated[int, Field(ge=1, le=200)] | None = None


class LabelsLook(Input):
    """The sheet as it would be printed, for more codes than an address takes. The rest as last time."""

    codes: list[AnyCode] = Field(default_factory=list, max_length=AT_ONCE)
    medium: Medium | None = None
    start_at: Annotated[int, Field(ge=1, le=200)] | None = None


class NewCodes(Act):
    """Blank labels to print in advance."""

    count: Annotated[int, Field(ge=1, le=500)] = 21
    medium: Medium = "L7160"
    start_at: Annotated[int, Field(ge=1, le=200)] = 1


class Found(Input):
    """Somebody found a thing and leaves a message."""

    words: Annotated[str, Field(min_length=1, max_length=500), TIDY, TACT]
    contact: Annotated[str, Field(max_length=100), ONE_LINE] = ""
