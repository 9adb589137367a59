"""Fill the house's database with a large register by plain inserts, in a few seconds.

Every fourth thing is on loan, each on a loan of its own with act, chain, seal, hand-over and agreement (a short one:
the full text would be 150 MB). Every row is as the rules would have written it: `flask verify` has nothing to say, and
`python -m benchmarks` without `--quick` asks it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, text

from app.db import Base, drop_guards, make_guards
from app.history import Act
from app.history.chain import START, chained, mac
from app.history.models import canonical
from app.inventory import search
from app.people.secrets import token_hash
from app.times import add_months, day_of
from labels import codes

HOUSEHOLDS, MODELS, ON_LOAN_EACH = 500, 50, 4
MANY = 1000  # rows, from which a faster way pays
COOKIE, TOKEN = "benchmark-cookie", "benchmark-token"
Row = dict[str, Any]


def device_codes(count: int) -> list[str]:
    """Codes scattered as chance would scatter them, the same ones each time (an odd factor meets every number once)."""
    return [codes.make("D", n * 0x9E3779 % 2**24) for n in range(count)]


def household_codes() -> list[str]:
    return [codes.make("F", n) for n in range(HOUSEHOLDS)]


def is_on_loan(number: int) -> bool:
    return number % ON_LOAN_EACH == 0


@dataclass
class Filling:
    """The rows of a house at work, since that moment."""

    now: datetime
    key: bytes
    count: int
    words: bool = False  # those by which lists are searched: a million rows more

    def tables(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Rows by table, parents first, in slices."""
        yield from self._people().items()
        yield from self._models().items()
        devices, loans = self._devices(), self._loans()
        while some := _transposed(islice(devices, 10_000)):
            yield from some.items()
            if self.words:
                yield "device_word", [row for device in some["device"] for row in _words(device)]
        if self.words:
            yield "known_word", [{"word": word} for word in ("portable", "thinkpad", "think", "lenovo")]
        while some := _transposed(islice(loans, 5_000)):
            yield from some.items()

    def _people(self) -> Mapping[str, Sequence[Row]]:
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

    def _models(self) -> Mapping[str, Sequence[Row]]:
        laptop = {"code": "laptop", "name_fr": "Ordinateurs portables", "name_en": "Laptops", "icon": "laptop"}
        one = {"maker_id": 1, "category_code": "laptop", "number": "", "parts": ["chargeur", "housse"]}
        first = self._act(1, "devices_in", "devices", {"count": self.count}, START)
        return {
            "category": [laptop | {"lent_to": "household", "gate": "wipe", "loan_days": 91}],
            "maker": [{"id": 1, "name": "Lenovo", "folded": "lenovo"}],
            "device_model": [one | {"id": n + 1, "name": f"ThinkPad T{n}"} for n in range(MODELS)],
            "act": [first["act"]],
            "act_link": [first["act_link"]],
        }

    def _devices(self) -> Iterator[dict[str, Row]]:
        for n, code in enumerate(device_codes(self.count)):
            number, came = n + 1, self._ago(500)
            state = self._state(on_loan=is_on_loan(n))
            yield {
                "device": _device(number, code, n) | state,
                "given_code": {"code": code, "kind": "D", "made_at": came, "device_id": number, "tied_at": came},
                "custody_link": self._link(number, number, 1, 1, came, why="new"),
            }

    def _loans(self) -> Iterator[dict[str, Row]]:
        previous = self._models()["act_link"][0]["hash"]
        lent = ((n, code) for n, code in enumerate(device_codes(self.count)) if is_on_loan(n))
        for n, (place, code) in enumerate(lent):
            rows = self._loan(n + 1, place + 1, code, previous)
            previous = rows["act_link"]["hash"]
            yield rows

    def _loan(self, number: int, device_id: int, code: str, previous: str) -> dict[str, Row]:
        household, at, due = number % HOUSEHOLDS + 1, self._ago(30), self._due()
        facts = {"devices": [code], "due_on": due.isoformat()}
        rows = self._act(number + 1, "lend", household_codes_of(household), facts, previous)
        act, words = rows["act"], f"Convention de prêt {number}"
        parts = canonical({"agreement": _sha(words), "hand_over": _sha(canonical(facts))})
        here, its = {"centre_id": 1}, {"id": number, "act_id": act["id"]}
        link = self._link(self.count + number, device_id, 2, act["id"], at, why="lend")
        loan = {"household_id": household, "lent_at": at, "lent_by": 1, "due_on": due}
        event = {"seal_id": number, "at": at, "staff": 1}
        return rows | {
            "custody_link": link | {"state": "on_loan", "place": "household", "place_id": None, "due_back_on": due},
            "seal": its | {"kind": "hand_over", "parts": parts, "digest": _sha(parts)},
            "loan": its | here | loan | {"uuid": act["uuid"]},
            "loan_line": here
            | {"id": number, "loan_id": number, "device_id": device_id, "link_id": link["id"], "due_on": due},
            "hand_over": its | here | event | {"uuid": act["uuid"], "way": "out"},
            "hand_over_item": here
            | {"id": number, "hand_over_id": number, "line_id": number, "condition": "good", "missing": []},
            "agreement": here | {"id": number, "loan_id": number, "version": "fr-1", "words": words, "seal_id": number},
        }

    def _act(self, number: int, kind: str, subject: str, facts: Row, previous: str) -> dict[str, Row]:
        act: Row = {
            "id": number,
            "uuid": UUID(int=number, version=4),
            "kind": kind,
            "author": 1,
            "centre_id": 1,
            "subject": subject,
            "occurred_at": self._ago(30),
            "recorded_at": self._ago(30),
            "facts": canonical(facts),
            "fingerprint": "0" * 64,
            "salt": f"{number:032x}",
        }
        act["line_hash"] = Act(**act).hash_of_line()
        link = chained(previous, act["line_hash"])
        return {
            "act": act,
            "act_link": {"number": number, "act_id": number, "hash": link, "mac": mac(self.key, number, link)},
        }

    def _link(self, number: int, device_id: int, step: int, act_id: int, at: datetime, *, why: str) -> Row:
        where = {"state": "available", "place": "centre", "place_id": 1, "centre_id": 1, "due_back_on": None}
        return {
            "id": number,
            "device_id": device_id,
            "number": step,
            "act_id": act_id,
            "at": at,
            "by": 1,
            "why": why,
        } | where

    def _state(self, *, on_loan: bool) -> Row:
        if on_loan:
            return {"state": "on_loan", "link_number": 2, "due_back_on": self._due()}
        return {"state": "available", "link_number": 1, "due_back_on": None}

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _due(self) -> Any:
        return add_months(day_of(self.now), 2)


