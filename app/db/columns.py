"""The base class of all tables and the kinds of columns they are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, MetaData, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from app.words import fold

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class MomentType(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# Text compared byte by byte on both engines: SQLite does so by itself, PostgreSQL is told (one order on both).
Plain = String().with_variant(String(collation="C"), "postgresql")
_Whole = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_Whole, primary_key=True)]
Ref = Annotated[int, mapped_column(_Whole)]
Moment = Annotated[datetime, mapped_column(MomentType)]
ActId = Annotated[UUID, mapped_column(Uuid)]
Folded = Annotated[str, mapped_column(Plain)]
Cents = Annotated[int, mapped_column(BigInteger)]

PERSONAL = {"personal": True}  # marks a column that names, or helps to find, a person outside the staff


class Base(DeclarativeBase):
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={str: Plain, int: BigInteger})


def one_of(name: str, *words: str) -> CheckConstraint:
    """A named CHECK that a column holds one of a few words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def fold_of(*columns: str, by: Callable[[str], str] = fold) -> Callable[[DefaultExecutionContext], str | None]:
    """A column default that folds other columns of the same row: the searchable form is never typed by hand."""

    def value(context: Any) -> str | None:
        row = context.get_current_parameters()
        return by(" ".join(row[c] for c in columns if row.get(c)))

    return value
