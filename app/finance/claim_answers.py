"""What programs are told of claims, and the tables people take to the authority. Money is whole cents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from app.finance import claim_content, claims
from app.finance.claim_content import Entry
from app.finance.claim_models import Claim, Piece
from app.finance.wording import PIECES
from app.inputs import Answer
from app.sheets.writing import Cell
from app.web.listing import ListAnswer
from app.words import _, spoken


class PieceAnswer(Answer):
    """`accepted_cents`: nothing before the authority answered. `expense`: the id of the invoice it stands for."""

    number: int
    kind: str
    line: str
    words: str
    cents: int
    accepted_cents: int | None
    reason: str
    expense: UUID | None


class ClaimAnswer(Answer):
    """`number` is given when it is filed. `total_cents`: of a draft, what it would declare now."""

    id: UUID
    operation: str
    organisation: str
    number: int | None
    title: str
    from_day: date
    to_day: date
    state: str
    filed_on: date | None
    total_cents: int
    accepted_cents: int
    rejected_cents: int


class ClaimCardAnswer(ClaimAnswer):
    """`takes_up`: the partners' claims consolidated in one of the lead; `consolidated_cents`: with theirs."""

    pieces: list[PieceAnswer]
    takes_up: list[UUID]
    consolidated_cents: int


Claims = ListAnswer[ClaimAnswer]
HEADS = (
    _("Piece"),
    _("Budget line"),
    _("Kind"),
    _("Supplier"),
    _("Invoice number"),
    _("Date"),
    _("Paid on"),
    _("What it is"),
    _("Declared"),
    _("Accepted"),
    _("Reason"),
    _("Partner"),
)


def entries(claim: Claim) -> Sequence[Piece | Entry]:
    """The pieces of a filed claim; of a draft, what would become them."""
    return claim_content.of(claim) if claim.state == "draft" else claims.pieces(claim)


def total(claim: Claim) -> int:
    return sum(one.cents for one in claim_content.of(claim)) if claim.state == "draft" else claim.total_cents


def claim(row: Claim) -> ClaimAnswer:
    every = [] if row.state == "draft" else claims.pieces(row)
    return ClaimAnswer(
        id=row.uuid,
        operation=row.operation.number,
        organisation=row.organisation.short_name,
        number=row.number,
        title=row.title,
        from_day=row.from_day,
        to_day=row.to_day,
        state=row.state,
        filed_on=row.filed_on,
        total_cents=total(row),
        accepted_cents=sum(one.accepted_cents or 0 for one in every),
        rejected_cents=sum(one.rejected_cents for one in every),
    )


def card(row: Claim) -> ClaimCardAnswer:
    taken = claims.taken_up(row)
    known = claim(row)
    return ClaimCardAnswer(
        **known.model_dump(),
        pieces=[_piece(one, n) for n, one in enumerate(entries(row), 1)],
        takes_up=[one.uuid for one in taken],
        consolidated_cents=known.total_cents + sum(one.total_cents for one in taken),
    )


def _piece(one: Piece | Entry, number: int) -> PieceAnswer:
    accepted, reason = (one.accepted_cents, one.reason) if isinstance(one, Piece) else (None, "")
    line = one.budget_line if isinstance(one, Piece) else one.line
    return PieceAnswer(
        number=number,
        kind=one.kind,
        line=line.code,
        words=one.words,
        cents=one.cents,
        accepted_cents=accepted,
        reason=reason,
        expense=one.allocation.line.expense.uuid if one.allocation else None,
    )


def table(row: Claim) -> Iterator[Sequence[Cell]]:
    """Its pieces and those of the partners' claims it takes up, then their sum; euros, as a spreadsheet adds them."""
    declared, accepted = 0, 0
    for one in (row, *claims.taken_up(row)):
        for n, piece in enumerate(entries(one), 1):
            declared += piece.cents
            accepted += (piece.accepted_cents or 0) if isinstance(piece, Piece) else 0
            yield [*_cells(piece, n, one), one.organisation.short_name]
    blanks: list[Cell] = [None] * 6
    answered = accepted / 100 if row.state == "answered" else None
    yield [spoken(_("Total")), None, *blanks, declared / 100, answered, None, None]


def _cells(one: Piece | Entry, number: int, of: Claim) -> list[Cell]:
    bill = one.allocation.line.expense if one.allocation else None
    line = one.budget_line if isinstance(one, Piece) else one.line
    accepted = one.accepted_cents if isinstance(one, Piece) else None
    return [
        f"{of.number or '—'}.{number}",
        f"{line.code} {line.label}",
        spoken(PIECES[one.kind]),
        bill.supplier if bill else None,
        bill.number if bill else None,
        bill.issued_on if bill else None,
        bill.paid_on if bill else None,
        one.words,
        one.cents / 100,
        None if accepted is None else accepted / 100,
        one.reason if isinstance(one, Piece) else None,
    ]
