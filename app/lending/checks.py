"""What `flask verify` asks of lending: loans agree with lines, lines with custody, agreements with seals."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import session
from app.history import Seal
from app.history.seals import holds
from app.inventory.models import CustodyLink, Device
from app.lending.models import Agreement, HandOverItem, Loan, LoanLine


def check_loans() -> Iterator[str]:
    for loan in session().scalars(select(Loan).order_by(Loan.id)).yield_per(500):
        still_out = loan.open_lines
        if bool(still_out) != (loan.closed_at is None):
            yield f"loan {loan.id}: its state does not agree with its lines"
        if still_out and loan.due_on != min(line.due_on for line in still_out):
            yield f"loan {loan.id}: its due day does not agree with its lines"
    yield from _check_lines()
    yield from _check_items()


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


def _check_items() -> Iterator[str]:
    bare = select(LoanLine.id).outerjoin(HandOverItem, HandOverItem.line_id == LoanLine.id)
    for number in session().scalars(bare.where(HandOverItem.id.is_(None))):
        yield f"loan_line {number}: no hand-over tells of it"


def check_agreements() -> Iterator[str]:
    query = select(Agreement, Seal).join(Seal, Seal.id == Agreement.seal_id)
    for row, sealed in session().execute(query).yield_per(500):
        if row.words is not None and not holds(sealed, "agreement", row.words):
            yield f"agreement {row.id}: its words are not those that were sealed"
