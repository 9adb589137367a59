"""The money of the demo world: the seed's plan to the cent, which is real; its lines and what was spent are invented.

Operation NP0022605 has the purchases of 2020 and 2021; a second one of the next period is fiction from end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db import session
from app.demo import cast
from app.demo.budgeted import LINES, PACKAGES, PERSONNEL, PLAN, QUARTERS, REAL, SPENT
from app.demo.house import House, Plan, do, number
from app.demo.papers import bill, put_on
from app.demo.stock import KINDS, Kind
from app.finance import (
    accounts,
    allocations,
    budget,
    expenses,
    operations,
    payments,
    purchases,
    receipts,
    tied,
)  # fmt: skip
from app.finance.forms import AcceptOverrun, Amend, NewLine, OpenOperation, SetPlan
from app.finance.models import Operation
from app.finance.receipts import Receive
from app.finance.spending import Expense
from app.finance.spending_forms import Allocate, NewExpense, NewPurchase, Pay, SettleAsset, TieThings
from app.inventory.models import Device, DeviceModel
from app.people.models import Organisation
from app.people.roles import Me

LINE_OF = {"laptop": "L3.1", "tablet": "L3.2", "printer3d": "L3.3", "router": "L3.4"}
SHOP = {
    "laptop": "Portables & Cie (fictif)",
    "tablet": "Tablettes 59 (fictif)",
    "printer3d": "Couche à Couche (fictif)",
    "router": "Réseau Minier (fictif)",
}
CHEAP = 60_000  # cents, tax included, below which finance writes a thing off at once: 500 euros without tax
CARRIAGE = 1_234  # cents that do not divide by what they are spread over
USED_MONTHS = {"TravelMate": 24, "Prusa MK3S+": 48, "Ultimaker S3": 60, "Clé 4G M7200": 24}


def spent(house: House, folder: Path | None) -> Plan:
    """Finance writes down the operation, then its papers of two years; last, what is fiction from end to end."""
    at = house.moment(320)
    yield at, partial(_open, house, at=at)
    bought = house.moment(318)
    yield bought, partial(_purchase_of_laptops, house, folder, at=bought)
    for n, (payer, kind) in enumerate((payer, kind) for payer in ("ACSRV", "ACSM", "MQCV") for kind in KINDS):
        when = bought + timedelta(minutes=7 * (n + 1))
        yield when, partial(_things, house, payer, kind, folder, at=when)
    for n, row in enumerate(SPENT):
        when = house.moment(310 - n)
        yield when, partial(_bill, house, row, at=when)
    for start, n in QUARTERS:
        when = house.moment(290 - n)
        yield when, partial(_salaries, house, start, n, at=when)
    end = house.moment(250)
    yield end, partial(_afterwards, house, at=end)


def keeper(house: House) -> Me:
    """The coordination keeps the money of everybody."""
    return house.me(cast.COORDINATION, cast.SEAT)


def finance(house: House) -> Me:
    return house.me(cast.FINANCE, cast.SEAT)


def organisation(short: str) -> int:
    return int(session().scalars(select(Organisation.id).where(Organisation.short_name == short)).one())


def _operation(code: str) -> Operation:
    return session().scalars(select(Operation).where(Operation.number == code)).one()


def _open(house: House, *, at: datetime) -> None:
    """Days of the grant agreement are not known, and say so; the plan and the decision are the founding document's."""
    card = OpenOperation(
        id=number("operation", REAL),
        number=REAL,
        name="Centres sociaux connectés du bassin minier",
        programme="2014-2020",
        programme_name="PO FEDER-FSE Nord-Pas de Calais 2014-2020, axe 2, 2.2.2.1",
        lead=organisation("ACSRV"),
        partners=[organisation(short) for short in ("ACSM", "MQCV", "FCS 59/62")],
        decided_on=date(2020, 6, 16),
        packages=PACKAGES,
        note="Lignes et dépenses d’exemple : celles de la convention restent à saisir.",
    )
    row = do(operations.open_one, card, by=finance(house), at=at)
    plan_of(house, row, PLAN, at=at)
    for code, heading, label, packages, cents, things in LINES:
        flat = {"flat_rate": 1500, "bases": ["L1"]} if code == "L2" else {}
        wish = NewLine(
            id=number("line", REAL, code), code=code, heading=heading, label=label, packages=packages,
            initial_cents=cents, accepts_assets=things, **flat,
        )  # fmt: skip
        do(budget.add, wish, row, by=finance(house), at=at)


