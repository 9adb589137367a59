"""What a centre settled about its loans: lengths, limits, participation, deposit. Each version is a row that stays.

An agreement, an extension refused, a deposit taken are judged by what held on their day, so nothing is changed back.
A centre that settled nothing lends by the usual terms; these are told, and nobody is refused by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Ref, insert_only, note, session, walk
from app.errors import Refused
from app.history import Act, count_of
from app.inputs import Act as Wish
from app.inputs import Answer, Input, Line
from app.inventory.models import Category, Device
from app.inventory.stock_forms import Price
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

USUAL_BUFFER = 1
Days = Annotated[int, Field(ge=1, le=3650)]


class Length(Input):
    """How long things of a category are usually lent here. Empty: as long as the category says."""

    category: Line
    days: Days | None = None


class SettleLending(Wish):
    """`cap_cents`: the most that is ever asked of a household; none: nothing is asked. `deposit_cents`: none asked.

    `buffer_days`: to wipe and check a thing before the next household has it; what is kept already keeps its own.
    """

    at_once: Annotated[int, Field(ge=1, le=100)]
    extensions: Annotated[int, Field(ge=0, le=50)]
    longest_months: Annotated[int, Field(ge=1, le=120)]
    cap_cents: Price | None = None
    deposit_cents: Price | None = None
    lengths: Annotated[list[Length], Field(max_length=100)] = Field(default_factory=list)
    buffer_days: Annotated[int, Field(ge=0, le=14)] = USUAL_BUFFER


class LendingPolicy(Base):
    """One version of it. `lengths`: days by the code of a category, where the centre differs from the category."""

    __tablename__ = "lending_policy"
    __table_args__ = (
        CheckConstraint("at_once >= 1 AND extensions >= 0 AND longest_months >= 1", name="limits"),
        CheckConstraint("cap_cents >= 0 AND deposit_cents >= 0", name="amounts"),
        CheckConstraint("buffer_days BETWEEN 0 AND 14", name="buffer"),
        Index("ix_lending_policy_centre_id_id", "centre_id", "id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    at_once: Mapped[int]
    extensions: Mapped[int]
    longest_months: Mapped[int]
    cap_cents: Mapped[int | None]
    deposit_cents: Mapped[int | None]
    lengths: Mapped[dict[str, int]] = mapped_column(JSON)
    buffer_days: Mapped[int] = mapped_column(server_default="1")


@dataclass(frozen=True)
class Terms:
    """What holds in a centre. `settled`: it said so itself, and holds its desk to it."""

    at_once: int = 3
    extensions: int = 1
    longest_months: int = 6
    cap_cents: int | None = None
    deposit_cents: int | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    buffer_days: int = USUAL_BUFFER
    settled: bool = False

    def days_of(self, device: Device) -> int | None:
        """How long this thing is usually lent here; what its own model says goes before."""
        model = device.model
        return model.loan_days or self.lengths.get(model.category.code) or model.category.loan_days


USUAL = Terms()


class PolicyAnswer(Answer):
    at_once: int
    extensions: int
    longest_months: int
    cap_cents: int | None
    deposit_cents: int | None
    lengths: dict[str, int]
    settled: bool
    buffer_days: int


def _newest(column: Any) -> Any:
    """A column of what holds in the centre of a thing, to be asked together with what is known of the thing."""
    held = select(column).where(LendingPolicy.centre_id == Device.centre_id).order_by(LendingPolicy.id.desc())
    return held.limit(1).scalar_subquery().label(column.key)


# What a loan's agreement says of money, and how long its things are kept beyond their day.
MONEY = (_newest(LendingPolicy.cap_cents), _newest(LendingPolicy.deposit_cents))
BUFFER = _newest(LendingPolicy.buffer_days)


def of(centre_id: int | None) -> Terms:
    """What holds in this centre now."""
    query = select(LendingPolicy).where(LendingPolicy.centre_id == centre_id).order_by(LendingPolicy.id.desc())
    row = session().scalars(query.limit(1)).one_or_none()
    return Terms(**_values(row), settled=True) if row else USUAL


def _values(row: LendingPolicy | SettleLending) -> dict[str, Any]:
    names = ("at_once", "extensions", "longest_months", "cap_cents", "deposit_cents", "buffer_days")
    lengths = row.lengths
    days = lengths if isinstance(lengths, dict) else {one.category: one.days for one in lengths if one.days}
    return {name: getattr(row, name) for name in names} | {"lengths": dict(days)}


def buffer_of(known: Mapping[int, Any]) -> int:
    """How many days the centre of these things keeps to wipe them, of what is known of each."""
    settled = {one.buffer_days for one in known.values() if one.buffer_days is not None}
    return max(settled, default=USUAL_BUFFER)


def settle(centre: Centre, wish: SettleLending, *, by: Me, at: datetime) -> Terms:
    """From now on these terms hold in the centre this person manages."""
    known = set(session().scalars(select(Category.code)))
    for place, one in enumerate(wish.lengths):
        if one.category not in known:
            words = _("Please choose one of the answers offered.")
            raise Refused("invalid", words, status=422, fields={f"lengths.{place}.category": words})
    told = _values(wish)
    act = history.record("lending_settle", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **told)
    note(LendingPolicy, centre_id=centre.id, act_id=act.id, **told)
    return Terms(**told, settled=True)


def of_act(act: Act) -> Terms:
    return Terms(**_values(session().scalars(select(LendingPolicy).where(LendingPolicy.act_id == act.id)).one()))


def euros(cents: int | None) -> str:
    """An amount as people write it into a field."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02}" if cents % 100 else str(cents // 100)


def answer(terms: Terms) -> PolicyAnswer:
    return PolicyAnswer(**{name: getattr(terms, name) for name in PolicyAnswer.model_fields})


def check_policies() -> Iterator[str]:
    """Each version is what its act settled, and each such act left one."""
    told = 0
    for row, act in walk(select(LendingPolicy, Act).outerjoin(Act, Act.id == LendingPolicy.act_id)):
        told += 1
        said = {"buffer_days": USUAL_BUFFER} | (act.told if act else {})  # before a centre settled it, it was this
        settled = {name: said.get(name) for name in _values(row)}
        if act is None or (act.kind, act.centre_id, settled) != ("lending_settle", row.centre_id, _values(row)):
            yield f"lending_policy {row.id}: not what its act tells of"
    if told != count_of("lending_settle"):
        yield "lending_policy: a row for each act was due"


insert_only("lending_policy")
