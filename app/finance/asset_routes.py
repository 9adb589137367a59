"""Things that an operation paid, and the sheet that proves one of them from order to use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.finance import accounts, answers, asset_clocks, assets, evidence, purse
from app.finance.spending_forms import AssetList, SettleAsset
from app.inventory import devices
from app.inventory.models import Device
from app.inventory.states import LOOKS
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("assets", __name__)
USUAL_BASIS = "30/360"


@bp.route("/finance/operations/<operation>/assets", methods=["GET"])
@door("money")
@spoken(asks=AssetList, gives=answers.Assets)
def of_operation(operation: str) -> AnswerType:
    row, wish = purse.operation(operation, me()), read_query(AssetList)
    query = assets.listed(row, me(), wish)
    found = slice_of(query, wish, by=(Device.folded, Device.id), key=lambda one: (one.folded, one.id))
    things = assets.held(found.rows, row)
    items = [answers.asset(one, row.basis, today()) for one in things]
    answer = answers.Assets(items=items, next=found.next)
    total = assets.total(row, me())
    return page(
        "finance/assets.html",
        answer=answer,
        found=found,
        wish=wish,
        operation=row,
        things=things,
        total=total,
        centres=assets.centres_of(row, me()),
        today=today(),
    )


@bp.route("/finance/assets/<code>", methods=["GET"])
@door("money")
@spoken(gives=answers.AssetSheetAnswer)
def show(code: str) -> AnswerType:
    return _show(devices.get(code, me()))


def _show(device: Device, form: Form[Any] | None = None) -> AnswerType:
    one = assets.seen(device, me())
    paying = assets.operations_of(one)
    basis = paying[0].basis if paying else USUAL_BASIS
    known = one.account
    settled = {} if known is None else {
        name: getattr(known, name) or "" for name in ("in_service_on", "months", "treatment", "account", "no_grant")
    }  # fmt: skip
    return page(
        "finance/asset.html",
        form=form,
        answer=answers.asset_sheet(one, basis, today()) if one.paid else None,
        device=device,
        one=one,
        basis=basis,
        clocks=asset_clocks.of(one),
        look=LOOKS[device.state],
        proofs=(proofs := evidence.of(one)),
        parents=evidence.parents(proofs),
        way=evidence.way_of(device),
        years=one.years(basis),
        value=one.book_value(basis, today()),
        usual=(accounts.usual_months(device), accounts.usual_account(device)),
        settle=form or blank(SettleAsset, **settled),
        changes=me().may("spend") and any(purse.spends(p.line.expense.organisation_id, me()) for p in one.paid),
        today=today(),
    )


@bp.route("/finance/assets/<code>", methods=["POST"])
@door("spend")
@spoken(takes=SettleAsset, gives=answers.AssetSheetAnswer)
def settle(code: str) -> AnswerType:
    """From when and for how long it is used, and how the accounts treat it."""
    device, form = devices.get(code, me()), read(SettleAsset)
    one = assets.seen(device, me())
    assets.check_keeps(one, me())
    if form.submit(accounts.settle, device, by=me(), at=now(), again=assets.device_of_act):
        go, paying = url_for("assets.show", code=device.code), assets.operations_of(one)
        answer = answers.asset_sheet(assets.seen(device, me()), paying[0].basis if paying else USUAL_BASIS, today())
        return done(answer, go=go, say=_("It is written down."), form=form)
    return _show(device, form)
