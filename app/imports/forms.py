"""Inputs of imports: a file, what its columns mean, what is decided about a line, the start, the end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Input, Line, Whole

KindWord = Literal["register", "devices", "households"]


class Begun(Act):
    """The file itself comes beside, as the field `file` of a multipart form."""

    kind: str


class NewImport(Begun):
    kind: KindWord


class Meaning(Input):
    """What one column means; nothing when it is left out."""

    sheet: Whole
    column: Whole
    field: Line = ""


class MapColumns(Input):
    """`category`: the kind of those things whose line names none that is known."""

    columns: Annotated[list[Meaning], Field(max_length=1000)] = Field(default_factory=list)
    category: Line = ""


class Mended(Input):
    field: Line
    text: Line = ""


class Decide(Input):
    """What becomes of one line: as proposed, left out, or a new one beside the one it looks like."""

    place: Annotated[Line, Field(pattern=r"^\d{1,3}:\d{1,6}$")]
    do: Literal["", "skip", "new"] = ""
    mended: Annotated[list[Mended], Field(max_length=40)] = Field(default_factory=list)


class StartImport(Act):
    """Take over all lines without a fault."""


class DropImport(Act):
    """The file is let go, and nothing more of it is taken over."""


class CheckPage(Input):
    """Which lines are looked at, from which on."""

    show: Literal["", "faults", "doubles", "new", "change", "same"] = ""
    start: Annotated[int, Field(ge=0, le=100_000)] = 0


class TemplateAsked(Input):
    kind: KindWord = "register"
