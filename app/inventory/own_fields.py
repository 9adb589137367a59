"""The house's own fields on the cards of one kind of thing: made, ended, and back with what was written in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.inventory import search
from app.inventory.catalogue import about
from app.inventory.catalogue_forms import EndField, NewField
from app.inventory.details import CategoryField, DeviceDetail, fields_of, wrong
from app.inventory.models import Category, Device
from app.people.roles import Me
from app.words import _, fold

MOST = 20  # fields of one kind of thing: a card is no questionnaire


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
    _find_again(row)
    facts = {"field": row.id, "name": wish.name}
    history.record("field_new", wish, by=by, at=at, subject=about(category), centre_id=by.centre_id or None, **facts)
    return row


def _choices(wish: NewField) -> list[str]:
    if wish.kind != "choice":
        return []
    offered = {fold(one): one.strip() for one in wish.choices.split(",") if one.strip()}
    if len(offered) < 2:  # noqa: PLR2004 - one answer is no choice
        raise wrong("choices", _("Write at least two answers, separated by commas."))
    return list(offered.values())


def end_field(category: Category, number: int, wish: EndField, *, by: Me, at: datetime) -> CategoryField:
    """The field is asked for no more. What was written in it stays, for the day it comes back."""
    row = session().get(CategoryField, number)
    if row is None or row.category_code != category.code or row.ended_at is not None:
        raise NotThere(_("There is no such field."))
    row.ended_at = at
    session().flush()
    _find_again(row)
    centre = by.centre_id or None
    history.record("field_end", wish, by=by, at=at, subject=about(category), centre_id=centre, field=number)
    return row


def field_of_act(act: history.Act) -> CategoryField:
    return session().get_one(CategoryField, act.told["field"])


def _find_again(row: CategoryField) -> None:
    """Things are found by what stands in the fields that are asked for."""
    search.index_where(Device.id.in_(select(DeviceDetail.device_id).where(DeviceDetail.field_id == row.id)))
