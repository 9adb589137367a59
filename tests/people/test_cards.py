from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.errors import NotThere
from app.history import Act
from app.people import cards, households, oppositions
from app.people.card_models import HouseholdCard, Opposition
from app.people.forms import EditHousehold, Oppose, ShowAddress, Withdraw
from app.people.models import Household
from app.people.ways import Way
from app.privacy import rights, wings
from app.privacy.rights import Erase, Merge
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_household

HOUR = timedelta(hours=1)
FULL: dict[str, Any] = {
    "adults": [{"name": "Marc Berger-Test", "signs": True}, {"name": "Rose Berger-Test", "guardian": True}],
    "minors": [{"band": "11-14", "count": 2}, {"band": "0-5", "count": 0}],
    "interpreter": True,
    "prescriber": "Médiathèque",
    "also": "e.berger@example.org",
    "reminders": "mail",
    "address": "3 rue des Tilleuls\n62670 Mazingarbe",
    "address_for": "delivery",
}


def edit(world: World, home: Household, by: str = "ada", **facts: Any) -> Household:
    who = home.identity
    wish = EditHousehold(**({"name": who.name, "contact": who.contact or "", "language": who.language} | facts))
    return do(households.edit, wish, home, by=world.me(by))


@pytest.fixture
def home(inside: World) -> Household:
    return make_household(inside, "Eric Berger-Test")


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def test_writing_a_household_down_makes_no_card(inside: World, home: Household):
    assert session().query(HouseholdCard).count() == 0
    edit(inside, home, name="Éric Berger-Test")
    edit(inside, home, whole=True)
    assert session().query(HouseholdCard).count() == 0


def test_a_card_tells_who_they_are(app: Flask, inside: World, home: Household):
    edit(inside, home, **FULL)
    people = [(one.name, one.signs, one.guardian) for one in cards.adults(home)]
    assert people == [
        ("Eric Berger-Test", True, True), ("Marc Berger-Test", True, False), ("Rose Berger-Test", False, True),
    ]  # fmt: skip
    assert cards.of(home).minors == {"11-14": 2}
    assert silent(app)


def test_what_is_not_said_of_the_card_stays_and_what_a_whole_form_empties_is_empty(inside: World, home: Household):
    edit(inside, home, **FULL)
    edit(inside, home, contact="06 39 98 55 55", interpreter=False)
    assert (cards.of(home).prescriber, cards.of(home).interpreter) == ("Médiathèque", False)
    edit(inside, home, whole=True, prescriber="École")
    card = cards.of(home)
    assert (card.prescriber, card.adults, card.minors, card.address, card.also) == ("École", [], {}, "", "")


def test_nobody_is_written_twice_nor_the_one_the_card_is_named_after(inside: World, home: Household):
    names = ("marc berger-test", "Márc Berger-Test", "éric BERGER-test", "")
    edit(inside, home, adults=[{"name": name} for name in names])
    assert [one["name"] for one in cards.of(home).adults] == ["marc berger-test"]


@pytest.mark.parametrize("odd", [{"band": "12-17"}, {"band": "0-5", "count": 21}, {"band": "0-5", "name": "Léo"}])
def test_minors_are_counted_by_band_and_nothing_else_is_kept_of_them(app: Flask, world: World, odd: dict[str, Any]):
    ada = program(app, world)
    code = ada.post("/households", json={"name": "Berger-Test"}).json["code"]
    answer = ada.post(f"/households/{code}/edit", json={"name": "Berger-Test", "minors": [odd]})
    assert (answer.status_code, answer.json["error"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"address": "3 rue des Tilleuls"}, "address_for"),
        ({"address_for": "letter"}, "address"),
        ({"also": "chez la voisine"}, "also"),
        ({"reminders": "mail"}, "reminders"),
        ({"reminders": "post"}, "reminders"),
        ({"reminders": "post", "address": "3 rue", "address_for": "letter", "show_address": False}, "reminders"),
    ],
)
def test_what_does_not_go_together_is_told_beside_its_field(inside: World, home: Household, facts: Any, field: str):
    with refused("invalid", field):
        edit(inside, home, **facts)


