"""What `flask verify` asks of signing: papers and signatures are what was sealed, and went with their agreement."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from app.db import session, walk
from app.files import StoredFile
from app.history import Act, Seal, count_of, of_kind
from app.history.seals import holds
from app.lending import signatures
from app.lending.forgetting import AGREEMENT_GONE
from app.lending.models import Agreement, HandOver, Loan
from app.lending.receipts import VERSION
from app.lending.signature_models import PaperForm, Signature, SigningPaper


def check_signing() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_papers()
    yield from _check_signatures()
    yield from _check_forms()


def _check_papers() -> Iterator[str]:
    told = 0
    query = select(SigningPaper, Act, Loan.uuid, HandOver.uuid, Agreement.version, AGREEMENT_GONE)
    query = query.join(Act, Act.id == SigningPaper.act_id).outerjoin(Loan, Loan.id == SigningPaper.loan_id)
    query = query.outerjoin(Agreement, Agreement.loan_id == Loan.id)
    for row, act, loan, event, version, gone in walk(
        query.outerjoin(HandOver, HandOver.id == SigningPaper.hand_over_id)
    ):
        told += 1
        about = {"loan": loan.hex} if loan else {"hand_over": event.hex if event else ""}
        if not _as_told(row, act, about):
            yield f"signing_paper {row.id}: not what its act tells of"
        if row.version != (row.form.version if row.form else version if loan else VERSION):
            yield f"signing_paper {row.id}: not the terms of its agreement"
        if (row.words is None) == bool(event and not row.file.destroyed_at):
            yield f"signing_paper {row.id}: its words are gone too early, or stay too long"
        if row.file.destroyed_at and not gone:
            yield f"signing_paper {row.id}: its pages went before their agreement"
    if told != count_of("sign_prepare", "sign_sheet"):
        yield "signing_paper: a row for each act was due"


def _as_told(row: SigningPaper, act: Act, about: dict[str, str]) -> bool:
    facts: dict[str, object] = {**about, "pdf": row.file.sha256}
    if row.form is None:
        return (act.kind, act.centre_id, act.told) == ("sign_prepare", row.centre_id, facts | {"terms": row.version})
    facts |= {"form": str(row.form.number)}
    return (act.kind, act.centre_id, act.told | facts) == ("sign_sheet", row.centre_id, act.told)


def _check_forms() -> Iterator[str]:
    """Each number was printed by its act, and used or declared spoilt by the one it names."""
    told, used = 0, {act.id: act for act in of_kind("sign_sheet", "form_spoil")}
    numbers: dict[tuple[int | None, str], int] = {}
    for row, act in walk(select(PaperForm, Act).join(Act, Act.id == PaperForm.printed_act_id)):
        first, count = act.told.get("first", 0), act.told.get("count", 0)
        ends = [used.pop(number, None) for number in (row.used_act_id, row.spoilt_act_id) if number]
        told, numbers[row.centre_id, str(row.number)] = told + 1, row.id
        if (act.kind, act.centre_id, act.told.get("terms")) != ("forms_print", row.centre_id, row.version):
            yield f"paper_form {row.id}: not what its act tells of"
        elif not first <= row.number < first + count:
            yield f"paper_form {row.id}: not a number that its act printed"
        kind = "sign_sheet" if row.used_act_id else "form_spoil"
        if any(end is None or _end_of(end) != (kind, row.centre_id, str(row.number)) for end in ends):
            yield f"paper_form {row.id}: no act used it up so"
    void = {loan.hex for loan in session().scalars(select(Loan.uuid).where(Loan.ending == "undone"))} if used else set()
    wrong = [end for end in used.values() if end.told.get("loan") not in void]
    left = [numbers.get((end.centre_id, _end_of(end)[2])) for end in wrong]
    yield from (f"paper_form {number}: does not name the act that used it up" for number in left if number)
    if wrong or told != sum(act.told.get("count", 0) for act in of_kind("forms_print")):
        yield "paper_form: a row for each number of the acts was due"


def _end_of(act: Act) -> tuple[str, int | None, str]:
    return act.kind, act.centre_id, str(act.told.get("form", act.told.get("number")))


def _check_signatures() -> Iterator[str]:
    told = 0
    query = select(Signature, Act, Seal, Loan.uuid, HandOver.uuid, StoredFile)
    query = query.join(Act, Act.id == Signature.act_id).join(Seal, Seal.id == Signature.seal_id)
    query = query.join(SigningPaper, SigningPaper.id == Signature.paper_id)
    query = query.join(StoredFile, StoredFile.id == SigningPaper.file_id)
    query = query.outerjoin(Loan, Loan.id == Signature.loan_id)
    for row, act, sealed, loan, event, file in walk(query.outerjoin(HandOver, HandOver.id == Signature.hand_over_id)):
        told += 1
        if fault := _fault_of(row, act, sealed, loan or event, file):
            yield f"signature {row.id}: {fault}"
    if told != count_of("sign", "sign_sheet"):
        yield "signature: a row for each act was due"


def _fault_of(row: Signature, act: Act, sealed: Seal, about: UUID, file: StoredFile) -> str:
    did = (act.kind, act.uuid, act.centre_id, act.author, sealed.act_id, sealed.kind)
    kind = "sign_sheet" if row.way == "paper" else "sign"
    if did != (kind, row.uuid, row.centre_id, row.staff, act.id, "signature"):
        return "does not agree with its act"
    if (row.paper.loan_id, row.paper.hand_over_id) != (row.loan_id, row.hand_over_id):
        return "not about the same as its pages"
    if not holds(sealed, "signature", signatures.told_of(row, about)):
        return "not what was sealed"
    if row.destroyed_at != file.destroyed_at or (row.destroyed_at is None) == (row.name is None):
        return "the name is gone and nobody destroyed it, or the reverse"
    if row.destroyed_at:
        return "it names somebody still" if row.mark or row.salt else ""
    return "" if all(holds(sealed, *part) for part in signatures.named_again(row).items()) else "not whom was sealed"
