"""Tables of reminders: what a centre says and when, what was told to whom, what stops it, and notes of contacts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import PERSONAL, Base, Id, Moment, Ref, insert_only, one_of
from app.lending.models import Loan, LoanLine
from app.mail import Letter
from app.people.models import Household

RUNGS = ("week_before", "due_day", "week_after", "three_weeks", "decision")
MESSAGES = ("mail", "call", "letter")
WAYS = (*MESSAGES, "visit", "decision")
REASONS = ("theft", "death", "hospital", "dispute", "other")
CONTACTS = ("reached", "message", "not_reached", "will_come", "came_by", "other")
FIRST_HOUR = 8
RUNNING = text("lifted_act_id IS NULL")


class ReminderHabit(Base):
    """From which hour of the day a centre reminds, and the last day on which it did."""

    __tablename__ = "reminder_habit"
    __table_args__ = (CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_the_day"),)

    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(default=FIRST_HOUR)
    done_on: Mapped[date | None]


class ReminderRung(Base):
    """A rung of the ladder as a centre wants it. `days`: after the day a thing is due, before it when less than none.

    Words left empty are those the house ships.
    """

    __tablename__ = "reminder_rung"
    __table_args__ = (one_of("kind", *RUNGS), UniqueConstraint("centre_id", "kind"))

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    kind: Mapped[str]
    days: Mapped[int]
    used: Mapped[bool]
    subject: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    subject_en: Mapped[str]
    words_en: Mapped[str] = mapped_column(Text)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))


class Reminder(Base):
    """What was told to a household on a day, of all its things together; or a visit or a decision that waits.

    `alone_on` is the day of a message: a household has one a day. It is empty for what is no message, and for the one
    of a double that was merged into a household with its own.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        UniqueConstraint("centre_id", "id"),
        UniqueConstraint("household_id", "alone_on"),
        Index("ix_reminder_centre_id_way", "centre_id", "way", "id"),
        Index("ix_reminder_letter_id", "letter_id"),
        one_of("way", *WAYS),
        one_of("kind", *RUNGS),
        one_of("outcome", "sent", "done", "not_needed", "decided"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref]
    household_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), index=True)
    day: Mapped[date]
    alone_on: Mapped[date | None]
    way: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str | None] = mapped_column(info=PERSONAL)
    words: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    letter_id: Mapped[Ref | None] = mapped_column(ForeignKey("letter.id"))
    outcome: Mapped[str | None]
    done_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    household: Mapped[Household] = relationship(viewonly=True)
    letter: Mapped[Letter | None] = relationship()
    lines: Mapped[list[ReminderLine]] = relationship(lazy="selectin", order_by="ReminderLine.id", viewonly=True)


class ReminderLine(Base):
    """One thing that a reminder is about. Each rung comes once for a thing and the day it is due, whoever works."""

    __tablename__ = "reminder_line"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "reminder_id"], ["reminder.centre_id", "reminder.id"]),
        ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),
        UniqueConstraint("line_id", "due_on", "kind", "part"),
        Index("ix_reminder_line_reminder_id", "reminder_id"),
        one_of("kind", *RUNGS),
        one_of("part", "message", "visit", "decision"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    reminder_id: Mapped[Ref]
    line_id: Mapped[Ref]
    due_on: Mapped[date]
    kind: Mapped[str]
    part: Mapped[str]
    line: Mapped[LoanLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class ReminderStop(Base):
    """Nobody is reminded of this loan any more, until it is lifted. The reason is the household's and goes with it."""

    __tablename__ = "reminder_stop"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_reminder_stop_loan_id", "loan_id"),
        Index("uq_reminder_stop_running", "loan_id", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        one_of("reason", *REASONS),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(info=PERSONAL)
    salt: Mapped[str | None]
    lifted_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))


class ContactNote(Base):
    """Somebody of the staff and the household were in touch, or tried. What came of it goes a year after the return."""

    __tablename__ = "contact_note"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_contact_note_household_id", "household_id", "id"),
        Index("ix_contact_note_loan_id", "loan_id"),
        one_of("kind", *CONTACTS),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    household_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    at: Mapped[Moment]
    by: Mapped[Ref]
    kind: Mapped[str | None] = mapped_column(info=PERSONAL)
    words: Mapped[str | None] = mapped_column(info=PERSONAL)
    come_on: Mapped[date | None] = mapped_column(info=PERSONAL)
    salt: Mapped[str | None]
    loan: Mapped[Loan] = relationship(viewonly=True)


insert_only("reminder_line")
