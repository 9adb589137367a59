from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import session
from app.errors import NotThere
from app.history import Act
from app.people import households, ways
from app.people.forms import EditHousehold, NewHousehold
from app.people.models import Household
from app.privacy import rights
from app.privacy.rights import Erase, Merge
from labels import codes
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_household, make_loan


def found(world: World, words: str, by: str = "ada") -> list[str]:
    return [one.name for one in session().scalars(households.search(words, world.me(by)))]


def merge(world: World, double: Household, into: Household) -> Household:
    return do(rights.merge, Merge(into=into.code), double, by=world.me("mia"))


def test_two_fields_are_enough(inside: World):
    household = do(households.add, NewHousehold(name="Berger-Test"), by=inside.me("odile"))
    who = household.identity
    assert (household.name, who.contact_kind, who.contact, who.language) == ("Berger-Test", "via_referent", None, "fr")
    assert (who.referent_id, household.centre_id) == (inside.people["odile"], inside.centres["brebis"])
    assert codes.is_right(household.code)
    assert household.code[0] == "F"


def test_the_same_act_makes_one_household_with_one_code(inside: World):
    wish = NewHousehold(name="Berger-Test")
    one, two = (do(households.add, wish, by=inside.me(), again=households.of_act) for _ in range(2))
    assert one.id == two.id
    assert one.code == codes.make("F", wish.bits(0))


def test_a_code_of_another_household_is_not_given_again(inside: World):
    wish = NewHousehold(name="Berger-Test")
    other = make_household(inside)
    given, other.code = other.code, codes.make("F", wish.bits(0))
    session().commit()
    assert do(households.add, wish, by=inside.me()).code == codes.make("F", wish.bits(1))
    fresh(other).code = given  # as its act has it
    session().commit()


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("06 39 98 01 42", "phone", "0639980142"),
        ("+33 6.39.98.01.42", "phone", "+33639980142"),
        ("Mere@Example.ORG", "mail", "mere@example.org"),
        ("chez la voisine", "via_referent", None),
        ("", "via_referent", None),
    ],
)
def test_a_contact_is_a_phone_a_mail_or_the_referent(text: str, kind: str, kept: str | None):
    assert ways.contact_of(text) == (kind, kept)


@pytest.mark.parametrize("words", ["BERGER", "éric", "eric b", "0639 98", "e.berger@exa", " "])
def test_a_household_is_found_by_a_part_of_name_or_contact(inside: World, words: str):
    contact = "e.berger@example.org" if "@" in words else "06 39 98 01 42"
    make_household(inside, "Eric Berger-Test", contact=contact)
    make_household(inside, "Autre-Test", contact="01 99 00 11 22") if words.strip() else None
    assert found(inside, words) == ["Eric Berger-Test"]


def test_signs_in_a_search_are_letters_like_others(inside: World):
    make_household(inside, "50% d’Été_-Test")
    make_household(inside, "Autre-Test")
    assert found(inside, "%") == found(inside, "été_") == found(inside, "d'ete") == ["50% d’Été_-Test"]
    assert found(inside, "\\") == []


def test_a_household_is_found_by_its_code(inside: World):
    household = make_household(inside, "Berger-Test")
    assert found(inside, codes.grouped(household.code).lower()) == ["Berger-Test"]


def test_three_figures_find_nobody(inside: World):
    make_household(inside, "Berger-Test", contact="06 39 98 01 42")
    assert found(inside, "063") == []


def test_nobody_sees_another_centres_households(inside: World):
    theirs = make_household(inside, "Berger-Test", by="zoe")
    for who in ("ada", "odile", "mia", "finn", "alma", "adam", "coco"):
        assert found(inside, "berger", who) == []
        with pytest.raises(NotThere):
            households.get(theirs.code, inside.me(who))
    assert households.get(theirs.code, inside.me("zoe")).id == theirs.id


@pytest.mark.parametrize("who", ["finn", "alma", "adam", "coco"])
def test_roles_without_that_door_see_no_household_of_their_own_centre(inside: World, who: str):
    make_household(inside, "Berger-Test")
    assert found(inside, "", who) == []


@pytest.mark.parametrize("code", ["", "F", "DDDDDDDD", "FBBBBBBB"])
def test_a_code_that_was_not_given_is_not_there(inside: World, code: str):
    with pytest.raises(NotThere):
        households.get(code, inside.me())