def plan_of(house: House, row: Operation, plan: Sequence[tuple[str, str, str, int, int, str]], *, at: datetime) -> None:
    funders = [
        {"code": code, "name": name, "kind": kind, "amount_cents": cents, "printed_rate": rate or None,
         "organisation": organisation(own) if own else None}
        for code, name, kind, cents, rate, own in plan
    ]  # fmt: skip
    wish = SetPlan(id=number("plan", row.number), funders=funders)
    do(operations.set_plan, wish, row, by=finance(house), at=at)


def _purchase_of_laptops(house: House, folder: Path | None, *, at: datetime) -> None:
    """Three quotes were compared, then the laptops of the lead were ordered; a part of the order never came."""
    wish = NewPurchase(
        id=number("purchase", "laptops"), organisation=organisation("ACSRV"),
        title="Ordinateurs portables de la tournée",
        procedure="quotes", supplier=SHOP["laptop"], reason="La moins chère des trois offres, garantie de trois ans.",
        order_number="BC-2020-118", ordered_on=date(2020, 9, 7),
        commitments=[{"operation": REAL, "line": "L3.1", "cents": 2_150_000}],
    )  # fmt: skip
    row = do(purchases.open_one, wish, by=finance(house), at=at)
    if folder:
        for n in range(3):
            put_on(
                row, "quote", f"Devis {n + 1}", bill(f"Devis n° {n + 1}", SHOP["laptop"]), folder, finance(house), at
            )
        put_on(
            row, "order", "BC-2020-118", bill("Bon de commande BC-2020-118", SHOP["laptop"]), folder, finance(house), at
        )


def _things(house: House, payer: str, kind: Kind, folder: Path | None, *, at: datetime) -> None:
    """One invoice for all the things of a model that an organisation bought, with its cents spread over them."""
    owners = [organisation(short) for short in (payer, *(("AMQR",) if payer == "ACSRV" else ()))]
    query = select(Device).join(DeviceModel, DeviceModel.id == Device.model_id).where(DeviceModel.name == kind.name)
    mine = session().scalars(query.where(Device.owner_id.in_(owners), Device.acquired_on == kind.bought))
    things = sorted(mine, key=lambda device: device.id)
    if not things:
        return
    gross = kind.cents * len(things) + (CARRIAGE if kind.short == "ThinkPad L14" else 0)
    net = round(gross / 1.2)
    own = purchases_of_laptops() if payer == "ACSRV" and kind.category == "laptop" else None
    wish = NewExpense(
        id=number("bill", payer, kind.short), organisation=organisation(payer), supplier=SHOP[kind.category],
        number=f"F-{kind.bought:%y%m}-{KINDS.index(kind) + 1}-{payer}", issued_on=kind.bought,
        purchase=own, operation=REAL,
        lines=[{"words": kind.name, "quantity": len(things), "net_cents": net, "vat_cents": gross - net,
                "line": None if kind.short == "Ultimaker S3" else LINE_OF[kind.category]}],
    )  # fmt: skip
    row = do(expenses.enter, wish, by=keeper(house), at=at)
    tie = TieThings(id=number("tie", payer, kind.short), line=row.lines[0].id, devices=[one.code for one in things])
    do(tied.tie, tie, row, by=keeper(house), at=at)
    if kind.short == "Ultimaker S3":
        _split(row, keeper(house), at=at)
    _paid(row, kind.bought + timedelta(days=28), keeper(house), f"{payer} {kind.short}", folder, at=at)
    for one in things:
        settled = SettleAsset(
            id=number("settle", one.code), in_service_on=kind.bought, months=USED_MONTHS.get(kind.short, 36),
            treatment="fixed_asset" if kind.cents > CHEAP else "charge", account=accounts.usual_account(one),
        )  # fmt: skip
        do(accounts.settle, settled, one, by=keeper(house), at=at)


