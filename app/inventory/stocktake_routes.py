"""Stock-takes: opened, scanned through by several phones at once, closed with a report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app import files, papers, photos
from app.db import session
from app.errors import NotThere
from app.history.models import Act
from app.inventory import devices, received, stocktake_report, stocktakes
from app.inventory import stock_answers as answers
from app.inventory.models import Device
from app.inventory.printed import Photo
from app.inventory.stock_forms import CloseStockTake, NewStockTake, SeeThing, StockTakeThings
from app.inventory.stocktakes import Sighting, StockTake
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, Listing, blank, done, file_answer, page, read, read_query, slice_of, spoken
from app.web.guard import with_camera
from app.web.reading import sent_file
from app.words import _

bp = Blueprint("stocktakes", __name__)
SHOWN = 5
OFFLINE = 3000  # names a page carries along, to say them where there is no signal


@bp.route("/stock-takes", methods=["GET"])
@door("things")
@spoken(asks=Listing, gives=answers.StockTakes)
def stock_takes() -> AnswerType:
    return _list(blank(NewStockTake))


@bp.route("/stock-takes", methods=["POST"])
@door("equip")
@spoken(takes=NewStockTake, gives=answers.StockTakeAnswer, made=True, refuses=("no_centre", "nothing_in_scope"))
def open_take() -> AnswerType:
    form = read(NewStockTake)
    if take := form.submit(stocktakes.begin, by=me(), at=now(), again=stocktakes.of_act):
        say = _("The list is frozen. Several people can scan at once.")
        return done(_answer(take), go=url_for("stocktakes.show", number=take.id), say=say, form=form, new=True)
    return _list(form)


def _list(form: Form[NewStockTake]) -> AnswerType:
    wish = Listing() if form.sent else read_query(Listing)
    found = slice_of(stocktakes.listed(me()), wish, by=(StockTake.id,), key=lambda take: (take.id,), backwards=True)
    kinds = [(c.code, c.called) for c in devices.categories()]
    counted = {take.id: stocktakes.counts(take) for take in found.rows}
    answer = answers.StockTakes(items=[_answer(take) for take in found.rows], next=found.next)
    return page("inventory/stock_takes.html", form=form, answer=answer, found=found, counted=counted, kinds=kinds)


@bp.route("/stock-takes/<int:number>", methods=["GET"])
@door("things")
@spoken(gives=answers.StockTakeAnswer)
@with_camera
def show(number: int) -> AnswerType:
    take = stocktakes.get(number, me())
    return _show(take, blank(SeeThing), answer=_answer(take))


@bp.route("/stock-takes/<int:number>/scans", methods=["POST"])
@door("label")
@spoken(
    takes=SeeThing,
    gives=answers.SightingAnswer,
    refuses=("not_here", "take_closed", "device_unknown"),
    doubts=("photo_missing", "not_a_photo"),
)
@with_camera
def scan(number: int) -> AnswerType:
    """One thing seen. A phone without signal keeps its scans and sends them later, each with its own id and time."""
    take, form, photo = stocktakes.get(number, me()), read(SeeThing), None
    with form.looking():
        photo = _photo()
    if row := form.submit(stocktakes.see, take, photo, by=me(), at=now(), again=stocktakes.sighting_of_act):
        say = (
            _("Taken back: %(name)s.", name=row.device.name)
            if row.how == "mistake"
            else _("Seen: %(name)s.", name=row.device.name)
        )
        return done(_seen(row), go=url_for("stocktakes.show", number=take.id), say=say, form=form)
    return _show(take, form)


def _photo() -> Photo | None:
    content = sent_file("photo")
    return received.stored(content, papers.picture(content, field="photo"), "sighting") if content else None


def _show(take: StockTake, form: Form[SeeThing], **more: Any) -> AnswerType:
    def first(show: str, many: int) -> Any:
        query = stocktakes.findings(take, show).order_by(Device.folded, Device.id)
        return session().execute(query.limit(many)).all()

    mine = take.centre_id == me().centre_id
    going_on = take.closed_at is None
    return page(
        "inventory/stock_take.html",
        form=form,
        take=take,
        counts=stocktakes.counts(take),
        missing=first("missing", SHOWN if going_on else OFFLINE),
        unexpected=first("unexpected", 50),
        scans=mine and going_on and me().may("label"),
        closes=mine and going_on and me().may("equip"),
        names={row.Device.code: row.Device.name for row in first("missing", OFFLINE)} if mine and going_on else {},
        missing_codes=[row.Device.code for row in first("missing", 200)],
        **more,
    )


@bp.route("/stock-takes/<int:number>/things", methods=["GET"])
@door("things")
@spoken(asks=StockTakeThings, gives=answers.Findings)
def things(number: int) -> AnswerType:
    """Every thing of it, or those of one finding."""
    take, wish = stocktakes.get(number, me()), read_query(StockTakeThings)
    query = stocktakes.findings(take, wish.show)
    found = slice_of(query, wish, by=(Device.folded, Device.id), key=lambda row: (row.Device.folded, row.Device.id))
    answer = answers.Findings(items=[_finding(row) for row in found.rows], next=found.next)
    mine = take.centre_id == me().centre_id and take.closed_at is None and me().may("label")
    return page(
        "inventory/stock_take_things.html", answer=answer, take=take, found=found, wish=wish, scans=mine,
        findings=stocktake_report.FINDINGS, weights=stocktake_report.WEIGHTS,
    )  # fmt: skip


@bp.route("/stock-takes/<int:number>/sightings", methods=["GET"])
@door("label")
def see_there(number: int) -> AnswerType:
    """What a borrower shows or says: for things that are out."""
    take = stocktakes.get(number, me())
    query = stocktakes.findings(take, "elsewhere").order_by(Device.folded, Device.id)
    rows = session().execute(query.limit(500)).all()
    return page(
        "inventory/stock_take_there.html",
        form=blank(SeeThing, how="declared"),
        take=take,
        rows=rows,
        weights=stocktake_report.WEIGHTS,
    )


@bp.route("/stock-takes/<int:number>/close", methods=["GET", "POST"])
@door("equip")
@spoken(takes=CloseStockTake, gives=answers.StockTakeAnswer, refuses=("not_here", "take_closed"))
def close(number: int) -> AnswerType:
    take, form = stocktakes.get(number, me()), read(CloseStockTake)
    if form.submit(stocktakes.close, take, by=me(), at=now(), again=stocktakes.of_act):
        say = _("The stock-take is closed. Its report can be printed.")
        return done(_answer(take), go=url_for("stocktakes.show", number=take.id), say=say, form=form)
    return page("inventory/stock_take_close.html", form=form, take=take, counts=stocktakes.counts(take))


@bp.route("/stock-takes/<int:number>/report.pdf", methods=["GET"])
@door("things")
@spoken(media="application/pdf")
def report_pdf(number: int) -> AnswerType:
    take = stocktakes.get(number, me())
    pdf = stocktake_report.as_pdf(take, notes=take.centre_id == me().centre_id)
    return file_answer(pdf, "application/pdf", "recolement.pdf", inline=True)


@bp.route("/stock-takes/<int:number>/report.csv", methods=["GET"])
@door("things")
@spoken(media="text/csv")
def report_csv(number: int) -> AnswerType:
    take = stocktakes.get(number, me())
    table = stocktake_report.as_csv(take, notes=take.centre_id == me().centre_id)
    return file_answer(table, "text/csv", "recolement.csv")


@bp.route("/stock-takes/<int:number>/photos/<code>", methods=["GET"])
@door("label")
def photo(number: int, code: str) -> AnswerType:
    take = stocktakes.get(number, me())
    found = stocktakes.last_photo(take, devices.get(code, me()))
    if found is None or take.centre_id != me().centre_id:  # it may show somebody's home
        raise NotThere(_("There is no photo of this thing here."))
    content = files.path_of(settings().instance, found).read_bytes()
    return file_answer(content, photos.MEDIA_TYPE, "vu.jpg", inline=True)


def _answer(take: StockTake) -> answers.StockTakeAnswer:
    return answers.StockTakeAnswer(
        id=take.id,
        name=take.name,
        centre=take.centre.name,
        categories=take.categories,
        opened_at=take.opened_at,
        closed_at=take.closed_at,
        **stocktakes.counts(take),
    )


def _seen(row: Sighting) -> answers.SightingAnswer:
    found = session().execute(stocktakes.findings(row.take).where(Device.id == row.device_id)).one_or_none()
    return answers.SightingAnswer(
        id=session().get_one(Act, row.act_id).uuid,
        code=row.device.code,
        name=row.device.name,
        how=row.how,
        at=row.at,
        finding=found.finding if found else "unexpected",
        stock_take=_answer(row.take),
    )


def _finding(row: Any) -> answers.FindingAnswer:
    thing = row.Device
    return answers.FindingAnswer(
        code=thing.code,
        name=thing.name,
        state=thing.state,
        centre=thing.centre.name,
        how=row.how,
        finding=row.finding,
    )
