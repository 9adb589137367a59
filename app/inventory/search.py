"""Finding things by words: the beginnings of words, without accents or case, and through slips of the fingers.

The words of a thing stand in a table of their own, alike on both databases: no index of an engine's own kind, and one
order. A word nobody wrote is taken for the nearest one somebody did.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import spelling
from app.db import Base, Ref, ask, connection, note_all, session
from app.inventory.details import CategoryField, DeviceDetail
from app.inventory.identifiers import DeviceIdentifier
from app.inventory.models import Device, DeviceModel, GivenCode, Maker
from app.words import bare, fold
from labels import codes

LAST = "\U0010ffff"  # sorts behind every sign a word has
LONGEST = 40
AT_ONCE = 500  # things
MOST_WORDS = 8  # of one search; the rest is not looked at
FEW = 2000  # things found by a word: so many are gathered first, more are met on the way through the list
_PIECES = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]{2,}|[A-ZÀ-Þ]{2,}|[0-9]+")


class DeviceWord(Base):
    """One word of a thing, folded: of its name, model, maker and numbers."""

    __tablename__ = "device_word"
    __table_args__ = (Index("ix_device_word_word_device_id", "word", "device_id"),)

    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class KnownWord(Base):
    """Every word of letters that some thing bears or bore, for guessing what a mistyped one was meant to be."""

    __tablename__ = "known_word"

    word: Mapped[str] = mapped_column(primary_key=True)


@contextmanager
def together() -> Iterator[None]:
    """The words of whatever is written down within are written at its end, for all of it at once."""
    waiting: list[Device] = session().info.setdefault(_WAITING, [])
    try:
        yield
        del session().info[_WAITING]
        index(waiting)
    finally:
        session().info.pop(_WAITING, None)


def index(devices: Sequence[Device]) -> None:
    """Write down the words of these things anew."""
    if (waiting := session().info.get(_WAITING)) is not None:
        waiting += devices
        return
    session().flush()
    _write(sorted({device.id for device in devices}))


def index_where(these: ColumnElement[bool]) -> None:
    """The same of all things of which this is so."""
    numbers = session().scalars(select(Device.id).where(these).order_by(Device.id)).all()
    for first in range(0, len(numbers), AT_ONCE):
        _write(list(numbers[first : first + AT_ONCE]))


def _write(numbers: list[int]) -> None:
    connection().execute(_FORGET, {"things": numbers})
    more = _written_beside(numbers)
    rows = [
        (row.id, word)
        for row in ask(_SPOKEN, things=numbers)
        for word in sorted(words_of(*row[1:], *more.get(row.id, ())))
    ]
    if rows:
        note_all(DeviceWord, ("device_id", "word"), rows)
        _learn({word for _number, word in rows})


def _written_beside(numbers: list[int]) -> Mapping[int, Sequence[str]]:
    """What else is written on the cards of these things: their other numbers, and answers in the house's own fields."""
    found: dict[int, list[str]] = defaultdict(list)
    for question in (_BORNE, _SAID):
        for row in ask(question, things=numbers):
            found[row.device_id].append(row.value)
    return found


def _learn(words: Iterable[str]) -> None:
    if letters := sorted(word for word in words if is_known_by_letters(word)):
        connection().execute(_LEARN, [{"word": word} for word in letters])


_WAITING = "things whose words are still to be written"
_THESE: BindParameter[list[int]] = bindparam("things", expanding=True)
_FORGET = delete(DeviceWord.__table__).where(DeviceWord.device_id.in_(_THESE))  # type: ignore[arg-type]
_LEARN = text("INSERT INTO known_word (word) VALUES (:word) ON CONFLICT DO NOTHING")
_BORNE = select(DeviceIdentifier.device_id, DeviceIdentifier.value).where(DeviceIdentifier.device_id.in_(_THESE))
_SAID = (
    select(DeviceDetail.device_id, DeviceDetail.value)
    .join(DeviceDetail.field)
    .where(
        CategoryField.kind.in_(("text", "choice")), CategoryField.ended_at.is_(None), DeviceDetail.device_id.in_(_THESE)
    )
)
# What `words_of` is told of a thing, behind its number.
_SPOKEN = (
    select(
        Device.id,
        Device.code,
        Device.name,
        Maker.name.label("maker"),
        DeviceModel.name.label("model"),
        DeviceModel.number,
        Device.serial_number,
        Device.inventory_number,
    )
    .join(DeviceModel, DeviceModel.id == Device.model_id)
    .join(Maker, Maker.id == DeviceModel.maker_id)
    .where(Device.id.in_(_THESE))
)


def is_known_by_letters(word: str) -> bool:
    return word.isalpha() and len(word) >= spelling.SHORTEST


def words_of(code: str, *texts: str | None) -> set[str]:
    """Folded words; a name of two words in one is found by either: ThinkPad, by pad too. Numbers are found whole."""
    return {code.lower()}.union(*(_words_in(text) for text in texts if text))


@lru_cache(4096)  # a maker, a model is that of hundreds of things
def _words_in(text: str) -> frozenset[str]:
    found = [*_split(text), *_pieces(text)]
    if any(map(str.isdigit, text)):
        found.append(bare(text).lower())
    return frozenset([word[:LONGEST] for word in found])


def _pieces(text: str) -> Iterator[str]:
    return map(fold, _PIECES.findall(text))


def _split(text: str) -> list[str]:
    return spelling.words(fold(text))


def matching(text: str) -> ColumnElement[bool]:
    """The things that bear all these words, or this very number."""
    words = _split(text)[:MOST_WORDS]
    every = and_(literal(value=True), *(_bears(word[:LONGEST]) for word in words))
    code, key = codes.parse(text), bare(text).lower()
    exact: list[ColumnElement[bool]] = [_bears_one_of([key])] if key else []
    if code:
        exact.append(Device.id.in_(select(GivenCode.device_id).where(GivenCode.code == code)))
    return or_(every, *exact) if words else or_(literal(value=False), *exact)


def _bears(word: str) -> ColumnElement[bool]:
    """A word that begins so; when none does, the nearest words there are."""
    begins = and_(DeviceWord.word >= word, DeviceWord.word < word + LAST)
    return _met(begins) if _up_to(1, begins) else _bears_one_of(_near(word))


def _bears_one_of(words: Sequence[str]) -> ColumnElement[bool]:
    return _met(DeviceWord.word.in_(words))


def _met(words: ColumnElement[bool]) -> ColumnElement[bool]:
    """What few things bear is gathered first; what many bear is met on the way through the list, page by page."""
    if _up_to(FEW + 1, words) > FEW:
        return select(DeviceWord.word).where(DeviceWord.device_id == Device.id, words).exists()
    return Device.id.in_(select(DeviceWord.device_id).where(words))


def _up_to(most: int, words: ColumnElement[bool]) -> int:
    some = select(DeviceWord.device_id).where(words).limit(most).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def _near(word: str) -> list[str]:
    return spelling.near(word, session().scalars(select(KnownWord.word)).all())
