"""The seed's operation in the small world: led by ACSM, joined by MQCV, with its plan and the illustrative lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import current_app

from app import files
from app import papers as papers_of
from app.demo.papers import bill as page_of
from app.desk import imports
from app.errors import Refused
from app.finance import (
    accounts,
    allocations,
    answering,
    brought,
    budget,
    claims,
    dossier,
    durability,
    expenses,
    figures,
    operations,
    papers,
    payments,
    publicity,
    purchases,
    receipts,
    tied,
)
from app.finance.claim_forms import AnswerClaim, FileClaim, NewClaim
from app.finance.claim_models import Claim
from app.finance.dossier import AskFile
from app.finance.forms import AcceptOverrun, Amend, NewLine, NewMoneyImport, OpenOperation, RemoveLine, SetPlan
from app.finance.models import Operation
from app.finance.publicity import Publicity, Show
from app.finance.purchase_models import Purchase
from app.finance.receipts import Receive
from app.finance.spending import Expense
from app.finance.spending_forms import (
    AddPaper,
    Allocate,
    ClosePurchase,
    NewExpense,
    NewPurchase,
    Pay,
    SettleAsset,
    TakeBackAllocation,
    TieThings,
    UntieThing,
    Withdraw,
)
from app.history.seals import digest
from app.imports.models import TableImport
from app.inventory import arrivals, programmes
from app.inventory.models import Device
from app.inventory.printed import Photo
from app.inventory.programmes import SettlePeriod
from app.inventory.stock_forms import NewDelivery
from app.people.roles import Held, Me
from tests.finance import checked
from tests.make import AUDITED, NOW, TODAY, World, do, fresh, make_device

SEED = json.loads((Path(__file__).parent / "plan.json").read_text())
KINDS = {"public_eu": "eu", "public_regional": "region", "public_local": "local", "public_state": "state"}
LAPTOP = {"words": "Ordinateurs portables", "quantity": 1, "net_cents": 68_900, "vat_cents": 13_780}


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def funders() -> list[dict[str, Any]]:
    """The financing plan as its document prints it."""
    return [
        {
            "code": row["code"],
            "name": row["partner"],
            "kind": KINDS.get(row["kind"], row["kind"]),
            "amount_cents": cents(row["amount"]),
            "printed_rate": int(Decimal(row["rate_printed"]) * 100),
        }
        for row in SEED["plan"]
    ]


def lines() -> list[dict[str, Any]]:
    """The illustrative lines; the second is a flat rate of the first."""
    return [
        {
            "code": row["code"],
            "heading": row["poste"],
            "label": row["label"],
            "packages": row["wp"].replace("-", ""),
            "initial_cents": cents(row["planned"]),
            "accepts_assets": row["asset_line"],
            **({"flat_rate": 1500, "bases": ["L1"]} if row["code"] == "L2" else {}),
        }
        for row in SEED["lines_illustrative"]
    ]


def operation(
    world: World, number: str = AUDITED, by: str = "finn", *, only: Sequence[str] | None = None, **over: Any
) -> Operation:
    """`only`: of its lines, those of these codes."""
    card = {
        "number": number,
        "name": "Centres sociaux connectés du bassin minier",
        "programme": "2014-2020",
        "lead": world.organisations["acsm"],
        "partners": [world.organisations["mqcv"]],
    }
    row = do(operations.open_one, OpenOperation(**card | over), by=world.me(by))
    do(operations.set_plan, SetPlan(funders=funders()), row, by=world.me(by))
    for one in (one for one in lines() if only is None or one["code"] in only):
        do(budget.add, NewLine(**one), row, by=world.me(by))
    return row


def partner(world: World, organisation: str = "mqcv") -> Me:
    """Whoever keeps the money of a partner."""
    return replace(world.me("finn"), held=(Held("finance", None, world.organisations[organisation]),))


def invoice(world: World, *rows: dict[str, Any], by: Me | None = None, **over: Any) -> Expense:
    """An invoice of one laptop, or of these lines."""
    card = {"supplier": "UGAP", "number": uuid4().hex[:12], "issued_on": "2020-10-15", "lines": list(rows or [LAPTOP])}
    return do(expenses.enter, NewExpense(**card | over), by=by or world.me("finn"))


def put_down(world: World, row: Expense, line: str, **over: Any) -> Any:
    wish = {"operation": AUDITED, "budget_line": line, "line": row.lines[0].id}
    return do(allocations.allocate, Allocate(**wish | over), row, by=world.me("finn"))


def tie(world: World, row: Expense, *codes: str) -> Expense:
    return do(tied.tie, TieThings(line=row.lines[0].id, devices=list(codes)), row, by=world.me("finn"))


def with_things(world: World, count: int = 4) -> tuple[Operation, list[Device]]:
    """An operation that paid so many laptops."""
    row, things = operation(world, only=("L3.1",)), [make_device(world) for _ in range(count)]
    bill = invoice(world, LAPTOP | {"quantity": count, "line": "L3.1"}, operation=AUDITED)
    tie(world, bill, *(one.code for one in things))
    return row, things


def pay(world: World, row: Expense, day: str = "2020-11-12", **over: Any) -> Expense:
    return do(payments.pay, Pay(debited_on=day, **over), row, by=world.me("finn"))


OTHERS = "HF0000002"  # the operation of MQCV alone, in which nobody of ACSM has a part


def furnished(world: World, key: str, device: Device) -> dict[str, Any]:
    """One of everything that money leaves behind, of ACSM's operation or of MQCV's, by the words of routes."""
    number, short = (AUDITED, "acsm") if key == "own" else (OTHERS, "mqcv")
    coco, owner = world.me("coco"), world.organisations[short]
    row = operation(world, number, "coco", only=("L1", "L2", "L3.1"), lead=owner, partners=[])
    card = {"supplier": "UGAP", "number": f"F-{key}", "issued_on": "2020-10-15", "organisation": owner}
    lines = [LAPTOP | {"line": "L3.1"}]
    bill = do(expenses.enter, NewExpense(**card, lines=lines, operation=number, paid_on="2020-11-12"), by=coco)
    do(tied.tie, TieThings(line=bill.lines[0].id, devices=[device.code]), bill, by=coco)
    bill = fresh(bill)
    received = Receive(kind="advance", funder="UE_FEDER", cents=100, received_on="2020-09-01")
    order = NewPurchase(organisation=owner, title=f"Achat {key}")
    file = stored_paper(current_app.config["SETTINGS"].instance)
    return {
        "operation": number,
        "receipt": do(receipts.receive, received, row, by=coco).id,
        "expense": str(bill.uuid),
        "payment": bill.payments[0].id,
        "allocation": allocations.standing(bill.lines[0])[0].id,
        "asset": tied.of_line(bill.lines[0])[0].id,
        "paper": do(papers.add, AddPaper(kind="invoice"), bill, file, by=coco).id,
        "purchase": str(do(purchases.open_one, order, by=coco).uuid),
        "paid_thing": device.code,
        "claim": str(filed_claim(row, owner, coco).uuid),
        "publicity": seen(row, "plaque", coco).id,
        "dossier": str(do(dossier.ask, AskFile(), row, by=coco).uuid),
        "money_table": str(_table(world, "finn" if key == "own" else "coco", owner).uuid),
        **checked.furnished(row, device, coco),
    }


def seen(row: Operation, kind: str, by: Me, *, photo: bool = True, **over: Any) -> Publicity:
    """What tells the public of the Union's money, with its photo."""
    sent = stored_paper(current_app.config["SETTINGS"].instance) if photo else None
    found: Publicity = do(publicity.show, Show(**{"kind": kind, "seen_on": "2022-03-01"} | over), row, sent, by=by)
    return found


