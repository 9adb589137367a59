"""Everything that can be checked without a running app, as many at a time as there are cores.

`python tools/check.py` runs all, `python tools/check.py types words` those named. Each says how long it took; what a
failing one printed comes last.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LIMIT = 120.0

# The longest first, so that the last one to end ends early.
CHECKS: dict[str, list[str]] = {
    "types": ["mypy"],
    "types-of-tools": ["mypy", "--explicit-package-bases", "--cache-dir=.mypy_cache/tools", "tools", "tests/harness"],
    "migrations": ["python", "tools/migrated.py"],
    "floors": ["lint-imports", "--no-logo"],
    "words": ["python", "tools/catalogues.py"],
    "html": ["djlint", "app/templates", "--lint", "--quiet"],
    "lint": ["ruff", "check", "--no-fix", "."],
    "format": ["ruff", "format", "--check", "--output-format=concise", "."],
    "templates": ["python", "tools/templates.py"],
    "sizes": ["python", "tools/sizes.py"],
    "vendored": ["python", "tools/vendor.py"],
}


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    took: float
    said: str


def run(name: str) -> Result:
    program, *words = CHECKS[name]
    start = time.monotonic()
    done = subprocess.run(
        [BIN / program, *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    result = Result(name, done.returncode == 0, time.monotonic() - start, done.stdout.strip())
    print(f"{'ok    ' if result.ok else 'FAILED'} {name} {result.took:.1f} s", flush=True)
    return result


def main(names: list[str]) -> int:
    if unknown := set(names) - CHECKS.keys():
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    start = time.monotonic()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        results = list(pool.map(run, names or CHECKS))
    bad = [result for result in results if not result.ok]
    for result in bad:
        print(f"\n== {result.name}: {' '.join(CHECKS[result.name])}\n{result.said}")
    took = time.monotonic() - start
    late = f" (more than the {LIMIT:.0f} s agreed)" if took > LIMIT else ""
    print(f"\ncheck: {len(results) - len(bad)} passed, {len(bad)} failed in {took:.0f} s{late}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
