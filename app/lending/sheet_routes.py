"""Forms on paper: printed ahead under a number, typed in once signed, or declared spoilt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for

from app import files, papers
from app.errors import NotThere
from app.inputs import Answer
from app.inventory import received
from app.inventory.printed import Photo
from app.lending import loans, pages, paper_forms, signature_answers, signatures
from app.lending.models import Loan
from app.lending.signature_answers import SigningAnswer
from app.lending.signature_forms import PrintForms, SignedOnPaper, SpoilForm, WhichForms
from app.lending.signature_models import PaperForm
from app.people.doors import door, me, settings
from app.times import now, today
from app.web import AnswerType, Form, blank, done, file_answer, page, read, read_query, spoken
from app.web.listing import ListAnswer
from app.words import _

bp = Blueprint("sheets", __name__)


class FormAnswer(Answer):
    """`state`: blank, used or spoilt. `behind`: blank, though a later number was used. `loan`: what it was for."""

    number: int
    state: str
    behind: bool
    loan: UUID | None
    household_name: str


Forms = ListAnswer[FormAnswer]


@bp.app_template_global()
def spoilt_how() -> dict[str, Any]:
    return {"torn": _("Torn or wet"), "lost": _("Mislaid"), "mistake": _("Written on by mistake")}


def _said(row: PaperForm, last: int, loan: Loan | None) -> FormAnswer:
    state = paper_forms.state_of(row, loan)
    shown = loan if state == "used" else None
    who = (
        {"loan": shown.uuid, "household_name": shown.household.name} if shown else {"loan": None, "household_name": ""}
    )
    return FormAnswer(number=row.number, state=state, behind=state == "blank" and row.number < last, **who)


def _forms(rows: Sequence[PaperForm]) -> Forms:
    last, used = paper_forms.last_used(me()), paper_forms.loans_of(rows)
    return Forms(items=[_said(row, last, used.get(row.id)) for row in rows], next=None)


@bp.route("/sheets", methods=["GET"])
@door("lend")
@spoken(gives=Forms)
def list_forms() -> AnswerType:
    return _list(blank(PrintForms, count=5), blank(SpoilForm))


def _list(form: Form[PrintForms], spoil: Form[SpoilForm], wrong: Form[Any] | None = None) -> AnswerType:
    answer = _forms(paper_forms.of_centre(me()))
    return page("lending/sheets.html", form=wrong, answer=answer, printing=form, spoil=spoil, told=answer)


@bp.route("/sheets", methods=["POST"])
@door("lend")
@spoken(takes=PrintForms, gives=Forms)
def print_forms() -> AnswerType:
    form = read(PrintForms)
    if rows := form.submit(paper_forms.print_ahead, by=me(), at=now(), again=paper_forms.printed_by):
        go = url_for("sheets.printed", first=rows[0].number, last=rows[-1].number)
        return done(_forms(rows), go=go, form=form)
    return _list(form, blank(SpoilForm), form)


@bp.route("/sheets/spoil", methods=["POST"])
@door("lend")
@spoken(takes=SpoilForm, gives=FormAnswer, refuses=("form_unknown", "form_used"))
def spoil_form() -> AnswerType:
    form = read(SpoilForm)
    if row := form.submit(paper_forms.spoil, by=me(), at=now(), again=paper_forms.spoilt_by):
        say = _("Form %(number)s is spoilt: it will never be used.", number=row.number)
        return done(_forms([row]).items[0], go=url_for("sheets.list_forms"), say=say, form=form)
    return _list(blank(PrintForms, count=5), form, form)


@bp.route("/sheets.pdf", methods=["GET"])
@door("lend")
@spoken(asks=WhichForms, media="application/pdf")
def printed() -> AnswerType:
    wish = read_query(WhichForms)
    texts = [paper_forms.words_of(row) for row in paper_forms.between(wish.first, wish.last, me())]
    if not texts:
        raise NotThere(_("No blank form bears these numbers."))
    return file_answer(pages.pdf(texts[0], others=texts[1:]), "application/pdf", "fiches.pdf", inline=True)


@bp.route("/loans/<uuid>/sheet", methods=["GET"])
@door("lend")
def sheet(uuid: str) -> AnswerType:
    loan = loans.get(uuid, me())
    return _sheet(loan, blank(SignedOnPaper, name=loan.household.name, capacity="borrower", signed_on=today()))


def _sheet(loan: Loan, form: Form[SignedOnPaper]) -> AnswerType:
    return page("lending/sheet.html", form=form, loan=loan, today=today())


@bp.route("/loans/<uuid>/sheet", methods=["POST"])
@door("lend")
@spoken(
    takes=SignedOnPaper,
    gives=SigningAnswer,
    refuses=("form_unknown", "form_used", "loan_undone", "signed_enough"),
    doubts=("not_a_photo", "file_missing", "not_yet"),
)
def type_sheet(uuid: str) -> AnswerType:
    """The photo of the signed form comes beside, as the part `photo` of a form."""
    loan, form, photo = loans.get(uuid, me()), read(SignedOnPaper), None
    with form.looking():
        photo = sent_photo() if form.wish else None
    what = signatures.of_loan(loan)
    how: dict[str, Any] = {"by": me(), "at": now(), "again": signatures.of_act}
    if photo and form.submit(signatures.sign_on_paper, what, photo, **how):
        go = url_for("lending.show", uuid=loan.uuid)
        return done(signature_answers.signing(what), go=go, say=_("It is signed."), form=form)
    return _sheet(loan, form)


def sent_photo() -> Photo:
    """The photo of a signed form as it came, drawn anew and kept before the write begins."""
    content = received.chosen("photo")
    return received.stored(content, papers.picture(content, field="photo"), "signing_paper")


@bp.route("/loans/<uuid>/sheet.jpg", methods=["GET"])
@door("households")
def photo(uuid: str) -> AnswerType:
    """The newest form that was signed on paper for this loan."""
    sheets = [row.paper for row in signatures.under(signatures.of_loan(loans.get(uuid, me()))) if row.paper.form]
    path = files.path_of(settings().instance, sheets[-1].file) if sheets else None
    if path is None or not path.exists():
        raise NotThere(_("No form on paper is kept for this loan."))
    return file_answer(path.read_bytes(), sheets[-1].file.media_type, "fiche.jpg", inline=True)
