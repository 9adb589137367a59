from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from app.settings import BadSetting, Settings


def settings(home: Path, **env: str) -> Settings:
    return Settings.from_env({"INSTANCE": str(home / "house")} | env)


def key_of(home: Path) -> bytes:
    return settings(home).secret_key


def test_an_empty_environment_is_a_house_on_this_machine(tmp_path: Path):
    made = settings(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path / 'house' / 'va-et-vient.db'}"
    assert (made.public_url, made.proxies, made.smtp_url, made.testing) == ("http://localhost:5070", 0, "", False)
    assert (made.secure, made.labels_allowed) == (False, False)
    assert set(made.trusted_hosts) == {"localhost", "127.0.0.1", "[::1]"}


def test_the_instance_folder_is_its_owners_alone(tmp_path: Path):
    made = settings(tmp_path)
    assert made.instance.stat().st_mode & 0o777 == 0o700
    assert (made.instance / "secret.key").stat().st_mode & 0o777 == 0o600


def test_the_key_is_made_once_and_kept(tmp_path: Path):
    first = settings(tmp_path).secret_key
    assert len(first) == 64
    assert settings(tmp_path).secret_key == first
    assert settings(tmp_path / "other").secret_key != first


@pytest.mark.slow("four processes load the app, two at a time on a small machine")
def test_processes_that_start_at_once_share_one_key(tmp_path: Path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for turn in range(6):
            assert len(set(pool.map(key_of, [tmp_path / str(turn)] * 4, chunksize=1))) == 1


@pytest.mark.parametrize("left", [b"", b"short", b" \n" * 40])
def test_a_half_written_key_is_refused(tmp_path: Path, left: bytes):
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "secret.key").write_bytes(left)
    with pytest.raises(BadSetting, match=r"secret\.key"):
        settings(tmp_path)


def test_a_key_that_is_given_is_long_enough(tmp_path: Path):
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        settings(tmp_path, SECRET_KEY="x" * 31)
    assert settings(tmp_path, SECRET_KEY="x" * 32).secret_key == b"x" * 32
    assert not (tmp_path / "house" / "secret.key").exists()


def test_the_key_is_never_shown(tmp_path: Path):
    assert "geheim" not in repr(settings(tmp_path, SECRET_KEY="geheim" * 8))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("postgres://u:p@db/house", "postgresql+psycopg://u:p@db/house"),
        ("postgresql://u:p@db/house", "postgresql+psycopg://u:p@db/house"),
        ("postgresql+psycopg://db/house", "postgresql+psycopg://db/house"),
        ("sqlite:////srv/house.db", "sqlite:////srv/house.db"),
    ],
)
def test_a_database_is_named_the_ways_people_name_it(tmp_path: Path, given: str, url: str):
    assert settings(tmp_path, DATABASE_URL=given).database_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:secret@db/house"),
        ("DATABASE_URL", "house.db"),
        ("DATABASE_URL", "sqlite://"),
        ("PUBLIC_URL", "pret.example.org"),
        ("PUBLIC_URL", "ftp://pret.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://pret.example.org/house"),
        ("PUBLIC_URL", "https://pret.example.org?x=1"),
        ("PUBLIC_URL", "https://pret.example.org#x"),
        ("PUBLIC_URL", "https://user:word@pret.example.org"),
        ("PUBLIC_URL", "https://pret.example.org:port"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "http"),
        ("PROXIES", "6"),
        ("PROXIES", "1.5"),
        ("SMTP_URL", "localhost:25"),
        ("SMTP_URL", "http://localhost"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://host:port"),
        ("MAIL_FROM", "Va-et-vient"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org"),
    ],
)
def test_nonsense_is_refused_at_start_by_its_name(tmp_path: Path, name: str, value: str):
    with pytest.raises(BadSetting, match=name) as no:
        settings(tmp_path, **{name: value})
    assert "secret" not in str(no.value)


def test_an_instance_that_is_no_folder_is_refused(tmp_path: Path):
    (tmp_path / "house").write_text("a file")
    with pytest.raises(BadSetting, match="INSTANCE"):
        settings(tmp_path)


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("https://pret.example.org/", True),
        ("https://pret.example.org:8443", True),
        ("http://pret.example.org", False),
        ("https://localhost", False),
        ("https://127.0.0.1:5070", False),
        ("https://[::1]", False),
    ],
)
def test_labels_are_printed_for_an_address_that_lasts(tmp_path: Path, address: str, labels: bool):
    made = settings(tmp_path, PUBLIC_URL=address)
    assert made.labels_allowed is labels
    assert made.public_url == address.rstrip("/")


def test_the_public_host_and_those_named_are_trusted_and_no_other(tmp_path: Path):
    made = settings(tmp_path, PUBLIC_URL="https://pret.example.org", TRUSTED_HOSTS="a.example.org, b.example.org,")
    assert set(made.trusted_hosts) == {
        "localhost", "127.0.0.1", "[::1]", "pret.example.org", "a.example.org", "b.example.org",
    }  # fmt: skip
