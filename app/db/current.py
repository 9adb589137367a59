"""The database of this app and the session of this request or command."""

from __future__ import annotations

from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.orm import Session

from app.db.columns import Base

# Rows stay readable after the commit: the answer is drawn outside the write transaction.
db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
WRITER = "the connection that writes"


def session() -> Session:
    """The session of this request or command."""
    return cast("Session", db.session())


def ask(statement: Executable, **values: object) -> CursorResult[Any]:
    """Plain rows of a statement made once, past the part of the session that makes objects of them."""
    return connection().execute(statement, values)


def connection() -> Connection:
    """The connection of the session; while something is written, the one that writes."""
    s = session()
    return cast("Connection | None", s.info.get(WRITER)) or s.connection()


def is_postgresql() -> bool:
    return bool(session().get_bind().dialect.name == "postgresql")


def read_again() -> None:
    """End the read transaction: what is looked at next is looked at anew."""
    session().rollback()
