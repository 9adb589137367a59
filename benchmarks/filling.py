"""Fill the house's database with a large register in a few seconds.

Every fourth thing is on loan, each on a loan of its own with act, chain, seal, hand-over and agreement (a short one:
the full text would be 150 MB). Rows are what pages and acts read. `flask verify` would ask for more: an act for each
thing and each household, four times the acts of the whole house.

What Python has to work out comes as rows: the codes, and the acts with their hashes. All else follows from these by
arithmetic, and the database writes it by itself, which is five times as fast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Insert,
    MetaData,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    select,
)

from app.db import Base
from app.history import Act
from app.history.chain import START, chained, mac
from app.history.models import canonical
from app.inventory import search
from app.people.secrets import token_hash
from app.times import add_months, day_of
from labels import codes

HOUSEHOLDS, MODELS, ON_LOAN_EACH = 500, 50, 4
COOKIE, TOKEN = "benchmark-cookie", "benchmark-token"
TABLES = Base.metadata.tables
Row = dict[str, Any]

# Beside the house's own tables while it is filled: each thing's code, and the words that things of a model bear.
BESIDE = MetaData()
THING = Table(
    "thing", BESIDE, Column("number", BigInteger, primary_key=True), Column("code", String), prefixes=["TEMPORARY"]
)
BORNE = Table(
    "borne",
    BESIDE,
    Column("model_id", BigInteger, primary_key=True),
    Column("word", String, primary_key=True),
    prefixes=["TEMPORARY"],
)
ANY_CODE, ANY_NUMBER, ANY_SERIAL = "CODE", "7654321", "98989898"  # stand for those of each thing


@cache
def device_codes(count: int) -> Sequence[str]:
    """Codes scattered as chance would scatter them, the same ones each time (an odd factor meets every number once)."""
    return [codes.make("D", n * 0x9E3779 % 2**24) for n in range(count)]


@cache
def household_codes() -> Sequence[str]:
    return [codes.make("F", n) for n in range(HOUSEHOLDS)]


def is_on_loan(number: int) -> bool:
    return number % ON_LOAN_EACH == 0


@dataclass
class Filling:
    """A house at work, since that moment."""

    now: datetime
    key: bytes
    count: int
    words: bool = False  # those by which lists are searched: millions of rows more

    def rows(self) -> Iterator[tuple[Table, Sequence[Row]]]:
        """What comes as rows, parents first."""
        for name, rows in (self._people() | self._models()).items():
            yield TABLES[name], rows
        yield THING, [{"number": n, "code": code} for n, code in enumerate(device_codes(self.count), 1)]
        acts = list(self._acts())
        for name in ("act", "act_link", "seal"):
            yield TABLES[name], [row[name] for row in acts if name in row]
        if self.words:
            yield TABLES["known_word"], [{"word": word} for word in ("portable", "thinkpad", "think", "lenovo")]
            yield BORNE, [{"model_id": n + 1, "word": word} for n in range(MODELS) for word in _words(n)]

    def follows(self) -> Iterator[Insert]:
        """What the database writes by itself after that."""
        yield from self._devices()
        yield from self._loans()
        if self.words:
            yield _device_words()

    def _people(self) -> dict[str, Sequence[Row]]:
        began, ends = self.now - timedelta(minutes=1), self.now + timedelta(hours=11)
        who = {"id": 1, "uuid": UUID(int=1), "name": "Ada", "email": "ada@example.org", "language": "fr", "demo": False}
        session = {"id": 1, "token_hash": token_hash(COOKIE), "person_id": 1, "centre_id": 1, "browser": ""}
        return {
            "organisation": [
                {"id": 1, "name": "ACSM", "short_name": "ACSM", "kind": "lead", "phone": "01 99 00 12 34"}
            ],
            "centre": [_centre()],
            "person": [who],
            "role": [{"id": 1, "person_id": 1, "kind": "front_desk", "centre_id": 1}],
            "sign_in": [session | {"began_at": began, "ends_at": ends}],
            "token": [
                {"id": 1, "person_id": 1, "token_hash": token_hash(TOKEN), "name": "benchmark", "made_at": began}
            ],
            "household": [self._household(n, code) for n, code in enumerate(household_codes())],
            "household_identity": [self._identity(n) for n in range(HOUSEHOLDS)],
        }

    def _household(self, number: int, code: str) -> Row:
        return {"id": number + 1, "code": code, "centre_id": 1, "known_since": self._ago(400)}

    def _identity(self, number: int) -> Row:
        names = {"name": f"Foyer {number}", "folded": f"foyer {number}", "contact": "0639980142"}
        fixed = {"contact_kind": "phone", "language": "fr", "referent_id": 1, "seen_at": self._ago(30)}
        return {"household_id": number + 1, "centre_id": 1} | names | fixed

    def _models(self) -> dict[str, Sequence[Row]]:
        laptop = {"code": "laptop", "name_fr": "Ordinateurs portables", "name_en": "Laptops", "icon": "laptop"}
        one = {"maker_id": 1, "category_code": "laptop", "number": "", "parts": ["chargeur", "housse"]}
        return {
            "category": [laptop | {"lent_to": "household", "gate": "wipe", "loan_days": 91}],
            "maker": [{"id": 1, "name": "Lenovo", "folded": "lenovo"}],
            "device_model": [one | {"id": n + 1, "name": f"ThinkPad T{n}"} for n in range(MODELS)],
        }

    def _acts(self) -> Iterator[dict[str, Row]]:
        """That all things came, then a loan of each that is out; in their chain, and the loans sealed."""
        same = {"author": 1, "centre_id": 1, "occurred_at": self._ago(30), "recorded_at": self._ago(30)}
        same |= {"fingerprint": "0" * 64}
        draft, previous = Act(**same), START
        for number, told in enumerate(self._told(), 1):
            its = told | {"id": number, "uuid": UUID(int=number, version=4), "salt": f"{number:032x}"}
            for name, value in its.items():
                setattr(draft, name, value)
            line = draft.hash_of_line()
            previous = chained(previous, line)
            rows = {
                "act": same | its | {"line_hash": line},
                "act_link": {
                    "number": number,
                    "act_id": number,
                    "hash": previous,
                    "mac": mac(self.key, number, previous),
                },
            }
            yield rows | ({"seal": _seal(number - 1, told["facts"])} if told["kind"] == "lend" else {})

    def _told(self) -> Iterator[Row]:
        yield {"kind": "devices_in", "subject": "devices", "facts": canonical({"count": self.count})}
        due, households = self._due().isoformat(), household_codes()
        for number, code in enumerate(device_codes(self.count)[::ON_LOAN_EACH], 1):
            facts = canonical({"devices": [code], "due_on": due})
            yield {"kind": "lend", "subject": households[number % HOUSEHOLDS], "facts": facts}

    def _devices(self) -> Iterator[Insert]:
        number, code, came = THING.c.number, THING.c.code, self._ago(500)
        n = number - 1
        out, serial = n % ON_LOAN_EACH == 0, "SN" + _padded(n * 7919 % 10**8)
        yield _each(THING, "device", {
            "id": number, "code": code, "name": "Portable " + cast(n, String), "folded": "portable " + _padded(n),
            "model_id": n % MODELS + 1, "maker_id": 1, "serial_number": serial, "serial_key": serial, "owner_id": 1,
            "programme": "2014-2020", "stated_value_cents": 50_000 + n % 9999, "centre_id": 1, "note": "",
            "state": case((out, "on_loan"), else_="available"), "link_number": case((out, 2), else_=1),
            "due_back_on": case((out, literal(self._due()))),
        })  # fmt: skip
        given = {"code": code, "kind": "D", "made_at": came, "device_id": number, "tied_at": came}
        yield _each(THING, "given_code", given)
        here = {"state": "available", "place": "centre", "place_id": 1}
        yield self._links(
            THING, {"id": number, "device_id": number, "number": 1, "act_id": 1, "at": came} | here, "new"
        )

    def _loans(self) -> Iterator[Insert]:
        act = TABLES["act"].alias()
        lent = select(act).where(act.c.kind == "lend").subquery()
        number, at, due = lent.c.id - 1, self._ago(30), self._due()
        its, device, link = {"id": number, "centre_id": 1}, (number - 1) * ON_LOAN_EACH + 1, self.count + number
        of_act, seal = {"uuid": lent.c.uuid, "act_id": lent.c.id}, {"seal_id": number}
        away = {"state": "on_loan", "place": "household", "due_back_on": due}
        step = {"id": link, "device_id": device, "number": 2, "act_id": lent.c.id, "at": at}
        yield self._links(lent, step | away, "lend")
        days = {"from_day": literal(day_of(self._ago(30))), "to_day": literal(self._due() + timedelta(days=2))}
        yield _each(lent, "booking", {"id": number, "device_id": device, "live": literal(True)} | days)
        made: Mapping[str, Row] = {
            "loan": of_act | {"household_id": number % HOUSEHOLDS + 1, "lent_at": at, "lent_by": 1, "due_on": due},
            "loan_line": {"loan_id": number, "device_id": device, "link_id": link, "due_on": due, "booking_id": number},
            "hand_over": of_act | seal | {"at": at, "staff": 1, "way": "out"},
            "hand_over_item": {"hand_over_id": number, "line_id": number, "condition": "good", "missing": []},
            "agreement": seal
            | {"loan_id": number, "version": "fr-1", "words": "Convention de prêt " + cast(number, String)},
        }
        for name, columns in made.items():
            yield _each(lent, name, its | columns)

    def _links(self, source: FromClause, columns: Row, why: str) -> Insert:
        return _each(source, "custody_link", columns | {"by": 1, "why": why, "centre_id": 1})

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _due(self) -> date:
        return add_months(day_of(self.now), 2)


def _each(source: FromClause, name: str, columns: Row) -> Insert:
    """A row for each of the source's; what is no expression is the same in all."""
    table = TABLES[name]
    shown = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[key].type)
        for key, value in columns.items()
    ]
    return insert(table).from_select(list(columns), select(*shown).select_from(source))


