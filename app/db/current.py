"""The database of this app and the session of this request or command."""

from __future__ import annotations

from typing import TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from app.db.columns import Base

# Rows stay readable after the commit: the answer is drawn outside the write transaction.
db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
R = TypeVar("R", bound=Base)
LINE = "the connection of this transaction"


def session() -> Session:
    """The session of this request or command."""
    return cast("Session", db.session.registry())  # what `db.session()` asks, without its question for options


def connection(of: Session | None = None) -> Connection:
    """The connection of the session's transaction, asked for once in it."""
    s = of or session()
    if (line := s.info.get(LINE)) is None:
        line = s.info[LINE] = s.connection()
    return cast("Connection", line)


def _let_go(s: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        s.info.pop(LINE, None)


def adopt(s: Session, row: Base) -> None:
    """The row is the session's from now on, as if just read: all its columns are in it.

    What `Session.add` does beside is to walk through what is related, which costs more than the row itself.
    """
    state = instance_state(row)
    if state.modified:  # made by its constructor, each value was watched
        state._commit_all(state.dict)  # noqa: SLF001 - as SQLAlchemy's own loading does
    state.key = state.mapper._identity_key_from_state(state)  # noqa: SLF001
    state.session_id = s.hash_key
    s.identity_map.add(state)


def at_hand(kind: type[R], number: int) -> R | None:
    """The row of that number, asked for only if the session does not hold it: for what is never deleted."""
    s = session()
    return s.identity_map.get((kind, (number,), None)) or s.get(kind, number)


def is_postgresql() -> bool:
    return bool(session().get_bind().dialect.name == "postgresql")


def read_again() -> None:
    """End the read transaction: what is looked at next is looked at anew."""
    session().rollback()


event.listen(AppSession, "after_transaction_end", _let_go)
