"""Inputs about the condition of things: what was seen point by point, and the faults that are known of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import ONE_LINE, TACT, Act, DeviceCode, Input

Grade = Literal["worn", "damaged", "missing"]
LONGEST = 100
Point = Annotated[str, Field(max_length=LONGEST, description="which part; empty for the whole thing"), ONE_LINE, TACT]
Seen = Annotated[str, Field(max_length=LONGEST, description="of the thing only, never of people"), ONE_LINE, TACT]


class SeenPoint(Input):
    """One point of a thing as it looked when it changed hands. A point that nobody names is as it was before."""

    device: DeviceCode
    point: Point = ""
    grade: Literal["ok", "worn", "damaged", "missing"] = "ok"
    note: Seen = ""


class NoteFault(Act):
    """Something is not right with this thing: whoever borrows it will be told."""

    point: Point = ""
    grade: Grade = "worn"
    note: Seen = ""


class EndFault(Act):
    """It is mended, or was replaced."""


class PutFaultBack(Act):
    """It is not mended after all."""
