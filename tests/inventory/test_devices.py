from __future__ import annotations

import pytest
from flask import Flask

from app.db import session
from app.errors import NotThere
from app.history import Act
from app.inventory import devices, lists
from app.inventory.forms import DeviceFacts, DeviceList, NewCodes, NewDevice, NewModel, TieCode
from app.inventory.models import Device, DeviceModel, GivenCode, Maker
from labels import codes
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_loan


def facts(world: World, **over: object) -> dict[str, object]:
    return {
        "name": "Portable",
        "model": world.models["laptop"],
        "serial_number": "PF-0001",
        "owner": world.organisations["acsm"],
    } | over


def ahead(world: World, count: int = 1, by: str = "ada") -> list[str]:
    return list(do(devices.print_ahead, NewCodes(count=count), by=world.me(by), again=devices.ahead_of_act))


def tie(world: World, code: str, thing: str, by: str = "ada") -> Device:
    return do(devices.tie, TieCode(code=code, thing=thing), by=world.me(by), again=devices.of_act)


def test_a_new_thing_is_in_this_store_free_and_bears_a_right_code(inside: World):
    device = make_device(inside, by="odile")
    assert (device.state, device.centre_id) == ("available", inside.centres["brebis"])
    assert codes.is_right(device.code)
    assert device.code[0] == "D"
    assert session().get_one(GivenCode, device.code).device_id == device.id


def test_the_same_act_gives_the_same_code(inside: World):
    wish = NewDevice(**facts(inside))
    first, second = (do(devices.add, wish, by=inside.me(), again=devices.of_act) for _ in range(2))
    assert first.id == second.id
    assert first.code == codes.make("D", wish.bits(0))


def test_a_code_already_given_is_never_given_again(inside: World):
    wish = NewDevice(**facts(inside))
    session().add(GivenCode(code=codes.make("D", wish.bits(0)), made_at=NOW))
    session().commit()
    assert do(devices.add, wish, by=inside.me()).code == codes.make("D", wish.bits(1))


def test_whoever_works_nowhere_writes_nothing_down(inside: World):
    with refused("no_centre"):
        do(devices.add, NewDevice(**facts(inside)), by=inside.me("finn"))


def test_a_serial_is_the_makers_own(inside: World):
    make_device(inside, serial_number="AB-12")
    make_device(inside, model="tablet", serial_number="AB-12")
    with refused("serial_taken", "serial_number") as no:
        make_device(inside, serial_number=" ab 12 ")
    assert no.value.words
    assert session().query(Device).count() == 2


def test_a_thing_has_a_serial_or_a_reason_why_not(inside: World):
    for nothing in ("", "--"):
        with refused("serial_missing", "serial_number"):
            make_device(inside, serial_number=nothing)
    one, two = (make_device(inside, serial_number="", no_serial_reason="effacé") for _ in range(2))
    assert (one.no_serial_reason, two.serial_key) == ("effacé", None)
    assert make_device(inside, serial_number="X1", no_serial_reason="effacé").no_serial_reason is None


@pytest.mark.parametrize(("field", "number"), [("model", 0), ("model", 2**52), ("owner", 99), ("payer", -1)])
def test_what_is_not_offered_is_not_taken(inside: World, field: str, number: int):
    with refused("invalid", field):
        do(devices.add, NewDevice(**facts(inside, **{field: number})), by=inside.me())


def test_a_card_is_corrected_and_custody_is_not(inside: World):
    device = make_device(inside)
    wish = DeviceFacts(
        **facts(inside, name="Éclair", serial_number="ZZ 9", note="coin ébréché", inventory_number="INV 7")
    )
    do(devices.edit, wish, device, by=inside.me(), again=devices.of_act)
    assert (device.name, device.folded, device.serial_key, device.inventory_key) == ("Éclair", "eclair", "ZZ9", "INV7")
    assert (device.state, device.link_number) == ("available", 1)


def test_a_card_is_written_again_with_its_own_serial(inside: World):
    device = make_device(inside, serial_number="PF-0001")
    assert do(devices.edit, DeviceFacts(**facts(inside)), device, by=inside.me()).serial_number == "PF-0001"


def test_another_centre_corrects_no_card_of_ours(inside: World):
    device = make_device(inside)
    with refused("not_here"):
        do(devices.edit, DeviceFacts(**facts(inside)), device, by=inside.me("zoe"))


def test_a_thing_is_found_by_every_number_it_bears(inside: World):
    device = make_device(inside, serial_number="PF-31 B2", inventory_number="ACSM/0042")
    for text in (
        device.code,
        codes.grouped(device.code).lower(),
        f"HTTPS://X.ORG/E/{device.code}",
        "pf31b2",
        "acsm 0042",
    ):
        assert devices.find(text) == [device], text
    for text in ("", "  ", "nothing", "PF-31 B3"):
        assert devices.find(text) == [], text


def test_every_thing_with_this_number_is_found(inside: World):
    both = {make_device(inside, model=m, serial_number="S1").id for m in ("laptop", "tablet")}
    assert {d.id for d in devices.find("s1")} == both


def test_a_slip_of_the_finger_finds_the_thing_that_was_meant(inside: World):
    device = make_device(inside)
    wrong = device.code[:7] + ("B" if device.code[7] != "B" else "C")
    assert devices.meant(wrong) == [device]
    assert devices.meant(device.code) == []
    assert devices.meant("hello") == []


