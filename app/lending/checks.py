"""What `flask verify` asks of lending: loans agree with lines, lines with custody, agreements with seals."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import session
from app.history import Act, Seal
from app.history.seals import holds
from app.inventory.models import CustodyLink, Device
from app.lending import handovers
from app.lending.models import Agreement, Extension, HandOver, HandOverItem, Loan, LoanLine


def check_lending() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_loans()
    yield from _check_lines()
    yield from _check_hand_overs()
    yield from _check_extensions()
    yield from _check_agreements()


def _check_loans() -> Iterator[str]:
    for loan in session().scalars(select(Loan).order_by(Loan.id)).yield_per(500):
        still_out = loan.open_lines
        if bool(still_out) != (loan.closed_at is None):
            yield f"loan {loan.id}: its state does not agree with its lines"
        if still_out and loan.due_on != min(line.due_on for line in still_out):
            yield f"loan {loan.id}: its due day does not agree with its lines"
    told = select(Loan.id, Loan.uuid, Loan.lent_at, Loan.lent_by, Act.uuid, Act.occurred_at, Act.author)
    for number, uuid, at, by, act, occurred_at, author in session().execute(told.join(Act, Act.id == Loan.act_id)):
        if (uuid, at, by) != (act, occurred_at, author):
            yield f"loan {number}: does not agree with its act"


def _check_lines() -> Iterator[str]:
    query = (
        select(LoanLine, Device, CustodyLink)
        .join(Device, Device.id == LoanLine.device_id)
        .join(CustodyLink, CustodyLink.id == LoanLine.link_id)
    )
    for line, device, link in session().execute(query).yield_per(500):
        if link.device_id != line.device_id or link.state != "on_loan":
            yield f"loan_line {line.id}: its custody link is not that of this thing going out"
        if line.closed_at is None and (device.state != "on_loan" or device.due_back_on != line.due_on):
            yield f"loan_line {line.id}: open, but device {device.id} is not out until then"
    out = select(Device.id).outerjoin(LoanLine, (LoanLine.device_id == Device.id) & LoanLine.closed_at.is_(None))
    for number in session().scalars(out.where(Device.state == "on_loan", LoanLine.id.is_(None))):
        yield f"device {number}: on loan, but no loan is open"


def _check_hand_overs() -> Iterator[str]:
    """What was sealed is what the rows still say; and every line left by a hand-over."""
    query = select(HandOver, Act, Seal).join(Act, Act.id == HandOver.act_id).join(Seal, Seal.id == HandOver.seal_id)
    for event, act, sealed in session().execute(query).yield_per(500):
        if not holds(sealed, "hand_over", handovers.told_again(event, act)):
            yield f"hand_over {event.id}: it or its items are not what was sealed"
    bare = select(LoanLine.id).outerjoin(HandOverItem, HandOverItem.line_id == LoanLine.id)
    for number in session().scalars(bare.where(HandOverItem.id.is_(None))):
        yield f"loan_line {number}: no hand-over tells of it"


def _check_extensions() -> Iterator[str]:
    """An extension moved the day its thing is due, in the chain of custody too."""
    query = (
        select(Extension, CustodyLink.due_back_on)
        .join(LoanLine, LoanLine.id == Extension.line_id)
        .outerjoin(
            CustodyLink,
            (CustodyLink.act_id == Extension.act_id) & (CustodyLink.device_id == LoanLine.device_id),
        )
    )
    for row, due_back_on in session().execute(query).yield_per(500):
        if row.to_day != due_back_on:
            yield f"extension {row.id}: custody knows of no such day"


def _check_agreements() -> Iterator[str]:
    query = select(Agreement, Seal).join(Seal, Seal.id == Agreement.seal_id)
    for row, sealed in session().execute(query).yield_per(500):
        if row.words is not None and not holds(sealed, "agreement", row.words):
            yield f"agreement {row.id}: its words are not those that were sealed"
