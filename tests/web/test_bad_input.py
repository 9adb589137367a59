"""Whatever is sent to any route: an answer or a refusal in words, never a fault of ours, nothing half written.

The routes come from the url_map, so a new one is tried without being named here. Mia and Coco open every door.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from pydantic import BaseModel
from werkzeug.test import TestResponse

from app.db import writing
from app.finance.claim_forms import AnswerClaim, ClaimCard, FileClaim, NewClaim
from app.finance.forms import Amend, LineCard, NewLine, NewMoneyImport, OpenOperation, OperationCard, SetPlan
from app.finance.publicity import Show
from app.finance.receipts import Receive
from app.finance.spending_forms import (
    AddPaper,
    Allocate,
    ExpenseCard,
    NewExpense,
    NewPurchase,
    Pay,
    ProvePayment,
    PurchaseCard,
    TieThings,
)
from app.finance.spot_check_forms import AnswerFinding, CheckCard, ConcludeCheck, LookedFor, NewCheck
from app.inputs import Act, Input
from app.inventory.programmes import SETTLED, SHIPPED, SettlePeriod
from app.inventory.stock_forms import NewDelivery, TickStep
from app.lending import summaries
from app.lending.forms import RecallLoan
from app.lending.reminder_forms import NoteContact, StopReminders
from app.lending.signature_forms import SpoilForm
from app.people.forms import Oppose, Withdraw
from app.people.models import Person
from app.privacy.splits import Split
from tests.asking import Asker, anyone, commits, person, program, rows
from tests.make import World
from tests.web.things import Place, filled, routes, words_of

HUGE = 10**30
NUL = "a\0b"
LONE = "\ud800"
BAD_PARTS = (
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    str(HUGE),
    "-1",
    "0",
    "999999999",
    "1.5",
    "x" * 5000,
    "%27%20OR%201=1--",
    "é",
    "%E2%80%AE",
)
NO_LETTERS = BAD_PARTS[:3]  # what no word can be, whichever it is: asked of all words together
ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, HUGE, 1e308, "", " ", NUL, LONE, "x" * 100_000, [], [[]], [None], [LONE], {}, {"a": 1},
    [{"code": {}}],
    "9999-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-24T10:00:00",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault of ours is logged with a number; here it fails the test even if its answer were not looked at."""
    yield
    broken = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert broken == []


@dataclass
class Everywhere(Asker):
    """Mia, who opens every door of a centre; money is Coco's to keep, and so she asks for it."""

    coco: Asker | None = None

    def ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        if self.coco and path.startswith("/finance/"):
            return self.coco.ask(method, path, **kwargs)
        return super().ask(method, path, **kwargs)


def everywhere(app: Flask, world: World, how: Any = program) -> Everywhere:
    return Everywhere(**vars(how(app, world, "mia")), coco=how(app, world, "coco"))


@pytest.fixture
def mia(app: Flask, world: World) -> Asker:
    return everywhere(app, world)


def inputs_of(
    monkeypatch: pytest.MonkeyPatch, app: Flask, world: World, places: dict[str, Place]
) -> dict[str, type[Input]]:
    """The input each writing route reads, as the kit sees it when the route is asked with an unknown field."""
    seen: list[type[Input]] = []
    init = BaseModel.model_validate.__func__  # type: ignore[attr-defined]

    def noting(cls: type[Any], value: Any, **kwargs: Any) -> Any:
        seen.append(cls)
        return init(cls, value, **kwargs)

    found: dict[str, type[Input]] = {}
    asker = everywhere(app, world)
    with monkeypatch.context() as patch:
        patch.setattr(Input, "model_validate", classmethod(noting))
        for method, rule in routes(app):
            seen.clear()
            if method == "POST":
                asker.post(filled(rule, places["own"]), json={"no such field": 1})
                found[rule.rule] = next(shape for shape in seen if shape.__module__.startswith("app."))
    return found