def test_a_list_keeps_to_what_it_was_asked_for(inside: World):
    laptop, tablet = make_device(inside, "Café 100%"), make_device(inside, "Thé_1", model="tablet")
    theirs = make_device(inside, "Lait", by="zoe")
    make_loan(inside, tablet)
    me = inside.me()

    def listed(**asked: object) -> set[Device]:
        return set(session().scalars(lists.listed(DeviceList(**asked), me, TODAY)))

    assert listed() == {laptop, tablet, theirs}
    assert listed(here=True) == {laptop, tablet}
    assert listed(state="on_loan") == {tablet}
    assert listed(category="laptop") == {laptop, theirs}
    assert listed(q="CAFE") == {laptop}
    assert listed(q="100%") == {laptop}
    assert listed(q="the_1") == {tablet}
    assert listed(q="%") == listed(q="_") == set()
    assert listed(late=True) == set()
    assert listed(model=laptop.model_id) == {laptop, theirs}
    assert listed(owner=laptop.owner_id, here=True) == {laptop, tablet}
    assert listed(owner=999) == set()
    assert listed(centre=theirs.centre.code) == {theirs}
    assert listed(q=theirs.serial_number.lower()) == {theirs}
    assert listed(q=laptop.code) == {laptop}
    assert listed(q="\\") == set()


def test_nothing_bears_a_code_that_was_not_given(inside: World):
    for code in ("", "D", "DDDDDDDD", ahead(inside)[0]):
        with pytest.raises(NotThere):
            devices.get(code, inside.me())


def test_codes_printed_ahead_are_right_new_and_the_same_for_the_same_act(inside: World):
    wish = NewCodes(count=50)
    first, second = (do(devices.print_ahead, wish, by=inside.me(), again=devices.ahead_of_act) for _ in range(2))
    assert list(first) == list(second)
    assert len(set(first)) == 50
    assert all(codes.is_right(code) and code[0] == "D" for code in first)


def test_a_label_printed_ahead_becomes_the_code_of_a_new_thing(inside: World):
    [code] = ahead(inside)
    device = make_device(inside, code=codes.grouped(code).lower())
    assert device.code == code
    with refused("code_taken", "code"):
        make_device(inside, code=code)


def test_a_label_that_was_not_printed_here_is_refused(inside: World):
    stranger = codes.make("D", 12345)
    for text in (stranger, "nonsense"):
        with refused("code_unknown", "code"):
            make_device(inside, code=text)
    with refused("code_unknown", "code"):
        tie(inside, stranger, make_device(inside).code)


def test_a_new_label_becomes_the_code_and_the_old_one_still_finds_the_thing(inside: World):
    device = make_device(inside)
    old, [new] = device.code, ahead(inside)
    tie(inside, new, device.serial_number)
    assert fresh(device).code == new
    assert devices.get(old, inside.me()) == devices.get(new, inside.me()) == device
    assert devices.find(old) == [device]


def test_a_label_is_tied_once(inside: World):
    one, two, [code] = make_device(inside), make_device(inside), ahead(inside)
    tie(inside, code, one.code)
    for thing in (one, two):
        with refused("code_taken", "code"):
            tie(inside, code, fresh(thing).code)


def test_a_label_goes_on_one_thing_that_is_here(inside: World):
    theirs, [code] = make_device(inside, by="zoe"), ahead(inside)
    for model in ("laptop", "tablet"):
        make_device(inside, model=model, serial_number="SAME")
    with refused("not_here"):
        tie(inside, code, theirs.code)
    for text in ("nobody", "same"):
        with refused("thing_unknown", "thing"):
            tie(inside, code, text)


def test_two_desks_sticking_one_label_on_two_things_at_once_cannot_both_be_right(app: Flask, inside: World):
    things, [code] = [make_device(inside) for _ in range(2)], ahead(inside)
    asked = [
        (devices.tie, TieCode(code=code, thing=d.code), inside.me(w))
        for d, w in zip(things, ("ada", "mia"), strict=True)
    ]
    did = at_once(app, asked)
    [won] = [one for one in did if isinstance(one, Device)]
    [lost] = [one for one in did if one is not won]
    assert lost.code in {"code_taken", "changed_meanwhile"}
    assert [fresh(d).code == code for d in things] == [d.id == won.id for d in things]


def test_a_model_joins_its_maker_whatever_the_case(inside: World):
    wish = NewModel(maker="lenovo", name="Yoga", category="laptop", parts="chargeur, , housse ")
    model = do(devices.add_model, wish, by=inside.me("mia"), again=devices.model_of_act)
    assert model.maker.name == "Lenovo"
    assert model.parts == ["chargeur", "housse"]
    assert do(devices.add_model, wish, by=inside.me("mia"), again=devices.model_of_act).id == model.id


def test_a_model_is_written_down_once(inside: World):
    wish = {"maker": "Acer", "name": "Spin", "category": "laptop"}
    do(devices.add_model, NewModel(**wish), by=inside.me("mia"))
    with refused("model_there", "name"):
        do(devices.add_model, NewModel(**wish), by=inside.me("mia"))
    assert session().query(Maker).filter_by(folded="acer").count() == 1


def test_a_model_is_of_a_kind_that_is_there(inside: World):
    with refused("invalid", "category"):
        do(devices.add_model, NewModel(maker="Acer", name="Spin", category="toaster"), by=inside.me("mia"))
    assert session().query(DeviceModel).count() == 4


def test_the_usual_kinds_are_made_once(inside: World):
    before = {(c.code, c.gate, c.lent_to) for c in devices.categories()}
    devices.usual_categories()
    assert {(c.code, c.gate, c.lent_to) for c in devices.categories()} == before
    assert ("laptop", "wipe", "household") in before
    assert ("printer3d", "check", "outing") in before


def test_no_name_stands_in_the_journal(inside: World):
    make_device(inside, "Nommé", note="à Mme Unetelle-Test")
    assert not [act for act in session().query(Act) if "Unetelle" in act.facts]
