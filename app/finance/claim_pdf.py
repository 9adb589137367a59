"""A claim on paper: its numbered pieces and their total, which is the one that was filed."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from app.finance import claim_answers, claims, drawn
from app.finance.claim_models import Claim
from app.web.looks import money, plain_date
from app.words import _, spoken

WIDTHS = (16, 38, 22, 32, 26, 20, 20, 44, 22, 22)  # mm


def of(row: Claim) -> bytes:
    title = spoken(_("Claim %(number)s of %(operation)s", number=row.number or "—", operation=row.operation.number))
    rows = (cells[: len(WIDTHS)] for cells in claim_answers.table(row))
    table = drawn.table(claim_answers.HEADS[: len(WIDTHS)], rows, WIDTHS)
    return drawn.document(title, [*_head(row, title), table], wide=True)


def _head(row: Claim, title: str) -> Iterator[Flowable]:
    yield drawn.heading(title)
    taken = claims.taken_up(row)
    whole = claim_answers.total(row) + sum(one.total_cents for one in taken)
    filed = _("filed on %(day)s", day=plain_date(row.filed_on)) if row.filed_on else _("draft")
    days = {"first": plain_date(row.from_day), "last": plain_date(row.to_day)}
    for words in (
        row.operation.name,
        f"{row.organisation.name}, {row.title}",
        _("From %(first)s to %(last)s, %(state)s", **days, state=filed),
        _("Total declared: %(sum)s", sum=money(whole)),
    ):
        yield drawn.sentence(words)
    yield drawn.gap()
