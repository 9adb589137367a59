"""What `flask verify` asks of reminders, stops and notes: each is what its act tells of, as long as it may be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import session, walk
from app.history import Act, count_of, of_kind
from app.inventory.models import GivenCode
from app.inventory.told import check_told
from app.lending import ladder
from app.lending.contacts import said
from app.lending.models import Loan, LoanLine
from app.lending.reminder_models import MESSAGES, ContactNote, Reminder, ReminderLine, ReminderRung, ReminderStop
from app.people.checks import kept_of, merges
from app.people.models import Household

SETTLED = "reminder_done"
_done = aliased(Act)


def check_reminders() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_reminders()
    yield from _check_lines()
    yield from _check_rungs()
    yield from check_told(ContactNote, {"contact"}, _same_note)
    yield from check_told(ReminderStop, {"reminders_stop"}, _same_stop)
    yield from _check_lifted()


def _check_reminders() -> Iterator[str]:
    """A reminder is one of those its act made, and was settled by an act that names it."""
    merged, found, settled = merges(), 0, 0
    query = (
        select(Reminder, Household.code, Act, _done)
        .join(Household, Household.id == Reminder.household_id)
        .outerjoin(Act, Act.id == Reminder.act_id)
        .outerjoin(_done, _done.id == Reminder.done_act_id)
    )
    for row, code, act, done in walk(query):
        found, settled = found + 1, settled + (done is not None)
        if not _as_told(row, code, act, merged):
            yield f"reminder {row.id}: not what its act tells of"
        told = (done.kind, done.told.get("reminder"), done.told.get("outcome")) if done else None
        if (row.outcome or done) and told != (SETTLED, row.uuid.hex, row.outcome):
            yield f"reminder {row.id}: no act settled it so"
    left = count_of(SETTLED) - count_of("reminder_reopen")
    if found != sum(len(act.told["made"]) for act in of_kind("remind")) or settled != left:
        yield "reminder: a row for each that was made and settled was due"


def _as_told(row: Reminder, code: str, act: Act | None, merged: dict[str, str]) -> bool:
    if act is None or act.kind != "remind":
        return False
    made = {uuid: (way, kind) for uuid, way, kind, _lines in act.told["made"]}
    did = (act.centre_id, kept_of(act.subject, merged), act.told.get("day"))
    same = made.get(row.uuid.hex) == (row.way, row.kind) and did == (row.centre_id, code, row.day.isoformat())
    alone = row.alone_on in ({row.day, None} if code != act.subject else {row.day if row.way in MESSAGES else None})
    return same and alone and (row.letter_id is not None) == (row.way == "mail")


def _check_lines() -> Iterator[str]:
    """The things of a reminder are those its act tells of."""
    told: dict[str, list[list[str]]] = {}
    for act in of_kind("remind"):
        told |= {uuid: lines for uuid, _way, _kind, lines in act.told["made"]}
    query = select(ReminderLine, Reminder, Loan.uuid, GivenCode.code)
    query = query.outerjoin(Reminder, Reminder.id == ReminderLine.reminder_id)
    query = query.join(LoanLine, LoanLine.id == ReminderLine.line_id).join(Loan, Loan.id == LoanLine.loan_id)
    seen: dict[int, int] = {}
    for row, whose, uuid, code in walk(query.outerjoin(GivenCode, GivenCode.device_id == LoanLine.device_id)):
        seen.setdefault(row.id, 0)
        lines = told.get(whose.uuid.hex, []) if whose else []
        part = whose and (whose.way if whose.way in {"visit", "decision"} else "message")
        seen[row.id] += [uuid.hex, code, row.due_on.isoformat(), row.kind] in lines and row.part == part
    yield from (f"reminder_line {number}: not what its act tells of" for number, times in seen.items() if not times)
    if len(seen) != sum(map(len, told.values())):
        yield "reminder_line: a row for each thing told of was due"


def _check_rungs() -> Iterator[str]:
    """A rung is as the last act about it left it."""
    last = {(act.centre_id, act.told["rung"]): act for act in of_kind("reminder_rung")}
    rows = session().scalars(select(ReminderRung)).all()
    for row in rows:
        act = last.get((row.centre_id, row.kind))
        names = ("days", "used", "subject", "words", "subject_en", "words_en")
        said = ladder.told_of({name: getattr(row, name) for name in names})
        if act is None or (act.id, act.told["said"]) != (row.act_id, said):
            yield f"reminder_rung {row.id}: not what its act tells of"
    if len(rows) != len(last):
        yield "reminder_rung: a row for each rung that was changed was due"


def _same_note(row: ContactNote, act: Act) -> bool:
    """What was said is proved while it is kept; afterwards nothing of it is left, the salt neither."""
    told = {"kind": row.kind, "words": row.words, "come_on": row.come_on}
    gone = row.salt is None and not any(told.values())
    kept = row.salt is not None and said(row.salt, **told) == act.told.get("said")
    return (gone or kept) and _of_loan(row, act) and (act.occurred_at, act.author) == (row.at, row.by)


def _same_stop(row: ReminderStop, act: Act) -> bool:
    gone = row.salt is None and row.reason is None
    return (gone or (row.salt is not None and said(row.salt, reason=row.reason) == act.told.get("said"))) and _of_loan(
        row, act
    )


def _of_loan(row: Any, act: Act) -> bool:
    loan = session().get(Loan, row.loan_id)
    if loan is None or (loan.uuid.hex, loan.centre_id, row.centre_id) != (
        act.told.get("loan"),
        act.centre_id,
        act.centre_id,
    ):
        return False
    return getattr(row, "household_id", loan.household_id) == loan.household_id


def _check_lifted() -> Iterator[str]:
    """A stop is lifted by an act about its loan, and each such act lifted one."""
    acts = Counter(act.told["loan"] for act in of_kind("reminders_resume"))
    query = select(ReminderStop, Act, Loan.uuid).outerjoin(Act, Act.id == ReminderStop.lifted_act_id)
    rows = [(row, act, uuid.hex) for row, act, uuid in walk(query.join(Loan, Loan.id == ReminderStop.loan_id))]
    lifted = Counter(loan for row, _act, loan in rows if row.lifted_act_id)
    for row, act, loan in rows:
        by = (act.kind, act.told.get("loan")) if act else None
        if (row.lifted_act_id and by != ("reminders_resume", loan)) or lifted[loan] != acts[loan]:
            yield f"reminder_stop {row.id}: it is lifted and no act did so, or the reverse"
