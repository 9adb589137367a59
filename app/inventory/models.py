"""Tables of things. Custody is a chain of numbered links, insert-only; a device's row repeats the last for lists."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base, Cents, Folded, Id, Moment, Ref, fold_of, guard, insert_only, one_of
from app.inventory.states import PLACES, STATES
from app.people.models import Centre, Organisation
from app.words import in_order, reading

PROGRAMMES = ("2014-2020", "2021-2027")
IN_TRANSIT = text("state = 'in_transit'")


class Category(Base):
    """A kind of thing: how long it is lent, to whom it may go, and what stands before it is lent again."""

    __tablename__ = "category"
    __table_args__ = (one_of("lent_to", "household", "outing", "never"), one_of("gate", "wipe", "check"))

    code: Mapped[str] = mapped_column(primary_key=True)
    name_fr: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str]
    lent_to: Mapped[str] = mapped_column(default="household")
    gate: Mapped[str] = mapped_column(default="check")
    loan_days: Mapped[int] = mapped_column(default=91)
    checklist: Mapped[list[str] | None] = mapped_column(JSON)  # what is looked at together at each hand-over
    wipe_steps: Mapped[str | None] = mapped_column(Text)  # how such things are wiped, a step a line

    @property
    def called(self) -> str:
        """Its name in the reader's language."""
        return self.name_fr if reading() == "fr" else self.name_en


class Maker(Base):
    __tablename__ = "maker"

    id: Mapped[Id]
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(unique=True, default=fold_of("name"))


