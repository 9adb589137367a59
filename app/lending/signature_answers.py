"""What programs are told of signing."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from app.db import session
from app.history import Seal
from app.inputs import Answer
from app.lending import signatures
from app.lending.signature_models import Signature
from app.lending.signatures import Signed


class SignatureAnswer(Answer):
    """`name` is None once it was destroyed; `seal` stays."""

    id: UUID
    way: str
    capacity: str
    name: str | None
    known: str
    copy_given: str
    at: datetime
    device_at: datetime | None
    seal: str
    parts: dict[str, str]


class AgreementAnswer(Answer):
    """The words that were sealed with the loan."""

    loan: UUID
    version: str
    words: str


class SigningAnswer(Answer):
    """`pdf`: SHA-256 of the pages once they are prepared, which whoever signs sends back."""

    what: str
    id: UUID
    terms: str
    pdf: str | None
    signed: bool
    signatures: list[SignatureAnswer]


def signing(what: Signed) -> SigningAnswer:
    paper, rows = signatures.paper_of(what), signatures.under(what)
    return SigningAnswer(
        what=what.what,
        id=what.uuid,
        terms=paper.version if paper else what.version,
        pdf=paper.file.sha256 if paper else None,
        signed=any(row.binds for row in rows),
        signatures=[_signature(row) for row in rows],
    )


def _signature(row: Signature) -> SignatureAnswer:
    sealed = session().get_one(Seal, row.seal_id)
    told = {name: getattr(row, name) for name in ("way", "capacity", "name", "known", "copy_given", "at", "device_at")}
    return SignatureAnswer(id=row.uuid, seal=sealed.digest, parts=json.loads(sealed.parts), **told)