def household_codes_of(number: int) -> str:
    return codes.make("F", number - 1)


def _centre() -> Row:
    where = {"name": "Cité des Brebis", "town": "Béthune", "phone": "01 99 00 00 01", "open_days": 31}
    return {"id": 1, "organisation_id": 1, "code": codes.make("L", 0)} | where


def _device(number: int, code: str, n: int) -> Row:
    serial = f"SN{n * 7919 % 10**8:08d}"
    return {
        "id": number,
        "code": code,
        "name": f"Portable {n}",
        "folded": f"portable {n:08}",
        "model_id": n % MODELS + 1,
        "maker_id": 1,
        "serial_number": serial,
        "serial_key": serial,
        "owner_id": 1,
        "programme": "2014-2020",
        "stated_value_cents": 50_000 + n % 9999,
        "centre_id": 1,
        "note": "",
    }


def _words(device: Row) -> Iterator[Row]:
    model = f"ThinkPad T{device['model_id'] - 1}"
    for word in search.words_of(device["code"], device["name"], "Lenovo", model, "", device["serial_number"], None):
        yield {"device_id": device["id"], "word": word}


def _sha(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _transposed(rows: Iterator[dict[str, Row]]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for table, values in row.items():
            found[table].append(values)
    return found


def fill(connection: Connection, filling: Filling) -> None:
    """Write all rows, with the guards put aside meanwhile."""
    on_postgresql = connection.dialect.name == "postgresql"
    drop_guards(connection)
    if on_postgresql:  # foreign keys are not looked at meanwhile, either
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    tables = Base.metadata.tables
    used: set[str] = set()
    for name, rows in filling.tables():
        if on_postgresql and len(rows) > MANY:
            _copy(connection, tables[name], rows)
        else:
            connection.execute(insert(tables[name]), rows)
        used.add(name)
    make_guards(connection)
    if on_postgresql:
        for name in used:
            _go_on_counting(connection, tables[name])


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """PostgreSQL's own way in, three times as fast. Columns without a value get their default."""
    defaults = {c.key: c.default.arg for c in table.c if c.default is not None and c.default.is_scalar}
    full = [defaults | row for row in rows]
    ways = {
        key: table.c[key].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for key in full[0]
    }
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(ways)}) FROM STDIN") as copy:
        for row in full:
            copy.write_row([way(row[key]) if way else row[key] for key, way in ways.items()])


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers on where the inserts ended."""
    if "id" in table.c:
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name}))"))
