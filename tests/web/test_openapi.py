"""The contract as a document: right OpenAPI 3.1, nothing vague in it, and every answer keeps to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import ValidationError
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.asking import Asker, anyone, lend_wish, program
from tests.harness.databases import on_postgresql, on_sqlite
from tests.make import World, make_device, make_household
from tests.web.things import Place

ROOT = Path(__file__).parents[2]
ROLES = ("ada", "mia", "coco")  # front desk, manager, coordination
PARTS, ALL = 4, slice(None)  # of the operations: several workers share what takes long
load_all_checks()
HELD = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    ]
)
# Said by pages alone: of routes that answer people, and declare nothing to programs.
OF_PAGES = {
    "already_set_up",
    "email_taken",
    "name_taken",
    "no_desk",
    "no_mail",
    "no_organisation",
    "not_yourself",
    "sign_in_failed",
    "weak_password",
    "wrong_key",
}
# Of the label library: a sheet of ours, asked for as it should be, never meets them.
NEVER = {
    "bad_code",
    "bad_csv",
    "bad_logo",
    "bad_roll",
    "bad_sheet",
    "bad_url",
    "emblem_too_small",
    "logo_too_large",
    "no_labels",
    "no_statement",
    "not_a_roll",
    "one_png_a_label",
    "skip_out_of_range",
    "too_many_labels",
    "too_many_logos",
    "word_too_long",
    "words_yield",
    "unknown_medium",
}


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return anyone(app, as_json=True).get("/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_document_is_right_openapi(app: Flask, document: dict[str, Any]):
    assert document["openapi"].startswith("3.1")
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    assert len([one.ok() for one in schema.get_all_operations()]) == len(list(operations(document))) > 25
    with pytest.raises(ValidationError):
        schemathesis.openapi.from_dict(document | {"paths": {"/x": {"get": {"responses": 5}}}}).validate()


def test_the_document_is_anybodys_and_the_same_for_all(app: Flask, world: World):
    strangers = anyone(app).get("/openapi.json")
    assert (strangers.status_code, strangers.mimetype) == (200, "application/json")
    assert strangers.json == program(app, world, "mia").get("/openapi.json").json


def test_every_route_that_speaks_is_in_it_under_its_own_name(app: Flask, document: dict[str, Any]):
    spoken = {name for name, view in app.view_functions.items() if hasattr(view, "spoken")}
    ids = [operation["operationId"] for _m, _p, operation in operations(document)]
    assert len(ids) == len(set(ids)) == len(spoken)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/devices"), ("POST", "/devices"), ("GET", "/devices/{code}"), ("POST", "/devices/{code}/check"),
        ("GET", "/households"), ("POST", "/households"), ("GET", "/households/{code}"),
        ("GET", "/loans"), ("POST", "/loans"), ("GET", "/loans/{uuid}"), ("POST", "/loans/{uuid}/undo"),
        ("POST", "/loans/{uuid}/extend"), ("GET", "/loans/{uuid}/agreement.pdf"), ("POST", "/returns"),
        ("GET", "/labels.pdf"), ("POST", "/labels.pdf"),
    ],
)  # fmt: skip
def test_what_the_design_promises_is_in_it(document: dict[str, Any], method: str, path: str):
    assert method.lower() in document["paths"][path]


def test_nothing_in_it_is_a_bare_object(document: dict[str, Any]):
    assert list(_bare(document["components"]["schemas"], "")) == []
    assert list(_bare({"x": {"type": "object"}}, "")) == ["/x"], "this search finds what it looks for"


def _bare(part: Any, where: str) -> Iterator[str]:
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from _bare(one, f"{where}/{number}")
    if isinstance(part, dict):
        told = part.get("properties") or part.get("additionalProperties", True) is not True or "description" in part
        if part == {} or (part.get("type") == "object" and not told):
            yield where
        for name, one in part.items():
            yield from _bare(one, f"{where}/{name}")


def test_every_code_the_house_can_say_is_listed(app: Flask, document: dict[str, Any]):
    """And none is listed that no line of the house says."""
    listed = set(document["components"]["schemas"]["Refusal"]["properties"]["error"]["enum"])
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    said = set(re.findall(r"Refused\(\s*\"([a-z_]+)\"", source)) | set(re.findall(r"\d{3}: \(\"([a-z_]+)\"", source))
    drawn = set(
        re.findall(
            r"(?:LabelError|TooLong)\(\"([a-z_]+)\"", "\n".join(p.read_text() for p in (ROOT / "labels").rglob("*.py"))
        )
    )
    said |= {"not_found"}
    assert said - listed == OF_PAGES
    assert drawn - listed == NEVER
    rules = [path for path in (ROOT / "app").rglob("*.py") if path.name != "openapi.py"]
    declared = re.compile(r"(refuses=|doubts=|LENDING = |SHEET = )\([^)]*\)")
    written = declared.sub("", "\n".join(path.read_text(encoding="utf-8") for path in rules))
    assert [code for code in listed - drawn if f'"{code}"' not in written] == []


def test_writes_that_need_nothing_need_no_body(document: dict[str, Any]):
    needed = {
        path: methods["post"]["requestBody"]["required"]
        for path, methods in document["paths"].items()
        if "post" in methods
    }
    assert (needed["/loans"], needed["/loans/{uuid}/undo"], needed["/devices/{code}/check/undo"]) == (
        True,
        False,
        False,
    )


def test_numbers_in_addresses_are_integers(document: dict[str, Any]):
    kinds = {
        p["name"]: p["schema"]["type"]
        for _m, _p, one in operations(document)
        for p in one["parameters"]
        if p["in"] == "path"
    }
    numbers = dict.fromkeys(
        ("number", "plan", "deposit", "complaint", "fault", "receipt", "shown", "item", "finding"), "integer"
    )
    assert kinds == dict.fromkeys(("code", "uuid", "kind", "language", "operation"), "string") | numbers


# Every operation, with generated input


@pytest.mark.slow("some hundred generated requests a role")
@on_sqlite
def test_whatever_is_sent_the_answer_keeps_to_the_document(app: Flask, world: World, places: dict[str, Place]):
    _fuzz(app, world, places, ROLES, examples=3)


@pytest.mark.slow("some hundred generated requests; in `make deep` all roles on both databases")
@on_postgresql
def test_on_postgresql_too_the_answer_keeps_to_the_document(app: Flask, world: World, places: dict[str, Place]):
    _fuzz(app, world, places, ["mia"], examples=2)


@pytest.mark.deep
@pytest.mark.timeout(1200)
@pytest.mark.slow("the same for longer")
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_sent_for_long_the_answer_keeps_to_the_document(
    app: Flask, world: World, places: dict[str, Place], part: int
):
    _fuzz(app, world, places, ROLES, examples=60, part=slice(part, None, PARTS))


def _fuzz(
    app: Flask, world: World, places: dict[str, Place], roles: Sequence[str], *, examples: int, part: slice = ALL
) -> None:
    tokens = [program(app, world, role).token for role in roles]
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    known = {"code": [places["own"].lent, places["own"].household], "uuid": [places["own"].loan, places["own"].event]}
    seen: Counter[int] = Counter()
    for one in list(schema.get_all_operations())[part]:
        operation = one.ok()
        for mode in GenerationMode:
            _try(operation, mode, tokens, known, examples, seen)
    assert {200, 403, 404, 422} <= set(seen) | ({403} if len(roles) == 1 else set())
    assert sum(seen.values()) > 100 * len(roles)


def _try(
    operation: Any,
    mode: GenerationMode,
    tokens: Sequence[str],
    known: dict[str, list[str]],
    examples: int,
    seen: Counter[int],
) -> None:
    """Each generated request by each token; right ones for things that are there, too."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        for number, token in enumerate(tokens):
            if mode is GenerationMode.POSITIVE and seen.total() % 3:
                case.path_parameters |= {n: known[n][number % 2] for n in case.path_parameters if n in known}
            answer = case.call(headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=HELD)

    with suppress(Unsatisfiable):  # an operation without parameters has no wrong input
        run()


