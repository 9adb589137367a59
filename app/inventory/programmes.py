"""Programme periods of the European funds: what must be said, shown and kept, and for how long.

Two are shipped as the regulations have them. Whoever answers for money may write down what the grant agreement asks
instead: each version is a row that stays, the newest one holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Cents, Id, Ref, insert_only, note, one_of, session, walk
from app.errors import NotThere
from app.history import Act, count_of
from app.inputs import TIDY, Answer, Day, Euros, Name
from app.inputs import Act as Wish
from app.inventory.models import PROGRAMMES, Device
from app.inventory.stock_forms import Price
from app.people.roles import Me
from app.words import _
from labels import FUNDING

Years = Annotated[int, Field(ge=0, le=50)]
PlaqueBasis = Literal["public_support", "total_cost"]
CountedFrom = Literal["accounts", "last_payment"]


@dataclass(frozen=True)
class Period:
    """What holds for operations of one period.

    `statement`: its lines beside the emblem. A plaque is due above `plaque_cents` of public support or of the total
    cost; the operation stays as it is `durability_years` after its final payment; papers are kept `document_years`
    after the 31st of December that follows the accounts with its final expenditure or the last payment, and
    `small_years` where its total is below `small_below_cents`. What is paid after `paid_by` is eligible in none of it.
    """

    code: str
    legal_basis: str
    statement: str
    plaque_cents: int
    plaque_basis: PlaqueBasis
    durability_years: int
    counted_from: CountedFrom
    document_years: int
    paid_by: date
    small_below_cents: int = 0
    small_years: int = 0

    def years_for(self, total_cents: int) -> int:
        """How many years the papers of an operation of that total are kept."""
        return self.small_years if total_cents < self.small_below_cents else self.document_years

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(filter(None, self.statement.splitlines()))


def _statement(code: str) -> str:
    return "\n".join(FUNDING[code].statement)


SHIPPED = {
    "2014-2020": Period(
        code="2014-2020",
        legal_basis="Règlement (UE) n° 1303/2013, articles 71, 115 et 140 ; règlement d’exécution (UE) n° 821/2014",
        statement=_statement("2014-2020"),
        plaque_cents=50_000_000,
        plaque_basis="public_support",
        durability_years=5,
        counted_from="accounts",
        document_years=2,
        paid_by=date(2023, 12, 31),
        small_below_cents=100_000_000,
        small_years=3,
    ),
    "2021-2027": Period(
        code="2021-2027",
        legal_basis="Règlement (UE) 2021/1060, articles 50, 65 et 82, annexe IX",
        statement=_statement("2021-2027"),
        plaque_cents=50_000_000,
        plaque_basis="total_cost",
        durability_years=5,
        counted_from="last_payment",
        document_years=5,
        paid_by=date(2029, 12, 31),
    ),
}
SETTLED = tuple(field.name for field in fields(Period) if field.name != "code")


class SettlePeriod(Wish):
    """What the grant agreement or the managing authority asks for, instead of what is shipped."""

    legal_basis: Name
    statement: Annotated[str, Field(min_length=1, max_length=400), TIDY]
    plaque_cents: Price
    plaque_basis: PlaqueBasis
    durability_years: Years
    counted_from: CountedFrom
    document_years: Years
    paid_by: Day
    small_below_cents: Price = 0
    small_years: Years = 0


class PeriodAnswer(Answer):
    """`settled`: somebody wrote down other rules than those shipped."""

    code: str
    legal_basis: str
    statement: str
    plaque_cents: Euros
    plaque_basis: PlaqueBasis
    durability_years: int
    counted_from: CountedFrom
    document_years: int
    paid_by: date
    small_below_cents: int
    small_years: int
    settled: bool


class ProgrammePeriod(Base):
    """One version of what holds for a period."""

    __tablename__ = "programme_period"
    __table_args__ = (
        one_of("code", *PROGRAMMES),
        one_of("plaque_basis", "public_support", "total_cost"),
        one_of("counted_from", "accounts", "last_payment"),
        CheckConstraint("plaque_cents >= 0 AND small_below_cents >= 0", name="amounts"),
        CheckConstraint("durability_years >= 0 AND document_years >= 0 AND small_years >= 0", name="years"),
        Index("ix_programme_period_code_id", "code", "id"),
    )

    id: Mapped[Id]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    code: Mapped[str]
    legal_basis: Mapped[str]
    statement: Mapped[str] = mapped_column(Text)
    plaque_cents: Mapped[Cents]
    plaque_basis: Mapped[str]
    durability_years: Mapped[int]
    counted_from: Mapped[str]
    document_years: Mapped[int]
    paid_by: Mapped[date]
    small_below_cents: Mapped[Cents]
    small_years: Mapped[int]


# What was settled of the statement for the period of a thing, to be asked together with what is known of the thing.
STATEMENT = (
    select(ProgrammePeriod.statement)
    .where(ProgrammePeriod.code == Device.programme)
    .order_by(ProgrammePeriod.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("statement")
)


def all_of() -> dict[str, Period]:
    """Each period by its code, as it holds now."""
    newest = select(func.max(ProgrammePeriod.id)).group_by(ProgrammePeriod.code)
    rows = session().scalars(select(ProgrammePeriod).where(ProgrammePeriod.id.in_(newest)))
    return SHIPPED | {row.code: _as_period(row) for row in rows}


def get(code: str) -> Period:
    found = all_of().get(code)
    if found is None:
        raise NotThere(_("There is no such programme period."))
    return found


def _as_period(row: ProgrammePeriod) -> Period:
    return Period(code=row.code, **{name: getattr(row, name) for name in SETTLED})


def settle(period: Period, wish: SettlePeriod, *, by: Me, at: datetime) -> Period:
    """From now on labels, agreements and clocks go by this."""
    told = {name: getattr(wish, name) for name in SETTLED}
    act = history.record("period_settle", wish, by=by, at=at, subject=period.code, **_said(told))
    note(ProgrammePeriod, act_id=act.id, code=period.code, **told)
    return get(period.code)


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """As the journal tells it."""
    return told | {"paid_by": told["paid_by"].isoformat()}


def of_act(act: Act) -> Period:
    return _as_period(session().scalars(select(ProgrammePeriod).where(ProgrammePeriod.act_id == act.id)).one())


def answer(period: Period) -> PeriodAnswer:
    return PeriodAnswer(**asdict(period), settled=period != SHIPPED[period.code])


def check_periods() -> Iterator[str]:
    """Each version is what its act settled, and each such act left one."""
    found = 0
    for row, act in walk(select(ProgrammePeriod, Act).outerjoin(Act, Act.id == ProgrammePeriod.act_id)):
        found += 1
        told: dict[str, Any] = {name: getattr(row, name) for name in SETTLED}
        if act is None or (act.kind, act.subject, act.told) != ("period_settle", row.code, _said(told)):
            yield f"programme_period {row.id}: not what its act tells of"
    if found != count_of("period_settle"):
        yield "programme_period: a row for each act was due"


insert_only("programme_period")
