"""Who paid what of an amount: the funders' shares, by the key of its budget line, to the cent.

Funders pay the operation as a whole, so the share of a funder in one thing is a theoretical key, and is called so.
Of two equal parts whose cents do not divide, the first in the plan gets the cent more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.finance.models import PUBLIC, BudgetLine, Funder
from app.finance.shares import split


@dataclass(frozen=True)
class Share:
    """So many cents of a funder; or of the organisation whose line it is, where the plan names no funder for it."""

    code: str
    name: str
    kind: str
    cents: int

    @property
    def is_public(self) -> bool:
        return self.kind in PUBLIC


def shares_of(cents: int, line: BudgetLine, funders: Sequence[Funder]) -> list[Share]:
    """The parts of an amount put down to this line. Without a plan nobody pays: none."""
    weights = _weights(line, funders)
    if not any(weight for _share, weight in weights):
        return []
    parts = split(cents, [weight for _share, weight in weights])
    return [Share(*share, part) for (share, _weight), part in zip(weights, parts, strict=True) if part]


def _weights(line: BudgetLine, funders: Sequence[Funder]) -> list[tuple[tuple[str, str, str], int]]:
    if line.funding_key == "explicit":
        told = {part.funder_id: part.weight for part in line.key_parts}
        return [(_named(funder), told.get(funder.id, 0)) for funder in funders]
    if line.funding_key == "beneficiary" and line.beneficiary is not None:
        return _of_beneficiary(line, funders)
    return [(_named(funder), funder.amount_cents) for funder in funders]


def _of_beneficiary(line: BudgetLine, funders: Sequence[Funder]) -> list[tuple[tuple[str, str, str], int]]:
    """The Union pays its rate, whoever spends pays the rest from its own."""
    union = [funder for funder in funders if funder.kind == "eu"]
    rest = sum(funder.amount_cents for funder in funders) - sum(funder.amount_cents for funder in union)
    assert line.beneficiary is not None
    own = next((_named(one) for one in funders if one.organisation_id == line.beneficiary_id), None)
    return [
        *((_named(funder), funder.amount_cents) for funder in union),
        (own or (line.beneficiary.short_name, line.beneficiary.name, "partner"), rest),
    ]


def _named(funder: Funder) -> tuple[str, str, str]:
    return funder.code, funder.name, funder.kind


def added(shares: Iterable[Share]) -> list[Share]:
    """The shares of several amounts together, by funder, in the order they first come."""
    sums: dict[str, Share] = {}
    for one in shares:
        before = sums[one.code].cents if one.code in sums else 0
        sums[one.code] = Share(one.code, one.name, one.kind, before + one.cents)
    return list(sums.values())


def public_support(funders: Sequence[Funder]) -> int:
    """What of the plan is public money, which decides on a plaque (Regulation (EU) 1303/2013, annex XII 2.2)."""
    return sum(funder.amount_cents for funder in funders if funder.kind in PUBLIC)
