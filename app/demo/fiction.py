"""The next period's operation in the demo world: everything about it is invented, from its number to its last cent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from app.db import session
from app.demo.budgeted import FICTION, SPENT_SINCE
from app.demo.house import House, Plan, do, number
from app.demo.money import finance, keeper, organisation, plan_of
from app.finance import answering, budget, claims, expenses, operations, purchases
from app.finance.claim_forms import AnswerClaim, FileClaim, NewClaim
from app.finance.forms import NewLine, OpenOperation
from app.finance.models import Operation
from app.finance.spending_forms import NewExpense, NewPurchase
from app.inventory.arrivals import Delivery


def next_period(house: House) -> Plan:
    at = house.moment(40)
    yield at, partial(_open, house, at=at)


def _open(house: House, *, at: datetime) -> None:
    """The next period: everything about it is invented, from its number to its last cent."""
    me, began = finance(house), date(house.today.year - 2, 1, 1)
    card = OpenOperation(
        id=number("operation", FICTION), number=FICTION, name="Relais numériques de quartier (opération fictive)",
        programme="2021-2027", programme_name="PR Hauts-de-France FEDER-FSE+ 2021-2027 (fictif)",
        lead=organisation("ACSRV"), partners=[organisation("ACSM")], eligible_from=began,
        eligible_to=house.today + timedelta(days=200), paid_until=house.today + timedelta(days=290),
        note="Opération inventée pour la démonstration.",
    )  # fmt: skip
    row = do(operations.open_one, card, by=me, at=at)
    plan = (
        ("UE", "FEDER", "eu", 12_000_000, 6000, ""),
        ("REGION", "Région Hauts-de-France", "region", 2_000_000, 1000, ""),
        ("ACSM", "ACSM", "partner", 2_000_000, 1000, "ACSM"),
        ("ACSRV", "ACSRV, autofinancement", "self", 4_000_000, 2000, "ACSRV"),
    )
    plan_of(house, row, plan, at=at)
    for code, label, cents, things, over in (
        ("1", "Personnel", 13_000_000, False, {}),
        ("2", "Coûts indirects, forfait 15 %", 1_950_000, False, {"flat_rate": 1500, "bases": ["1"]}),
        ("3", "Matériel à prêter", 4_000_000, True,
         {"beneficiary": organisation("ACSM"), "funding_key": "beneficiary"}),
        ("4", "Communication", 1_050_000, False, {}),
    ):  # fmt: skip
        wish = NewLine(
            id=number("line", FICTION, code), code=code, label=label, initial_cents=cents, accepts_assets=things, **over
        )
        do(budget.add, wish, row, by=me, at=at)
    _ordered(house, at=at)
    _declared(house, row, at=at)


def _declared(house: House, row: Operation, *, at: datetime) -> None:
    """What was spent in it: a claim answered in part, one filed, and a draft."""
    me, began = finance(house), date(house.today.year - 2, 1, 1)
    for n, (words, cents, line) in enumerate(SPENT_SINCE):
        day = began + timedelta(days=90 * n + 60)
        bill = NewExpense(
            id=number("since", n), organisation=organisation("ACSRV"), kind="personnel" if line == "1" else "invoice",
            supplier="" if line == "1" else "Imprimerie du Terril (fictif)", number=f"S-{n + 1}", issued_on=day,
            operation=FICTION, paid_on=day, lines=[{"words": words, "net_cents": cents, "line": line}],
        )  # fmt: skip
        do(expenses.enter, bill, by=me, at=at)
    for n, title in enumerate(("Première remontée", "Deuxième remontée", "Troisième remontée")):
        until = began + timedelta(days=180 * (n + 1))
        wish = NewClaim(
            id=number("claim", n), organisation=organisation("ACSRV"), title=title, from_day=began, to_day=until
        )
        claim = do(claims.open_one, wish, row, by=me, at=at)
        if n < 2:  # noqa: PLR2004 - the third stays a draft
            do(claims.file, FileClaim(id=number("file", n), filed_on=until + timedelta(days=20)), claim, by=me, at=at)
        if n == 0:
            cut = [{"number": 1, "accepted_cents": 1_900_000, "reason": "Feuilles de temps incomplètes"}]
            told = AnswerClaim(id=number("reply", n), answered_on=until + timedelta(days=80), pieces=cut)
            do(answering.answer, told, claim, by=me, at=at)


def _ordered(house: House, *, at: datetime) -> None:
    """The twenty laptops whose delivery is half unpacked: ordered, and not invoiced yet."""
    came = session().scalars(select(Delivery.id).where(Delivery.order_number == "BC-2026-0412")).all()
    wish = NewPurchase(
        id=number("purchase", "twenty"), organisation=organisation("ACSM"), title="Vingt portables pour les foyers",
        procedure="framework", supplier="UGAP", order_number="BC-2026-0412",
        ordered_on=house.today - timedelta(days=60),
        commitments=[{"operation": FICTION, "line": "3", "cents": 1_653_600}], deliveries=list(came),
    )  # fmt: skip
    do(purchases.open_one, wish, by=keeper(house), at=at)
