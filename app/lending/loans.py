"""Lend, extend, undo. One act, one rule, one place: pages, programs, imports and phones all come through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import ask_each, change, draft, put, session
from app.errors import NotThere, Refused
from app.inventory import care, custody, kits, leaving, programmes
from app.inventory.models import Device
from app.lending import agreements, bookings, condition, handovers, limits, locks, policy, requests, taking_up, unsigned
from app.lending.condition_photos import Photos
from app.lending.forms import Extend, Lend, LoanList, UndoLoan
from app.lending.models import Loan, LoanLine, OwedPart
from app.lending.redating import redate
from app.people import households
from app.people.models import Centre, Household
from app.people.roles import Me
from app.times import add_months, day_of
from app.words import _

USUAL_DAYS = 91
_OWING = select(LoanLine.loan_id).join(OwedPart, OwedPart.line_id == LoanLine.id).where(OwedPart.closed_at.is_(None))


def seen_by(me: Me) -> Select[Loan]:
    """The loans of the centre this person works in, when the role opens them; else none."""
    return select(Loan).where(Loan.centre_id == me.people_of)


def get(uuid: str, me: Me) -> Loan:
    try:
        query = seen_by(me).where(Loan.uuid == UUID(uuid))
    except ValueError:
        raise NotThere(_("There is no such loan in this centre.")) from None
    loan = session().scalars(query).one_or_none()
    if loan is None:
        raise NotThere(_("There is no such loan in this centre."))
    return loan


def mine(loan: Loan, by: Me) -> Loan:
    """The loan, if it is this person's to change, with its things and itself locked."""
    loan = get(loan.uuid.hex, by)
    custody.locked([line.device.code for line in loan.lines])
    return locks.locked([loan.id])[0]


def listed(wish: LoanList, me: Me, day: date) -> Select[Loan]:
    query = seen_by(me)
    if wish.state in {"closed", "owed"}:
        query = query.where(Loan.closed_at.is_not(None))
    elif wish.state:
        query = query.where(Loan.closed_at.is_(None))
    if wish.state == "to_sign":
        query = unsigned.to_sign(query)
    if wish.state == "late":
        query = query.where(Loan.due_on < day)
    if wish.state == "owed":
        query = query.where(Loan.id.in_(_OWING))
    if wish.q:
        found = households.search(wish.q, me).with_only_columns(Household.id)
        query = query.where(Loan.household_id.in_(found))
    return query


def open_line_of(device: Device) -> LoanLine | None:
    """The loan this thing is out on, whoever it is to; who may see it is the caller's to check."""
    return session().scalar(select(LoanLine).where(LoanLine.device_id == device.id, LoanLine.closed_at.is_(None)))


def at_home_with(household: Household) -> list[Loan]:
    query = select(Loan).where(Loan.household_id == household.id, Loan.centre_id == household.centre_id)
    return list(session().scalars(query.order_by(Loan.id.desc())))


def too_many(household: Household, things: Sequence[Device]) -> object:
    """What the desk is told when a household would have more at once than usual; it is not stopped."""
    out = sum(len(loan.open_lines) for loan in at_home_with(household) if loan.closed_at is None)
    most = policy.of(household.centre_id).at_once
    if out + len(things) <= most:
        return ""
    return _("They would have %(n)s things at once; usually it is %(most)s at most.", n=out + len(things), most=most)


def usual_due_day(day: date, centre: Centre | None, devices: Sequence[Device] = ()) -> date:
    """The day usually proposed: the shortest usual length among these things, moved on to an opening day."""
    terms = policy.of(centre.id if centre else None)
    lengths = [terms.days_of(d) or USUAL_DAYS for d in devices] or [USUAL_DAYS]
    due = day + timedelta(days=min(lengths))
    return centre.open_day_from(due) if centre else due


def other_due_days(day: date, centre: Centre | None) -> list[date]:
    """Shorter lengths, offered at one touch: two weeks and a month."""
    return [centre.open_day_from(d) if centre else d for d in (day + timedelta(days=14), add_months(day, 1))]


def why_not(device: Device, by: Me, day: date) -> object:
    """Why this thing cannot leave now, as a sentence; nothing when it can."""
    try:
        _check_may_leave(device, leaving.facts_of(device, day), by)
    except Refused as no:
        return no.words
    return ""


