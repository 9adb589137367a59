"""What else a household's card tells, and what they said no to. Both go when the household is erased."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import PERSONAL, Base, Id, Moment, Ref, one_of

BANDS = ("0-5", "6-10", "11-14", "15-17")  # minors are counted by these; their names and birth dates are never asked
WAYS = ("phone", "mail", "post", "via_referent", "never")
NEEDS = ("delivery", "fetch", "letter")  # what a postal address is asked for
OPPOSED = ("figures", "reminders")


class HouseholdCard(Base):
    """Beside the name and the first contact: written only when asked for, so most households have none.

    `adults`: `[{"name", "signs", "guardian"}]`, without the one the card is named after. `minors`: `{"0-5": 1}`.
    `also`: a second phone or mail. `reminders`: the way wished for them, empty for the first one known.
    """

    __tablename__ = "household_card"
    __table_args__ = (
        one_of("also_kind", "", "phone", "mail"),
        one_of("reminders", "", *WAYS),
        one_of("address_for", "", *NEEDS),
        CheckConstraint("(address = '') = (address_for = '')", name="address_needed"),
        CheckConstraint("(also = '') = (also_kind = '')", name="also_known"),
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        Index("ix_household_card_centre_id_also", "centre_id", "also"),
    )

    household_id: Mapped[Ref] = mapped_column(primary_key=True)
    centre_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))  # the last one that wrote it
    adults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=PERSONAL)
    minors: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info=PERSONAL)
    guardian: Mapped[bool] = mapped_column(default=True)  # whether the one the card is named after is the minors'
    interpreter: Mapped[bool] = mapped_column(default=False, info=PERSONAL)
    prescriber: Mapped[str] = mapped_column(default="", info=PERSONAL)
    also_kind: Mapped[str] = mapped_column(default="")
    also: Mapped[str] = mapped_column(default="", info=PERSONAL)
    reminders: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    address_for: Mapped[str] = mapped_column(default="")
    show_address: Mapped[bool] = mapped_column(default=True)


class Opposition(Base):
    """They said no (GDPR article 21): to figures about them, or to reminders. From one act until another."""

    __tablename__ = "opposition"
    __table_args__ = (
        one_of("what", *OPPOSED),
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        Index("ix_opposition_household_id", "household_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    household_id: Mapped[Ref]
    what: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    since: Mapped[Moment]
    until: Mapped[Moment | None]