def _table(world: World, who: str, owner: int) -> TableImport:
    """A table of invoices that waits to be looked at."""
    text = "Fournisseur;N° facture;Date;Désignation;HT\nUGAP;T-1;15/10/2020;Souris;10,00\n"
    folder = current_app.config["SETTINGS"].instance
    sent = imports.sent(text.encode(), "Factures.csv", "invoices", folder, at=datetime.now(UTC))
    wish = NewMoneyImport(kind="invoices", organisation=owner)
    return do(brought.begin, wish, sent, by=world.me(who))


def filed_claim(row: Operation, owner: int, by: Me) -> Claim:
    """A claim that is filed."""
    wish = NewClaim(title="Premier semestre", from_day="2020-01-01", to_day="2021-12-31", organisation=owner)
    return do(claims.file, FileClaim(filed_on="2022-01-31"), do(claims.open_one, wish, row, by=by), by=by)


def _claims(world: World, row: Operation) -> None:
    """One filed and answered, one that corrects it, a draft that was taken back; one of a partner taken up."""
    finn, them = world.me("finn"), partner(world)
    invoice(world, LAPTOP | {"line": "L4"}, operation=AUDITED, paid_on="2020-11-12", by=them)
    invoice(
        world,
        {"words": "Salaires", "net_cents": 900, "line": "L1"},
        kind="personnel",
        operation=AUDITED,
        paid_on="2020-12-31",
    )
    days = {"title": "Semestre", "from_day": "2020-01-01", "to_day": "2021-12-31"}
    do(claims.file, FileClaim(filed_on="2022-01-30"), do(claims.open_one, NewClaim(**days), row, by=them), by=them)
    first = do(claims.open_one, NewClaim(**days), row, by=finn)
    do(claims.file, FileClaim(filed_on="2022-01-31"), first, by=finn)
    cut = [{"number": 1, "accepted_cents": 5, "reason": "Test"}]
    do(answering.answer, AnswerClaim(answered_on="2022-04-14", pieces=cut), first, by=finn)
    less = [{"claim": 2, "piece": 1, "cents": -7, "words": "Test"}]
    second = do(claims.open_one, NewClaim(**days, corrections=less), row, by=finn)
    do(claims.file, FileClaim(filed_on="2022-05-31"), second, by=finn)
    do(claims.withdraw, Withdraw(), do(claims.open_one, NewClaim(**days), row, by=finn), by=finn)


