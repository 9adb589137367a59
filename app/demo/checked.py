"""On-the-spot checks of the demo world: all invented, also where the operation is real."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.db import session
from app.demo.budgeted import FICTION, REAL
from app.demo.house import House, Plan, do, number
from app.demo.money import finance
from app.finance import spot_checks, spot_findings, spot_samples
from app.finance.models import Operation
from app.finance.spot_check_forms import (
    AnswerFinding,
    ConcludeCheck,
    CorrectFinding,
    DrawSample,
    FromShelf,
    LookedFor,
    NewCheck,
    NewFinding,
    ReplyCheck,
)
from app.finance.spot_check_models import SpotCheck
from app.people.roles import Me

NOTES = "Contrôle inventé pour la démonstration."
SAMPLED = 8


def looked_at(house: House) -> Plan:
    """A visit of 2022 that ended well, an audit whose answer is still due, and a sample half looked for."""
    for days_ago, act in ((245, _visit), (12, _audit), (2, _half_way)):
        at = house.moment(days_ago)
        yield at, partial(act, house, at=at)


def _open(house: House, operation: str, *, at: datetime, **card: Any) -> SpotCheck:
    row = session().scalars(select(Operation).where(Operation.number == operation)).one()
    wish = NewCheck(id=number("spot check", operation, card["kind"]), notes=NOTES, **card)
    return do(spot_checks.open_one, wish, row, by=finance(house), at=at)


def _visit(house: House, *, at: datetime) -> None:
    """Eight things drawn and one not seen, three from the shelf, one finding that was answered: nothing taken back."""
    me = finance(house)
    check = _open(
        house, REAL, at=at, kind="on_the_spot", body="Région Hauts-de-France, contrôle de second niveau (fictif)",
        checked_on=date(2022, 5, 17), answer_due_on=date(2022, 6, 17),
    )  # fmt: skip
    do(spot_samples.draw, DrawSample(id=number("spot draw", "visit"), count=SAMPLED), check, by=me, at=at)
    _looked_for(check, me, SAMPLED, at=at)
    others = spot_samples.drawn_from(check, me, but={item.device_id for item in spot_samples.of(check)})
    shelf: tuple[dict[str, str], ...] = (
        {"found": others[0].code}, {"found": others[1].code}, {"words": "Souris sans fil, achetée hors opération"},
    )  # fmt: skip
    for n, one in enumerate(shelf):
        do(spot_samples.from_shelf, FromShelf(id=number("spot shelf", n), **one), check, by=me, at=at)
    finding = {"words": "L’étiquette européenne d’un matériel est décollée.", "device": others[0].code}
    _found(check, 1, 0, me, at=at, **finding)
    said = AnswerFinding(
        id=number("spot answer"), answer="Étiquette reposée le 2 juin, photo jointe.", answered_on=date(2022, 6, 3)
    )
    do(spot_findings.answer, said, check, 1, by=me, at=at)
    reply = ReplyCheck(id=number("spot reply"), answered_on=date(2022, 6, 10))
    do(spot_checks.reply, reply, check, by=me, at=at)
    end = ConcludeCheck(id=number("spot end"), concluded_on=date(2022, 9, 1))
    do(spot_checks.conclude, end, check, by=me, at=at)


def _looked_for(check: SpotCheck, me: Me, many: int, *, at: datetime) -> None:
    """So many were looked for, and all of them seen but the last."""
    for item in spot_samples.of(check)[:many]:
        missing = {"result": "not_seen", "words": "En réparation ce jour-là, bon de dépôt montré"}
        code = item.device.code if item.device else ""
        wish = LookedFor.model_validate(
            {"id": number("spot look", check.kind, code), "thing": code} | (missing if item.number == many else {})
        )
        do(spot_samples.look_for, wish, check, by=me, at=at)


def _audit(house: House, *, at: datetime) -> None:
    """Two findings: of one the euros are settled, the other waits like the answer."""
    me = finance(house)
    check = _open(
        house, FICTION, at=at, kind="operation_audit", body="Cabinet Preuves et Pièces (fictif)",
        checked_on=house.today - timedelta(days=20), answer_due_on=house.today + timedelta(days=9),
    )  # fmt: skip
    small = "Sur l’affiche du lancement, l’emblème européen est plus petit que les autres logos."
    _found(check, 1, 18_000, me, at=at, words=small, line="4")
    sheets = "Deux feuilles de temps du premier trimestre ne sont pas signées."
    _found(check, 2, None, me, at=at, words=sheets, line="1")


def _half_way(house: House, *, at: datetime) -> None:
    """A check that goes on: six things drawn, three of them looked for, one met on the shelf."""
    me = finance(house)
    body = "Région Hauts-de-France, service instructeur (fictif)"
    check = _open(house, REAL, at=at, kind="service_fait", body=body, checked_on=house.today - timedelta(days=2))
    do(spot_samples.draw, DrawSample(id=number("spot draw", "half"), count=6), check, by=me, at=at)
    _looked_for(check, me, 3, at=at)
    other = spot_samples.drawn_from(check, me, but={item.device_id for item in spot_samples.of(check)})[0]
    shelf = FromShelf(id=number("spot shelf", "half"), found=other.code)
    do(spot_samples.from_shelf, shelf, check, by=me, at=at)


def _found(check: SpotCheck, n: int, cents: int | None, me: Me, *, at: datetime, **finding: str) -> None:
    name = (check.operation.number, n)
    do(spot_findings.add, NewFinding(id=number("spot finding", *name), **finding), check, by=me, at=at)
    if cents is not None:
        wish = CorrectFinding(id=number("spot correction", *name), correction_cents=cents)
        do(spot_findings.correct, wish, check, n, by=me, at=at)
