"""The database: the base class, kinds of columns, guards, and how a transaction begins and ends on both engines."""

from app.db.asking import Asked, ask, ask_each, ask_one, stand, whole
from app.db.columns import PERSONAL, ActId, Base, Cents, Folded, Id, Moment, MomentType, Plain, Ref, fold_of, one_of
from app.db.current import at_hand, connection, db, is_postgresql, read_again, session
from app.db.engine import WRITES, engine_options, prepare, sqlite_module
from app.db.gathering import gathered, gathering
from app.db.guards import Guard, all_guards, drop_guards, guard, insert_only, make_guards, missing_guards
from app.db.rows import change, change_where, draft, newest_under_lock, note, note_all, put, put_aside, written
from app.db.walking import is_empty, once, surveyed, walk, walk_one
from app.db.writing import alone_in, empty_log, for_update, one_moment, savepoint, upgrade, writing

__all__ = [
    "PERSONAL",
    "WRITES",
    "ActId",
    "Asked",
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
    "alone_in",
    "ask",
    "ask_each",
    "ask_one",
    "at_hand",
    "change",
    "change_where",
    "connection",
    "db",
    "draft",
    "drop_guards",
    "empty_log",
    "engine_options",
    "fold_of",
    "for_update",
    "gathered",
    "gathering",
    "guard",
    "insert_only",
    "is_empty",
    "is_postgresql",
    "make_guards",
    "missing_guards",
    "newest_under_lock",
    "note",
    "note_all",
    "once",
    "one_moment",
    "one_of",
    "prepare",
    "put",
    "put_aside",
    "read_again",
    "savepoint",
    "session",
    "sqlite_module",
    "stand",
    "surveyed",
    "upgrade",
    "walk",
    "walk_one",
    "whole",
    "writing",
    "written",
]
