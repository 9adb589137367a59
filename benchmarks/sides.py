"""The two sides on each database: made, filled and served alike."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

from flask import Flask

from benchmarks import filling
from benchmarks.load import Requests
from benchmarks.servers import Server, serving
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


@contextmanager
def both(folder: Path, count: int) -> Iterator[Mapping[str, Pair]]:
    """Everything running, by the name of the engine; nothing is left running afterwards."""
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        places = {
            "SQLite": (f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'plain.db'}"),
            "PostgreSQL": (cluster.create("ours"), cluster.create("plain")),
        }
        _fill_all(places, folder, count)
        with ExitStack() as stack:
            yield {engine: _serve(stack, folder / engine, *urls, count) for engine, urls in places.items()}
    finally:
        cluster.remove()


def _fill_all(places: Mapping[str, tuple[str, str]], folder: Path, count: int) -> None:
    """Both engines at once, each in a process of its own."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_fill, *urls, folder / engine, count) for engine, urls in places.items()]
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
        with db.engine.begin() as connection:
            filling.fill(connection, filling.Filling(now(), KEY.encode(), count, words))
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()


def fill_house(url: str, instance: Path, count: int) -> None:
    """A house of so many things with the words they are searched by."""
    _fill_ours(url, instance, count, words=True)


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


def _serve(stack: ExitStack, folder: Path, ours: str, plain: str, count: int) -> Pair:
    def start(app: str, url: str) -> Server:
        instance = folder / app.replace(":", "-")
        return stack.enter_context(serving(app, url, instance, {"SECRET_KEY": KEY}, ready=READY[app]))

    return Pair(_our_side(start(OURS, ours), folder, count), _plain_side(start(PLAIN, plain), folder, count))


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


def verified(folder: Path) -> list[str]:
    """What `flask verify` says of the house's SQLite file after all that."""
    from app.cli.verifying import all_faults

    app = house(f"sqlite:///{folder / 'ours.db'}", folder / "SQLite")
    with app.app_context():
        return list(all_faults(app.config["SETTINGS"]))
