"""How the accounts treat a thing: from when and for how long it is used, as an asset or as a charge.

Plan comptable général: 2183 and 28183 for computers, 2154 and 28154 for machines; what a grant paid of it (131) is
released at the same pace (139), in 777 for years opened before 2025 and in 747 since (règlement ANC 2022-06).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Ref, draft, one_of, put, session
from app.finance import records
from app.finance.depreciation import Basis, Plan
from app.finance.spending_forms import SettleAsset
from app.inventory.models import Device
from app.inventory.told import bearers
from app.people.roles import Me

RENAMED_FROM = 2025  # the first year whose released grants stand in 747
TREATMENTS = ("fixed_asset", "charge")
USUAL_MONTHS = {"laptop": 36, "tablet": 36, "phone": 36, "router": 24, "printer3d": 48}
USUAL_ACCOUNT = {"printer3d": "2154"}


class AssetAccount(Base):
    """What was settled of one thing; its last act tells of it. `no_grant`: no public grant helped to buy it."""

    __tablename__ = "asset_account"
    __table_args__ = (
        one_of("treatment", *TREATMENTS),
        CheckConstraint("months BETWEEN 1 AND 600", name="months"),
        CheckConstraint("(in_service_on IS NULL) = (months IS NULL)", name="used_for_so_long"),
    )

    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), primary_key=True, autoincrement=False)
    in_service_on: Mapped[date | None]
    months: Mapped[int | None]
    treatment: Mapped[str | None]
    account: Mapped[str]
    no_grant: Mapped[bool]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)

    @property
    def id(self) -> int:
        return self.device_id


@dataclass(frozen=True)
class Year:
    """What a year's accounts say of a thing, in cents: its charge (6811), what is released of the grant and where.

    `book_value_cents`: on the 31st of December.
    """

    year: int
    charge_cents: int
    released_cents: int
    released_in: str
    book_value_cents: int


def of(device_id: int) -> AssetAccount | None:
    return session().get(AssetAccount, device_id)


def settle(device: Device, wish: SettleAsset, *, by: Me, at: datetime) -> Device:
    """Finance says how the accounts treat it; nothing is worked out from its price alone."""
    months = wish.months or usual_months(device) if wish.in_service_on else None
    values = {
        "in_service_on": wish.in_service_on,
        "months": months,
        "treatment": wish.treatment,
        "account": wish.account,
        "no_grant": wish.no_grant,
    }
    new = draft(AssetAccount, device_id=device.id, **values)
    there = of(device.id)
    kind = "asset_settle" if there else "asset_settle_first"
    act = history.record(kind, wish, by=by, at=at, subject=device.code, row=_told(new))
    if there:
        records.rewrite(there, act, **values)
    else:
        new.act_id = act.id
        put(new)
    return device


def usual_months(device: Device) -> int:
    return USUAL_MONTHS.get(device.model.category_code, 36)


def usual_account(device: Device) -> str:
    return USUAL_ACCOUNT.get(device.model.category_code, "2183")


def plan_of(device_id: int, basis: str) -> tuple[Plan | None, bool]:
    """How it becomes a charge, once it is in service; and whether no public grant helped to buy it."""
    row = of(device_id)
    if row is None or row.in_service_on is None or row.months is None:
        return None, bool(row and row.no_grant)
    return Plan(row.in_service_on, row.months, cast("Basis", basis)), row.no_grant


def years(plan: Plan, cost_cents: int, granted_cents: int) -> Sequence[Year]:
    """Each year of it: charges add up to the cost, what is released to what was granted."""
    released = dict(plan.years(granted_cents))
    told, left = [], cost_cents
    for year, charge in plan.years(cost_cents):
        left -= charge
        told.append(Year(year, charge, released[year], released_in(year), left))
    return told


def released_in(year: int) -> str:
    """The account of what is released of an investment grant in a fiscal year opened then (ANC 2022-06)."""
    return "747" if year >= RENAMED_FROM else "777"


def check_accounts() -> Iterator[str]:
    """Each thing is treated as the last act about it tells."""
    known = bearers()
    yield from records.check(
        AssetAccount,
        "asset_settle_first",
        "asset_settle",
        told=_told,
        also=lambda row, act: known.get(act.subject) == row.device_id,
    )


def _told(row: AssetAccount) -> records.Facts:
    return records.facts(row, "device_id")
