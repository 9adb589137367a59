"""Signing an agreement, or a receipt for what came back: pages are kept first, and a signature names their hash."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app import history
from app.db import for_update, put, session
from app.errors import Refused
from app.files import StoredFile
from app.history.models import canonical
from app.inventory.printed import Photo
from app.lending import agreements, marks, paper_forms, receipts, returns
from app.lending.models import HandOver, Loan
from app.lending.signature_forms import PrepareSigning, Sign, SignedOnPaper
from app.lending.signature_models import Signature, SigningPaper
from app.people.roles import Me
from app.times import day_of, noon_of, rfc3339
from app.words import _

REQUIRED_FROM_CENTS = 150_000  # Code civil 1359 and décret 80-533: above, only a writing proves
MOST = 6  # signatures under one paper
_CHOSEN = ("way", "capacity", "known", "copy_given")


@dataclass(frozen=True)
class Signed:
    """What is signed: the agreement of a loan, or the receipt of a return.

    `since`: when it began; `words`: None once they are destroyed; `void`: the loan was undone, nobody signs it.
    """

    what: str
    uuid: UUID
    centre_id: int
    loan_id: int | None
    hand_over_id: int | None
    subject: str
    words: str | None
    version: str
    since: datetime
    void: bool = False

    @property
    def facts(self) -> dict[str, str]:
        """How acts name it."""
        return {"loan" if self.loan_id else "hand_over": self.uuid.hex}


def of_loan(loan: Loan) -> Signed:
    row = agreements.of_loan(loan)
    return Signed(
        what="agreement",
        uuid=loan.uuid,
        centre_id=loan.centre_id,
        loan_id=loan.id,
        hand_over_id=None,
        subject=loan.household.code,
        words=row.words if row else None,
        version=row.version if row else "",
        since=loan.lent_at,
        void=loan.ending == "undone",
    )


def of_return(event: HandOver) -> Signed:
    row = session().scalars(select(SigningPaper).where(SigningPaper.hand_over_id == event.id)).one_or_none()
    return Signed(
        what="return",
        uuid=event.uuid,
        centre_id=event.centre_id,
        loan_id=None,
        hand_over_id=event.id,
        subject=event.items[0].line.loan.household.code,
        words=row.words if row else receipts.words_of(event),
        version=receipts.VERSION,
        since=event.at,
    )


def paper_of(what: Signed) -> SigningPaper | None:
    prepared = SigningPaper.form_id.is_(None)
    return session().scalars(select(SigningPaper).where(*_about(what, SigningPaper), prepared)).one_or_none()


def under(what: Signed) -> Sequence[Signature]:
    """The signatures so far, in their order."""
    return session().scalars(select(Signature).where(*_about(what, Signature)).order_by(Signature.id)).all()


def _about(what: Signed, table: type[Signature | SigningPaper]) -> tuple[ColumnElement[bool], ...]:
    return (
        table.centre_id == what.centre_id,
        table.loan_id == what.loan_id if what.loan_id else table.hand_over_id == what.hand_over_id,
    )


def prepare(what: Signed, drawn: StoredFile | None, wish: PrepareSigning, *, by: Me, at: datetime) -> SigningPaper:
    """Keep the pages as they were drawn. They are drawn once: whoever prepares again finds the first ones."""
    check_may_be_signed(what)
    _alone(what)
    if there := paper_of(what):
        return there
    if drawn is None:
        raise _not_prepared()
    session().add(drawn)
    session().flush()
    facts = what.facts | {"pdf": drawn.sha256, "terms": what.version}
    act = history.record("sign_prepare", wish, by=by, at=at, subject=what.subject, centre_id=what.centre_id, **facts)
    numbers = {"centre_id": what.centre_id, "loan_id": what.loan_id, "hand_over_id": what.hand_over_id}
    words = what.words if what.hand_over_id else None
    row = SigningPaper(**numbers, act_id=act.id, file_id=drawn.id, version=what.version, words=words)
    return put(row, file=drawn)


def _there(what: Signed) -> SigningPaper:
    if (found := paper_of(what)) is None:
        raise _not_prepared()
    return found


def _not_prepared() -> Refused:
    return Refused("not_prepared", _("The pages are not ready yet. Prepare them first."))


def _alone(what: Signed) -> None:
    """Nobody else prepares or signs the same meanwhile."""
    table, number = (Loan, what.loan_id) if what.loan_id else (HandOver, what.hand_over_id)
    session().execute(for_update(select(table.id).where(table.id == number), of=table))


def check_may_be_signed(what: Signed) -> None:
    if what.words is None:
        raise Refused("destroyed", _("This agreement was kept as long as the law asks, then destroyed."), status=404)
    if what.void:
        raise Refused("loan_undone", _("This loan was undone: there is nothing to sign."))


def sign(what: Signed, wish: Sign, *, by: Me, at: datetime) -> Signature:
    """Somebody signs the pages that were shown, before this colleague."""
    check_may_be_signed(what)
    returns.check_after(what.since, wish.occurred_at)
    _alone(what)
    paper = _there(what)
    _check_shown(paper, wish)
    _check_room(what)
    row = Signature(mark=_mark(wish), at=wish.happened(at), way=wish.way, device_at=wish.device_at)
    _seal(row, what, wish, (paper.file.sha256, paper.version, None), by=by, at=at)
    row.paper_id = paper.id
    return put(row, paper=paper)


def sign_on_paper(what: Signed, sent: Photo, wish: SignedOnPaper, *, by: Me, at: datetime) -> Signature:
    """A numbered form that was signed with a pen: its photo is kept, under the day on which it was signed."""
    check_may_be_signed(what)
    check_signed_on(wish.signed_on, at)
    _alone(what)
    _check_room(what)
    form = paper_forms.free(wish.number, by)
    photo = sent.file
    session().add(photo)
    session().flush()
    row = Signature(mark=None, at=noon_of(wish.signed_on), way="paper", device_at=None)
    act = _seal(row, what, wish, (photo.sha256, form.version, form.number), by=by, at=at)
    form.used_act_id = act.id
    numbers = {"centre_id": what.centre_id, "loan_id": what.loan_id, "hand_over_id": None, "form_id": form.id}
    paper = put(SigningPaper(**numbers, act_id=act.id, file_id=photo.id, version=form.version), file=photo, form=form)
    row.paper_id = paper.id
    return put(row, paper=paper)


def check_signed_on(day: date, at: datetime) -> None:
    if day > day_of(at):
        words = _("This day lies ahead.")
        raise Refused("not_yet", words, status=422, fields={"signed_on": words})


def _check_room(what: Signed) -> None:
    if len(under(what)) >= MOST:
        raise Refused("signed_enough", _("%(n)s signatures are the most.", n=MOST))


def _seal(
    row: Signature,
    what: Signed,
    wish: Sign | SignedOnPaper,
    shown: tuple[str, str, int | None],
    *,
    by: Me,
    at: datetime,
) -> history.Act:
    """Fill the row with who signed and how, record the act, seal both. `shown`: the pages' hash, terms and number."""
    pdf, terms, number = shown
    row.uuid, row.name, row.salt, row.staff = wish.id, wish.name, secrets.token_hex(16), by.id
    row.centre_id, row.loan_id, row.hand_over_id = what.centre_id, what.loan_id, what.hand_over_id
    row.capacity, row.known, row.copy_given = wish.capacity, wish.known, wish.copy_given
    about = {"what": what.what, "of": what.uuid.hex, "pdf": pdf, "terms": terms}
    parts = {"signature": _told(row, about, number)} | named_again(row)
    facts = {name: getattr(row, name) for name in _CHOSEN} | what.facts | {"pdf": pdf}
    facts |= {"seal": history.digest_of(parts)} | ({"form": str(number)} if number else {})
    kind = "sign_sheet" if number else "sign"
    act = history.record(kind, wish, by=by, at=at, subject=what.subject, centre_id=what.centre_id, **facts)
    row.act_id, row.seal_id = act.id, history.seal("signature", act, parts)
    return act


