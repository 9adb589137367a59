"""The answer of the authority to a claim: all is accepted but what it names, and flat rates follow their base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import history
from app.db import change, session
from app.errors import Refused
from app.finance import claims, purse
from app.finance.claim_forms import AnswerClaim
from app.finance.claim_models import Claim, Piece
from app.finance.shares import share
from app.history.seals import digest
from app.people.roles import Me
from app.words import _


def answer(claim: Claim, wish: AnswerClaim, *, by: Me, at: datetime) -> Claim:
    """The authority accepts all but what is named; flat rates follow what it accepted of their base."""
    claim = session().scalars(claims.LOCKED.where(Claim.id == claim.id)).one()
    purse.check_leads(claim.operation, by)
    if claim.state != "filed":
        words = _("This claim is not filed yet.") if claim.state == "draft" else _("This claim is answered.")
        raise Refused("not_filed", words)
    every = claims.pieces(claim)
    accepted = _accepted(every, wish)
    reasons = {one.number: one.reason for one in wish.pieces}
    told = [[one.number, accepted[one.number], digest(reasons.get(one.number, ""))] for one in every]
    on = wish.answered_on.isoformat()
    act = history.record("claim_answer", wish, by=by, at=at, subject=claim.name, answered_on=on, accepted=told)
    for one in every:
        change(one, accepted_cents=accepted[one.number], reason=reasons.get(one.number, ""))
    change(claim, state="answered", answered_act_id=act.id)
    return claim


def _accepted(every: Sequence[Piece], wish: AnswerClaim) -> dict[int, int]:
    """By the number of a piece, what is accepted of it."""
    named = {one.number: (place, one) for place, one in enumerate(wish.pieces)}
    known = {one.number: one for one in every if one.kind != "flat_rate"}
    for number, (place, one) in named.items():
        if number not in known or one.accepted_cents > abs(known[number].cents):
            words = _("No more can be accepted of a piece than was declared, and flat rates follow by themselves.")
            raise Refused("invalid", words, status=422, fields={f"pieces.{place}.accepted_cents": words})
    told = {
        number: (1 if piece.cents > 0 else -1) * named[number][1].accepted_cents if number in named else piece.cents
        for number, piece in known.items()
    }
    for flat in (one for one in every if one.kind == "flat_rate"):
        bases = {base.id for base in flat.budget_line.bases}
        base = sum(told[n] for n, piece in known.items() if piece.budget_line_id in bases)
        told[flat.number] = _between(share(base, flat.budget_line.flat_rate or 0), flat.cents)
    return told


def _between(cents: int, declared: int) -> int:
    """Nothing beyond what was declared, on its side of nothing."""
    return max(0, min(cents, declared)) if declared > 0 else min(0, max(cents, declared))