def _padded(number: ColumnElement[int]) -> ColumnElement[str]:
    """Eight figures, alike on both databases."""
    return func.substr(cast(number + 10**8, String), 2)


def _centre() -> Row:
    where = {"name": "Cité des Brebis", "town": "Béthune", "phone": "01 99 00 00 01", "open_days": 31}
    return {"id": 1, "organisation_id": 1, "code": codes.make("L", 0)} | where


def _seal(number: int, facts: str) -> Row:
    parts = canonical({"agreement": _sha(f"Convention de prêt {number}"), "hand_over": _sha(facts)})
    return {"id": number, "act_id": number + 1, "kind": "hand_over", "parts": parts, "digest": _sha(parts)}


def _words(model: int) -> set[str]:
    """What a thing of this model is found by, whatever its code and numbers."""
    name, serial = f"Portable {ANY_NUMBER}", f"SN{ANY_SERIAL}"
    return search.words_of(ANY_CODE, name, "Lenovo", f"ThinkPad T{model}", "", serial, None)


def _device_words() -> Insert:
    """In the order of their key, each once: the number of a thing may be that of its model, too."""
    device = TABLES["device"]
    number = func.substr(device.c.name, len("Portable ") + 1)
    its = {
        ANY_NUMBER: number,
        ANY_SERIAL: func.substr(device.c.serial_number, 3),
        ANY_CODE.lower(): func.lower(device.c.code),
    }
    word: ColumnElement[str] = BORNE.c.word
    for any_one, its_own in its.items():
        word = func.replace(word, any_one, its_own)
    rows = select(device.c.id, word).join(BORNE, BORNE.c.model_id == device.c.model_id)
    rows = rows.where(BORNE.c.word != number).order_by(device.c.id)
    return insert(TABLES["device_word"]).from_select(["device_id", "word"], rows)


def _sha(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
