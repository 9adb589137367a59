"""What `flask verify` asks of the agreement's text: versions are what was written, and the newest act is in force."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import session, walk
from app.history import Act, of_kind
from app.history.seals import digest
from app.lending.wording import AgreementText
from app.people.models import Centre


def check_wording() -> Iterator[str]:
    told = 0
    for row, act in walk(select(AgreementText, Act).join(Act, Act.id == AgreementText.act_id)):
        told += 1
        did = (act.kind, act.centre_id, act.told)
        if did != ("terms_write", row.centre_id, {"number": row.number, "sha256": row.sha256}):
            yield f"agreement_text {row.id}: not what its act tells of"
        elif digest(row.words) != row.sha256:
            yield f"agreement_text {row.id}: its words are not those that were written"
    acts = list(of_kind("terms_write", "terms_revert"))
    if told != sum(act.kind == "terms_write" for act in acts):
        yield "agreement_text: a row for each act was due"
    yield from _check_in_force(acts)


def _check_in_force(acts: list[Act]) -> Iterator[str]:
    newest = {act.centre_id: act for act in acts}
    for centre, terms in session().execute(select(Centre.id, Centre.terms)):
        facts = newest[centre].told if centre in newest else {}
        if terms != (f"{facts['number']}.{facts['sha256']}" if facts else ""):
            yield f"centre {centre}: its agreement's text is not the one last chosen"
