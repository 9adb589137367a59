"""The list of loans and the page of one, as people meet them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.times import now
from tests.asking import person, program
from tests.make import World, make_loan


def lent(app: Flask, world: World, *days_ago: int) -> list[str]:
    with app.app_context():
        return [str(make_loan(world, at=now() - timedelta(days=days)).uuid) for days in days_ago]


def all_of(app: Flask, world: World, words: str) -> list[str]:
    one, found, go = program(app, world), [], f"/loans?limit=2{words}"
    while go:
        answer = one.get(go).json
        found += [item["id"] for item in answer["items"]]
        go = answer["next"]
    return found


def test_all_loans_are_told_newest_first_over_every_page(app: Flask, world: World):
    made = lent(app, world, 30, 200, 1, 5, 9)
    assert all_of(app, world, "") == made[::-1]


def test_what_is_due_first_stands_first_among_the_open_ones(app: Flask, world: World):
    thirty, two_hundred, one, five, nine = lent(app, world, 30, 200, 1, 5, 9)
    assert all_of(app, world, "&state=open") == [two_hundred, thirty, nine, five, one]
    assert all_of(app, world, "&state=late") == [two_hundred]


def test_an_undo_is_offered_only_while_it_would_be_granted(app: Flask, world: World):
    (fresh, old) = (*lent(app, world, 0), *lent(app, world, 3))
    ada = person(app, world)
    assert f"/loans/{fresh}/undo" in ada.get(f"/loans/{fresh}").text
    assert "/undo" not in ada.get(f"/loans/{old}").text
