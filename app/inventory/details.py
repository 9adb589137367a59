"""Fields of the house's own on the cards of one kind of thing: defined once, checked, shown, searched, exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, delete, select, text
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from app import history
from app.db import Base, Folded, Id, Moment, Ref, fold_of, one_of, put, session
from app.errors import NotThere, Refused
from app.inputs import EARLIEST, LATEST
from app.inventory.catalogue_forms import Detail, EndField, NewField
from app.inventory.models import Category, Device
from app.people.roles import Me
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
MOST = 20  # fields of one kind of thing: a card is no questionnaire


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


def add_field(category: Category, wish: NewField, *, by: Me, at: datetime) -> CategoryField:
    """A new field; one of this name and sort that was ended comes back, with what was written in it."""
    choices = _choices(wish)
    standing = fields_of(category.code)
    if fold(wish.name) in {one.folded for one in standing}:
        words = _("This kind already has a field of this name.")
        raise Refused("field_there", words, fields={"name": words})
    if len(standing) >= MOST:
        raise Refused("too_many_fields", _("%(n)s fields are the most: end one first.", n=MOST))
    same = (CategoryField.category_code == category.code, CategoryField.folded == fold(wish.name))
    known = session().scalars(select(CategoryField).where(*same, CategoryField.kind == wish.kind)).first()
    row = known or CategoryField(category_code=category.code, kind=wish.kind)
    row.name, row.choices, row.ended_at = wish.name, choices, None
    session().add(row)
    session().flush()
    facts = {"field": row.id, "name": wish.name}
    history.record("field_new", wish, by=by, at=at, subject=about(category), centre_id=by.centre_id or None, **facts)
    return row


def _choices(wish: NewField) -> list[str]:
    if wish.kind != "choice":
        return []
    offered = {fold(one): one.strip() for one in wish.choices.split(",") if one.strip()}
    if len(offered) < 2:  # noqa: PLR2004 - one answer is no choice
        raise _wrong("choices", _("Write at least two answers, separated by commas."))
    return list(offered.values())


def about(category: Category) -> str:
    return f"category:{category.code}"


def end_field(category: Category, number: int, wish: EndField, *, by: Me, at: datetime) -> CategoryField:
    """The field is asked for no more. What was written in it stays, for the day it comes back."""
    row = session().get(CategoryField, number)
    if row is None or row.category_code != category.code or row.ended_at is not None:
        raise NotThere(_("There is no such field."))
    row.ended_at = at
    centre = by.centre_id or None
    history.record("field_end", wish, by=by, at=at, subject=about(category), centre_id=centre, field=number)
    return row


def field_of_act(act: history.Act) -> CategoryField:
    return session().get_one(CategoryField, act.told["field"])


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
                raise _wrong(f"details.{place}.value", words)
            continue
        value = _checked(known[one.field], one.value, place)
        mine = (DeviceDetail.device_id == device.id, DeviceDetail.field_id == one.field)
        session().execute(delete(DeviceDetail).where(*mine))
        if value:
            put(DeviceDetail(device_id=device.id, field_id=one.field, value=value, folded=fold(value)))


def _checked(field: CategoryField, text: str, place: int) -> str:
    """The value as it is kept. Raises `Refused` with a sentence that says how to write it."""
    if not text or field.kind == "text":
        return text
    if field.kind in FILTERED:
        offered = field.choices if field.kind == "choice" else ANSWERS
        found, words = next((one for one in offered if fold(one) == fold(text)), ""), _NOT_OFFERED
    elif field.kind == "date":
        found, words = _day(text), _NO_DAY
    else:
        found, words = _number(text), _NO_NUMBER
    if not found:
        raise _wrong(f"details.{place}.value", words)
    return found


_NOT_OFFERED = _("Please choose one of the answers offered.")
_NO_DAY = _("This is not a day. Write it like 2026-12-08.")
_NO_NUMBER = _("A number is needed here.")


def _wrong(field: str, words: object) -> Refused:
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


def exported(things: Sequence[int]) -> Mapping[int, Sequence[tuple[str, str]]]:
    """For export: name of the field and value, by the number of the thing."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = select(DeviceDetail).join(DeviceDetail.field).options(contains_eager(DeviceDetail.field))
    standing = (CategoryField.ended_at.is_(None), DeviceDetail.device_id.in_(things))
    for row in session().scalars(rows.where(*standing).order_by(DeviceDetail.field_id)):
        found.setdefault(row.device_id, []).append((row.field.name, row.value))
    return found


def check_details() -> Iterator[str]:
    """Each value that is not found by what is written."""
    for row in session().scalars(select(DeviceDetail)).yield_per(1000):
        if fold(row.value) != row.folded:
            yield f"device_detail {row.id}: it is not found by what is written"
