"""What programs are told of deliveries, kits, supplies, SIM cards and stock-takes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from app.inputs import Answer
from app.web.listing import ListAnswer


class DeliveryLineAnswer(Answer):
    """`missing`: serial numbers of the delivery note that nobody scanned yet; `wrong`: scanned ones not on it."""

    id: int
    model: str
    ordered: int
    received: int
    missing: list[str]
    wrong: list[str]


class DeliveryAnswer(Answer):
    id: int
    supplier: str
    order_number: str
    centre: str
    due_on: date | None
    programme: str | None
    closed_at: datetime | None
    ordered: int
    received: int
    lines: list[DeliveryLineAnswer]
    devices: list[str]


class StepAnswer(Answer):
    step: str
    done: bool
    by: str
    at: datetime | None


class PreparationAnswer(Answer):
    code: str
    complete: bool
    steps: list[StepAnswer]


class KitThingAnswer(Answer):
    code: str
    name: str
    state: str


class KitAnswer(Answer):
    code: str
    name: str
    centre: str
    things: list[KitThingAnswer]


class SupplyAnswer(Answer):
    """The stock of the centre one works in. `unit_cost_cents`: what one more piece of it costs on average, rounded."""

    id: int
    name: str
    kind: str
    unit: str
    on_hand: int
    minimum: int
    under: bool
    value_cents: int
    unit_cost_cents: int | None


class SupplyMoveAnswer(Answer):
    """`cost_cents` is what came (positive) or went (negative) cost."""

    kind: str
    change: int
    cost_cents: int
    device: str | None
    words: str
    at: datetime


class SupplyCard(SupplyAnswer):
    """One supply with its last movements, the newest first."""

    moves: list[SupplyMoveAnswer]


class SimAnswer(Answer):
    id: int
    iccid: str
    operator: str
    plan_ends_on: date | None
    device: str | None
    note: str
    ended_at: datetime | None


class StockTakeAnswer(Answer):
    """`expected` are those that should be here; `elsewhere` those out, `confirmed` of which were seen there."""

    id: int
    name: str
    centre: str
    categories: list[str]
    opened_at: datetime
    closed_at: datetime | None
    expected: int
    seen: int
    missing: int
    unexpected: int
    elsewhere: int
    confirmed: int


class SightingAnswer(Answer):
    id: UUID
    code: str
    name: str
    how: str
    at: datetime
    finding: str
    stock_take: StockTakeAnswer


class FindingAnswer(Answer):
    """One thing of a stock-take: how it was last seen, and what follows."""

    code: str
    name: str
    state: str
    centre: str
    how: str | None
    finding: str


Deliveries = ListAnswer[DeliveryAnswer]
Kits = ListAnswer[KitAnswer]
Supplies = ListAnswer[SupplyAnswer]
Sims = ListAnswer[SimAnswer]
StockTakes = ListAnswer[StockTakeAnswer]
Findings = ListAnswer[FindingAnswer]
