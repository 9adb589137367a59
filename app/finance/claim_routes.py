"""Claims of an operation: drafted, filed, answered; as tables and on paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.finance import answering, bars, claim_answers, claim_content, claim_pdf, claims, purse
from app.finance.claim_forms import AnswerClaim, ClaimCard, FileClaim, NewClaim
from app.finance.claim_models import Claim
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
from app.people.doors import door, me
from app.times import now, today
from app.web import (
    AnswerType,
    Form,
    Listing,
    blank,
    done,
    file_answer,
    page,
    read,
    read_query,
    slice_of,
    spoken,
)
from app.web.looks import typed
from app.web.tables import CSV, XLSX, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint("claims", __name__)
EMPTY_ROWS = 1  # empty corrections that the form offers
STATE = ("claim_filed", "claim_withdrawn")


@bp.route("/finance/operations/<operation>/claims", methods=["GET"])
@door("money")
@spoken(asks=Listing, gives=claim_answers.Claims)
def of_operation(operation: str) -> AnswerType:
    row, wish = purse.operation(operation, me()), read_query(Listing)
    found = slice_of(claims.of(row, me()), wish, by=(Claim.id,), key=lambda one: (one.id,), backwards=True)
    told = [claim_answers.claim(one) for one in found.rows]
    answer = claim_answers.Claims(items=told, next=found.next)
    return page("finance/claims.html", answer=answer, operation=row, found=found, told=told)


@bp.route("/finance/operations/<operation>/claims/new", methods=["GET"])
@door("spend")
def new_claim(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    return _form(row, blank(NewClaim, from_day=row.eligible_from or "", to_day=today()))


@bp.route("/finance/operations/<operation>/claims", methods=["POST"])
@door("spend")
@spoken(takes=NewClaim, gives=claim_answers.ClaimCardAnswer, made=True, refuses=("no_part_in_it",))
def open_claim(operation: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(NewClaim)
    if claim := form.submit(claims.open_one, row, by=me(), at=now(), again=claims.of_act):
        go, undo = url_for("claims.show", uuid=claim.uuid), url_for("claims.withdraw", uuid=claim.uuid)
        say = _("The draft is there. Look at its pieces, then file it.")
        return done(claim_answers.card(claim), go=go, say=say, undo=undo, form=form, new=True)
    return _form(row, form)


def _form(row: Operation, form: Form[Any], claim: Claim | None = None) -> AnswerType:
    mine = {one.id for one in purse.payers(me())}
    partners = [one for one in (row.lead, *(p.organisation for p in row.partners)) if one.id in mine]
    return page(
        "finance/claim_edit.html",
        form=form,
        answer=claim_answers.card(claim) if claim else None,
        operation=row,
        claim=claim,
        payers=purse.named(partners),
        waiting=claim_content.waiting(claim) if claim else (),
        rows=[*form.rows("corrections"), *({} for _n in range(EMPTY_ROWS))],
    )


@bp.route("/finance/claims/<uuid>", methods=["GET"])
@door("money")
@spoken(gives=claim_answers.ClaimCardAnswer)
def show(uuid: str) -> AnswerType:
    return _show(claims.get(uuid, me()))


def _show(claim: Claim, form: Form[Any] | None = None) -> AnswerType:
    taken = claims.taken_up(claim)
    reply = form if form and form.shape is AnswerClaim else blank(AnswerClaim, answered_on=today())
    told = claim_answers.card(claim)
    return page(
        "finance/claim.html",
        form=form,
        answer=told,
        claim=claim,
        told=told,
        taken=taken,
        out=len(claim.left_out),
        bar=bars.stacked,
        file=form if form and form.shape is FileClaim else blank(FileClaim, filed_on=today()),
        reply=reply,
        rejected=reply.rows("pieces") or [{}],
        changes=me().may("spend") and purse.spends(claim.organisation_id, me()),
        leads=me().may("spend") and purse.leads(claim.operation, me()),
    )


@bp.route("/finance/claims/<uuid>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(takes=ClaimCard, gives=claim_answers.ClaimCardAnswer, refuses=STATE)
def edit(uuid: str) -> AnswerType:
    claim = claims.get(uuid, me())
    known = {name: getattr(claim, name) for name in ("title", "from_day", "to_day", "left_out")}
    corrections = [
        one | {"cents": f"{'−' if one['cents'] < 0 else ''}{typed(abs(one['cents']))}"} for one in claim.corrections
    ]
    form = read(ClaimCard, **known, corrections=corrections)
    if form.submit(claims.edit, claim, by=me(), at=now(), again=claims.of_act):
        go = url_for("claims.show", uuid=uuid)
        return done(claim_answers.card(claim), go=go, say=_("The draft is put right."), form=form)
    return _form(claim.operation, form, claim)


@bp.route("/finance/claims/<uuid>/file", methods=["POST"])
@door("spend")
@spoken(
    takes=FileClaim, gives=claim_answers.ClaimCardAnswer, refuses=(*STATE, "nothing_to_declare", "below_zero")
)  # fmt: skip
def file(uuid: str) -> AnswerType:
    claim, form = claims.get(uuid, me()), read(FileClaim)
    if form.submit(claims.file, claim, by=me(), at=now(), again=claims.of_act):
        go = url_for("claims.show", uuid=uuid)
        return done(claim_answers.card(claim), go=go, say=_("The claim is filed. Its pieces are frozen."), form=form)
    return _show(claim, form)


@bp.route("/finance/claims/<uuid>/answer", methods=["POST"])
@door("spend")
@spoken(takes=AnswerClaim, gives=claim_answers.ClaimCardAnswer, refuses=("not_filed",))
def answer(uuid: str) -> AnswerType:
    claim, form = claims.get(uuid, me()), read(AnswerClaim)
    if form.submit(answering.answer, claim, by=me(), at=now(), again=claims.of_act):
        go = url_for("claims.show", uuid=uuid)
        return done(claim_answers.card(claim), go=go, say=_("The answer is written down."), form=form)
    return _show(claim, form)


@bp.route("/finance/claims/<uuid>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=claim_answers.ClaimCardAnswer, refuses=STATE)
def withdraw(uuid: str) -> AnswerType:
    claim, form = claims.get(uuid, me()), read(Withdraw)
    form.insist(claims.withdraw, claim, by=me(), at=now(), again=claims.of_act)
    go = url_for("claims.of_operation", operation=claim.operation.number)
    undo = url_for("claims.restore", uuid=uuid)
    return done(claim_answers.card(claim), go=go, say=_("The draft is taken back."), undo=undo, form=form)


@bp.route("/finance/claims/<uuid>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=claim_answers.ClaimCardAnswer, refuses=("in_force",))
def restore(uuid: str) -> AnswerType:
    claim, form = claims.get(uuid, me()), read(Withdraw)
    form.insist(claims.restore, claim, by=me(), at=now(), again=claims.of_act)
    go = url_for("claims.show", uuid=uuid)
    return done(claim_answers.card(claim), go=go, say=_("The draft is in force again."), form=form)


def _table(uuid: str) -> AnswerType:
    claim = claims.get(uuid, me())
    return table_answer(said(_("claim")), [said(word) for word in claim_answers.HEADS], claim_answers.table(claim))


@bp.route("/finance/claims/<uuid>/pieces.xlsx", methods=["GET"])
@door("money")
@spoken(media=XLSX)
def xlsx(uuid: str) -> AnswerType:
    return _table(uuid)


@bp.route("/finance/claims/<uuid>/pieces.csv", methods=["GET"])
@door("money")
@spoken(media=CSV)
def csv(uuid: str) -> AnswerType:
    return _table(uuid)


@bp.route("/finance/claims/<uuid>/pieces.pdf", methods=["GET"])
@door("money")
@spoken(media="application/pdf")
def pdf(uuid: str) -> AnswerType:
    claim = claims.get(uuid, me())
    name = f"remontee-{claim.operation.number}-{claim.number or 'brouillon'}.pdf"
    return file_answer(claim_pdf.of(claim), "application/pdf", name, inline=True)
