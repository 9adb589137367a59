"""What `flask verify` asks of bookings: each is a loan's or a reservation's, keeps its days, and none overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import once, session, walk, walk_one
from app.history import Act, count_of, of_kind
from app.inventory.models import CustodyLink, Device, GivenCode
from app.lending import bookings, policy
from app.lending.booking_models import Booking, Reservation, ReservationLine, Waiting
from app.lending.models import Loan, LoanLine
from app.people.checks import kept_of, merges
from app.people.models import Centre
from app.times import day_of

Kept = tuple[int, date, date, bool, int]  # thing, first day, first day after, live, days to wipe it


def check_bookings() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_days()
    yield from _check_overlaps()
    yield from _check_reservations()
    yield from _check_lines()
    yield from _check_waiting()


def _check_days() -> Iterator[str]:
    """A booking keeps what its one line says, no more and no less."""
    wanted: dict[int, list[Kept]] = {}
    left = select(LoanLine, CustodyLink.at, Act).join(CustodyLink, CustodyLink.id == LoanLine.link_id)
    for line, left_at, act in walk(left.join(Act, Act.id == CustodyLink.act_id)):
        wanted.setdefault(line.booking_id, []).append(_of_loan(line, day_of(left_at), _buffer(act)))
    made = select(ReservationLine, Act).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    for promised, act in walk(made.join(Act, Act.id == Reservation.act_id)):
        wanted.setdefault(promised.booking_id, []).append(_of_reservation(promised, _buffer(act)))
    for row in walk_one(select(Booking)):
        if wanted.pop(row.id, None) != [(row.device_id, row.from_day, row.to_day, row.live, row.buffer_days)]:
            yield f"booking {row.id}: does not agree with its loan or reservation"
    for number in wanted:
        yield f"booking {number}: it is gone"


def _buffer(act: Act) -> int:
    """The days to wipe a thing that the act which took it tells of; acts of before could only keep one."""
    return int(act.told.get("buffer_days", policy.USUAL_BUFFER))


def _of_loan(line: LoanLine, began: date, buffer: int) -> Kept:
    if line.closed_at is None:
        return line.device_id, began, max(began, bookings.end_of(line.due_on, buffer)), True, buffer
    return line.device_id, began, max(began, day_of(line.closed_at)), False, buffer


def _of_reservation(line: ReservationLine, buffer: int) -> Kept:
    row = line.reservation
    end = bookings.end_of(row.to_day, buffer)
    if line.closed_at is not None:
        end = max(row.from_day, min(day_of(line.closed_at), end))
    return line.device_id, row.from_day, end, line.closed_at is None, buffer


def _check_overlaps() -> Iterator[str]:
    """Said by the database itself; here for a house whose guards were taken away."""
    last: Booking | None = None
    query = select(Booking).where(Booking.live, Booking.from_day < Booking.to_day)
    for row in walk_one(query.order_by(Booking.device_id, Booking.from_day, Booking.id)):
        if last is not None and last.device_id == row.device_id and row.from_day < last.to_day:
            yield f"booking {row.id}: overlaps with booking {last.id}"
        last = row


def _check_reservations() -> Iterator[str]:
    """A reservation is what its act did, and ended as its lines did."""
    merged, ends, rows = merges(), _told_ends(), 0
    query = select(Reservation, Act, Centre.code).join(Act, Act.id == Reservation.act_id)
    for row, act, place in walk(query.join(Centre, Centre.id == Reservation.centre_id)):
        rows, told = rows + 1, act.told
        subject = row.household.code if row.household else place
        did = (act.kind, act.uuid, act.centre_id, kept_of(act.subject, merged))
        days = (told.get("purpose"), told.get("from_day"), told.get("to_day"))
        if did != ("reserve", row.uuid, row.centre_id, subject) or days != (
            row.purpose, row.from_day.isoformat(), row.to_day.isoformat(),
        ):  # fmt: skip
            yield f"reservation {row.id}: does not agree with its act"
        if len(row.lines) != len(told.get("devices", [])):
            yield f"reservation {row.id}: its act tells of {len(told.get('devices', []))} things"
        if fault := _fault_of_end(row, ends):
            yield f"reservation {row.id}: {fault}"
    if rows != count_of("reserve"):
        yield f"reservation: {count_of('reserve')} were made, {rows} are there"


def _fault_of_end(row: Reservation, ends: dict[str, Any]) -> str:
    if row.closed_at is None:
        return "" if row.open_lines else "open, but none of its lines is"
    if row.open_lines or (row.closed_at, row.ending) not in {(line.closed_at, line.ending) for line in row.lines}:
        return "did not end with its lines"
    if row.ending == "cancelled" and row.closed_at not in ends.get(row.uuid.hex, ()):
        return "no act cancelled it then"
    if row.ending in {"missed", "over"} and day_of(row.closed_at) <= row.to_day:
        return "its days were not over then"
    return ""


def _told_ends() -> dict[str, list[Any]]:
    """When reservations were cancelled, also with the waiting they were for."""
    ends: dict[str, list[Any]] = {}
    for act in of_kind("reserve_cancel"):
        ends.setdefault(str(act.told.get("reservation")), []).append(act.recorded_at)
    for act in of_kind("wait_stop"):
        ends.setdefault(str(act.told.get("reservation")), []).append(act.recorded_at)
    return ends


def _check_lines() -> Iterator[str]:
    """A line promises a thing its act tells of, or one that was chosen or dealt since; a loan took it, if taken."""
    query = select(ReservationLine, Act).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    turns: Counter[int] = Counter()
    query = query.join(Act, Act.id == Reservation.act_id).order_by(ReservationLine.id)
    chosen = {(act.told.get("reservation"), act.told.get("device")) for act in of_kind("reserve_choose")}
    for line, act in walk(query):
        told = act.told.get("devices", [])[turns[line.reservation_id] :][:1]
        turns[line.reservation_id] += 1
        if not told or told[0].get("loose") is not line.loose or not _is_it(line, told[0], chosen):
            yield f"reservation_line {line.id}: does not agree with its act"
        left = line.loan_id is not None or (line.out_act_id is not None and line.closed_at is not None)
        if (line.ending == "taken") != left or not _taken_then(line):
            yield f"reservation_line {line.id}: no loan took it then"
        if line.out_act_id is not None and not _out_then(line):
            yield f"reservation_line {line.id}: no act took it out, or it is not out"
        if line.ending not in {None, "taken"} and (line.closed_at, line.ending) != (
            line.reservation.closed_at, line.reservation.ending,
        ):  # fmt: skip
            yield f"reservation_line {line.id}: did not end with its reservation"


def _is_it(line: ReservationLine, told: dict[str, Any], chosen: set[Any]) -> bool:
    codes = _codes().get(line.device_id, [])
    uuid = line.reservation.uuid.hex
    return (
        told["code"] in codes
        or any((uuid, code) in chosen for code in codes)
        or (line.loose and _same_model(line, told))
    )


def _same_model(line: ReservationLine, told: dict[str, Any]) -> bool:
    given = session().get(GivenCode, str(told["code"]))
    return given is not None and _models().get(given.device_id or 0) == line.device.model_id


@once
def _codes() -> dict[int, list[str]]:
    codes: dict[int, list[str]] = {}
    for number, code in session().execute(select(GivenCode.device_id, GivenCode.code)):
        codes.setdefault(number or 0, []).append(code)
    return codes


@once
def _models() -> dict[int, int]:
    return dict(session().execute(select(Device.id, Device.model_id)).all())


def _taken_then(line: ReservationLine) -> bool:
    if line.loan_id is None:
        return True
    loan = session().get(Loan, line.loan_id)
    if loan is None or loan.household_id != line.reservation.household_id:
        return False
    left = select(CustodyLink.at).join(LoanLine, LoanLine.link_id == CustodyLink.id).where(LoanLine.loan_id == loan.id)
    return line.closed_at in session().scalars(left).all()


def _out_then(line: ReservationLine) -> bool:
    """The act says that this thing left for this reservation; it is out, or came back when the line says so."""
    act = session().get(Act, line.out_act_id)
    told = act.told if act and act.kind == "reserve_out" else {}
    codes = _codes().get(line.device_id, [])
    if told.get("reservation") != line.reservation.uuid.hex or not {*codes} & {*told.get("devices", [])}:
        return False
    if line.closed_at is None:
        return line.device.state == "on_outing"
    back = (CustodyLink.device_id == line.device_id) & (CustodyLink.at == line.closed_at)
    return session().scalar(select(CustodyLink.id).where(back, CustodyLink.state != "on_outing").limit(1)) is not None


def _check_waiting() -> Iterator[str]:
    """Who waits does so since their act, first since one, and is kept what the house kept for them."""
    merged = merges()
    firsts = {(act.told.get("waiting"), act.recorded_at) for act in of_kind("wait_first")}
    stops = {(act.told.get("waiting"), act.recorded_at) for act in of_kind("wait_stop")}
    kept = {act.told["waiting"]: act.uuid for act in of_kind("reserve") if "waiting" in act.told}
    rows = 0
    for row, act in walk(select(Waiting, Act).join(Act, Act.id == Waiting.act_id)):
        rows += 1
        did = (act.kind, act.uuid, act.centre_id, act.occurred_at, act.told.get("model"), kept_of(act.subject, merged))
        if did != ("wait", row.uuid, row.centre_id, row.since, row.model_id, row.household.code):
            yield f"waiting {row.id}: does not agree with its act"
        if (row.first_at is None) != (row.uuid.hex not in {one for one, _at in firsts}):
            yield f"waiting {row.id}: nobody decided that they come first, or somebody did"
        if row.first_at and (row.uuid.hex, row.first_at) not in firsts:
            yield f"waiting {row.id}: nobody decided it then"
        if (row.reservation.uuid if row.reservation else None) != kept.get(row.uuid.hex):
            yield f"waiting {row.id}: what is kept for them is not what the house kept"
        if row.closed_at is not None and not _ended(row, stops):
            yield f"waiting {row.id}: nothing ended it then"
    if rows != count_of("wait"):
        yield f"waiting: {count_of('wait')} began to wait, {rows} are there"


def _ended(row: Waiting, stops: set[Any]) -> bool:
    if (row.uuid.hex, row.closed_at) in stops:
        return row.ending == "left"
    if row.reservation is not None:
        ended = {"taken": "served", "cancelled": "left", "missed": "missed"}.get(row.reservation.ending or "")
        return (row.reservation.closed_at, ended) == (row.closed_at, row.ending)
    if row.ending == "left":  # a double of theirs waited for the same: one place on the list was given up
        return row.closed_at == row.since
    return row.ending == "served" and row.closed_at is not None and row.closed_at >= row.since
