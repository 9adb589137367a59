"""Tables of bookings, reservations and the waiting list. What is about people carries its centre and points within it.

The database itself keeps two live bookings of one thing apart: an exclusion on PostgreSQL, a trigger on SQLite.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import PERSONAL, Base, Id, Moment, Ref, guard, one_of
from app.inventory.models import Device, DeviceModel
from app.people.models import Centre, Household

PURPOSES = ("household", "workshop", "outing")
ENDINGS = ("taken", "cancelled", "missed", "over")
OPEN = text("closed_at IS NULL")
LIVE = text("live")
_DAYS = "device_id * 100000 + ({} - DATE '1950-01-01')"  # a thing's days in one row of numbers: needs no extension
_SPAN = text(f"int8range({_DAYS.format('from_day')}, {_DAYS.format('to_day')})")


class Booking(Base):
    """A thing taken from `from_day` until before `to_day`, the days to wipe it included. Only a live one keeps it.

    `buffer_days`: how many days to wipe and check it, as its centre had settled when it was taken.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("from_day <= to_day", name="days_in_order"),
        CheckConstraint("buffer_days BETWEEN 0 AND 14", name="buffer"),
        Index("ix_booking_live", "device_id", "to_day", sqlite_where=LIVE, postgresql_where=LIVE),
        ExcludeConstraint((_SPAN, "&&"), using="gist", where=LIVE, name="ex_booking_overlap").ddl_if("postgresql"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    from_day: Mapped[date]
    to_day: Mapped[date]
    live: Mapped[bool] = mapped_column(default=True)
    buffer_days: Mapped[int] = mapped_column(server_default="1")


_OTHERS = (
    "SELECT 1 FROM booking WHERE live AND device_id = NEW.device_id AND id IS NOT NEW.id "
    "AND from_day < NEW.to_day AND NEW.from_day < to_day"
)
for _when, _verb in (("insert", "BEFORE INSERT"), ("update", "BEFORE UPDATE")):
    guard(
        f"booking_overlap_{_when}",
        "booking",
        _verb,
        condition=f"NEW.live AND NEW.from_day < NEW.to_day AND EXISTS ({_OTHERS})",
        sqlite="SELECT RAISE(ABORT, 'two bookings of one thing overlap');",
        postgresql="",  # its exclusion says so
    )


class Reservation(Base):
    """Things promised from a day to a last day of use. Its UUID is the act's."""

    __tablename__ = "reservation"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        UniqueConstraint("centre_id", "id"),
        Index("ix_reservation_open", "centre_id", "from_day", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_reservation_household_id", "household_id"),
        one_of("purpose", *PURPOSES),
        one_of("ending", *ENDINGS),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
        CheckConstraint("(purpose = 'household') = (household_id IS NOT NULL)", name="household_when_for_one"),
        CheckConstraint("from_day <= to_day", name="days_in_order"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    household_id: Mapped[Ref | None]
    purpose: Mapped[str]
    title: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    household: Mapped[Household | None] = relationship(lazy="joined", viewonly=True)
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    lines: Mapped[list[ReservationLine]] = relationship(lazy="selectin", order_by="ReservationLine.id", viewonly=True)

    @property
    def open_lines(self) -> list[ReservationLine]:
        return [line for line in self.lines if line.closed_at is None]

    @property
    def kept_lines(self) -> list[ReservationLine]:
        """What is kept and did not leave yet."""
        return [line for line in self.open_lines if line.out_act_id is None]

    @property
    def out_lines(self) -> list[ReservationLine]:
        """What is out for the workshop or the outing."""
        return [line for line in self.open_lines if line.out_act_id is not None]


class ReservationLine(Base):
    """One thing of a reservation and the booking that keeps it. `loose`: any other of its model would do.

    `out_act_id`: the act by which it left for the workshop or the outing; open, it is still out there.
    """

    __tablename__ = "reservation_line"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "reservation_id"], ["reservation.centre_id", "reservation.id"]),
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_reservation_line_reservation_id", "reservation_id"),
        Index("ix_reservation_line_device_id", "device_id"),
        Index("ix_reservation_line_loan_id", "loan_id"),
        one_of("ending", *ENDINGS),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    reservation_id: Mapped[Ref]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    booking_id: Mapped[Ref] = mapped_column(ForeignKey("booking.id"), unique=True)
    loose: Mapped[bool]
    loan_id: Mapped[Ref | None]
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    out_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    reservation: Mapped[Reservation] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Waiting(Base):
    """A household waits for a thing of a model. The first to wait comes first, unless the team decided otherwise.

    `reservation_id`: what is kept for them since one was free, until its last day.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        ForeignKeyConstraint(["centre_id", "reservation_id"], ["reservation.centre_id", "reservation.id"]),
        Index("ix_waiting_open", "centre_id", "model_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_waiting_once", "household_id", "model_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        one_of("ending", "served", "left", "missed"),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    household_id: Mapped[Ref]
    model_id: Mapped[Ref] = mapped_column(ForeignKey("device_model.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    since: Mapped[Moment]
    first_at: Mapped[Moment | None]
    first_why: Mapped[str | None] = mapped_column(info=PERSONAL)
    reservation_id: Mapped[Ref | None]
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    household: Mapped[Household] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    model: Mapped[DeviceModel] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    reservation: Mapped[Reservation | None] = relationship(lazy="joined", viewonly=True)
