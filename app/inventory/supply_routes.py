"""Supplies and SIM cards of a centre: how much there is, what goes, what for, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for

from app.inventory import sims, supplies
from app.inventory import stock_answers as answers
from app.inventory.sims import Sim
from app.inventory.stock_forms import (
    ChangeSim,
    NewSim,
    NewSupply,
    SupplyCount,
    SupplyIn,
    SupplyList,
    SupplyMinimum,
    SupplyOut,
)
from app.inventory.supplies import Supply, SupplyMove, SupplyStock
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, Listing, blank, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("supplies", __name__)


@bp.route("/supplies", methods=["GET"])
@door("things")
@spoken(asks=SupplyList, gives=answers.Supplies)
def list_supplies() -> AnswerType:
    return _list(blank(NewSupply, kind="consumable", unit="piece"))


@bp.route("/supplies", methods=["POST"])
@door("equip")
@spoken(takes=NewSupply, gives=answers.SupplyCard, made=True, refuses=("no_centre", "supply_there"))
def add_supply() -> AnswerType:
    form = read(NewSupply)
    if row := form.submit(supplies.add, by=me(), at=now(), again=supplies.of_act):
        say = _("%(name)s is in the list. Write down what there is.", name=row.name)
        return done(_answer(row), go=url_for("supplies.show", number=row.id), say=say, form=form, new=True)
    return _list(form)


def _list(form: Form[NewSupply]) -> AnswerType:
    wish = SupplyList() if form.sent else read_query(SupplyList)
    found = slice_of(
        supplies.listed(wish), wish, by=(Supply.kind, Supply.folded, Supply.id), key=lambda s: (s.kind, s.folded, s.id)
    )
    stocks = supplies.stocks_of(found.rows, me())
    answer = answers.Supplies(items=[_stock(row) for row in stocks], next=found.next)
    return page(
        "inventory/supplies.html",
        form=form,
        answer=answer,
        found=found,
        stocks=stocks,
        units=supplies.UNITS,
        ending=sims.ending(me(), today()),
        today=today(),
    )


@bp.route("/supplies/<int:number>", methods=["GET"])
@door("things")
@spoken(gives=answers.SupplyCard)
def show(number: int) -> AnswerType:
    return _show(supplies.get(number), blank(SupplyOut))


def _show(row: Supply, form: Form[Any]) -> AnswerType:
    def of(shape: type[Any]) -> Form[Any]:
        return form if form.shape is shape else blank(shape)

    stock = supplies.stock_of(row, me())
    moves = supplies.moves_of(stock)
    return page(
        "inventory/supply.html",
        form=form,
        answer=_answer(row),
        supply=row,
        stock=stock,
        unit=supplies.UNITS[row.unit],
        out=of(SupplyOut),
        into=of(SupplyIn),
        counted=of(SupplyCount),
        least=of(SupplyMinimum),
        moves=moves,
        staff=supplies.names_of(moves),
        here=bool(me().centre),
    )


def _moved(number: int, rule: Callable[..., Supply], form: Form[Any], say: object) -> AnswerType:
    row = supplies.get(number)
    if form.submit(rule, row, by=me(), at=now(), again=supplies.of_act):
        return done(_answer(row), go=url_for("supplies.show", number=row.id), say=say, form=form)
    return _show(row, form)


@bp.route("/supplies/<int:number>/in", methods=["POST"])
@door("label")
@spoken(takes=SupplyIn, gives=answers.SupplyCard, refuses=("no_centre",))
def bring(number: int) -> AnswerType:
    return _moved(number, supplies.bring, read(SupplyIn), _("It is added to the stock."))


@bp.route("/supplies/<int:number>/out", methods=["POST"])
@door("label")
@spoken(
    takes=SupplyOut, gives=answers.SupplyCard, refuses=("no_centre", "not_enough", "thing_unknown"),
    doubts=("for_what",),
)  # fmt: skip
def use(number: int) -> AnswerType:
    return _moved(number, supplies.use, read(SupplyOut), _("It is taken from the stock."))


@bp.route("/supplies/<int:number>/count", methods=["POST"])
@door("label")
@spoken(takes=SupplyCount, gives=answers.SupplyCard, refuses=("no_centre",))
def count(number: int) -> AnswerType:
    return _moved(number, supplies.count, read(SupplyCount), _("The count is written down."))


@bp.route("/supplies/<int:number>/minimum", methods=["POST"])
@door("equip")
@spoken(takes=SupplyMinimum, gives=answers.SupplyCard, refuses=("no_centre",))
def minimum(number: int) -> AnswerType:
    return _moved(number, supplies.set_minimum, read(SupplyMinimum), _("The changes are kept."))


@bp.route("/sims", methods=["GET"])
@door("things")
@spoken(asks=Listing, gives=answers.Sims)
def list_sims() -> AnswerType:
    return _sims(blank(NewSim))


@bp.route("/sims", methods=["POST"])
@door("equip")
@spoken(
    takes=NewSim, gives=answers.SimAnswer, made=True, refuses=("no_centre", "sim_there", "thing_unknown"),
    doubts=("bad_iccid",),
)  # fmt: skip
def add_sim() -> AnswerType:
    form = read(NewSim)
    if row := form.submit(sims.add, by=me(), at=now(), again=sims.of_act):
        go = url_for("supplies.sim", number=row.id)
        return done(_sim(row), go=go, say=_("The card is in the list."), form=form, new=True)
    return _sims(form)


def _sims(form: Form[NewSim]) -> AnswerType:
    wish = Listing() if form.sent else read_query(Listing)
    found = slice_of(sims.listed(me()), wish, by=(Sim.iccid,), key=lambda row: (row.iccid,))
    answer = answers.Sims(items=[_sim(row) for row in found.rows], next=found.next)
    soon = {row.id for row in sims.ending(me(), today())}
    return page("inventory/sims.html", form=form, answer=answer, found=found, soon=soon, today=today())


@bp.route("/sims/<int:number>", methods=["GET", "POST"])
@door("equip")
@spoken(takes=ChangeSim, gives=answers.SimAnswer, refuses=("not_here", "thing_unknown"))
def sim(number: int) -> AnswerType:
    row = sims.get(number)
    form = read(ChangeSim, **_card(row))
    if form.submit(sims.edit, row, by=me(), at=now(), again=sims.of_act):
        return done(_sim(row), go=url_for("supplies.list_sims"), say=_("The changes are kept."), form=form)
    return page("inventory/sim.html", form=form, answer=_sim(row), sim=row)


def _card(row: Sim) -> dict[str, object]:
    return {
        "operator": row.operator,
        "plan_ends_on": row.plan_ends_on or "",
        "thing": row.device.code if row.device else "",
        "note": row.note,
    }


def _sim(row: Sim) -> answers.SimAnswer:
    return answers.SimAnswer(
        id=row.id,
        iccid=row.iccid,
        operator=row.operator,
        plan_ends_on=row.plan_ends_on,
        device=row.device.code if row.device else None,
        note=row.note,
        ended_at=row.ended_at,
    )


def _answer(row: Supply) -> answers.SupplyCard:
    stock = supplies.stock_of(row, me())
    return answers.SupplyCard(**dict(_stock(stock)), moves=[_move(move) for move in supplies.moves_of(stock)])


def _move(row: SupplyMove) -> answers.SupplyMoveAnswer:
    return answers.SupplyMoveAnswer(
        kind=row.kind,
        change=row.change,
        cost_cents=row.cost_cents,
        device=row.device.code if row.device else None,
        words=row.words,
        at=row.at,
    )


def _stock(stock: SupplyStock) -> answers.SupplyAnswer:
    supply = stock.supply
    return answers.SupplyAnswer(
        id=supply.id,
        name=supply.name,
        kind=supply.kind,
        unit=supply.unit,
        on_hand=stock.on_hand,
        minimum=stock.minimum,
        under=stock.under,
        value_cents=stock.value_cents,
        unit_cost_cents=stock.unit_cost_cents,
    )
