"""One version, wherever it is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app.web.openapi import VERSION

ROOT = Path(__file__).parents[2]


def test_the_contract_tells_the_version_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_the_changes_tell_what_this_version_brought() -> None:
    assert f"## v{VERSION.removesuffix('.0')} " in (ROOT / "CHANGELOG.md").read_text()