class DeviceModel(Base):
    """A maker's model. `parts` are the words of what goes with it (charger, sleeve), checked at each hand-over."""

    __tablename__ = "device_model"
    __table_args__ = (UniqueConstraint("maker_id", "name"), UniqueConstraint("id", "maker_id"))

    id: Mapped[Id]
    maker_id: Mapped[Ref] = mapped_column(ForeignKey("maker.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    name: Mapped[str]
    number: Mapped[str] = mapped_column(default="")  # the maker's part number
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    loan_days: Mapped[int | None]
    updates_until: Mapped[date | None]  # the last day of the maker's security updates
    safety: Mapped[str | None] = mapped_column(Text)
    maker: Mapped[Maker] = relationship(lazy="joined", innerjoin=True)
    category: Mapped[Category] = relationship(lazy="joined", innerjoin=True)


class Device(Base):
    """A thing with a code. Owner, place and payer are three facts; `stated_value` is what an agreement prints.

    `state`, `centre_id`, `link_number` and `due_back_on` repeat the last custody link: written with it, verified.
    """

    __tablename__ = "device"
    __table_args__ = (
        ForeignKeyConstraint(["model_id", "maker_id"], ["device_model.id", "device_model.maker_id"]),
        UniqueConstraint("maker_id", "serial_key"),  # a serial is the maker's: unique there, not in the world
        CheckConstraint("(serial_key IS NULL) = (no_serial_reason IS NOT NULL)", name="serial_or_reason"),
        CheckConstraint("stated_value_cents >= 0", name="value_not_negative"),
        one_of("programme", *PROGRAMMES),
        one_of("state", *STATES),
        Index("ix_device_folded_id", "folded", "id"),
        Index("ix_device_state_folded_id", "state", "folded", "id"),
        Index("ix_device_due_back_on_id", "due_back_on", "id"),
        Index("ix_device_centre_id_state_folded", "centre_id", "state", "folded", "id"),
        Index(
            "ix_device_in_transit", "id", sqlite_where=IN_TRANSIT, postgresql_where=IN_TRANSIT
        ),  # a centre's arrivals
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(default=fold_of("name", by=in_order))  # lists are sorted by it
    model_id: Mapped[Ref] = mapped_column(index=True)
    maker_id: Mapped[Ref]
    serial_number: Mapped[str | None]
    serial_key: Mapped[str | None] = mapped_column(index=True)
    no_serial_reason: Mapped[str | None]
    inventory_number: Mapped[str | None]
    inventory_key: Mapped[str | None] = mapped_column(index=True)
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"))
    payer_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    programme: Mapped[str | None]
    stated_value_cents: Mapped[Cents | None]
    acquired_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    link_number: Mapped[int] = mapped_column(default=0)
    due_back_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    replaced_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
    faulty: Mapped[int | None]  # how many faults are known of it: repeats their rows, nothing for none
    model: Mapped[DeviceModel] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    owner: Mapped[Organisation] = relationship(foreign_keys=[owner_id], lazy="joined", innerjoin=True)
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)
    replaced_by: Mapped[Device | None] = relationship(remote_side="Device.id", viewonly=True)

    @validates("name")
    def _follow(self, _attribute: str, name: str) -> str:
        """What sorts it follows the name."""
        self.folded = in_order(name)
        return name


class GivenCode(Base):
    """Every code ever given to a thing, or printed in advance. A device's older codes go on finding it."""

    __tablename__ = "given_code"
    __table_args__ = (one_of("kind", "D", "K", "L"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="D")
    made_at: Mapped[Moment]
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"), index=True)
    tied_at: Mapped[Moment | None]


class CustodyLink(Base):
    """One step of a thing's way: who had it from then on, why, and which centre answers. Never a household's name.

    `number` is the one before plus one for this thing, so that two clerks collide on it. `undoes` names the link that a
    mistake made.
    """

    __tablename__ = "custody_link"
    __table_args__ = (
        UniqueConstraint("device_id", "number"),
        one_of("state", *STATES),
        one_of("place", *PLACES),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    number: Mapped[int]
    state: Mapped[str]
    place: Mapped[str]
    place_id: Mapped[Ref | None]  # the centre, person or organisation it is with; nothing for a household
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), index=True)
    at: Mapped[Moment]
    by: Mapped[Ref]
    why: Mapped[str]
    due_back_on: Mapped[date | None]
    undoes: Mapped[int | None]


# Kinds of holds that do not keep a thing from use: from being given away, sold or scrapped; its papers from going.
DISPOSAL, PAPERS = "durability", "documents"
OF_AN_OPERATION = (DISPOSAL, PAPERS)


class Hold(Base):
    """What keeps a thing from leaving, until a day or until it is lifted. Written by whichever wing knows why.

    Of one of an operation, `reason` is the number of the operation that paid for the thing.
    """

    __tablename__ = "hold"

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    until: Mapped[date | None]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    lifted_at: Mapped[Moment | None]
    recall_id: Mapped[Ref | None] = mapped_column(ForeignKey("recall.id"), index=True)  # the recall it is a part of


class Check(Base):
    """A return check or a wipe: what was done before a thing is lent again, by whom and how."""

    __tablename__ = "device_check"
    __table_args__ = (one_of("kind", "wipe", "check"), one_of("result", "fit", "unfit"))

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    kind: Mapped[str]
    method: Mapped[str]
    result: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Moment]
    by: Mapped[Ref]


class FoundNote(Base):
    """A message from somebody who found a thing. What they left to be reached goes when it is dealt with."""

    __tablename__ = "found_note"

    id: Mapped[Id]
    code: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(info={"personal": True})
    left_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]


insert_only("custody_link", "device_check")
guard(
    "custody_link_in_order",
    "custody_link",
    "BEFORE INSERT",
    condition="NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM custody_link WHERE device_id = NEW.device_id)",
    sqlite="SELECT RAISE(ABORT, 'custody has no gaps');",
    postgresql="IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM custody_link "
    "WHERE device_id = NEW.device_id) THEN "
    "RAISE EXCEPTION 'custody has no gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;",
)
guard(
    "given_code_tied_once",
    "given_code",
    "BEFORE UPDATE",
    condition="OLD.device_id IS NOT NULL AND NEW.device_id IS NOT OLD.device_id",
    sqlite="SELECT RAISE(ABORT, 'a code is tied once');",
    postgresql="IF OLD.device_id IS NOT NULL AND NEW.device_id IS DISTINCT FROM OLD.device_id THEN "
    "RAISE EXCEPTION 'a code is tied once' USING ERRCODE = 'integrity_constraint_violation'; END IF;",
)