def lend(wish: Lend, *, by: Me, at: datetime, photos: Photos | None = None) -> Loan:
    """Hand things over to a household: all of them or none."""
    happened = wish.happened(at)
    check_due(wish.due_on, day_of(happened))
    household, devices, known = asked(wish, by, day_of(happened))
    taken = taking_up.lines(wish, household, devices, known, day_of(happened))
    looks = condition.going_out(devices, wish.points, photos)
    words = agreements.words_of(wish, household, devices, known, looks, by=by, at=happened)
    parts = handovers.parts_out(wish, household, looks, words, by=by, at=happened)
    facts: dict[str, Any] = {"devices": [d.code for d in devices], "due_on": wish.due_on.isoformat()}
    facts |= {"seal": history.digest_of(parts)} | handovers.by_third(wish.third) | condition.facts_out(looks)
    buffer = {"buffer_days": policy.buffer_of(known)}
    act = history.record("lend", wish, by=by, at=at, subject=household.code, centre_id=by.centre_id, **facts, **buffer)
    numbers = {"centre_id": by.centre_id, "household_id": household.id, "act_id": act.id, "lent_by": by.id}
    loan = put(draft(Loan, uuid=wish.id, lent_at=happened, due_on=wish.due_on, **numbers), household=household)
    taking_up.close(taken, loan, at=happened)
    lines = [_line(loan, device, act=act, by=by, at=happened, **buffer) for device in devices]
    set_committed_value(loan, "lines", lines)
    condition.keep(looks, devices, act)
    sealed = handovers.give(loan.lines, looks, parts, act=act, by=by, at=happened)
    agreements.keep(loan, agreements.version_in_force(known), words, sealed)
    households.touch(household, at=happened)
    return loan


def lend_shown(photos: Photos, wish: Lend, *, by: Me, at: datetime) -> Loan:
    """The same with photos of the things as they leave."""
    return lend(wish, by=by, at=at, photos=photos)


def _line(loan: Loan, device: Device, *, act: history.Act, by: Me, at: datetime, buffer_days: int) -> LoanLine:
    """The thing leaves, on this loan."""
    link_id = custody.move(device, "on_loan", act=act, by=by, at=at, why="lend", due_back_on=loan.due_on)
    booked = bookings.take(device, day_of(at), loan.due_on, buffer_days)
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "device_id": device.id}
    numbers |= {"link_id": link_id, "booking_id": booked}
    return put(draft(LoanLine, due_on=loan.due_on, **numbers), loan=loan, device=device)


def of_act(act: history.Act) -> Loan:
    uuid = act.uuid if act.kind == "lend" else UUID(act.told["loan"])
    return session().scalars(select(Loan).where(Loan.uuid == uuid)).one()


def check_due(due: date, day: date) -> None:
    if due <= day:
        words = _("The day it is due back must lie ahead.")
        raise Refused("due_in_past", words, fields={"due_on": words})


def asked(wish: Lend, by: Me, day: date) -> tuple[Household, list[Device], Mapping[int, Any]]:
    """The household and the things, locked, and what is known of these: asked together, people first, then things."""
    wished = kits.expanded(wish.devices)
    things = leaving.locking([code for _place, code in wished], day, KNOWN)
    who, *told = ask_each(households.keeping(wish.household, by), *things, locking=True)
    household = _household(who, wish.household, by)
    found, known = leaving.standing(*told)
    return household, _free(wished, found, known, by), known


# What is known of things before they leave, from when on somebody else wants them, and what the centre settled.
KNOWN = leaving.beside(bookings.PROMISED, policy.BUFFER, programmes.STATEMENT, *policy.MONEY)


def _household(who: Sequence[Any], code: str, by: Me) -> Household:
    try:
        household = households.standing(who, code, by)
        if household.identity is None:
            raise NotThere(_("This household was erased or merged. Write down who they are anew."))
    except NotThere as no:
        raise Refused("household_unknown", no.words, fields={"household": no.words}) from no
    return household


