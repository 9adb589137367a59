"""Lend, take back, extend, undo: each address serves people and programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for

from app.db import session
from app.errors import Refused
from app.inputs import tidy
from app.inventory import devices, kits
from app.inventory.answers import Place
from app.inventory.models import Device
from app.lending import (
    agreements,
    answers,
    due_days,
    loan_page,
    loans,
    pages,
    promised,
    reservations,
    returns,
    unsigned,
)
from app.lending.booking_routes import household_of
from app.lending.condition_routes import submit_shown
from app.lending.forms import AT_ONCE, Lend, LoanList, TakeBack, UndoLoan, UndoReturn
from app.lending.models import LoanLine
from app.people import households
from app.people.doors import door, me
from app.people.forms import NewHousehold
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, Form, blank, done, file_answer, page, read, read_query, slice_of, spoken
from app.web.guard import with_camera
from app.web.looks import day
from app.words import _
from labels import codes

bp = Blueprint("lending", __name__)
LENDING = (
    "already_on_loan", "not_available", "promised", "due_in_past", "not_here", "device_unknown", "household_unknown",
    "kit_empty", "not_handed_over", "too_many_faults", "too_many_files",
)  # fmt: skip
RETURNING = (
    "not_on_loan", "not_here", "device_unknown", "before_the_loan", "not_in_kit", "not_handed_over", "too_many_faults",
    "too_many_files",
)  # fmt: skip


@bp.app_template_global()
def conditions_in_words() -> Mapping[str, Any]:
    return {"good": _("Good"), "worn": _("Worn"), "damaged": _("Damaged"), "incomplete": _("Incomplete")}


def essentials(due_on: date, phone: str) -> list[Any]:
    """The agreement in six sentences, to read aloud before the hand-over."""
    return [
        _("The things are lent. It is free of charge."),
        _("You bring them back on %(day)s.", day=day(due_on)),
        _("A problem? Call %(phone)s.", phone=phone),
        _("Stolen? Tell us, we help you."),
        _("You pay neither for wear nor for accidents."),
        _("When they come back, we wipe everything."),
    ]


@bp.route("/lend", methods=["GET"])
@door("lend")
@with_camera
def lend_page() -> AnswerType:
    """Three acts: a thing, a household, “Lend”. Each scan adds to the words of the address."""
    form = read(Lend, devices=_scanned("device", "q"), household=_scanned_household())
    return _lend(form)


def _scanned(*names: str) -> list[str]:
    """The things in the words of the address, each once, in the order they were scanned."""
    texts = [str(tidy(text)) for name in names for text in request.args.getlist(name)]
    readings = [one for text in texts if text for one in _of_kit(codes.parse(text) or text)]
    return list(dict.fromkeys(text for text in readings if not text.startswith("F") or not codes.is_right(text)))


def _of_kit(text: str) -> list[str]:
    """A kit stands for all its things."""
    kit = kits.by_code(text)
    return [thing.code for thing in kits.things_of(kit)] if kit else [text]


def _scanned_household() -> str:
    """The household in the address; a card typed into the search field counts as scanned."""
    texts = (codes.parse(request.args.get(name, "")) for name in ("household", "q", "device"))
    return next((code for code in texts if code and code.startswith("F")), "")


@bp.route("/loans", methods=["POST"])
@door("lend")
@spoken(takes=Lend, gives=answers.LoanAnswer, made=True, refuses=LENDING, doubts=("not_a_photo",))
@with_camera
def lend() -> AnswerType:
    form = read(Lend)
    if loan := submit_shown(form, loans.lend, loans.lend_shown, loans.of_act):
        who, due = loan.household.name, loan.due_on
        undo = url_for("lending.undo", uuid=loan.uuid)
        return done(
            answers.loan(loan, today(), third=bool(form.wish and form.wish.third)),
            go=url_for("lending.show", uuid=loan.uuid),
            say=lambda: _("Lent to %(who)s until %(day)s.", who=who, day=day(due)),
            undo=undo,
            form=form,
            new=True,
        )
    return _lend(form)


def _lend(form: Form[Lend]) -> AnswerType:
    """What stands ready so far: the things, the household, and the day usually proposed."""
    things = _things(form.values.get("devices"))
    household = household_of(str(form.values.get("household") or ""))
    centre = session().get(Centre, me().centre_id)
    theirs = promised.kept_for(household) if household else []
    days, wanted = due_days.offered(centre, things, theirs, today())
    form.values["due_on"] = form.wish.due_on if form.wish else days[-1]
    words = "" if household else str(tidy(request.args.get("q", "")))[:100]
    return page(
        "lending/lend.html",
        form=form,
        things=things,
        faults={d.code: why for d in things if (why := loans.why_not(d, me(), today()))},
        loans={d.code: line.loan.uuid for d in things if (line := _our_line(d))},
        household=household,
        words=words,
        found=households.meant(words, me()),
        new=blank(NewHousehold, name=words),
        days=days,
        wanted=wanted,
        conflicts=[row for row in reservations.keeping(things, me()) if row not in theirs],
        theirs=theirs,
        reservation=form.values.get("reservation") or request.args.get("reservation", ""),
        today=today(),
        tomorrow=today() + timedelta(days=1),
        many=loans.too_many(household, things) if household and things else "",
        essentials=essentials(form.values["due_on"], me().centre.phone) if household and me().centre else [],  # type: ignore[union-attr]
    )


def _things(texts: object) -> list[Device]:
    """The things these numbers name, each once; a number that names several names none."""
    found = [devices.find(str(text)) for text in (texts if isinstance(texts, list) else [])[:AT_ONCE]]
    return list({d.id: d for ds in found if len(ds) == 1 for d in ds}.values())


def _our_line(device: Device) -> LoanLine | None:
    """The open line this thing is out on, when it is this centre's."""
    line = loans.open_line_of(device) if device.state == "on_loan" else None
    return line if line and line.centre_id == me().centre_id else None


