"""What people do all day asks little of the database, and nothing through the unit of work."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.asking import lend_wish, program, questions
from tests.make import World, make_device, make_household


def test_lending_and_taking_back_ask_the_least(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        things = [make_device(world).code for _ in range(2)]
        household = make_household(world).code
    ada = program(app, world)

    def went(path: str, body: Any) -> int:
        with questions(app, monkeypatch) as (ours, rest):
            assert ada.post(path, json=body).status_code == 201
        assert rest == []
        return len(ours)

    for thing in things:  # the second time nothing is prepared any more
        lent = went("/loans", lend_wish(household, thing))
        back = went("/returns", {"devices": [{"code": thing}]})
    assert lent == 4, "who asks, the household, the things, what is known of them"
    assert back == 5, "who asks, the things, their loans, the lines of those, what else belongs to the kit"
