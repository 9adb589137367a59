"""What lending holds of a household's people: told, merged, erased. The privacy wing asks every wing the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.db import session
from app.errors import Refused
from app.lending import (
    complaints,
    condition,
    corrections,
    deposits,
    forgetting,
    losses,
    owed,
    promised,
    reminder_privacy,
    requests,
    signatures,
)
from app.lending.deposits import Deposit
from app.lending.loans import at_home_with
from app.lending.models import Agreement, ExtensionRequest, LetGo, Loan, LoanLine, OwedPart
from app.lending.signature_models import Signature
from app.people.models import Household
from app.words import _


def tell(household: Household) -> dict[str, object]:
    """Every loan with its things and days, and the words of its agreement while they are kept."""
    told = {"loans": [_told(loan) for loan in at_home_with(household)]}
    return told | promised.tell(household) | reminder_privacy.tell(household)


def agreements_of(household: Household) -> list[tuple[UUID, str, Sequence[Signature]]]:
    """The agreements whose words are still kept: the loan's number, the words, and who signed them."""
    query = select(Loan, Agreement.words).join(Agreement, Agreement.loan_id == Loan.id)
    rows = session().execute(query.where(Loan.household_id == household.id, Agreement.words.is_not(None)))
    return [(loan.uuid, words or "", signatures.under(signatures.of_loan(loan))) for loan, words in rows]


def _told(loan: Loan) -> dict[str, object]:
    agreement = session().scalar(select(Agreement).where(Agreement.loan_id == loan.id))
    return {
        "id": str(loan.uuid),
        "lent_at": loan.lent_at.isoformat(),
        "due_on": loan.due_on.isoformat(),
        "closed_at": loan.closed_at.isoformat() if loan.closed_at else None,
        "things": [line.device.name for line in loan.lines],
        "owed": [_owed(part) for part in owed.of_loans([loan]).get(loan.id, ())],
        "complaints": [one.file.stored_at.isoformat() for one in complaints.of_loan(loan)],
        "deposits": [_deposit(row) for row in deposits.of_loan(loan)],
        "let_go": [row.reason or "" for row in losses.decided(loan)],
        "requests": [_request(row) for row in requests.of_loans([loan])],
        "agreement": (agreement.words or "") if agreement else "",
        "corrected": (corrected.reason or "") if (corrected := corrections.of_loan(loan)) else "",
        "signatures": forgetting.told(loan),
        "condition": condition.told(loan),
    }


def _owed(part: OwedPart) -> dict[str, object]:
    ended = part.closed_at.isoformat() if part.closed_at else None
    since = part.hand_over.at.isoformat()
    return {"part": part.name, "since": since, "ended": ended, "how": part.ending, "reason": part.reason or ""}


def _request(row: ExtensionRequest) -> dict[str, object]:
    return {"wished_on": row.wished_on.isoformat(), "how": row.how, "state": row.state, "reason": row.reason or ""}


def _deposit(row: Deposit) -> dict[str, object]:
    told = {"amount_cents": row.amount_cents, "last_four": row.last_four or "", "kept_where": row.kept_where or ""}
    return told | {"dated_on": row.dated_on.isoformat(), "ending": row.ending}


def check_erasable(household: Household) -> None:
    """Nobody is forgotten while they hold a thing of ours."""
    if any(loan.closed_at is None for loan in at_home_with(household)):
        raise Refused("on_loan", _("This household still has something on loan. Take it back first."))
    promised.check_erasable(household)


def erase(household: Household) -> list[str]:
    """What was written about them in words goes. Agreements stay until their own day (Code civil 2224)."""
    loans = select(Loan.id).where(Loan.household_id == household.id)
    lines = select(LoanLine.id).where(LoanLine.loan_id.in_(loans))
    words: list[tuple[Any, ColumnElement[bool]]] = [
        (OwedPart, OwedPart.line_id.in_(lines)),
        (LetGo, LetGo.line_id.in_(lines)),
        (ExtensionRequest, ExtensionRequest.loan_id.in_(loans)),
    ]
    cheques = update(Deposit).where(Deposit.loan_id.in_(loans)).values(last_four=None, kept_where=None)
    session().execute(cheques)
    gone = [kind.__tablename__ for kind, theirs in words if _without_reasons(kind, theirs)]
    return [*gone, *promised.erase(household), *corrections.erase(household), *reminder_privacy.erase(household)]


def _without_reasons(kind: Any, theirs: ColumnElement[bool]) -> bool:
    gone: Any = session().execute(update(kind).where(theirs, kind.reason.is_not(None)).values(reason=None))
    return bool(gone.rowcount)


def kept(household: Household) -> list[tuple[str, object]]:
    """What a named duty keeps, and until which day."""
    query = select(Agreement).join(Loan, Loan.id == Agreement.loan_id).where(Loan.household_id == household.id)
    rows = session().scalars(query.where(Agreement.words.is_not(None)).order_by(Agreement.id))
    loans = session().scalars(select(Loan).where(Loan.household_id == household.id).order_by(Loan.id)).all()
    copies = [("complaint", _until(loan)) for loan in loans for _copy in complaints.of_loan(loan)]
    return [*(("agreement", row.keep_until) for row in rows), *copies]


def _until(loan: Loan) -> object:
    """The day on which the words of its agreement go, and the copies of complaints with them."""
    return session().scalar(select(Agreement.keep_until).where(Agreement.loan_id == loan.id))


def merge(double: Household, kept_one: Household) -> None:
    """The loans of a double become those of the household that is kept."""
    reminder_privacy.merge(double, kept_one)
    session().execute(update(Loan).where(Loan.household_id == double.id).values(household_id=kept_one.id))
    promised.merge(double, kept_one)
