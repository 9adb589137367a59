"""What was printed and stuck is remembered: the sheet's next place, each label's words, the label on its thing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.db import session, writing
from app.inventory import printed, printing
from app.inventory.forms import Labels
from app.inventory.models import Device
from app.inventory.printed import PrintedLabel, SheetPlace
from app.people.models import Organisation
from tests.asking import person, program
from tests.harness.races import at_once
from tests.make import World, do, make_device

PHONE = "Si trouvé : 01 99 00 12 34"


def draw(world: World, *things: Device, medium: str = "L7160", start_at: int = 1, real: bool = True) -> printed.Drawn:
    wish = Labels(codes=[d.code for d in things], medium=medium, start_at=start_at)
    session().expire_all()  # as a request of its own would find them
    drawn = printing.sheet(wish, public_url="https://pret.example.org", real=real)
    return do(printed.keep, wish, drawn, by=world.me())


def renewed(world: World, who: str = "ada") -> list[str]:
    return [d.code for d in session().scalars(printed.to_renew(world.me(who), printing.contact_of_all()))]


def photo(colour: str = "red") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG")
    out.seek(0)
    return out


@pytest.mark.parametrize(("start_at", "count", "goes_on"), [(1, 1, 2), (20, 2, 1), (20, 3, 2), (21, 22, 1)])
def test_a_sheet_begun_goes_on_where_it_ended(inside: World, start_at: int, count: int, goes_on: int):
    draw(inside, *[make_device(inside) for _n in range(count)], start_at=start_at)
    assert printed.next_place(inside.me(), "L7160") == goes_on
    assert printed.next_place(inside.me(), "L4736") == 1
    assert printed.next_place(inside.me("zoe"), "L7160") == 1, "another centre has another sheet in its printer"


def test_the_sheet_chosen_last_is_the_persons_own_choice(inside: World):
    draw(inside, make_device(inside), medium="L4736")
    assert printed.usual_medium(inside.me()) == "L4736"
    assert printed.usual_medium(inside.me("mia")) == "L7160"


def test_a_label_is_out_of_date_when_its_owner_number_or_statement_changed(inside: World):
    owner, programme, same, number = (make_device(inside) for _n in range(4))
    draw(inside, owner, programme, same)
    assert renewed(inside) == []
    with writing() as s:
        s.get_one(Device, owner.id).owner_id = inside.organisations["mqcv"]
        s.get_one(Device, programme.id).programme = "2014-2020"
    assert sorted(renewed(inside)) == sorted([owner.code, programme.code])
    draw(inside, owner, programme)
    assert renewed(inside) == []
    with writing() as s:
        s.get_one(Organisation, inside.organisations["fcs"]).phone = "01 99 00 99 99"
    assert len(renewed(inside)) == 3
    assert number.code not in renewed(inside), "it was never printed"
    assert renewed(inside, "zoe") == []


def test_a_specimen_is_no_label(inside: World):
    draw(inside, make_device(inside), real=False)
    assert session().scalars(select(PrintedLabel)).all() == []
    assert printed.next_place(inside.me(), "L7160") == 2, "its place on the sheet is used up all the same"


def test_the_page_proposes_the_last_sheet_and_its_next_place(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    ada = person(app, world)
    assert ada.post("/labels.pdf", form={"codes": code, "medium": "L4736", "start_at": "7"}).data[:5] == b"%PDF-"
    told = ada.get(f"/labels?codes={code}").text
    assert '<option value="L4736" selected>' in told
    assert 'value="8"' in told
    assert 'class="sheet"' in told
    with app.app_context():
        assert session().query(SheetPlace).count() == 1


def test_an_address_that_asks_only_looks(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    assert program(app, world).get(f"/labels.pdf?codes={code}&start_at=9").data[:5] == b"%PDF-"
    with app.app_context():
        assert session().query(SheetPlace).count() == 0


@pytest.mark.parametrize("words", ["medium=L9999", "start_at=0", "start_at=x", "ahead=x", "odd=1"])
def test_an_odd_word_of_the_address_is_refused_in_a_sentence(app: Flask, world: World, words: str):
    answer = person(app, world).get(f"/labels?{words}")
    assert (answer.status_code, "<h1>" in answer.text) == (422, True)


def test_another_sheet_is_looked_at_for_more_codes_than_an_address_takes(app: Flask, world: World):
    ada = person(app, world)
    codes = program(app, world).post("/codes", json={"count": 500}).json["codes"]
    told = ada.post("/labels", form={"codes": codes, "medium": "L4736", "start_at": "7"})
    assert (told.status_code, told.text.count('name="codes"')) == (200, 500)
    assert 'class="sheet"' in told.text
    assert '<option value="L4736" selected>' in told.text
    assert 'value="7"' in told.text
    with app.app_context():
        assert session().query(SheetPlace).count() == 0


def test_a_place_beyond_the_sheet_is_told_beside_the_form(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    answer = person(app, world).get(f"/labels?codes={code}&start_at=99")
    assert 'class="faults"' in answer.text


def place(app: Flask, world: World, code: str, who: str = "ada", **form: Any) -> Any:
    one = person(app, world, who)
    return one.ask("POST", f"/devices/{code}/placed", data={"csrf": one.csrf, **form})


def test_a_label_is_noted_in_place_with_its_photo(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    assert place(app, world, code, photo=(photo(), "étiquette.jpg")).status_code == 303
    ada = person(app, world)
    assert f"/devices/{code}/label.jpg" in ada.get(f"/devices/{code}").text
    kept = ada.get(f"/devices/{code}/label.jpg")
    assert (kept.status_code, kept.mimetype, kept.headers["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert Image.open(BytesIO(kept.data)).size == (300, 200)


def test_a_label_may_be_noted_without_a_photo(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    assert place(app, world, code).status_code == 303
    assert person(app, world).get(f"/devices/{code}/label.jpg").status_code == 404


def test_the_same_photo_sent_twice_is_one_act(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    number = "00000000-0000-4000-8000-000000000007"
    assert place(app, world, code, id=number, photo=(photo(), "a.jpg")).status_code == 303
    assert place(app, world, code, id=number, photo=(photo(), "a.jpg")).status_code == 303
    assert place(app, world, code, id=number, photo=(photo("blue"), "a.jpg")).status_code == 409
    with app.app_context():
        assert session().query(printed.LabelPlaced).count() == 1


def test_a_file_that_is_no_photo_is_told_beside_its_field_and_nothing_is_noted(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    answer = place(app, world, code, photo=(BytesIO(b"%PDF-1.7"), "a.pdf"))
    assert (answer.status_code, 'id="photo-fault"' in answer.text) == (422, True)
    with app.app_context():
        assert session().query(printed.LabelPlaced).count() == 0


def test_a_label_of_another_centre_is_not_ours_to_note(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    assert place(app, world, code, "zoe").status_code == 409


def test_two_who_print_their_centres_first_sheet_at_once_both_have_it(app: Flask, inside: World):
    wishes = [Labels(codes=[make_device(inside).code]) for _n in range(4)]
    house = {"public_url": "https://pret.example.org", "real": True}
    asked = [
        (printed.keep, wish, printing.sheet(wish, **house), inside.me(who))
        for wish, who in zip(wishes, ("ada", "mia") * 2, strict=True)
    ]
    did = at_once(app, [(rule, wish, drawn, me) for rule, wish, drawn, me in asked])
    assert [one for one in did if isinstance(one, Exception)] == []
    assert printed.next_place(inside.me(), "L7160") == 2