def _free(
    wished: Sequence[tuple[int, str]], found: Mapping[str, Device], known: Mapping[int, Any], by: Me
) -> list[Device]:
    """The things of these codes, each here and free to leave. A refusal names the culprit by its place in the list."""
    for turn, (place, code) in enumerate(wished):
        try:
            if code not in found:
                raise Refused("device_unknown", _("No thing bears this code."))
            if found[code] in [found.get(earlier) for _place, earlier in wished[:turn]]:
                raise Refused("not_available", _("This thing is in the list twice."))
            _check_may_leave(found[code], known[found[code].id], by)
        except Refused as no:
            raise Refused(no.code, no.words, fields={f"devices.{place}": no.words}) from no
    return [found[code] for _place, code in wished]


def _check_may_leave(device: Device, known: Any, by: Me) -> None:
    custody.check_here(device, by)
    if device.state == "on_loan":
        raise Refused("already_on_loan", _whose(device, by))
    if device.state == "to_check":
        gate = _("wiped") if known.gate == "wipe" else _("checked")
        raise Refused("not_available", _("%(name)s must first be %(gate)s.", name=device.name, gate=gate))
    if known.lent_to != "household":
        raise Refused("not_available", _("%(name)s is not lent to households.", name=device.name))
    if known.held:
        raise Refused("not_available", _("%(name)s stays here: %(reason)s", name=device.name, reason=known.held))


def _whose(device: Device, by: Me) -> object:
    """Who has it, for those whose doors open that; for others only that it is out."""
    line = open_line_of(device)
    if line is None or line.centre_id != by.centre_id or not by.may("households"):
        return _("%(name)s is already on loan.", name=device.name)
    return _("%(name)s is already on loan to %(who)s.", name=device.name, who=line.loan.household.name)


def extend(loan: Loan, wish: Extend, *, by: Me, at: datetime) -> Loan:
    """Keep longer what is still out, or these things of it: each line's new day is an extension of its own."""
    loan = mine(loan, by)
    check_open(loan)
    check_due(wish.due_on, day_of(at))
    lines = out_of(loan, wish.devices)
    limits.check(loan, lines, wish.due_on, wish.reason, by)
    days = dict.fromkeys(lines, wish.due_on)
    wished = requests.open_of(loan)
    told = {"due_on": wish.due_on.isoformat()} | requests.facts_of(wished, wish.reason)
    act = redate(loan, days, "extend", wish, by=by, at=at, **told)
    requests.granted(loan, wished, wish, act)
    return loan


def out_of(loan: Loan, codes: Sequence[str]) -> list[LoanLine]:
    """The lines that these codes name, old codes too; all that is out when none is named."""
    if not codes:
        return loan.open_lines
    found, out = custody.locked(codes), {line.device_id: line for line in loan.open_lines}
    lines = []
    for place, code in enumerate(codes):
        if code not in found or found[code].id not in out:
            words = _("This thing is not out on this loan.")
            raise Refused("not_on_loan", words, fields={f"devices.{place}": words})
        lines.append(out[found[code].id])
    return list(dict.fromkeys(lines))


def undo(loan: Loan, wish: UndoLoan, *, by: Me, at: datetime) -> Loan:
    """The loan just made was a mistake: every thing is back where it was, as if it had not left."""
    loan = mine(loan, by)
    _check_can_be_undone(loan, at)
    facts = _facts(loan.lines)
    act = history.record(
        "lend_undo", wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **facts
    )
    for line in loan.lines:
        custody.step_back(line.device, act=act, by=by, at=at, why="undo")
        line.close("undone", at=at)
    change(loan, closed_at=at, ending="undone")
    agreements.let_go(loan, day_of(at))
    taking_up.stand_again(loan)
    return loan


def can_be_undone(loan: Loan, at: datetime) -> bool:
    """Whether the loan is still a fresh mistake, as far as one looks without its lock."""
    try:
        _check_can_be_undone(loan, at)
    except Refused:
        return False
    return True


def _check_can_be_undone(loan: Loan, at: datetime) -> None:
    check_open(loan)
    if len(loan.open_lines) != len(loan.lines):
        raise Refused("too_late_to_undo", _("A part of this loan has already come back."))
    for line in loan.lines:
        care.check_fresh(custody.last_link(line.device), at, "lend")


def _facts(lines: Sequence[LoanLine]) -> dict[str, Any]:
    return {"loan": lines[0].loan.uuid.hex, "devices": [line.device.code for line in lines]}


def check_open(loan: Loan) -> None:
    if loan.closed_at is not None:
        raise Refused("loan_closed", _("This loan is over: everything came back."))
