"""The catalogue: kinds of things and models, as a manager or the coordination keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.inventory import search
from app.inventory.catalogue_forms import CategoryFacts, ModelFacts
from app.inventory.models import Category, Device, DeviceModel
from app.people.roles import Me
from app.words import _, bare, fold

ICONS = ("laptop", "tablet", "phone", "router", "printer3d", "printer", "plug", "camera", "bag", "cart")


def words_of(text: str) -> list[str]:
    """`charger, sleeve` as a list, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def about(category: Category) -> str:
    return f"category:{category.code}"


def category(code: str) -> Category:
    found = session().get(Category, code)
    if found is None:
        raise NotThere(_("There is no such kind of things."))
    return found


def add_category(wish: CategoryFacts, *, by: Me, at: datetime) -> Category:
    """A new kind. Its code is made of its English name, and stays when the name changes."""
    code = bare(fold(wish.name_en)).lower()[:30]
    if not code or session().get(Category, code) is not None:
        words = _("This kind is already there.") if code else _("This name needs letters.")
        raise Refused("category_there", words, fields={"name_en": words})
    row = Category(code=code)
    _write(row, wish)
    session().add(row)
    session().flush()
    history.record("category_new", wish, by=by, at=at, subject=about(row), centre_id=by.centre_id or None)
    return row


def edit_category(row: Category, wish: CategoryFacts, *, by: Me, at: datetime) -> Category:
    _write(row, wish)
    session().flush()
    history.record("category_edit", wish, by=by, at=at, subject=about(row), centre_id=by.centre_id or None)
    return row


def _write(row: Category, wish: CategoryFacts) -> None:
    row.name_fr, row.name_en, row.icon = wish.name_fr, wish.name_en, wish.icon
    row.loan_days, row.lent_to, row.gate = wish.loan_days, wish.lent_to, wish.gate
    row.checklist, row.wipe_steps = words_of(wish.checklist) or None, wish.wipe_steps or None


def category_of_act(act: history.Act) -> Category:
    return category(act.subject.partition(":")[2])


def facts_of(row: Category) -> dict[str, object]:
    """To fill the form of a kind."""
    names = ("name_fr", "name_en", "icon", "loan_days", "lent_to", "gate")
    told = {name: getattr(row, name) for name in names}
    return told | {"checklist": ", ".join(row.checklist or ()), "wipe_steps": row.wipe_steps or ""}


def edit_model(model: DeviceModel, wish: ModelFacts, *, by: Me, at: datetime) -> DeviceModel:
    """Change the card of a model. Its maker stays: serial numbers are the maker's."""
    if session().get(Category, wish.category) is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"category": words})
    twin = select(DeviceModel.id).where(DeviceModel.maker_id == model.maker_id, DeviceModel.name == wish.name)
    if session().scalar(twin.where(DeviceModel.id != model.id)):
        words = _("This model is already there.")
        raise Refused("model_there", words, fields={"name": words})
    model.name, model.category_code, model.number = wish.name, wish.category, wish.number
    model.parts, model.loan_days = words_of(wish.parts), wish.loan_days
    model.updates_until, model.safety = wish.updates_until, wish.safety or None
    session().flush()
    session().expire(model, ["category"])
    search.index_where(Device.model_id == model.id)
    history.record("model_edit", wish, by=by, at=at, subject=f"model:{model.id}", centre_id=by.centre_id or None)
    return model


def facts_of_model(model: DeviceModel) -> dict[str, object]:
    """To fill the form of a model."""
    return {
        "name": model.name,
        "category": model.category_code,
        "number": model.number,
        "parts": ", ".join(model.parts),
        "loan_days": model.loan_days or "",
        "updates_until": model.updates_until or "",
        "safety": model.safety or "",
    }


def things_of(model: DeviceModel) -> int:
    """How many things are of this model, those out of the register left aside."""
    count = select(func.count()).where(Device.model_id == model.id, Device.state != "gone")
    return session().scalar(count) or 0


def things_by_category() -> dict[str, int]:
    query = select(DeviceModel.category_code, func.count()).join(Device, Device.model_id == DeviceModel.id)
    found = session().execute(query.group_by(DeviceModel.category_code))
    return {row[0]: row[1] for row in found}


def out_of_updates(model: Any, day: date) -> bool:
    """Whether its maker mends its faults no more. It may still be lent, and whoever lends it is told."""
    return model.updates_until is not None and bool(model.updates_until < day)


def categories() -> Sequence[Category]:
    return session().scalars(select(Category).order_by(Category.name_fr, Category.code)).all()
