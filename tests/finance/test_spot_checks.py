"""On-the-spot checks: a sample both ways, what was found and answered, and what the body takes back, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.errors import NotThere
from app.finance import alerts, evidence, spot_checks, spot_findings, spot_samples, traces
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_forms import (
    AnswerFinding,
    CheckCard,
    ConcludeCheck,
    CorrectFinding,
    DrawSample,
    FromShelf,
    LookedFor,
    NewCheck,
    NewFinding,
    ReopenCheck,
    ReplyCheck,
)
from app.inventory import stocktakes
from app.inventory.models import Device
from app.inventory.stock_forms import NewStockTake, SeeThing
from app.people.roles import Me
from app.words import spoken
from tests.finance import money as made
from tests.finance.checked import CARD, begun, drawn, found, look
from tests.finance.money import says_no, with_things
from tests.harness.races import at_once
from tests.make import TODAY, World, do, fresh, make_device


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_a_check_is_told_whole_from_the_sample_to_its_euros(app: Flask, inside: World):
    row, things = with_things(inside)
    check, finn = begun(inside, row, answer_due_on="2022-06-17"), inside.me("finn")
    codes = drawn(inside, check, count=2)
    assert set(codes) < {one.code for one in things}
    look(inside, check, codes[0])
    look(inside, check, codes[1], "not_seen", "En réparation, bon n° 12")
    do(spot_samples.from_shelf, FromShelf(found=things[0].serial_number), check, by=finn)
    do(spot_samples.from_shelf, FromShelf(found="5CD0", words="Portable sans étiquette"), check, by=finn)
    told = [(one.number, one.direction, one.result, one.words, bool(one.device)) for one in spot_samples.of(check)]
    assert told == [
        (1, "register", "seen", "", True),
        (2, "register", "not_seen", "En réparation, bon n° 12", True),
        (3, "shelf", None, "", True),
        (4, "shelf", None, "5CD0 Portable sans étiquette", False),
    ]
    for cents in (12_345, 1):
        number = found(inside, check, line="L3.1", device=codes[1])
        do(spot_findings.correct, CorrectFinding(correction_cents=cents), check, number, by=finn)
    do(spot_findings.answer, AnswerFinding(answer="Posée", answered_on="2022-06-01"), check, number, by=finn)
    assert spot_findings.correction(check) == 12_346
    do(spot_checks.reply, ReplyCheck(answered_on="2022-06-10"), check, by=finn)
    do(spot_checks.conclude, ConcludeCheck(concluded_on="2022-09-01"), check, by=finn)
    assert fresh(check).concluded_on == date(2022, 9, 1)
    sound(app)


def test_a_draw_can_be_repeated_by_hand_and_goes_on_where_it_ended(inside: World):
    row, things = with_things(inside, 6)
    check = begun(inside, row)
    order = [one.code for one in sorted(things, key=lambda one: spot_samples.draw_key(check, one))]
    assert drawn(inside, check, count=2) == order[:2]
    assert drawn(inside, check, count=3) == order[:5]
    assert drawn(inside, check, count=200) == order
    with says_no("sample_same"):
        drawn(inside, check, count=1)
    other = begun(inside, row)
    assert drawn(inside, other, count=6) == [
        one.code for one in sorted(things, key=lambda one: spot_samples.draw_key(other, one))
    ]


def test_things_named_come_first_and_once(inside: World):
    row, things = with_things(inside)
    check, other = begun(inside, row), make_device(inside)
    named = f"{things[2].serial_number}\n\n {things[2].code} \n{other.code}\n"
    codes = drawn(inside, check, things=named, count=1)
    assert codes[:2] == [things[2].code, other.code]
    assert len(set(codes)) == 3
    with says_no("device_unknown"):
        drawn(inside, check, things="NOBODY")
    with says_no("invalid"):
        drawn(inside, check)


def test_only_a_thing_of_the_sample_is_looked_for_and_a_slip_is_taken_back(app: Flask, inside: World):
    row, things = with_things(inside)
    check = begun(inside, row)
    [code] = drawn(inside, check, things=things[0].code)
    with says_no("not_in_sample"):
        look(inside, check, things[1].code)
    look(inside, check, things[0].serial_number)
    look(inside, check, code, "open")
    assert spot_samples.of(check)[0].result is None
    sound(app)


def test_a_thing_of_the_shelf_without_a_known_number_wants_words(inside: World):
    row, things = with_things(inside)
    check, finn = begun(inside, row), inside.me("finn")
    for wish in (FromShelf(), FromShelf(found="5CD0")):
        with says_no("device_unknown"):
            do(spot_samples.from_shelf, wish, check, by=finn)
    do(spot_samples.from_shelf, FromShelf(found=things[0].code), check, by=finn)
    with says_no("sample_same"):
        do(spot_samples.from_shelf, FromShelf(found=things[0].serial_number), check, by=finn)


def test_what_came_in_by_mistake_goes_and_comes_back_under_its_number(app: Flask, inside: World):
    row, things = with_things(inside)
    check, finn = begun(inside, row), inside.me("finn")
    drawn(inside, check, things=things[0].code)
    number = found(inside, check)
    do(spot_samples.take_off, Withdraw(), check, 1, by=finn)
    do(spot_findings.withdraw, Withdraw(), check, number, by=finn)
    assert (spot_samples.of(check), spot_findings.of(check)) == ([], [])
    with pytest.raises(NotThere):
        do(spot_findings.correct, CorrectFinding(correction_cents=1), check, number, by=finn)
    drawn(inside, check, things=things[0].code)
    with says_no("changed_meanwhile"):
        do(spot_samples.put_back, Withdraw(), check, 1, by=finn)
    do(spot_samples.take_off, Withdraw(), check, 2, by=finn)
    do(spot_samples.put_back, Withdraw(), check, 1, by=finn)
    do(spot_findings.restore, Withdraw(), check, number, by=finn)
    for rule in (spot_samples.put_back, spot_findings.restore):
        with says_no("in_force"):
            do(rule, Withdraw(), check, 1, by=finn)
    assert [one.number for one in spot_samples.of(check)] == [1]
    sound(app)


def test_it_is_not_concluded_while_something_of_it_is_open(app: Flask, inside: World):
    row, things = with_things(inside)
    check, finn = begun(inside, row), inside.me("finn")
    end = ConcludeCheck(concluded_on="2022-09-01")
    drawn(inside, check, things=things[0].code)
    with says_no("sample_open"):
        do(spot_checks.conclude, end, check, by=finn)
    look(inside, check, things[0].code)
    number = found(inside, check)
    with says_no("correction_open"):
        do(spot_checks.conclude, end, check, by=finn)
    do(spot_findings.correct, CorrectFinding(correction_cents=0), check, number, by=finn)
    do(spot_checks.conclude, end, check, by=finn)
    sound(app)


def test_nothing_of_a_concluded_or_withdrawn_check_changes(app: Flask, inside: World):
    row, things = with_things(inside)
    check, finn = begun(inside, row), inside.me("finn")
    acts = (
        (spot_checks.edit, CheckCard(**CARD)),
        (spot_checks.reply, ReplyCheck(answered_on="2022-06-10")),
        (spot_checks.withdraw, Withdraw()),
        (spot_samples.draw, DrawSample(count=1)),
        (spot_samples.from_shelf, FromShelf(found=things[0].code)),
        (spot_findings.add, NewFinding(words="Tard")),
    )
    end = (spot_checks.conclude, ConcludeCheck(concluded_on="2022-09-01"))
    do(*end, check, by=finn)
    for rule, wish in acts:
        with says_no("check_concluded"):
            do(rule, wish, check, by=finn)
    do(spot_checks.reopen, ReopenCheck(), check, by=finn)
    with says_no("not_concluded"):
        do(spot_checks.reopen, ReopenCheck(), check, by=finn)
    do(spot_checks.withdraw, Withdraw(), check, by=finn)
    for rule, wish in (*acts, end):
        with says_no("check_withdrawn"):
            do(rule, wish, check, by=finn)
    do(spot_checks.restore, Withdraw(), check, by=finn)
    with says_no("in_force"):
        do(spot_checks.restore, Withdraw(), check, by=finn)
    do(spot_samples.draw, DrawSample(count=1), check, by=finn)
    sound(app)


@pytest.mark.parametrize(
    ("rule", "wish"),
    [
        (spot_checks.edit, CheckCard(**CARD | {"answer_due_on": "2022-05-16"})),
        (spot_checks.edit, CheckCard(**CARD | {"checked_on": "2022-06-11"})),
        (spot_checks.edit, CheckCard(**CARD | {"centre": 999})),
        (spot_checks.reply, ReplyCheck(answered_on="2022-05-16")),
        (spot_checks.conclude, ConcludeCheck(concluded_on="2022-05-16")),
        (spot_findings.add, NewFinding(words="Test", line="L99")),
        (spot_findings.add, NewFinding(words="Test", device="NOBODY")),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(inside: World, rule: Any, wish: Any):
    check, finn = begun(inside, made.operation(inside, only=("L1",))), inside.me("finn")
    do(spot_checks.reply, ReplyCheck(answered_on="2022-06-10"), check, by=finn)
    with says_no("invalid") as no:
        do(rule, wish, check, by=finn)
    assert no.value.status == 422
    assert no.value.fields


def test_an_answer_that_went_out_can_be_taken_back(app: Flask, inside: World):
    check, finn = begun(inside, made.operation(inside, only=())), inside.me("finn")
    do(spot_checks.reply, ReplyCheck(answered_on="2022-06-10"), check, by=finn)
    do(spot_checks.reply, ReplyCheck(), check, by=finn)
    assert fresh(check).answered_on is None
    do(spot_checks.edit, CheckCard(**CARD | {"body": "DRFiP", "notes": "Deux contrôleurs"}), check, by=finn)
    assert (fresh(check).body, check.notes) == ("DRFiP", "Deux contrôleurs")
    sound(app)


def test_the_same_wish_sent_twice_is_done_once(app: Flask, inside: World):
    row, things = with_things(inside)
    finn, number = inside.me("finn"), uuid4()
    first, second = (
        do(spot_checks.open_one, NewCheck(id=number, **CARD), row, by=finn, again=spot_checks.of_act) for _ in "ab"
    )
    assert first.id == second.id
    check, shelf, finding = first, FromShelf(found=things[0].code), NewFinding(words="Test")
    draw, seen = DrawSample(count=2), LookedFor(thing=things[0].code)
    drawn(inside, check, things=things[0].code)
    for rule, wish, again in (
        (spot_samples.draw, draw, spot_checks.of_act),
        (spot_samples.from_shelf, shelf, spot_samples.of_act),
        (spot_samples.look_for, seen, spot_samples.of_act),
        (spot_findings.add, finding, spot_findings.of_act),
    ):
        one, two = (do(rule, wish, check, by=finn, again=again) for _ in "ab")
        assert one.id == two.id
    assert [len(spot_samples.of(check)), len(spot_findings.of(check))] == [4, 1]
    sound(app)


def test_of_two_who_take_the_same_thing_from_the_shelf_at_once_one_writes_it_down(app: Flask, inside: World):
    row, things = with_things(inside)
    check, finn, code = begun(inside, row), inside.me("finn"), things[0].code

    def take(wish: FromShelf, *, by: Me, at: Any) -> Any:
        return spot_samples.from_shelf(spot_checks.get(str(check.uuid), by), wish, by=by, at=at)

    at_once(app, [(take, FromShelf(found=code), finn), (take, FromShelf(found=code), inside.me("coco"))])
    assert len(spot_samples.of(check)) == 1
    sound(app)


def test_every_partner_and_the_auditor_see_a_check_and_the_lead_alone_writes_it(inside: World):
    row, them = made.operation(inside, only=()), made.partner(inside)
    check = begun(inside, row)
    uuid = str(check.uuid)
    for who in (them, inside.me("alma"), inside.me("coco"), inside.me("finn")):
        assert spot_checks.get(uuid, who).id == check.id
    for rule, wish, thing in (
        (spot_checks.open_one, NewCheck(**CARD), row),
        (spot_samples.draw, DrawSample(count=1), check),
        (spot_findings.add, NewFinding(words="Test"), check),
    ):
        with says_no("forbidden") as no:
            do(rule, wish, thing, by=them)
        assert no.value.status == 403
    begun(inside, row, by=inside.me("coco"))
    for stranger in (made.partner(inside, "fcs"), inside.me("ada")):
        with pytest.raises(NotThere):
            spot_checks.get(uuid, stranger)


def test_the_last_physical_sight_of_a_thing_is_that_of_a_check_or_of_a_stock_take_whichever_is_newer(inside: World):
    row, things = with_things(inside)
    thing, finn, ada = things[0], inside.me("finn"), inside.me("ada")
    assert _sight(thing) == (False, "")
    check = begun(inside, row)
    drawn(inside, check, things=thing.code)
    look(inside, check, thing.code, "not_seen")
    assert _sight(thing)[0] is False
    look(inside, check, thing.code)
    assert _sight(thing) == (True, "Région Hauts-de-France")
    take = do(stocktakes.begin, NewStockTake(name="Récolement"), by=ada)
    do(stocktakes.see, SeeThing(code=thing.code), take, None, by=ada)
    assert _sight(thing) == (True, "")
    newer = begun(inside, row, body="CICC", checked_on=TODAY)
    do(spot_samples.from_shelf, FromShelf(found=thing.code), newer, by=finn)
    assert _sight(thing) == (True, "CICC")
    do(spot_checks.withdraw, Withdraw(), newer, by=finn)
    assert _sight(thing) == (True, "")


def _sight(thing: Device) -> tuple[bool, str]:
    """Whether it was seen, and by which body."""
    proof = evidence.sight(traces.of([thing])[thing.id])
    said = spoken(proof.words)
    return proof.there, next((body for body in (CARD["body"], "CICC") if body in said), "")


def test_an_answer_that_is_due_soon_or_late_is_told_until_it_went_out(inside: World):
    row, finn = made.operation(inside, only=()), inside.me("finn")
    late, soon, _far, none = (
        begun(inside, row, answer_due_on=TODAY + timedelta(days=days) if days else None) for days in (-3, 14, 15, 0)
    )
    assert alerts.answers_due(row, TODAY) == [late, soon]
    assert (late.is_late(TODAY), soon.is_late(TODAY), none.is_late(TODAY)) == (True, False, False)
    do(spot_checks.reply, ReplyCheck(answered_on=TODAY), late, by=finn)
    do(spot_checks.withdraw, Withdraw(), soon, by=finn)
    assert alerts.answers_due(row, TODAY) == []