def test_those_who_came_last_come_first(inside: World):
    first, second, third = (make_household(inside) for _ in range(3))
    make_loan(inside, household=first, at=NOW + timedelta(hours=1))
    make_loan(inside, household=third, at=NOW + timedelta(minutes=1))
    assert households.recent(inside.me(), most=2) == [first, third]
    assert households.recent(inside.me("zoe")) == []
    assert fresh(second).identity.seen_at == NOW


def test_an_act_told_late_does_not_turn_the_clock_back(inside: World):
    household = make_household(inside)
    households.touch(household, at=NOW - timedelta(days=3))
    assert household.identity.seen_at == NOW


def test_a_name_is_corrected_with_its_searchable_form(inside: World):
    household = make_household(inside, "Berjé-Test")
    wish = EditHousehold(name="Berger-Test", contact="m@example.org", language="ar")
    do(households.edit, wish, household, by=inside.me(), again=households.of_act)
    assert (found(inside, "berger"), found(inside, "berje")) == (["Berger-Test"], [])
    assert (household.identity.contact_kind, household.identity.language) == ("mail", "ar")


def test_a_forgotten_name_is_not_written_again(inside: World):
    household = make_household(inside)
    do(rights.erase, Erase(), household, by=inside.me("mia"))
    with pytest.raises(NotThere):
        do(households.edit, EditHousehold(name="Berger-Test"), household, by=inside.me())
    assert fresh(household).name == household.code


def test_a_double_gives_way_and_its_code_goes_on_finding_the_one_kept(inside: World):
    double, kept = make_household(inside, "Double-Test"), make_household(inside, "Gardé-Test")
    loan = make_loan(inside, household=double)
    merge(inside, double, kept)
    assert households.get(double.code, inside.me()).id == kept.id
    assert fresh(loan).household_id == kept.id
    assert found(inside, "test") == ["Gardé-Test"]


def test_a_double_of_a_double_finds_the_last_one_kept(inside: World):
    first, second, third = (make_household(inside) for _ in range(3))
    merge(inside, first, second)
    merge(inside, second, third)
    assert households.get(first.code, inside.me()).id == third.id
    assert households.get(second.code, inside.me()).id == third.id


def test_merging_twice_is_merging_once(inside: World):
    double, kept = make_household(inside), make_household(inside)
    wish = Merge(into=kept.code)
    for _ in range(2):
        did = do(rights.merge, wish, double, by=inside.me("mia"), again=rights.merged)
        assert did.id == kept.id
    assert session().query(Act).filter_by(kind="merge").count() == 1


def test_a_card_is_not_merged_with_itself(inside: World):
    one, two = make_household(inside), make_household(inside)
    with refused("same_household", "into"):
        merge(inside, one, one)
    merge(inside, one, two)
    with refused("same_household", "into"):
        merge(inside, two, one)


def test_a_card_is_not_merged_into_one_whose_people_were_forgotten(inside: World):
    known, forgotten = make_household(inside, "Berger-Test"), make_household(inside)
    make_loan(inside, household=known)
    do(rights.erase, Erase(), forgotten, by=inside.me("mia"))
    with refused("household_unknown", "into"):
        merge(inside, known, forgotten)
    assert fresh(known).name == "Berger-Test"


def test_a_card_is_not_merged_into_another_centres(inside: World):
    ours, theirs = make_household(inside), make_household(inside, by="zoe")
    with pytest.raises(NotThere):
        merge(inside, ours, theirs)


def test_no_name_and_no_contact_stands_in_the_journal(inside: World):
    household = make_household(inside, "Unetelle-Test", contact="06 39 98 77 77")
    do(households.edit, EditHousehold(name="Unetelle-Test", contact="u@example.org"), household, by=inside.me())
    make_loan(inside, household=household)
    said = " ".join(act.line() for act in session().query(Act))
    for part in ("Unetelle", "unetelle", "0639987777", "u@example.org"):
        assert part not in said


@pytest.mark.parametrize("words", ["wattelett", "jeanne wattelet", "jeanine watelet", "JEANINE", "wattelet jeanine"])
def test_a_name_is_found_through_a_slip_of_the_fingers(inside: World, words: str):
    jeanine = make_household(inside, "Jeanine Wattelet")
    make_household(inside, "Hervé Lefebvre")
    assert session().scalars(households.search(words, inside.me())).all() == [jeanine]
    assert session().scalars(households.search(words, inside.me("zoe"))).all() == []


def test_what_is_far_from_every_name_finds_nobody(inside: World):
    make_household(inside, "Jeanine Wattelet")
    for words in ("zorro", "jeanine lefebvre", "wat xx"):
        assert session().scalars(households.search(words, inside.me())).all() == []
