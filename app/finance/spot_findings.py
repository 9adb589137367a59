"""Findings of an on-the-spot check: what the body found, what we answered, and the euros it takes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import history
from app.db import change, draft, put, session
from app.errors import NotThere, Refused
from app.finance import budget, records, spot_checks
from app.finance.models import BudgetLine
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_forms import AnswerFinding, CorrectFinding, NewFinding
from app.finance.spot_check_models import SpotCheck, SpotFinding
from app.history import Act
from app.inputs import Euros, invalid
from app.inventory import devices
from app.inventory.models import Device
from app.people.roles import Me
from app.words import _

_COLUMNS = ("number", "words", "budget_line_id", "device_id", "answer", "answered_on", "correction_cents")


def of(check: SpotCheck) -> Sequence[SpotFinding]:
    """Those that stand, in the order of their numbers."""
    query = select(SpotFinding).where(SpotFinding.check_id == check.id, SpotFinding.gone_act_id.is_(None))
    return session().scalars(query.order_by(SpotFinding.number)).all()


def correction(check: SpotCheck) -> Euros:
    """What the body takes back, in cents: all its findings together, as far as they are settled."""
    return sum(one.correction_cents or 0 for one in of(check))


def get(check: SpotCheck, number: int) -> SpotFinding:
    query = select(SpotFinding).where(SpotFinding.check_id == check.id, SpotFinding.number == number)
    found = session().scalars(query).first()
    if found is None:
        raise NotThere(_("There is no such finding."))
    return found


def add(check: SpotCheck, wish: NewFinding, *, by: Me, at: datetime) -> SpotFinding:
    check = spot_checks.going_on(check, by)
    line, device = _about(check, wish)
    last = session().scalar(select(func.max(SpotFinding.number)).where(SpotFinding.check_id == check.id)) or 0
    about = {"budget_line_id": line.id if line else None, "device_id": device.id if device else None}
    empty = {"answer": "", "answered_on": None, "correction_cents": None, "gone_act_id": None}
    new = draft(SpotFinding, check_id=check.id, number=last + 1, words=wish.words, **about, **empty)
    told = facts(new, line.code if line else None, device.code if device else None)
    new.act_id = history.record("spot_finding_new", wish, by=by, at=at, subject=check.name, row=told).id
    return put(new, budget_line=line, device=device)


def _about(check: SpotCheck, wish: NewFinding) -> tuple[BudgetLine | None, Device | None]:
    faults: dict[str, Any] = {}
    lines = {line.code: line for line in budget.of(check.operation)}
    if wish.line is not None and wish.line not in lines:
        faults["line"] = _("There is no such line in this operation.")
    found = devices.find(wish.device) if wish.device else []
    if wish.device and len(found) != 1:
        faults["device"] = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
    if faults:
        raise invalid(faults)
    return lines.get(wish.line or ""), found[0] if found else None


def answer(check: SpotCheck, number: int, wish: AnswerFinding, *, by: Me, at: datetime) -> SpotFinding:
    values = {"answer": wish.answer, "answered_on": wish.answered_on}
    return _rewrite(check, number, "spot_finding_answer", wish, by, at, values)


def correct(check: SpotCheck, number: int, wish: CorrectFinding, *, by: Me, at: datetime) -> SpotFinding:
    values = {"correction_cents": wish.correction_cents}
    return _rewrite(check, number, "spot_finding_correct", wish, by, at, values)


def _rewrite(
    check: SpotCheck, number: int, kind: str, wish: Any, by: Me, at: datetime, values: dict[str, Any]
) -> SpotFinding:
    check = spot_checks.going_on(check, by)
    finding = _standing(check, number)
    new = draft(SpotFinding, **{name: getattr(finding, name) for name in _COLUMNS} | values)
    line, device = finding.budget_line, finding.device
    told = facts(new, line.code if line else None, device.code if device else None)
    act = history.record(kind, wish, by=by, at=at, subject=check.name, row=told)
    return records.rewrite(finding, act, **values)


def _standing(check: SpotCheck, number: int) -> SpotFinding:
    found = get(check, number)
    if found.gone_act_id is not None:
        raise NotThere(_("There is no such finding."))
    return found


def withdraw(check: SpotCheck, number: int, wish: Withdraw, *, by: Me, at: datetime) -> SpotFinding:
    check = spot_checks.going_on(check, by)
    finding, gone = _standing(check, number), [name_of(check.uuid.hex, number)]
    act = history.record("spot_finding_withdraw", wish, by=by, at=at, subject=check.name, gone=gone)
    change(finding, gone_act_id=act.id)
    return finding


def restore(check: SpotCheck, number: int, wish: Withdraw, *, by: Me, at: datetime) -> SpotFinding:
    check = spot_checks.going_on(check, by)
    finding = get(check, number)
    if finding.gone_act_id is None:
        raise Refused("in_force", _("This finding stands."))
    back = [name_of(check.uuid.hex, number)]
    history.record("spot_finding_restore", wish, by=by, at=at, subject=check.name, back=back)
    change(finding, gone_act_id=None)
    return finding


def name_of(check: str, number: int) -> str:
    """What the journal calls a finding that may be taken back."""
    return f"spot_check_finding {check} {number}"


def facts(finding: SpotFinding, line: str | None, device: str | None) -> records.Facts:
    """What its acts tell of a finding; its words and our answer as their hashes."""
    known = records.facts(finding, "check_id", "budget_line_id", "device_id")
    return known | {"line": line, "device": device}


def of_act(act: Act) -> SpotFinding:
    """The finding that an act was about: it is told whole, or named with its number at the end."""
    told = act.told
    number = told["row"]["number"] if "row" in told else (told.get("back") or told["gone"])[0].split()[-1]
    return get(spot_checks.of_act(act), int(number))
