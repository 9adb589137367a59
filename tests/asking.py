"""Somebody who asks the house over its routes: with a browser's cookie, with a program's token, or as a stranger.

ada = person(app, world, "ada")               # cookie and CSRF token
ada.get("/devices"), ada.post("/loans", form={...})
robot = program(app, world, "ada")            # Authorization: Bearer ...
robot.get("/devices").json, robot.post("/loans", json={...})
anyone(app).get("/help")
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import MetaData, event, func, select
from sqlalchemy.engine import Connection
from werkzeug.test import TestResponse

from app.db import Base, asking, db, session, writing
from app.people import secrets
from app.people.models import Token
from app.times import today
from tests.make import World

BASE = "https://pret.example.org"
JSON = "application/json"


@dataclass
class Asker:
    """One client. `as_json` is what they prefer; `csrf` goes into forms, and into the header beside JSON."""

    client: FlaskClient
    csrf: str = ""
    token: str = ""
    as_json: bool = False
    language: str = "fr"
    extra: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        assert not has_app_context(), "ask from outside: within an app context requests share `g`, and thus who asks"
        headers = {"Accept-Language": self.language} | ({"Accept": JSON} if self.as_json else {"Accept": "text/html"})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        headers |= self.extra | dict(kwargs.pop("headers", {}))
        return self.client.open(path, method=method, base_url=BASE, headers=headers, buffered=True, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.ask("GET", path, **kwargs)

    def post(self, path: str, *, form: Any = None, json: Any = None, **kwargs: Any) -> TestResponse:
        """A form as a browser sends it, or JSON; `csrf` is added for those who carry a cookie."""
        if json is not None:
            headers = ({"X-CSRF-Token": self.csrf} if self.csrf else {}) | dict(kwargs.pop("headers", {}))
            return self.ask("POST", path, json=json, headers=headers, **kwargs)
        data = ({"csrf": self.csrf} if self.csrf else {}) | dict(form or {})
        return self.ask("POST", path, data=data, **kwargs)


def anyone(app: Flask, **over: Any) -> Asker:
    return Asker(app.test_client(), **over)


def person(app: Flask, world: World, name: str = "ada", **over: Any) -> Asker:
    """Signed in with a browser; pages by default."""
    client = app.test_client()
    return Asker(client, csrf=world.sign_in(client, name), **over)


def program(app: Flask, world: World, name: str = "ada", **over: Any) -> Asker:
    """A program that acts for them; JSON by default."""
    return Asker(app.test_client(use_cookies=False), token=token_of(app, world, name), **({"as_json": True} | over))


def token_of(app: Flask, world: World, name: str) -> str:
    token = secrets.new_token()
    with app.app_context(), writing() as s:
        s.add(
            Token(
                person_id=world.people[name],
                token_hash=secrets.token_hash(token),
                name="test",
                made_at=datetime.now(UTC),
                ended_at=None,
            )
        )
    return token


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds. Tries (`attempt`) are left out: a refused try is meant to count."""
    metadata: MetaData = Base.metadata
    with app.app_context():
        counts = {t.name: session().scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
        session().rollback()
    counts.pop("attempt")
    return counts


@contextmanager
def commits(app: Flask) -> Iterator[list[str]]:
    """The commits made meanwhile: a read never commits, so one stands for each write. Tries counted are left out."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: Connection) -> None:
        seen.append(connection.info.pop("last", "commit"))

    def counted(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        connection.info["last"] = statement

    event.listen(engine, "commit", note)
    event.listen(engine, "before_cursor_execute", counted)
    found: list[str] = []
    try:
        yield found
    finally:
        event.remove(engine, "commit", note)
        event.remove(engine, "before_cursor_execute", counted)
        found.extend(statement for statement in seen if not statement.startswith("INSERT INTO attempt"))


@contextmanager
def questions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[Any], list[str]]]:
    """What is asked meanwhile: the house's own questions, and whatever goes through SQLAlchemy, which takes long."""
    with app.app_context():
        engine = db.engine
    ours: list[Any] = []
    rest: list[str] = []
    compiled = asking._asked
    monkeypatch.setattr(asking, "_asked", lambda *what: (ours.append(what), compiled(*what))[1])
    event.listen(engine, "before_cursor_execute", note := lambda _line, _cursor, said, *_more: rest.append(said))
    try:
        yield ours, rest
    finally:
        event.remove(engine, "before_cursor_execute", note)
        monkeypatch.setattr(asking, "_asked", compiled)


def lend_wish(household: str, *devices: str, **over: Any) -> dict[str, Any]:
    """The JSON of a loan."""
    due = (today() + timedelta(days=30)).isoformat()
    return {"id": str(uuid4()), "household": household, "devices": list(devices), "due_on": due} | over
