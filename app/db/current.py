"""The database of this app and the session of this request or command."""

from __future__ import annotations

from typing import cast

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from app.db.columns import Base

# Rows stay readable after the commit: the answer is drawn outside the write transaction.
db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
LINE = "the connection of this transaction"


def session() -> Session:
    """The session of this request or command."""
    return cast("Session", db.session())


def connection(of: Session | None = None) -> Connection:
    """The connection of the session's transaction, asked for once in it."""
    s = of or session()
    if (line := s.info.get(LINE)) is None:
        line = s.info[LINE] = s.connection()
    return cast("Connection", line)


def _let_go(s: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        s.info.pop(LINE, None)


def is_postgresql() -> bool:
    return bool(session().get_bind().dialect.name == "postgresql")


def read_again() -> None:
    """End the read transaction: what is looked at next is looked at anew."""
    session().rollback()


event.listen(AppSession, "after_transaction_end", _let_go)
