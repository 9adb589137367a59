"""Papers: the files that prove a purchase, an expense, a payment. Each is served through the door of what it proves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import history
from app.db import draft, put, session, walk
from app.errors import NotThere, Refused
from app.finance import purse, records
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense, Paper
from app.finance.spending_forms import AddPaper, Withdraw
from app.history import Act
from app.inventory.printed import Photo as Sent
from app.people.roles import Me
from app.words import _

MOST = 30  # papers of one purchase or expense


def of(row: Expense | Purchase) -> Sequence[Paper]:
    """Those on it, in the order they came."""
    query = select(Paper).where(_parent(row), Paper.gone_act_id.is_(None))
    return session().scalars(query.order_by(Paper.id)).all()


def get(row: Expense | Purchase, number: int) -> Paper:
    found = session().scalars(select(Paper).where(_parent(row), Paper.id == number)).first()
    if found is None:
        raise NotThere(_("This paper is not there."))
    return found


def _parent(row: Expense | Purchase):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (Paper.expense_id if isinstance(row, Expense) else Paper.purchase_id) == row.id


def add(row: Expense | Purchase, sent: Sent, wish: AddPaper, *, by: Me, at: datetime) -> Paper:
    purse.check_spends(row.organisation_id, by)
    if len(of(row)) >= MOST:
        raise Refused("too_many_files", _("%(n)s papers are the most: take one off first.", n=MOST))
    session().add(sent.file)
    session().flush()
    facts: dict[str, Any] = {"file": sent.file.sha256, "what": wish.kind, "title": wish.title}
    act = history.record("paper_add", wish, by=by, at=at, subject=row.name, **facts)
    parent = {"expense_id": row.id} if isinstance(row, Expense) else {"purchase_id": row.id}
    new = draft(Paper, kind=wish.kind, title=wish.title, file_id=sent.file.id, act_id=act.id, **parent)
    return put(new, file=sent.file)


def take_off(row: Expense | Purchase, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Paper:
    """It proves nothing here. Its bytes stay: what was once shown to an auditor is not destroyed by a click."""
    purse.check_spends(row.organisation_id, by)
    paper = get(row, number)
    if paper.gone_act_id is not None:
        raise NotThere(_("This paper is not there."))
    return records.take_back(paper, "paper_take_off", wish, row.name, by=by, at=at)


def put_back(row: Expense | Purchase, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Paper:
    purse.check_spends(row.organisation_id, by)
    paper = get(row, number)
    if paper.gone_act_id is None:
        raise Refused("in_force", _("This paper is there."))
    return records.put_back(paper, "paper_put_back", wish, row.name, by=by, at=at)


def of_act(act: Act) -> Paper:
    return records.of_act(Paper, act)


def check_papers() -> Iterator[str]:
    """Each paper is the one its act tells of, and none was taken off without an act."""
    expenses = {n: f"expense:{uuid.hex}" for n, uuid in walk(select(Expense.id, Expense.uuid))}
    purchases = {n: f"purchase:{uuid.hex}" for n, uuid in walk(select(Purchase.id, Purchase.uuid))}
    found = 0
    for row, act in walk(select(Paper, Act).outerjoin(Act, Act.id == Paper.act_id)):
        found += 1
        name = expenses.get(row.expense_id) if row.expense_id else purchases.get(row.purchase_id)
        said = {"file": row.file.sha256, "what": row.kind, "title": row.title}
        if act is None or (act.kind, act.subject, act.told) != ("paper_add", name, said):
            yield f"paper {row.id}: not what its act tells of"
    if found != history.count_of("paper_add"):
        yield "paper: a row for each act was due"
    yield from records.check_gone(Paper)
