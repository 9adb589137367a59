"""Many processes at once, and the plug pulled: nothing is lost, nothing is done twice."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli.verifying import all_faults
from app.db import session, writing
from app.history import Act
from app.lending.models import LoanLine
from app.people import secrets
from app.people.models import Token
from tests.harness.databases import Database
from tests.harness.live import Live
from tests.make import NOW, World, make_device, make_household
from tests.storm import desk

DESKS = 16
TOKEN = "a token for the storm"


def things(world: World, count: int) -> list[str]:
    return [make_device(world).code for _n in range(count)]


def storm(app: Flask, world: World, database: Database, *, devices: int, tries: int) -> Counter[str]:
    """Sixteen processes, each with so many tries; answers how often each thing was said."""
    with app.app_context():
        codes, household, me = things(world, devices), make_household(world).code, world.me()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.storm.desk"])
    rest = (database.url, str(database.instance), me, codes, household, tries)
    desks = [processes.Process(target=desk.work, args=(n, *rest)) for n in range(DESKS)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(100)
    assert [one.exitcode for one in desks] == [0] * DESKS
    return Counter(line.split()[-1] for line in acknowledged(database.instance))


def acknowledged(instance: Path) -> list[str]:
    return [line for file in sorted(instance.glob("acks-*")) for line in file.read_text().splitlines()]


def check_all_there(app: Flask, acks: Sequence[str]) -> None:
    """Every acknowledged act is there exactly once, no thing is out twice, and verify has nothing to say."""
    with app.app_context():
        there = Counter(session().scalars(select(Act.uuid)))
        assert [ack for ack in acks if there[UUID(ack)] != 1] == []
        twice = select(LoanLine.device_id).where(LoanLine.closed_at.is_(None)).group_by(LoanLine.device_id)
        assert session().scalars(twice.having(func.count() > 1)).all() == []
        assert list(all_faults(app.config["SETTINGS"])) == []


@pytest.mark.storm
@pytest.mark.slow("sixteen processes start, and try thirty acts each")
def test_sixteen_desks_lose_nothing_and_lend_nothing_twice(app: Flask, world: World, database: Database):
    said = storm(app, world, database, devices=200, tries=30)
    assert said["lend"] > 50, said
    assert said["busy"] == 0, said
    assert set(said) <= {
        "lend",
        "take_back",
        "check",
        "already_on_loan",
        "not_available",
        "not_on_loan",
        "not_to_check",
    }
    check_all_there(app, [line.split()[0] for line in acknowledged(database.instance) if len(line.split()) == 2])


@pytest.mark.deep
@pytest.mark.storm
@pytest.mark.slow("sixteen processes fight over six things, four hundred tries each")
@pytest.mark.timeout(240)
def test_sixteen_desks_fight_over_six_things(app: Flask, world: World, database: Database):
    said = storm(app, world, database, devices=6, tries=400)
    assert said["lend"] > 50, said
    check_all_there(app, [line.split()[0] for line in acknowledged(database.instance) if len(line.split()) == 2])


@pytest.mark.storm
@pytest.mark.slow("a real server is killed under load and started again")
def test_a_server_killed_in_the_storm_loses_no_acknowledged_act(app: Flask, world: World, live: Live):
    with app.app_context():
        codes, household = things(world, 40), make_household(world).code
        with writing() as s:
            row = Token(person_id=world.people["ada"], token_hash=secrets.token_hash(TOKEN), name="storm", made_at=NOW)
            s.add(row)
    calm, acks = threading.Event(), []
    clients = [threading.Thread(target=_client, args=(n, live, codes, household, calm, acks)) for n in range(8)]
    for one in clients:
        one.start()
    for _cut in range(2):
        time.sleep(1.5)
        live.kill9()
        live.start()
    time.sleep(1)
    calm.set()
    for one in clients:
        one.join(30)
    assert len(acks) > 20
    assert len(set(acks)) == len(acks)
    check_all_there(app, acks)


def _client(number: int, live: Live, codes: list[str], household: str, calm: threading.Event, acks: list[str]) -> None:
    """Lend and take back; what got no answer is sent again under the same id until it gets one."""
    dice = random.Random(number)
    while not calm.is_set():
        path, body = _wish(dice, codes, household)
        while (status := _send(live.port, path, body)) == 0 and not calm.is_set():
            time.sleep(0.05)
        if status in {200, 201}:
            acks.append(body["id"])
        assert status in {0, 200, 201, 409}, (status, path)


def _wish(dice: random.Random, codes: list[str], household: str) -> tuple[str, dict]:
    code, due = dice.choice(codes), (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    kind = dice.choice(["lend", "return", "check"])
    if kind == "lend":
        return "/loans", {"id": str(uuid4()), "household": household, "devices": [code], "due_on": due}
    if kind == "return":
        return "/returns", {"id": str(uuid4()), "devices": [{"code": code}]}
    return f"/devices/{code}/check", {"id": str(uuid4()), "method": "remise à zéro"}


def _send(port: int, path: str, body: dict) -> int:
    """The answer's number; 0 when the line was cut before it came."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Accept": "application/json"}
    try:
        line.request("POST", path, json.dumps(body), headers | {"Host": "localhost"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()
