"""How long a household may keep things: what the centre settled, and who waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from app.db import session
from app.errors import Refused
from app.history import Act
from app.lending import policy, waiting
from app.lending.models import Extension, Loan, LoanLine
from app.people.roles import Me
from app.times import add_months, day_of
from app.web.looks import day as said
from app.words import _, _n


def someone_waits_for(lines: Sequence[LoanLine]) -> object:
    """That households wait for one of these and have nothing kept for them, as a sentence; nothing when nobody does."""
    things = [line.device for line in lines]
    wanted = waiting.wanted(things, lines[0].centre_id)
    thing = next((thing for thing in things if thing.model_id in wanted), None)
    if thing is None:
        return ""
    return _("Somebody waits for %(name)s, and no other is free: it comes back on its day.", name=thing.model.name)


def check(loan: Loan, lines: Sequence[LoanLine], day: date, reason: str, by: Me) -> None:
    """Refuse what somebody waits for; beyond the limits the manager decides, and says why."""
    if waits := someone_waits_for(lines):
        raise Refused("someone_waits", waits, fields={"due_on": waits})
    terms = policy.of(loan.centre_id)
    beyond = beyond_of(loan, lines, day, terms) if terms.settled else ""
    if beyond and not by.may("decide"):
        words = _("%(limit)s Beyond that the manager decides: ask them.", limit=beyond)
        raise Refused("beyond_limits", words, fields={"due_on": words})
    if beyond and not reason:
        words = _("%(limit)s Write why it is granted all the same.", limit=beyond)
        raise Refused("beyond_limits", words, fields={"reason": words})


def beyond_of(loan: Loan, lines: Sequence[LoanLine], day: date, terms: policy.Terms) -> Any:
    """Which limit of these terms the new day goes beyond, as a sentence; nothing within them."""
    last = last_day(loan, terms)
    if day > last:
        return _("Here things are kept until %(day)s at most.", day=said(last))
    if times_kept(lines) >= terms.extensions:
        return _n(
            "Here a loan is extended %(num)d time at most.",
            "Here a loan is extended %(num)d times at most.",
            terms.extensions,
        )
    return ""


def last_day(loan: Loan, terms: policy.Terms) -> date:
    return add_months(day_of(loan.lent_at), terms.longest_months)


def times_kept(lines: Sequence[LoanLine]) -> int:
    """How often the most extended of these was kept longer; what was taken back does not count."""
    counted = case((Act.kind == "extend", 1), (Act.kind == "extend_undo", -1), else_=0)
    query = select(func.sum(counted)).select_from(Extension).join(Act, Act.id == Extension.act_id)
    counts = session().scalars(
        query.where(Extension.line_id.in_([line.id for line in lines])).group_by(Extension.line_id)
    )
    return max((int(count) for count in counts), default=0)
