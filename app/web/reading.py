"""`read` takes what was sent, from an HTML form or JSON; `submit` hands it to a rule in a write of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast, get_args, get_origin
from uuid import uuid4

from flask import abort, request
from pydantic import ValidationError
from werkzeug.datastructures import MIMEAccept, MultiDict
from werkzeug.http import parse_accept_header

from app.errors import Refused
from app.history import Act, Author, perform
from app.inputs import Input, faults_of, invalid
from app.words import _

W = TypeVar("W", bound=Input)
T = TypeVar("T")
DEEPEST = 8
_ROW = re.compile(r"([^.]+)\.([0-9]{1,6})\.([^.]+)")  # list.place.field
NOT_OURS = {"csrf"}  # fields of the frame, not of the act
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data", ""}  # an act without fields may come empty


class Form(Generic[W]):
    """What was sent for one act, the faults found in it, and the refusal of the house, if any.

    `values` redraws the form: the defaults, or what was sent. `faults` maps a path to its sentence.
    """

    def __init__(self, shape: type[W], values: dict[str, Any], *, sent: bool) -> None:
        self.shape = shape
        self.values = values
        self.sent = sent
        self.wish: W | None = None
        self.faults: dict[str, Any] = {}
        self.refusal: Refused | None = None
        self.repeated = False
        if sent:
            self._check()
        elif "id" in shape.model_fields:
            values.setdefault("id", uuid4())

    def _check(self) -> None:
        try:
            self.wish = self.shape.model_validate(self.values)
        except ValidationError as wrong:
            self.faults = faults_of(wrong)
        except (RecursionError, OverflowError):
            abort(400)

    def submit(
        self,
        rule: Callable[..., T],
        *things: object,
        by: Author | None,
        at: datetime,
        again: Callable[[Act], T] | None = None,
    ) -> T | None:
        """What the rule returned, written and committed; None when nothing valid was sent or the house refused.

        `again` finds the first result when the same act is sent twice.
        """
        if self.wish is not None:
            try:
                thing, self.repeated = perform(rule, self.wish, *things, by=by, at=at, again=again)
            except Refused as no:
                self.refusal, self.faults = no, dict(no.fields)
            else:
                return thing
        self.tell_programs()
        return None

    def tell_programs(self) -> None:
        """A program is told no at once, before the page that shows people their form again is gathered."""
        if (self.refusal or self.faults) and wants_json():
            raise self.refusal or invalid(self.faults)

    def insist(self, rule: Callable[..., T], *things: object, **how: Any) -> T:
        """`submit` where no page would show the form again: what is wrong with it is raised."""
        thing = self.submit(rule, *things, **how)
        if self.refusal or self.faults:
            raise self.refusal or invalid(self.faults)
        return cast("T", thing)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """What is looked at before the write, such as a password: a refusal there is the form's refusal.

        Where other fields are wrong too, what is wrong beside a field joins them: all is said at once.
        """
        try:
            yield
        except Refused as no:
            if self.faults and no.fields:
                self.faults.update(no.fields)
            else:
                self.refusal, self.faults, self.wish = no, dict(no.fields), None

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a list as they were sent, to be drawn again: what is no row, or an empty one, is left out."""
        sent = self.values.get(name)
        return [one for one in sent if isinstance(one, dict) and one] if isinstance(sent, list) else []

    @property
    def status(self) -> int:
        if self.refusal:
            return self.refusal.status
        return 422 if self.faults else 200


def wants_json() -> bool:
    """HTML unless JSON is preferred. `*/*` is HTML, but a JSON body sent with no preference is answered in its kind."""
    return _json_preferred(request.headers.get("Accept", ""), request.is_json)


@lru_cache(maxsize=500)
def _json_preferred(accept: str, is_json: bool) -> bool:
    accepted = parse_accept_header(accept, MIMEAccept)
    if not accepted or accepted.best == "*/*":
        return is_json
    # Equal wishes: the one named outright is preferred (`application/json, */*`), else a page.
    return accepted.best_match(["text/html", "application/json"]) == "application/json"


def read(shape: type[W], **defaults: Any) -> Form[W]:
    """The act's input as it was sent; on a GET, the defaults to draw an empty form with."""
    if request.method in {"GET", "HEAD"}:
        return Form(shape, defaults, sent=False)
    if request.is_json:
        return Form(shape, _json_object(), sent=True)
    if request.mimetype not in FORMS:
        abort(415)
    if request.content_length and not request.form and not request.files:
        abort(400)  # a form that could not be read must not pass for an empty one
    kept = {name: value for name, value in defaults.items() if name not in request.form}  # what was emptied is empty
    return Form(shape, kept | _plain(shape, request.form), sent=True)


def blank(shape: type[W], **defaults: Any) -> Form[W]:
    """An empty form to draw beside another one, whatever was sent for that one."""
    return Form(shape, defaults, sent=False)


def sent_file(name: str) -> bytes:
    """The bytes of a file that came with a form; none when nothing was chosen."""
    return request.files[name].read() if name in request.files else b""


def sent_files(start: str) -> list[tuple[str, bytes]]:
    """The files of all fields whose names begin so, each with the rest of that name; none for those left empty."""
    named = [(name, one) for name in request.files if name.startswith(start) for one in request.files.getlist(name)]
    return [(name.removeprefix(start), content) for name, one in named if (content := one.read())]


def sent_name(name: str) -> str:
    """What the file that came with a form is called; its folder is nobody's business."""
    return (request.files[name].filename or "").replace("\\", "/").rpartition("/")[2] if name in request.files else ""


def read_query(shape: type[W]) -> W:
    """The words of the address as an input; raises `Refused` (422) on an unknown word or a wrong value."""
    try:
        return shape.model_validate(_plain(shape, request.args))
    except ValidationError as wrong:
        raise Refused(
            "invalid", _("The address asks for something odd."), status=422, fields=faults_of(wrong)
        ) from wrong


def _json_object() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict) or _depth(body) > DEEPEST:
        abort(400)
    return body


def _depth(value: object, so_far: int = 0) -> int:
    if so_far > DEEPEST or not isinstance(value, dict | list):
        return so_far
    below = value.values() if isinstance(value, dict) else value
    return max((_depth(v, so_far + 1) for v in below), default=so_far + 1)


def _plain(shape: type[Input], sent: MultiDict[str, str]) -> dict[str, Any]:
    """Form fields as the input wants them: `devices.0.code` becomes a list of objects, an empty field is left out."""
    plain: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key in sent:
        name, values = key or "", [v for v in sent.getlist(key) if v]  # a part of a multipart body may be nameless
        if found := _ROW.fullmatch(name):
            head, place, field = found.groups()
            _into(rows.setdefault(head, {}).setdefault(int(place), {}), field, values)
        elif _is_list(shape, name):
            plain[name] = values
        elif values and name not in NOT_OURS:
            plain[name] = values[-1]  # a field filled in by hand stands after the choices offered
    return plain | {head: [rows[head][place] for place in sorted(rows[head])] for head in rows}


def _into(row: dict[str, Any], field: str, values: list[str]) -> None:
    if field.endswith("[]"):
        row[field.removesuffix("[]")] = values
    elif values:
        row[field] = values[0]


def _is_list(shape: type[Input], name: str) -> bool:
    field = shape.model_fields.get(name)
    kinds = [field.annotation, *get_args(field.annotation)] if field else []
    return any(get_origin(k) is list for k in kinds)
