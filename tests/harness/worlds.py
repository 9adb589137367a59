"""The small world of `tests/make.py`, on whichever database the test runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from tests.make import World, known_world


@pytest.fixture
def world(app: Flask) -> World:
    """What `database` put there: the small world is made once a worker and copied."""
    with app.app_context():
        return known_world()


@pytest.fixture
def inside(app: Flask, world: World) -> Iterator[World]:
    """The world within an app context; when the test ends, `flask verify` must find nothing to say."""
    with app.app_context():
        yield world
        assert list(all_faults(app.config["SETTINGS"])) == []
