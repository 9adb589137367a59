"""Budget lines: what the money is for. Planned is what was signed first, and every amendment since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from app import history
from app.db import change, draft, for_update, put, session, walk, walk_one
from app.errors import NotThere, Refused
from app.finance import operations, purse, records
from app.finance.allocation_models import Allocation
from app.finance.forms import AcceptOverrun, Amend, LineCard, NewLine, RemoveLine
from app.finance.models import Amendment, BudgetLine, FlatBase, Funder, KeyPart, Operation, Overrun
from app.finance.purchase_models import Commitment
from app.history import Act
from app.inputs import invalid
from app.people.models import Organisation
from app.people.roles import Me
from app.words import _

_LOCKED = for_update(select(BudgetLine), of=BudgetLine)
_PLAIN = ("heading", "label", "initial_cents", "flat_rate", "funding_key")


def of(row: Operation) -> Sequence[BudgetLine]:
    """The lines of an operation, in the order of its grant agreement."""
    query = select(BudgetLine).where(BudgetLine.operation_id == row.id, BudgetLine.gone_act_id.is_(None))
    return session().scalars(query.order_by(BudgetLine.position, BudgetLine.id)).all()


def get(row: Operation, code: str) -> BudgetLine:
    found = next((line for line in of(row) if line.code == code), None)
    if found is None:
        raise NotThere(_("There is no such line in this operation."))
    return found


def get_any(row: Operation, code: str) -> BudgetLine:
    """The last line of that code, also when it went."""
    query = select(BudgetLine).where(BudgetLine.operation_id == row.id, BudgetLine.code == code)
    found = session().scalars(query.order_by(BudgetLine.id.desc()).limit(1)).first()
    if found is None:
        raise NotThere(_("There is no such line in this operation."))
    return found


def locked(line: BudgetLine) -> BudgetLine:
    found: BudgetLine = session().scalars(_LOCKED.where(BudgetLine.id == line.id)).one()
    return found


def add(row: Operation, wish: NewLine, *, by: Me, at: datetime) -> BudgetLine:
    row = operations.locked(row)
    purse.check_leads(row, by)
    there = {line.code: line for line in of(row)}
    if wish.code in there:
        words = _("There is a line of this code already.")
        raise Refused("line_there", words, fields={"code": words})
    bases, weights = _checked(row, there, wish)
    last = session().scalar(select(func.max(BudgetLine.position)).where(BudgetLine.operation_id == row.id))
    position = 1 + (last or 0)
    line = draft(BudgetLine, operation_id=row.id, position=position, code=wish.code, **_values(wish))
    told = _facts(row, line, bases, weights)
    line.act_id = history.record("line_new", wish, by=by, at=at, subject=row.number, **told).id
    put(line, operation=row)
    _write_parts(line, bases, weights)
    return line


def edit(line: BudgetLine, wish: LineCard, *, by: Me, at: datetime) -> BudgetLine:
    row = operations.locked(line.operation)
    purse.check_leads(row, by)
    line = locked(line)
    bases, weights = _checked(row, {one.code: one for one in of(row)}, wish, line)
    if line.amended_cents + wish.initial_cents < 0:
        words = _("With its amendments this line would be below zero.")
        raise Refused("below_zero", words, fields={"initial_cents": words})
    values = _values(wish)
    new = draft(BudgetLine, operation_id=row.id, position=line.position, code=line.code, **values)
    told = _facts(row, new, bases, weights)
    act = history.record("line_edit", wish, by=by, at=at, subject=row.number, **told)
    for table in (FlatBase, KeyPart):
        session().execute(delete(table).where(table.line_id == line.id))
    records.rewrite(line, act, **values)
    _write_parts(line, bases, weights)
    return line


def _values(wish: LineCard) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in _PLAIN} | {
        "packages": wish.packages.replace(",", " ").replace("/", " ").split(),
        "cost_mode": "real" if wish.flat_rate is None else "flat_rate",
        "accepts_assets": wish.accepts_assets and wish.flat_rate is None,
        "beneficiary_id": wish.beneficiary,
    }


def _checked(
    row: Operation, there: dict[str, BudgetLine], wish: LineCard, line: BudgetLine | None = None
) -> tuple[list[BudgetLine], dict[int, int]]:
    """The lines it is a percentage of, and the weights of funders by their number."""
    faults: dict[str, Any] = {}
    bases = [there[code] for code in dict.fromkeys(wish.bases) if code in there]
    if wish.flat_rate is not None and (not bases or any(one.is_flat or one is line for one in bases)):
        faults["bases"] = _("A flat rate is a percentage of other lines that are paid as they cost.")
    if wish.flat_rate == 0:
        faults["flat_rate"] = _("This number is too small.")
    if line is not None and wish.flat_rate is not None and _carries(line):
        faults["flat_rate"] = _("Expenses are put down to this line: it cannot become a flat rate.")
    if wish.beneficiary is not None and session().get(Organisation, wish.beneficiary) is None:
        faults["beneficiary"] = _("Please choose one of the answers offered.")
    funders = {funder.code: funder.id for funder in row.funders}
    weights = {funders[one.funder]: one.weight for one in wish.weights if one.funder in funders and one.weight}
    if wish.funding_key == "explicit" and not weights:
        faults["funding_key"] = _("Write down the part of at least one funder.")
    if wish.funding_key == "beneficiary" and wish.beneficiary is None:
        faults["beneficiary"] = _("Say whose line it is: its own money completes that of the funders.")
    if faults:
        raise invalid(faults)
    return (bases if wish.flat_rate is not None else []), weights


def _carries(line: BudgetLine) -> bool:
    """Whether any expense was ever put down to it."""
    return session().scalar(select(Allocation.id).where(Allocation.budget_line_id == line.id).limit(1)) is not None


def _facts(
    operation: Operation, line: BudgetLine, bases: Sequence[BudgetLine], weights: dict[int, int]
) -> records.Facts:
    names = {one.id: one.code for one in operation.funders}
    parts = sorted([names[funder], weight] for funder, weight in weights.items())
    row = records.facts(line, "operation_id")
    return {"row": row, "bases": sorted(one.code for one in bases), "weights": parts}


def _of_line(row: Amendment | Overrun, line: BudgetLine) -> records.Facts:
    """An amendment or an overrun as its act tells it."""
    return records.facts(row, "line_id") | {"line": line.code}


def _write_parts(line: BudgetLine, bases: Sequence[BudgetLine], weights: dict[int, int]) -> None:
    session().add_all(FlatBase(line_id=line.id, base_id=one.id) for one in bases)
    session().add_all(KeyPart(line_id=line.id, funder_id=number, weight=one) for number, one in weights.items())
    session().flush()
    session().expire(line)


def remove(line: BudgetLine, wish: RemoveLine, *, by: Me, at: datetime) -> BudgetLine:
    """A line written down by mistake goes while nothing is told of it."""
    row = operations.locked(line.operation)
    purse.check_leads(row, by)
    line = locked(line)
    if line.gone_act_id is not None:
        raise NotThere(_("There is no such line in this operation."))
    _check_unused(line)
    act = history.record("line_remove", wish, by=by, at=at, subject=row.number, gone=[_name(line)])
    change(line, gone_act_id=act.id)
    return line


def put_back(line: BudgetLine, wish: RemoveLine, *, by: Me, at: datetime) -> BudgetLine:
    """It was no mistake after all."""
    row = operations.locked(line.operation)
    purse.check_leads(row, by)
    line = locked(line)
    if line.gone_act_id is None or any(one.code == line.code for one in of(row)):
        raise Refused("line_there", _("There is a line of this code already."))
    history.record("line_put_back", wish, by=by, at=at, subject=row.number, back=[_name(line)])
    change(line, gone_act_id=None)
    return line


def _check_unused(line: BudgetLine) -> None:
    bound = select(Commitment.line_id).where(Commitment.line_id == line.id)
    base = select(FlatBase.line_id).where(FlatBase.base_id == line.id)
    if _carries(line) or line.amended_cents or any(session().scalar(one.limit(1)) for one in (bound, base)):
        words = _("Something is put down to this line, or goes by it. It stays; plan nothing for it instead.")
        raise Refused("line_in_use", words)


def amend(line: BudgetLine, wish: Amend, *, by: Me, at: datetime) -> BudgetLine:
    purse.check_leads(line.operation, by)
    line = locked(line)
    if wish.delta_cents == 0:
        words = _("Write by how much the line grows or shrinks.")
        raise Refused("invalid", words, status=422, fields={"delta_cents": words})
    if line.planned_cents + wish.delta_cents < 0:
        words = _("With its amendments this line would be below zero.")
        raise Refused("below_zero", words, fields={"delta_cents": words})
    values = {name: getattr(wish, name) for name in ("decided_on", "delta_cents", "reference", "reason")}
    row = draft(Amendment, line_id=line.id, **values)
    act = history.record("line_amend", wish, by=by, at=at, subject=line.operation.number, row=_of_line(row, line))
    row.act_id = act.id
    put(row)
    change(line, amended_cents=line.amended_cents + wish.delta_cents)
    return line


def amendments(line: BudgetLine) -> Sequence[Amendment]:
    query = select(Amendment).where(Amendment.line_id == line.id)
    return session().scalars(query.order_by(Amendment.decided_on, Amendment.id)).all()


def accept(line: BudgetLine, spent_cents: int, wish: AcceptOverrun, *, by: Me, at: datetime) -> BudgetLine:
    """Somebody answers for what the line costs beyond its plan: up to what it costs now."""
    purse.check_leads(line.operation, by)
    line = locked(line)
    if spent_cents <= line.planned_cents:
        raise Refused("within_plan", _("This line stays within its plan: there is nothing to accept."))
    row = draft(Overrun, line_id=line.id, up_to_cents=spent_cents, reason=wish.reason)
    act = history.record("line_accept", wish, by=by, at=at, subject=line.operation.number, row=_of_line(row, line))
    row.act_id = act.id
    put(row)
    return line


def accepted(lines: Sequence[BudgetLine]) -> dict[int, tuple[Overrun, Act]]:
    """By the number of a line, who last answered for its being over plan."""
    newest = select(func.max(Overrun.id)).where(Overrun.line_id.in_([line.id for line in lines]))
    query = select(Overrun, Act).join(Act, Act.id == Overrun.act_id)
    rows = session().execute(query.where(Overrun.id.in_(newest.group_by(Overrun.line_id)))).all()
    return {row.line_id: (row, act) for row, act in rows}


def of_act(act: Act) -> BudgetLine:
    """The line an act was about."""
    table: Any = {"line_amend": Amendment, "line_accept": Overrun}.get(act.kind)
    if table is not None:
        number = select(table.line_id).where(table.act_id == act.id).scalar_subquery()
        return session().scalars(select(BudgetLine).where(BudgetLine.id == number)).one()
    told = act.told
    code = told["row"]["code"] if "row" in told else (told.get("back") or told["gone"])[0].split()[-1]
    query = select(BudgetLine).join(Operation, Operation.id == BudgetLine.operation_id)
    query = query.where(Operation.number == act.subject, BudgetLine.code == code)
    return session().scalars(query.order_by(BudgetLine.id.desc()).limit(1)).one()


def _name(line: BudgetLine) -> str:
    """What the journal calls it: no two lines of an operation ever had one place."""
    return f"line {line.operation.number} {line.position} {line.code}"


def check_lines() -> Iterator[str]:
    """Each line is what its last act tells of, and worth what its amendments add up to."""
    operations_of = dict(walk(select(Operation.id, Operation.number)))

    def mine(line: BudgetLine, act: Act) -> bool:
        return act.subject == operations_of.get(line.operation_id)

    def told(line: BudgetLine) -> records.Facts:
        return records.facts(line, "operation_id")

    yield from records.check(BudgetLine, "line_new", "line_edit", told=told, also=mine)
    codes = dict(walk(select(BudgetLine.id, BudgetLine.code)))
    bases = ((one.line_id, one.line_id, codes.get(one.base_id)) for one in walk_one(select(FlatBase)))
    yield from records.check_parts("flat_base", bases, records.said(BudgetLine, "bases"))
    funders = dict(walk(select(Funder.id, Funder.code)))
    weights = ((o.line_id, o.line_id, [funders.get(o.funder_id), o.weight]) for o in walk_one(select(KeyPart)))
    yield from records.check_parts("key_part", weights, records.said(BudgetLine, "weights"))
    yield from records.check_gone(BudgetLine, _name)
    for table, kind in ((Amendment, "line_amend"), (Overrun, "line_accept")):
        yield from records.check(table, kind, told=_told, also=_in_operation)
    sums = dict(walk(select(Amendment.line_id, func.sum(Amendment.delta_cents)).group_by(Amendment.line_id)))
    for line in walk_one(select(BudgetLine)):
        if line.amended_cents != sums.get(line.id, 0):
            yield f"budget_line {line.id}: its amendments do not add up to what it says"


def _told(row: Amendment | Overrun) -> records.Facts:
    line = session().get(BudgetLine, row.line_id)
    return _of_line(row, line) if line else {}


def _in_operation(row: Amendment | Overrun, act: Act) -> bool:
    line = session().get(BudgetLine, row.line_id)
    return line is not None and act.subject == line.operation.number
