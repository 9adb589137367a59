"""PostgreSQL only: what an act writes is sent in one go, and the answers are looked at once, before anything is read.

A question to a server costs its way there and back; an act writes a dozen rows. `psycopg` calls this a pipeline.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

_OPEN = "rows on their way"


def cursor_of(line: Connection) -> Any:
    """A cursor of the driver, whose statements are sent at once but answered only by `arrived`."""
    if line.dialect.name == "postgresql" and _OPEN not in line.info:
        pipeline = line.connection.driver_connection.pipeline()  # type: ignore[union-attr]
        pipeline.__enter__()
        line.info[_OPEN] = pipeline
    return line.connection.cursor()


def arrived(line: Connection) -> None:
    """Wait until the database took all that was sent. Raises what it refused."""
    if pipeline := line.info.pop(_OPEN, None):
        with said_by(line):
            pipeline.__exit__(None, None, None)


class said_by:  # noqa: N801 - reads as a word
    """Troubles of the driver become those of SQLAlchemy, without the values, which may be names."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, trouble: BaseException | None, _trace: object) -> None:
        driver = self._line.dialect.loaded_dbapi.Error
        if isinstance(trouble, driver):
            dialect = self._line.dialect
            raise DBAPIError.instance(None, None, trouble, driver, hide_parameters=True, dialect=dialect) from trouble


def watch(engine: Engine) -> None:
    """Whatever is asked next, and the commit, wait for what was sent; what is taken back need not succeed."""

    def before(line: Connection, *_statement: object) -> None:
        arrived(line)

    def commit(line: Connection) -> None:
        if _OPEN in line.info:
            with said_by(line):
                line.connection.cursor().execute("COMMIT")  # travels with the rest; the driver's own finds it done
            arrived(line)

    def rollback(line: Connection) -> None:
        if not line.invalidated:
            with suppress(DBAPIError):  # it is taken back anyway
                arrived(line)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", commit)
    event.listen(engine, "rollback", rollback)
