"""Kinds of things with their own fields, the card of a model, and its recalls."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, url_for

from app.inventory import answers, catalogue, catalogue_answers, details, devices, numbers, own_fields, recalls
from app.inventory.catalogue_forms import (
    CategoryFacts,
    EndField,
    LiftRecall,
    ModelFacts,
    NewField,
    RecallModel,
)
from app.inventory.details import CategoryField
from app.inventory.models import Category
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.web.looks import plain_date
from app.words import _, reading

bp = Blueprint("catalogue", __name__)


@bp.app_template_global()
def icon_words() -> dict[str, Any]:
    return {
        "laptop": _("Laptop"),
        "tablet": _("Tablet"),
        "phone": _("Phone"),
        "router": _("4G router"),
        "printer3d": _("3D printer"),
        "printer": _("Printer"),
        "plug": _("Plug"),
        "camera": _("Camera"),
        "bag": _("Bag"),
        "cart": _("Cart"),
    }


@bp.app_template_global()
def detail_words(field: CategoryField, value: str) -> Any:
    """What stands in a field of the kind's own, as people read it."""
    if field.kind == "yes_no":
        return _("Yes") if value == "yes" else _("No")
    if field.kind == "date":
        return plain_date(date.fromisoformat(value))
    return value.replace(".", ",") if field.kind == "number" and reading() == "fr" else value


bp.add_app_template_global(catalogue.out_of_updates, "out_of_updates")
bp.add_app_template_global(numbers.word_of, "number_word")


@bp.route("/categories", methods=["GET"])
@door("hold")
@spoken(gives=catalogue_answers.Categories)
def categories() -> AnswerType:
    return _categories(blank(CategoryFacts, loan_days=91, icon="laptop", lent_to="household", gate="check"))


def _categories(form: Form[CategoryFacts]) -> AnswerType:
    rows = catalogue.categories()
    answer = catalogue_answers.Categories(items=[catalogue_answers.category(row) for row in rows], next=None)
    counts = catalogue.things_by_category()
    return page("inventory/categories.html", form=form, answer=answer, categories=rows, counts=counts)


@bp.route("/categories", methods=["POST"])
@door("hold")
@spoken(takes=CategoryFacts, gives=catalogue_answers.CategoryAnswer, made=True, refuses=("category_there",))
def add_category() -> AnswerType:
    form = read(CategoryFacts)
    if row := form.submit(catalogue.add_category, by=me(), at=now(), again=catalogue.category_of_act):
        say = _("The kind “%(name)s” can be chosen for models now.", name=row.called)
        go = url_for("catalogue.category", code=row.code)
        return done(catalogue_answers.category(row), go=go, say=say, form=form, new=True)
    return _categories(form)


@bp.route("/categories/<code>", methods=["GET"])
@door("hold")
@spoken(gives=catalogue_answers.CategoryAnswer)
def category(code: str) -> AnswerType:
    row = catalogue.category(code)
    form = blank(CategoryFacts, **catalogue.facts_of(row))
    return _category(row, form, blank(NewField, kind="text"), status_of=form)


@bp.route("/categories/<code>", methods=["POST"])
@door("hold")
@spoken(takes=CategoryFacts, gives=catalogue_answers.CategoryAnswer)
def edit_category(code: str) -> AnswerType:
    row = catalogue.category(code)
    form = read(CategoryFacts, **catalogue.facts_of(row))
    if form.submit(catalogue.edit_category, row, by=me(), at=now(), again=catalogue.category_of_act):
        go = url_for("catalogue.category", code=row.code)
        return done(catalogue_answers.category(row), go=go, say=_("The changes are kept."), form=form)
    return _category(row, form, blank(NewField, kind="text"), status_of=form)


