"""Signing: the pages are kept first, a signature names them, and what was sealed holds."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask, current_app

from app import files
from app.db import session, writing
from app.history import Seal
from app.history.seals import holds
from app.lending import agreements, clauses, forgetting, loans, marks, pages, proofs, returns, signatures, unsigned
from app.lending.forms import LoanList, TakeBack, UndoLoan
from app.lending.models import Loan
from app.lending.signature_forms import Sign
from app.lending.signature_models import Signature
from tests.asking import person, program
from tests.harness.saying import refused
from tests.lending.signing import CROSS, prepared, signed, wish
from tests.lending.test_agreements import told
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan


def test_a_signature_names_the_pages_that_were_kept(inside: World):
    loan = make_loan(inside)
    row = signed(inside, loan)
    content = files.path_of(current_app.config["SETTINGS"].instance, row.paper.file).read_bytes()
    sealed = json.loads(session().get_one(Seal, row.seal_id).parts)
    assert sha256(content).hexdigest() == row.paper.file.sha256
    assert set(sealed) == {"signature", "name"}
    assert row.paper.file.sha256 in signatures.told_of(row, loan.uuid)
    assert told(content) == told(pages.pdf(agreements.of_loan(loan).words))


def test_other_pages_than_those_shown_are_not_signed(inside: World):
    what = signatures.of_loan(make_loan(inside))
    paper = prepared(inside, what)
    with refused("not_what_was_shown", "pdf"):
        do(signatures.sign, wish(paper, pdf="0" * 64), what, by=inside.me())


def test_nothing_is_signed_before_the_pages_are_kept(inside: World):
    what = signatures.of_loan(make_loan(inside))
    facts = {"pdf": "0" * 64, "name": "x", "known": "team", "copy_given": "none"}
    with refused("not_prepared"):
        do(signatures.sign, Sign(**facts), what, by=inside.me())


def test_pages_are_kept_once_however_often_they_are_prepared(inside: World):
    what = signatures.of_loan(make_loan(inside))
    assert prepared(inside, what).id == prepared(inside, what).id


def test_a_typed_name_needs_its_box(inside: World):
    what = signatures.of_loan(make_loan(inside))
    with refused("invalid", "agrees"):
        do(signatures.sign, wish(prepared(inside, what), agrees=False), what, by=inside.me())


@pytest.mark.parametrize(
    "mark", ["", "M1 1", "M10 10L12 12", "L1 1L90 90", "M1 1C5 5 9 9", "M1 1L90 90<script>", "M1 1L1e9 4", "Mx yL5 5"]
)
def test_what_is_no_drawing_is_no_mark(inside: World, mark: str):
    what = signatures.of_loan(make_loan(inside))
    with refused("invalid", "mark"):
        do(signatures.sign, wish(prepared(inside, what), way="drawn", mark=mark), what, by=inside.me())


def test_a_mark_is_written_anew_within_its_box(inside: World):
    row = signed(inside, make_loan(inside), way="drawn", mark="M10.5 20.25 L9999 200L9999 200 M300,20L10 200")
    assert row.mark == "M10 20L600 200M300 20L10 200"
    assert holds(session().get_one(Seal, row.seal_id), "mark", row.mark)
    assert marks.written(marks.read(row.mark)) == row.mark


def test_the_proof_says_the_same_text_and_who_signed_it(inside: World):
    loan = make_loan(inside)
    row = signed(inside, loan, way="drawn", mark=CROSS, capacity="guardian")
    words = agreements.of_loan(loan).words
    said = told(proofs.pdf(words, [row]))
    assert said.startswith(told(pages.pdf(words)).rstrip("\x00")[:400])
    for part in ("Odile Test", "représentant·e légal·e", "Ada", "connu·e de l’équipe", row.paper.file.sha256[:20]):
        assert part in said, part


def test_a_name_cannot_be_guessed_from_its_seal(inside: World):
    loan = make_loan(inside)
    row = signed(inside, loan)
    sealed = session().get_one(Seal, row.seal_id)
    assert not holds(sealed, "name", "Odile Test")
    assert not holds(sealed, "name", '{"name":"Odile Test"}')
    assert holds(sealed, "name", signatures.named_again(row)["name"])


def test_an_unsigned_agreement_is_listed_until_it_is_signed_or_over(inside: World):
    me, device = inside.me(), make_device(inside)
    one, two, three = make_loan(inside), make_loan(inside, device), make_loan(inside)

    def listed() -> list[int]:
        query = loans.listed(LoanList(state="to_sign"), me, TODAY)
        return sorted(session().scalars(query.with_only_columns(Loan.id)))

    assert listed() == [one.id, two.id, three.id]
    assert unsigned.count(me) == 3
    signed(inside, one)
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=me)
    assert listed() == [three.id]
    do(loans.undo, UndoLoan(), three, by=me)
    assert listed() == []
    assert unsigned.count(inside.me("zoe")) == 0


def test_somebody_else_who_signs_does_not_bind_the_borrower(inside: World):
    loan = make_loan(inside)
    signed(inside, loan, capacity="other")
    assert unsigned.signing_of(loan).waits
    signed(inside, loan, name="Co Test", capacity="co_borrower")
    assert not unsigned.signing_of(loan).waits


def test_above_1500_euros_signing_is_required_and_listed_first(inside: World, app: Flask):
    plain = make_loan(inside)
    at_the_line = make_loan(inside, make_device(inside, stated_value_cents=150_000))
    dear = make_loan(inside, make_device(inside, stated_value_cents=150_000), make_device(inside, stated_value_cents=1))
    assert [unsigned.signing_of(loan).must for loan in (plain, at_the_line, dear)] == [False, False, True]


def test_the_list_goes_on_from_the_dear_to_the_others(app: Flask, world: World):
    with app.app_context():
        plain = [str(make_loan(world).uuid) for _ in range(3)]
        dear = str(make_loan(world, make_device(world, stated_value_cents=200_000)).uuid)
    ada = program(app, world)
    first = ada.get("/loans?state=to_sign&limit=2").json
    second = ada.get(first["next"]).json
    assert [one["id"] for one in first["items"] + second["items"]] == [dear, *plain]
    assert second["next"] is None


def test_an_undone_loan_is_not_signed(inside: World):
    loan = make_loan(inside)
    paper = prepared(inside, signatures.of_loan(loan))
    do(loans.undo, UndoLoan(), loan, by=inside.me())
    with refused("loan_undone"):
        do(signatures.sign, wish(paper), signatures.of_loan(loan), by=inside.me())


def test_nobody_signs_before_the_loan_was_made(inside: World):
    what = signatures.of_loan(make_loan(inside))
    early = wish(prepared(inside, what), occurred_at=NOW - timedelta(days=1))
    with refused("before_the_loan"):
        do(signatures.sign, early, what, by=inside.me())


def test_there_is_an_end_to_signatures(inside: World):
    loan = make_loan(inside)
    for n in range(signatures.MOST):
        signed(inside, loan, name=f"N {n}")
    with refused("signed_enough"):
        signed(inside, loan)


def test_a_return_is_signed_likewise(inside: World):
    device = make_device(inside, "Le portable bleu")
    make_loan(inside, device, household=make_household(inside, "Famille Berger-Test"))
    back = [{"code": device.code, "condition": "worn", "missing": ["housse"]}]
    event = do(returns.take_back, TakeBack(devices=back), by=inside.me())
    what = signatures.of_return(event)
    row = do(signatures.sign, wish(prepared(inside, what), capacity="other"), what, by=inside.me())
    assert (row.hand_over_id, row.loan_id) == (event.id, None)
    for part in ("Le portable bleu", "usé", "manque : housse", "Cité des Brebis"):
        assert part in what.words, part
    assert "Berger" not in what.words
    assert signatures.of_return(event).words == what.words


def test_words_are_read_in_parts():
    words = "TITRE\nn° 1\n\nL’essentiel. C’est gratuit.\n\nLe matériel\n– un\n– deux\n\n3. La durée. Elle dure. Bien.\n"
    assert [(part.kind, *part.lines) for part in clauses.parts_of(words)] == [
        ("title", "TITRE"), ("text", "n°\u00a01"), ("heading", "L’essentiel"), ("text", "C’est gratuit."),
        ("heading", "Le matériel"), ("list", "un", "deux"), ("heading", "3. La durée"), ("text", "Elle dure. Bien."),
    ]  # fmt: skip


def test_a_line_never_ends_between_a_figure_and_what_belongs_to_it():
    words = "TITRE\n\nUn problème ? Appelez le 01 99 00 20 01 : «  on vous aide ».\n– valeur 1 279,00 € ; n° 7"
    assert [line for part in clauses.parts_of(words)[1:] for line in part.lines] == [
        "Un problème ? Appelez le 01 99 00 20 01 : « on vous aide ».",
        "valeur 1 279,00 € ; n° 7",
    ]


def test_a_program_prepares_signs_and_prints(app: Flask, world: World):
    with app.app_context():
        loan = str(make_loan(world).uuid)
    ada = program(app, world)
    ready = ada.post(f"/loans/{loan}/prepare", json={}).json
    original = ada.get(f"/loans/{loan}/sign.pdf")
    assert sha256(original.data).hexdigest() == ready["pdf"]
    body = {"pdf": ready["pdf"], "name": "Odile", "known": "team", "copy_given": "none", "way": "drawn", "mark": CROSS}
    body |= {"id": "0190b1f0-0000-7000-8000-000000000001"}
    answer = ada.post(f"/loans/{loan}/sign", json=body)
    assert (answer.status_code, answer.json["signed"]) == (200, True)
    assert ada.post(f"/loans/{loan}/sign", json=body).json == answer.json
    assert ada.get(f"/loans/{loan}/signed.pdf").data.startswith(b"%PDF")
    assert ada.get(f"/loans/{loan}/sign").json == answer.json


def test_nobody_elses_agreement_is_signed_or_seen(app: Flask, world: World):
    with app.app_context():
        loan = str(make_loan(world).uuid)
    zoe = program(app, world, "zoe")
    for path in ("sign", "sign.pdf", "signed.pdf"):
        assert zoe.get(f"/loans/{loan}/{path}").status_code == 404
    assert zoe.post(f"/loans/{loan}/prepare", json={}).status_code == 404


def test_a_person_signs_on_one_screen_more(app: Flask, world: World):
    with app.app_context():
        loan = str(make_loan(world, household=make_household(world, "Famille Berger-Test")).uuid)
    ada = person(app, world)
    shown = ada.post(f"/loans/{loan}/prepare", form={})
    assert (shown.status_code, shown.headers["Location"]) == (303, f"/loans/{loan}/sign")
    page = ada.get(f"/loans/{loan}/sign").text
    assert 'value="Famille Berger-Test"' in page
    assert "<h2>L’essentiel</h2>" in page
    refused_page = ada.post(f"/loans/{loan}/sign", form={"name": "x", "pdf": "0" * 64})
    assert refused_page.status_code == 422


def test_words_of_receipts_and_marks_go_with_the_agreement(inside: World):
    device = make_device(inside)
    loan = make_loan(inside, device)
    row = signed(inside, loan, way="drawn", mark=CROSS)
    event = do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=inside.me())
    what = signatures.of_return(event)
    do(signatures.sign, wish(prepared(inside, what)), what, by=inside.me())
    day = agreements.of_loan(loan).keep_until + timedelta(days=1)
    later = NOW + timedelta(days=365 * 6)
    folder = current_app.config["SETTINGS"].instance
    with writing():
        agreements.destroy_outdated(day=day - timedelta(days=1), at=later)
        assert forgetting.destroy_outdated(folder, at=later) == 0
    with writing():
        agreements.destroy_outdated(day=day, at=later)
        assert forgetting.destroy_outdated(folder, at=later) == 2
    for one in session().query(Signature):
        assert (one.name, one.mark, one.salt, one.destroyed_at) == (None, None, None, later)
        assert one.paper.words is None
        assert not files.path_of(folder, one.paper.file).exists()
    assert row.seal_id
