"""Operations: opened as the grant agreement has them, put right when a letter brings a day, and who pays how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app import history
from app.db import change, draft, for_update, put, session, walk, walk_one
from app.errors import Refused
from app.finance import purse, records
from app.finance.forms import FunderWish, OpenOperation, OperationCard, SetPlan
from app.finance.models import BudgetLine, Funder, KeyPart, Operation, OperationPartner
from app.history import Act
from app.people.models import Organisation
from app.people.roles import Me
from app.words import _

_PLAIN = (
    "name", "programme", "programme_name", "agreement", "decided_on", "eligible_from", "eligible_to", "paid_until",
    "accounts_on", "basis", "note",
)  # fmt: skip
_LOCKED = for_update(select(Operation), of=Operation)


def locked(row: Operation) -> Operation:
    """It stays as it is until the write ends."""
    found: Operation = session().scalars(_LOCKED.where(Operation.id == row.id)).one()
    return found


def open_one(wish: OpenOperation, *, by: Me, at: datetime) -> Operation:
    if session().scalar(select(Operation.id).where(Operation.number == wish.number)):
        words = _("There is an operation of this number already.")
        raise Refused("operation_there", words, fields={"number": words})
    _check(wish, by)
    row = draft(Operation, number=wish.number, plan_act_id=None, **_values(wish))
    told: dict[str, Any] = {"row": records.facts(row), "partners": _partners(row, wish)}
    act = history.record("operation_open", wish, by=by, at=at, subject=wish.number, **told)
    row.act_id = act.id
    return _with_partners(put(row), told["partners"])


def edit(row: Operation, wish: OperationCard, *, by: Me, at: datetime) -> Operation:
    row = locked(row)
    purse.check_leads(row, by)
    _check(wish, by)
    values = _values(wish)
    new = draft(Operation, number=row.number, **values)
    told: dict[str, Any] = {"row": records.facts(new), "partners": _partners(new, wish)}
    act = history.record("operation_edit", wish, by=by, at=at, subject=row.number, **told)
    session().execute(delete(OperationPartner).where(OperationPartner.operation_id == row.id))
    return _with_partners(records.rewrite(row, act, **values), told["partners"])


def _check(wish: OperationCard, by: Me) -> None:
    known = set(session().scalars(select(Organisation.id)))
    wrong = {f"partners.{n}": one for n, one in enumerate(wish.partners) if one not in known}
    wrong |= {} if wish.lead in known else {"lead": wish.lead}
    if wrong:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields=dict.fromkeys(wrong, words))
    purse.check_spends(wish.lead, by, "lead")
    if wish.eligible_from and wish.eligible_to and wish.eligible_from > wish.eligible_to:
        words = _("The last day lies before the first.")
        raise Refused("invalid", words, status=422, fields={"eligible_to": words})


def _values(wish: OperationCard) -> dict[str, Any]:
    packages = [line.strip().partition(" ") for line in wish.packages.splitlines() if line.strip()]
    named = [[code, name.strip()] for code, _blank, name in packages]
    return {name: getattr(wish, name) for name in _PLAIN} | {"lead_id": wish.lead, "packages": named}


def _with_partners(row: Operation, partners: Sequence[int]) -> Operation:
    session().add_all(OperationPartner(operation_id=row.id, organisation_id=one) for one in partners)
    session().flush()
    session().expire(row)
    return row


def _partners(row: Operation, wish: OperationCard) -> list[int]:
    return sorted(set(wish.partners) - {row.lead_id})


def of_act(act: Act) -> Operation:
    return session().scalars(select(Operation).where(Operation.number == act.subject)).one()


def set_plan(row: Operation, wish: SetPlan, *, by: Me, at: datetime) -> Operation:
    """The plan as a whole: funders no longer named go, unless something is told of them."""
    row = locked(row)
    purse.check_leads(row, by)
    _check_plan(wish.funders)
    there = {funder.code: funder for funder in row.funders}
    told = [_wished(one, place) for place, one in enumerate(wish.funders)]
    act = history.record("operation_plan", wish, by=by, at=at, subject=row.number, row=told)
    for code in there.keys() - {one["code"] for one in told}:
        _leave_out(there[code])
    for one in told:
        if funder := there.get(one["code"]):
            change(funder, **one)
        else:
            put(Funder(operation_id=row.id, **one))
    change(row, plan_act_id=act.id)
    session().expire(row)
    return row


def _check_plan(funders: Sequence[FunderWish]) -> None:
    known, seen = set(session().scalars(select(Organisation.id))), set[str]()
    for place, one in enumerate(funders):
        if one.code in seen:
            words = _("Two funders bear this code.")
            raise Refused("invalid", words, status=422, fields={f"funders.{place}.code": words})
        if one.organisation is not None and one.organisation not in known:
            words = _("Please choose one of the answers offered.")
            raise Refused("invalid", words, status=422, fields={f"funders.{place}.organisation": words})
        seen.add(one.code)


def _wished(one: FunderWish, place: int) -> dict[str, Any]:
    return {
        "position": place + 1,
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "amount_cents": one.amount_cents,
        "printed_rate": one.printed_rate,
        "organisation_id": one.organisation,
    }


def _leave_out(funder: Funder) -> None:
    named = select(BudgetLine.code).join(KeyPart, KeyPart.line_id == BudgetLine.id)
    if code := session().scalar(named.where(KeyPart.funder_id == funder.id).limit(1)):
        words = _("%(funder)s has a part in the key of line %(line)s.", funder=funder.name, line=code)
        raise Refused("funder_in_use", words)
    session().delete(funder)
    session().flush()


def check_operations() -> Iterator[str]:
    """Each operation is what its last act tells of, and so are its partners and its plan."""
    yield from records.check(Operation, "operation_open", "operation_edit")
    partners = ((one.operation_id, one.operation_id, one.organisation_id) for one in walk_one(select(OperationPartner)))
    yield from records.check_parts("operation_partner", partners, records.said(Operation, "partners"))
    funders = ((row.operation_id, row.id, _told(row)) for row in walk_one(select(Funder)))
    yield from records.check_parts("funder", funders, dict(_plans()))
    newest = {act.subject: act.id for act in history.of_kind("operation_plan")}
    for row in walk_one(select(Operation)):
        if row.plan_act_id != newest.get(row.number):
            yield f"operation {row.id}: not the act that tells of its plan"


def _told(row: Funder) -> records.Facts:
    return records.facts(row, "operation_id")


def _plans() -> Iterator[tuple[int, list[Any]]]:
    """The plan of each operation as its newest act tells it."""
    numbers = dict(walk(select(Operation.number, Operation.id)))
    for act in history.of_kind("operation_plan"):
        yield numbers[act.subject], list(act.told.get("row", []))
