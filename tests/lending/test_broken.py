"""Whoever takes a thing away sees which reservations count on it, and the reservation offers another at one press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.inventory import care, together
from app.inventory.care_forms import Move, MoveMany
from app.inventory.forms import PlaceHold, UndoIt
from app.lending import broken, losses, reservations
from tests.asking import person, program
from tests.lending.test_reservations import SOON, THEN, reserve, silent
from tests.make import TODAY, World, do, fresh, make_device, make_household, make_loan

FAR = {"from_day": TODAY + timedelta(days=41), "to_day": TODAY + timedelta(days=50)}


def test_what_breaks_is_listed_before_with_what_is_free_instead(app: Flask, world: World):
    """Whose it is and until when, for those who may know; another centre learns whom to call."""
    with app.app_context():
        thing, other = make_device(world, "PC promis"), make_device(world, "PC libre")
        taken = make_device(world, "PC pris")
        reserve(world, taken)
        row = reserve(world, thing, household=make_household(world, "Foyer Promis-Test").code)
        code, free, link = thing.code, other.code, f"/reservations/{row.uuid}"
    mia, zoe, coco = person(app, world, "mia"), person(app, world, "zoe"), person(app, world, "coco")
    for path in (
        f"/devices/{code}/move?what={what}" for what in ("retire", "lost", "stolen", "repair", "send", "partner")
    ):
        text = mia.get(path).text
        assert link in text, path
        assert "Foyer Promis-Test" in text, path
        assert "PC libre" in text, path
        assert "PC pris" not in text, path
        assert "Foyer Promis-Test" not in zoe.get(path).text, path
        seen = coco.get(path).text
        assert "Foyer Promis-Test" not in seen, path
        assert "Cité des Brebis" in seen, path
    assert link in mia.get(f"/devices/{code}/holds").text
    assert link in mia.get(f"/together/move?what=retire&codes={code}&codes={free}").text


def test_a_recall_lists_what_it_breaks_of_the_whole_model_and_offers_none_of_it(app: Flask, world: World):
    with app.app_context():
        thing, other = make_device(world, "PC rappelé"), make_device(world, "PC du même modèle")
        row = reserve(world, thing, household=make_household(world, "Foyer Promis-Test").code)
        path, link, free = f"/models/{thing.model_id}/recalls", f"/reservations/{row.uuid}", other.name
    text = person(app, world, "mia").get(path).text
    assert link in text
    assert "PC rappelé" in text
    assert free not in text
    assert "Foyer Promis-Test" not in person(app, world, "coco").get(path).text


def test_what_comes_back_breaks_nothing(app: Flask, world: World):
    with app.app_context():
        thing = make_device(world)
        row = reserve(world, thing, **FAR)
        do(losses.move, Move(what="bag"), thing, by=world.me())
        code, link = thing.code, f"/reservations/{row.uuid}"
    ada = person(app, world)
    assert link not in ada.get(f"/devices/{code}/move?what=back").text
    assert link in ada.get(f"/devices/{code}/move?what=lost").text


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"what": "lost"}, "lost"),
        ({"what": "stolen"}, "stolen"),
        ({"what": "retire", "reason": "écran mort"}, "retired"),
        ({"what": "repair", "supplier": "Reparo", "reason": "écran", "due_on": FAR["from_day"]}, "in_repair"),
        ({"what": "outing", "due_on": FAR["from_day"]}, "on_outing"),
        ({"what": "outing", "due_on": FAR["from_day"] - timedelta(days=1)}, ""),
    ],
    ids=lambda one: one["what"] if isinstance(one, dict) else one or "nothing",
)
def test_once_it_is_done_the_reservation_says_so_and_undoing_ends_it(app: Flask, inside: World, what: dict, said: str):
    thing = make_device(inside)
    row = reserve(inside, thing, **FAR)
    do(losses.move, Move(**what), thing, by=inside.me("mia"))
    assert list(reservations.troubles(fresh(row), TODAY).values()) == ([said] if said else [])
    do(losses.undo, UndoIt(), thing, by=inside.me("mia"))
    assert reservations.troubles(fresh(row), TODAY) == {}
    assert silent(app)


def test_a_hold_breaks_what_begins_while_it_stands(app: Flask, inside: World):
    thing, other = make_device(inside), make_device(inside)
    row, later = reserve(inside, thing), reserve(inside, other, **FAR)
    for one in (thing, other):
        do(care.place_hold, PlaceHold(reason="La batterie gonfle.", until=THEN), one, by=inside.me("mia"))
    assert list(reservations.troubles(fresh(row), TODAY).values()) == ["held"]
    assert reservations.troubles(fresh(later), TODAY) == {}
    assert silent(app)


def test_a_thing_that_another_centre_has_now_is_not_there(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    centre = session_centre(inside)
    do(losses.move, Move(what="send", centre=centre), thing, by=inside.me())
    assert list(reservations.troubles(fresh(row), TODAY).values()) == ["in_transit"]
    do(losses.move, Move(what="accept"), fresh(thing), by=inside.me("zoe"))
    assert list(reservations.troubles(fresh(row), TODAY).values()) == ["elsewhere"]
    [one] = broken.by([fresh(thing)], inside.me("zoe"), TODAY)
    assert (one.reservation, one.centre.name, one.others) == (None, "Cité des Brebis", [])
    assert silent(app)


def session_centre(world: World) -> str:
    from app.db import session
    from app.people.models import Centre

    return session().get_one(Centre, world.centres["mqcv"]).code


def test_a_thing_lost_on_loan_breaks_what_came_after(app: Flask, inside: World):
    thing = make_device(inside)
    make_loan(inside, thing, due_on=SOON - timedelta(days=3))
    row = reserve(inside, thing)
    do(losses.move, Move(what="lost"), thing, by=inside.me())
    assert list(reservations.troubles(fresh(row), TODAY).values()) == ["lost"]
    assert silent(app)


def test_the_reservation_keeps_another_at_one_press_and_the_act_told_of_it(app: Flask, world: World):
    with app.app_context():
        thing, other = make_device(world), make_device(world)
        row = reserve(world, thing)
        code, instead, path = thing.code, other.code, f"/reservations/{row.uuid}"
    mia, ada = person(app, world, "mia"), person(app, world)
    done = mia.post(f"/devices/{code}/move", form={"what": "retire", "reason": "écran mort"}, follow_redirects=True)
    assert "Une réservation a besoin d’un autre matériel" in done.text
    text = ada.get(path).text
    assert "Il ne sera pas là" in text
    assert instead in text
    ada.post(f"{path}/choose", form={"instead_of": code, "device": instead})
    assert "Il ne sera pas là" not in ada.get(path).text
    assert program(app, world).get(path).json["things"][0]["device"] == instead


def test_several_at_once_break_what_they_break(app: Flask, inside: World):
    things = [make_device(inside) for _ in range(2)]
    rows = [reserve(inside, thing) for thing in things]
    wish = MoveMany(what="retire", reason="fin de vie", codes=[thing.code for thing in things])
    do(together.move_all, wish, by=inside.me("mia"))
    for row in rows:
        assert list(reservations.troubles(fresh(row), TODAY).values()) == ["retired"]
    assert silent(app)
