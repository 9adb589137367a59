"""What people and programs are told of on-the-spot checks over the routes, and what each may do there."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

from flask import Flask
from openpyxl import load_workbook

from app.db import writing
from app.finance import spot_findings
from app.finance.spot_check_forms import CorrectFinding
from app.people.models import Role
from app.web.looks import money
from tests.asking import person, program
from tests.finance import money as made
from tests.finance.checked import CARD, begun, drawn, found
from tests.finance.money import with_things
from tests.make import AUDITED, World, do

CHECKS = f"/finance/operations/{AUDITED}/checks"


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
    assert finn.get(f"{home}/findings/1").json == told["findings"][0]
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
