"""The database: the base class, kinds of columns, guards, and how a transaction begins and ends on both engines."""

from app.db.columns import PERSONAL, ActId, Base, Cents, Folded, Id, Moment, MomentType, Plain, Ref, fold_of, one_of
from app.db.engine import engine_options, prepare, sqlite_module
from app.db.guards import Guard, all_guards, drop_guards, guard, insert_only, make_guards, missing_guards
from app.db.writing import db, empty_log, for_update, is_postgresql, read_again, savepoint, session, upgrade, writing

__all__ = [
    "PERSONAL",
    "ActId",
    "Base",
    "Cents",
    "Folded",
    "Guard",
    "Id",
    "Moment",
    "MomentType",
    "Plain",
    "Ref",
    "all_guards",
    "db",
    "drop_guards",
    "empty_log",
    "engine_options",
    "fold_of",
    "for_update",
    "guard",
    "insert_only",
    "is_postgresql",
    "make_guards",
    "missing_guards",
    "one_of",
    "prepare",
    "read_again",
    "savepoint",
    "session",
    "sqlite_module",
    "upgrade",
    "writing",
]
