"""Moments that somebody wrote down: nothing ends before it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.inventory.models import CustodyLink
from app.lending.models import LoanLine
from app.web.looks import clock, day
from app.words import _


def check_left(lines: Sequence[tuple[str, LoanLine]], when: datetime | None) -> None:
    """Each of these things had left on its loan by then: one that an exchange brought out left after the others.

    `lines`: each beside the field that names it, if any does. Asks nothing where no moment was written.
    """
    if when is None:
        return
    later = select(CustodyLink.id, CustodyLink.at).where(CustodyLink.id.in_([line.link_id for _field, line in lines]))
    left = dict(session().execute(later.where(CustodyLink.at > when)).all())
    for field, line in lines:
        if line.link_id in left:
            at, name = left[line.link_id], line.device.name
            words = _(
                "%(name)s only left on %(day)s at %(time)s, in an exchange. Check the day and the hour.",
                name=name,
                day=day(at),
                time=clock(at),
            )
            raise Refused("before_the_loan", words, fields={field: words} if field else {})
