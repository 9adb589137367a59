"""Migrates in a child process that is killed before its n-th statement: `python -m tests.ground.killed URL HOME N...`.

0 lets it end in peace, -1 kills it when everything is written and nothing committed. Each child tells one line: how it
ended, how many statements it had begun, and the tables and triggers that stand afterwards.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from app import create_app
from app.db import db, sqlite_module, upgrade
from app.settings import Settings

TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
    "postgresql": "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
}
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
}


def main(url: str, home: str, *points: str) -> None:
    kind = url.partition(":")[0].partition("+")[0]
    for point in map(int, points):
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            migrate(url, Path(home), point, writer)
        os.close(writer)
        _pid, ended = os.waitpid(child, 0)
        with os.fdopen(reader) as told:
            begun = len(told.read())
        engine = create_engine(url, poolclass=NullPool, **({"module": sqlite_module()} if kind == "sqlite" else {}))
        with engine.connect() as line:
            there = {
                w: line.execute(text(q[kind])).scalars().all() for w, q in (("tables", TABLES), ("triggers", TRIGGERS))
            }
        killed = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
        print(json.dumps({"point": point, "killed": killed, "begun": begun, **there}), flush=True)


def migrate(url: str, home: Path, point: int, writer: int) -> None:
    app = create_app(Settings.for_tests(home, url))
    with app.app_context():
        die_at(db.engine, point, writer)
        upgrade()
    os._exit(0)


def die_at(engine: Engine, point: int, writer: int) -> None:
    begun = 0

    def statement(*_all: object) -> None:
        nonlocal begun
        begun += 1
        if begun == point:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(writer, b".")

    def commit(_connection: object) -> None:
        if point == -1:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)


if __name__ == "__main__":
    main(*sys.argv[1:])
