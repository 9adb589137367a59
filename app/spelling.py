"""Slips of the fingers: which of the words known here was meant by one that is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST, TWO_SLIPS = 4, 8  # letters from which one slip is forgiven, and two


def words(folded: str) -> list[str]:
    """The words of a folded text, without the signs between them."""
    return re.findall(r"\w+", folded)


def near(word: str, known: Sequence[str]) -> list[str]:
    """The words one slip away (a letter wrong, missing, doubled or swapped with the next), of long ones two."""
    if len(word) < SHORTEST:
        return []
    slips = 2 if len(word) >= TWO_SLIPS else 1
    found: Sequence[Any] = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=20)
    return [name for name, _distance, _place in found]
