"""Fill the plain app's database: every other device is out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert, text

from benchmarks.reference.models import Base, Device, DeviceModel, Household

HOUSEHOLDS, MODELS = 500, 50


def fill(engine: Engine, codes: Sequence[str]) -> None:
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Household), [{"name": f"Foyer {n}"} for n in range(HOUSEHOLDS)])
        connection.execute(insert(DeviceModel), [{"name": f"ThinkPad T{n}"} for n in range(MODELS)])
        rows = _devices(codes)
        while batch := list(islice(rows, 20_000)):
            connection.execute(insert(Device), batch)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _devices(codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    for n, code in enumerate(codes):
        out = n % 2
        yield {
            "id": n + 1,
            "code": code,
            "name": f"Portable {n} Lenovo {n % MODELS}",
            "serial": f"SN{n * 7919 % 10**8:08d}",
            "model_id": n % MODELS + 1,
            "holder_id": n % HOUSEHOLDS + 1 if out else None,
            "status": "out" if out else "in",
            "price": 50_000 + n % 9999,
            "bought": date(2024, 1, 1) + timedelta(days=n % 700),
            "version": 0,
        }
