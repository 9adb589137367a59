"""Rows put by the hundred: gathered, written a table at a time, and there for whoever asks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from app.db import ask, change, connection, gathered, gathering, note, put, savepoint, session, writing
from app.people.models import Centre, Organisation, Token
from labels import codes
from tests.make import NOW, World

NAMED = select(Organisation.id, Organisation.name).where(Organisation.name == bindparam("name"))


def body(name: str = "Autre-Test") -> Organisation:
    return put(Organisation(name=name, short_name=name[:9]))


def centre(owner: Organisation, number: int) -> Centre:
    return put(Centre(name=f"Centre {number}-Test", organisation_id=owner.id, code=codes.make("L", 1000 + number)))


def test_many_rows_of_a_table_are_one_statement(inside: World):
    said: list[tuple[str, int]] = []
    with writing(), gathered():
        owners = [body(f"Autre {n}-Test") for n in range(30)]
        for n, owner in enumerate(owners):
            centre(owner, n)
        waiting = gathering()
        assert waiting
        said = [(table, len(rows)) for table, rows in waiting.rows.items()]
    assert said == [("organisation", 30), ("centre", 30)]
    assert session().scalar(select(func.count()).where(Organisation.name.like("Autre %-Test"))) == 30
    assert session().scalar(select(func.count()).where(Centre.name.like("Centre %-Test"))) == 30


def test_parents_are_written_before_their_children_whatever_was_put_first(inside: World):
    with writing(), gathered():
        first = body("Eins-Test")
        centre(first, 1)
        centre(body("Zwei-Test"), 2)  # its owner comes after the first centre
    assert len(session().scalars(select(Centre).where(Centre.name.like("Centre %-Test"))).all()) == 2


@pytest.mark.parametrize("how", ["by a ready question", "by the session"])
def test_a_row_that_waits_is_found_by_whoever_asks(inside: World, how: str):
    with writing(), gathered():
        row = body()
        if how == "by a ready question":
            assert [found.id for found in ask(NAMED, name="Autre-Test")] == [row.id]
        else:
            assert session().scalars(select(Organisation.id).where(Organisation.name == "Autre-Test")).all() == [row.id]


def test_a_question_about_other_tables_lets_the_rows_wait(inside: World):
    with writing(), gathered():
        put(Token(person_id=inside.people["ada"], token_hash=uuid4().hex, name="x", made_at=NOW))
        assert ask(NAMED, name="Autre-Test") == []
        waiting = gathering()
        assert waiting
        assert list(waiting.rows) == ["token"]


def test_a_row_that_waits_is_changed_where_it_waits(inside: World):
    with writing(), gathered():
        row = body()
        change(row, phone="03 21 00 00 00")
        assert row.phone == "03 21 00 00 00"
    session().expire_all()
    assert [(o.name, o.phone) for o in session().scalars(select(Organisation).where(Organisation.id == row.id))] == [
        ("Autre-Test", "03 21 00 00 00")
    ]


def test_a_row_that_stands_is_changed_after_what_waits_is_written(inside: World):
    with writing():
        owner = body()
        place = centre(owner, 1)
    with writing(), gathered():
        change(place, organisation_id=body("Neu-Test").id)
    assert session().scalar(select(Organisation.name).join(Centre).where(Centre.id == place.id)) == "Neu-Test"


def test_numbers_go_on_when_others_write_between(inside: World):
    with writing() as s, gathered():
        first = body("Eins-Test")
        other = Organisation(name="Zwei-Test", short_name="Zwei")
        s.add(other)
        s.flush()
        third, last = body("Drei-Test"), note(Organisation, name="Vier-Test", short_name="Vier")
    assert first.id < other.id
    assert len({first.id, other.id, third.id, last}) == 4
    assert session().get_one(Organisation, last).kind == "partner", "defaults are filled in"


def test_what_the_database_refuses_takes_all_of_it_back(inside: World):
    before = session().scalar(select(func.count()).select_from(Organisation))
    token = uuid4().hex
    with pytest.raises(IntegrityError), writing(), gathered():
        for _twice in range(2):
            body(f"{_twice}-Test")
            put(Token(person_id=inside.people["ada"], token_hash=token, name="x", made_at=NOW))
    assert gathering() is None
    assert session().scalar(select(func.count()).select_from(Organisation)) == before


def test_a_part_taken_back_leaves_nothing_waiting(inside: World):
    with writing():
        with pytest.raises(ZeroDivisionError), savepoint(), gathered():
            body(f"{1 / 0}-Test" if body() else "")
        assert gathering() is None
        body("Danach-Test")
    found = session().scalars(select(Organisation.name).where(Organisation.name.like("%-Test"))).all()
    assert "Danach-Test" in found
    assert "Autre-Test" not in found


def test_one_within_another_is_written_with_the_outer_one(inside: World):
    with writing(), gathered():
        with gathered():
            body()
        waiting = gathering()
        assert waiting
        assert list(waiting.rows) == ["organisation"]
    assert len(ask(NAMED, name="Autre-Test")) == 1


def test_an_act_alone_gathers_nothing(inside: World):
    with writing():
        body()
        assert gathering(connection()) is None
        assert len(ask(NAMED, name="Autre-Test")) == 1
