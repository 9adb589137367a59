"""What came out: one line a comparison, printed as a table and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Line:
    """`gate` must be held, `goal` is aimed at; `held` is `goal`, `gate` or `no`. Rates want more, times want less."""

    what: str
    ours: float
    against: float | None
    ratio: float | None
    gate: float
    goal: float
    held: str
    unit: str


def rate(what: str, ours: Sequence[float], against: Sequence[float], gate: float, goal: float) -> Line:
    """So many a second beside those of the other, round by round: the medians, and the median of the rounds' ratios.

    A machine that grows slower from one round to the next slows both sides of a round alike.
    """
    ratio = median(mine / other for mine, other in zip(ours, against, strict=True))
    held = "goal" if ratio >= goal else "gate" if ratio >= gate else "no"
    return Line(what, round(median(ours), 1), round(median(against), 1), round(ratio, 2), gate, goal, held, "/s")


def slower(what: str, large: Sequence[float], small: Sequence[float], gate: float, goal: float) -> Line:
    """How many times as long the same takes in a larger house, round by round: at most so many."""
    ratio = median(few / many for many, few in zip(large, small, strict=True))
    held = "goal" if ratio <= goal else "gate" if ratio <= gate else "no"
    return Line(what, round(median(large), 1), round(median(small), 1), round(ratio, 2), gate, goal, held, "/s")


def most(what: str, ours: float, gate: float, goal: float, unit: str) -> Line:
    """A figure of our own that must not pass its gate."""
    held = "goal" if ours <= goal else "gate" if ours <= gate else "no"
    return Line(what, round(ours, 1), None, None, gate, goal, held, unit)


HEAD = ("what", "ours", "against", "ratio", "gate", "goal", "held")


def printed(lines: Sequence[Line]) -> str:
    rows = [HEAD, *(_cells(line) for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join(_row(row, widths) for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    ours = f"{line.ours:g} {line.unit}"
    against = "" if line.against is None else f"{line.against:g} {line.unit}"
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}x"
    sign = "x" if line.ratio is not None else f" {line.unit}"
    return line.what, ours, against, ratio, f"{line.gate:g}{sign}", f"{line.goal:g}{sign}", line.held


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def write(lines: Sequence[Line], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False) + "\n")
