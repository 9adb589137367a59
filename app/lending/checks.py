"""What `flask verify` asks of lending: loans agree with lines and acts, lines with custody, agreements with seals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import select

from app.db import session, walk, walk_one
from app.history import Act, Seal, count_of, of_kind
from app.history.seals import holds
from app.inventory.models import CustodyLink, Device, GivenCode
from app.lending import agreements, condition_photos, going_on, handovers, losses, returns, wording
from app.lending.booking_checks import check_bookings
from app.lending.complaints import check_complaints
from app.lending.corrections import Correction
from app.lending.deposits import check_deposits
from app.lending.extension_checks import check_extensions, check_requests
from app.lending.models import Agreement, Extension, HandOver, HandOverItem, LetGo, Loan, LoanLine
from app.lending.owed_checks import check_owed
from app.lending.policy import check_policies
from app.lending.rereadings import check_rereadings
from app.lending.signature_checks import check_signing
from app.lending.wording_checks import check_wording
from app.people.checks import kept_of, merges
from app.times import day_of


def check_lending() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    for check in CHECKS:
        yield from check()


def _check_loans() -> Iterator[str]:
    """What a loan repeats of its lines, for lists."""
    for loan in walk_one(select(Loan).order_by(Loan.id)):
        still_out = loan.open_lines
        if bool(still_out) != (loan.closed_at is None) or not loan.lines:
            yield f"loan {loan.id}: its state does not agree with its lines"
        if still_out and loan.due_on != min(line.due_on for line in still_out):
            yield f"loan {loan.id}: its due day does not agree with its lines"
        if not still_out and loan.due_on not in {line.due_on for line in loan.lines}:
            yield f"loan {loan.id}: none of its lines was due then"
        if loan.closed_at and not still_out and not _ends_with_a_line(loan):
            yield f"loan {loan.id}: it did not end with its lines"


def _ends_with_a_line(loan: Loan) -> bool:
    ended = any(line.closed_at == loan.closed_at for line in loan.lines)
    endings = {line.ending for line in loan.lines}
    return ended and loan.ending == next(one for one in returns.ENDED if one in endings)


def _check_acts_of_loans() -> Iterator[str]:
    """A loan is what its act did: when, by whom, and for which household or the one it became."""
    merged = merges()
    for loan, act in walk(select(Loan, Act).join(Act, Act.id == Loan.act_id)):
        did = (
            "lend" if act.kind in going_on.KINDS else act.kind,
            act.uuid,
            act.occurred_at,
            act.author,
            act.centre_id,
            kept_of(act.subject, merged),
        )
        if did != ("lend", loan.uuid, loan.lent_at, loan.lent_by, loan.centre_id, loan.household.code):
            yield f"loan {loan.id}: does not agree with its act"


def _check_lines() -> Iterator[str]:
    query = (
        select(LoanLine, Device, CustodyLink, Loan)
        .join(Device, Device.id == LoanLine.device_id)
        .join(CustodyLink, CustodyLink.id == LoanLine.link_id)
        .join(Loan, Loan.id == LoanLine.loan_id)
    )
    exchanged = {act.id: act.told.get("loan") for act in of_kind("exchange")}
    for line, device, link, loan in walk(query):
        of_it = link.act_id == loan.act_id or exchanged.get(link.act_id) == loan.uuid.hex
        if (link.device_id, link.state, of_it) != (line.device_id, "on_loan", True):
            yield f"loan_line {line.id}: its custody link is not that of this thing going out"
        if line.closed_at is None and (device.state != "on_loan" or device.due_back_on != line.due_on):
            yield f"loan_line {line.id}: open, but device {device.id} is not out until then"
    out = select(Device.id).outerjoin(LoanLine, (LoanLine.device_id == Device.id) & LoanLine.closed_at.is_(None))
    for number in walk_one(out.where(Device.state == "on_loan", LoanLine.id.is_(None))):
        yield f"device {number}: on loan, but no loan is open"


def _check_endings() -> Iterator[str]:
    """A line ended when its thing was handed back or its loan undone, and is due when it was lent or kept until."""
    back = select(HandOverItem.line_id, HandOver.at).join(HandOver, HandOver.id == HandOverItem.hand_over_id)
    ends = {("returned", *row) for row in walk(back.where(HandOver.way == "back"))}
    lost = {(told.get("loan"), act.subject, act.occurred_at, act.kind == "let_go") for act, told in _losses()}
    moved = _moved()
    undone = _undone()
    days = dict(walk(select(Extension.line_id, Extension.to_day).order_by(Extension.id)))
    query = select(LoanLine, Loan.uuid, Act).join(Loan, Loan.id == LoanLine.loan_id)
    query = query.join(CustodyLink, CustodyLink.id == LoanLine.link_id).join(Act, Act.id == CustodyLink.act_id)
    for line, uuid, act in walk(query):
        if line.ending in {"lost", "let_go"} and not _told_lost(line, uuid.hex, lost):
            yield f"loan_line {line.id}: no act says that it was lost then"
        if line.ending in MOVED and not _went_on(line, uuid.hex, moved[line.ending]):
            yield f"loan_line {line.id}: no act says that it went on elsewhere then"
        if (line.ending == "undone") != (act.uuid.hex in undone):
            yield f"loan_line {line.id}: it is undone and no act did so, or the reverse"
        at = undone.get(act.uuid.hex) if line.ending == "undone" else line.closed_at
        if at != line.closed_at or (line.ending == "returned" and ("returned", line.id, at) not in ends):
            yield f"loan_line {line.id}: no act ended it then"
        if (days[line.id].isoformat() if line.id in days else act.told.get("due_on")) != line.due_on.isoformat():
            yield f"loan_line {line.id}: neither its loan nor an extension runs until then"


def _undone() -> dict[object, datetime]:
    """When what an act had lent was undone, by the number of that act."""
    undone: dict[object, datetime] = {}
    for act in of_kind("lend_undo", "exchange_undo", "swap_undo", "correct_undo"):
        told = act.told
        one = told.get("loan") if act.kind == "lend_undo" else told.get("undoes")
        undone |= dict.fromkeys([one, *told.get("made", [])], act.recorded_at)
    return undone


def _losses() -> Iterator[tuple[Act, dict[str, Any]]]:
    for act in of_kind("lost", "stolen", "let_go"):
        yield act, act.told


# Endings of things that went on under another loan, and the acts that say so.
MOVED = {"split": "lend_split", "swapped": "lend_swap", "corrected": "lend_correct"}


def _moved() -> dict[str, set[tuple[Any, str, Any]]]:
    """Each thing that went on elsewhere, by how its line ended: the loan before, the code it bore, and when."""
    told: dict[str, set[tuple[Any, str, Any]]] = {ending: set() for ending in MOVED}
    for ending, kind in MOVED.items():
        for act in of_kind(kind):
            pairs = product(act.told.get("loans", []), act.told.get("devices", []))
            told[ending] |= {(loan, code, act.occurred_at) for loan, code in pairs}
    for act in of_kind("correct"):  # also what never left, and went on nowhere
        told["corrected"] |= {(act.told.get("loan"), code, act.occurred_at) for code in act.told.get("devices", [])}
    return told


def _went_on(line: LoanLine, loan: str, told: set[tuple[Any, str, Any]]) -> bool:
    codes = session().scalars(select(GivenCode.code).where(GivenCode.device_id == line.device_id))
    return any((loan, code, line.closed_at) in told for code in codes)


def _told_lost(line: LoanLine, loan: str, lost: set[tuple[Any, str, Any, bool]]) -> bool:
    codes = session().scalars(select(GivenCode.code).where(GivenCode.device_id == line.device_id))
    return any((loan, code, line.closed_at, line.ending == "let_go") in lost for code in codes)


def _check_let_go() -> Iterator[str]:
    """What was decided is what its act tells of, about a thing of that loan."""
    query = select(LetGo, LoanLine, Act, Loan.uuid, GivenCode.device_id).join(LoanLine, LoanLine.id == LetGo.line_id)
    query = query.join(Loan, Loan.id == LoanLine.loan_id).join(Act, Act.id == LetGo.act_id)
    told = 0
    for row, line, act, uuid, device_id in walk(query.outerjoin(GivenCode, GivenCode.code == Act.subject)):
        told += 1
        mine = (act.kind, act.told.get("loan"), device_id, act.centre_id)
        spoken = row.reason is None or act.told.get("decided") == losses.said(row.reason)
        if mine != ("let_go", uuid.hex, line.device_id, row.centre_id) or not spoken:
            yield f"let_go {row.id}: not what its act tells of"
    if told != count_of("let_go"):
        yield "let_go: a row for each act was due"


def _check_corrections() -> Iterator[str]:
    """A loan was put right by the act that says so."""
    rows = 0
    query = select(Correction, Act, Loan.uuid).join(Act, Act.id == Correction.act_id)
    for row, act, uuid in walk(query.join(Loan, Loan.id == Correction.loan_id)):
        rows += 1
        if (act.kind, act.centre_id, act.told.get("loan")) != ("correct", row.centre_id, uuid.hex):
            yield f"correction {row.id}: does not agree with its act"
    if rows != count_of("correct"):
        yield f"correction: {count_of('correct')} were made, {rows} are there"


def _check_hand_overs() -> Iterator[str]:
    """What was sealed is what the rows still say; and every line left by a hand-over."""
    query = select(HandOver, Act, Seal).join(Act, Act.id == HandOver.act_id).join(Seal, Seal.id == HandOver.seal_id)
    photos = condition_photos.hashes()
    for event, act, sealed in walk(query):
        if not holds(sealed, "hand_over", handovers.told_again(event, act, photos.get(event.id, {}))):
            yield f"hand_over {event.id}: it or its items are not what was sealed"
            yield from (f"hand_over_item {item.id}: it or its hand-over is not what was sealed" for item in event.items)
        if (sealed.act_id, sealed.kind, act.uuid, act.centre_id) != (act.id, "hand_over", event.uuid, event.centre_id):
            yield f"hand_over {event.id}: does not agree with its act"
            yield f"seal {sealed.id}: does not agree with its act"
        yield from _faults_of_items(event, act)
    bare = select(LoanLine.id).outerjoin(HandOverItem, HandOverItem.line_id == LoanLine.id)
    for number in walk_one(bare.where(HandOverItem.id.is_(None))):
        yield f"loan_line {number}: no hand-over tells of it"


def _faults_of_items(event: HandOver, act: Act) -> Iterator[str]:
    """Each item is the thing that the act tells of, in the state it tells of."""
    told = handovers.things_of(act)
    if len(told) != len(event.items):
        yield f"hand_over {event.id}: its act tells of {len(told)} things"
    for thing, item in zip(told, event.items, strict=False):
        given = session().get(GivenCode, str(thing["code"]))
        same = (thing["condition"], thing["missing"]) == (item.condition, item.missing)
        if not same or item.line is None or given is None or given.device_id != item.line.device_id:
            yield f"hand_over_item {item.id}: not what its act tells of"


def _check_agreements() -> Iterator[str]:
    """Each loan has its agreement, sealed with it, kept as long as it must be and destroyed only after."""
    query = (
        select(Loan, Agreement, Seal)
        .outerjoin(Agreement, Agreement.loan_id == Loan.id)
        .outerjoin(Seal, Seal.id == Agreement.seal_id)
    )
    for loan, row, sealed in walk(query):
        if row is None or sealed is None:
            yield f"loan {loan.id}: its agreement is gone"
        elif fault := _fault_of_agreement(loan, row, sealed):
            yield f"agreement {row.id}: {fault}"


def _fault_of_agreement(loan: Loan, row: Agreement, sealed: Seal) -> str:
    if sealed.act_id != loan.act_id or (row.words is not None and not holds(sealed, "agreement", row.words)):
        return "its words are not those that were sealed"
    if not wording.is_version(row.version, row.centre_id):
        return "nobody knows these terms"
    if row.keep_until != (agreements.end_of(day_of(loan.closed_at)) if loan.closed_at else None):
        return "not kept until the day the law asks"
    if (row.words is None) != (row.destroyed_at is not None):
        return "its words are gone and nobody destroyed them, or the reverse"
    early = row.destroyed_at and (row.keep_until is None or day_of(row.destroyed_at) <= row.keep_until)
    return "its words went before their day" if early else ""


CHECKS: Sequence[Callable[[], Iterator[str]]] = (
    _check_loans,
    _check_acts_of_loans,
    _check_lines,
    _check_endings,
    _check_let_go,
    _check_hand_overs,
    check_extensions,
    check_requests,
    check_policies,
    check_deposits,
    check_complaints,
    _check_agreements,
    check_bookings,
    _check_corrections,
    check_signing,
    check_wording,
    check_rereadings,
    check_owed,
)
