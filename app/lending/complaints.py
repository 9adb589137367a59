"""The copy of a complaint that a household filed: it names them, so it hangs on the loan, not on the card of the thing.

It proves where a thing went and is kept as long as the agreement of its loan; then its bytes go with those words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Ref, change, put, session, walk
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.history import Act, of_kind
from app.inputs import Act as Wish
from app.inputs import Answer
from app.inventory.attachments import KEPT
from app.inventory.printed import Photo as Sent
from app.lending import loans
from app.lending.models import Agreement, Loan
from app.people.roles import Me
from app.words import _

MOST = 10  # copies of one loan


class AddComplaint(Wish):
    """The copy comes beside, as the part `file` of a form: a PDF, or a photo of the paper."""


class RemoveComplaint(Wish):
    """It hangs on the wrong loan: a week later its bytes are destroyed."""


class Complaint(Base):
    """A copy on a loan. `gone_act_id`: the act that took it off."""

    __tablename__ = "complaint"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_complaint_loan_id", "loan_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class ComplaintAnswer(Answer):
    id: int
    media_type: str
    size: int
    stored_at: datetime
    href: str


def add(loan: Loan, sent: Sent, wish: AddComplaint, *, by: Me, at: datetime) -> Complaint:
    """Kept with the loan, over or not: a theft is often told when it is."""
    loan = loans.mine(loan, by)
    if len(of_loan(loan)) >= MOST:
        raise Refused("too_many_files", _("%(n)s photos and documents are the most: take one off first.", n=MOST))
    session().add(sent.file)
    session().flush()
    told = {"loan": loan.uuid.hex, "file": sent.file.sha256}
    centre = loan.centre_id
    act = history.record("complaint_add", wish, by=by, at=at, subject=loan.household.code, centre_id=centre, **told)
    row = Complaint(centre_id=loan.centre_id, loan_id=loan.id, file_id=sent.file.id, act_id=act.id)
    return put(row, file=sent.file)


def remove(loan: Loan, number: int, wish: RemoveComplaint, *, by: Me, at: datetime) -> Complaint:
    loan = loans.mine(loan, by)
    row = get(loan, number)
    told = {"complaint": row.id}
    centre = loan.centre_id
    act = history.record("complaint_remove", wish, by=by, at=at, subject=loan.household.code, centre_id=centre, **told)
    change(row, gone_act_id=act.id)
    row.file.keep_until = at + KEPT
    return row


def of_loan(loan: Loan) -> Sequence[Complaint]:
    """Those that hang on it and whose bytes are still there."""
    query = select(Complaint).join(StoredFile).where(Complaint.loan_id == loan.id, Complaint.gone_act_id.is_(None))
    return session().scalars(query.where(StoredFile.destroyed_at.is_(None)).order_by(Complaint.id)).all()


def get(loan: Loan, number: int) -> Complaint:
    row = next((one for one in of_loan(loan) if one.id == number), None)
    if row is None:
        raise NotThere(_("This copy is no longer kept."))
    return row


def of_act(act: Act) -> Complaint:
    if act.kind == "complaint_add":
        return session().scalars(select(Complaint).where(Complaint.act_id == act.id)).one()
    return session().get_one(Complaint, act.told["complaint"])


def let_go_outdated(*, day: date, at: datetime) -> None:
    """Chore: a copy goes when the words of its loan's agreement do."""
    over = select(Complaint.file_id).join(Agreement, Agreement.loan_id == Complaint.loan_id)
    due = StoredFile.id.in_(over.where(Agreement.keep_until < day)) & StoredFile.keep_until.is_(None)
    session().execute(update(StoredFile).where(due).values(keep_until=at))


def check_complaints() -> Iterator[str]:
    """Each copy is what its act tells of, on that loan, and came off when an act says so."""
    gone = {act.told.get("complaint"): act.id for act in of_kind("complaint_remove")}
    query = select(Complaint, Act, Loan.uuid, StoredFile.sha256).join(Act, Act.id == Complaint.act_id)
    query = query.join(Loan, Loan.id == Complaint.loan_id).join(StoredFile, StoredFile.id == Complaint.file_id)
    told = 0
    for row, act, uuid, sha256 in walk(query):
        told += 1
        mine = (act.kind, act.told.get("loan"), act.told.get("file"), act.centre_id)
        if mine != ("complaint_add", uuid.hex, sha256, row.centre_id) or row.gone_act_id != gone.get(row.id):
            yield f"complaint {row.id}: not what its acts tell of"
    if told != sum(1 for _act in of_kind("complaint_add")):
        yield "complaint: a row for each act was due"
