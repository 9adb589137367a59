"""A form signed on a doorstep, typed in on one page: things, household, days, who signed, and its photo."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request, url_for

from app.errors import Refused
from app.inputs import Input, tidy
from app.inventory import devices, kits
from app.lending import answers, loan_page, loans, typed_in
from app.lending.forms import AT_ONCE
from app.lending.routes import LENDING
from app.lending.sheet_routes import sent_photo
from app.lending.signature_forms import FormNumber
from app.lending.typed_in import TypedIn
from app.people import households
from app.people.doors import door, me
from app.people.models import Household
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, read_query, spoken
from app.web.guard import with_camera
from app.web.looks import day
from app.words import _
from labels import codes

bp = Blueprint("typing_in", __name__)
_TYPING = (*LENDING, "form_unknown", "form_used", "not_free_then")


class WhichForm(Input):
    number: FormNumber | None = None


@bp.route("/sheets/loan", methods=["GET"])
@door("lend")
@with_camera
def show() -> AnswerType:
    return _page(blank(TypedIn, number=read_query(WhichForm).number or "", devices=[], capacity="borrower"))


@bp.route("/sheets/loan/look", methods=["POST"])
@door("lend")
@with_camera
def look() -> AnswerType:
    """The same page with the thing or the household that was scanned or looked for; nothing is kept."""
    form = _sent()
    left = TypedIn.model_fields.keys() - form.values.keys()  # what is not filled in yet
    if not codes.parse(str(form.values.get("household", ""))):
        left = left | {"household"}  # a name, to look for
    form.faults = {name: words for name, words in form.faults.items() if name.partition(".")[0] not in left}
    return _page(form)


@bp.route("/sheets/loan", methods=["POST"])
@door("lend")
@spoken(
    takes=TypedIn,
    gives=answers.LoanAnswer,
    made=True,
    refuses=_TYPING,
    doubts=("not_a_photo", "file_missing", "not_yet"),
)
@with_camera
def type_in() -> AnswerType:
    """The photo of the signed form comes beside, as the part `photo` of a form."""
    form, photo = _sent(), None
    with form.looking():
        photo = sent_photo() if form.wish else None
    if photo and (loan := form.submit(typed_in.type_in, photo, by=me(), at=now(), again=typed_in.of_act)):
        who, due = loan.household.name, loan.due_on
        return done(
            loan_page.answer(loan),
            go=url_for("lending.show", uuid=loan.uuid),
            say=lambda: _said(who, due),
            undo=url_for("lending.undo", uuid=loan.uuid),
            form=form,
            new=True,
        )
    return _page(form)


def _said(who: str, due: date) -> object:
    if due < today():
        return _("Lent to %(who)s. It was due back on %(day)s: call them.", who=who, day=day(due))
    return _("Lent to %(who)s until %(day)s.", who=who, day=day(due))


def _sent() -> Form[TypedIn]:
    """What was sent, any number of a thing told as its code, so that a page may be filled in with a scanner alone."""
    form = read(TypedIn)
    texts = form.values.get("devices")
    if request.is_json or not isinstance(texts, list):
        return form
    things = [code for text in texts for code in _codes_of(str(tidy(text)))]
    people = [code for code in things if code.startswith("F") and codes.is_right(code)]  # a card read in that field
    values = form.values | {"devices": list(dict.fromkeys(code for code in things if code not in people))}
    asked = people[-1] if people else str(form.values.get("household", ""))
    if code := codes.parse(asked):
        values["household"] = code
    return Form(TypedIn, values, sent=True)


def _codes_of(text: str) -> list[str]:
    """A kit stands for all its things; what names no single thing stays as it was written."""
    code = codes.parse(text)
    if code and (kit := kits.by_code(code)):
        return [thing.code for thing in kits.things_of(kit)] or [code]
    found = devices.find(text)
    return [found[0].code if len(found) == 1 else code or text]


def _page(form: Form[TypedIn]) -> AnswerType:
    texts = form.values.get("devices")
    written = [str(tidy(str(text))) for text in (texts if isinstance(texts, list) else [])][:AT_ONCE]
    things = {text: borne[0] for text in written if len(borne := devices.find(text)) == 1}
    household, words = _household(str(form.values.get("household") or ""))
    found = _found(words, household)
    if words and len(found) == 1:
        household = found[0]
    if household and not form.values.get("name"):
        form.values["name"] = household.name
    return page(
        "lending/typed_in.html",
        form=form,
        written=written,
        things=things,
        stays={code: why for code, thing in things.items() if (why := loans.why_not(thing, me(), today()))},
        household=household,
        words=words,
        found=found,
        over=_is_over(str(form.values.get("due_on"))),
        today=today(),
    )


def _is_over(day: str) -> bool:
    try:
        return date.fromisoformat(day) < today()
    except ValueError:
        return False


def _household(text: str) -> tuple[Household | None, str]:
    """The household of that code, or else the words to look for."""
    try:
        return (households.get(text, me()), "") if text else (None, "")
    except Refused:
        return None, text[:100]


def _found(words: str, household: Household | None) -> list[Household]:
    """Whom the words may mean; without words, whoever came last."""
    return [household] if household and not words else households.meant(words, me())