def test_the_ways_are_those_known_and_the_one_wished_for_stands_first(inside: World, home: Household):
    via = Way("via_referent", "Ada")
    assert households.ways(home).known == (Way("phone", "0639980142"), via)
    edit(inside, home, **FULL)
    reached = households.ways(home)
    mail, post = Way("mail", "e.berger@example.org"), Way("post", FULL["address"])
    assert reached.known == (mail, Way("phone", "0639980142"), post, via)
    assert reached.may_remind
    edit(inside, home, reminders="via_referent")
    assert households.ways(home).known[0] == via


def test_never_is_never_and_a_no_to_reminders_too(inside: World, home: Household):
    edit(inside, home, reminders="never")
    assert not households.ways(home).may_remind
    edit(inside, home, reminders="")
    do(oppositions.oppose, Oppose(what="reminders"), home, by=inside.me())
    assert not households.ways(home).may_remind
    do(oppositions.withdraw, Withdraw(what="reminders"), home, by=inside.me(), at=NOW + HOUR)
    assert households.ways(home).may_remind


def test_an_erased_household_is_reached_no_way(inside: World, home: Household):
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert households.ways(home) == households.Ways()


def test_a_no_is_a_dated_act_that_is_told_and_taken_back(app: Flask, inside: World, home: Household):
    me = inside.me()
    do(oppositions.oppose, Oppose(what="figures", occurred_at=NOW - HOUR), home, by=me)
    assert oppositions.stands(home, "figures")
    with refused("already_opposed"):
        do(oppositions.oppose, Oppose(what="figures"), home, by=me)
    do(oppositions.withdraw, Withdraw(what="figures"), home, by=me, at=NOW + HOUR)
    with refused("not_opposed"):
        do(oppositions.withdraw, Withdraw(what="figures"), home, by=me)
    since, until = (NOW - HOUR).isoformat(), (NOW + HOUR).isoformat()
    assert wings.tell(home)["household"]["opposed"] == [{"what": "figures", "since": since, "until": until}]
    assert silent(app)


def test_an_address_not_to_be_shown_is_shown_by_an_act_alone(app: Flask, world: World):
    ada, clerk = program(app, world), person(app, world)
    code = ada.post("/households", json={"name": "Berger-Test", "contact": "06 39 98 01 42"}).json["code"]
    hidden = FULL | {"show_address": False}
    ada.post(f"/households/{code}/edit", json={"name": "Berger-Test", "contact": "06 39 98 01 42"} | hidden)
    mia = person(app, world, "mia")
    for asker, path in (
        (ada, f"/households/{code}"), (clerk, f"/households/{code}"), (clerk, f"/households/{code}/edit"),
        (clerk, "/households?q=Berger"), (mia, f"/households/{code}/copy"), (mia, f"/households/{code}/copy.json"),
    ):  # fmt: skip
        answer = asker.get(path)
        assert answer.status_code == 200, path
        assert "Tilleuls" not in answer.text, path
    with app.app_context():
        assert session().query(Act).filter_by(kind="address_shown").count() == 0
    assert "Tilleuls" in clerk.post(f"/households/{code}/address").text
    assert "Tilleuls" in ada.post(f"/households/{code}/address", json={}).json["address"]
    assert program(app, world, "zoe").post(f"/households/{code}/address", json={}).status_code == 404
    with app.app_context():
        acts = session().query(Act).filter_by(kind="address_shown").all()
        assert [(act.subject, act.told) for act in acts] == [(code, {})] * 2
        assert "Tilleuls" in str(wings.tell(session().query(Household).one()))


def test_a_form_that_does_not_show_the_address_keeps_it_until_it_is_no_longer_needed(app: Flask, world: World):
    ada, clerk = program(app, world), person(app, world)
    named = {"name": "Berger-Test", "contact": "06 39 98 01 42"}
    code = ada.post("/households", json=named).json["code"]
    ada.post(f"/households/{code}/edit", json=named | FULL | {"show_address": False})
    sent = named | {"language": "fr", "whole": "true", "address_for": "letter", "show_address": "false"}
    assert clerk.post(f"/households/{code}/edit", form=sent).status_code == 303
    with app.app_context():
        card = session().query(HouseholdCard).one()
        assert (card.address, card.address_for, card.show_address) == (FULL["address"], "letter", False)
    assert clerk.post(f"/households/{code}/edit", form=sent | {"address_for": ""}).status_code == 303
    with app.app_context():
        assert session().query(HouseholdCard).one().address == ""


