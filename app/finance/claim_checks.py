"""What `flask verify` asks of claims: drafts, pieces and answers are what their acts tell, and totals are sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app.db import session, walk, walk_one
from app.finance import claims, records
from app.finance.allocation_models import Allocation
from app.finance.claim_models import Claim, Piece
from app.finance.models import BudgetLine, Operation
from app.history import Act, of_kind
from app.history.seals import digest


def check_claims() -> Iterator[str]:
    """Each claim is what its acts tell: drafted, filed with these pieces, answered so."""
    numbers = set(walk_one(select(Operation.id)))

    def told(row: Claim) -> records.Facts:
        return claims.facts(row) if row.operation_id in numbers else {}

    yield from records.check(Claim, "claim_new", "claim_edit", told=told)
    yield from records.check_gone(Claim, lambda row: row.name)
    filed = {act.subject: act for act in of_kind("claim_file")}
    answered = {act.subject: act for act in of_kind("claim_answer")}
    names = {row.id: row.name for row in walk_one(select(Claim))}
    taken = {name: subject for subject, act in filed.items() for name in act.told.get("taken", [])}
    for row in walk_one(select(Claim)):
        if _stands(row, names) != _due(row, filed.get(row.name), answered.get(row.name), taken):
            yield f"claim {row.id}: not in the state its acts tell"
    yield from _check_pieces(filed, answered)


def _stands(row: Claim, names: dict[int, str]) -> tuple[Any, ...]:
    lead = names.get(row.lead_claim_id) if row.lead_claim_id else None
    on = row.filed_on.isoformat() if row.filed_on else None
    return row.state, row.number, on, row.total_cents, row.filed_act_id, row.answered_act_id, lead


def _due(row: Claim, filed: Act | None, answered: Act | None, taken: dict[str, str]) -> tuple[Any, ...]:
    lead = taken.get(row.name)
    if filed is None:
        return "draft", None, None, 0, None, None, lead
    told, state = filed.told, "answered" if answered else "filed"
    head = (state, told.get("number"), told.get("filed_on"), told.get("total"))
    return (*head, filed.id, answered.id if answered else None, lead)


def _check_pieces(filed: dict[str, Act], answered: dict[str, Act]) -> Iterator[str]:
    rows = list(walk_one(select(Piece).order_by(Piece.claim_id, Piece.number)))
    uuids = dict(walk(select(Claim.id, Claim.uuid)))
    numbers = {uuid: f"claim:{uuid.hex}" for uuid in uuids.values()}
    put_down = {n: uuid.hex for n, uuid in walk(select(Allocation.id, Act.uuid).join(Act, Act.id == Allocation.act_id))}
    codes = dict(walk(select(BudgetLine.id, BudgetLine.code)))
    said = {n: list(filed[name].told.get("pieces", [])) for n, u in uuids.items() if (name := numbers[u]) in filed}
    parts = ((row.claim_id, row.id, _told(row, codes, put_down)) for row in rows)
    yield from records.check_parts("claim_piece", parts, said)
    accepted = {
        (n, one[0]): (one[1], one[2])
        for n, u in uuids.items()
        if (name := numbers[u]) in answered
        for one in answered[name].told.get("accepted", [])
    }
    for row in rows:
        due = accepted.get((row.claim_id, row.number), (None, digest("")))
        if (row.accepted_cents, digest(row.reason)) != due:
            yield f"claim_piece {row.id}: not answered as its act tells"


def _told(row: Piece, codes: dict[int, str], put_down: dict[int, str]) -> records.Facts:
    other = session().get(Piece, row.corrects_id) if row.corrects_id else None
    corrects = [other.claim.number, other.number] if other else None
    by = put_down.get(row.allocation_id) if row.allocation_id else None
    return claims.told_of(row.number, row.kind, codes.get(row.budget_line_id, ""), row.cents, row.words, by, corrects)
