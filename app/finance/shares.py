"""A whole split into parts of whole cents that add up to it again: the largest remainder (Hamilton's method).

Amounts are stored, rates are derived from them: an amount worked out from a printed rate would be cents away from the
one that was signed.
"""

from __future__ import annotations

from collections.abc import Sequence


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """`whole` cents in the proportion of `weights`, which are not negative; the parts add up to `whole` exactly.

    Each gets its part rounded towards zero, and those cut by most get a cent more. Of two cut alike the first gets it:
    a page that shows the parts says so. A credit note (`whole` below zero) is split as the invoice was.

    Raises `ValueError` when there is nothing to go by: no weight above zero, or one below.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("shares need weights, of which none is negative and one is above zero")
    sign, cents = (-1 if whole < 0 else 1), abs(whole)
    parts = [cents * weight // total for weight in weights]
    cut = [cents * weight % total for weight in weights]
    by_cut = sorted(range(len(weights)), key=lambda n: -cut[n])
    for n in by_cut[: cents - sum(parts)]:
        parts[n] += 1
    return [sign * part for part in parts]


def nth(whole: int, count: int, place: int) -> int:
    """The part at that place (from 1) of `whole` cents split into so many equal parts, as `split` would have it."""
    part, left = divmod(abs(whole), count)
    part += place <= left
    return -part if whole < 0 else part


def rate(part: int, whole: int) -> int:
    """Hundredths of a percent, half up, as a financing plan prints it: 910 598,00 € of 1 517 665,00 € is 6000."""
    return (part * 20_000 + whole) // (2 * whole)


def share(cents: int, hundredths: int) -> int:
    """So many hundredths of a percent of an amount, half up (away from zero, as a credit note mirrors its invoice)."""
    part = (abs(cents) * hundredths + 5_000) // 10_000
    return -part if cents < 0 else part
