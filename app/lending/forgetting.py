"""What signing holds of people: told to them, and destroyed when the agreement it is about goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from app import files
from app.db import session
from app.files import StoredFile
from app.lending.models import Agreement, HandOverItem, Loan, LoanLine
from app.lending.signature_models import Signature, SigningPaper

_kept, _line = aliased(Agreement), aliased(LoanLine)
_ITEMS = (
    select(HandOverItem.id)
    .join(_line, _line.id == HandOverItem.line_id)
    .join(_kept, _kept.loan_id == _line.loan_id)
    .where(HandOverItem.hand_over_id == SigningPaper.hand_over_id)
    .correlate(SigningPaper)
)
_LOAN_OVER = (
    exists().where(_kept.loan_id == SigningPaper.loan_id, _kept.destroyed_at.is_not(None)).correlate(SigningPaper)
)
_RETURN_OVER = _ITEMS.exists() & ~_ITEMS.where(_kept.destroyed_at.is_(None)).exists()
AGREEMENT_GONE = or_(_LOAN_OVER, _RETURN_OVER)  # of every agreement that a paper is about


def destroy_outdated(folder: Path, *, at: datetime) -> int:
    """Chore: names, marks and pages go with the last agreement they are about; the seals stay."""
    query = select(SigningPaper).join(StoredFile, StoredFile.id == SigningPaper.file_id)
    rows = session().scalars(query.where(StoredFile.destroyed_at.is_(None), AGREEMENT_GONE).limit(500)).all()
    for paper in rows:
        files.destroy(folder, paper.file, at=at)
        paper.words = None
        gone = {"name": None, "mark": None, "salt": None, "destroyed_at": at}
        session().execute(update(Signature).where(Signature.paper_id == paper.id).values(gone))
    return len(rows)


def told(loan: Loan) -> list[dict[str, object]]:
    """Who signed for this loan, out and back, for the household's copy."""
    lines = [line.id for line in loan.lines]
    back = select(HandOverItem.hand_over_id).where(HandOverItem.line_id.in_(lines))
    query = select(Signature).where(or_(Signature.loan_id == loan.id, Signature.hand_over_id.in_(back)))
    return [_told(row) for row in session().scalars(query.order_by(Signature.id))]


def _told(row: Signature) -> dict[str, object]:
    return {
        "of": "agreement" if row.loan_id else "return",
        "name": row.name,
        "capacity": row.capacity,
        "way": row.way,
        "mark": row.mark,
        "at": row.at.isoformat(),
        "known": row.known,
        "copy_given": row.copy_given,
        "pages": row.paper.file.sha256,
    }
