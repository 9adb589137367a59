"""Labels a second, and the memory they take: ours through the app's own function, beside the two of `reference`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import filling
from benchmarks.reference.labels import by_hand, naive
from benchmarks.sides import house
from benchmarks.table import Line, most, rate
from labels import FUNDING, Label, codes, render_pdf

ADDRESS = "https://pret.example.org"
COUNT, SLOW = 480, 42  # the naive ones take a hundredth of a second each, however many: two sheets of them
LARGE, SMALL = "L7160", "L4736"
ROUNDS = 3
Draw = Callable[[], bytes]
# Peak memory of a fresh process that drew 500 labels, less that of one that drew a single one; in KiB.
GROWS = """
import resource, sys
from benchmarks.labels import LARGE, some
from labels import render_pdf
render_pdf(some(1), LARGE)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
render_pdf(some(500), LARGE)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def some(count: int, *, funded: bool = True) -> list[Label]:
    """Labels as the benchmark's register has them."""
    words = {"owner": "ACSM", "contact": "Si trouvé : 01 99 00 12 34"}
    funding = FUNDING["2014-2020"] if funded else None
    return [
        Label(code, codes.link(ADDRESS, code), name=f"Portable {n}", funding=funding, **words)
        for n, code in enumerate(filling.device_codes(count))
    ]


def measured(folder: Path) -> Iterator[Line]:
    """Against the house's SQLite database of that folder, which has the things."""
    few = some(SLOW)
    ours, other = _rates(_of_the_app(folder), COUNT, lambda: naive(few, LARGE), SLOW)
    yield rate(f"{COUNT} labels whole, of the app, against PNG and reportlab", ours, other, 15, 35)
    plain = some(COUNT, funded=False)
    ours, other = _rates(lambda: render_pdf(plain, SMALL), COUNT, lambda: by_hand(plain, SMALL), COUNT)
    yield rate("a QR and three lines, against a PDF by hand", ours, other, 0.2, 0.45)
    told = subprocess.run([sys.executable, "-c", GROWS], check=True, capture_output=True, text=True).stdout
    yield most("500 labels: memory they add", int(told) / 1024, 20, 8, "MiB")


def _of_the_app(folder: Path) -> Draw:
    from app.inventory import printing
    from app.inventory.forms import Labels

    app = house(f"sqlite:///{folder / 'ours.db'}", folder / "SQLite")
    wish = Labels(codes=filling.device_codes(COUNT), medium=LARGE)

    def draw() -> bytes:
        with app.app_context():
            return printing.sheet(wish, public_url=ADDRESS, real=True).pdf

    return draw


def _rates(
    ours: Callable[[], bytes], our_count: int, other: Callable[[], bytes], other_count: int
) -> list[list[float]]:
    """Labels a second of each, in turn; the first go of each warms it up and does not count."""
    found: list[list[float]] = [[], []]
    for n in range(ROUNDS + 1):
        for side, (draw, count) in enumerate(((ours, our_count), (other, other_count))):
            began = time.perf_counter()
            draw()
            if n:
                found[side].append(count / (time.perf_counter() - began))
    return found
