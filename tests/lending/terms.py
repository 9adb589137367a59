"""A row in every table of what was agreed and what became of it: parts owed, asked-for days, policies."""

from __future__ import annotations

from app.lending import owed, returns
from app.lending.forms import EndOwed, TakeBack
from tests.make import World, do, make_device, make_loan


def fill(world: World) -> None:
    """Two of each, one of them at its end."""
    loan = make_loan(world, device := make_device(world))
    back = {"code": device.code, "condition": "incomplete", "missing": ["chargeur", "housse", "souris"]}
    do(returns.take_back, TakeBack(devices=[back]), by=world.me())
    parts = owed.of_loans([loan])[loan.id]
    do(owed.end, EndOwed(how="received"), parts[0], by=world.me())
    do(owed.end, EndOwed(how="let_go", reason="perdue"), parts[2], by=world.me())
