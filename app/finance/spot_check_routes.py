"""On-the-spot checks of an operation: written down, answered, concluded; their samples as a table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select

from app.db import session
from app.finance import assets, purse, spot_check_answers, spot_checks, spot_findings, spot_samples
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_answers import SpotCheckCard, SpotChecks
from app.finance.spot_check_forms import (
    CheckCard,
    ConcludeCheck,
    DrawSample,
    FromShelf,
    LookedFor,
    NewCheck,
    ReopenCheck,
    ReplyCheck,
)
from app.finance.spot_check_models import SpotCheck
from app.inventory.models import Device
from app.people.doors import door, me
from app.people.models import Centre
from app.times import now, today
from app.web import (
    AnswerType,
    Form,
    Listing,
    blank,
    done,
    page,
    read,
    read_query,
    slice_of,
    spoken,
)
from app.web.guard import with_camera
from app.web.looks import typed
from app.web.tables import CSV, XLSX, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint("spot_checks", __name__)
STATE = ("check_concluded", "check_withdrawn")


@bp.route("/finance/operations/<operation>/checks", methods=["GET"])
@door("money")
@spoken(asks=Listing, gives=SpotChecks)
def of_operation(operation: str) -> AnswerType:
    row, wish = purse.operation(operation, me()), read_query(Listing)
    found = slice_of(
        spot_checks.of(row), wish, by=(SpotCheck.checked_on, SpotCheck.id), key=_place, backwards=True
    )  # fmt: skip
    told = [spot_check_answers.spot_check(one) for one in found.rows]
    return page(
        "finance/spot_checks.html",
        answer=SpotChecks(items=told, next=found.next),
        operation=row,
        found=found,
        told=[(one, spot_check_answers.look(check, today())) for one, check in zip(told, found.rows, strict=True)],
        changes=me().may("spend") and purse.leads(row, me()),
    )


def _place(check: SpotCheck) -> tuple[Any, ...]:
    """Where a check stands in the list."""
    return check.checked_on, check.id


@bp.route("/finance/operations/<operation>/checks/new", methods=["GET"])
@door("spend")
def new_check(operation: str) -> AnswerType:
    return _form(purse.operation(operation, me()), blank(NewCheck, kind="on_the_spot", checked_on=today()))


@bp.route("/finance/operations/<operation>/checks", methods=["POST"])
@door("spend")
@spoken(takes=NewCheck, gives=SpotCheckCard, made=True)
def open_check(operation: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(NewCheck)
    if check := form.submit(spot_checks.open_one, row, by=me(), at=now(), again=spot_checks.of_act):
        go, undo = go_to(check), url_for("spot_checks.withdraw", uuid=check.uuid)
        say = _("The check is written down. Draw the things to look for.")
        return done(spot_check_answers.card(check), go=go, say=say, undo=undo, form=form, new=True)
    return _form(row, form)


def _form(row: Operation, form: Form[Any], check: SpotCheck | None = None) -> AnswerType:
    centres = session().scalars(select(Centre).order_by(Centre.name))
    return page(
        "finance/spot_check_edit.html",
        form=form,
        answer=spot_check_answers.card(check) if check else None,
        operation=row,
        check=check,
        centres=[(one.id, one.name) for one in centres],
    )


def go_to(check: SpotCheck, number: int | None = None) -> str:
    """The page of a check; where a thing of its samples is named, the place of that thing on it."""
    return url_for("spot_checks.show", uuid=check.uuid, _anchor=f"thing-{number}" if number else None)


@bp.route("/finance/checks/<uuid>", methods=["GET"])
@door("money")
@spoken(gives=SpotCheckCard)
@with_camera
def show(uuid: str) -> AnswerType:
    return shown(spot_checks.get(uuid, me()))


def shown(check: SpotCheck, form: Form[Any] | None = None) -> AnswerType:
    """The page of a check, with what was sent to one of its forms, if the house refused it."""

    def own(shape: type[Any], **known: Any) -> Form[Any]:
        return form if form and form.shape is shape else blank(shape, **known)

    items, findings = spot_samples.of(check), spot_findings.of(check)
    correction = spot_findings.correction(check)
    return page(
        "finance/spot_check.html",
        form=form,
        answer=spot_check_answers.card(check),
        check=check,
        told=spot_check_answers.spot_check(check),
        look=spot_check_answers.look(check, today()),
        samples={way: [one for one in items if one.direction == way] for way in spot_check_answers.DIRECTIONS},
        findings=findings,
        correction=correction,
        typed=typed(correction),
        results=spot_check_answers.RESULTS,
        result=spot_check_answers.result,
        sheets=_sheets(check, items),
        draw=own(DrawSample, count=8),
        looked=own(LookedFor),
        shelf=own(FromShelf),
        reply=own(ReplyCheck, answered_on=today()),
        end=own(ConcludeCheck, concluded_on=today()),
        changes=me().may("spend") and purse.leads(check.operation, me()),
    )


def _sheets(check: SpotCheck, items: Any) -> set[int]:
    """The numbers of things whose sheet of evidence this person may open."""
    numbers = [one.device_id for one in items if one.device_id]
    paid = assets.of_operation(check.operation, me()).where(Device.id.in_(numbers))
    return set(session().scalars(paid.with_only_columns(Device.id)))


@bp.route("/finance/checks/<uuid>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(takes=CheckCard, gives=SpotCheckCard, refuses=STATE)
def edit(uuid: str) -> AnswerType:
    check = spot_checks.get(uuid, me())
    known = {name: getattr(check, name) or "" for name in ("kind", "body", "checked_on", "notes", "answer_due_on")}
    form = read(CheckCard, **known, centre=check.centre_id or "")
    if form.submit(spot_checks.edit, check, by=me(), at=now(), again=spot_checks.of_act):
        return done(spot_check_answers.card(check), go=go_to(check), say=_("The check is put right."), form=form)
    return _form(check.operation, form, check)


@bp.route("/finance/checks/<uuid>/reply", methods=["POST"])
@door("spend")
@spoken(takes=ReplyCheck, gives=SpotCheckCard, refuses=STATE)
@with_camera
def reply(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(ReplyCheck)
    if form.submit(spot_checks.reply, check, by=me(), at=now(), again=spot_checks.of_act):
        out = form.wish is not None and form.wish.answered_on is not None
        say = _("It is written down that our answer went out.") if out else _("Our answer has not gone out after all.")
        undo = url_for("spot_checks.reply", uuid=uuid) if out else ""
        return done(spot_check_answers.card(check), go=go_to(check), say=say, undo=undo, form=form)
    return shown(check, form)


@bp.route("/finance/checks/<uuid>/conclude", methods=["POST"])
@door("spend")
@spoken(takes=ConcludeCheck, gives=SpotCheckCard, refuses=(*STATE, "sample_open", "correction_open"))
@with_camera
def conclude(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(ConcludeCheck)
    if form.submit(spot_checks.conclude, check, by=me(), at=now(), again=spot_checks.of_act):
        say, undo = _("The check is concluded."), url_for("spot_checks.reopen", uuid=uuid)
        return done(spot_check_answers.card(check), go=go_to(check), say=say, undo=undo, form=form)
    return shown(check, form)


@bp.route("/finance/checks/<uuid>/reopen", methods=["POST"])
@door("spend")
@spoken(takes=ReopenCheck, gives=SpotCheckCard, refuses=("not_concluded",))
def reopen(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(ReopenCheck)
    form.insist(spot_checks.reopen, check, by=me(), at=now(), again=spot_checks.of_act)
    return done(spot_check_answers.card(check), go=go_to(check), say=_("The check is open again."), form=form)


@bp.route("/finance/checks/<uuid>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=STATE)
def withdraw(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(Withdraw)
    form.insist(spot_checks.withdraw, check, by=me(), at=now(), again=spot_checks.of_act)
    go = url_for("spot_checks.of_operation", operation=check.operation.number)
    undo = url_for("spot_checks.restore", uuid=uuid)
    return done(spot_check_answers.card(check), go=go, say=_("The check is taken back."), undo=undo, form=form)


@bp.route("/finance/checks/<uuid>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=("in_force",))
def restore(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(Withdraw)
    form.insist(spot_checks.restore, check, by=me(), at=now(), again=spot_checks.of_act)
    return done(spot_check_answers.card(check), go=go_to(check), say=_("The check is in force again."), form=form)


def _table(uuid: str) -> AnswerType:
    check = spot_checks.get(uuid, me())
    heads = [said(word) for word in spot_check_answers.HEADS]
    return table_answer(said(_("samples")), heads, spot_check_answers.table(check))


@bp.route("/finance/checks/<uuid>/samples.xlsx", methods=["GET"])
@door("money")
@spoken(media=XLSX)
def xlsx(uuid: str) -> AnswerType:
    return _table(uuid)


@bp.route("/finance/checks/<uuid>/samples.csv", methods=["GET"])
@door("money")
@spoken(media=CSV)
def csv(uuid: str) -> AnswerType:
    return _table(uuid)
