"""The text of the agreement: the one shipped, or a centre's own. Each version is kept, and each loan names its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Ref, for_update, insert_only, put, session
from app.errors import Refused
from app.history.seals import digest
from app.lending import filling
from app.lending.wording_forms import RevertTerms, WriteTerms
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

SHIPPED = "fr-2"
_FOLDER = Path(__file__).parent / "terms"
_ALL_SHIPPED = {path.stem for path in _FOLDER.glob("*.txt")}


class AgreementText(Base):
    """A centre's own text under its next number, as it was written. Loans name it as `number.sha256`."""

    __tablename__ = "agreement_text"
    __table_args__ = (UniqueConstraint("centre_id", "number"),)

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    number: Mapped[int]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]

    @property
    def version(self) -> str:
        return f"{self.number}.{self.sha256}"


insert_only("agreement_text")


@cache
def shipped() -> str:
    return (_FOLDER / f"{SHIPPED}.txt").read_text(encoding="utf-8")


def of_version(version: str) -> str:
    """The words of this version; of none, those that are shipped."""
    return _own(version) if version else shipped()


@lru_cache(maxsize=500)
def _own(version: str) -> str:
    """Asked for once a process: a version bears the hash of its words, so they never change."""
    sha256 = version.partition(".")[2]
    found = session().scalars(select(AgreementText.words).where(AgreementText.sha256 == sha256).limit(1)).one()
    return str(found)


def is_version(version: str, centre_id: int) -> bool:
    """Whether a loan of this centre can have used it."""
    if version in _ALL_SHIPPED:
        return True
    number, _dot, sha256 = version.partition(".")
    own = (AgreementText.centre_id == centre_id, AgreementText.sha256 == sha256)
    numbers = session().scalars(select(AgreementText.number).where(*own))
    return number in {str(one) for one in numbers}


def check(words: str) -> None:
    """Every placeholder is one of ours, and none is left out that the law or the loan needs."""
    if odd := filling.unknown(words):
        said = _("There is no placeholder %(name)s. Use those of the list.", name=odd[0])
    elif missing := filling.missing(words):
        said = _("These placeholders must stand in the text: %(names)s", names=", ".join(missing))
    else:
        return
    raise Refused("placeholders", said, status=422, fields={"words": said})


def write(wish: WriteTerms, *, by: Me, at: datetime) -> AgreementText:
    """From the next loan on the centre lends under this text."""
    check(wish.words)
    centre = _alone(by)
    last = session().scalar(select(func.max(AgreementText.number)).where(AgreementText.centre_id == centre.id)) or 0
    facts = {"number": last + 1, "sha256": digest(wish.words)}
    act = history.record("terms_write", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **facts)
    row = put(AgreementText(centre_id=centre.id, act_id=act.id, words=wish.words, **facts))
    centre.terms = row.version
    session().flush()
    return row


def revert(wish: RevertTerms, *, by: Me, at: datetime) -> Centre:
    """Back to the text that is shipped; the centre's own versions stay with the loans that used them."""
    centre = _alone(by)
    history.record("terms_revert", wish, by=by, at=at, subject=centre.code, centre_id=centre.id)
    centre.terms = ""
    session().flush()
    return centre


def _alone(by: Me) -> Centre:
    row: Centre = session().scalars(for_update(select(Centre).where(Centre.id == by.centre_id), of=Centre)).one()
    return row


def of_centre(me: Me) -> Sequence[AgreementText]:
    """The centre's own versions, the newest first."""
    query = select(AgreementText).where(AgreementText.centre_id == me.people_of)
    return session().scalars(query.order_by(AgreementText.number.desc())).all()


def of_act(act: history.Act) -> AgreementText:
    return session().scalars(select(AgreementText).where(AgreementText.act_id == act.id)).one()


def reverted(act: history.Act) -> Centre:
    return session().scalars(select(Centre).where(Centre.code == act.subject)).one()