def test_every_right_answer_keeps_to_the_document(app: Flask, world: World):
    """Beside the generated: the ways that succeed, each validated against its schema."""
    with app.app_context():
        home, things = make_household(world).code, [make_device(world).code for _ in range(2)]
    ada, schema = program(app, world, "ada"), schemathesis.openapi.from_wsgi("/openapi.json", app)
    loan = _right(ada, schema, "POST", "/loans", json=lend_wish(home, *things))
    path = {"uuid": loan["id"]}
    _right(ada, schema, "POST", "/loans/{uuid}/extend", path, json={"due_on": "2199-01-05"})
    back = _right(ada, schema, "POST", "/returns", json={"devices": [{"code": code} for code in things]})
    _right(ada, schema, "GET", "/returns/{uuid}", {"uuid": back["id"]})
    _right(ada, schema, "POST", "/devices/{code}/check", {"code": things[0]}, json={"method": "effacé"})
    _right(ada, schema, "POST", "/devices/{code}/check/undo", {"code": things[0]}, json={})
    for route, where in (
        ("/devices", {}),
        ("/devices/{code}", {"code": things[0]}),
        ("/households", {}),
        ("/households/{code}", {"code": home}),
        ("/loans", {}),
        ("/loans/{uuid}", path),
        ("/models", {}),
        ("/models/{number}", {"number": 1}),
    ):
        _right(ada, schema, "GET", route, where)
    made = _right(ada, schema, "POST", "/codes", json={"count": 1})
    _right(ada, schema, "POST", "/tie", json={"code": made["codes"][0], "thing": things[1]})


def _right(one: Asker, schema: Any, method: str, route: str, where: dict[str, Any] | None = None, **sent: Any) -> Any:
    case = schema[route][method].Case(path_parameters=where or {}, **({"body": sent["json"]} if sent else {}))
    answer = case.call(headers={"Authorization": f"Bearer {one.token}", "Accept": "application/json"})
    assert answer.status_code in {200, 201}, answer.text
    case.validate_response(answer, checks=HELD)
    return answer.json()