@bp.route("/lend/household", methods=["POST"])
@door("lend")
def lend_to_new() -> AnswerType:
    """A new household in two fields, on the way to lending."""
    form = read(NewHousehold)
    wished = request.args.getlist("device")
    if household := form.submit(households.add, by=me(), at=now(), again=households.of_act):
        go = url_for("lending.lend_page", device=wished, household=household.code)
        return done(Place(kind="household", code=household.code, name=household.name), go=go)
    return page("people/household_new.html", form=form)


@bp.route("/loans", methods=["GET"])
@door("households")
@spoken(asks=LoanList, gives=answers.Loans)
def list_loans() -> AnswerType:
    wish = read_query(LoanList)
    found = slice_of(loans.listed(wish, me(), today()), wish, **unsigned.order_of(wish))
    answer = answers.Loans(items=loan_page.answers_of(found.rows), next=found.next)
    return page("lending/loans.html", answer=answer, found=found, wish=wish, today=today())


@bp.route("/loans/<uuid>", methods=["GET"])
@door("households")
@spoken(gives=answers.LoanAnswer)
def show(uuid: str) -> AnswerType:
    return loan_page.shown(loans.get(uuid, me()))


@bp.route("/loans/<uuid>/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoLoan, gives=answers.LoanAnswer, refuses=("too_late_to_undo", "loan_closed", "promised"))
def undo(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(UndoLoan)
    if form.submit(loans.undo, loan, by=me(), at=now(), again=loans.of_act):
        return done(loan_page.answer(loan), go=url_for("desk.board"), say=_("The loan is undone."), form=form)
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/agreement.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def agreement(uuid: str) -> AnswerType:
    row = agreements.of_loan(loans.get(uuid, me()))
    if row is None or row.words is None:
        raise Refused("destroyed", _("This agreement was kept as long as the law asks, then destroyed."), status=404)
    return file_answer(pages.pdf(row.words), "application/pdf", "convention.pdf", inline=True)


@bp.route("/returns", methods=["GET"])
@door("lend")
@with_camera
def return_page() -> AnswerType:
    return _take_back(read(TakeBack, devices=[{"code": c} for c in _scanned("device", "q")]))


@bp.route("/returns", methods=["POST"])
@door("lend")
@spoken(
    takes=TakeBack,
    gives=answers.ReturnAnswer,
    made=True,
    refuses=RETURNING,
    doubts=("not_a_photo",),
)
@with_camera
def take_back() -> AnswerType:
    form = read(TakeBack)
    if event := submit_shown(form, returns.take_back, returns.take_back_shown, returns.of_act):
        names = ", ".join(item.line.device.name for item in event.items)
        undo = url_for("lending.undo_return", uuid=event.uuid)
        go = url_for("lending.show_return", uuid=event.uuid)
        return done(
            answers.hand_over(event, third=bool(form.wish and form.wish.third)),
            go=go,
            say=_("Taken back: %(names)s.", names=names),
            undo=undo,
            form=form,
            new=True,
        )
    return _take_back(form)


def _take_back(form: Form[TakeBack]) -> AnswerType:
    rows = form.values.get("devices")
    sent = {str(t.get("code")): t for t in (rows if isinstance(rows, list) else []) if isinstance(t, dict)}
    things = _things(list(sent))
    lines = {d.code: line for d in things if (line := _our_line(d))}
    return page("lending/take_back.html", form=form, things=things, lines=lines, sent=sent)


@bp.route("/returns/<uuid>", methods=["GET"])
@door("households")
@spoken(gives=answers.ReturnAnswer)
def show_return(uuid: str) -> AnswerType:
    event = returns.get(uuid, me())
    left = kits.left_behind([item.line.device for item in event.items])
    return page(
        "lending/return.html",
        answer=answers.hand_over(event),
        event=event,
        left=left,
    )


@bp.route("/returns/<uuid>/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoReturn, gives=answers.ReturnAnswer, refuses=("too_late_to_undo", "promised", "part_of_exchange"))
def undo_return(uuid: str) -> AnswerType:
    event, form = returns.get(uuid, me()), read(UndoReturn)
    if form.submit(returns.undo, event, by=me(), at=now(), again=returns.of_act):
        say = _("Undone: it is on loan again.")
        return done(answers.hand_over(event), go=url_for("desk.board"), say=say, form=form)
    return page("lending/return.html", form=form, event=event)
