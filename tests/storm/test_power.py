"""The power goes where the database stands: what was acknowledged is there when it comes back."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app import history
from app.cli.verifying import all_faults
from app.db import session, upgrade
from app.errors import Busy, Refused
from app.history import Act
from app.lending import loans, returns
from app.lending.forms import Lend, TakeBack
from app.people.roles import Me
from app.settings import Settings
from tests.harness.postgres import Cluster
from tests.make import NOW, TODAY, make_device, make_household, small_world


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """A PostgreSQL that keeps what it acknowledges."""
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.mark.storm
@pytest.mark.slow("a database server is made, killed twice under load and recovers")
def test_a_database_killed_in_the_storm_loses_no_acknowledged_act(
    durable: Cluster, tmp_path: Path, make_app: Callable[..., Flask]
):
    app = make_app(Settings.for_tests(tmp_path, durable.create("house")))
    with app.app_context():
        upgrade()
        world = small_world(app)
        codes, household = [make_device(world).code for _n in range(20)], make_household(world).code
        clerks = [world.me(name) for name in ("ada", "odile", "mia")]
    calm, acks = threading.Event(), []
    desks = [threading.Thread(target=desk, args=(app, me, codes, household, calm, acks)) for me in clerks]
    for one in desks:
        one.start()
    for _cut in range(2):
        before, until = len(acks), time.monotonic() + 20
        while len(acks) < before + 15 and time.monotonic() < until:
            time.sleep(0.02)
        durable.kill9()
        durable.start()
    calm.set()
    for one in desks:
        one.join(30)
    assert len(acks) >= 30
    with app.app_context():
        there = Counter(session().scalars(select(Act.uuid)))
        assert [ack for ack in acks if there[ack] != 1] == []
        assert list(all_faults(app.config["SETTINGS"])) == []


def desk(app: Flask, me: Me, codes: list[str], household: str, calm: threading.Event, acks: list[UUID]) -> None:
    """Lend and take back at random, and note what was acknowledged; a line that broke is tried anew."""
    dice = random.Random(me.id)
    while not calm.is_set():
        code = dice.choice(codes)
        lend = Lend(household=household, devices=[code], due_on=TODAY.replace(year=2027))
        rule, wish, again = dice.choice(
            [(loans.lend, lend, loans.of_act), (returns.take_back, TakeBack(devices=[{"code": code}]), returns.of_act)]
        )
        try:
            with app.app_context():
                history.perform(rule, wish, by=me, at=NOW, again=again)
                acks.append(wish.id)
        except DBAPIError:  # also on leaving: the line that is hung up is broken
            time.sleep(0.05)
        except (Refused, Busy):
            continue
