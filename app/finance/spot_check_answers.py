"""What people and programs are told of on-the-spot checks. Money is whole cents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from app.finance import spot_findings, spot_samples
from app.finance.spot_check_models import SpotCheck, SpotFinding, SpotItem
from app.inputs import Answer
from app.inventory.states import State
from app.sheets.writing import Cell
from app.web.listing import ListAnswer
from app.web.looks import plain_date
from app.words import _, spoken

Result = Literal["seen", "not_seen", "in_register", "not_in_register"]


class SpotItemAnswer(Answer):
    """`result`: of a thing drawn from the register, none while nobody looked for it."""

    number: int
    direction: Literal["register", "shelf"]
    device: str | None
    name: str
    result: Result | None
    words: str


class SpotFindingAnswer(Answer):
    """`correction_cents`: what is taken back for it; none while that is not settled."""

    number: int
    words: str
    line: str | None
    device: str | None
    answer: str
    answered_on: date | None
    correction_cents: int | None


class SpotCheckAnswer(Answer):
    """`correction_cents`: what is taken back so far, the sum of its findings. `seen` and `not_seen` count things."""

    id: UUID
    operation: str
    kind: str
    body: str
    checked_on: date
    centre: str | None
    answer_due_on: date | None
    answered_on: date | None
    concluded_on: date | None
    withdrawn: bool
    drawn: int
    seen: int
    not_seen: int
    from_shelf: int
    not_in_register: int
    correction_cents: int


class SpotCheckCard(SpotCheckAnswer):
    notes: str
    items: list[SpotItemAnswer]
    findings: list[SpotFindingAnswer]


SpotChecks = ListAnswer[SpotCheckAnswer]
RESULTS: Mapping[str, State] = {
    "": State(_("To look for"), "tocheck", "wait"),
    "seen": State(_("Seen"), "ok", "free"),
    "not_seen": State(_("Not seen"), "warn", "alarm"),
    "in_register": State(_("In the register"), "ok", "free"),
    "not_in_register": State(_("Not in the register"), "warn", "alarm"),
}
DIRECTIONS = {"register": _("From the register to the shelf"), "shelf": _("From the shelf to the register")}
HEADS = (
    _("Sample"), _("No."), _("Code"), _("Inventory number"), _("Serial number"), _("What it is"), _("Result"),
    _("Note"),
)  # fmt: skip


def look(check: SpotCheck, day: date) -> State:
    """Where a check stands on that day, in words."""
    if check.gone_act_id is not None:
        return State(_("Check taken back"), "gone", "gone")
    if check.concluded_on is not None:
        return State(_("Concluded on %(day)s", day=plain_date(check.concluded_on)), "ok", "free")
    if check.answered_on is not None:
        return State(_("Our answer went out on %(day)s", day=plain_date(check.answered_on)), "out", "out")
    if check.is_late(day):
        return State(_("Answer late, due on %(day)s", day=_due(check)), "late", "alarm")
    if check.answer_due_on is not None:
        return State(_("Answer due on %(day)s", day=_due(check)), "tocheck", "wait")
    return State(_("Going on"), "tocheck", "wait")


def _due(check: SpotCheck) -> str:
    return plain_date(check.answer_due_on) if check.answer_due_on else ""


def result(item: SpotItem) -> Result | None:
    """What came of a thing; one from the shelf is in the register when a number it bears found it there."""
    if item.direction == "shelf":
        return "in_register" if item.device_id else "not_in_register"
    if item.result is None:
        return None
    return "seen" if item.result == "seen" else "not_seen"


def called(item: SpotItem) -> str:
    return item.device.name if item.device else item.words


def spot_check(check: SpotCheck) -> SpotCheckAnswer:
    return SpotCheckAnswer(**_head(check, spot_samples.of(check), spot_findings.of(check)))


def card(check: SpotCheck) -> SpotCheckCard:
    items, findings = spot_samples.of(check), spot_findings.of(check)
    return SpotCheckCard(
        **_head(check, items, findings),
        notes=check.notes,
        items=[_item(one) for one in items],
        findings=[finding(one) for one in findings],
    )


def _head(check: SpotCheck, items: Sequence[SpotItem], findings: Sequence[SpotFinding]) -> dict[str, object]:
    found = [result(one) for one in items]
    same = {name: getattr(check, name) for name in ("kind", "body", "checked_on", "answer_due_on", "answered_on")}
    return same | {
        "id": check.uuid,
        "operation": check.operation.number,
        "centre": check.centre.code if check.centre else None,
        "concluded_on": check.concluded_on,
        "withdrawn": check.gone_act_id is not None,
        "drawn": sum(one.direction == "register" for one in items),
        "seen": found.count("seen"),
        "not_seen": found.count("not_seen"),
        "from_shelf": sum(one.direction == "shelf" for one in items),
        "not_in_register": found.count("not_in_register"),
        "correction_cents": sum(one.correction_cents or 0 for one in findings),
    }


def _item(one: SpotItem) -> SpotItemAnswer:
    code = one.device.code if one.device else None
    known = {name: getattr(one, name) for name in ("number", "direction", "words")}
    return SpotItemAnswer(**known, device=code, name=called(one), result=result(one))


def finding(one: SpotFinding) -> SpotFindingAnswer:
    names = ("number", "words", "answer", "answered_on", "correction_cents")
    line, device = one.budget_line, one.device
    about = {"line": line.code if line else None, "device": device.code if device else None}
    return SpotFindingAnswer(**{name: getattr(one, name) for name in names}, **about)


def table(check: SpotCheck) -> Iterator[Sequence[Cell]]:
    """Both samples, thing by thing."""
    for one in sorted(spot_samples.of(check), key=lambda item: (item.direction, item.number)):
        device, note = one.device, one.words if one.device else None
        bears = (device.code, device.inventory_number, device.serial_number) if device else (None, None, None)
        said = spoken(RESULTS[result(one) or ""].word)
        yield [spoken(DIRECTIONS[one.direction]), one.number, *bears, called(one), said, note]
