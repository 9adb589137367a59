"""On-the-spot checks for tests: one in a line, and one of everything they leave behind."""

from __future__ import annotations

from typing import Any

from app.finance import spot_checks, spot_findings, spot_samples
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
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
from app.inventory.models import Device
from app.people.roles import Me
from tests.make import World, do, make_device

CARD = {"kind": "on_the_spot", "body": "Région Hauts-de-France", "checked_on": "2022-05-17"}


def begun(world: World, row: Operation, by: Me | None = None, **over: Any) -> SpotCheck:
    return do(spot_checks.open_one, NewCheck(**CARD | over), row, by=by or world.me("finn"))


def drawn(world: World, check: SpotCheck, **wish: Any) -> list[str]:
    """The codes of the sample once this was drawn."""
    do(spot_samples.draw, DrawSample(**wish), check, by=world.me("finn"))
    return [item.device.code for item in spot_samples.of(check)]


def look(world: World, check: SpotCheck, thing: str, result: str = "seen", words: str = "") -> None:
    do(spot_samples.look_for, LookedFor(thing=thing, result=result, words=words), check, by=world.me("finn"))


def found(world: World, check: SpotCheck, words: str = "Étiquette absente", **over: Any) -> int:
    return do(spot_findings.add, NewFinding(words=words, **over), check, by=world.me("finn")).number


def furnished(row: Operation, device: Device, by: Me) -> dict[str, Any]:
    """A check that goes on, with a thing drawn and a finding."""
    check = do(spot_checks.open_one, NewCheck(**CARD), row, by=by)
    do(spot_samples.draw, DrawSample(things=device.code), check, by=by)
    finding = do(spot_findings.add, NewFinding(words="Étiquette absente"), check, by=by)
    return {"spot_check": str(check.uuid), "spot_item": 1, "spot_finding": finding.number}


def fill(world: World, row: Operation) -> None:
    """One concluded with both samples and its findings, some taken back; one that was itself taken back."""
    finn, thing = world.me("finn"), make_device(world)
    card = CARD | {"centre": world.centres["brebis"]}
    check = do(spot_checks.open_one, NewCheck(**card, notes="Test", answer_due_on="2022-06-17"), row, by=finn)
    do(spot_samples.draw, DrawSample(things=thing.code, count=1), check, by=finn)
    for result, item in (("seen", 1), ("not_seen", 2)):
        code = spot_samples.get(check, item).device.code
        do(spot_samples.look_for, LookedFor(thing=code, result=result, words="Test"), check, by=finn)
    for found in (thing.code, "5CD0"):
        do(spot_samples.from_shelf, FromShelf(found=found, words="Portable"), check, by=finn)
    for number in range(1, 4):
        do(spot_findings.add, NewFinding(words="Test", line="L1", device=thing.code), check, by=finn)
        do(spot_findings.correct, CorrectFinding(correction_cents=number), check, number, by=finn)
    do(spot_findings.answer, AnswerFinding(answer="Test", answered_on="2022-06-01"), check, 1, by=finn)
    do(spot_findings.withdraw, Withdraw(), check, 3, by=finn)
    do(spot_samples.take_off, Withdraw(), check, 4, by=finn)
    do(spot_checks.reply, ReplyCheck(answered_on="2022-06-10"), check, by=finn)
    do(spot_checks.conclude, ConcludeCheck(concluded_on="2022-09-01"), check, by=finn)
    again = do(spot_checks.open_one, NewCheck(**card), row, by=finn)
    do(spot_checks.withdraw, Withdraw(), again, by=finn)
