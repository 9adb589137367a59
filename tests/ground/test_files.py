from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import files
from app.db import session, writing
from app.files import StoredFile, check_files, path_of
from tests.harness.databases import Database
from tests.make import NOW

DAY = timedelta(days=1)


@pytest.fixture
def folder(app: Flask, database: Database) -> Iterator[Path]:
    with app.app_context():
        yield database.instance


def stored(folder: Path, content: bytes = b"bytes", **over: object) -> StoredFile:
    file = files.write(folder, content, kind="photo", media_type="image/png", at=NOW, **over)
    with writing() as s:
        s.add(file)
    return file


@pytest.mark.parametrize("content", [b"", b"bytes", bytes(range(256)) * 1000])
def test_bytes_are_kept_as_they_were_under_a_name_of_our_own(folder: Path, content: bytes):
    file = stored(folder, content)
    path = path_of(folder, file)
    assert path.read_bytes() == content
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert path == folder / "files" / file.uuid.hex[:2] / file.uuid.hex


def test_stored_bytes_are_their_owners_alone(folder: Path):
    path = path_of(folder, stored(folder))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (folder / "files").stat().st_mode & 0o077 == 0


def test_the_same_bytes_twice_are_two_files(folder: Path):
    assert path_of(folder, stored(folder)) != path_of(folder, stored(folder))


def test_nothing_half_written_bears_a_files_name(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        stored(folder)
    assert [path.suffix for path in (folder / "files").rglob("*") if path.is_file()] in ([], [".part"])
    assert session().query(StoredFile).count() == 0


def test_what_a_crash_left_behind_is_swept_a_day_later(folder: Path):
    kept, gone = path_of(folder, stored(folder)), path_of(folder, stored(folder))
    stray, half = kept.with_name("0" * 32), kept.with_name(f"{'0' * 32}.part")
    for path in (stray, half):
        path.write_bytes(b"bytes")
    with writing():
        file = session().scalars(select(StoredFile).order_by(StoredFile.id.desc()).limit(1)).one()
        file.destroyed_at = NOW  # its bytes outlived the crash
    for path in (kept, gone, stray, half):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert files.sweep(folder, at=NOW + timedelta(hours=23)) == 0
    assert files.sweep(folder, at=NOW + timedelta(hours=25)) == 3
    assert [path.exists() for path in (kept, gone, stray, half)] == [True, False, False, False]


def test_destroying_takes_the_bytes_and_leaves_the_row_with_their_hash(folder: Path):
    file = stored(folder)
    with writing():
        files.destroy(folder, file, at=NOW)
    assert not path_of(folder, file).exists()
    assert (file.destroyed_at, file.sha256) == (NOW, hashlib.sha256(b"bytes").hexdigest())
    assert check_files(folder) == []


def test_what_was_to_be_kept_until_a_moment_goes_after_it(folder: Path):
    soon, later, always = stored(folder, keep_until=NOW), stored(folder, keep_until=NOW + DAY), stored(folder)
    with writing():
        assert files.destroy_outdated(folder, at=NOW) == 0
    with writing():
        assert files.destroy_outdated(folder, at=NOW + timedelta(seconds=1)) == 1
    assert [path_of(folder, file).exists() for file in (soon, later, always)] == [False, True, True]
    assert soon.destroyed_at


def test_bytes_already_gone_are_destroyed_too(folder: Path):
    file = stored(folder, keep_until=NOW)
    path_of(folder, file).unlink()
    with writing():
        assert files.destroy_outdated(folder, at=NOW + DAY) == 1
    assert file.destroyed_at == NOW + DAY


def test_sound_files_are_left_alone(folder: Path):
    stored(folder)
    assert check_files(folder) == []


def test_a_missing_file_is_named(folder: Path):
    file = stored(folder)
    path_of(folder, file).unlink()
    assert check_files(folder) == [f"stored_file {file.id}: the bytes are missing"]


def test_a_changed_byte_is_named(folder: Path):
    file = stored(folder)
    path_of(folder, file).write_bytes(b"bytez")
    assert check_files(folder) == [f"stored_file {file.id}: the bytes were changed"]


def test_a_row_that_lies_about_its_bytes_is_named(folder: Path):
    file = stored(folder)
    with writing():
        file.size = 4
    assert check_files(folder) == [f"stored_file {file.id}: the bytes were changed"]


def test_bytes_that_should_be_destroyed_and_are_there_are_named(folder: Path):
    file = stored(folder)
    with writing():
        file.destroyed_at = NOW
    assert check_files(folder) == [f"stored_file {file.id}: destroyed, yet its bytes are there"]
