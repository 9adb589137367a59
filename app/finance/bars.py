"""Bars of money as the server draws them: SVG of rectangles, coloured by class, their figures always beside as text."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.finance.figures import Figures

WIDTH = 1000
GAP = 3  # paper between the parts of a stacked bar
MOST = 4  # parts that stay told apart


def progress(figures: Figures) -> Markup:
    """Paid, then committed, then left; what goes beyond the plan in the colour of alarm. Its numbers stand beside."""
    whole = max(figures.planned, figures.committed, 1)
    paid = _scaled(min(figures.paid, figures.planned), whole)
    bound = _scaled(min(figures.committed, figures.planned), whole)
    over = _scaled(max(0, figures.committed - figures.planned), whole)
    parts = [("f0", 0.0, float(WIDTH)), ("f2", 0.0, bound), ("f1", 0.0, min(paid, bound))]
    if over:
        parts.append(("fa", WIDTH - over, over))
    return _drawn(parts, height=14)


def stacked(cents: Sequence[int]) -> Markup:
    """At most four parts of a whole, the largest first as they come."""
    whole = sum(cents) or 1
    room, at = WIDTH - GAP * (len(cents) - 1), 0.0
    parts = []
    for n, one in enumerate(cents, 1):
        width = room * one / whole
        parts.append((f"f{n}", at, width))
        at += width + GAP
    return _drawn(parts, height=28)


def _scaled(cents: int, whole: int) -> float:
    return max(0.0, WIDTH * cents / whole)


def _drawn(parts: Sequence[tuple[str, float, float]], height: int) -> Markup:
    drawn = Markup("").join(
        Markup('<rect class="{}" x="{}" width="{}" height="{}"/>').format(kind, f"{x:.1f}", f"{width:.1f}", height)
        for kind, x, width in parts
        if width > 0
    )
    return Markup('<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(
        WIDTH, height, drawn
    )
