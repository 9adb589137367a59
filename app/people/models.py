"""Organisations, centres, staff with their roles, sessions and desks, and households."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import PERSONAL, Base, Folded, Id, Moment, Ref, fold_of, one_of
from app.words import fold

ROLES = ("front_desk", "outreach", "manager", "finance", "auditor", "coordinator", "administrator")
FAR = 731  # days within which a centre opens again
EVERY_WEEKDAY = 0b0011111  # Monday is the lowest bit


class Organisation(Base):
    """A legal body: the lead, a partner, the federation. It owns things and answers for centres.

    `privacy_contact`: whom to write to about one's data; the phone where none is written down.
    """

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", "lead", "partner", "federation", "other"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="partner")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    privacy_contact: Mapped[str] = mapped_column(default="", server_default="")


class Centre(Base):
    """A social centre: a place with a store, a phone and opening days (`open_days`: seven bits, Monday lowest)."""

    __tablename__ = "centre"
    __table_args__ = (CheckConstraint("open_days BETWEEN 1 AND 127", name="open_some_day"),)

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(unique=True)
    town: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    open_days: Mapped[int] = mapped_column(default=EVERY_WEEKDAY)
    code: Mapped[str] = mapped_column(unique=True)
    terms: Mapped[str] = mapped_column(default="", server_default="")  # its own text of agreements, if any
    email: Mapped[str | None]  # whom residents answer; none: the house's own address
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    closures: Mapped[list[Closure]] = relationship(viewonly=True)

    def is_open(self, day: date) -> bool:
        """Whether it opens on that day of the week, and is not shut just then."""
        return bool(self.open_days >> day.weekday() & 1) and not any(shut.holds_on(day) for shut in self.closures)

    def open_day_from(self, day: date) -> date:
        """That day, or the first one after it on which the centre is open; that day where none is for two years."""
        return next((d for n in range(FAR) if self.is_open(d := day + timedelta(days=n))), day)


class Closure(Base):
    """Days on which a centre is shut, both included. `gone_act_id`: the act that opened it again."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("from_day <= to_day", name="in_order"),
        Index("ix_closure_centre_id_from_day", "centre_id", "from_day"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    words: Mapped[str]
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))

    def holds_on(self, day: date) -> bool:
        return self.gone_act_id is None and self.from_day <= day <= self.to_day


class Person(Base):
    """One of the staff: signs acts by name. Deactivated, never deleted: the journal keeps the number."""

    __tablename__ = "person"
    __table_args__ = (one_of("language", "fr", "en"),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)  # kept in lower case
    language: Mapped[str] = mapped_column(default="fr")
    password: Mapped[str | None]
    pin: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[Moment | None]
    roles: Mapped[list[Role]] = relationship(back_populates="person", lazy="selectin")


class Role(Base):
    """What a person may do, held for one centre or one organisation; an auditor's ends on a day."""

    __tablename__ = "role"
    __table_args__ = (
        one_of("kind", *ROLES),
        CheckConstraint("centre_id IS NULL OR organisation_id IS NULL", name="one_scope"),
        CheckConstraint("kind = 'administrator' OR centre_id IS NOT NULL OR organisation_id IS NOT NULL", name="scope"),
        UniqueConstraint("person_id", "kind", "centre_id", "organisation_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    centre_id: Mapped[Ref | None] = mapped_column(ForeignKey("centre.id"))
    organisation_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    operation: Mapped[str | None]
    ends_on: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="roles")


class Station(Base):
    """An enrolled desk PC: a named person takes over with a PIN, and it locks when idle."""

    __tablename__ = "station"

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    enrolled_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)


class SignIn(Base):
    """A session, kept here so that it can be ended here. The cookie holds a secret, this row its SHA-256."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    centre_id: Mapped[Ref | None] = mapped_column(ForeignKey("centre.id"))
    station_id: Mapped[Ref | None] = mapped_column(ForeignKey("station.id"))
    began_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    browser: Mapped[str] = mapped_column(default="")


class Token(Base):
    """A program's key to a person's doors. Shown once; this row keeps its SHA-256."""

    __tablename__ = "token"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    made_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class Attempt(Base):
    """Tries counted per window, so that passwords and PINs cannot be guessed; survives restarts and processes."""

    __tablename__ = "attempt"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class Reset(Base):
    """A link to choose a password, sent by letter or given by an administrator; used once."""

    __tablename__ = "reset"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    ends_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Household(Base):
    """A household: a bare row that stays. Who they are sits in `HouseholdIdentity`, which can go."""

    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("centre_id", "id"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    known_since: Mapped[Moment]
    merged_into_id: Mapped[Ref | None] = mapped_column(ForeignKey("household.id"))
    split_at: Mapped[Moment | None]  # they parted: this code finds neither side
    identity: Mapped[HouseholdIdentity | None] = relationship(back_populates="household", lazy="joined")
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """The name people know them by; the code alone once they are erased."""
        return self.identity.name if self.identity else self.code


class HouseholdIdentity(Base):
    """Who a household is and how to reach it. `contact` is a phone or a mail; none means through the referent."""

    __tablename__ = "household_identity"
    __table_args__ = (
        one_of("contact_kind", "phone", "mail", "via_referent"),
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        Index("ix_household_identity_centre_id_folded", "centre_id", "folded"),
        Index("ix_household_identity_seen", "centre_id", "seen_at"),
        Index("ix_household_identity_centre_id_contact", "centre_id", "contact"),  # doubles
    )

    household_id: Mapped[Ref] = mapped_column(primary_key=True)
    centre_id: Mapped[Ref]
    name: Mapped[str] = mapped_column(info=PERSONAL)
    folded: Mapped[Folded] = mapped_column(info=PERSONAL, default=fold_of("name"))
    contact_kind: Mapped[str] = mapped_column(default="via_referent")
    contact: Mapped[str | None] = mapped_column(info=PERSONAL)
    language: Mapped[str] = mapped_column(default="fr", info=PERSONAL)
    referent_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[Moment]  # the last act with them: the clock of erasure runs from here
    household: Mapped[Household] = relationship(back_populates="identity")
    referent: Mapped[Person | None] = relationship()

    @validates("name")
    def _follow(self, _attribute: str, name: str) -> str:
        """The searchable form follows the name."""
        self.folded = fold(name)
        return name
