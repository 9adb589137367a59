"""The OpenAPI 3.1 document, drawn from the routes' own inputs and answers."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from app.web.spoken import Spoken

VERSION = "0.1.0"
READS = {"GET"}
OF_ALL = {"401": "sign_in", "403": "forbidden", "404": "not_found", "406": "not_acceptable", "422": "invalid"}
OF_WRITES = {
    "400": "bad_request",
    "413": "too_large",
    "415": "unsupported_media_type",
    "429": "too_many",
    "503": "busy",
}


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
        for method in sorted((rule.methods or set()) & ({"GET"} if says.takes is None and not says.made else {"POST"})):
            paths.setdefault(_path(rule), {})[method.lower()] = _operation(rule, says, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Va-et-vient", "version": VERSION},
        "components": {
            "schemas": _schemas([s for _, s in routes]),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
        "paths": paths,
    }


def _spoken(app: Flask, rule: Rule) -> Spoken | None:
    """What the route declares; the capital twin of `/e/<code>` is the same address."""
    says = getattr(app.view_functions[rule.endpoint], "spoken", None)
    return says if isinstance(says, Spoken) and "/E/" not in rule.rule else None


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def _models(says: Spoken) -> list[tuple[type[BaseModel], Any]]:
    inward = [(m, "validation") for m in (says.takes, says.asks) if m]
    return inward + ([(says.gives, "serialization")] if says.gives else [])


def _schemas(all_spoken: list[Spoken]) -> dict[str, Any]:
    models = [m for says in all_spoken for m in _models(says)] + [(Refusal, "serialization")]
    _, schema = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return dict(schema["$defs"])


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{re.sub(r'[^A-Za-z0-9_.-]', '_', model.__name__)}"}


def _operation(rule: Rule, says: Spoken, method: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint}.{method.lower()}".replace(".", "_"),
        "parameters": [_in_path(name) for name in sorted(rule.arguments)] + _in_query(says),
        "responses": _responses(says, method),
    }
    if method not in READS and says.takes:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(says.takes)}}}
    return operation


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


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
    refusal = {"application/json": {"schema": _ref(Refusal)}}
    answers = {"200": _answer(says)}
    if says.made:
        answers["201"] = answers["200"] | {"headers": {"Location": {"schema": {"type": "string"}}}}
    codes = OF_ALL | (OF_WRITES if method not in READS else {})
    answers |= {status: {"description": code, "content": refusal} for status, code in codes.items()}
    if says.refuses or method not in READS:
        listed = ", ".join((*says.refuses, "id_reused", "id_taken", "changed_meanwhile"))
        answers["409"] = {"description": f"The house says no: {listed}", "content": refusal}
    return answers


def _answer(says: Spoken) -> dict[str, Any]:
    schema = _ref(says.gives) if says.gives else {"type": "string", "format": "binary"}
    return {"description": "Done", "content": {says.media: {"schema": schema}}}