def test_no_address_is_shown_where_none_is_kept(inside: World, home: Household):
    with pytest.raises(NotThere):
        do(cards.show_address, ShowAddress(), home, by=inside.me())


def test_nothing_of_the_card_survives_the_erasure(app: Flask, inside: World, home: Household):
    edit(inside, home, **FULL)
    do(oppositions.oppose, Oppose(what="figures"), home, by=inside.me())
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert (session().query(HouseholdCard).count(), session().query(Opposition).count()) == (0, 0)
    assert silent(app)


def test_merging_keeps_the_answers_of_the_kept_card_and_the_people_of_both(app: Flask, inside: World, home: Household):
    double = make_household(inside, "Erik Berger-Test")
    edit(inside, home, adults=[{"name": "Marc Berger-Test"}], minors=[{"band": "0-5", "count": 1}], prescriber="École")
    edit(inside, double, **(FULL | {"reminders": "never"}))
    do(oppositions.oppose, Oppose(what="figures"), double, by=inside.me())
    do(rights.merge, Merge(into=home.code), double, by=inside.me("mia"))
    card = cards.of(fresh(home))
    assert [one["name"] for one in card.adults] == ["Marc Berger-Test", "Rose Berger-Test"]
    assert (card.minors, card.prescriber, card.address) == ({"0-5": 1, "11-14": 2}, "École", "")
    assert (card.interpreter, card.reminders, oppositions.stands(home, "figures")) == (True, "never", True)
    assert session().get(HouseholdCard, double.id) is None
    assert silent(app)


def test_merging_into_a_card_without_one_takes_the_people(app: Flask, inside: World, home: Household):
    double = make_household(inside, "Erik Berger-Test")
    edit(inside, double, **FULL)
    do(rights.merge, Merge(into=home.code), double, by=inside.me("mia"))
    assert [one.name for one in cards.adults(home)] == ["Eric Berger-Test", "Marc Berger-Test", "Rose Berger-Test"]
    assert silent(app)


def test_probable_doubles_bear_the_same_name_or_number_in_the_same_centre(inside: World, home: Household):
    named = make_household(inside, "ÉRIC  BERGER-TEST", contact="")
    called = make_household(inside, "Autre-Test", contact="06.39.98.01.42")
    also = make_household(inside, "Encore-Test", contact="")
    edit(inside, also, also="06 39 98 01 42")
    make_household(inside, "Eric Berger-Test", by="zoe")
    make_household(inside, "Personne-Test", contact="")
    assert households.doubles(home) == [named, called, also]
    do(rights.merge, Merge(into=home.code), named, by=inside.me("mia"))
    assert households.doubles(fresh(home)) == [called, also]


def test_households_without_a_contact_are_not_each_others_doubles(inside: World):
    one, _two = make_household(inside, "Une-Test", contact=""), make_household(inside, "Deux-Test", contact="")
    assert households.doubles(one) == []


def test_the_answers_of_the_contract_lost_nothing(app: Flask, world: World):
    ada = program(app, world)
    made = ada.post("/households", json={"name": "Berger-Test", "contact": "06 39 98 01 42", "language": "ar"})
    assert made.json == ada.get(made.headers["Location"]).json
    short = {name: made.json[name] for name in ("code", "name", "contact", "language")}
    assert ada.get("/households?q=berger").json["items"] == [short]
    assert short["contact"] == "0639980142"


def test_another_centre_reaches_nothing_of_the_card(app: Flask, world: World):
    code = program(app, world).post("/households", json={"name": "Berger-Test"}).json["code"]
    zoe = program(app, world, "zoe")
    for path, body in (("oppose", {"what": "figures"}), ("withdraw", {"what": "figures"}), ("edit", {"name": "X"})):
        assert zoe.post(f"/households/{code}/{path}", json=body).status_code == 404
