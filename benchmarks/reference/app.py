"""Three addresses: a device's page through the ORM, a checkout through the ORM, and hello."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from flask import Flask, render_template
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.orm import Session, joinedload

from benchmarks.reference.models import Device, Event, Loan

try:  # the SQLite of the house, without the house
    from pysqlite3 import dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite

# The settings of the house's own connections that cost or save time (app/db/engine.py).
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32768")
NAV = [(f"/a{n}", f"Menu {n}") for n in range(8)]


def make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, connect_args={"options": "-c jit=off"})
    options: dict[str, Any] = {"timeout": 10, "check_same_thread": False}
    engine = create_engine(url, module=sqlite, pool_size=8, connect_args=options)

    @event.listens_for(engine, "connect")
    def habits(connection: Any, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


app = Flask(__name__)
engine = make_engine(os.environ["DATABASE_URL"])
on_sqlite = engine.dialect.name == "sqlite"


@app.get("/hello")
def hello() -> str:
    return "hello\n"


@app.get("/devices/<code>")
def page(code: str) -> str:
    loads = joinedload(Device.model), joinedload(Device.holder)
    with Session(engine) as s:
        device = s.scalars(select(Device).where(Device.code == code).options(*loads)).one()
        return render_template("device.html", device=device, nav=NAV, facts=_facts(device))


def _facts(device: Device) -> list[tuple[str, object]]:
    return [
        ("code", device.code),
        ("serial", device.serial),
        ("model", device.model.name),
        ("holder", device.holder.name if device.holder else "-"),
        ("status", device.status),
        ("price", device.price / 100),
        ("bought", device.bought),
        ("id", device.id),
    ]


@app.post("/checkout/<int:device_id>/<int:household_id>")
def checkout(device_id: int, household_id: int) -> tuple[str, int, dict[str, str]]:
    now = datetime.now()  # noqa: DTZ005 - as plain as it gets
    with Session(engine) as s:
        if on_sqlite:
            s.execute(text("BEGIN IMMEDIATE"))
        device = s.get_one(Device, device_id)
        s.add(Loan(device_id=device_id, household_id=household_id, out_at=now))
        s.add(Event(device_id=device_id, at=now, kind="out", data=str(household_id)))
        device.holder_id, device.status = household_id, "out"
        device.version += 1
        s.commit()
    return "", 303, {"Location": "/"}
