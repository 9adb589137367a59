from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask import Flask

from app.db import session
from app.people import secrets
from app.people.models import Attempt
from tests.harness.saying import refused
from tests.make import NOW

QUARTER = timedelta(minutes=15)


@pytest.fixture
def here(app: Flask):
    with app.app_context():
        yield


def test_a_secret_is_kept_hashed_and_matches_itself_alone():
    kept = secrets.hashed("une phrase")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert secrets.matches("une phrase", kept)
    for other in ("une phrase ", "", "Une phrase"):
        assert not secrets.matches(other, kept)


def test_the_same_secret_is_kept_differently_each_time():
    assert secrets.hashed("une phrase") != secrets.hashed("une phrase")


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$broken"])
def test_nothing_matches_where_nothing_is_kept(kept: str | None):
    assert not secrets.matches("une phrase", kept)


def test_an_unknown_person_takes_as_long_as_a_known_one():
    kept = secrets.hashed("une phrase")

    def took(which: str | None) -> float:
        before = time.perf_counter()
        secrets.matches("wrong", which)
        return time.perf_counter() - before

    pairs = [(took(None), took(kept)) for _turn in range(7)]  # in turn: what else the machine does falls on both
    unknown, known = (min(some) for some in zip(*pairs, strict=True))
    assert unknown > known / 4


def test_tokens_are_long_and_never_the_same():
    assert len({secrets.new_token() for _ in range(100)}) == 100
    assert len(secrets.token_hash(secrets.new_token())) == 64


def test_a_good_password_is_taken_as_it_is(here: None):
    assert secrets.good_password("une phrase à moi", email="ada@example.org") == "une phrase à moi"


@pytest.mark.parametrize("password", ["", "123456789", "ada@example.org", "ADA@Example.ORG"])
def test_a_password_is_long_and_not_ones_own_address(here: None, password: str):
    with refused("weak_password", "password"):
        secrets.good_password(password, email="ada@example.org")


def test_guessing_is_stopped_after_a_few_tries_for_a_quarter_of_an_hour(here: None):
    start = NOW.replace(minute=0)
    for _ in range(secrets.TRIES):
        secrets.throttle("sign_in", "ada@example.org", at=start)
    for _ in range(2):
        with refused("too_many") as no:
            secrets.throttle("sign_in", "ada@example.org", at=start + QUARTER - timedelta(seconds=1))
        assert no.value.status == 429
    secrets.throttle("sign_in", "ada@example.org", at=start + QUARTER)


def test_each_door_and_each_person_is_counted_apart(here: None):
    for _ in range(3):
        secrets.throttle("pin", "1", at=NOW, tries=3)
    secrets.throttle("pin", "2", at=NOW, tries=3)
    secrets.throttle("sign_in", "1", at=NOW, tries=3)
    with refused("too_many"):
        secrets.throttle("pin", "1", at=NOW, tries=3)


def test_no_address_stands_in_the_counts(here: None):
    secrets.throttle("sign_in", "ada@example.org", at=NOW)
    assert "ada" not in session().query(Attempt).one().bucket


def test_old_counts_are_swept(here: None):
    secrets.throttle("sign_in", "a", at=NOW - 6 * QUARTER)
    secrets.throttle("sign_in", "b", at=NOW)
    secrets.forget_attempts(at=NOW)
    assert session().query(Attempt).count() == 1
