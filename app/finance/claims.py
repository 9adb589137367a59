"""Claims (remontées de dépenses): drafted from what is paid, then filed with numbered pieces.

What is filed never changes: what was wrong in it is corrected in a later claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app import history
from app.db import change, draft, for_update, put, session
from app.errors import NotThere, Refused
from app.finance import claim_content, operations, purse, records
from app.finance.claim_content import Entry
from app.finance.claim_forms import ClaimCard, FileClaim, NewClaim
from app.finance.claim_models import Claim, Piece
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
from app.history import Act
from app.history.seals import digest
from app.people.roles import Me
from app.words import _

LOCKED = for_update(select(Claim), of=Claim)


def of(row: Operation, me: Me) -> Select[Claim]:
    """The claims of an operation that this person may see."""
    query = select(Claim).where(Claim.operation_id == row.id, Claim.gone_act_id.is_(None))
    return query.where(purse.mine_in(row, Claim.organisation_id, me))


def get(uuid: str, me: Me) -> Claim:
    found = session().scalars(select(Claim).where(Claim.uuid == records.number(uuid))).first()
    seen = found is not None and session().scalar(
        purse.operations(me).where(Operation.id == found.operation_id).with_only_columns(Operation.id)
    )
    if found is None or not seen or not _is_theirs(found, me):
        raise NotThere(_("There is no such claim."))
    return found


def _is_theirs(claim: Claim, me: Me) -> bool:
    return purse.sees_all(claim.operation, me) or claim.organisation_id in purse.own(me)


def pieces(claim: Claim) -> Sequence[Piece]:
    """Those of a filed claim, in the order of their numbers."""
    return session().scalars(select(Piece).where(Piece.claim_id == claim.id).order_by(Piece.number)).all()


def open_one(row: Operation, wish: NewClaim, *, by: Me, at: datetime) -> Claim:
    organisation = purse.payer(wish.organisation, by)
    if organisation not in {row.lead_id, *(one.organisation_id for one in row.partners)}:
        words = _("This organisation takes no part in the operation.")
        raise Refused("no_part_in_it", words, fields={"organisation": words})
    values = _values(row, organisation, wish)
    new = draft(Claim, uuid=wish.id, operation_id=row.id, organisation_id=organisation, state="draft", **values)
    act = history.record("claim_new", wish, by=by, at=at, subject=new.name, row=facts(new))
    new.act_id, new.total_cents = act.id, 0
    put(new)
    session().expire(new)
    return new


def _values(row: Operation, organisation: int, wish: ClaimCard) -> dict[str, Any]:
    if wish.from_day > wish.to_day:
        words = _("The last day lies before the first.")
        raise Refused("invalid", words, status=422, fields={"to_day": words})
    for place, one in enumerate(wish.corrections):
        claim_content.corrected(row, organisation, one, f"corrections.{place}.piece")
    plain = {name: getattr(wish, name) for name in ("title", "from_day", "to_day")}
    corrections = [one.model_dump() for one in wish.corrections]
    return plain | {"left_out": sorted(set(wish.left_out)), "corrections": corrections}


def facts(claim: Claim) -> records.Facts:
    """What the act of a draft tells; its words as their hash."""
    told = [one | {"words": digest(one["words"])} if isinstance(one, dict) else one for one in claim.corrections]
    return records.facts(claim, "operation_id") | {"operation": operation_of(claim).number, "corrections": told}


def operation_of(claim: Claim) -> Operation:
    return session().get_one(Operation, claim.operation_id)


def locked(claim: Claim, by: Me) -> Claim:
    claim = session().scalars(LOCKED.where(Claim.id == claim.id)).one()
    purse.check_spends(claim.organisation_id, by)
    return claim


def _draft(claim: Claim, by: Me) -> Claim:
    claim = locked(claim, by)
    if claim.gone_act_id is not None:
        raise Refused("claim_withdrawn", _("This draft was taken back. Put it in force again first."))
    if claim.state != "draft":
        raise Refused("claim_filed", _("This claim is filed: correct it in the next one."))
    return claim


def edit(claim: Claim, wish: ClaimCard, *, by: Me, at: datetime) -> Claim:
    claim = _draft(claim, by)
    values = _values(claim.operation, claim.organisation_id, wish)
    same = {"uuid": claim.uuid, "operation_id": claim.operation_id, "organisation_id": claim.organisation_id}
    new = draft(Claim, **same, **values)
    act = history.record("claim_edit", wish, by=by, at=at, subject=claim.name, row=facts(new))
    return records.rewrite(claim, act, **values)


def withdraw(claim: Claim, wish: Withdraw, *, by: Me, at: datetime) -> Claim:
    claim = _draft(claim, by)
    act = history.record("claim_withdraw", wish, by=by, at=at, subject=claim.name, gone=[claim.name])
    change(claim, gone_act_id=act.id)
    return claim


def restore(claim: Claim, wish: Withdraw, *, by: Me, at: datetime) -> Claim:
    claim = locked(claim, by)
    if claim.gone_act_id is None:
        raise Refused("in_force", _("This claim is in force."))
    history.record("claim_restore", wish, by=by, at=at, subject=claim.name, back=[claim.name])
    change(claim, gone_act_id=None)
    return claim


def file(claim: Claim, wish: FileClaim, *, by: Me, at: datetime) -> Claim:
    """Its pieces are numbered and frozen; the lead takes up what its partners filed."""
    operations.locked(claim.operation)  # one number after the other
    claim = _draft(claim, by)
    entries = claim_content.of(claim)
    if not entries:
        raise Refused("nothing_to_declare", _("Nothing is paid and still to be declared until this day."))
    _check_corrections(entries)
    last = session().scalar(select(func.max(Claim.number)).where(Claim.operation_id == claim.operation_id))
    number, total = (last or 0) + 1, sum(one.cents for one in entries)
    taken = _of_partners(claim) if claim.organisation_id == claim.operation.lead_id else []
    told: dict[str, Any] = {
        "number": number,
        "filed_on": wish.filed_on.isoformat(),
        "total": total,
        "pieces": [_told(one, n) for n, one in enumerate(entries, 1)],
        "taken": sorted(one.name for one in taken),
    }
    act = history.record("claim_file", wish, by=by, at=at, subject=claim.name, **told)
    for n, one in enumerate(entries, 1):
        put(_piece(claim, n, one))
    for partner in taken:
        change(partner, lead_claim_id=claim.id)
    change(claim, state="filed", number=number, filed_on=wish.filed_on, total_cents=total, filed_act_id=act.id)
    return claim


def _piece(claim: Claim, number: int, one: Entry) -> Piece:
    return draft(
        Piece,
        claim_id=claim.id,
        number=number,
        kind=one.kind,
        budget_line_id=one.line.id,
        allocation_id=one.allocation.id if one.allocation else None,
        corrects_id=one.corrects.id if one.corrects else None,
        cents=one.cents,
        words=one.words,
        accepted_cents=None,
        reason="",
    )


def _told(one: Entry, number: int) -> records.Facts:
    """As the act tells it, by names that stay."""
    corrects = [one.corrects.claim.number, one.corrects.number] if one.corrects else None
    return told_of(number, one.kind, one.line.code, one.cents, one.words, one.put_down_by or None, corrects)


def told_of(
    number: int, kind: str, line: str, cents: int, words: str, put_down_by: str | None, corrects: list[Any] | None
) -> records.Facts:
    return {
        "number": number, "kind": kind, "line": line, "cents": cents, "words": digest(words),
        "put_down_by": put_down_by, "corrects": corrects,
    }  # fmt: skip


def _check_corrections(entries: Sequence[Entry]) -> None:
    """No piece is corrected below nothing, by all the corrections of it together."""
    corrected = {one.corrects.id: one.corrects for one in entries if one.corrects}
    for piece in corrected.values():
        filed = select(func.coalesce(func.sum(Piece.cents), 0)).where(Piece.corrects_id == piece.id)
        now = sum(one.cents for one in entries if one.corrects and one.corrects.id == piece.id)
        if (piece.cents + int(session().scalar(filed) or 0) + now) * piece.cents < 0:
            words = _("Piece %(piece)s would fall below nothing.", piece=piece.number)
            raise Refused("below_zero", words, fields={"corrections": words})


def _of_partners(claim: Claim) -> Sequence[Claim]:
    """What partners filed and no claim of the lead took up so far."""
    mine = (Claim.operation_id == claim.operation_id, Claim.organisation_id != claim.organisation_id)
    query = select(Claim).where(*mine, Claim.state != "draft", Claim.lead_claim_id.is_(None))
    return session().scalars(query.order_by(Claim.number)).all()


def taken_up(claim: Claim) -> Sequence[Claim]:
    """The partners' claims that this one of the lead takes up; of a draft, those it would."""
    if claim.organisation_id != claim.operation.lead_id:
        return ()
    if claim.state == "draft":
        return _of_partners(claim)
    return session().scalars(select(Claim).where(Claim.lead_claim_id == claim.id).order_by(Claim.number)).all()


def of_act(act: Act) -> Claim:
    return session().scalars(select(Claim).where(Claim.uuid == UUID(act.subject.partition(":")[2]))).one()
