"""Fields of the house's own on the cards of one kind of thing: defined once, checked, shown, searched, exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, delete, select, text
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from app.db import Base, Folded, Id, Moment, Ref, fold_of, one_of, put, session, walk_one
from app.errors import Refused
from app.inputs import EARLIEST, LATEST
from app.inventory.catalogue_forms import Detail
from app.inventory.models import Device
from app.words import _, fold

KINDS = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Day"),
    "choice": _("One of several answers"),
    "yes_no": _("Yes or no"),
}
ANSWERS = ("yes", "no")
FILTERED = ("choice", "yes_no")  # the kinds a list is filtered by
_STANDS = text("ended_at IS NULL")


class CategoryField(Base):
    """One field of a kind of thing. `choices` are the answers of a choice, and nothing else's."""

    __tablename__ = "category_field"
    __table_args__ = (
        Index(
            "uq_category_field_standing",
            "category_code",
            "folded",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        one_of("kind", *KINDS),
    )

    id: Mapped[Id]
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(default=fold_of("name"))
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    ended_at: Mapped[Moment | None]


class DeviceDetail(Base):
    """What is written in a field on the card of one thing: a day as ISO, a number with a point, `yes` or `no`."""

    __tablename__ = "device_detail"
    __table_args__ = (
        UniqueConstraint("device_id", "field_id"),
        Index("ix_device_detail_field_id_value", "field_id", "value"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    field_id: Mapped[Ref] = mapped_column(ForeignKey("category_field.id"))
    value: Mapped[str]
    folded: Mapped[Folded] = mapped_column(default=fold_of("value"))
    field: Mapped[CategoryField] = relationship(lazy="joined", innerjoin=True)


def fields_of(category_code: str) -> Sequence[CategoryField]:
    """The fields asked for on cards of that kind, in the order they were made."""
    standing = (CategoryField.category_code == category_code, CategoryField.ended_at.is_(None))
    return session().scalars(select(CategoryField).where(*standing).order_by(CategoryField.id)).all()


def filters() -> Sequence[CategoryField]:
    """The fields a list can be filtered by."""
    asked = (CategoryField.kind.in_(FILTERED), CategoryField.ended_at.is_(None))
    return session().scalars(select(CategoryField).where(*asked).order_by(CategoryField.folded, CategoryField.id)).all()


def write(device: Device, category_code: str, wished: Sequence[Detail] | None) -> None:
    """What is said of these fields is written on the thing's card; fields not named stay as they are."""
    known = {row.id: row for row in fields_of(category_code)} if wished else {}
    for place, one in enumerate(wished or ()):
        if one.field not in known:
            if one.value:
                words = _("The model chosen is of another kind, without this field. Empty it first.")
                raise wrong(f"details.{place}.value", words)
            continue
        value, fault = checked(known[one.field], one.value)
        if fault:
            raise wrong(f"details.{place}.value", fault)
        mine = (DeviceDetail.device_id == device.id, DeviceDetail.field_id == one.field)
        session().execute(delete(DeviceDetail).where(*mine))
        if value:
            put(DeviceDetail(device_id=device.id, field_id=one.field, value=value, folded=fold(value)))


def checked(field: CategoryField, text: str) -> tuple[str, Any]:
    """The value as it is kept; or nothing, and the sentence that says how to write it."""
    if not text or field.kind == "text":
        return text, ""
    if field.kind in FILTERED:
        offered = field.choices if field.kind == "choice" else ANSWERS
        found, words = next((one for one in offered if fold(one) == fold(text)), ""), _NOT_OFFERED
    elif field.kind == "date":
        found, words = _day(text), _NO_DAY
    else:
        found, words = _number(text), _NO_NUMBER
    return found, "" if found else words


_NOT_OFFERED = _("Please choose one of the answers offered.")
_NO_DAY = _("This is not a day. Write it like 2026-12-08.")
_NO_NUMBER = _("A number is needed here.")


def wrong(field: str, words: object) -> Refused:
    """What was written in this field cannot be taken."""
    return Refused("invalid", words, status=422, fields={field: words})


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if EARLIEST <= day.year <= LATEST else ""


def _number(text: str) -> str:
    """With a point, as few figures as needed; a comma is read as one."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return ""
    return f"{number.normalize():f}" if number.is_finite() and abs(number) < 10**12 and len(plain) < 20 else ""  # noqa: PLR2004


def told(device_id: int, category_code: str) -> Sequence[tuple[CategoryField, str]]:
    """What stands on the card of a thing: the fields of its kind that are asked for and filled in."""
    rows = (
        select(DeviceDetail)
        .join(DeviceDetail.field)
        .options(contains_eager(DeviceDetail.field))
        .where(DeviceDetail.device_id == device_id, CategoryField.ended_at.is_(None))
        .where(CategoryField.category_code == category_code)
        .order_by(CategoryField.id)
    )
    return [(row.field, row.value) for row in session().scalars(rows)]


def of(device_id: int, category_code: str) -> Mapping[int, str]:
    """The same by the number of the field."""
    return {field.id: value for field, value in told(device_id, category_code)}


def answered(field_id: int, value: str) -> ColumnElement[bool]:
    """Of devices: those whose card gives this answer."""
    here = (DeviceDetail.field_id == field_id, DeviceDetail.value == value)
    return Device.id.in_(select(DeviceDetail.device_id).where(*here))


def exported(things: Sequence[int]) -> Mapping[int, Sequence[tuple[CategoryField, str]]]:
    """For export: the fields that are asked for and their values, by the number of the thing."""
    found: dict[int, list[tuple[CategoryField, str]]] = {}
    rows = select(DeviceDetail).join(DeviceDetail.field).options(contains_eager(DeviceDetail.field))
    standing = (CategoryField.ended_at.is_(None), DeviceDetail.device_id.in_(things))
    for row in session().scalars(rows.where(*standing).order_by(DeviceDetail.field_id)):
        found.setdefault(row.device_id, []).append((row.field, row.value))
    return found


def check_details() -> Iterator[str]:
    """Each value that is not found by what is written."""
    for row in walk_one(select(DeviceDetail)):
        if fold(row.value) != row.folded:
            yield f"device_detail {row.id}: it is not found by what is written"
