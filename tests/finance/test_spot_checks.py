"""On-the-spot checks: a sample both ways, what was found and answered, and what the body takes back, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.cli.verifying import all_faults
from app.db import writing
from app.errors import NotThere
from app.finance import alerts, evidence, spot_checks, spot_findings, spot_samples
from app.finance.models import Operation
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
from app.finance.spot_check_models import SpotCheck
from app.inventory import stocktakes
from app.inventory.models import Device
from app.inventory.stock_forms import NewStockTake, SeeThing
from app.people.models import Role
from app.people.roles import Me
from app.web.looks import money
from app.words import spoken
from tests.asking import person, program
from tests.finance import money as made
from tests.finance.money import says_no
from tests.harness.races import at_once
from tests.make import AUDITED, TODAY, World, do, fresh, make_device

CARD = {"kind": "on_the_spot", "body": "Région Hauts-de-France", "checked_on": "2022-05-17"}

CHECKS = f"/finance/operations/{AUDITED}/checks"


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def begun(world: World, row: Operation, by: Me | None = None, **over: Any) -> SpotCheck:
    return do(spot_checks.open_one, NewCheck(**CARD | over), row, by=by or world.me("finn"))


def with_things(world: World, count: int = 4) -> tuple[Operation, list[Device]]:
    """An operation that paid so many laptops."""
    row, things = made.operation(world, only=("L3.1",)), [make_device(world) for _ in range(count)]
    bill = made.invoice(world, made.LAPTOP | {"quantity": count, "line": "L3.1"}, operation=AUDITED)
    made.tie(world, bill, *(one.code for one in things))
    return row, things


def drawn(world: World, check: SpotCheck, **wish: Any) -> list[str]:
    """The codes of the sample once this was drawn."""
    do(spot_samples.draw, DrawSample(**wish), check, by=world.me("finn"))
    return [item.device.code for item in spot_samples.of(check)]


def look(world: World, check: SpotCheck, thing: str, result: str = "seen", words: str = "") -> None:
    do(spot_samples.look_for, LookedFor(thing=thing, result=result, words=words), check, by=world.me("finn"))


def found(world: World, check: SpotCheck, words: str = "Étiquette absente", **over: Any) -> int:
    return do(spot_findings.add, NewFinding(words=words, **over), check, by=world.me("finn")).number


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
    proof = evidence.sight(thing)
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


def test_page_json_and_excel_tell_the_same_check(app: Flask, world: World):
    with app.app_context():
        _row, things = with_things(world)
        code, other = things[0].code, things[1].code
    finn, uuid = program(app, world, "finn"), str(uuid4())
    home = f"/finance/checks/{uuid}"
    first = finn.post(f"{CHECKS}", json=CARD | {"id": uuid, "answer_due_on": "2022-06-17"})
    assert (first.status_code, first.headers["Location"]) == (201, home)
    assert finn.post(f"{CHECKS}", json=CARD | {"id": uuid, "answer_due_on": "2022-06-17"}).status_code == 200
    assert finn.get(home).json == first.json
    for path, body in (
        ("sample", {"things": f"{code}\n{other}"}),
        ("sightings", {"thing": code}),
        ("sightings", {"thing": other, "result": "not_seen", "words": "Chez l’emprunteur"}),
        ("shelf", {"found": "5CD0", "words": "Portable sans étiquette"}),
        ("findings", {"words": "Étiquette absente", "device": other}),
        ("findings/1/answer", {"answer": "Posée depuis", "answered_on": "2022-06-01"}),
        ("findings/1/correction", {"correction_cents": 123_456}),
        ("reply", {"answered_on": "2022-06-10"}),
        ("conclude", {"concluded_on": "2022-09-01"}),
    ):
        assert finn.post(f"{home}/{path}", json=body).status_code == 200, path
    told = finn.get(home).json
    assert (told["drawn"], told["seen"], told["not_seen"], told["from_shelf"], told["not_in_register"]) == (
        2,
        1,
        1,
        1,
        1,
    )
    assert [one["result"] for one in told["items"]] == ["seen", "not_seen", "not_in_register"]
    assert told["correction_cents"] == sum(one["correction_cents"] for one in told["findings"]) == 123_456
    assert [one["id"] for one in finn.get(CHECKS).json["items"]] == [uuid]
    shown = person(app, world, "finn").get(home).text
    sheet = load_workbook(BytesIO(finn.get(f"{home}/samples.xlsx").data)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == [one["device"] for one in told["items"]]
    assert finn.get(f"{home}/samples.csv").text.count("\n") == len(rows) + 1
    with app.test_request_context():
        assert money(123_456) in shown
    for one in told["items"]:
        assert one["name"].replace("’", "&#39;") in shown or one["name"] in shown
    assert f"/finance/assets/{code}" in shown


def test_what_a_person_sends_is_done_with_one_tap_and_undone_with_another(app: Flask, world: World):
    with app.app_context():
        row, things = with_things(world)
        check, code = begun(world, row), things[0].code
        drawn(world, check, things=code)
        home = f"/finance/checks/{check.uuid}"
    finn, told = person(app, world, "finn"), program(app, world, "finn")
    seen = finn.post(f"{home}/sightings", form={"thing": code, "result": "seen"})
    assert (seen.status_code, seen.headers["Location"]) == (303, f"{home}#thing-1")
    assert finn.post(f"{home}/reply", form={"answered_on": "2022-06-10"}).status_code == 303
    assert told.get(home).json["answered_on"] == "2022-06-10"
    assert finn.post(f"{home}/reply").status_code == 303
    assert told.get(home).json["answered_on"] is None
    again = finn.post(f"{home}/sightings", form={"thing": "NOBODY"})
    assert again.status_code == 409
    assert 'value="NOBODY"' in again.text


def test_a_partner_and_the_auditor_read_the_page_and_find_nothing_to_press(app: Flask, world: World):
    with app.app_context():
        row, _things = with_things(world)
        check = begun(world, row)
        drawn(world, check, count=1)
        found(world, check)
        home = f"/finance/checks/{check.uuid}"
        with writing() as s:
            s.add(Role(person_id=world.people["zoe"], kind="finance", organisation_id=world.organisations["mqcv"]))
    for who in ("alma", "zoe"):
        for path in (home, f"{home}/findings/1", CHECKS):
            answer = person(app, world, who).get(path)
            assert answer.status_code == 200, (who, path)
            assert 'method="post" action="/finance' not in answer.text, (who, path)
    assert program(app, world, "zoe").post(f"{home}/findings", json={"words": "Test"}).status_code == 403
    assert program(app, world, "alma").post(f"{home}/findings", json={"words": "Test"}).status_code == 403


def test_a_foreign_organisation_finds_nothing_there(app: Flask, world: World):
    with app.app_context():
        row = made.operation(world, only=())
        uuid = begun(world, row).uuid
        with writing() as s:
            s.add(Role(person_id=world.people["zoe"], kind="finance", organisation_id=world.organisations["fcs"]))
    zoe = program(app, world, "zoe")
    for path in (CHECKS, f"/finance/checks/{uuid}", f"/finance/checks/{uuid}/samples.csv"):
        assert zoe.get(path).status_code == 404, path
    assert zoe.post(f"/finance/checks/{uuid}/findings", json={"words": "Test"}).status_code == 404


def test_the_operation_tells_what_must_be_answered_and_the_recovery_is_filled_in(app: Flask, world: World):
    with app.app_context():
        row = made.operation(world, only=("L1",))
        check = begun(world, row, answer_due_on="2022-06-17")
        number = found(world, check, line="L1")
        correct = CorrectFinding(correction_cents=123_456)
        do(spot_findings.correct, correct, check, number, by=world.me("finn"))
        home = f"/finance/checks/{check.uuid}"
    finn = person(app, world, "finn")
    assert home in finn.get(f"/finance/operations/{AUDITED}").text
    way = f"/finance/operations/{AUDITED}/money?kind=recovery&amp;cents=1234,56"
    assert way in finn.get(home).text
    shown = finn.get(way.replace("&amp;", "&")).text
    assert '<option value="recovery" selected>' in shown
    assert 'value="1234,56"' in shown
