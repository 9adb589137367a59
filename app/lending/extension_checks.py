"""What `flask verify` asks of days that moved, and of what households asked: each by its act, from day to day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import session, walk
from app.history import Act, of_kind
from app.inventory.models import CustodyLink
from app.lending import requests
from app.lending.models import Extension, ExtensionRequest, Loan, LoanLine

MOVES = ("extend", "extend_undo", "loan_recall", "loan_recall_undo")
_NOBODY: tuple[Any, ...] = (None, None, None)


def check_extensions() -> Iterator[str]:
    """An extension moved the day its thing is due, by its act, from the day it was due before."""
    until: dict[int, str] = {}
    turn: Counter[int] = Counter()
    query = (
        select(Extension, Act, Loan.uuid, CustodyLink.act_id)
        .join(Act, Act.id == Extension.act_id)
        .join(LoanLine, LoanLine.id == Extension.line_id)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(CustodyLink, CustodyLink.id == LoanLine.link_id)
        .order_by(Extension.id)
    )
    for row, act, uuid, left_by in walk(query):
        # What left instead of another thing is due when that one was by then: the act by which it left says it.
        before = until.get(row.line_id) or (left.told.get("due_on") if (left := session().get(Act, left_by)) else None)
        told = (act.kind in MOVES, act.told.get("loan"), _told_day(act, turn[act.id]))
        if told != (True, uuid.hex, row.to_day.isoformat()) or before != row.from_day.isoformat():
            yield f"extension {row.id}: does not agree with its act"
        until[row.line_id] = row.to_day.isoformat()
        turn[act.id] += 1
    for act in of_kind(*MOVES):
        if turn[act.id] != len(act.told.get("devices", [])):
            yield f"extension: act {act.id} moved {turn[act.id]} days"


def _told_day(act: Act, turn: int) -> object:
    """The day of the thing in that place; acts of before told one day for all of them."""
    days = act.told.get("days")
    return act.told.get("due_on") if days is None else days[turn] if turn < len(days) else None


def check_requests() -> Iterator[str]:
    """A wish is what its act asked, and answered as the last act about it says."""
    last = _last_answers()
    mine, uuids = aliased(Act), aliased(Loan)
    query = select(ExtensionRequest, mine, uuids.uuid).join(mine, mine.id == ExtensionRequest.act_id)
    told = 0
    for row, act, uuid in walk(query.join(uuids, uuids.id == ExtensionRequest.loan_id)):
        told += act.kind == "extension_ask"
        if not _asked(row, act, uuid.hex):
            yield f"extension_request {row.id}: not what its act asked"
        elif fault := _fault_of(row, act, last.get(row.id)):
            yield f"extension_request {row.id}: {fault}"
    if told != sum(1 for _act in of_kind("extension_ask")):
        yield "extension_request: a row for each act was due"


def _last_answers() -> dict[object, Act]:
    kinds = ("extend", "extension_refuse", "extend_undo")
    return {act.told["request"]: act for act in of_kind(*kinds) if "request" in act.told}


def _asked(row: ExtensionRequest, act: Act, loan: str) -> bool:
    known = (act.told.get("loan"), act.told.get("due_on"), act.centre_id)
    if known != (loan, row.wished_on.isoformat(), row.centre_id):
        return False
    if act.kind == "extension_ask":
        return bool((act.told.get("devices"), act.told.get("how")) == (row.devices, row.how))
    return act.kind == "extend" and "said" in act.told and row.how == "desk"


def _fault_of(row: ExtensionRequest, act: Act, last: Act | None) -> str:
    answered = (row.answered_at, row.answered_by, row.answer_act_id)
    if act.kind == "extend":  # granted as it was asked; only its own undoing ends it
        last = session().get(Act, row.answer_act_id) if row.answer_act_id else None
        if last is None or (last.id != act.id and last.told.get("undoes") != act.uuid.hex):
            return "not answered by the act that asked"
    states = {"extend": "granted", "extension_refuse": "refused", "extend_undo": "undone"}
    by = (last.occurred_at, last.author, last.id) if last else _NOBODY
    state = states[last.kind] if last else "open"
    if last and last.kind == "extend_undo" and act.kind != "extend":
        state, by = "open", _NOBODY
    if (row.state, answered) != (state, by):
        return "not answered so"
    told = last.told.get("said") if last and state in {"granted", "refused"} else None
    return "" if row.reason is None or told == requests.said(row.reason) else "its reason is not what was said"
