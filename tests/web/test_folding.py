"""What a page folds in when it is compiled says what would have been asked for each time (app/web/folding.py)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask, request, url_for
from jinja2 import Environment

from app.errors import Refused
from app.web.folding import draw

SAME = [
    ('url_for("desk.thing", code=it)', "desk.thing", "code"),
    ('url_for("lending.lend_page", device=it)', "lending.lend_page", "device"),
    ('url_for("desk.thing", code=(it))', "desk.thing", "code"),
    ('url_for("lending.show", uuid=it)', "lending.show", "uuid"),
]


@pytest.fixture
def pages(app: Flask) -> Iterator[Environment]:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        yield app.extensions["pages"]["fr"]


@pytest.mark.parametrize(("call", "endpoint", "name"), SAME)
@pytest.mark.parametrize("value", ["DCLBTRXN", "a b&c=d", "é%41", UUID(int=7)])
def test_a_path_filled_in_leads_where_the_router_would(
    app: Flask, pages: Environment, call: str, endpoint: str, name: str, value: object
):
    drawn = pages.from_string("{{ " + call + " }}").render(it=value)
    assert _read(app, drawn) == _read(app, url_for(endpoint, **{name: value}))


def _read(app: Flask, address: str) -> tuple[object, ...]:
    """What the server makes of an address."""
    with app.test_request_context(address.replace("&amp;", "&")):
        return request.endpoint, request.view_args, request.args.to_dict(flat=False)


def test_a_path_that_wants_more_than_one_word_or_a_number_is_the_routers(pages: Environment):
    several = pages.from_string('{{ url_for("inventory.lift_hold", code=it, number=7) }}')
    assert several.render(it="DCLBTRXN") == url_for("inventory.lift_hold", code="DCLBTRXN", number=7)
    nothing = pages.from_string('{{ url_for("lending.lend_page", device=it) }}')
    assert nothing.render(it=None) == url_for("lending.lend_page")


def test_the_value_of_a_path_may_be_any_expression(pages: Environment):
    page = pages.from_string('{{ url_for("desk.thing", code=[it, f(it, 1)][1]) }}')
    assert page.render(it="x", f=lambda *_all: "DCLBTRXN") == "/devices/DCLBTRXN"


def test_the_folder_of_statics_stands_in_the_page_as_it_is(app: Flask, pages: Environment):
    assert pages.from_string("{{ static }}logo.svg").render() == f"{app.jinja_env.globals['static']}logo.svg"
    assert pages.from_string('{{ "x" ~ static }}').render() == f"x{app.jinja_env.globals['static']}"
    assert pages.from_string("{% set static = 1 %}{{ static + 1 }}").render() == "2"


def test_every_page_knows_the_parts_it_is_made_of(app: Flask):
    for language in ("fr", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert '<main class="page' in draw("web/fault.html", no=Refused("x", "x"))
