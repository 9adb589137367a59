"""A row in every table of what was agreed and what became of it: parts owed, asked-for days, policies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app import files
from app.db import session
from app.inventory.printed import Photo
from app.lending import complaints, deposits, extensions, loans, losses, owed, policy, recalling, requests, returns
from app.lending.complaints import AddComplaint, RemoveComplaint
from app.lending.deposits import EndDeposit, HoldDeposit
from app.lending.forms import AskLonger, EndOwed, Extend, LetGoOf, RecallLoan, RefuseLonger, TakeBack, UndoExtension
from app.lending.policy import SettleLending
from app.people import closures
from app.people.closures import CloseCentre, OpenCentre
from app.people.models import Centre
from tests.make import NOW, TODAY, World, do, make_device, make_loan


def fill(world: World, folder: Path) -> None:
    """Two of each, one of them at its end."""
    loan = make_loan(world, device := make_device(world))
    back = {"code": device.code, "condition": "incomplete", "missing": ["chargeur", "housse", "souris"]}
    do(returns.take_back, TakeBack(devices=[back]), by=world.me())
    parts = owed.of_loans([loan])[loan.id]
    do(owed.end, EndOwed(how="received"), parts[0], by=world.me())
    do(owed.end, EndOwed(how="let_go", reason="perdue"), parts[2], by=world.me())
    _longer(world)
    _ended(world)
    _cheques(world)
    _complaints(world, folder)
    settled(world)


def _longer(world: World) -> None:
    """One wish refused, one granted with its reason, one that waits; an extension taken back."""
    day, loan = TODAY + timedelta(days=120), make_loan(world)
    do(extensions.ask, AskLonger(due_on=day), loan, by=world.me())
    row = requests.of_loans([loan])[0]
    do(extensions.refuse, RefuseLonger(reason="réservé"), loan, row.id, by=world.me())
    do(loans.extend, Extend(due_on=day, reason="formation"), loan, by=world.me("mia"))
    do(extensions.ask, AskLonger(due_on=day), loan, by=world.me())
    do(loans.extend, Extend(due_on=day), other := make_loan(world), by=world.me())
    do(extensions.undo, UndoExtension(), other, by=world.me())


def _ended(world: World) -> None:
    """Two loans called back, two closed without their things."""
    soon, me = TODAY + timedelta(days=30), world.me("mia")
    for reason in ("audit", "dangerous"):
        loan = do(recalling.recall, RecallLoan(reason=reason, due_on=soon), make_loan(world), by=me)
        gone = LetGoOf(device=loan.lines[0].device.code, why="lost", reason="perdu")
        do(losses.let_go, gone, loan, by=me)


def _cheques(world: World) -> None:
    """Two cheques, of which one was given back."""
    loans_of_them = [make_loan(world) for _ in range(2)]
    cheque = {"amount_cents": 5000, "last_four": "0042", "dated_on": TODAY, "kept_where": "coffre"}
    rows = [do(deposits.hold, HoldDeposit(**cheque), loan, by=world.me()) for loan in loans_of_them]
    do(deposits.end, EndDeposit(how="returned"), loans_of_them[0], rows[0].id, by=world.me())


def _complaints(world: World, folder: Path) -> None:
    """Two copies on one loan, of which one came off."""
    loan = make_loan(world)
    for name in "ab":
        file = files.write(folder, name.encode(), kind="loan", media_type="image/jpeg", at=NOW)
        row = do(complaints.add, AddComplaint(), loan, Photo(name, file), by=world.me())
    do(complaints.remove, RemoveComplaint(), loan, row.id, by=world.me())


def settled(world: World) -> None:
    """Two versions of the terms, and two closures of which one is over."""
    centre, me = session().get_one(Centre, world.centres["mqcv"]), world.me("zoe")
    for deposit in (None, 5000):
        lengths = [{"category": "laptop", "days": 30}]
        wish = SettleLending(at_once=3, extensions=1, longest_months=6, deposit_cents=deposit, lengths=lengths)
        do(policy.settle, wish, centre, by=me)
    days = {"from_day": "2031-11-20", "to_day": "2031-11-28"}  # around the day that test_verify damages days to
    shut = [do(closures.close, CloseCentre(**days), centre, by=me) for _ in range(2)]
    do(closures.open_again, OpenCentre(), centre, shut[0].id, by=me)
