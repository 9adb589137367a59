"""One version, wherever it is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from app.web.openapi import VERSION

ROOT = Path(__file__).parents[2]


def test_the_project_takes_its_version_from_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "app.web.openapi.VERSION"


def test_the_version_is_the_newest_of_the_changes_and_has_its_kept_database() -> None:
    newest = re.findall(r"^## (v\S+) ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[0]
    assert newest == f"v{VERSION.removesuffix('.0')}"
    assert (ROOT / "tests" / "releases" / f"{newest}.sqlite3.gz").is_file()
