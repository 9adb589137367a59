"""What a person chose last, so that it is proposed again: one value a name, only ever read back to them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Ref, alone_in, session


class Preference(Base):
    """One choice of one person. It decides nothing: it only fills a form in advance."""

    __tablename__ = "preference"

    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def chosen(person_id: int, name: str, otherwise: str = "") -> str:
    row = session().get(Preference, (person_id, name))
    return row.value if row else otherwise


def choose(person_id: int, name: str, value: str) -> None:
    alone_in(Preference)  # two windows of one person may say so at the same moment
    session().merge(Preference(person_id=person_id, name=name, value=value))
