"""Splitting a household: one page, for managers."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.lending import splits as lending
from app.people import answers, cards, households
from app.people.doors import door, me
from app.people.models import Household
from app.privacy import splits
from app.privacy.splits import Split, SplitAnswer
from app.times import now
from app.web import AnswerType, done, page, read, spoken
from app.words import _

bp = Blueprint("splits", __name__)


@bp.route("/households/<code>/split", methods=["GET", "POST"])
@door("privacy")
@spoken(takes=Split, gives=SplitAnswer, refuses=("things_differ", "before_the_loan", "not_here"))
def split(code: str) -> AnswerType:
    household = households.card(code, me())
    form = read(Split, sides=_as_now(household))
    if homes := form.submit(splits.split, household, by=me(), at=now(), again=splits.of_act):
        say = _("Each has a card of their own now, with a new code. Look for them by name.")
        answer = SplitAnswer(households=[answers.household(home) for home in homes])
        return done(answer, go=url_for("team.list_households"), say=say, form=form)
    lines = lending.open_lines(households.not_split(household))
    return page("privacy/split.html", form=form, household=household, lines=lines)


def _as_now(household: Household) -> list[dict[str, str]]:
    """One side begins as the card stands, the other with the one other adult on it, if there is just one."""
    who = household.identity
    if who is None:
        return []
    others = [{"name": one.name, "language": who.language} for one in cards.adults(household)[1:]]
    other = others[0] if len(others) == 1 else {}
    return [{"name": who.name, "contact": who.contact or "", "language": who.language}, other]
