"""Expenses: invoices, credit notes and personnel costs, typed once, as they stand on the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select

from app import history
from app.db import change, draft, put, session, walk_one
from app.errors import Refused
from app.finance import allocations, papers, payments, purse, records, spent, tied
from app.finance.allocation_models import Allocation
from app.finance.purchase_models import Purchase
from app.finance.shares import share
from app.finance.spending import Asset, Expense, ExpenseLine
from app.finance.spending_forms import AddPaper, Allocate, ExpenseCard, ExpenseLineWish, NewExpense, Pay, Withdraw
from app.inputs import invalid
from app.inventory.printed import Photo
from app.people.roles import Me
from app.words import _, bare, fold

_PLAIN = ("kind", "supplier", "number", "issued_on", "from_day", "to_day", "vat_recoverable", "words")


def enter(wish: NewExpense, *, by: Me, at: datetime) -> Expense:
    """Typed once: with what it is put down to, and the day it was paid, where these are known."""
    row, lines = drawn(wish, by=by)
    act = history.record("expense_new", wish, by=by, at=at, subject=row.name, **_facts(row, lines))
    row.act_id = act.id
    _with_lines(put(row), lines)
    for number, allocation in _put_down(wish, row):
        allocations.allocate(row, allocation, by=by, at=at, field=f"lines.{number}.line")
    if wish.paid_on:
        paid = Pay(id=uuid5(wish.id, "paid"), occurred_at=wish.occurred_at, debited_on=wish.paid_on, means=wish.means)
        payments.pay(row, paid, by=by, at=at)
    session().expire(row)
    return row


def enter_with_paper(paper: Photo, wish: NewExpense, *, by: Me, at: datetime) -> Expense:
    """The same with its paper, which was kept while it was typed and now stays."""
    row = enter(wish, by=by, at=at)
    paper.file.keep_until = None
    kind = "payslip" if row.kind == "personnel" else "invoice"
    added = AddPaper(id=uuid5(wish.id, "paper"), occurred_at=wish.occurred_at, kind=kind)
    papers.add(row, paper, added, by=by, at=at)
    return row


def drawn(wish: NewExpense, *, by: Me) -> tuple[Expense, list[ExpenseLine]]:
    """The expense as it would be written, looked at. Raises `Refused` beside what is wrong."""
    row = draft(Expense, uuid=wish.id, organisation_id=purse.payer(wish.organisation, by), gone_act_id=None)
    row.__dict__.update(_values(wish, row.organisation_id, by))
    lines = _lines(wish)
    _check_once(row)
    return row, lines


def _put_down(wish: NewExpense, row: Expense) -> Iterator[tuple[int, Allocate]]:
    """The wishes that put its lines down, each with the place of its line."""
    for place, (one, line) in enumerate(zip(wish.lines, row.lines, strict=True)):
        if one.line and wish.operation:
            number = uuid5(wish.id, f"allocate {place}")
            yield (
                place,
                Allocate(
                    id=number,
                    occurred_at=wish.occurred_at,
                    operation=wish.operation,
                    budget_line=one.line,
                    line=line.id,
                ),
            )


def _values(wish: ExpenseCard, organisation: int, by: Me) -> dict[str, Any]:
    """The columns of the row, looked at. Raises `Refused` (422) beside the field that is wrong."""
    faults: dict[str, Any] = {}
    if wish.kind != "personnel":
        needed = _("Please fill this in.")
        faults |= {name: needed for name in ("supplier", "number") if not getattr(wish, name)}
    if wish.from_day and wish.to_day and wish.from_day > wish.to_day:
        faults["to_day"] = _("The last day lies before the first.")
    purchase = _of_mine(Purchase, wish.purchase, organisation, "purchase", faults)
    credited = _of_mine(Expense, wish.credits, organisation, "credits", faults) if wish.kind == "credit_note" else None
    if faults:
        raise invalid(faults)
    keys = {"supplier_key": fold(wish.supplier), "number_key": bare(wish.number)}
    numbers = {"purchase_id": purchase, "credits_id": credited}
    return {name: getattr(wish, name) for name in _PLAIN} | keys | numbers


def _of_mine(table: Any, uuid: UUID | None, organisation: int, field: str, faults: dict[str, Any]) -> int | None:
    if uuid is None:
        return None
    query = select(table.id).where(table.uuid == uuid, table.organisation_id == organisation)
    found: int | None = session().scalar(query)
    if found is None:
        faults[field] = _("Please choose one of the answers offered.")
    return found


def _check_once(row: Expense) -> None:
    """The same invoice of the same supplier is not typed twice; personnel costs need no number."""
    if not row.number_key:
        row.number_key = row.uuid.hex
        return
    same = (Expense.organisation_id == row.organisation_id, Expense.gone_act_id.is_(None), Expense.uuid != row.uuid)
    alike = (Expense.supplier_key == row.supplier_key, Expense.number_key == row.number_key)
    if there := session().scalars(select(Expense).where(*same, *alike).limit(1)).first():
        words = _(
            "The invoice %(number)s of %(supplier)s was typed already.", number=there.number, supplier=there.supplier
        )
        raise Refused("expense_there", words, fields={"number": words})


def _lines(wish: ExpenseCard) -> list[ExpenseLine]:
    """Its lines to be written; those of a credit note are below zero."""
    if sum(one.net_cents + one.vat_cents for one in wish.lines) < 0:
        words = _(
            "This comes to less than nothing. If it is a credit note, say so and write its amounts without minus."
        )
        raise Refused("invalid", words, status=422, fields={"lines": words})
    sign = -1 if wish.kind == "credit_note" else 1
    return [_line(one, place, sign, wish.vat_recoverable) for place, one in enumerate(wish.lines, 1)]


def _line(one: ExpenseLineWish, place: int, sign: int, recoverable: int) -> ExpenseLine:
    whole = one.net_cents + one.vat_cents - share(one.vat_cents, recoverable)
    eligible = whole if one.eligible_cents is None else one.eligible_cents
    _check_sides(one, place)
    if abs(eligible) > abs(whole):
        words = _("No more is eligible than the net amount and the tax that does not come back.")
        raise Refused("invalid", words, status=422, fields={f"lines.{place - 1}.eligible_cents": words})
    return draft(
        ExpenseLine,
        position=place,
        words=one.words,
        quantity=one.quantity,
        net_cents=sign * one.net_cents,
        vat_cents=sign * one.vat_cents,
        eligible_cents=sign * eligible,
        allocated_cents=0,
    )


def _check_sides(one: ExpenseLineWish, place: int) -> None:
    """A line costs something, or something is taken off by it: its amounts lie on one side of nothing."""
    for name in ("vat_cents", "eligible_cents"):
        if (getattr(one, name) or 0) * one.net_cents < 0:
            words = _("The amounts of a line are all above nothing, or all below.")
            raise Refused("invalid", words, status=422, fields={f"lines.{place - 1}.{name}": words})


def _facts(row: Expense, lines: Sequence[ExpenseLine]) -> records.Facts:
    told = records.facts(row, "purchase_id", "credits_id") | {
        "purchase": _uuid_of(Purchase, row.purchase_id),
        "credits": _uuid_of(Expense, row.credits_id),
    }
    return {"row": told, "lines": [records.facts(line, "expense_id") for line in lines]}


def _uuid_of(table: Any, number: int | None) -> str | None:
    """A purchase or an expense by the name that stays."""
    found = session().get(table, number) if number else None
    return found.uuid.hex if found else None


def _with_lines(row: Expense, lines: Sequence[ExpenseLine]) -> Expense:
    for line in lines:
        line.expense_id = row.id
        put(line)
    session().expire(row)
    return row


def edit(row: Expense, wish: ExpenseCard, *, by: Me, at: datetime) -> Expense:
    """Put right. Its amounts stay as they are while something is put down, or a thing is tied to them."""
    row = spent.undeclared(row, by)
    values = _values(wish, row.organisation_id, by)
    new = draft(Expense, uuid=row.uuid, organisation_id=row.organisation_id, gone_act_id=None, **values)
    _check_once(new)
    lines = _lines(wish)
    same = [_amounts(line) for line in lines] == [_amounts(line) for line in row.lines]
    if not same:
        _check_loose(row, lines)
    act = history.record("expense_edit", wish, by=by, at=at, subject=row.name, **_facts(new, lines))
    records.rewrite(row, act, **values | {"number_key": new.number_key})
    if same:
        for line, told in zip(row.lines, lines, strict=True):
            change(line, words=told.words)
        return row
    session().execute(delete(ExpenseLine).where(ExpenseLine.expense_id == row.id))
    return _with_lines(row, lines)


def _amounts(line: ExpenseLine) -> tuple[int, ...]:
    return line.quantity, line.net_cents, line.vat_cents, line.eligible_cents


def _check_loose(row: Expense, lines: Sequence[ExpenseLine]) -> None:
    numbers = [line.id for line in row.lines]
    for table in (Allocation, Asset):
        if session().scalar(select(table.id).where(table.line_id.in_(numbers)).limit(1)):
            words = _("Its amounts are put down or tied to things. Take this invoice back and type it anew.")
            raise Refused("expense_in_use", words)
    if row.paid_cents and abs(row.paid_cents) > abs(sum(line.gross_cents for line in lines)):
        words = _("More was paid than these lines come to.")
        raise Refused("paid_more", words)


def withdraw(row: Expense, wish: Withdraw, *, by: Me, at: datetime) -> Expense:
    """Taken back, with what it was put down to and the things tied to it."""
    row = spent.undeclared(row, by)
    put_down, things = _standing(Allocation, row), _standing(Asset, row)
    gone = [row.name, *map(records.named, put_down), *map(tied.name_of, things)]
    act = history.record("expense_withdraw", wish, by=by, at=at, subject=row.name, gone=gone)
    for one in (*put_down, *things, row):
        change(one, gone_act_id=act.id)
    session().expire(row)
    return row


def restore(row: Expense, wish: Withdraw, *, by: Me, at: datetime) -> Expense:
    """In force again, as it was: with what was put down, and its things."""
    row = spent.locked(row, by)
    if row.gone_act_id is None:
        raise Refused("in_force", _("This expense is in force."))
    _check_once(row)
    went = row.gone_act_id
    things = session().scalars(select(Asset).where(Asset.gone_act_id == went)).all()
    back = [row.name, *map(tied.name_of, things)]
    history.record("expense_restore", wish, by=by, at=at, subject=row.name, back=back)
    for one in (row, *things):
        change(one, gone_act_id=None)
    for one in (
        session().scalars(select(Allocation).where(Allocation.gone_act_id == went).order_by(Allocation.id)).all()
    ):
        allocations.again(row, one, wish, by=by, at=at)
    session().expire(row)
    return row


def _standing(table: Any, row: Expense) -> Sequence[Any]:
    numbers = [line.id for line in row.lines]
    return session().scalars(select(table).where(table.line_id.in_(numbers), table.gone_act_id.is_(None))).all()


def check_expenses() -> Iterator[str]:
    """Each expense is what its last act tells of, line by line, and none went without an act."""
    yield from records.check(Expense, "expense_new", "expense_edit", told=lambda row: _facts(row, ())["row"])
    lines = ((one.expense_id, one.id, records.facts(one, "expense_id")) for one in walk_one(select(ExpenseLine)))
    yield from records.check_parts("expense_line", lines, records.said(Expense, "lines"))
    yield from records.check_gone(Expense, lambda row: row.name)
