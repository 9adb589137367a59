"""What is written on an on-the-spot check: things of its samples, and its findings with answers and euros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for

from app.errors import NotThere
from app.finance import budget, purse, spot_check_answers, spot_checks, spot_findings, spot_samples
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_answers import SpotCheckCard, SpotFindingAnswer
from app.finance.spot_check_forms import AnswerFinding, CorrectFinding, DrawSample, FromShelf, LookedFor, NewFinding
from app.finance.spot_check_models import SpotCheck, SpotFinding
from app.finance.spot_check_routes import STATE, go_to, shown
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.web.guard import with_camera
from app.web.looks import typed
from app.words import _

bp = Blueprint("spot_samples", __name__)


@bp.route("/finance/checks/<uuid>/sample", methods=["POST"])
@door("spend")
@spoken(
    takes=DrawSample, gives=SpotCheckCard, refuses=(*STATE, "sample_same", "device_unknown", "too_many_things")
)  # fmt: skip
@with_camera
def draw(uuid: str) -> AnswerType:
    """Things of the register to be looked for: drawn, or named."""
    check, form = spot_checks.get(uuid, me()), read(DrawSample)
    if form.submit(spot_samples.draw, check, by=me(), at=now(), again=spot_checks.of_act):
        say = _("They are in the sample. Look for them, one by one.")
        return done(spot_check_answers.card(check), go=go_to(check), say=say, form=form)
    return shown(check, form)


@bp.route("/finance/checks/<uuid>/sightings", methods=["POST"])
@door("spend")
@spoken(takes=LookedFor, gives=SpotCheckCard, refuses=(*STATE, "not_in_sample", "device_unknown"))
@with_camera
def look_for(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(LookedFor)
    if item := form.submit(spot_samples.look_for, check, by=me(), at=now(), again=spot_samples.of_act):
        words = {"seen": _("Seen: %(name)s."), "not_seen": _("Not seen: %(name)s."), None: _("To look for: %(name)s.")}
        say = words[item.result] % {"name": spot_check_answers.called(item)}
        return done(spot_check_answers.card(check), go=go_to(check, item.number), say=say, form=form)
    return shown(check, form)


@bp.route("/finance/checks/<uuid>/shelf", methods=["POST"])
@door("spend")
@spoken(takes=FromShelf, gives=SpotCheckCard, refuses=(*STATE, "sample_same", "device_unknown", "too_many_things"))
@with_camera
def from_shelf(uuid: str) -> AnswerType:
    """A thing that stood there is looked up in the register."""
    check, form = spot_checks.get(uuid, me()), read(FromShelf)
    if item := form.submit(spot_samples.from_shelf, check, by=me(), at=now(), again=spot_samples.of_act):
        name = spot_check_answers.called(item)
        found = _("In the register: %(name)s.", name=name)
        say = found if item.device_id else _("Not in the register: %(name)s.", name=name)
        undo = url_for("spot_samples.take_off", uuid=uuid, item=item.number)
        return done(spot_check_answers.card(check), go=go_to(check, item.number), say=say, undo=undo, form=form)
    return shown(check, form)


@bp.route("/finance/checks/<uuid>/things/<int:item>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=STATE)
def take_off(uuid: str, item: int) -> AnswerType:
    undo = url_for("spot_samples.put_back", uuid=uuid, item=item)
    return _moved(uuid, item, spot_samples.take_off, spot_samples.of_act, _("It is out of the sample."), undo)


@bp.route("/finance/checks/<uuid>/things/<int:item>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=(*STATE, "in_force"))
def put_back(uuid: str, item: int) -> AnswerType:
    return _moved(uuid, item, spot_samples.put_back, spot_samples.of_act, _("It is in the sample again."))


def _moved(uuid: str, number: int, rule: Any, again: Any, say: object, undo: str = "") -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(Withdraw)
    form.insist(rule, check, number, by=me(), at=now(), again=again)
    return done(spot_check_answers.card(check), go=go_to(check), say=say, undo=undo, form=form)


@bp.route("/finance/checks/<uuid>/findings/new", methods=["GET"])
@door("spend")
def new_finding(uuid: str) -> AnswerType:
    return _new(spot_checks.get(uuid, me()), blank(NewFinding))


@bp.route("/finance/checks/<uuid>/findings", methods=["POST"])
@door("spend")
@spoken(takes=NewFinding, gives=SpotCheckCard, refuses=STATE)
def add_finding(uuid: str) -> AnswerType:
    check, form = spot_checks.get(uuid, me()), read(NewFinding)
    if finding := form.submit(spot_findings.add, check, by=me(), at=now(), again=spot_findings.of_act):
        undo = url_for("spot_samples.withdraw_finding", uuid=uuid, finding=finding.number)
        say = _("The finding is written down.")
        return done(spot_check_answers.card(check), go=go_to(check), say=say, undo=undo, form=form)
    return _new(check, form)


def _new(check: SpotCheck, form: Form[Any]) -> AnswerType:
    lines = [(line.code, f"{line.code} {line.label}") for line in budget.of(check.operation)]
    return page("finance/spot_finding_new.html", form=form, check=check, lines=lines)


@bp.route("/finance/checks/<uuid>/findings/<int:finding>", methods=["GET"])
@door("money")
@spoken(gives=SpotFindingAnswer)
def finding(uuid: str, finding: int) -> AnswerType:
    check = spot_checks.get(uuid, me())
    return _finding(check, spot_findings.get(check, finding))


def _finding(check: SpotCheck, row: SpotFinding, form: Form[Any] | None = None) -> AnswerType:
    if row.gone_act_id is not None:
        raise NotThere(_("There is no such finding."))
    cents = "" if row.correction_cents is None else typed(row.correction_cents)

    def own(shape: type[Any], **known: Any) -> Form[Any]:
        return form if form and form.shape is shape else blank(shape, **known)

    return page(
        "finance/spot_finding.html",
        form=form,
        answer=spot_check_answers.finding(row),
        check=check,
        finding=row,
        reply=own(AnswerFinding, answer=row.answer, answered_on=row.answered_on or today()),
        correct=own(CorrectFinding, correction_cents=cents),
        changes=me().may("spend") and purse.leads(check.operation, me()) and check.goes_on,
    )


@bp.route("/finance/checks/<uuid>/findings/<int:finding>/answer", methods=["POST"])
@door("spend")
@spoken(takes=AnswerFinding, gives=SpotCheckCard, refuses=STATE)
def answer(uuid: str, finding: int) -> AnswerType:
    return _settled(uuid, finding, read(AnswerFinding), spot_findings.answer, _("Our answer is written down."))


@bp.route("/finance/checks/<uuid>/findings/<int:finding>/correction", methods=["POST"])
@door("spend")
@spoken(takes=CorrectFinding, gives=SpotCheckCard, refuses=STATE)
def correct(uuid: str, finding: int) -> AnswerType:
    return _settled(uuid, finding, read(CorrectFinding), spot_findings.correct, _("The correction is written down."))


def _settled(uuid: str, number: int, form: Form[Any], rule: Callable[..., SpotFinding], say: object) -> AnswerType:
    check = spot_checks.get(uuid, me())
    if form.submit(rule, check, number, by=me(), at=now(), again=spot_findings.of_act):
        return done(spot_check_answers.card(check), go=go_to(check), say=say, form=form)
    return _finding(check, spot_findings.get(check, number), form)


@bp.route("/finance/checks/<uuid>/findings/<int:finding>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=STATE)
def withdraw_finding(uuid: str, finding: int) -> AnswerType:
    undo = url_for("spot_samples.restore_finding", uuid=uuid, finding=finding)
    say = _("The finding is taken back.")
    return _moved(uuid, finding, spot_findings.withdraw, spot_findings.of_act, say, undo)


@bp.route("/finance/checks/<uuid>/findings/<int:finding>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=SpotCheckCard, refuses=(*STATE, "in_force"))
def restore_finding(uuid: str, finding: int) -> AnswerType:
    say = _("The finding stands again.")
    return _moved(uuid, finding, spot_findings.restore, spot_findings.of_act, say)
