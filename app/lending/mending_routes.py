"""A loan put right: another thing on it, two things swapped, or lent to the wrong people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from app.errors import Refused
from app.inputs import tidy
from app.inventory import devices
from app.inventory.models import Device
from app.lending import answers, corrections, endings, exchanges, loan_page, loans, reversals, swaps
from app.lending.booking_routes import household_of
from app.lending.forms import CorrectLoan, Exchange, Swap, UndoMending
from app.lending.models import Loan
from app.people import households
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, done, page, read, spoken
from app.web.guard import with_camera
from app.words import _

bp = Blueprint("mending", __name__)
bp.add_app_template_global(endings.of_loan, "how_it_ended")
bp.add_app_template_global(endings.in_short, "ended_in_short")
EXCHANGING = ("not_on_loan", "already_on_loan", "not_available", "promised", "not_here", "device_unknown",
              "household_unknown", "before_the_loan", "loan_closed", "not_handed_over", "too_many_faults")  # fmt: skip
UNDOING = ("too_late_to_undo", "promised")


@bp.route("/loans/<uuid>/exchange", methods=["GET", "POST"])
@door("lend")
@spoken(takes=Exchange, gives=answers.LoanAnswer, refuses=EXCHANGING)
@with_camera
def exchange(uuid: str) -> AnswerType:
    """Scan the thing that leaves instead: the one given back waits for its check."""
    loan = loans.get(uuid, me())
    asked = {"device": request.args.get("device", ""), "instead": _code(request.args.get("instead", ""))}
    form = read(Exchange, **asked)
    if form.submit(exchanges.exchange, loan, by=me(), at=now(), again=exchanges.of_act):
        say = _("Exchanged. The one given back waits for its check.")
        return _put_right(loans.get(uuid, me()), say, form, undo="mending.undo_exchange")
    loan = loans.get(uuid, me())
    instead = _thing(str(form.values.get("instead") or ""))
    back = next((one.device for one in loan.open_lines if one.device.code == form.values.get("device")), None)
    return page("lending/exchange.html", form=form, loan=loan, instead=instead, back=back)


def _code(text: str) -> str:
    """The code of the thing that this number names, or the number itself."""
    found = devices.find(str(tidy(text))) if text else []
    return found[0].code if len(found) == 1 else text


def _thing(code: str) -> Device | None:
    try:
        return devices.get(code, me()) if code else None
    except Refused:
        return None


@bp.route("/swap", methods=["GET", "POST"])
@door("lend")
@spoken(
    takes=Swap,
    gives=answers.LoanAnswer,
    refuses=(
        "not_on_loan",
        "not_here",
        "device_unknown",
        "same_household",
        "before_the_loan",
        "too_late_to_undo",
        "promised",
    ),
)
def swap() -> AnswerType:
    """The thing in hand is written down with another household: say with which one it was swapped."""
    form = read(Swap, device=_code(request.args.get("device", "")))
    if made := form.submit(swaps.swap, by=me(), at=now(), again=swaps.of_act):
        say = _("Put right for both households. Each has a new agreement to sign.")
        return _put_right(made[1], say, form, undo="mending.undo_swap")
    return _swap(form)


def _swap(form: Form[Swap]) -> AnswerType:
    thing = _thing(str(form.values.get("device") or ""))
    line = loans.open_line_of(thing) if thing and thing.state == "on_loan" else None
    mine = line if line and line.centre_id == me().people_of else None
    others = swaps.others(thing, me()) if thing and mine else []
    return page("lending/swap.html", form=form, thing=thing, line=mine, others=others)


@bp.route("/loans/<uuid>/correct", methods=["GET", "POST"])
@door("privacy")
@spoken(
    takes=CorrectLoan,
    gives=answers.LoanAnswer,
    refuses=("loan_closed", "household_unknown", "same_household", "not_here", "before_the_loan", "promised"),
)
def correct(uuid: str) -> AnswerType:
    """A manager says to whom it really was, or that nothing left."""
    loan, form = loans.get(uuid, me()), read(CorrectLoan, household=request.args.get("household", ""))
    if right := form.submit(corrections.correct, loan, by=me(), at=now(), again=corrections.of_act):
        say = _("Put right. Its reminders have stopped.")
        return _put_right(right, say, form, undo="mending.undo_correction")
    return _correct(loans.get(uuid, me()), form)


def _correct(loan: Loan, form: Form[CorrectLoan]) -> AnswerType:
    words = str(tidy(request.args.get("q", "")))[:100]
    people = households.meant(words, me())
    return page(
        "lending/correct.html",
        form=form,
        loan=loan,
        household=household_of(str(form.values.get("household") or "")),
        people=[one for one in people if one.id != loan.household_id],
        words=words,
    )


def _put_right(loan: Loan, say: object, form: Form[Any], undo: str = "") -> AnswerType:
    """`undo`: the route that takes an act of this kind back."""
    back = url_for(undo, uuid=form.wish.id) if undo and form.wish else ""
    return done(loan_page.answer(loan), go=url_for("lending.show", uuid=loan.uuid), say=say, undo=back, form=form)


@bp.route("/exchanges/<uuid>/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoMending, gives=answers.LoanAnswer, refuses=UNDOING)
def undo_exchange(uuid: str) -> AnswerType:
    return _undo(uuid, "exchange", _("The exchange is undone: each thing is where it was."))


@bp.route("/swaps/<uuid>/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoMending, gives=answers.LoanAnswer, refuses=UNDOING)
def undo_swap(uuid: str) -> AnswerType:
    return _undo(uuid, "swap", _("Undone: both loans are as they were before."))


@bp.route("/corrections/<uuid>/undo", methods=["POST"])
@door("privacy")
@spoken(takes=UndoMending, gives=answers.LoanAnswer, refuses=UNDOING)
def undo_correction(uuid: str) -> AnswerType:
    return _undo(uuid, "correct", _("Undone: the loan runs again as it was before."))


def _undo(uuid: str, kind: str, say: object) -> AnswerType:
    act, form = reversals.get(uuid, kind, me()), read(UndoMending)
    if loan := form.submit(reversals.undo, act, by=me(), at=now(), again=reversals.of_act):
        return _put_right(loan, say, form)
    return loan_page.shown(reversals.about(act), form)
