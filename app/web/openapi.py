"""The OpenAPI 3.1 document, drawn from the routes' own inputs and answers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from app.web.spoken import Spoken

VERSION = "0.5.0"
READS = {"GET"}
OF_ALL = {
    "401": ("sign_in",),
    "403": ("forbidden",),
    "404": ("not_found", "destroyed"),
    "406": ("not_acceptable",),
    "422": ("invalid",),
}
OF_WRITES = {
    "400": ("bad_request",),
    "403": ("forbidden", "csrf", "other_site"),
    "409": ("id_reused", "id_taken", "changed_meanwhile", "no_centre"),
    "413": ("too_large",),
    "415": ("unsupported_media_type",),
    "429": ("too_many",),
    "503": ("busy",),
}
ELSEWHERE = ("method_not_allowed", "broken", "not_yet")  # of no operation: of another method, and of a fault of ours
MEANT = {
    "200": "Done",
    "201": "Made",
    "400": "What was sent could not be read",
    "401": "Sign in, or show a token that opens",
    "403": "Yours to see, not to do",
    "404": "Not there, or not yours to see",
    "406": "This address answers people only",
    "409": "The house says no",
    "413": "Too large",
    "415": "Send JSON or a form",
    "422": "Malformed",
    "429": "Too many tries",
    "503": "Others are writing: try again",
}
WAIT = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}


class Refusal(BaseModel):
    """A refusal: the code for programs, the sentence for people, and the culprits by path."""

    error: str
    message: str
    fields: dict[str, str]


def document(app: Flask) -> dict[str, Any]:
    """The whole contract: every route that declares what it speaks."""
    routes = [(r, says) for r in app.url_map.iter_rules() if (says := _spoken(app, r))]
    paths: dict[str, Any] = {}
    for rule, says in routes:
        method = "post" if says.takes or says.made else "get"
        told = inspect.getdoc(app.view_functions[rule.endpoint]) or ""
        paths.setdefault(_path(rule), {})[method] = _operation(rule, says, method.upper(), told)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Va-et-vient", "version": VERSION},
        "components": {
            "schemas": _schemas(tuple(says for _, says in routes)),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
        "paths": paths,
    }


def codes(all_spoken: Iterable[Spoken]) -> list[str]:
    """Every code a refusal can carry. None is ever renamed."""
    said = [*OF_ALL.values(), *OF_WRITES.values(), ELSEWHERE]
    said += [listed for says in all_spoken for listed in (says.refuses, says.doubts)]
    return sorted({code for listed in said for code in listed})


def _spoken(app: Flask, rule: Rule) -> Spoken | None:
    """What the route declares; the capital twin of `/e/<code>` is the same address."""
    says = getattr(app.view_functions[rule.endpoint], "spoken", None)
    return says if isinstance(says, Spoken) and "/E/" not in rule.rule else None


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def _models(says: Spoken) -> list[tuple[type[BaseModel], Any]]:
    inward = [(m, "validation") for m in (says.takes, says.asks) if m]
    return inward + ([(says.gives, "serialization")] if says.gives else [])


@lru_cache(maxsize=1)
def _schemas(all_spoken: tuple[Spoken, ...]) -> Mapping[str, Any]:
    """Drawn once: two hundred shapes take a fifth of a second, which anybody could ask for again and again."""
    models = [m for says in all_spoken for m in _models(says)] + [(Refusal, "serialization")]
    _, schema = models_json_schema(models, ref_template="#/components/schemas/{model}")
    schema["$defs"]["Refusal"]["properties"]["error"]["enum"] = codes(all_spoken)
    return dict(schema["$defs"])


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{re.sub(r'[^A-Za-z0-9_.-]', '_', model.__name__)}"}


def _operation(rule: Rule, says: Spoken, method: str, told: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint}.{method.lower()}".replace(".", "_"),
        "parameters": [_in_path(rule, name) for name in sorted(rule.arguments)] + _in_query(says),
        "responses": _responses(says, method),
    }
    if told:
        operation["summary"] = told.splitlines()[0]
    if method not in READS and says.takes:
        needed = any(field.is_required() for field in says.takes.model_fields.values())
        operation["requestBody"] = {"required": needed, "content": {"application/json": {"schema": _ref(says.takes)}}}
    return operation


def _in_path(rule: Rule, name: str) -> dict[str, Any]:
    number = f"<int:{name}>" in rule.rule
    schema = {"type": "integer", "minimum": 0} if number else {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(says: Spoken) -> list[dict[str, Any]]:
    if not says.asks:
        return []
    schema = says.asks.model_json_schema(ref_template="#/components/schemas/{model}")
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": part}
        for name, part in schema["properties"].items()
    ]


def _responses(says: Spoken, method: str) -> dict[str, Any]:
    answers = {"200": _answer(says)}
    if says.made:
        location = {"required": True, "schema": {"type": "string"}}
        answers["201"] = answers["200"] | {"description": MEANT["201"], "headers": {"Location": location}}
    listed = OF_ALL | (OF_WRITES if method not in READS else {})
    for status, said in listed.items():
        more = {"409": says.refuses, "422": (*says.doubts, *(("not_yet",) if says.takes else ()))}.get(status, ())
        answers[status] = _refused(status, tuple(dict.fromkeys((*said, *more))))
    return answers


def _refused(status: str, said: tuple[str, ...]) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(Refusal)}}
    answer: dict[str, Any] = {"description": f"{MEANT[status]}: {', '.join(said)}", "content": content}
    return answer | ({"headers": WAIT} if status in {"429", "503"} else {})


def _answer(says: Spoken) -> dict[str, Any]:
    schema = _ref(says.gives) if says.gives else {"type": "string", "format": "binary"}
    return {"description": MEANT["200"], "content": {says.media: {"schema": schema}}}
