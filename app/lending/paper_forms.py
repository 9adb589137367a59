"""Numbered blank agreements, printed ahead for a day without a screen. A number is used once, or said to be spoilt.

A loan that was undone gives its number back: the sheet is on the table still, and is typed in again, rightly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app import history
from app.db import for_update, session
from app.errors import Refused
from app.lending import agreements, wording
from app.lending.models import Loan
from app.lending.signature_forms import PrintForms, SpoilForm
from app.lending.signature_models import PaperForm, SigningPaper
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

SHOWN = 200


def print_ahead(wish: PrintForms, *, by: Me, at: datetime) -> Sequence[PaperForm]:
    """New numbers for this centre, after the last."""
    centre = _alone(by)
    last = session().scalar(select(func.max(PaperForm.number)).where(PaperForm.centre_id == centre.id)) or 0
    version = centre.terms or wording.SHIPPED
    facts = {"first": last + 1, "count": wish.count, "terms": version}
    act = history.record("forms_print", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **facts)
    numbers = {"centre_id": centre.id, "printed_act_id": act.id, "version": version}
    rows = [PaperForm(number=last + n, **numbers) for n in range(1, wish.count + 1)]
    session().add_all(rows)
    session().flush()
    return rows


def _alone(by: Me) -> Centre:
    """Two who print at once do not draw the same numbers."""
    row: Centre = session().scalars(for_update(select(Centre).where(Centre.id == by.centre_id), of=Centre)).one()
    return row


def spoil(wish: SpoilForm, *, by: Me, at: datetime) -> PaperForm:
    """A number that will never be a loan: the sheet was torn, lost, or written on by mistake."""
    row = free(wish.number, by)
    facts = {"number": row.number, "reason": wish.reason}
    subject = session().get_one(Centre, row.centre_id).code
    act = history.record("form_spoil", wish, by=by, at=at, subject=subject, centre_id=row.centre_id, **facts)
    row.used_act_id, row.spoilt_act_id = None, act.id
    session().flush()
    return row


def free(number: int, by: Me) -> PaperForm:
    """The form of that number, locked, if nobody has used it. Raises `Refused`."""
    query = select(PaperForm).where(PaperForm.centre_id == by.centre_id, PaperForm.number == number)
    row: PaperForm | None = session().scalars(for_update(query, of=PaperForm)).one_or_none()
    if row is None:
        words = _("No form of this centre bears this number. It stands at the top of the sheet.")
        raise Refused("form_unknown", words, fields={"number": words})
    if (state := state_of(row, loans_of([row]).get(row.id))) != "blank":
        words = _("This number is used already.") if state == "used" else _("This number was declared spoilt.")
        raise Refused("form_used", words, fields={"number": words})
    return row


def state_of(row: PaperForm, loan: Loan | None) -> str:
    """Blank, used or spoilt. `loan`: the one it was signed for last."""
    if row.spoilt_act_id:
        return "spoilt"
    return "blank" if row.used_act_id is None or (loan is not None and loan.ending == "undone") else "used"


def of_centre(me: Me) -> Sequence[PaperForm]:
    """The newest numbers of this centre."""
    query = select(PaperForm).where(PaperForm.centre_id == me.people_of).order_by(PaperForm.number.desc())
    return session().scalars(query.limit(SHOWN)).all()


def last_used(me: Me) -> int:
    """The highest number that was signed: blank ones below it are out somewhere, or were mislaid."""
    used = (PaperForm.centre_id == me.people_of, PaperForm.used_act_id.is_not(None))
    return session().scalar(select(func.max(PaperForm.number)).where(*used)) or 0


def loans_of(rows: Sequence[PaperForm]) -> Mapping[int, Loan]:
    """By the row's own number the loan that each of these forms was signed for last."""
    query = select(PaperForm.id, Loan).join(SigningPaper, SigningPaper.form_id == PaperForm.id)
    query = query.join(Loan, Loan.id == SigningPaper.loan_id).where(PaperForm.id.in_([row.id for row in rows]))
    return dict(session().execute(query.order_by(SigningPaper.id)).all())


def between(first: int, last: int, me: Me) -> Sequence[PaperForm]:
    """Blank ones of these numbers, to be printed."""
    mine = (PaperForm.centre_id == me.people_of, PaperForm.number.between(first, last))
    blank = (PaperForm.used_act_id.is_(None), PaperForm.spoilt_act_id.is_(None))
    return session().scalars(select(PaperForm).where(*mine, *blank).order_by(PaperForm.number).limit(20)).all()


def printed_by(act: history.Act) -> Sequence[PaperForm]:
    query = select(PaperForm).where(PaperForm.printed_act_id == act.id)
    return session().scalars(query.order_by(PaperForm.number)).all()


def spoilt_by(act: history.Act) -> PaperForm:
    return session().scalars(select(PaperForm).where(PaperForm.spoilt_act_id == act.id)).one()


def words_of(form: PaperForm) -> str:
    """The agreement with room to write."""
    return agreements.blank(session().get_one(Centre, form.centre_id), f"fiche {form.number:05}")