def _check_shown(paper: SigningPaper, wish: Sign) -> None:
    if paper.file.sha256 != wish.pdf:
        words = _("These are not the pages that were shown. Open this page again, then sign.")
        raise Refused("not_what_was_shown", words, fields={"pdf": words})
    if wish.way == "typed" and not wish.agrees:
        words = _("Sign in the frame, or tick the box.")
        raise Refused("invalid", words, status=422, fields={"agrees": words})


def _mark(wish: Sign) -> str | None:
    """The mark, written anew by us; of a typed name there is none."""
    if wish.way == "typed":
        return None
    strokes = marks.read(wish.mark)
    if strokes is None:
        words = _("The signature could not be read. Clear the frame and sign once more.")
        raise Refused("invalid", words, status=422, fields={"mark": words})
    return marks.written(strokes)


def _told(row: Signature, about: Mapping[str, str], number: int | None) -> str:
    """What the seal covers without naming anybody: `v` is the form in which it is told."""
    when = {"at": rfc3339(row.at), "device_at": rfc3339(row.device_at) if row.device_at else None}
    shown: dict[str, object] = {"shown": "sheet", "form": number} if number else {"shown": "screen"}
    chosen = {name: getattr(row, name) for name in _CHOSEN}
    return canonical({"v": 1, **about, **chosen, **when, **shown, "staff": row.staff})


def told_of(row: Signature, about: UUID) -> str:
    """What the seal covers, told again from the row. `about`: the loan's or the return's own number."""
    what, paper = "agreement" if row.loan_id else "return", row.paper
    pages = {"what": what, "of": about.hex, "pdf": paper.file.sha256, "terms": paper.version}
    return _told(row, pages, paper.form.number if paper.form else None)


def named_again(row: Signature) -> dict[str, str]:
    """The parts that name somebody, while they are kept."""
    name = {"name": canonical({"name": row.name, "salt": row.salt})}
    return name | ({"mark": row.mark} if row.mark else {})


def of_act(act: history.Act) -> Signature:
    return session().scalars(select(Signature).where(Signature.act_id == act.id)).one()


def paper_of_act(act: history.Act) -> SigningPaper:
    return session().scalars(select(SigningPaper).where(SigningPaper.act_id == act.id)).one()
