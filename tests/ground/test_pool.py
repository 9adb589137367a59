"""PostgreSQL: connections are given away in turn, and whoever takes long keeps nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from app.db import pool
from app.db.pool import InTurn
from tests.harness.databases import Database, on_postgresql
from tests.harness.processes import free_port


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = create_engine(database.url, poolclass=InTurn, pool_use_lifo=True)
    yield engine
    engine.dispose()


def _pid(engine: Engine) -> int:
    with engine.connect() as line:
        return int(line.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]


@on_postgresql
def test_many_at_once_share_the_connection_that_was_used_last(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "PATIENCE", 30)
    seen: list[int] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait(30)
        seen.extend(_pid(engine) for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 80
    assert len(set(seen)) == 1


@on_postgresql
def test_they_come_in_their_order(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "PATIENCE", 30)
    came: list[int] = []

    def ask(number: int) -> None:
        with engine.connect():
            came.append(number)

    with engine.connect():
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
        for stand, thread in enumerate(threads, 1):
            thread.start()
            _until(engine, stand)
    for thread in threads:
        thread.join(60)
    assert came == [0, 1, 2, 3, 4]


def _until(engine: Engine, waiting: int) -> None:
    end = time.monotonic() + 30
    while len(engine.pool._waiting) < waiting:  # type: ignore[attr-defined]
        assert time.monotonic() < end
        time.sleep(0.001)


@on_postgresql
def test_whoever_takes_long_keeps_the_others_for_a_moment_only(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "PATIENCE", 0.5)
    with engine.connect():
        began = time.monotonic()
        other = _pid(engine)
        assert 0.5 <= time.monotonic() - began < 20
        began = time.monotonic()
        assert [_pid(engine) for _ in range(20)] == [other] * 20
        assert time.monotonic() - began < 5  # not half a second each


@on_postgresql
def test_who_holds_a_connection_may_take_another(engine: Engine):
    with engine.connect() as one, engine.connect() as other:
        assert one.connection.driver_connection is not other.connection.driver_connection


@on_postgresql
def test_who_gets_no_connection_stands_in_nobodys_way(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "PATIENCE", 30)
    engine = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing", poolclass=InTurn)
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(OperationalError):
            engine.connect()
    assert time.monotonic() - began < 20
    engine.dispose()
