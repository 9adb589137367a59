"""What lending holds of a household's people: told, merged, erased. The privacy wing asks every wing the same."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from app.db import session
from app.errors import Refused
from app.lending import corrections, forgetting, promised, reminder_privacy, signatures
from app.lending.loans import at_home_with
from app.lending.models import Agreement, Loan
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
        "agreement": (agreement.words or "") if agreement else "",
        "corrected": (corrected.reason or "") if (corrected := corrections.of_loan(loan)) else "",
        "signatures": forgetting.told(loan),
    }


def check_erasable(household: Household) -> None:
    """Nobody is forgotten while they hold a thing of ours."""
    if any(loan.closed_at is None for loan in at_home_with(household)):
        raise Refused("on_loan", _("This household still has something on loan. Take it back first."))
    promised.check_erasable(household)


def erase(household: Household) -> list[str]:
    """Agreements stay until their own day (Code civil 2224); why they came first on a list, what was said, does not."""
    return [*promised.erase(household), *corrections.erase(household), *reminder_privacy.erase(household)]


def kept(household: Household) -> list[tuple[str, object]]:
    """What a named duty keeps, and until which day."""
    query = select(Agreement).join(Loan, Loan.id == Agreement.loan_id).where(Loan.household_id == household.id)
    rows = session().scalars(query.where(Agreement.words.is_not(None)).order_by(Agreement.id))
    return [("agreement", row.keep_until) for row in rows]


def merge(double: Household, kept_one: Household) -> None:
    """The loans of a double become those of the household that is kept."""
    reminder_privacy.merge(double, kept_one)
    session().execute(update(Loan).where(Loan.household_id == double.id).values(household_id=kept_one.id))
    promised.merge(double, kept_one)
