"""Acts as files that `sha256sum -c` checks without our key: each line gives its hash, each link follows from the last.

The chain itself goes along whole, as hashes alone: it shows that no act was put in or left out between two of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.db import session
from app.history.chain import START
from app.history.models import Act, ActLink

_before = aliased(ActLink)
LINES, LINKS, SUMS, CHAIN = "lignes", "liens", "SHA256SUMS", "chaine.txt"


def of(acts: Select[int]) -> Iterator[tuple[str, bytes]]:
    """Files by their name: of each act its line and its link, then the sums to check them, then the chain.

    `acts`: the numbers of their rows.
    """
    query = (
        select(ActLink, Act, _before.hash)
        .join(Act, Act.id == ActLink.act_id)
        .outerjoin(_before, _before.number == ActLink.number - 1)
        .where(Act.id.in_(acts))
        .order_by(ActLink.number)
    )
    sums = []
    for link, act, before in session().execute(query).all():
        line, place = f"{LINES}/{link.number:08}.txt", f"{LINKS}/{link.number:08}.txt"
        yield line, (act.salt + act.line()).encode()
        yield place, ((before or START) + act.line_hash).encode()
        sums += [f"{act.line_hash}  {line}", f"{link.hash}  {place}"]
    yield SUMS, _text(sums)
    chain = select(ActLink.number, Act.line_hash, ActLink.hash).join(Act, Act.id == ActLink.act_id)
    rows = session().execute(chain.order_by(ActLink.number))
    yield CHAIN, _text([f"{number:08} {line} {link}" for number, line, link in rows])


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
