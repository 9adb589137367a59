"""What `flask verify` asks of on-the-spot checks: card, samples and findings are what their last acts tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from app.db import walk, walk_one
from app.finance import records, spot_checks, spot_findings, spot_samples
from app.finance.models import BudgetLine, Operation
from app.finance.spot_check_models import SpotCheck, SpotFinding, SpotItem
from app.history import of_kind
from app.inventory.models import Device
from app.people.models import Centre

_CARD = ("spot_check_new", "spot_check_edit", "spot_check_reply", "spot_check_conclude", "spot_check_reopen")
_FINDING = ("spot_finding_new", "spot_finding_answer", "spot_finding_correct")
_SAMPLE = ("spot_sample", "spot_shelf", "spot_look_for")
NOWHERE = "?"  # what a number is called that nothing bears


def check_spot_checks() -> Iterator[str]:
    numbers, centres = dict(walk(select(Operation.id, Operation.number))), dict(walk(select(Centre.id, Centre.code)))

    def told(row: SpotCheck) -> records.Facts:
        return spot_checks.facts(row, numbers.get(row.operation_id), _called(centres, row.centre_id))

    yield from records.check(SpotCheck, *_CARD, told=told, also=lambda row, act: act.subject == row.name)
    yield from records.check_gone(SpotCheck, lambda row: row.name)
    uuids = {number: uuid.hex for number, uuid in walk(select(SpotCheck.id, SpotCheck.uuid))}
    codes = dict(walk(select(Device.id, Device.code)))
    yield from _check_findings(uuids, codes)
    yield from _check_samples(uuids, codes)


def _called(names: Mapping[int, str], number: int | None) -> str | None:
    return None if number is None else names.get(number, NOWHERE)


def _check_findings(uuids: Mapping[int, str], codes: Mapping[int, str]) -> Iterator[str]:
    lines = dict(walk(select(BudgetLine.id, BudgetLine.code)))

    def told(row: SpotFinding) -> records.Facts:
        return spot_findings.facts(row, _called(lines, row.budget_line_id), _called(codes, row.device_id))

    subject = {number: f"spot_check:{uuid}" for number, uuid in uuids.items()}
    yield from records.check(
        SpotFinding, *_FINDING, told=told, also=lambda row, act: act.subject == subject.get(row.check_id)
    )
    yield from records.check_gone(
        SpotFinding, lambda row: spot_findings.name_of(uuids.get(row.check_id, NOWHERE), row.number)
    )


def _check_samples(uuids: Mapping[int, str], codes: Mapping[int, str]) -> Iterator[str]:
    """Each thing is what the last act that tells of it says, and none that an act tells of is missing."""
    due = {(act.subject, one["number"]): (act.id, one) for act in of_kind(*_SAMPLE) for one in act.told["items"]}
    for row in walk_one(select(SpotItem).order_by(SpotItem.id)):
        said = spot_samples.facts(row, _called(codes, row.device_id))
        if due.pop((f"spot_check:{uuids.get(row.check_id)}", row.number), None) != (row.act_id, said):
            yield f"spot_check_item {row.id}: not what its act tells of"
    for subject, number in due:
        yield f"spot_check_item: thing {number} of {subject} is gone"
    yield from records.check_gone(
        SpotItem, lambda row: spot_samples.name_of(uuids.get(row.check_id, NOWHERE), row.number)
    )