@bp.route("/categories/<code>/fields", methods=["POST"])
@door("hold")
@spoken(takes=NewField, gives=catalogue_answers.FieldAnswer, refuses=("field_there", "too_many_fields"))
def add_field(code: str) -> AnswerType:
    row, form = catalogue.category(code), read(NewField)
    if field := form.submit(own_fields.add_field, row, by=me(), at=now(), again=own_fields.field_of_act):
        say = _("“%(name)s” stands on the cards of this kind now.", name=field.name)
        go = url_for("catalogue.category", code=row.code)
        return done(catalogue_answers.field(field), go=go, say=say, form=form)
    return _category(row, blank(CategoryFacts, **catalogue.facts_of(row)), form, status_of=form)


@bp.route("/categories/<code>/fields/<int:number>/end", methods=["POST"])
@door("hold")
@spoken(takes=EndField, gives=catalogue_answers.FieldAnswer)
def end_field(code: str, number: int) -> AnswerType:
    row, form = catalogue.category(code), read(EndField)
    field = form.insist(own_fields.end_field, row, number, by=me(), at=now(), again=own_fields.field_of_act)
    go = url_for("catalogue.category", code=row.code)
    say = _("“%(name)s” is asked for no more. Add it again to have it back.", name=field.name)
    return done(catalogue_answers.field(field), go=go, say=say, form=form)


def _category(row: Category, form: Form[CategoryFacts], field: Form[NewField], *, status_of: Form[Any]) -> AnswerType:
    return page(
        "inventory/category.html",
        form=status_of,
        answer=catalogue_answers.category(row),
        facts=form,
        field=field,
        category=row,
        fields=details.fields_of(row.code),
        kinds=details.KINDS,
        things=catalogue.things_by_category().get(row.code, 0),
    )


@bp.route("/models/<int:number>", methods=["GET"])
@door("equip")
@spoken(gives=answers.ModelAnswer)
def model(number: int) -> AnswerType:
    row = devices.model(number)
    return page(
        "inventory/model.html",
        answer=answers.model(row),
        model=row,
        things=catalogue.things_of(row),
        recalls=[(one, recalls.still_held(one)) for one in recalls.of_model(row)],
        ended=catalogue.out_of_updates(row, today()),
    )


@bp.route("/models/<int:number>/edit", methods=["GET", "POST"])
@door("hold")
@spoken(takes=ModelFacts, gives=answers.ModelAnswer, refuses=("model_there",))
def edit_model(number: int) -> AnswerType:
    row = devices.model(number)
    form = read(ModelFacts, **catalogue.facts_of_model(row))
    if form.submit(catalogue.edit_model, row, by=me(), at=now(), again=devices.model_of_act):
        go = url_for("catalogue.model", number=row.id)
        return done(answers.model(row), go=go, say=_("The changes are kept."), form=form)
    kinds = [(one.code, one.called) for one in catalogue.categories()]
    return page("inventory/model_edit.html", form=form, model=row, kinds=kinds, things=catalogue.things_of(row))


@bp.route("/models/<int:number>/recalls", methods=["GET", "POST"])
@door("hold")
@spoken(takes=RecallModel, gives=catalogue_answers.RecallAnswer)
def recall(number: int) -> AnswerType:
    row, form = devices.model(number), read(RecallModel)
    if made := form.submit(recalls.recall, row, by=me(), at=now(), again=recalls.of_act):
        go = url_for("catalogue.model", number=row.id)
        say = _("No thing of this model leaves before the recall is lifted.")
        return done(catalogue_answers.recall(made), go=go, say=say, form=form)
    return page("inventory/recall.html", form=form, model=row, things=catalogue.things_of(row))


@bp.route("/recalls/<int:number>/lift", methods=["POST"])
@door("hold")
@spoken(takes=LiftRecall, gives=catalogue_answers.RecallAnswer, refuses=("recall_lifted",))
def lift_recall(number: int) -> AnswerType:
    row, form = recalls.get(number), read(LiftRecall)
    form.insist(recalls.lift, row, by=me(), at=now(), again=recalls.of_act)
    go = url_for("catalogue.model", number=row.model_id)
    say = _("The recall is over: these things may leave again.")
    return done(catalogue_answers.recall(row), go=go, say=say, form=form)