def fair(answer: TestResponse, what: object) -> None:
    """Not a fault of ours; and a refusal says why in words."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    if answer.status_code >= 400:
        words = answer.json["message"] if answer.is_json else answer.text
        assert words.strip(), what


@pytest.mark.slow("every route there is, with every oddity")
def test_no_value_in_the_path_breaks_a_route(app: Flask, mia: Asker, places: dict[str, Place]):
    before, tried = rows(app), 0
    for method, rule in routes(app):
        for name in words_of(rule):
            for part in BAD_PARTS:
                path = filled(rule, places["own"], **{name: part})
                answer = mia.get(path) if method == "GET" else mia.post(path, json={"no such field": 1})
                fair(answer, (method, rule.rule, part[:20]))
                assert answer.status_code != 200 or rule.rule.startswith(("/e/", "/E/", "/s/")), (method, path[:60])
                tried += 1
    assert tried > 200
    assert rows(app) == before


@pytest.mark.slow("every route there is, with every oddity")
def test_no_word_of_the_address_breaks_a_route(app: Flask, mia: Asker, places: dict[str, Place]):
    words = (
        "q",
        "after",
        "limit",
        "state",
        "category",
        "here",
        "codes",
        "medium",
        "start_at",
        "device",
        "household",
        "code",
        "thing",
        "next",
        "before",
        "alt",
        "ahead",
        "name",
        "csrf",
        "limit.0.x",
    )
    with commits(app) as written:
        for method, rule in routes(app):
            if method == "GET":
                spoken = getattr(app.view_functions[rule.endpoint], "spoken", None)
                one_by_one = [[word] for word in spoken.asks.model_fields] if spoken and spoken.asks else []
                for part in (*BAD_PARTS, "a&{0}=b", "x" * 101, "D" * 101 + ",x"):
                    for some in [*(one_by_one if part not in NO_LETTERS else ()), list(words)]:
                        query = "&".join(f"{word}={part.format(word)}" for word in some)
                        fair(mia.get(f"{filled(rule, places['own'])}?{query}"), (rule.rule, query[:60]))
    assert not written


@pytest.mark.slow("every route there is, with every oddity")
def test_no_page_breaks_on_odd_words_in_the_address(app: Flask, world: World, places: dict[str, Place]):
    mia = everywhere(app, world, person)
    words = ("q", "device", "household", "code", "thing", "before", "alt", "ahead", "name", "codes", "next")
    for method, rule in routes(app):
        if method == "GET":
            for part in ("%00", "%FF", "x" * 3000, str(HUGE), "%3Cscript%3E"):
                answer = mia.get(filled(rule, places["own"]) + "?" + "&".join(f"{word}={part}" for word in words))
                fair(answer, (rule.rule, part[:20]))
                assert b"<script>" not in answer.data


@pytest.mark.slow("every route there is, with every oddity")
def test_no_json_body_breaks_a_route_nor_writes_a_part(
    app: Flask, world: World, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
):
    shapes = inputs_of(monkeypatch, app, world, places)
    writing_rules = {rule.rule for method, rule in routes(app) if method == "POST"}
    assert writing_rules - set(shapes) == set(), "a route that writes reads no input"
    mia = everywhere(app, world)
    with commits(app) as written:
        for method, rule in routes(app):
            if method == "POST":
                for value in ODD_VALUES:
                    # Every field odd at once; the unknown one keeps even an accidentally right wish from being done.
                    sent = json.dumps(dict.fromkeys(shapes[rule.rule].model_fields, value) | {"no such field": 1})
                    answer = mia.ask("POST", filled(rule, places["own"]), data=sent, content_type="application/json")
                    fair(answer, (rule.rule, sent[:80]))
                    assert answer.status_code >= 400, (rule.rule, sent[:80])
    assert not written


def _of_its_own(shape: type[Input], place: Place, world: World) -> dict[str, Any]:
    """What a word means in this wish alone."""
    return {
        RecallLoan: {"reason": "audit"},
        TickStep: {"step": "install"},
        NoteContact: {"kind": "reached"},
        StopReminders: {"reason": "dispute"},
        Split: {"sides": [{"name": "Une-Test"}, {"name": "Deux-Test"}]},
        Oppose: {"what": "figures"},
        Withdraw: {"what": "figures"},
        SpoilForm: {"reason": "torn"},
        OpenOperation: {"number": "HF0000009", "programme": "2014-2020", "lead": world.organisations["acsm"]},
        OperationCard: {"programme": "2014-2020", "lead": world.organisations["acsm"]},
        SetPlan: {"funders": [{"code": "UE", "name": "UE", "kind": "eu", "amount_cents": 1}]},
        NewLine: {"code": "L77", "label": "Test", "initial_cents": 0},
        LineCard: {"label": "Test", "initial_cents": 0},
        Amend: {"delta_cents": 1, "decided_on": "2026-01-05"},
        NewExpense: {"issued_on": "2026-01-05", "lines": [{"words": "Test", "net_cents": 1}]},
        ExpenseCard: {"issued_on": "2026-01-05", "lines": [{"words": "Test", "net_cents": 1}]},
        Pay: {"debited_on": "2026-01-05"},
        ProvePayment: {"proof": "bank_statement"},
        AddPaper: {"kind": "invoice"},
        Show: {"kind": "website", "seen_on": "2026-01-05", "words": "https://example.org"},
        NewMoneyImport: {"kind": "invoices"},
        Allocate: {"operation": place.operation, "budget_line": "L3.1", "line": 1},
        TieThings: {"line": 1, "devices": [place.free]},
        Receive: {"kind": "revenue", "received_on": "2026-01-05", "cents": 1},
        NewPurchase: {"title": "Test"},
        PurchaseCard: {"title": "Test"},
        NewClaim: {"title": "Test", "from_day": "2026-01-01", "to_day": "2026-01-31"},
        ClaimCard: {"title": "Test", "from_day": "2026-01-01", "to_day": "2026-01-31"},
        FileClaim: {"filed_on": "2026-01-31"},
        AnswerClaim: {"answered_on": "2026-01-31"},
        NewCheck: {"body": "Test", "checked_on": "2026-01-05"},
        CheckCard: {"body": "Test", "checked_on": "2026-01-05"},
        ConcludeCheck: {"concluded_on": "2026-01-31"},
        LookedFor: {"thing": place.paid_thing},
        AnswerFinding: {"answer": "Test", "answered_on": "2026-01-31"},
        SettlePeriod: {name: getattr(SHIPPED["2014-2020"], name) for name in SETTLED} | {"paid_by": "2023-12-31"},
        NewDelivery: {"lines": [{"model": place.model, "count": 1}]},
    }.get(shape, {})


def whole(shape: type[Input], place: Place, world: World) -> dict[str, Any]:
    """A right wish of each kind, to be made wrong in one field."""
    known = {
        "household": place.household, "devices": [place.free], "due_on": "2027-03-01", "name": "Test", "maker": "Test",
        "category": "laptop", "model": place.model, "owner": world.organisations["acsm"], "serial_number": "ODD1",
        "code": place.free, "thing": place.lent, "email": "odd@example.org", "role": "front_desk", "reason": "Test",
        "into": place.household, "language": "fr", "password": "une phrase pour essayer", "pin": "1234", "person": 1,
        "words": "Test", "centre": 1, "organisation": "Test", "phone": "0321001234", "open_days": [0], "lines": "ODD1",
        "what": "lost", "step": "sim", "meter": 7, "codes": [place.free],
        "name_fr": "Test", "name_en": "Test",
        "kind": "devices", "place": "0:2",
        "supplier": "UGAP", "quantity": 1, "counted": 1, "minimum": 1, "operator": "Orange",
        "iccid": "8933010000000000028", "pdf": "0" * 64, "known": "team", "copy_given": "none",
        "number": 1, "signed_on": "2026-11-24",
        "from_day": "2027-04-01", "to_day": "2027-04-02", "instead_of": place.free, "device": place.lent,
        "instead": place.free, "other": place.free, "how": "received", "at_once": 3, "extensions": 1,
        "longest_months": 6, "why": "lost", "amount_cents": 5000, "dated_on": "2026-01-05", "kept_where": "Test",
        "hour": 9, "days": 1, "outcome": "sent",
        "reader": "Test", "read_on": "2026-11-24", "text": summaries.digest_of("ar"),
    }  # fmt: skip
    known |= _of_its_own(shape, place, world)
    return {name: known[name] for name, field in shape.model_fields.items() if field.is_required()}


@pytest.mark.slow("every route there is, with every oddity")
def test_one_odd_field_in_a_right_wish_is_refused_or_done_whole(
    app: Flask, world: World, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
):
    """Here odd values meet the rules: a wish may be done, or is refused and then nothing at all was committed."""
    shapes = inputs_of(monkeypatch, app, world, places)
    mia = everywhere(app, world)
    throttled = {"/sign-in", "/me/password", "/me/pin", "/forgot", "/station/take-over"}
    values = (None, HUGE, "", NUL, LONE, "x" * 100_000, [], {}, "9999-12-31", "9999-12-31T23:59:59-14:00")
    for method, rule in routes(app):
        if method != "POST" or rule.rule in throttled or rule.rule.startswith(("/e/", "/E/", "/reset/", "/staff/")):
            continue
        shape = shapes[rule.rule]
        every = rule.rule in {"/loans", "/returns"}
        for name in (n for n in shape.model_fields if every or n not in Act.model_fields):
            for value in values:
                with commits(app) as written:
                    body = json.dumps(whole(shape, places["own"], world) | {name: value})
                    answer = mia.ask("POST", filled(rule, places["own"]), data=body, content_type="application/json")
                fair(answer, (rule.rule, name, str(value)[:40]))
                assert answer.status_code < 400 or not written, (rule.rule, name, str(value)[:40])


def test_what_was_lent_far_away_in_time_can_still_be_shown(app: Flask, world: World, places: dict[str, Place]):
    """A day the calendar ends at is refused, so that no page, list or agreement has to add to it."""
    ada = program(app, world, "ada")
    for due in ("9999-12-31", "9998-01-01", "2400-01-01"):
        body = {"household": places["own"].household, "devices": [places["own"].free], "due_on": due}
        answer = ada.post("/loans", json=body)
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["due_on"]), due
        answer = ada.post(f"/loans/{places['own'].loan}/extend", json={"due_on": due})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["due_on"]), due


FORMS = (
    [("devices", "DXXXXXXX"), ("devices.0.code", "x")],
    [("devices.0.code", "x"), ("devices", "DXXXXXXX")],
    [("household", "F"), ("household.0.code", "x")],
    [("name", "a"), ("name", "b"), ("name.0.a", "c")],
    [("devices.0.code", NUL), ("devices.99999999.code", "x"), ("devices.٣.code", "x"), ("devices.-1.code", "y")],
    [("devices.0.missing[]", "x"), ("devices.0.missing", "y"), ("devices.0.", "z"), ("..", "z"), ("", "z")],
    [("devices.0.code.deeper", "x"), ("a.0.b", "x"), ("id", "x"), ("id", "y")],
    [("due_on", "9999-12-31"), ("occurred_at", "0001-01-01T00:00:00+14:00"), ("limit", str(HUGE))],
    [("model", str(HUGE)), ("owner", "9" * 5000), ("person", "1e3"), ("centre", "٣")],
    [("codes", c) for c in ("x" * 101, NUL, "")],
    [("email", "x" * 10_000), ("password", "x" * 10_000), ("pin", "٣٣٣٣"), ("words", "x" * 10_000)],
)


@pytest.mark.slow("every route there is, with every oddity")
def test_no_form_breaks_a_page_nor_writes_a_part(app: Flask, world: World, places: dict[str, Place]):
    mia, before = everywhere(app, world, person), rows(app)
    for method, rule in routes(app):
        if method == "POST":
            for fields in FORMS:
                who = mia.coco if rule.rule.startswith("/finance/") else mia
                pairs = [*fields, ("no such field", "1"), ("csrf", who.csrf)]
                body = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
                answer = mia.ask(
                    "POST", filled(rule, places["own"]), data=body, content_type="application/x-www-form-urlencoded"
                )
                fair(answer, (rule.rule, fields[0]))
                assert answer.status_code >= 400, (rule.rule, fields[0])
    assert rows(app) == before


PART = b"--b\r\nContent-Disposition: form-data%s\r\n\r\n\xff\0\r\n--b--\r\n"
BODIES: tuple[tuple[str, bytes, tuple[int, ...]], ...] = (
    ("application/json", b"[" * 10_000, (400,)),
    ("application/json", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, (400,)),
    ("application/json", b'{"a":' * 20 + b"1" + b"}" * 20, (400,)),
    ("application/json", b"\xff\xfe\x00", (400,)),
    ("application/json", b'{"name": "\xed\xa0\x80"}', (400, 422)),
    ("application/json", b'{"a": ' + b"9" * 10_000 + b"}", (400,)),
    ("application/json", b'{"a": NaN}', (400, 422)),
    ("application/json", b'{"\\ud800": 1}', (400, 422)),
    ("application/json", b'{"a": 1, "a": 2}', (400, 422)),
    ("application/json", b"[]", (400,)),
    ("application/json", b"null", (400,)),
    ("application/json", b"", (400,)),
    ("text/plain", b"name=x", (415,)),
    ("application/xml", b"<a/>", (415,)),
    ("application/octet-stream", b"\0\1", (415,)),
    ("not a type", b"x", (415,)),
    ("application/x-www-form-urlencoded", b"\xff=%FF&%ED%A0%80=%00", (400,)),
    ("application/x-www-form-urlencoded", b"%FF=%FF&%ED%A0%80=%00", (422,)),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000)), (413, 422)),
    ("application/x-www-form-urlencoded", b"a=" + b"x" * 600_000, (413,)),
    ("multipart/form-data", b"x", (400,)),
    ("multipart/form-data; boundary=\xc3\xa9", b"x", (400, 415)),
    ("multipart/form-data; boundary=b", PART % b'; name="no such"', (422,)),
    ("multipart/form-data; boundary=b", PART % b"", (422,)),
)  # fmt: skip


@pytest.mark.slow("every route there is, with every oddity")
def test_no_body_breaks_a_route_whatever_its_kind(app: Flask, world: World, places: dict[str, Place], mia: Asker):
    before = rows(app)
    for method, rule in routes(app):
        if method == "POST":
            for kind, body, fitting in BODIES:
                extra = b"&no+such=1" if kind == "application/x-www-form-urlencoded" and len(body) < 100 else b""
                answer = mia.ask("POST", filled(rule, places["own"]), data=body + extra, content_type=kind)
                fair(answer, (rule.rule, kind, body[:30]))
                assert answer.status_code in fitting, (rule.rule, kind, body[:30], answer.status_code)
    assert rows(app) == before


def test_what_is_too_large_is_413_in_any_kind(app: Flask, mia: Asker):
    body = b'{"name": "' + b"x" * (26 * 1024 * 1024) + b'"}'
    answer = mia.ask("POST", "/households", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (413, "too_large")
    answer = mia.ask(
        "POST", "/households", data=b"name=" + b"x" * 600_000, content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.json["error"]) == (413, "too_large")


def test_many_things_at_once_are_refused_before_they_are_looked_up(app: Flask, mia: Asker, places: dict[str, Place]):
    """A long list costs nothing: no question to the database for each of its entries."""
    asked = _count_statements(
        app, lambda: mia.post("/loans", json={"household": "x", "devices": ["x1"] * 20_000, "due_on": "2027-01-01"})
    )
    assert asked < 200
    asked = _count_statements(
        app, lambda: mia.post("/returns", json={"devices": [{"code": f"x{n}"} for n in range(20_000)]})
    )
    assert asked < 200
    asked = _count_statements(app, lambda: mia.get("/lend?" + "&".join(f"device=x{n}" for n in range(2000))))
    assert asked < 200


def _count_statements(app: Flask, ask: Any) -> int:
    from sqlalchemy import event

    from app.db import db

    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_refusals_are_in_the_readers_language(app: Flask, world: World, places: dict[str, Place]):
    """The same nonsense from a French and from an English reader: two sentences, each in its own language."""
    french, english = program(app, world, "mia"), program(app, world, "ada")
    with app.app_context(), writing() as s:
        s.get_one(Person, world.people["ada"]).language = "en"
    tries = [
        ("GET", "/households/FBBBBBBB", {}),
        ("GET", "/nowhere", {}),
        ("GET", "/devices?nonsense=1", {}),
        ("GET", "/devices?limit=1000", {}),
        ("GET", "/devices?after=nonsense", {}),
        ("DELETE", "/devices", {}),
        ("POST", "/loans", {"json": {}}),
        (
            "POST",
            "/loans",
            {"json": {"household": 5, "devices": ["x"], "due_on": "tomorrow", "id": 3, "occurred_at": "now"}},
        ),
        ("POST", "/loans", {"data": b"{", "content_type": "application/json"}),
        ("POST", "/loans", {"data": b"x", "content_type": "text/plain"}),
        ("POST", "/households", {"json": {"name": "x" * 300}}),
        ("POST", f"/devices/{places['own'].lent}/check", {"json": {}}),
        ("POST", f"/devices/{places['other'].free}/check", {"json": {}}),
    ]
    for method, path, sent in tries:
        one, two = french.ask(method, path, **sent), english.ask(method, path, **sent)
        assert one.status_code == two.status_code >= 400, path
        assert one.json["message"] != two.json["message"], (method, path)
        for name in one.json["fields"]:
            assert one.json["fields"][name] != two.json["fields"][name], (path, name)


def test_a_stranger_is_refused_in_the_language_of_the_browser(app: Flask, world: World):
    said = {
        language: anyone(app, as_json=True, language=language).get("/devices").json["message"]
        for language in ("fr", "en", "fr-FR,en;q=0.5", "de")
    }
    assert said["fr"] == said["fr-FR,en;q=0.5"] == said["de"] != said["en"]


def test_nonsense_in_headers_breaks_nothing(app: Flask, world: World):
    ada = person(app, world, "ada")
    odd = ("http://[", "null", "//", "x" * 5000, "\xff\xfe", "%00")
    for name in (
        "Origin",
        "Referer",
        "Accept",
        "Accept-Language",
        "Content-Type",
        "Authorization",
        "X-CSRF-Token",
        "Cookie",
        "Sec-Fetch-Site",
        "User-Agent",
        "Range",
        "If-None-Match",
        "If-Modified-Since",
        "X-Forwarded-For",
    ):
        for value in odd:
            for method, path in (
                ("GET", "/devices"),
                ("POST", "/households"),
                ("POST", "/sign-in"),
                ("GET", "/nowhere"),
                ("GET", "/help"),
            ):
                headers = {name: value}
                answer = ada.ask(
                    method, path, headers=headers, **({"data": {"csrf": ada.csrf}} if method == "POST" else {})
                )
                fair(answer, (name, value[:20], method, path))


def test_what_is_sent_is_read_in_the_kit_alone():
    """`read` and `read_query`, which the tests above pound on; the doors look for their token, no more."""
    reads = re.compile(r"request\.(form|json|get_json|data|get_data|values|files|stream)\b")
    app_folder = Path(__file__).parents[2] / "app"
    found = {
        path.relative_to(app_folder).as_posix() for path in app_folder.rglob("*.py") if reads.search(path.read_text())
    }
    assert found == {"web/reading.py", "people/doors.py"}
