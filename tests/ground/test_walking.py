"""Walks through whole tables: a survey spares those that would meet nobody, and no others."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, event, func, select, text
from sqlalchemy.sql.selectable import Join

from app import history
from app.cli.verifying import all_faults
from app.db import Base, db, once, session, surveyed, walk, walk_one, walking, writing
from app.history import Act
from app.inventory.models import Device
from app.lending.models import Loan
from tests.harness.databases import on_postgresql
from tests.make import World, make_device, make_loan

_LOANS = select(Loan.id, Device.code).outerjoin(Device, Device.id == Loan.id)


class Enough(Exception):
    """Ends a write that must not stand."""


@pytest.fixture
def asked(app: Flask) -> Any:
    """The words of every statement, as they are sent."""
    words: list[str] = []

    def note(_line: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        yield words
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_table_without_a_row_is_not_walked_while_a_survey_lasts(inside: World, asked: list[str]):
    with surveyed():
        asked.clear()
        assert list(walk(_LOANS)) == list(walk_one(select(Loan))) == []
        assert asked == []
    assert list(walk(_LOANS)) == []
    assert len(asked) == 1


def test_whoever_is_there_is_met(inside: World):
    loan = make_loan(inside)
    with surveyed():
        assert [row.id for row in walk(_LOANS)] == [loan.id]
        assert [row.id for row in walk_one(select(Loan))] == [loan.id]


def test_a_survey_finds_each_table_that_holds_a_row(inside: World):
    make_loan(inside)
    tables = Base.metadata.sorted_tables
    filled = {table.name for table in tables if session().scalar(select(func.count()).select_from(table))}
    assert {"loan", "device", "act"} < filled < {table.name for table in tables}
    with surveyed():
        assert {table.name for table in tables if walking._leads_on(select(table))} == filled


@on_postgresql
def test_another_schema_before_ours_hides_no_table_from_a_survey(inside: World):
    with suppress(Enough), writing() as s:
        s.execute(text("CREATE SCHEMA nearer"))
        s.execute(text("SET LOCAL search_path TO nearer, public"))
        with surveyed():
            assert walking._leads_on(select(Act))
            assert not walking._leads_on(select(Loan))
        raise Enough


def test_a_verify_left_half_way_leaves_no_survey_behind(inside: World, app: Flask):
    device = make_device(inside)
    with suppress(Enough), writing():
        device.folded = "something else"
        walks = all_faults(app.config["SETTINGS"])
        assert next(walks).startswith(f"device {device.id}: ")
        assert walking._survey() is not None
        walks.close()
        assert walking._survey() is None
        raise Enough


def test_what_is_read_once_is_read_anew_in_the_next_survey(inside: World):
    read: list[int] = []

    @once
    def number() -> int:
        read.append(1)
        return len(read)

    assert [number(), number()] == [1, 2]
    for expected in (3, 4):
        with surveyed():
            assert [number(), number()] == [expected, expected]


def test_acts_are_counted_and_told_by_their_kinds(inside: World, asked: list[str]):
    make_device(inside)
    entered = list(history.of_kind("device_new"))
    assert [act.id for act in entered] == sorted(act.id for act in entered)
    assert {act.kind for act in entered} == {"device_new"}
    total = session().scalar(select(func.count()).select_from(Act))
    with surveyed():
        assert history.count_of("device_new") == len(entered)
        assert history.count_of(*session().scalars(select(Act.kind).distinct())) == total
        asked.clear()
        assert list(history.of_kind("kit_out", "lost")) == []
        assert asked == []


def test_each_walk_of_verify_begins_with_the_table_it_is_told_by(app: Flask, inside: World, monkeypatch: Any):
    """Else it would be left out for want of rows that others have."""
    walks: list[Select[Any]] = []
    monkeypatch.setattr(walking, "_leads_on", lambda query: walks.append(query) is None)
    monkeypatch.setattr("app.cli.verifying.is_empty", lambda _table: False)
    assert list(all_faults(app.config["SETTINGS"])) == []
    assert len(walks) > 100
    assert [str(query) for query in walks if _begins_with(query) != query.columns_clause_froms[0].name] == []


def _begins_with(query: Select[Any]) -> str:
    first: Any = query.get_final_froms()[0]
    while isinstance(first, Join):
        first = first.left
    return str(first.name)
