"""How each engine is opened, and the habits every connection gets."""

from __future__ import annotations

import select
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError

from app.db import gathering, pipeline
from app.db.pool import InTurn
from app.db.turns import Line, ask_again, asking_alone

WRITES = {"begin": "IMMEDIATE"}  # what a connection is told that is going to write
WAL_IS_SAFE_FROM = (3, 51, 3)  # before it two checkpoints and a commit could lose the commit (sqlite.org/wal.html)


def engine_options(url: str, busy_seconds: float) -> dict[str, Any]:
    """What `create_engine` is told: the pinned SQLite library, or PostgreSQL with its time limits."""
    pool = {"pool_size": 8, "pool_use_lifo": True}  # the one used last has its pages and its plans at hand
    if url.startswith("sqlite"):
        options = {"timeout": busy_seconds, "check_same_thread": False}
        return pool | {"module": sqlite_module(), "connect_args": options}
    limits = f"-c lock_timeout={int(busy_seconds * 1000)} -c statement_timeout=30s -c timezone=UTC -c jit=off"
    limits += " -c idle_in_transaction_session_timeout=60s"
    # A read needs no transaction around it: at "read committed" each statement sees what is committed anyway.
    server: dict[str, Any] = {"connect_timeout": 5, "options": limits}
    return pool | {"poolclass": InTurn, "isolation_level": "AUTOCOMMIT", "connect_args": server}


def sqlite_module() -> Any:
    """One SQLite library a process: the pinned wheel, or the system's where no wheel fits."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # Windows, macOS
        import sqlite3 as dbapi2
    return dbapi2


def prepare(engine: Engine, busy_seconds: float) -> None:
    """Give every connection of this engine its habits. Called once, by `create_app`."""
    gathering.watch(engine)  # before the pipeline looks whether all has arrived
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkout", _hung_up)
        pipeline.watch(engine)
        return
    if engine.url.database:
        Path(engine.url.database).touch(mode=0o600)  # before SQLite makes it readable to all; its companions follow
    safe = sqlite_module().sqlite_version_info >= WAL_IS_SAFE_FROM
    pragmas = (
        f"busy_timeout={int(busy_seconds * 1000)}",
        f"journal_mode={'WAL' if safe else 'DELETE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # without it INSERT OR REPLACE slips past a delete trigger
        "trusted_schema=OFF",
        "secure_delete=ON",  # what is erased leaves no trace in the file
        "cache_size=-32768",
    )

    def habits(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is said below, in the kind that is needed
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
        ask_again(connection, busy_seconds)

    def begin(connection: Connection) -> None:
        # A read that later writes cannot wait its turn on SQLite, it fails at once: so a write says so at its start.
        # It is said to the driver, past SQLAlchemy's results: that costs a tenth of the time, and every request begins.
        say = connection.connection.driver_connection.execute  # type: ignore[union-attr]
        if connection.get_execution_options().get("begin") != "IMMEDIATE":
            say("BEGIN DEFERRED")
            return
        with pipeline.said_by(connection), asking_alone(engine.url.database or ""):
            say("BEGIN IMMEDIATE")

    engine.update_execution_options(line=Line(busy_seconds))
    event.listen(engine, "connect", habits)
    event.listen(engine, "begin", begin)


def _hung_up(connection: Any, _record: object, _proxy: object) -> None:
    """A server that closed the line, or says something unasked, makes it readable: then a new one is taken.

    It costs no question to the server, as `pool_pre_ping` would at every request.
    """
    if connection.closed:
        raise DisconnectionError
    if _is_readable(connection.fileno()):
        raise DisconnectionError


def _is_readable(line: int) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([line], [], [], 0)[0])
    asked = select.poll()
    asked.register(line, select.POLLIN)
    return bool(asked.poll(0))