def stored_paper(folder: Path) -> Photo:
    """A paper as it is stored before its act."""
    content = page_of("Facture", "UGAP")
    return Photo(digest(content), files.write(folder, content, kind="finance", media_type=papers_of.PDF, at=NOW))


def fill(world: World, folder: Path) -> None:
    """A row in every table of money, and one of each kind that was taken back."""
    row, finn = operation(world), world.me("finn")
    do(programmes.settle, _period(), programmes.get("2014-2020"), by=finn)
    weights = [{"funder": "UE_FEDER", "weight": 1}]
    own = {"code": "L9", "label": "ACSM", "initial_cents": 0, "funding_key": "explicit", "weights": weights}
    do(budget.add, NewLine(**own, accepts_assets=True), row, by=finn)
    gone = do(budget.add, NewLine(code="L10", label="Erreur", initial_cents=0), row, by=finn)
    do(budget.remove, RemoveLine(), gone, by=finn)
    do(budget.amend, Amend(decided_on="2021-06-30", delta_cents=5, reason="Avenant"), budget.get(row, "L4"), by=finn)
    order = do(purchases.open_one, _order(world), by=finn)
    _bills(world, order, folder)
    final = {"kind": "final", "funder": "UE_FEDER", "received_on": TODAY}
    [_stands, wrong] = [do(receipts.receive, Receive(cents=sum_, **final), row, by=finn) for sum_ in (100, 200)]
    do(receipts.take_back, Withdraw(), row, wrong.id, by=finn)
    over = figures.of_line(budget.get(row, "L9"), finn).committed
    do(budget.accept, AcceptOverrun(reason="Test"), budget.get(row, "L9"), over, by=finn)
    do(purchases.close, ClosePurchase(), order, by=finn)
    _claims(world, row)
    seen(row, "poster", finn, centre=world.centres["brebis"])
    site = seen(row, "website", finn, photo=False, words="https://example.org")
    do(publicity.take_off, Withdraw(), row, site.id, by=finn)
    durability.follow_all(at=NOW)
    checked.fill(world, row)


def _bills(world: World, order: Purchase, folder: Path) -> None:
    """An invoice with papers, one with things, salaries taken back, a credit note."""
    finn = world.me("finn")
    bill = invoice(world, LAPTOP | {"quantity": 2, "line": "L9"}, operation=AUDITED, purchase=order.uuid)
    first, second = make_device(world), make_device(world)
    lines = (LAPTOP | {"words": "Tablettes", "quantity": 2}, {"words": "Port", "net_cents": 12})
    other = invoice(world, *lines)
    tie(world, other, first.code, second.code)
    do(tied.untie, UntieThing(), other, tied.of_line(other.lines[0])[1].id, by=finn)
    one = put_down(world, other, "L3.1", cents=100)
    do(allocations.take_back, TakeBackAllocation(), other, one.id, by=finn)
    put_down(world, other, "L3.1", cents=200, device=first.code)
    pay(world, other, cents=100)
    pay(world, other, "2020-11-13", cents=200)
    do(payments.withdraw, Withdraw(), other, fresh(other).payments[1].id, by=finn)
    do(accounts.settle, SettleAsset(in_service_on="2020-10-15", months=36), first, by=finn)
    salaries = invoice(world, {"words": "Salaires", "net_cents": 7, "line": "L1"}, kind="personnel", operation=AUDITED)
    do(expenses.withdraw, Withdraw(), salaries, by=finn)
    note = {"kind": "credit_note", "credits": bill.uuid, "from_day": "2020-10-01", "to_day": "2020-10-31"}
    invoice(world, {"words": "Avoir", "net_cents": 5}, **note)
    [_kept, off] = [do(papers.add, AddPaper(kind="invoice"), bill, stored_paper(folder), by=finn) for _turn in range(2)]
    do(papers.take_off, Withdraw(), bill, off.id, by=finn)
    do(papers.add, AddPaper(kind="quote"), order, stored_paper(folder), by=finn)


def _period() -> SettlePeriod:
    known = {name: getattr(programmes.SHIPPED["2014-2020"], name) for name in programmes.SETTLED}
    return SettlePeriod(**known | {"document_years": 4})


def _order(world: World) -> NewPurchase:
    """An order with its delivery."""
    line = {"model": world.models["laptop"], "count": 1}
    came = do(arrivals.expect, NewDelivery(supplier="UGAP", lines=[line]), by=world.me())
    bound = [{"operation": AUDITED, "line": code, "cents": 90_000} for code in ("L9",)]
    return NewPurchase(title="Portables", commitments=bound, deliveries=[came.id], ordered_on="2020-09-07")


@contextmanager
def says_no(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The house says no with this code, wherever the sentence stands."""
    with pytest.raises(Refused) as no:
        yield no
    assert no.value.code == code
    assert str(no.value.words)
