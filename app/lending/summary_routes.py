"""“L’essentiel” of a loan in the reader's language: a page to show and to print."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import Field

from app.db import session
from app.inputs import Answer, Input
from app.lending import loans, rereadings, summaries
from app.people.doors import door, me
from app.people.models import Centre
from app.web import AnswerType, page, read_query, spoken

bp = Blueprint("summaries", __name__)


class WhichSummary(Input):
    lang: Annotated[str, Field(max_length=20)] = ""


class SummaryAnswer(Answer):
    """`read_again`: somebody who speaks the language has read it; `reader` and `read_on`: who and when."""

    loan: UUID
    language: str
    read_again: bool
    reader: str
    read_on: date | None
    lines: list[str]
    french: list[str]


@bp.route("/loans/<uuid>/summary", methods=["GET"])
@door("households")
@spoken(asks=WhichSummary, gives=SummaryAnswer)
def show(uuid: str) -> AnswerType:
    """In the language asked for, else in the household's; French where there is none."""
    loan, wish = loans.get(uuid, me()), read_query(WhichSummary)
    theirs = loan.household.identity.language if loan.household.identity else "fr"
    centre = session().get_one(Centre, loan.centre_id)
    told = summaries.of(summaries.offered(wish.lang or theirs), loan.due_on, centre.phone or centre.organisation.phone)
    told = rereadings.marked(told, centre.id)
    answer = SummaryAnswer(
        loan=loan.uuid,
        language=told.language,
        read_again=told.known,
        reader=told.reader,
        read_on=told.read_on,
        lines=[line for _icon, line, _french in told.lines],
        french=[french for _icon, _line, french in told.lines],
    )
    return page("lending/summary.html", answer=answer, loan=loan, told=told, languages=summaries.languages())
