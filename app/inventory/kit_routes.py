"""Kits: their list, what lies in each, and its label."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.inventory import kits
from app.inventory import stock_answers as answers
from app.inventory.kits import Kit
from app.inventory.stock_forms import KitBack, KitEnd, KitList, KitName, KitThingIn, KitThingOut, NewKit
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.web.guard import with_camera
from app.words import _

bp = Blueprint("kits", __name__)


@bp.route("/kits", methods=["GET"])
@door("things")
@spoken(asks=KitList, gives=answers.Kits)
def list_kits() -> AnswerType:
    return _list(blank(NewKit))


@bp.route("/kits", methods=["POST"])
@door("equip")
@spoken(takes=NewKit, gives=answers.KitAnswer, made=True, refuses=("no_centre",))
def add_kit() -> AnswerType:
    form = read(NewKit)
    if kit := form.submit(kits.add, by=me(), at=now(), again=kits.of_act):
        say = _("The kit has its code. Now put its things in.")
        return done(_answer(kit), go=url_for("kits.show", code=kit.code), say=say, form=form, new=True)
    return _list(form)


def _list(form: Form[NewKit]) -> AnswerType:
    wish = KitList() if form.sent else read_query(KitList)
    found = slice_of(kits.listed(wish, me()), wish, by=(Kit.folded, Kit.id), key=lambda kit: (kit.folded, kit.id))
    answer = answers.Kits(items=[_answer(kit) for kit in found.rows], next=found.next)
    inside = {kit.id: kits.things_of(kit) for kit in found.rows}
    return page("inventory/kits.html", form=form, answer=answer, found=found, inside=inside)


@bp.route("/kits/<code>", methods=["GET"])
@door("things")
@spoken(gives=answers.KitAnswer)
@with_camera
def show(code: str) -> AnswerType:
    return _show(kits.get(code, me()), blank(KitThingIn))


def _show(kit: Kit, form: Form[KitThingIn] | Form[KitThingOut] | Form[KitName] | Form[KitEnd]) -> AnswerType:
    things, mine = kits.things_of(kit), kit.centre_id == me().centre_id and kit.ended_at is None
    lends = mine and me().may("lend")
    return page(
        "inventory/kit.html",
        form=form,
        answer=_answer(kit),
        kit=kit,
        things=things,
        changes=mine and me().may("equip"),
        naming=form if form.shape is KitName else blank(KitName, name=kit.name),
        back=kit.ended_at is not None and kit.centre_id == me().centre_id and me().may("equip"),
        free=lends and bool(things) and all(thing.state == "available" for thing in things),
        out=lends and any(thing.state == "on_loan" for thing in things),
    )


@bp.route("/kits/<code>/things", methods=["POST"])
@door("equip")
@spoken(
    takes=KitThingIn,
    gives=answers.KitAnswer,
    refuses=("not_here", "thing_unknown", "in_a_kit", "not_available", "kit_full"),
)
@with_camera
def put_in(code: str) -> AnswerType:
    kit, form = kits.get(code, me()), read(KitThingIn)
    if form.submit(kits.put_in, kit, by=me(), at=now(), again=kits.of_act):
        return done(_answer(kit), go=url_for("kits.show", code=kit.code), form=form)
    return _show(kit, form)


@bp.route("/kits/<code>/things/out", methods=["POST"])
@door("equip")
@spoken(takes=KitThingOut, gives=answers.KitAnswer, refuses=("not_here", "not_in_kit"))
@with_camera
def take_out(code: str) -> AnswerType:
    kit, form = kits.get(code, me()), read(KitThingOut)
    if form.submit(kits.take_out, kit, by=me(), at=now(), again=kits.of_act):
        go = url_for("kits.show", code=kit.code)
        return done(_answer(kit), go=go, say=_("It is out of the kit."), form=form)
    return _show(kit, form)


@bp.route("/kits/<code>/name", methods=["POST"])
@door("equip")
@spoken(takes=KitName, gives=answers.KitAnswer, refuses=("not_here", "kit_ended"))
@with_camera
def rename(code: str) -> AnswerType:
    kit, form = kits.get(code, me()), read(KitName)
    if form.submit(kits.rename, kit, by=me(), at=now(), again=kits.of_act):
        return done(_answer(kit), go=url_for("kits.show", code=kit.code), say=_("It has its new name."), form=form)
    return _show(kit, form)


@bp.route("/kits/<code>/end", methods=["POST"])
@door("equip")
@spoken(takes=KitEnd, gives=answers.KitAnswer, refuses=("not_here", "kit_ended", "kit_is_out"))
@with_camera
def end(code: str) -> AnswerType:
    kit, form = kits.get(code, me()), read(KitEnd)
    if form.submit(kits.end, kit, by=me(), at=now(), again=kits.of_act):
        say = _("The kit is no more. Its things are lent one by one again.")
        undo = url_for("kits.put_back", code=kit.code)
        return done(_answer(kit), go=url_for("kits.list_kits"), say=say, undo=undo, form=form)
    return _show(kit, form)


@bp.route("/kits/<code>/back", methods=["POST"])
@door("equip")
@spoken(takes=KitBack, gives=answers.KitAnswer, refuses=("not_here",))
def put_back(code: str) -> AnswerType:
    kit, form = kits.get(code, me()), read(KitBack)
    form.insist(kits.put_back, kit, by=me(), at=now(), again=kits.of_act)
    say = _("The kit is there again.")
    return done(_answer(kit), go=url_for("kits.show", code=kit.code), say=say, form=form)


def _answer(kit: Kit) -> answers.KitAnswer:
    things = [answers.KitThingAnswer(code=t.code, name=t.name, state=t.state) for t in kits.things_of(kit)]
    return answers.KitAnswer(code=kit.code, name=kit.name, centre=kit.centre.name, things=things)
