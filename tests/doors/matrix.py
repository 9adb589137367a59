"""The table of doors: what each route answers to each role, with its own centre's ids and with another's.

    .venv/bin/python -m tests.doors.matrix            # writes tests/doors/doors.txt anew: then read the difference

A POST carries a field nobody knows, so that it is never done: 422 says that the door opened and the thing was found.
Everybody asks as a program, for JSON: 406 says that a page for people was ready to be drawn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from tests.asking import Asker, anyone, program
from tests.make import CAST, World, small_world
from tests.web.things import Place, filled, furnish, routes, words_of

FILE = Path(__file__).with_name("doors.txt")
ROLES = ("nobody", *CAST)
HEAD = """\
# Which role opens which door. Written by `python -m tests.doors.matrix`, compared by test_doors.py: read each change.
# own: ids of the centre Brebis; other: ids of MQCV. zoe stands at MQCV, so for her the two are exchanged.
# 200 / 303 open; 406 open, a page for people; 422 open, and what was sent is refused; 401 sign in; 403 not this role;
# 404 not there or not yours to see.
"""


def asker(app: Flask, world: World, role: str) -> Asker:
    return anyone(app, as_json=True) if role == "nobody" else program(app, world, role)


@dataclass(frozen=True)
class Line:
    """What one route answers: `whose` is own, other, or nothing when it has no ids; `status` is by role."""

    method: str
    rule: str
    door: str
    whose: str
    status: dict[str, int]


def answers(app: Flask, world: World, places: dict[str, Place]) -> Iterator[Line]:
    """Every route, asked by everybody."""
    askers = {role: asker(app, world, role) for role in ROLES}
    for method, rule in routes(app):
        door = app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
        for whose in ("own", "other") if has_ids(rule) else ("",):
            path = filled(rule, places[whose or "own"])
            status = {role: _status(one, method, path) for role, one in askers.items()}
            yield Line(method, rule.rule, door, whose, status)


def has_ids(rule: Rule) -> bool:
    return any(not word.startswith("=") for word in words_of(rule).values())


def _status(one: Asker, method: str, path: str) -> int:
    answer = one.get(path) if method == "GET" else one.ask(method, path, json={"no such field": 1})
    return answer.status_code


def table(found: Iterable[Line]) -> str:
    """The whole table as text: a line a route and owner, a column a role."""
    lines = [HEAD, f"{'':6}{'':40}{'door':12}{'':7}" + "".join(f"{role:8}" for role in ROLES).rstrip()]
    for line in found:
        status = "".join(f"{number:<8}" for number in line.status.values()).rstrip()
        lines.append(f"{line.method:6}{line.rule:40}{line.door:12}{line.whose:7}{status}")
    return "\n".join(lines) + "\n"


def write() -> None:
    from app import create_app
    from app.db import upgrade
    from app.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        app = create_app(Settings.for_tests(home, f"sqlite:///{home / 'doors.db'}"))
        with app.app_context():
            upgrade()
        world = small_world(app)
        FILE.write_text(table(answers(app, world, furnish(app, world))), encoding="utf-8")


if __name__ == "__main__":
    write()
