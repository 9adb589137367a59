"""Claims: what is paid is declared once, frozen as it was filed, and reconciles with what the authority answered."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.cli.verifying import all_faults
from app.db import session, writing
from app.errors import NotThere
from app.finance import allocations, answering, claim_answers, claim_content, claims, expenses, figures, payments
from app.finance.allocation_models import Allocation
from app.finance.claim_forms import AnswerClaim, ClaimCard, FileClaim, NewClaim
from app.finance.claim_models import Claim, Piece
from app.finance.models import Operation
from app.finance.spending import Expense
from app.finance.spending_forms import TakeBackAllocation, Withdraw
from app.people.roles import Me
from app.web.looks import amount, money
from tests.asking import person, program
from tests.finance import money as made
from tests.finance.money import says_no
from tests.harness.races import at_once
from tests.make import AUDITED, World, do, fresh

DAYS = {"from_day": "2020-01-01", "to_day": "2021-12-31"}
WAGES = {"words": "Salaires", "net_cents": 333_333, "line": "L1"}


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def begun(world: World, row: Operation, by: Me | None = None, **over: Any) -> Claim:
    wish = {"title": "Premier semestre", **DAYS} | over
    return do(claims.open_one, NewClaim(**wish), row, by=by or world.me("finn"))


def filed(world: World, row: Operation, by: Me | None = None, **over: Any) -> Claim:
    claim = begun(world, row, by, **over)
    return do(claims.file, FileClaim(filed_on="2022-01-31"), claim, by=by or world.me("finn"))


def spend(world: World, by: Me | None = None, **over: Any) -> tuple[Any, Any]:
    """A laptop that is paid, and a quarter of salaries."""
    laptop = made.invoice(world, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED, paid_on="2020-11-12", by=by, **over)
    wages = made.invoice(world, WAGES, kind="personnel", operation=AUDITED, paid_on="2020-12-31", by=by)
    return laptop, wages


def test_a_claim_reconciles_with_its_personnel_and_its_flat_rate(app: Flask, inside: World):
    row = made.operation(inside)
    spend(inside)
    claim = filed(inside, row)
    told = claim_answers.card(claim)
    assert [(one.number, one.kind, one.line, one.cents) for one in told.pieces] == [
        (1, "expense", "L1", 333_333),
        (2, "expense", "L3.1", 82_680),
        (3, "flat_rate", "L2", 50_000),
    ]
    assert told.total_cents == sum(one.cents for one in told.pieces) == 466_013
    declared = figures.total(one for _line, one in figures.of_lines(row, inside.me("finn"))).declared
    assert declared == 466_013
    sound(app)


def test_only_what_is_wholly_paid_by_its_last_day_is_declared_and_only_once(inside: World):
    row = made.operation(inside)
    late = made.invoice(inside, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED, paid_on="2022-03-01")
    part = made.invoice(inside, made.LAPTOP | {"line": "L3.2"}, operation=AUDITED)
    made.pay(inside, part, cents=1_000)
    spend(inside)
    assert len(claim_content.of(begun(inside, row))) == 3
    filed(inside, row)
    with says_no("nothing_to_declare"):
        filed(inside, row)
    made.pay(inside, part)
    second = filed(inside, row, to_day="2022-12-31")
    assert (second.number, second.total_cents) == (2, late.eligible_cents + part.eligible_cents)


def test_what_is_left_out_waits_for_a_later_claim(app: Flask, inside: World):
    row = made.operation(inside)
    spend(inside)
    claim = begun(inside, row)
    [wages] = [one for one in claim_content.of(claim) if one.line.code == "L1"]
    do(claims.edit, ClaimCard(title="Sans", left_out=[wages.put_down_by], **DAYS), claim, by=inside.me("finn"))
    do(claims.file, FileClaim(filed_on="2022-01-31"), claim, by=inside.me("finn"))
    assert fresh(claim).total_cents == 82_680  # the flat rate waits with its base
    assert filed(inside, row).total_cents == 333_333 + 50_000
    sound(app)


def test_what_is_declared_is_frozen_and_corrected_in_the_next_claim(app: Flask, inside: World):
    row = made.operation(inside)
    laptop, wages = spend(inside)
    filed(inside, row)
    stands = allocations.standing(wages.lines[0])[0]
    for rule, wish, *things in (
        (expenses.withdraw, Withdraw(), wages),
        (allocations.take_back, TakeBackAllocation(), wages, stands.id),
        (payments.withdraw, Withdraw(), laptop, laptop.payments[0].id),
    ):
        with says_no("declared"):
            do(rule, wish, *things, by=inside.me("finn"))
    correction = {"claim": 1, "piece": 1, "cents": -33_333, "words": "Heures comptées deux fois"}
    second = filed(inside, row, corrections=[correction])
    told = [(one.kind, one.line, one.cents) for one in claim_answers.card(second).pieces]
    assert told == [("flat_rate", "L2", -5_000), ("correction", "L1", -33_333)]
    whole = figures.total(one for _line, one in figures.of_lines(row, inside.me("finn")))
    assert whole.declared == 466_013 - 38_333
    with says_no("below_zero"):
        filed(inside, row, corrections=[correction | {"cents": -300_001}])
    with says_no("below_zero"):
        filed(inside, row, corrections=[correction | {"cents": -150_001}, correction | {"cents": -150_000}])
    with says_no("invalid"):
        begun(inside, row, corrections=[correction | {"piece": 99}])
    sound(app)


def test_of_filing_and_taking_back_at_once_one_is_refused(app: Flask, inside: World):
    row = made.operation(inside)
    laptop, _wages = spend(inside)
    claim, finn, stands = begun(inside, row), inside.me("finn"), allocations.standing(laptop.lines[0])[0].id

    def back(wish: TakeBackAllocation, *, by: Me, at: Any) -> Any:
        return allocations.take_back(session().get_one(Expense, laptop.id), stands, wish, by=by, at=at)

    def file(wish: FileClaim, *, by: Me, at: Any) -> Any:
        return claims.file(session().get_one(Claim, claim.id), wish, by=by, at=at)

    at_once(app, [(file, FileClaim(filed_on="2022-01-31"), finn), (back, TakeBackAllocation(), finn)])
    declared = session().scalar(select(func.count()).where(Piece.allocation_id == stands))
    gone = session().scalar(select(Allocation.gone_act_id).where(Allocation.id == stands)) is not None
    assert not (declared and gone)
    sound(app)


def test_the_answer_cuts_a_flat_rate_with_its_base(app: Flask, inside: World):
    row = made.operation(inside)
    spend(inside)
    claim = filed(inside, row)
    cut = {"number": 1, "accepted_cents": 300_000, "reason": "Feuilles de temps manquantes"}
    do(answering.answer, AnswerClaim(answered_on="2022-04-14", pieces=[cut]), claim, by=inside.me("finn"))
    told = claim_answers.card(fresh(claim))
    assert [one.accepted_cents for one in told.pieces] == [300_000, 82_680, 45_000]
    assert (told.accepted_cents, told.rejected_cents) == (427_680, 466_013 - 427_680)
    accepted = {line.code: one.accepted for line, one in figures.of_lines(row, inside.me("finn"))}
    assert (accepted["L1"], accepted["L2"], accepted["L3.1"]) == (300_000, 45_000, 82_680)
    with says_no("not_filed"):
        do(answering.answer, AnswerClaim(answered_on="2022-04-14"), claim, by=inside.me("finn"))
    sound(app)


@pytest.mark.parametrize("piece", [{"number": 3, "accepted_cents": 1}, {"number": 1, "accepted_cents": 333_334}])
def test_no_more_is_accepted_than_declared_and_flat_rates_follow_by_themselves(inside: World, piece: dict):
    row = made.operation(inside)
    spend(inside)
    claim = filed(inside, row)
    with says_no("invalid"):
        do(answering.answer, AnswerClaim(answered_on="2022-04-14", pieces=[piece]), claim, by=inside.me("finn"))


def test_the_lead_takes_up_what_its_partners_filed(app: Flask, inside: World):
    row, them = made.operation(inside), made.partner(inside)
    spend(inside)
    spend(inside, by=them)
    theirs = filed(inside, row, by=them)
    ours = filed(inside, row)
    assert [one.id for one in claims.taken_up(ours)] == [theirs.id]
    told = claim_answers.card(ours)
    assert (told.total_cents, told.consolidated_cents) == (466_013, 2 * 466_013)
    assert (theirs.number, ours.number) == (1, 2)
    with pytest.raises(NotThere):
        claims.get(str(ours.uuid), them)
    assert claims.get(str(theirs.uuid), inside.me("finn")).id == theirs.id
    with says_no("forbidden"):
        do(answering.answer, AnswerClaim(answered_on="2022-04-14"), theirs, by=them)
    sound(app)


def test_a_draft_is_taken_back_and_put_in_force_again(app: Flask, inside: World):
    row = made.operation(inside)
    spend(inside)
    claim = begun(inside, row)
    do(claims.withdraw, Withdraw(), claim, by=inside.me("finn"))
    with says_no("claim_withdrawn"):
        do(claims.file, FileClaim(filed_on="2022-01-31"), claim, by=inside.me("finn"))
    do(claims.restore, Withdraw(), claim, by=inside.me("finn"))
    do(claims.file, FileClaim(filed_on="2022-01-31"), claim, by=inside.me("finn"))
    with says_no("claim_filed"):
        do(claims.withdraw, Withdraw(), claim, by=inside.me("finn"))
    sound(app)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE claim_piece SET cents = 1",
        "UPDATE claim_piece SET words = 'x'",
        "DELETE FROM claim_piece",
        "UPDATE claim_piece SET accepted_cents = cents + 1",
        "UPDATE allocation SET gone_act_id = (SELECT max(id) FROM act)",
        (
            "INSERT INTO claim_piece (claim_id, number, kind, budget_line_id, allocation_id, cents, words, reason) "
            "SELECT claim_id, number + 50, kind, budget_line_id, allocation_id, cents, words, reason FROM claim_piece "
            "WHERE kind = 'expense'"
        ),
    ],
)
def test_the_database_itself_freezes_what_was_filed(inside: World, damage: str):
    row = made.operation(inside)
    spend(inside)
    filed(inside, row)
    with pytest.raises(DatabaseError), writing() as s:
        s.execute(text(damage))
    session().rollback()


def test_page_json_excel_and_paper_tell_the_total_that_was_filed(app: Flask, world: World):
    with app.app_context():
        row, them = made.operation(world), made.partner(world)
        spend(world)
        spend(world, by=them)
        filed(world, row, by=them)
        uuid = filed(world, row).uuid
        whole = claim_answers.card(claims.get(str(uuid), world.me("finn"))).consolidated_cents
    finn = program(app, world, "finn")
    told = finn.get(f"/finance/claims/{uuid}").json
    sheet = load_workbook(BytesIO(finn.get(f"/finance/claims/{uuid}/pieces.xlsx").data)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert round(100 * sum(line[8] for line in rows[:-1])) == round(100 * rows[-1][8]) == whole
    assert told["consolidated_cents"] == whole
    assert told["total_cents"] == sum(piece["cents"] for piece in told["pieces"])
    shown = person(app, world, "finn").get(f"/finance/claims/{uuid}").text
    paper = _words(finn.get(f"/finance/claims/{uuid}/pieces.pdf").data)
    with app.test_request_context():
        assert money(whole) in shown
        assert amount(whole).replace("\u202f", " ") in paper


def _words(data: bytes) -> str:
    document = pdfium.PdfDocument(BytesIO(data))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")
    finally:
        document.close()
