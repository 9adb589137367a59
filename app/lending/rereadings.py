"""“L’essentiel” in a language of the residents was read again by somebody who speaks it: who, when, and which text.

Kept by centre: whoever reads it again is somebody the centre knows, mostly not of the staff, and no other centre is
told their name. It stands for one text, by its digest: written anew, the text is to be read again. The name is nobody's
household's, so it has a clock of its own: it goes when the word is taken back, or with the text it was given for.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import PERSONAL, Base, Id, Ref, put, session, walk
from app.errors import NotThere, Refused
from app.history import Act, count_of, of_kind
from app.history.models import canonical
from app.history.seals import digest
from app.inputs import Act as Wish
from app.inputs import Day, SaidName
from app.lending import summaries
from app.lending.signature_forms import Digest
from app.lending.summaries import Summary
from app.people.models import Centre
from app.people.roles import THE_HOUSE, Me
from app.times import day_of
from app.words import _

_STANDS = text("ended_act_id IS NULL")


class ReadAgain(Wish):
    """Somebody who speaks the language read the text beside its French. `text`: the digest of what was shown."""

    reader: SaidName
    read_on: Day
    text: Digest


class TakeBackReading(Wish):
    """Just written down by mistake, or no longer to be vouched for: the text is to be read again."""


class Rereading(Base):
    """`reader`: who they are and what makes them able to, which goes with its `salt`; the act knows both by a hash."""

    __tablename__ = "rereading"
    __table_args__ = (
        Index(
            "uq_rereading_stands", "centre_id", "language", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        CheckConstraint("(reader IS NULL) = (salt IS NULL)", name="named_with_salt"),
        CheckConstraint("(reader IS NULL) = (ended_act_id IS NOT NULL)", name="named_while_it_stands"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    language: Mapped[str]
    sha256: Mapped[str]
    read_on: Mapped[date]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    ended_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    reader: Mapped[str | None] = mapped_column(info=PERSONAL)
    salt: Mapped[str | None] = mapped_column(info=PERSONAL)


def _digests() -> Mapping[str, str]:
    return {language: summaries.digest_of(language) for language in summaries.languages()}


def of_centre(centre_id: int) -> Mapping[str, Rereading]:
    """By language what stands in this centre, of the texts as they are now."""
    rows, now = session().scalars(select(Rereading).where(Rereading.centre_id == centre_id, _STANDS)), _digests()
    return {row.language: row for row in rows if row.sha256 == now.get(row.language)}


def marked(told: Summary, centre_id: int) -> Summary:
    """The summary with who read it again for this centre, if anybody did."""
    row = of_centre(centre_id).get(told.language)
    return told.read_by(row.reader or "", row.read_on) if row else told


def read_again(language: str, wish: ReadAgain, *, by: Me, at: datetime) -> Rereading:
    _check(language, wish, by, day_of(at))
    salt = secrets.token_hex(16)
    facts = {"language": language, "text": wish.text, "day": wish.read_on.isoformat()}
    named = _named(wish.reader, salt)
    act = _record("summary_read", wish, by.centre_id, by=by, at=at, reader=named, **facts)
    _end(by.centre_id, language, act)  # what was read of a text before this one
    numbers = {"centre_id": by.centre_id, "act_id": act.id, "ended_act_id": None}
    return put(
        Rereading(language=language, sha256=wish.text, read_on=wish.read_on, reader=wish.reader, salt=salt, **numbers)
    )


def _check(language: str, wish: ReadAgain, by: Me, day: date) -> None:
    if language in summaries.READ_AGAIN or language in of_centre(by.centre_id):
        raise Refused("read_already", _("This text was read again already."))
    if wish.text != summaries.digest_of(language):
        words = _("This text was written anew meanwhile. Read it once more.")
        raise Refused("not_what_was_shown", words, fields={"text": words})
    if wish.read_on > day:
        words = _("This day lies ahead.")
        raise Refused("not_yet", words, status=422, fields={"read_on": words})


def _named(reader: str, salt: str) -> str:
    """How the journal knows who it was; without the salt nobody finds the name from it."""
    return digest(canonical({"reader": reader, "salt": salt}))


def take_back(language: str, wish: TakeBackReading, *, by: Me, at: datetime) -> str:
    """Nobody vouches for the text any more; answers its language. The name goes at once."""
    row = of_centre(by.centre_id).get(language)
    if row is None:
        raise Refused("not_read", _("Nobody has read this text again: there is nothing to take back."))
    _unread(row, wish, by=by, at=at)
    return language


def _unread(row: Rereading, wish: TakeBackReading, *, by: Me, at: datetime) -> None:
    _end(
        row.centre_id, row.language, _record("summary_unread", wish, row.centre_id, by=by, at=at, language=row.language)
    )


def _record(kind: str, wish: Wish, centre_id: int, *, by: Me, at: datetime, **facts: str) -> Act:
    code = session().get_one(Centre, centre_id).code
    return history.record(kind, wish, by=by, at=at, subject=code, centre_id=centre_id, **facts)


def _end(centre_id: int, language: str, act: Act) -> None:
    mine = (Rereading.centre_id == centre_id, Rereading.language == language, _STANDS)
    session().execute(update(Rereading).where(*mine).values(ended_act_id=act.id, reader=None, salt=None))


def of_act(act: Act) -> Rereading:
    return session().scalars(select(Rereading).where(Rereading.act_id == act.id)).one()


def taken_back(act: Act) -> str:
    return str(act.told["language"])


def known(language: str) -> str:
    """The language, if there is a summary in it. Raises `NotThere`."""
    if language not in summaries.languages():
        raise NotThere(_("There is no summary in this language."))
    return language


def forget_outdated(*, at: datetime) -> int:
    """Chore: of a text that was written anew, who had read it is nobody's business any more."""
    now = [(Rereading.language == language) & (Rereading.sha256 == sha256) for language, sha256 in _digests().items()]
    rows = session().scalars(select(Rereading).where(_STANDS, ~or_(*now)).limit(200)).all()
    for row in rows:
        _unread(row, TakeBackReading(), by=THE_HOUSE, at=at)
    return len(rows)


def check_rereadings() -> Iterator[str]:
    """Each is what its act tells of, ended by the act that says so, and names somebody just while it stands."""
    ends = {act.id: act for act in of_kind("summary_read", "summary_unread")}
    told, taken = 0, 0
    for row, act in walk(select(Rereading, Act).join(Act, Act.id == Rereading.act_id)):
        told += 1
        end = ends.get(row.ended_act_id or 0)
        taken += bool(end and end.kind == "summary_unread")
        if fault := _fault_of(row, act, end):
            yield f"rereading {row.id}: {fault}"
    if (told, taken) != (count_of("summary_read"), count_of("summary_unread")):
        yield "rereading: a row for each act was due"


def _fault_of(row: Rereading, act: Act, end: Act | None) -> str:
    facts = {
        "language": row.language,
        "text": row.sha256,
        "day": row.read_on.isoformat(),
        "reader": act.told.get("reader"),
    }
    if (act.kind, act.centre_id, act.told) != ("summary_read", row.centre_id, facts):
        return "not what its act tells of"
    if row.reader is not None and act.told.get("reader") != _named(row.reader, row.salt or ""):
        return "not by whom its act tells"
    if (row.reader is None) != (row.ended_act_id is not None):
        return "the name is gone and nobody took it back, or the reverse"
    ended = end and (end.centre_id, end.told.get("language"), end.id > act.id)
    if row.ended_act_id and ended != (row.centre_id, row.language, True):
        return "no act ended it"
    return ""
