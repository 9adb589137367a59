"""The condition of things: known faults are told when they leave, seen together when they come back, sealed both ways."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app import files
from app.cli.verifying import all_faults
from app.db import session, writing
from app.history.models import Act
from app.inventory import care, devices, faults
from app.inventory.fault_forms import EndFault, NoteFault, PutFaultBack
from app.inventory.forms import CheckDone, UndoIt
from app.inventory.models import Device
from app.lending import agreements, condition, condition_photos, exchanges, loans, owed, receipts, returns, reversals
from app.lending.condition_photos import HandOverPhoto
from app.lending.forms import EndOwed, Exchange, Lend, ReopenOwed, TakeBack, UndoMending, UndoReturn
from app.lending.models import HandOver, HandOverItem, OwedPart
from app.times import day_of
from tests.asking import lend_wish, person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

FORM = {"content_type": "multipart/form-data"}


def known(device: Device) -> list[tuple[str, str, str]]:
    return [(f.point, f.grade, f.note) for f in faults.known_of([fresh(device)]).get(device.id, ())]


def scratched(world: World, device: Device, point: str = "écran", grade: str = "worn", note: str = "rayure") -> Device:
    return do(faults.add, NoteFault(point=point, grade=grade, note=note), device, by=world.me())


def back(world: World, device: Device, *points: tuple[str, str, str], **over: object) -> HandOver:
    told = [{"device": device.code, "point": p, "grade": g, "note": n} for p, g, n in points]
    wish = TakeBack(devices=[{"code": device.code} | over], points=told)
    return do(returns.take_back, wish, by=world.me(), again=returns.of_act)


def silent(app: Flask) -> bool:
    return list(all_faults(app.config["SETTINGS"])) == []


def test_a_known_fault_is_told_to_whoever_borrows_and_sealed_with_the_hand_over(app: Flask, inside: World):
    device = scratched(inside, make_device(inside))
    loan = make_loan(inside, device)
    assert "déjà noté\u00a0: écran (usure, rayure)" in str(agreements.of_loan(loan).words)
    item = condition.of_lines(loan.lines, "out")[loan.lines[0].id].item
    assert (item.condition, item.points) == ("worn", [{"point": "écran", "grade": "worn", "note": "rayure"}])
    assert silent(app)


def test_what_was_there_when_it_left_is_nobodys_when_it_comes_back(app: Flask, inside: World):
    device = scratched(inside, make_device(inside))
    loan = make_loan(inside, device)
    event = back(inside, device)
    assert (event.items[0].condition, known(device)) == ("worn", [("écran", "worn", "rayure")])
    assert "déjà au départ, écran (usure, rayure)" in receipts.words_of(event)
    assert owed.of_loans([loan]) == {}
    assert silent(app)


def test_what_is_seen_at_the_return_is_known_from_then_on(app: Flask, inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device, ("clavier", "damaged", "touche E cassée"), ("écran", "ok", ""))
    assert event.items[0].condition == "damaged"
    assert known(device) == [("clavier", "damaged", "touche E cassée")]
    told = session().get_one(Act, event.act_id).told
    assert [(one["point"], one["grade"]) for one in told["seen"]] == [("clavier", "damaged")]
    assert "touche" not in str(told), "words about a thing stay in its row, not in the journal"
    assert silent(app)


def test_a_fault_that_grew_is_another_and_one_that_is_gone_is_mended(app: Flask, inside: World):
    device = scratched(inside, scratched(inside, make_device(inside)), "coque", "worn", "")
    make_loan(inside, device)
    back(inside, device, ("Écran", "damaged", "fendu"), ("coque", "ok", ""))
    assert known(device) == [("Écran", "damaged", "fendu")]
    assert fresh(device).faulty == 1
    assert silent(app)


def test_a_part_that_is_missing_is_owed_once_and_the_next_household_is_told(app: Flask, inside: World):
    first = make_loan(inside, device := make_device(inside))
    back(inside, device, missing=["chargeur"])
    do(care.check, CheckDone(method="usine"), device, by=inside.me())
    second = make_loan(inside, device)
    words = str(agreements.of_loan(second).words)
    assert "sans chargeur" in words
    assert "avec chargeur" not in words
    event = back(inside, device)
    assert event.items[0].missing == ["chargeur"]
    assert [part.line.loan_id for part in session().scalars(select(OwedPart))] == [first.id]
    assert "déjà au départ, manque : chargeur" in receipts.words_of(event)
    assert silent(app)


@pytest.mark.parametrize(("how", "missing"), [("received", []), ("let_go", [("chargeur", "missing", "")])])
def test_a_part_that_came_is_there_again_and_one_let_go_is_not(
    app: Flask, inside: World, how: str, missing: list[tuple[str, str, str]]
):
    make_loan(inside, device := make_device(inside))
    back(inside, device, missing=["chargeur"])
    part = session().scalars(select(OwedPart)).one()
    do(owed.end, EndOwed(how=how, reason="perdu de vue"), part, by=inside.me())
    assert known(device) == missing
    do(owed.reopen, ReopenOwed(), part, by=inside.me())
    assert known(device) == [("chargeur", "missing", "")]
    assert silent(app)


def test_a_return_undone_was_not_looked_at(app: Flask, inside: World):
    device = scratched(inside, make_device(inside))
    make_loan(inside, device)
    event = back(inside, device, ("écran", "ok", ""), ("coque", "damaged", ""), missing=["chargeur"])
    assert known(device) == [("coque", "damaged", ""), ("chargeur", "missing", "")]
    do(returns.undo, UndoReturn(), event, by=inside.me())
    assert known(device) == [("écran", "worn", "rayure")]
    assert silent(app)


def test_the_whole_thing_may_be_worn_and_its_points_account_for_it(app: Flask, inside: World):
    make_loan(inside, one := make_device(inside))
    back(inside, one, condition="worn")
    assert known(one) == [("", "worn", "")]
    make_loan(inside, two := make_device(inside))
    back(inside, two, ("coque", "damaged", ""), condition="damaged")
    assert known(two) == [("coque", "damaged", "")]
    assert silent(app)


def test_more_is_seen_as_it_leaves(app: Flask, world: World):
    with app.app_context():
        device, home = make_device(world).code, make_household(world).code
    seen = [{"device": device, "point": "coque", "grade": "worn", "note": "coin usé"}]
    ada = program(app, world)
    loan = ada.post("/loans", json={**lend_wish(home, device), "points": seen})
    assert loan.status_code == 201
    told = ada.get(f"/loans/{loan.json['id']}/condition").json["items"]
    assert told[0]["out"]["points"] == [{"point": "coque", "grade": "worn", "note": "coin usé"}]
    assert told[0]["back"] is None
    with app.app_context():
        assert known(devices.get(device, world.me())) == [("coque", "worn", "coin usé")]
        assert silent(app)


def test_a_part_lost_while_it_was_out_is_owed_though_it_was_noted_before_the_return(app: Flask, inside: World):
    loan = make_loan(inside, device := make_device(inside))
    scratched(inside, device, "chargeur", "missing", "")
    back(inside, device)
    assert [part.name for part in owed.of_loans([loan])[loan.id]] == ["chargeur"]
    assert silent(app)


def test_an_exchange_looks_at_both_things(app: Flask, inside: World):
    loan = make_loan(inside, old := make_device(inside))
    new = scratched(inside, make_device(inside))
    points = [
        {"device": old.code, "point": "écran", "grade": "damaged", "note": ""},
        {"device": new.code, "point": "coque", "grade": "worn", "note": ""},
    ]
    wish = Exchange(device=old.code, instead=new.code, points=points)
    do(exchanges.exchange, wish, loan, by=inside.me())
    assert known(old) == [("écran", "damaged", "")]
    assert known(new) == [("écran", "worn", "rayure"), ("coque", "worn", "")]
    assert silent(app)


def test_a_point_of_another_thing_is_refused_beside_it(inside: World):
    make_loan(inside, device := make_device(inside))
    other = make_device(inside)
    wish = TakeBack(devices=[{"code": device.code}], points=[{"device": other.code, "grade": "worn"}])
    with refused("not_handed_over", "points.0.device"):
        do(returns.take_back, wish, by=inside.me())


def test_a_check_mends_what_was_known_and_its_undo_brings_it_back(app: Flask, inside: World):
    make_loan(inside, device := make_device(inside))
    back(inside, device, ("écran", "damaged", "fendu"), ("coque", "worn", ""))
    [screen, _case] = faults.known_of([fresh(device)])[device.id]
    do(care.check, CheckDone(method="usine", mended=[screen.number]), device, by=inside.me())
    assert known(device) == [("coque", "worn", "")]
    do(care.undo_check, UndoIt(), device, by=inside.me())
    assert sorted(known(device)) == [("coque", "worn", ""), ("écran", "damaged", "fendu")]
    assert silent(app)


def test_a_check_mends_only_what_is_known_of_its_thing(inside: World):
    other = scratched(inside, make_device(inside))
    make_loan(inside, device := make_device(inside))
    back(inside, device)
    number = faults.known_of([fresh(other)])[other.id][0].number
    with refused("fault_unknown", "mended"):
        do(care.check, CheckDone(method="usine", mended=[number]), device, by=inside.me())


def test_a_fault_is_mended_and_put_back(app: Flask, inside: World):
    device = scratched(inside, make_device(inside))
    number = faults.known_of([fresh(device)])[device.id][0].number
    mended = EndFault()
    do(faults.end, mended, device, number, by=inside.me())
    assert (known(device), fresh(device).faulty) == ([], None)
    do(faults.put_back, PutFaultBack(), device, number, by=inside.me())
    assert known(device) == [("écran", "worn", "rayure")]
    assert silent(app)


def test_what_was_noted_anew_is_not_put_back_beside_itself(inside: World):
    device = scratched(inside, make_device(inside))
    number = faults.known_of([fresh(device)])[device.id][0].number
    do(faults.end, EndFault(), device, number, by=inside.me())
    scratched(inside, device, "ÉCRAN", "damaged")
    with refused("too_late_to_undo"):
        do(faults.put_back, PutFaultBack(), device, number, by=inside.me())


def test_numbers_that_are_never_kept_are_refused_in_a_note(app: Flask, world: World):
    with app.app_context():
        device = make_device(world).code
    answer = program(app, world).post(f"/devices/{device}/faults", json={"note": "1 85 05 78 006 084 91"})
    assert answer.status_code == 422
    assert "note" in answer.json["fields"]


def picture(colour: str = "red") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=b"Exif\x00\x00where it was taken")
    return BytesIO(out.getvalue())


def test_photos_of_the_thing_are_sealed_with_its_hand_over_out_and_back(app: Flask, world: World):
    with app.app_context():
        device, home = make_device(world).code, make_household(world).code
    ada = person(app, world)
    form = {"household": home, "devices": device, "due_on": str(TODAY + timedelta(days=30))}
    shots = {f"photo.{device}": [(picture("red"), "a.jpg"), (picture("blue"), "b.jpg")]}
    assert ada.post("/loans", form=form | shots, **FORM).status_code == 303
    out = {"devices.0.code": device, f"photo.{device}": (picture("green"), "c.jpg")}
    assert ada.post("/returns", form=out, **FORM).status_code == 303
    with app.app_context():
        rows = session().scalars(select(HandOverPhoto).order_by(HandOverPhoto.id)).all()
        ways = [session().get_one(HandOver, row.hand_over_id).way for row in rows]
        assert ways == ["out", "out", "back"]
        uuid = session().get_one(HandOver, rows[0].hand_over_id).uuid
        assert silent(app)
        address, folder = f"/hand-overs/{uuid}/photos/{rows[0].id}", app.config["SETTINGS"].instance
    answer = ada.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert b"where it was taken" not in answer.data
    assert person(app, world, "zoe").get(address).status_code == 404
    with app.app_context():
        path = files.path_of(folder, session().scalars(select(HandOverPhoto)).first().file)
        path.write_bytes(picture("black").getvalue())
        assert not silent(app)


def test_a_file_that_is_no_photo_is_refused_beside_its_thing_and_nothing_is_lent(app: Flask, world: World):
    with app.app_context():
        device, home = make_device(world).code, make_household(world).code
    form = {"household": home, "devices": device, "due_on": str(TODAY + timedelta(days=30))}
    answer = person(app, world).post("/loans", form=form | {f"photo.{device}": (BytesIO(b"no"), "a.jpg")}, **FORM)
    assert answer.status_code == 422
    assert f'id="photo.{device}-fault"' in answer.text
    with app.app_context():
        assert devices.get(device, world.me()).state == "available"


def test_a_photo_goes_with_the_agreement_of_its_loan(app: Flask, inside: World):
    folder: Path = app.config["SETTINGS"].instance
    device = make_device(inside)
    shot = condition_photos.Photo("a", files.write(folder, b"a", kind="hand_over", media_type="image/jpeg", at=NOW))
    wish = Lend(household=make_household(inside).code, devices=[device.code], due_on=TODAY + timedelta(days=30))
    loan = do(loans.lend_shown, wish, condition_photos.Photos({device.code: [shot]}), by=inside.me())
    back(inside, device)
    for years, kept in ((4, 1), (6, 0)):
        later = NOW + timedelta(days=366 * years)
        with writing():
            condition_photos.let_go_outdated(day=day_of(later), at=later)
            files.destroy_outdated(folder, at=later + timedelta(minutes=1))
        assert len(condition_photos.of_lines([loan.lines[0].id])) == kept


def test_a_loan_of_many_things_is_looked_at_on_their_cards(inside: World):
    many = [make_device(inside) for _ in range(condition.MOST_AT_ONCE + 1)]
    assert condition.rows(many) == {}
    assert [row.point for row in condition.rows(many[:1])[many[0].code]][-1] == ""


def test_items_of_before_tell_no_points(inside: World):
    loan = make_loan(inside)
    item = session().scalars(select(HandOverItem).where(HandOverItem.line_id == loan.lines[0].id)).one()
    assert item.points is None


def test_an_exchange_undone_was_not_looked_at_either(app: Flask, inside: World):
    loan = make_loan(inside, old := make_device(inside))
    seen = [{"device": old.code, "point": "écran", "grade": "damaged", "note": ""}]
    wish = Exchange(device=old.code, instead=make_device(inside).code, points=seen)
    do(exchanges.exchange, wish, loan, by=inside.me())
    act = session().scalars(select(Act).where(Act.uuid == wish.id)).one()
    do(reversals.undo, UndoMending(), act, by=inside.me())
    assert known(old) == []
    assert silent(app)
