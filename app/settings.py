"""Settings: the environment is read here, once, and nonsense is refused at start.

What people at a desk change (loan lengths, opening days) are rows, not settings.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(ValueError):
    """An environment variable holds something the house cannot start with."""


@dataclass(frozen=True)
class Settings:
    """All that differs from one installation to the next.

    `instance`: folder of the database, the files and the keys. `public_url`: what is printed on labels, without a
    closing slash. `proxies`: how many trusted reverse proxies stand in front. `smtp_url`: `smtp://user:word@host:587`.
    `bounces`: the Maildir into which the mail server puts what comes back to `mail_from`.
    """

    instance: Path
    database_url: str
    secret_key: bytes = field(repr=False)
    public_url: str = "http://localhost:5070"
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    proxies: int = 0
    smtp_url: str = ""
    mail_from: str = "va-et-vient@example.org"
    bounces: Path | None = None
    busy_seconds: float = 10.0
    testing: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach us by https: then cookies are `__Host-` and Secure."""
        return self.public_url.startswith("https://")

    @property
    def labels_allowed(self) -> bool:
        """A real label outlives the software: none is printed for localhost or for plain http (design 4)."""
        return self.secure and urlsplit(self.public_url).hostname not in {"localhost", "127.0.0.1", "::1"}

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        instance = Path(env.get("INSTANCE") or "instance").resolve()
        _make(instance)
        public = _public_url(env.get("PUBLIC_URL") or f"http://localhost:{_port(env)}")
        hosts = {"localhost", "127.0.0.1", "[::1]", urlsplit(public).hostname or ""}
        hosts |= {h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip()}
        return cls(
            instance=instance,
            database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'va-et-vient.db'}"),
            secret_key=_secret(env.get("SECRET_KEY", ""), instance / "secret.key"),
            public_url=public,
            trusted_hosts=tuple(sorted(hosts)),
            proxies=_whole(env, "PROXIES", 0, 5),
            smtp_url=_smtp_url(env.get("SMTP_URL", "")),
            mail_from=_address(env.get("MAIL_FROM") or "va-et-vient@example.org"),
            bounces=_maildir(env.get("BOUNCES", "")),
        )

    @classmethod
    def for_tests(cls, instance: Path, database_url: str) -> Settings:
        return cls(
            instance=instance,
            database_url=database_url,
            secret_key=b"only for tests, never for people!",
            public_url="https://pret.example.org",
            trusted_hosts=("localhost", "127.0.0.1", "pret.example.org"),
            testing=True,
        )


def _port(env: Mapping[str, str]) -> int:
    return _whole(env, "PORT", 5070, 65535)


def _whole(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) > most:
        raise BadSetting(f"{name} must be a whole number up to {most}, not {text!r}")
    return int(text)


def _make(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as trouble:
        raise BadSetting(f"INSTANCE must be a folder: {instance} cannot be made") from trouble


def _smtp_url(text: str) -> str:
    if text and not _names_a_host(text, "smtp", "smtps"):
        raise BadSetting("SMTP_URL must look like smtp://user:word@host:587")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise BadSetting(f"MAIL_FROM must be an e-mail address, not {text!r}")
    return text


def _maildir(text: str) -> Path | None:
    if text and not (Path(text) / "new").is_dir():
        raise BadSetting(f"BOUNCES must be a Maildir, a folder with new and cur in it, not {text!r}")
    return Path(text) if text else None


def _names_a_host(text: str, *schemes: str) -> bool:
    parts = urlsplit(text)
    try:
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not bare or not _names_a_host(text, "http", "https"):
        raise BadSetting(f"PUBLIC_URL must look like https://pret.example.org, not {text!r}")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    if text.startswith("postgresql://"):
        text = "postgresql+psycopg://" + text.removeprefix("postgresql://")
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(f"DATABASE_URL must name SQLite or PostgreSQL, not {text.split(':', 1)[0]!r}")
    return text


def _secret(given: str, file: Path) -> bytes:
    """The key behind every seal and session: given, or made once and kept readable for its owner alone."""
    if given:
        if len(given) < 32:  # noqa: PLR2004 - 256 bits written as text
            raise BadSetting("SECRET_KEY must have at least 32 characters")
        return given.encode()
    if not file.exists():
        make_key(file)
    key = file.read_bytes().strip()
    if len(key) < 32:  # noqa: PLR2004 - a crash of long ago, or a slip
        raise BadSetting(f"{file} holds no key: bring it back from a backup, or remove it to sign everybody out")
    return key


def make_key(file: Path, length: int = 32) -> None:
    """Write the key beside and give it its name at once: of two that start together, one names it, both read it."""
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(secrets.token_hex(length))
    try:
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
