"""Nothing grows past what a reader can hold (design, section 3): `python tools/sizes.py`.

A file or a function at its limit wants to be two, and the new one wants its own name.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FUNCTION = 50
# (folder, pattern, lines at most)
FILES = [
    ("app", "**/*.py", 300),
    ("labels", "**/*.py", 300),
    ("tools", "**/*.py", 300),
    ("app/templates", "**/*.*", 120),
    ("app/static", "**/*.js", 150),
]
NOT_OURS = {"vendor", "node_modules", "__pycache__"}


def files(root: Path, folder: str, pattern: str) -> Iterator[Path]:
    for path in sorted((root / folder).glob(pattern)):
        if path.is_file() and not NOT_OURS & set(path.relative_to(root).parts):
            yield path


def long_files(root: Path) -> Iterator[str]:
    for folder, pattern, most in FILES:
        for path in files(root, folder, pattern):
            lines = len(path.read_text().splitlines())
            if lines > most:
                yield f"{path.relative_to(root)}: {lines} lines, at most {most}"


def long_functions(root: Path) -> Iterator[str]:
    for folder, pattern, _ in FILES:
        if not pattern.endswith(".py"):
            continue
        for path in files(root, folder, pattern):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION:
                    where = f"{path.relative_to(root)}:{node.lineno}"
                    yield f"{where}: {node.name} has {lines} lines, at most {FUNCTION}"


def main() -> int:
    faults = [*long_files(ROOT), *long_functions(ROOT)]
    print(*faults, sep="\n", end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
