"""Keeping things longer: at once, asked and answered later, within what the centre settled, and mistakes of these."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.errors import NotThere
from app.inventory import custody
from app.lending import extensions, limits, loans, policy, privacy, requests
from app.lending.forms import AskLonger, Extend, RefuseLonger, UndoExtension
from app.lending.models import ExtensionRequest, Loan
from app.lending.policy import SettleLending
from app.people import closures
from app.people.closures import CloseCentre, OpenCentre
from app.people.models import Centre
from app.privacy import rights
from app.privacy.rights import Erase
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

DUE, LATER = TODAY + timedelta(days=90), TODAY + timedelta(days=104)
HOUR = timedelta(hours=1)
TERMS = {"at_once": 2, "extensions": 1, "longest_months": 6}


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def settle(world: World, **over: object) -> policy.Terms:
    centre = policy.session().get(Centre, world.centres["brebis"])
    return do(policy.settle, SettleLending(**TERMS | over), centre, by=world.me("mia"))


def ask(world: World, loan: Loan, day: date = LATER, **told: object) -> ExtensionRequest:
    do(extensions.ask, AskLonger(due_on=day, **told), loan, by=world.me())
    return requests.of_loans([loan])[0]


def test_one_thing_of_several_is_kept_longer_alone(app: Flask, inside: World):
    one, two = make_device(inside), make_device(inside)
    loan = make_loan(inside, one, two)
    do(loans.extend, Extend(due_on=LATER, devices=[two.code]), loan, by=inside.me())
    assert {line.device_id: line.due_on for line in loan.lines} == {one.id: DUE, two.id: LATER}
    assert (loan.due_on, fresh(two).due_back_on) == (DUE, LATER)
    with refused("not_on_loan", "devices.0"):
        do(loans.extend, Extend(due_on=LATER, devices=[make_device(inside).code]), loan, by=inside.me())
    sound(app)


def test_a_wish_waits_until_it_is_granted(app: Flask, inside: World):
    loan = make_loan(inside)
    row = ask(inside, loan, how="phone")
    assert (row.state, loan.due_on) == ("open", DUE)
    with refused("already_asked"):
        ask(inside, loan)
    sound(app)
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me(), at=NOW + HOUR)
    assert (fresh(row).state, row.answered_by, loan.due_on) == ("granted", inside.people["ada"], LATER)
    sound(app)


def test_a_wish_refused_says_why_and_moves_nothing(app: Flask, inside: World):
    loan = make_loan(inside)
    row = ask(inside, loan)
    do(extensions.refuse, RefuseLonger(reason="une autre famille l’attend"), loan, row.id, by=inside.me())
    assert (fresh(row).state, row.reason, loan.due_on) == ("refused", "une autre famille l’attend", DUE)
    with refused("already_answered"):
        do(extensions.refuse, RefuseLonger(reason="non"), loan, row.id, by=inside.me())
    with pytest.raises(NotThere):
        do(extensions.refuse, RefuseLonger(reason="non"), loan, 10**9, by=inside.me())
    assert ask(inside, loan).state == "open", "they may ask again"
    sound(app)


def test_an_extension_just_made_is_taken_back_and_its_wish_waits_again(app: Flask, inside: World):
    loan = make_loan(inside, device := make_device(inside))
    row = ask(inside, loan)
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me())
    assert extensions.can_be_undone(loan, NOW) == "extend"
    do(extensions.undo, UndoExtension(), loan, by=inside.me(), at=NOW + HOUR)
    assert (loan.due_on, fresh(device).due_back_on, fresh(row).state) == (DUE, DUE, "open")
    assert custody.last_link(device).undoes == 3
    with refused("nothing_to_undo"):
        do(extensions.undo, UndoExtension(), loan, by=inside.me(), at=NOW + HOUR)
    sound(app)


def test_an_extension_of_more_than_two_hours_stays(inside: World):
    loan = make_loan(inside)
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me())
    with refused("too_late_to_undo"):
        do(extensions.undo, UndoExtension(), loan, by=inside.me(), at=NOW + 3 * HOUR)


def test_without_terms_of_its_own_a_centre_stops_nobody_and_tells(inside: World):
    loan = make_loan(inside)
    for days in (5, 6, 400):
        do(loans.extend, Extend(due_on=DUE + timedelta(days=days)), loan, by=inside.me())
    assert limits.beyond_of(loan, loan.lines, TODAY, policy.of(loan.centre_id))


def test_beyond_what_the_centre_settled_the_manager_decides_and_says_why(app: Flask, inside: World):
    settle(inside)
    loan = make_loan(inside)
    far = TODAY + timedelta(days=300)
    with refused("beyond_limits", "due_on"):
        do(loans.extend, Extend(due_on=far, reason="il le faut"), loan, by=inside.me())
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me())
    twice = Extend(due_on=LATER + timedelta(days=7))
    with refused("beyond_limits", "due_on"):
        do(loans.extend, twice, loan, by=inside.me())
    with refused("beyond_limits", "reason"):
        do(loans.extend, twice, loan, by=inside.me("mia"))
    do(loans.extend, Extend(due_on=far, reason="formation en cours"), loan, by=inside.me("mia"))
    assert (loan.due_on, requests.of_loans([loan])[0].reason) == (far, "formation en cours")
    sound(app)
    do(extensions.undo, UndoExtension(), loan, by=inside.me("mia"))
    assert requests.of_loans([loan]) == []
    sound(app)


def test_what_was_taken_back_does_not_count(inside: World):
    settle(inside)
    loan = make_loan(inside)
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me())
    do(extensions.undo, UndoExtension(), loan, by=inside.me())
    do(loans.extend, Extend(due_on=LATER), loan, by=inside.me())
    assert loan.due_on == LATER


def test_what_somebody_waits_for_is_not_kept_longer(inside: World, monkeypatch: pytest.MonkeyPatch):
    loan = make_loan(inside)
    monkeypatch.setattr(limits, "someone_waits_for", lambda *_: "Une autre famille l’attend.")
    with refused("someone_waits", "due_on"):
        do(loans.extend, Extend(due_on=LATER), loan, by=inside.me("mia"))


def test_another_centre_asks_and_answers_nothing_of_ours(inside: World):
    loan = make_loan(inside)
    for rule, wish in ((extensions.ask, AskLonger(due_on=LATER)), (extensions.undo, UndoExtension())):
        with pytest.raises(NotThere):
            do(rule, wish, loan, by=inside.me("zoe"))


def test_each_version_of_the_terms_stays_and_the_newest_holds(app: Flask, inside: World):
    assert policy.of(inside.centres["brebis"]) == policy.USUAL
    settle(inside)
    settle(inside, deposit_cents="50", lengths=[{"category": "laptop", "days": 30}, {"category": "tablet"}])
    terms = policy.of(inside.centres["brebis"])
    assert (terms.deposit_cents, terms.lengths, terms.settled) == (5000, {"laptop": 30}, True)
    assert policy.of(inside.centres["mqcv"]) == policy.USUAL, "the other centre settled nothing"
    assert policy.session().query(policy.LendingPolicy).count() == 2
    with refused("invalid", "lengths.0.category"):
        settle(inside, lengths=[{"category": "licorne", "days": 3}])
    sound(app)


def test_the_centres_own_length_goes_before_that_of_the_kind(inside: World):
    centre, laptop = policy.session().get(Centre, inside.centres["brebis"]), make_device(inside)
    settle(inside, lengths=[{"category": "laptop", "days": 28}])
    assert loans.usual_due_day(TODAY, centre, [laptop]) == date(2026, 12, 22)


def test_nothing_falls_due_while_the_centre_is_shut(app: Flask, inside: World):
    centre = policy.session().get(Centre, inside.centres["brebis"])
    shut = CloseCentre(from_day=date(2026, 12, 21), to_day=date(2027, 1, 3), words="Noël")
    row = do(closures.close, shut, centre, by=inside.me("mia"))
    assert fresh(centre).open_day_from(date(2026, 12, 22)) == date(2027, 1, 4)
    sound(app)
    do(closures.open_again, OpenCentre(), centre, row.id, by=inside.me("mia"))
    assert fresh(centre).open_day_from(date(2026, 12, 22)) == date(2026, 12, 22)
    with refused("invalid", "to_day"):
        wrong = CloseCentre(from_day=date(2026, 12, 21), to_day=date(2026, 12, 20))
        do(closures.close, wrong, centre, by=inside.me("mia"))
    sound(app)


def test_the_desk_is_told_when_it_would_be_many_at_once(inside: World):
    home = make_household(inside)
    make_loan(inside, make_device(inside), make_device(inside), household=home)
    assert not loans.too_many(home, [make_device(inside)])
    assert loans.too_many(home, [make_device(inside), make_device(inside)])


def test_words_of_why_are_told_and_go_with_the_household(app: Flask, inside: World):
    home = make_household(inside)
    loan = make_loan(inside, device := make_device(inside), household=home)
    row = ask(inside, loan)
    do(extensions.refuse, RefuseLonger(reason="le projet finit"), loan, row.id, by=inside.me())
    assert privacy.tell(home)["loans"][0]["requests"][0]["reason"] == "le projet finit"
    do(loans.undo, loans.UndoLoan(), loan, by=inside.me())
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert fresh(row).reason is None
    assert fresh(device).state == "available"
    sound(app)


def test_programs_ask_refuse_extend_and_undo(app: Flask, world: World):
    with app.app_context():
        loan = f"/loans/{make_loan(world, household=make_household(world), at=loans_now()).uuid}"
    ada, far = program(app, world, "ada"), (loans_now() + timedelta(days=120)).date().isoformat()
    asked = ada.post(f"{loan}/requests", json={"due_on": far, "how": "phone"})
    [row] = asked.json["requests"]
    assert (asked.status_code, row["state"], row["due_on"]) == (200, "open", far)
    said = ada.post(f"{loan}/requests/{row['id']}/refuse", json={"reason": "réservé"})
    assert said.json["requests"][0]["state"] == "refused"
    assert ada.post(f"{loan}/extend", json={"due_on": far}).json["due_on"] == far
    assert ada.post(f"{loan}/extend/undo", json={}).json["due_on"] != far
    assert ada.get("/centre/lending").status_code == 403


def test_granting_takes_the_day_that_was_asked_for(app: Flask, world: World):
    with app.app_context():
        loan = make_loan(world)
        ask(world, loan, LATER)
        at = f"/loans/{loan.uuid}"
    assert f'value="{LATER.isoformat()}"' in person(app, world, "ada").get(at).text


def loans_now() -> object:
    from app.times import now

    return now()


def test_the_pages_say_it_in_words_to_read_aloud(app: Flask, world: World):
    with app.app_context():
        home = make_household(world)
        loan = make_loan(world, household=home)
        row = ask(world, loan)
        at = f"/loans/{loan.uuid}"
        do(extensions.refuse, RefuseLonger(reason="une autre famille l’attend"), loan, row.id, by=world.me())
        make_loan(world, make_device(world), household=home)
        paths = [at, f"/households/{home.code}"]
    ada = person(app, world, "ada")
    for path in paths:
        assert "une autre famille l’attend" in ada.get(path).text, path
    mia = person(app, world, "mia")
    assert mia.get("/centre/lending").status_code == 200
    done = mia.post("/centre/lending", form={**TERMS, "cap_cents": "24,90", "lengths.0.category": "tablet"})
    assert done.status_code == 303
    assert "24,90" in mia.get("/centre/lending").text
    assert mia.post("/centre/closures", form={"from_day": "2026-12-21", "to_day": "2026-12-31"}).status_code == 303
    assert mia.post("/centre/closures/1/open", form={}).status_code == 303
