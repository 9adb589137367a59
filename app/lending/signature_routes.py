"""Signing at the desk: one screen with the text, and the pages as they were kept. For a loan, and for a return."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app import files
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.inventory.models import Device
from app.lending import clauses, handovers, loans, pages, proofs, returns, signature_answers, signatures, unsigned
from app.lending.models import HandOver, Loan
from app.lending.signature_answers import AgreementAnswer, SigningAnswer
from app.lending.signature_forms import PrepareSigning, Sign
from app.lending.signatures import Signed
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, blank, done, file_answer, page, read, spoken
from app.words import _

bp = Blueprint("signatures", __name__)
KIND = "signing_paper"
PREPARING = ("loan_undone", "not_prepared")
SIGNING = (*PREPARING, "not_what_was_shown", "signed_enough", "before_the_loan")


@bp.app_template_global()
def capacities() -> dict[str, Any]:
    return {
        "borrower": _("The borrower"),
        "co_borrower": _("Another adult who borrows with them"),
        "guardian": _("The legal guardian of a child"),
        "other": _("Somebody else"),
    }


@bp.app_template_global()
def ways_known() -> dict[str, Any]:
    return {"team": _("Known to the team"), "document": _("Paper seen"), "referent": _("By the referent")}


@bp.app_template_global()
def copies_given() -> dict[str, Any]:
    return {"paper": _("On paper"), "mail": _("By e-mail"), "none": _("None wished")}


@bp.app_template_global()
def signing_of(loan: Loan) -> unsigned.Signing:
    return unsigned.signing_of(loan)


@bp.app_template_global()
def signing_of_return(event: HandOver) -> unsigned.Signing:
    what = signatures.of_return(event)
    return unsigned.Signing(signatures.under(what), what.words is not None)


@bp.app_template_global()
def came_by_third(event: HandOver) -> bool:
    return handovers.came_by_third(event)


@bp.app_template_global()
def must_be_signed(things: list[Device]) -> bool:
    return unsigned.is_dear(things)


@bp.app_template_global()
def how_many_to_sign() -> int:
    return unsigned.count(me())


def _loan(uuid: str) -> Signed:
    return signatures.of_loan(loans.get(uuid, me()))


def _return(uuid: str) -> Signed:
    return signatures.of_return(returns.get(uuid, me()))


@bp.route("/loans/<uuid>/prepare", methods=["POST"])
@door("lend")
@spoken(takes=PrepareSigning, gives=SigningAnswer, refuses=PREPARING)
def prepare(uuid: str) -> AnswerType:
    return _prepare(_loan(uuid), url_for("signatures.show", uuid=uuid))


@bp.route("/returns/<uuid>/prepare", methods=["POST"])
@door("lend")
@spoken(takes=PrepareSigning, gives=SigningAnswer, refuses=PREPARING)
def prepare_return(uuid: str) -> AnswerType:
    return _prepare(_return(uuid), url_for("signatures.show_return", uuid=uuid))


def _prepare(what: Signed, go: str) -> AnswerType:
    form = read(PrepareSigning)
    drawn = _drawn(what) if form.wish else None
    form.insist(signatures.prepare, what, drawn, by=me(), at=now(), again=signatures.paper_of_act)
    return done(signature_answers.signing(what), go=go, form=form)


def _drawn(what: Signed) -> StoredFile | None:
    """The pages, written before the write begins; none when they are there, or may not be."""
    signatures.check_may_be_signed(what)
    if signatures.paper_of(what):
        return None
    content = pages.pdf(what.words or "")
    return files.write(settings().instance, content, kind=KIND, media_type="application/pdf", at=now())


@bp.route("/loans/<uuid>/sign", methods=["GET"])
@door("lend")
@spoken(gives=SigningAnswer)
def show(uuid: str) -> AnswerType:
    """The borrower's name stands ready, unless somebody else came."""
    loan = loans.get(uuid, me())
    if handovers.taken_by_third([loan]):
        return _show(signatures.of_loan(loan), blank(Sign, capacity="other"))
    return _show(signatures.of_loan(loan), blank(Sign, name=loan.household.name, capacity="borrower"))


@bp.route("/returns/<uuid>/sign", methods=["GET"])
@door("lend")
@spoken(gives=SigningAnswer)
def show_return(uuid: str) -> AnswerType:
    return _show(_return(uuid), blank(Sign))


def _show(what: Signed, form: Form[Sign]) -> AnswerType:
    rows = signatures.under(what)
    parts = clauses.parts_of(what.words) if what.words else []
    answer = signature_answers.signing(what)
    return page("lending/sign.html", form=form, answer=answer, what=what, told=answer, parts_said=parts, rows=rows)


@bp.route("/loans/<uuid>/sign", methods=["POST"])
@door("lend")
@spoken(takes=Sign, gives=SigningAnswer, refuses=SIGNING)
def sign(uuid: str) -> AnswerType:
    return _sign(_loan(uuid), url_for("lending.show", uuid=uuid))


@bp.route("/returns/<uuid>/sign", methods=["POST"])
@door("lend")
@spoken(takes=Sign, gives=SigningAnswer, refuses=SIGNING)
def sign_return(uuid: str) -> AnswerType:
    return _sign(_return(uuid), url_for("lending.show_return", uuid=uuid))


def _sign(what: Signed, go: str) -> AnswerType:
    form = read(Sign)
    if form.submit(signatures.sign, what, by=me(), at=now(), again=signatures.of_act):
        return done(signature_answers.signing(what), go=go, say=_("It is signed."), form=form)
    return _show(what, form)


@bp.route("/loans/<uuid>/agreement", methods=["GET"])
@door("households")
@spoken(gives=AgreementAnswer)
def agreement(uuid: str) -> AnswerType:
    """The text as a page, in large print, to read or to have read aloud."""
    loan = loans.get(uuid, me())
    what = signatures.of_loan(loan)
    if what.words is None:
        raise Refused("destroyed", _("This agreement was kept as long as the law asks, then destroyed."), status=404)
    answer = AgreementAnswer(loan=loan.uuid, version=what.version, words=what.words)
    return page("lending/agreement.html", answer=answer, loan=loan, parts_said=clauses.parts_of(what.words))


@bp.route("/loans/<uuid>/sign.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def original(uuid: str) -> AnswerType:
    return _original(_loan(uuid))


@bp.route("/returns/<uuid>/sign.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def original_of_return(uuid: str) -> AnswerType:
    return _original(_return(uuid))


def _original(what: Signed) -> AnswerType:
    """The very bytes that were kept, whose hash is signed."""
    paper = signatures.paper_of(what)
    path = files.path_of(settings().instance, paper.file) if paper else None
    if path is None or not path.exists():
        raise NotThere(_("The pages are not ready yet. Prepare them first."))
    return file_answer(path.read_bytes(), "application/pdf", "a-signer.pdf", inline=True)


@bp.route("/loans/<uuid>/signed.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def proof(uuid: str) -> AnswerType:
    return _proof(_loan(uuid))


@bp.route("/returns/<uuid>/signed.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def proof_of_return(uuid: str) -> AnswerType:
    return _proof(_return(uuid))


def _proof(what: Signed) -> AnswerType:
    rows = signatures.under(what)
    if not rows or what.words is None:
        raise NotThere(_("Nobody has signed this, or it is no longer kept."))
    return file_answer(proofs.pdf(what.words, rows), "application/pdf", "signe.pdf", inline=True)
