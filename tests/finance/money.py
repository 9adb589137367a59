"""The seed's operation in the small world: led by ACSM, joined by MQCV, with its plan and the illustrative lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.errors import Refused
from app.finance import allocations, budget, expenses, operations, payments, tied
from app.finance.forms import NewLine, OpenOperation, SetPlan
from app.finance.models import Operation
from app.finance.spending import Expense
from app.finance.spending_forms import Allocate, NewExpense, Pay, TieThings
from app.people.roles import Held, Me
from tests.make import AUDITED, World, do

SEED = json.loads((Path(__file__).parent / "plan.json").read_text())
KINDS = {"public_eu": "eu", "public_regional": "region", "public_local": "local", "public_state": "state"}
LAPTOP = {"words": "Ordinateurs portables", "quantity": 1, "net_cents": 68_900, "vat_cents": 13_780}


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def funders() -> list[dict[str, Any]]:
    """The financing plan as its document prints it."""
    return [
        {
            "code": row["code"],
            "name": row["partner"],
            "kind": KINDS.get(row["kind"], row["kind"]),
            "amount_cents": cents(row["amount"]),
            "printed_rate": int(Decimal(row["rate_printed"]) * 100),
        }
        for row in SEED["plan"]
    ]


def lines() -> list[dict[str, Any]]:
    """The illustrative lines; the second is a flat rate of the first."""
    return [
        {
            "code": row["code"],
            "heading": row["poste"],
            "label": row["label"],
            "packages": row["wp"].replace("-", ""),
            "initial_cents": cents(row["planned"]),
            "accepts_assets": row["asset_line"],
            **({"flat_rate": 1500, "bases": ["L1"]} if row["code"] == "L2" else {}),
        }
        for row in SEED["lines_illustrative"]
    ]


def operation(world: World, number: str = AUDITED, by: str = "finn", **over: Any) -> Operation:
    card = {
        "number": number,
        "name": "Centres sociaux connectés du bassin minier",
        "programme": "2014-2020",
        "lead": world.organisations["acsm"],
        "partners": [world.organisations["mqcv"]],
    }
    row = do(operations.open_one, OpenOperation(**card | over), by=world.me(by))
    do(operations.set_plan, SetPlan(funders=funders()), row, by=world.me(by))
    for one in lines():
        do(budget.add, NewLine(**one), row, by=world.me(by))
    return row


def partner(world: World, organisation: str = "mqcv") -> Me:
    """Whoever keeps the money of a partner."""
    return replace(world.me("finn"), held=(Held("finance", None, world.organisations[organisation]),))


def invoice(world: World, *rows: dict[str, Any], by: Me | None = None, **over: Any) -> Expense:
    """An invoice of one laptop, or of these lines."""
    card = {"supplier": "UGAP", "number": uuid4().hex[:12], "issued_on": "2020-10-15", "lines": list(rows or [LAPTOP])}
    return do(expenses.enter, NewExpense(**card | over), by=by or world.me("finn"))


def put_down(world: World, row: Expense, line: str, **over: Any) -> Any:
    wish = {"operation": AUDITED, "budget_line": line, "line": row.lines[0].id}
    return do(allocations.allocate, Allocate(**wish | over), row, by=world.me("finn"))


def tie(world: World, row: Expense, *codes: str) -> Expense:
    return do(tied.tie, TieThings(line=row.lines[0].id, devices=list(codes)), row, by=world.me("finn"))


def pay(world: World, row: Expense, day: str = "2020-11-12", **over: Any) -> Expense:
    return do(payments.pay, Pay(debited_on=day, **over), row, by=world.me("finn"))


@contextmanager
def says_no(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The house says no with this code, wherever the sentence stands."""
    with pytest.raises(Refused) as no:
        yield no
    assert no.value.code == code
    assert str(no.value.words)
