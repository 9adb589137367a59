"""A worker makes more than a thousand apps, all of the same pages, addresses and questions: each is compiled once.

What is kept is what Jinja, Werkzeug and SQLAlchemy compile, not what a page says, an address leads to, a question finds.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from types import CodeType, MethodType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule


class _Kept(BytecodeCache):
    """The code of templates by their key, which changes with their source."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.key + bucket.checksum] = bucket.code


@cache
def _pages(_language: str) -> BytecodeCache:
    return _Kept()


def remember_pages(app: Flask) -> Flask:
    """The pages of each language are compiled apart: their sentences are folded into the code."""
    for language, pages in app.extensions["pages"].items():
        pages.bytecode_cache = _pages(language)
    return app


@cache
def remember_addresses() -> None:
    """What a rule matches and how its address is written hangs on its text and the converters alone; ours bear no
    defaults.
    """
    compiled: dict[Any, dict[str, Any]] = {}
    compile_rule = Rule.compile

    def once(rule: Rule) -> None:
        if rule.defaults or rule.subdomain or rule.host:
            compile_rule(rule)
            return
        key = rule.rule, rule.merge_slashes, frozenset(rule.map.converters.items())
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = {name: getattr(rule, name) for name in _COMPILED}
            compiled[key] |= {name: getattr(rule, name).__func__ for name in _BUILDERS}
            return
        for name in _COMPILED:
            setattr(rule, name, copy(compiled[key][name]))
        for name in _BUILDERS:
            setattr(rule, name, MethodType(compiled[key][name], rule))

    Rule.compile = once  # type: ignore[method-assign, assignment]


_COMPILED = ("_parts", "_trace", "_converters", "arguments")
_BUILDERS = ("_build", "_build_unknown")


_dialects: dict[str, Dialect] = {}
_questions: dict[object, Any] = {}


def remember_questions(app: Flask) -> Flask:
    """The words of a statement hang on it and on the dialect, of which one a kind serves all apps from the first
    that reached its database; the servers of a worker are alike.
    """
    for engine in _engines(app):
        if known := _dialects.get(engine.dialect.name):
            engine.dialect = engine.pool._dialect = known
        engine.update_execution_options(compiled_cache=_questions)
    return app


def learn_questions(app: Flask) -> None:
    """This app has reached its database: from now on all speak as it does."""
    for engine in _engines(app):
        _dialects.setdefault(engine.dialect.name, engine.dialect)


def _engines(app: Flask) -> list[Engine]:
    with app.app_context():
        return list(app.extensions["sqlalchemy"].engines.values())
