from __future__ import annotations

import hashlib
import hmac
import json
import subprocess

from flask import Flask
from sqlalchemy import select

from app import history
from app.db import savepoint, session, writing
from app.errors import Refused
from app.history import Act, ActLink
from app.history.chain import START, check_chain, mac
from app.inputs import Act as Wish
from app.people import households
from app.people.forms import NewHousehold
from tests.harness.races import at_once
from tests.make import NOW, World, make_device, make_household, make_loan


def links() -> list[ActLink]:
    return list(session().scalars(select(ActLink).order_by(ActLink.number)))


def test_every_act_has_its_place_in_the_order_of_their_writing(inside: World):
    make_loan(inside)
    chain = links()
    assert [link.number for link in chain] == list(range(1, len(chain) + 1))
    assert {link.act_id for link in chain} == set(session().scalars(select(Act.id)))


def test_each_link_follows_from_the_one_before_and_is_sealed(app: Flask, inside: World):
    make_household(inside)
    previous, key = START, app.config["SETTINGS"].secret_key
    for link in links():
        line_hash = session().get_one(Act, link.act_id).line_hash
        previous = hashlib.sha256((previous + line_hash).encode()).hexdigest()
        assert link.hash == previous
        assert link.mac == hmac.new(key, f"{link.number}:{link.hash}".encode(), hashlib.sha256).hexdigest()
    assert history.head() == (links()[-1].number, previous)


def test_an_empty_journal_has_a_head_too(app: Flask):
    with app.app_context():
        assert history.head() == (0, "0" * 64)
        assert list(check_chain(app.config["SETTINGS"].secret_key)) == []


def test_an_extract_is_checked_by_sha256sum_without_the_key(inside: World, tmp_path):
    """What an auditor does on another machine, with what every Unix has: no Python and no key of ours."""
    make_loan(inside, make_device(inside))
    acts = {act.id: act for act in session().query(Act)}
    previous = START
    for link in links():
        act = acts[link.act_id]
        (tmp_path / "line").write_text(act.salt + act.line(), encoding="utf-8")
        (tmp_path / "link").write_text(previous + act.line_hash)
        sums = f"{act.line_hash}  line\n{link.hash}  link\n"
        done = subprocess.run(
            ["sha256sum", "-c", "--strict"], input=sums, cwd=tmp_path, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        previous = link.hash


def test_a_line_is_one_text_whatever_made_it(inside: World):
    make_household(inside)
    act = session().query(Act).first()
    line = json.loads(act.line())
    assert act.line() == json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sorted(line) == [
        "act",
        "author",
        "centre",
        "facts",
        "fingerprint",
        "kind",
        "occurred_at",
        "recorded_at",
        "subject",
    ]
    assert line["recorded_at"] == "2026-11-24T09:00:00.000000Z"


def test_several_acts_of_one_write_are_linked_in_their_order(inside: World):
    by = inside.me()
    with writing():
        made = [history.record("try", Wish(), by=by, at=NOW, subject=str(n)).id for n in range(5)]
    assert [link.act_id for link in links()][-5:] == made


def test_an_act_taken_back_in_a_batch_has_no_place(inside: World):
    by = inside.me()
    before = len(links())
    with writing():
        for n in range(4):
            try:
                with savepoint():
                    history.record("try", Wish(), by=by, at=NOW, subject=str(n))
                    if n % 2:
                        raise Refused("no", "Non.")
            except Refused:
                pass
    assert len(links()) == before + 2
    assert sorted(act.subject for act in session().query(Act).filter_by(kind="try")) == ["0", "2"]


def test_a_write_that_is_taken_back_leaves_no_place_behind(inside: World):
    by = inside.me()
    before = history.head()
    for _ in range(2):
        try:
            with writing():
                history.record("try", Wish(), by=by, at=NOW, subject="x")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert history.head() == before
    make_household(inside)
    assert history.head()[0] == before[0] + 1


def test_desks_writing_at_once_make_one_chain(app: Flask, inside: World):
    by = {name: inside.me(name) for name in ("ada", "odile", "mia")}
    before = history.head()[0]
    session().rollback()
    did = at_once(app, [(households.add, NewHousehold(name=f"{n}-Test"), who) for who in by.values() for n in range(4)])
    assert not [one for one in did if isinstance(one, Exception)]
    assert [link.number for link in links()][-12:] == list(range(before + 1, before + 13))


def test_another_houses_key_is_told(app: Flask, inside: World):
    make_household(inside)
    number, head = history.head()
    faults = list(check_chain(b"another house, another key, 32 bytes"))
    assert faults == [f"act_link {n}: not sealed by this house" for n in range(1, number + 1)]
    assert mac(b"a", number, head) != mac(b"b", number, head)
