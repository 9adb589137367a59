"""The two sides on each database: made, filled and served alike."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

from flask import Flask

from benchmarks import filling, pouring
from benchmarks.load import Requests
from benchmarks.servers import Served, Server, serving
from tests.harness.postgres import Cluster

KEY = "only for benchmarks, never for people!"
OURS, PLAIN = "wsgi:app", "benchmarks.reference.app:app"
READY = {OURS: "/readyz", PLAIN: "/hello"}
JSON = {"Authorization": f"Bearer {filling.TOKEN}", "Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True)
class Side:
    """One app on one database, and what is asked of it."""

    server: Server
    scan: Requests
    lend: Requests
    hello: Requests


@dataclass(frozen=True)
class Pair:
    ours: Side
    plain: Side


@dataclass(frozen=True)
class House:
    """A database to be filled with so many things, and with the words they are searched by."""

    folder: Path
    count: int

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'house.db'}"


@contextmanager
def both(folder: Path, count: int, beside: Sequence[House]) -> Iterator[Mapping[str, Pair]]:
    """Everything running, by the name of the engine; nothing is left running afterwards. What is `beside` is filled."""
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        places = {
            "PostgreSQL": (cluster.create("ours"), cluster.create("plain")),
            "SQLite": (f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'plain.db'}"),
        }
        _fill_all(places, beside, folder, count)
        apps = [
            served(app, url, folder / engine)
            for engine, urls in places.items()
            for app, url in zip((OURS, PLAIN), urls, strict=True)
        ]
        with serving(*apps) as servers:
            ours, plain = servers[::2], servers[1::2]
            yield {
                engine: Pair(_our_side(one, folder / engine, count), _plain_side(other, folder / engine, count))
                for engine, one, other in zip(places, ours, plain, strict=True)
            }
    finally:
        cluster.remove()


def served(app: str, url: str, folder: Path) -> Served:
    return Served(app, url, folder / app.replace(":", "-"), KEY, READY[app])


def _fill_all(places: Mapping[str, tuple[str, str]], beside: Sequence[House], folder: Path, count: int) -> None:
    """All houses at once, each in a process of its own, the longest first."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_fill_ours, one.url, one.folder, one.count, words=True) for one in beside]
        jobs += [pool.submit(_fill, *urls, folder / engine, count) for engine, urls in places.items()]
        for job in jobs:
            job.result()


def _fill(ours: str, plain: str, instance: Path, count: int) -> None:
    _fill_ours(ours, instance, count)
    os.environ["DATABASE_URL"] = plain
    from benchmarks.reference.app import engine
    from benchmarks.reference.filling import fill

    fill(engine, filling.device_codes(count))
    engine.dispose()


def _fill_ours(url: str, instance: Path, count: int, *, words: bool = False) -> None:
    from sqlalchemy import text

    from app.db import db, upgrade
    from app.times import now

    app = house(url, instance)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            pouring.hurry(connection)
            with connection.begin():
                pouring.fill(connection, filling.Filling(now(), KEY.encode(), count, words))
        db.engine.dispose()  # and with it the hurry
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()


def house(url: str, instance: Path) -> Flask:
    from app import create_app
    from app.settings import Settings

    instance.mkdir(parents=True, exist_ok=True)
    return create_app(Settings(instance=instance, database_url=url, secret_key=KEY.encode()))


def lends(count: int) -> list[dict[str, object]]:
    """One loan for each thing that is free."""
    due, households = (date.today() + timedelta(days=90)).isoformat(), filling.household_codes()
    free = [code for n, code in enumerate(filling.device_codes(count)) if not filling.is_on_loan(n)]
    return [
        {"household": households[n % len(households)], "devices": [code], "due_on": due} for n, code in enumerate(free)
    ]


def _our_side(server: Server, folder: Path, count: int) -> Side:
    """Half of the things scanned are on loan, as on the plain side."""
    everything = list(enumerate(filling.device_codes(count)))
    out = [code for n, code in everything if filling.is_on_loan(n)]
    free = [code for n, code in everything if not filling.is_on_loan(n)][: len(out)]
    page = {"Cookie": f"sid={filling.COOKIE}", "Accept": "text/html", "Accept-Language": "fr"}
    posts = (f"/loans {json.dumps(lend)}" for lend in lends(count))
    return Side(
        server,
        Requests.of("GET", folder / "scan-ours", (f"/devices/{code}" for code in out + free), page),
        Requests.of("POST", folder / "lend-ours", posts, JSON, random=False),
        Requests.of("GET", folder / "hello-ours", ["/healthz"], {}),
    )


def _plain_side(server: Server, folder: Path, count: int) -> Side:
    households = len(filling.household_codes())
    pages = (f"/devices/{code}" for code in filling.device_codes(count))
    posts = (f"/checkout/{n + 1}/{n % households + 1}" for n in range(0, count, 2))
    return Side(
        server,
        Requests.of("GET", folder / "scan-plain", pages, {"Accept": "text/html"}),
        Requests.of("POST", folder / "lend-plain", posts, {}, random=False),
        Requests.of("GET", folder / "hello-plain", ["/hello"], {}),
    )
