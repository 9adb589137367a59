from __future__ import annotations

import json
import subprocess

import pytest
from sqlalchemy import select, update

from app import history
from app.db import drop_guards, make_guards, session, writing
from app.history import Act, Seal
from app.history.seals import check_seals, digest, holds
from app.inputs import Act as Wish
from app.lending import agreements
from tests.make import NOW, World, make_loan

PARTS = {"terms": "Gratuit, à rendre.", "signature": b"\x89PNG\x00\xff", "vide": ""}


@pytest.fixture
def sealed(inside: World) -> Seal:
    by = inside.me()
    with writing():
        act = history.record("try", Wish(), by=by, at=NOW, subject="x")
        number = history.seal("try", act, PARTS)
    return session().get_one(Seal, number)


def sha256sum(path, content: bytes) -> str:
    path.write_bytes(content)
    return subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True).stdout.split()[0]


def test_a_seal_is_checked_by_sha256sum_part_by_part(sealed: Seal, tmp_path):
    parts = json.loads(sealed.parts)
    for name, part in PARTS.items():
        content = part.encode() if isinstance(part, str) else part
        assert sha256sum(tmp_path / "part", content) == parts[name]
    assert sha256sum(tmp_path / "whole", sealed.parts.encode()) == sealed.digest


def test_a_seal_holds_these_very_bytes_under_this_very_name(sealed: Seal):
    assert all(holds(sealed, name, part) for name, part in PARTS.items())
    for name, part in (
        ("terms", "Gratuit, à rendre. "),
        ("other", ""),
        ("signature", ""),
        ("terms", b"\x89PNG\x00\xff"),
    ):
        assert not holds(sealed, name, part)


def test_text_and_its_bytes_are_the_same_part():
    assert digest("é") == digest("é".encode())


def test_one_act_has_one_seal(inside: World, sealed: Seal):
    act = session().get_one(Act, sealed.act_id)
    with pytest.raises(Exception, match=r"(?i)unique"):
        history.seal("try", act, {"x": "y"})
        session().scalar(select(Act.id))
    session().rollback()


def test_seals_are_found_whole(sealed: Seal):
    assert list(check_seals()) == []


def test_words_may_be_destroyed_and_their_seal_still_tells_them_apart(inside: World):
    loan = make_loan(inside)
    row = agreements.of_loan(loan)
    words, seal = row.words, session().get_one(Seal, row.seal_id)
    with writing():
        row.words, row.destroyed_at, row.keep_until = None, NOW, None
    assert holds(seal, "agreement", words)
    assert not holds(seal, "agreement", words.replace("ACSM", "ACSN"))
    with writing():  # their day has not come
        row.words, row.destroyed_at = words, None


def test_a_seal_made_anew_over_other_words_is_told_by_its_act(inside: World):
    loan = make_loan(inside)
    act = session().get_one(Act, loan.act_id)
    seal = session().scalars(select(Seal)).one()
    assert act.told["seal"] == seal.digest
    was = {"parts": seal.parts, "digest": seal.digest}
    parts = json.dumps({"agreement": digest("Autre."), "hand_over": "0" * 64}, sort_keys=True, separators=(",", ":"))
    session().rollback()
    with writing() as s:
        drop_guards(s.connection())
        s.execute(update(Seal).values(parts=parts, digest=digest(parts)))
        make_guards(s.connection())
    assert list(check_seals()) == [f"seal {seal.id}: not the one that its act names"]
    with writing() as s:
        drop_guards(s.connection())
        s.execute(update(Seal).values(was))
        make_guards(s.connection())
