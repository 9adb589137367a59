"""The page on which a manager settles how the centre lends, and when it is shut."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.db import session
from app.errors import NotThere
from app.inventory import devices
from app.lending import policy
from app.lending.policy import PolicyAnswer, SettleLending
from app.people import closures
from app.people.closures import CloseCentre, ClosureAnswer, OpenCentre
from app.people.doors import door, me
from app.people.models import Centre
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.words import _

bp = Blueprint("policy", __name__)


@bp.app_template_global()
def days_to_wipe() -> int:
    """How many days this centre keeps free after a thing is due."""
    return policy.of(me().centre_id).buffer_days


@bp.route("/centre/lending", methods=["GET"])
@door("decide")
@spoken(gives=PolicyAnswer)
def show() -> AnswerType:
    return _show(_centre())


@bp.route("/centre/lending", methods=["POST"])
@door("decide")
@spoken(takes=SettleLending, gives=PolicyAnswer)
def settle() -> AnswerType:
    centre, form = _centre(), read(SettleLending)
    if terms := form.submit(policy.settle, centre, by=me(), at=now(), again=policy.of_act):
        say = _("From now on these terms hold for new loans and extensions.")
        return done(policy.answer(terms), go=url_for("policy.show"), say=say, form=form)
    return _show(centre, form)


@bp.route("/centre/closures", methods=["POST"])
@door("decide")
@spoken(takes=CloseCentre, gives=ClosureAnswer)
def close() -> AnswerType:
    centre, form = _centre(), read(CloseCentre)
    if row := form.submit(closures.close, centre, by=me(), at=now(), again=closures.of_act):
        undo = url_for("policy.open_again", number=row.id)
        say = _("Nothing falls due on these days.")
        return done(closures.answer(row), go=url_for("policy.show"), say=say, undo=undo, form=form)
    return _show(centre, form)


@bp.route("/centre/closures/<int:number>/open", methods=["POST"])
@door("decide")
@spoken(takes=OpenCentre, gives=ClosureAnswer)
def open_again(number: int) -> AnswerType:
    centre, form = _centre(), read(OpenCentre)
    closures.get(centre, number)
    row = form.insist(closures.open_again, centre, number, by=me(), at=now(), again=closures.of_act)
    return done(closures.answer(row), go=url_for("policy.show"), say=_("Open on these days after all."), form=form)


def _centre() -> Centre:
    centre = session().get(Centre, me().centre_id)
    if centre is None:
        raise NotThere(_("Choose the centre first: the thing must be somewhere."))
    return centre


def _show(centre: Centre, form: Form[Any] | None = None) -> AnswerType:
    terms = policy.of(centre.id)
    settled = form if form is not None and form.shape is SettleLending else _settled(terms)
    closing = form if form is not None and form.shape is CloseCentre else blank(CloseCentre)
    return page(
        "lending/policy.html",
        form=form,
        answer=policy.answer(terms),
        terms=terms,
        settled=settled,
        closing=closing,
        centre=centre,
        closures=closures.of(centre),
        categories=devices.categories(),
        lengths=_lengths(settled),
    )


def _settled(terms: policy.Terms) -> Form[SettleLending]:
    """The form as it stands today, amounts in euros as people write them."""
    values = {name: getattr(terms, name) for name in ("at_once", "extensions", "longest_months", "buffer_days")}
    euros = {name: policy.euros(getattr(terms, name)) for name in ("cap_cents", "deposit_cents")}
    lengths = [{"category": code, "days": days} for code, days in terms.lengths.items()]
    return blank(SettleLending, **values, **euros, lengths=lengths)


def _lengths(form: Form[SettleLending]) -> dict[str, object]:
    """What stands in the form for each category, by its code."""
    rows = form.values.get("lengths")
    sent = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("category")): row.get("days") for row in sent}
