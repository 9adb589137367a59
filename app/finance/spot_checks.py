"""On-the-spot checks of an operation: written down, answered, concluded. A concluded one does not change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app import history
from app.db import change, draft, for_update, put, session
from app.errors import NotThere, Refused
from app.finance import purse, records
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_forms import CheckCard, ConcludeCheck, NewCheck, ReopenCheck, ReplyCheck
from app.finance.spot_check_models import SpotCheck, SpotFinding, SpotItem
from app.history import Act
from app.inputs import invalid
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

_LOCKED = for_update(select(SpotCheck), of=SpotCheck)
_CARD = ("kind", "body", "checked_on", "notes", "answer_due_on")
_REST = ("uuid", "operation_id", "centre_id", "answered_on", "concluded_on")


def of(row: Operation) -> Select[SpotCheck]:
    """Those of an operation that stand. Whoever sees the operation sees them: every partner answers for it."""
    return select(SpotCheck).where(SpotCheck.operation_id == row.id, SpotCheck.gone_act_id.is_(None))


def get(uuid: str, me: Me) -> SpotCheck:
    mine = purse.operations(me).with_only_columns(Operation.id)
    query = select(SpotCheck).where(SpotCheck.uuid == records.number(uuid), SpotCheck.operation_id.in_(mine))
    found = session().scalars(query).first()
    if found is None:
        raise NotThere(_("There is no such check."))
    return found


def open_one(row: Operation, wish: NewCheck, *, by: Me, at: datetime) -> SpotCheck:
    _check_leads(row, by)
    none = {"answered_on": None, "concluded_on": None}
    new = draft(SpotCheck, uuid=wish.id, operation_id=row.id, gone_act_id=None, **_values(wish), **none)
    new.act_id = history.record("spot_check_new", wish, by=by, at=at, subject=new.name, row=_told(new)).id
    put(new)
    session().expire(new)
    return new


def edit(check: SpotCheck, wish: CheckCard, *, by: Me, at: datetime) -> SpotCheck:
    check = going_on(check, by)
    return _rewrite(check, "spot_check_edit", wish, by, at, **_values(wish, check.answered_on))


def reply(check: SpotCheck, wish: ReplyCheck, *, by: Me, at: datetime) -> SpotCheck:
    check = going_on(check, by)
    _check_after(check, "answered_on", wish.answered_on)
    return _rewrite(check, "spot_check_reply", wish, by, at, answered_on=wish.answered_on)


def conclude(check: SpotCheck, wish: ConcludeCheck, *, by: Me, at: datetime) -> SpotCheck:
    """The body had its last word: each thing of the sample was looked for, each finding has its euros, or none."""
    check = going_on(check, by)
    _check_after(check, "concluded_on", wish.concluded_on)
    open_items = select(SpotItem.number).where(*_open(SpotItem, check), SpotItem.direction == "register")
    if waiting := session().scalars(open_items.where(SpotItem.result.is_(None))).all():
        words = _("Say first whether things %(numbers)s were seen.", numbers=_listed(waiting))
        raise Refused("sample_open", words)
    unsettled = select(SpotFinding.number).where(*_open(SpotFinding, check), SpotFinding.correction_cents.is_(None))
    if waiting := session().scalars(unsettled).all():
        words = _("Write first what is taken back for findings %(numbers)s: 0 if nothing is.", numbers=_listed(waiting))
        raise Refused("correction_open", words)
    return _rewrite(check, "spot_check_conclude", wish, by, at, concluded_on=wish.concluded_on)


def _open(table: Any, check: SpotCheck) -> tuple[Any, ...]:
    return table.check_id == check.id, table.gone_act_id.is_(None)


def _listed(numbers: Any) -> str:
    return ", ".join(map(str, sorted(numbers)))


def reopen(check: SpotCheck, wish: ReopenCheck, *, by: Me, at: datetime) -> SpotCheck:
    check = locked(check, by)
    if check.concluded_on is None:
        raise Refused("not_concluded", _("This check is not concluded."))
    return _rewrite(check, "spot_check_reopen", wish, by, at, concluded_on=None)


def withdraw(check: SpotCheck, wish: Withdraw, *, by: Me, at: datetime) -> SpotCheck:
    check = going_on(check, by)
    act = history.record("spot_check_withdraw", wish, by=by, at=at, subject=check.name, gone=[check.name])
    change(check, gone_act_id=act.id)
    return check


def restore(check: SpotCheck, wish: Withdraw, *, by: Me, at: datetime) -> SpotCheck:
    check = locked(check, by)
    if check.gone_act_id is None:
        raise Refused("in_force", _("This check is in force."))
    history.record("spot_check_restore", wish, by=by, at=at, subject=check.name, back=[check.name])
    change(check, gone_act_id=None)
    return check


def going_on(check: SpotCheck, by: Me) -> SpotCheck:
    """The check, locked, while something can be written on it."""
    check = locked(check, by)
    if check.gone_act_id is not None:
        raise Refused("check_withdrawn", _("This check was taken back. Put it in force again first."))
    if check.concluded_on is not None:
        raise Refused("check_concluded", _("This check is concluded. Open it again first."))
    return check


def locked(check: SpotCheck, by: Me) -> SpotCheck:
    check = session().scalars(_LOCKED.where(SpotCheck.id == check.id)).one()
    _check_leads(check.operation, by)
    return check


def _check_leads(row: Operation, by: Me) -> None:
    if not purse.leads(row, by):
        words = _("The checks of this operation are written down by %(lead)s.", lead=row.lead.short_name)
        raise Refused("forbidden", words, status=403)


def _values(wish: CheckCard, answered_on: date | None = None) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    if wish.answer_due_on and wish.answer_due_on < wish.checked_on:
        faults["answer_due_on"] = _("This day lies before the check.")
    if answered_on and answered_on < wish.checked_on:
        faults["checked_on"] = _("Our answer went out before this day.")
    if wish.centre is not None and session().get(Centre, wish.centre) is None:
        faults["centre"] = _("Please choose one of the answers offered.")
    if faults:
        raise invalid(faults)
    return {name: getattr(wish, name) for name in _CARD} | {"centre_id": wish.centre}


def _check_after(check: SpotCheck, field: str, day: date | None) -> None:
    if day is not None and day < check.checked_on:
        words = _("This day lies before the check.")
        raise Refused("invalid", words, status=422, fields={field: words})


def _rewrite(check: SpotCheck, kind: str, wish: Any, by: Me, at: datetime, /, **values: Any) -> SpotCheck:
    """The whole card is told anew, so that its last act proves all of it."""
    known = {name: getattr(check, name) for name in (*_CARD, *_REST)}
    new = draft(SpotCheck, **known | values)
    act = history.record(kind, wish, by=by, at=at, subject=check.name, row=_told(new))
    check = records.rewrite(check, act, **values)
    session().expire(check)
    return check


def _told(check: SpotCheck) -> records.Facts:
    centre = session().get_one(Centre, check.centre_id).code if check.centre_id else None
    return facts(check, session().get_one(Operation, check.operation_id).number, centre)


def facts(check: SpotCheck, operation: str | None, centre: str | None) -> records.Facts:
    """What its acts tell of a check; its notes as their hash."""
    return records.facts(check, "operation_id", "centre_id") | {"operation": operation, "centre": centre}


def of_act(act: Act) -> SpotCheck:
    return session().scalars(select(SpotCheck).where(SpotCheck.uuid == UUID(act.subject.partition(":")[2]))).one()
