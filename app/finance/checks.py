"""What `flask verify` asks of money: each record is what its acts tell of, and every sum is that of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from app.finance.accounts import check_accounts
from app.finance.allocation_checks import check_allocations
from app.finance.budget import check_lines
from app.finance.claim_checks import check_claims
from app.finance.durability import check_durability
from app.finance.expenses import check_expenses
from app.finance.operations import check_operations
from app.finance.papers import check_papers
from app.finance.payments import check_payments
from app.finance.publicity import check_publicity
from app.finance.purchases import check_purchases
from app.finance.receipts import check_receipts
from app.finance.spot_check_checks import check_spot_checks
from app.finance.tied import check_assets

CHECKS: Sequence[Callable[[], Iterator[str]]] = (
    check_operations,
    check_lines,
    check_purchases,
    check_expenses,
    check_payments,
    check_assets,
    check_allocations,
    check_accounts,
    check_papers,
    check_receipts,
    check_claims,
    check_durability,
    check_publicity,
    check_spot_checks,
)
