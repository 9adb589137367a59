"""Lists: filtered by words of the address, paged by key, so that page one thousand costs what page one costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from unicodedata import category

from flask import request, url_for
from pydantic import BaseModel, Field
from sqlalchemy import Select, tuple_

from app.db import session
from app.errors import Refused
from app.inputs import Input, Line
from app.words import _

T = TypeVar("T")
LARGEST = 2**62
UNTYPED = {"Cc", "Cs"}  # controls and halves of characters: in no name, and no database takes them


class Listing(Input):
    """The words every list knows: how many, what to search, and where the page before ended."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    q: Line = ""
    after: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list: its rows, and the address of the next page or None."""

    rows: Sequence[T]
    next: str | None


def slice_of(
    query: Select[Any],
    wish: Listing,
    *,
    by: Sequence[Any],
    key: Callable[[Any], Sequence[Any]],
    backwards: bool = False,
) -> Slice[Any]:
    """The rows of `query` in the order of the columns `by`, or backwards, that come after the key in the address.

    `key` gives a row's values of those columns. One row more than asked tells whether a next page exists.
    """
    if wish.after:
        here, before = tuple_(*by), tuple_(*_opened(wish.after, by))
        query = query.where(here < before if backwards else here > before)
    order = [column.desc() for column in by] if backwards else by
    rows = session().execute(query.order_by(*order).limit(wish.limit + 1)).all()
    found = [row[0] if len(row) == 1 else row for row in rows]
    if len(found) <= wish.limit:
        return Slice(found, None)
    found = found[: wish.limit]
    return Slice(found, _next(_closed(key(found[-1]))))


def _next(cursor: str) -> str:
    words = {k: v for k, v in request.args.items(multi=True) if k != "after"}
    return url_for(request.endpoint or "", **(request.view_args or {}), **words, after=cursor)  # type: ignore[arg-type]


def _closed(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values), default=date.isoformat).encode()).decode().rstrip("=")


def _opened(cursor: str, by: Sequence[Any]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == len(by):
            return [_typed(value, column.type.python_type) for value, column in zip(values, by, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise Refused(
        "invalid", _("The address asks for something odd."), status=422, fields={"after": _("This is not right.")}
    )


def _typed(value: Any, kind: type) -> Any:
    """A cursor's value as its column wants it; anything else is a `ValueError`."""
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if (
        type(value) is not kind
        or (isinstance(value, int) and abs(value) > LARGEST)
        or (isinstance(value, str) and any(category(sign) in UNTYPED for sign in value))
    ):
        raise ValueError(value)
    return value


class ListAnswer(BaseModel, Generic[T]):
    """What programs get of a list."""

    items: list[T]
    next: str | None
