from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from app import files, jobs
from app.db import session, writing
from app.files import StoredFile
from app.jobs import LEASE, TRIES, Job, Made, run_next
from tests.harness.databases import Database
from tests.make import NOW

MOMENT = timedelta(seconds=1)


@pytest.fixture
def here(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[jobs.Work], None]:
    return lambda function: monkeypatch.setitem(jobs._works, "try", function)


def asked(kind: str = "try", **wish: object) -> Job:
    with writing():
        return jobs.ask(kind, wish, by=1, at=NOW)


def made(job: Job) -> Made:
    return Made(f"for {job.told['who']}".encode(), "text/plain", keep_until=NOW + timedelta(days=7))


def test_work_waits_until_somebody_does_it_and_keeps_what_was_made(here: None, database: Database, work: Callable):
    work(made)
    job = asked(who="Ada")
    assert (job.state, job.asked_by, job.asked_at) == ("waiting", 1, NOW)
    assert run_next(database.instance, at=NOW).id == job.id
    file = session().get_one(StoredFile, job.file_id)
    assert (job.state, job.fault, file.kind, file.keep_until) == ("done", None, "try", NOW + timedelta(days=7))
    assert files.path_of(database.instance, file).read_bytes() == b"for Ada"


def test_nothing_to_do_is_nothing_done(here: None, database: Database):
    assert run_next(database.instance, at=NOW) is None


def test_what_was_asked_first_is_done_first(here: None, database: Database, work: Callable):
    work(lambda _job: None)
    numbers = [asked().id for _ in range(3)]
    assert [run_next(database.instance, at=NOW).id for _ in range(3)] == numbers
    assert run_next(database.instance, at=NOW) is None


def test_work_that_makes_no_file_is_done_too(here: None, database: Database, work: Callable):
    work(lambda _job: None)
    job = asked()
    run_next(database.instance, at=NOW)
    assert (job.state, job.file_id) == ("done", None)


def test_work_that_fails_is_tried_again_and_then_given_up(here: None, database: Database, work: Callable):
    def fail(_job: Job) -> None:
        raise ZeroDivisionError

    work(fail)
    job, states = asked(), []
    while run_next(database.instance, at=NOW):
        states.append(job.state)
    assert states == ["waiting"] * (TRIES - 1) + ["failed"]
    assert job.fault
    assert "Zero" not in job.fault


def test_work_nobody_knows_fails_and_holds_up_nothing(here: None, database: Database, work: Callable):
    work(lambda _job: None)
    unknown, known = asked("unheard of"), asked()
    while run_next(database.instance, at=NOW):
        pass
    assert (unknown.state, known.state) == ("failed", "done")


def dies(_job: Job) -> None:
    raise KeyboardInterrupt


def test_work_whose_worker_died_is_taken_up_by_another_after_its_lease(here: None, database: Database, work: Callable):
    work(dies)
    job = asked()
    with pytest.raises(KeyboardInterrupt):
        run_next(database.instance, at=NOW)
    session().rollback()
    work(lambda _job: None)
    assert run_next(database.instance, at=NOW + LEASE) is None
    assert run_next(database.instance, at=NOW + LEASE + MOMENT).state == "done"
    assert job.tries == 2


def test_work_that_kills_its_workers_is_given_up(here: None, database: Database, work: Callable):
    work(dies)
    job, at = asked(), NOW
    for _ in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            run_next(database.instance, at=at)
        session().rollback()
        at += LEASE + MOMENT
    assert run_next(database.instance, at=at) is None
    assert (job.state, job.tries) == ("failed", TRIES)


def test_a_worker_that_says_how_far_it_is_lives(here: None, database: Database, work: Callable):
    def long(job: Job) -> None:
        jobs.tell_progress(job.id, 3, 10, at=NOW + LEASE)
        raise KeyboardInterrupt

    work(long)
    job = asked()
    with pytest.raises(KeyboardInterrupt):
        run_next(database.instance, at=NOW)
    session().rollback()
    assert (job.done_steps, job.all_steps) == (3, 10)
    assert run_next(database.instance, at=NOW + LEASE + MOMENT) is None


def test_work_called_off_while_it_is_done_leaves_no_bytes(here: None, database: Database, work: Callable):
    def called_off(job: Job) -> Made:
        with writing():
            jobs.call_off(job)
        return made(job)

    work(called_off)
    job = asked(who="Ada")
    run_next(database.instance, at=NOW)
    assert (session().get_one(Job, job.id).state, job.file_id) == ("failed", None)
    assert not [path for path in database.instance.rglob("files/*/*") if path.is_file()]
    assert session().query(StoredFile).count() == 0


def test_work_that_is_done_is_not_called_off(here: None, database: Database, work: Callable):
    work(lambda _job: None)
    job = asked()
    run_next(database.instance, at=NOW)
    with writing():
        jobs.call_off(job)
    assert job.state == "done"


def test_two_workers_at_once_do_each_work_once(app: Flask, here: None, database: Database, work: Callable):
    done: list[int] = []
    work(lambda job: done.append(job.id))
    numbers = [asked().id for _ in range(9)]

    def worker(_n: int) -> None:
        with app.app_context():
            while run_next(database.instance, at=NOW):
                pass

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(worker, range(3)))
    while run_next(database.instance, at=NOW):
        pass
    assert sorted(done) == numbers
