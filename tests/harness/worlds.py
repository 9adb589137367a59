"""The small world of `tests/make.py`, on whichever database the test runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.cli.verifying import faults_of_wings
from tests.make import World, known_world


@pytest.fixture
def world(app: Flask) -> World:
    """What `database` put there: the small world is made once a worker and copied."""
    with app.app_context():
        return known_world()


@pytest.fixture
def inside(app: Flask, world: World) -> Iterator[World]:
    """The world within an app context; when the test ends, `flask verify` must find nothing to say.

    Both databases look after their keys, so a test cannot leave a reference to nothing; half of its questions are of
    those. Who damages a house on purpose asks for all faults.
    """
    with app.app_context():
        yield world
        assert list(faults_of_wings(app.config["SETTINGS"])) == []
