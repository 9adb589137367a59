"""`python -m benchmarks [--quick]`: a table, `benchmarks/out/results.json`, and exit code 1 when a gate is missed."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import imports, labels, lists
from benchmarks.measuring import FULL, QUICK, Pace, compare, sixteen_writers, warm_up
from benchmarks.sides import both
from benchmarks.table import Line, printed, write

OUT = Path(__file__).parent / "out"


def run(pace: Pace, folder: Path) -> list[Line]:
    began = time.monotonic()
    with both(folder, pace.count, lists.houses(folder)) as pairs:
        warm_up(pairs)
        print(f"prepared in {time.monotonic() - began:.0f} s", flush=True)
        lines = [*compare(pairs, pace), *sixteen_writers(pairs["SQLite"], pace), *labels.measured(folder)]
    return [*lines, *imports.measured(folder), *lists.measured(folder)]


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    words.add_argument("--quick", action="store_true", help="at most two minutes")
    words.add_argument("--json", type=Path, default=OUT / "results.json")
    asked = words.parse_args()
    OUT.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=OUT))
    began = time.monotonic()
    try:
        lines = run(QUICK if asked.quick else FULL, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(printed(lines), f"{time.monotonic() - began:.0f} s in all", sep="\n")
    write(lines, asked.json)
    return int(any(line.held == "no" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