def purchases_of_laptops() -> Any:
    return number("purchase", "laptops")


def _split(row: Expense, me: Me, *, at: datetime) -> None:
    """The big printer serves two lines: seventy and thirty percent."""
    for line, percent in (("L3.3", 7000), ("L3.4", 3000)):
        wish = Allocate(
            id=number("split", line), operation=REAL, budget_line=line, line=row.lines[0].id, percent=percent
        )
        do(allocations.allocate, wish, row, by=me, at=at)


def _paid(row: Expense, day: date, me: Me, name: str, folder: Path | None, *, at: datetime) -> None:
    wish = Pay(id=number("pay", name), debited_on=day, proof="bank_statement")
    do(payments.pay, wish, row, by=me, at=at)
    if folder:
        for kind, title in (("invoice", f"Facture {row.number}"), ("delivery_note", "BL signé"),
                            ("payment_proof", f"Relevé bancaire, {day:%m/%Y}")):  # fmt: skip
            put_on(row, kind, title, bill(title, row.supplier), folder, me, at)


def _bill(house: House, row: tuple[str, str, str, int, int, date, int | None], *, at: datetime) -> None:
    supplier, words, line, net, vat, day, after = row
    wish = NewExpense(
        id=number("bill", words), organisation=organisation("ACSRV"), supplier=supplier, number=f"F-{day:%y%m%d}",
        issued_on=day, operation=REAL, lines=[{"words": words, "net_cents": net, "vat_cents": vat, "line": line}],
        paid_on=day + timedelta(days=after) if after else None,
    )  # fmt: skip
    do(expenses.enter, wish, by=finance(house), at=at)


def _salaries(house: House, start: date, n: int, *, at: datetime) -> None:
    """A quarter of the posts, as the payroll adds them up: nobody is named."""
    last = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1) - timedelta(days=1)
    wish = NewExpense(
        id=number("salaries", n), organisation=organisation("ACSRV"), kind="personnel", operation=REAL,
        number=f"PAIE-{start.year}-T{n % 4 + 1}", issued_on=last, from_day=start, to_day=last, paid_on=last,
        means="payroll", lines=[{"words": f"Personnel affecté, trimestre {n % 4 + 1} de {start.year}",
                                 "net_cents": PERSONNEL, "line": "L1"}],
    )  # fmt: skip
    do(expenses.enter, wish, by=finance(house), at=at)


def _afterwards(house: House, *, at: datetime) -> None:
    """An amendment between two lines, an overrun somebody answers for, and what the funders paid so far."""
    me, row = finance(house), _operation(REAL)
    for code, cents in (("L6", -250_000), ("L4", 250_000)):
        wish = Amend(
            id=number("amend", code), decided_on=date(2021, 6, 30), delta_cents=cents,
            reference="Avenant n° 1 (fictif)",
            reason="Moins d’affiches, plus d’heures de formation.",
        )  # fmt: skip
        do(budget.amend, wish, budget.get(row, code), by=me, at=at)
    line = budget.get(row, "L7")
    accept = AcceptOverrun(id=number("accept", "L7"), reason="Ateliers doublés en 2021. Un avenant reste à demander.")
    do(budget.accept, accept, line, 1_684_500, by=keeper(house), at=at)
    for n, (kind, funder, cents, day) in enumerate((
        ("advance", "UE_FEDER", 18_211_960, date(2020, 9, 30)),
        ("interim", "UE_FEDER", 45_529_900, date(2022, 4, 14)),
        ("interim", "REGION_HDF", 1_000_000, date(2021, 7, 8)),
    )):  # fmt: skip
        came = Receive.model_validate(
            {"id": number("receipt", n), "kind": kind, "funder": funder, "cents": cents, "received_on": day}
        )
        do(receipts.receive, came, row, by=me, at=at)
    passed = Receive(
        id=number("receipt", "passed"), kind="passed_on", organisation=organisation("ACSM"), cents=2_860_000,
        received_on=date(2022, 5, 6), words="Part de l’acompte FEDER",
    )  # fmt: skip
    do(receipts.receive, passed, row, by=me, at=at)
