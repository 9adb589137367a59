"""A loan called back before its day, and one that ends without its thing by decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.errors import NotThere
from app.inventory.forms import UndoIt
from app.lending import agreements, extensions, limits, losses, pages, privacy, recalling
from app.lending.forms import LetGoOf, RecallLoan, UndoExtension
from app.lending.models import LetGo, Loan
from app.privacy import rights
from app.privacy.rights import Erase
from app.times import now
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

DUE, SOON = TODAY + timedelta(days=90), TODAY + timedelta(days=15)


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def recall(world: World, loan: Loan, **told: object) -> Loan:
    return do(recalling.recall, RecallLoan(**{"reason": "audit", "due_on": SOON} | told), loan, by=world.me("mia"))


def let_go(world: World, loan: Loan, why: str, *, late: int = 0) -> Loan:
    wish = LetGoOf(device=loan.lines[0].device.code, why=why, reason="retrouvé nulle part")
    return do(losses.let_go, wish, loan, by=world.me("mia"), at=NOW + timedelta(days=90 + late))


def test_a_recall_brings_the_day_forward_and_leaves_fifteen_days(app: Flask, inside: World):
    loan = make_loan(inside, device := make_device(inside))
    with refused("too_soon", "due_on"):
        recall(inside, loan, due_on=SOON - timedelta(days=1))
    recall(inside, loan)
    assert (loan.due_on, fresh(device).due_back_on) == (SOON, SOON)
    assert limits.times_kept(loan.lines) == 0, "called back is not kept longer"
    with refused("not_sooner", "due_on"):
        recall(inside, loan, due_on=SOON + timedelta(days=1))
    sound(app)


def test_what_is_dangerous_is_called_back_at_once(inside: World):
    loan = make_loan(inside)
    assert recall(inside, loan, reason="dangerous", due_on=TODAY).due_on == TODAY


def test_one_thing_of_several_is_called_back_alone(app: Flask, inside: World):
    one, two = make_device(inside), make_device(inside)
    loan = recall(inside, make_loan(inside, one, two), devices=[two.code])
    assert {line.device_id: line.due_on for line in loan.lines} == {one.id: DUE, two.id: SOON}
    sound(app)


def test_the_letter_says_what_why_and_until_when_and_can_be_drawn(inside: World):
    loan = make_loan(inside, make_device(inside), household=make_household(inside, "Famille Berger-Test"))
    with pytest.raises(NotThere):
        recalling.letter(loan)
    words = recalling.letter(recall(inside, loan))
    for said in ("Famille Berger-Test", "9 décembre 2026", "un contrôle du projet", "01 99 00 00 01"):
        assert said in words
    assert pages.pdf(words, title="Rappel").startswith(b"%PDF")


def test_a_fresh_recall_is_taken_back(app: Flask, inside: World):
    loan = recall(inside, make_loan(inside))
    do(extensions.undo, UndoExtension(), loan, by=inside.me("mia"))
    assert (loan.due_on, recalling.holding(loan)) == (DUE, None)
    sound(app)


def test_a_loan_is_closed_without_its_thing_late_enough_or_when_it_is_lost(app: Flask, inside: World):
    loan = make_loan(inside, device := make_device(inside))
    with refused("too_early", "why"):
        let_go(inside, loan, "not_back", late=44)
    let_go(inside, loan, "not_back", late=45)
    assert (loan.ending, loan.lines[0].ending, fresh(device).state) == ("let_go", "let_go", "lost")
    assert agreements.of_loan(loan).keep_until is not None, "the clock of the agreement starts"
    with refused("loan_closed"):
        let_go(inside, loan, "lost")
    other = let_go(inside, make_loan(inside), "lost", late=-80)
    assert [row.reason for row in losses.decided(other)] == ["retrouvé nulle part"]
    sound(app)


def test_a_decision_just_made_is_taken_back_like_any_movement(app: Flask, inside: World):
    loan = let_go(inside, make_loan(inside, device := make_device(inside)), "lost")
    do(losses.undo, UndoIt(), device, by=inside.me("mia"), at=NOW + timedelta(days=90))
    assert (fresh(loan).closed_at, fresh(device).state, losses.decided(loan)) == (None, "on_loan", [])
    assert agreements.of_loan(loan).keep_until is None
    sound(app)


def test_the_words_of_a_decision_are_told_and_go_with_the_household(app: Flask, inside: World):
    home = make_household(inside)
    let_go(inside, make_loan(inside, household=home), "lost")
    assert privacy.tell(home)["loans"][0]["let_go"] == ["retrouvé nulle part"]
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert privacy.session().query(LetGo).one().reason is None
    sound(app)


def test_only_the_manager_calls_back_and_lets_go(app: Flask, world: World):
    with app.app_context():
        loan = make_loan(world, device := make_device(world), at=now())
        at, code = f"/loans/{loan.uuid}", device.code
    soon = (now() + timedelta(days=20)).date().isoformat()
    ada, mia, zoe = (program(app, world, name) for name in ("ada", "mia", "zoe"))
    asked = {"reason": "audit", "due_on": soon}
    assert [one.post(f"{at}/recall", json=asked).status_code for one in (ada, zoe)] == [403, 403]
    assert mia.post(f"{at}/recall", json=asked).json["due_on"] == soon
    assert ada.get(f"{at}/recall.pdf").data.startswith(b"%PDF")
    assert zoe.get(f"{at}/recall.pdf").status_code == 404
    gone = mia.post(f"{at}/let-go", json={"device": code, "why": "lost", "reason": "perdu"})
    assert (gone.json["state"], gone.json["lines"][0]["ending"]) == ("closed", "let_go")
    page = person(app, world, "mia").get(at)
    assert page.status_code == 200
    assert "perdu" in page.text
