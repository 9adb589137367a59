"""A table as a file, sent while it is read: fifty thousand lines take no more memory than fifty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from flask import Response, request, stream_with_context
from sqlalchemy import Select, tuple_

from app.db import session
from app.sheets import archived, as_csv, as_xlsx

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 1000


def table_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """CSV or Excel, as the address ends."""
    if request.path.endswith(".xlsx"):
        return _sent(as_xlsx(name, head, rows), XLSX, f"{name}.xlsx")
    return _sent(as_csv(head, rows), CSV, f"{name}.csv")


def archive_answer(name: str, files: Iterable[tuple[str, Iterable[bytes]]]) -> Response:
    return _sent(archived(files), "application/zip", f"{name}.zip")


def _sent(blocks: Iterator[bytes], media_type: str, name: str) -> Response:
    response = Response(stream_with_context(blocks), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def each(query: Select[Any], *, by: Sequence[Any], key: Callable[[Any], Sequence[Any]]) -> Iterator[Any]:
    """Every row in the order of the columns `by`."""
    return chain.from_iterable(parts(query, by=by, key=key))


def parts(query: Select[Any], *, by: Sequence[Any], key: Callable[[Any], Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The same, a thousand at a time, each thousand forgotten before the next is asked for."""
    after: Sequence[Any] = ()
    while True:
        asked = query.where(tuple_(*by) > tuple_(*after)) if after else query
        found = session().scalars(asked.order_by(*by).limit(AT_ONCE)).unique().all()
        yield found
        if len(found) < AT_ONCE:
            return
        after = key(found[-1])
        session().expunge_all()
