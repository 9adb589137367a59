"""How loans and their lines ended, in words."""

from __future__ import annotations

from typing import Any

from app.lending.models import Loan, LoanLine
from app.web.looks import day, plain_date
from app.words import _


def of_loan(loan: Loan) -> Any:
    """The sentence that heads its page."""
    if loan.closed_at is None:
        return _("Due back on %(day)s.", day=day(loan.due_on))
    ended = day(loan.closed_at)
    words = {
        "undone": _("This loan was undone."),
        "lost": _("This loan is over since %(day)s: not everything came back.", day=ended),
        "let_go": _("This loan is closed since %(day)s.", day=ended),
        "split": _("The household was split on %(day)s: the things went on with each side.", day=ended),
        "swapped": _("Put right on %(day)s: the things had been swapped.", day=ended),
        "corrected": _("Put right on %(day)s: it was not to this household.", day=ended),
    }
    return words.get(loan.ending or "", _("Everything came back on %(day)s.", day=ended))


def in_short(row: Loan | LoanLine) -> Any:
    """The same for a list, of a loan or of one thing of it; nothing while it runs."""
    if row.closed_at is None:
        return ""
    ended = plain_date(row.closed_at)
    words = {
        "undone": _("Undone"),
        "lost": _("Lost or stolen, noted on %(day)s", day=ended),
        "let_go": _("Closed on %(day)s", day=ended),
        "split": _("The household was split"),
        "swapped": _("Put right: it was swapped"),
        "corrected": _("Put right"),
    }
    return words.get(row.ending or "", _("Brought back on %(day)s", day=ended))
