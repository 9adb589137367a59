"""A worker makes more than a thousand apps, all of the same pages, addresses and questions: each is compiled once.

What is kept is what Jinja, Werkzeug and SQLAlchemy compile, not what a page says, an address leads to, a question finds.
"""

from __future__ import annotations

from functools import cache
from types import CodeType
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
    """Of a rule the code that writes its address hangs on its text and its converters alone; ours bear no defaults."""
    compiled: dict[tuple[str, bool], Any] = {}
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults or rule.subdomain or rule.host:
            return compile_builder(rule, append_unknown)
        key = rule.rule, append_unknown
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = once  # type: ignore[method-assign, assignment]


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
