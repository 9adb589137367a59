"""What the auditors' file holds: each file by its name, as it is made; at the end the sums that check all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Select, or_, select

from app import files
from app.db import session
from app.files import StoredFile
from app.finance import (
    asset_pdf,
    assets,
    claim_answers,
    claim_pdf,
    claims,
    dossier_tables,
    papers,
    publicity,
    purse,
    register,
    register_pdf,
    spent,
    spot_check_answers,
    spot_checks,
    traces,
)
from app.finance.claim_models import Claim
from app.finance.dossier_tables import Table
from app.finance.models import Operation
from app.finance.spending import Expense, Paper
from app.finance.spot_check_models import SpotCheck
from app.history import Act, extract
from app.inventory.models import CustodyLink, Device, GivenCode
from app.people.roles import Me
from app.sheets import as_csv, as_xlsx
from app.times import day_of
from app.web.looks import clock, plain_date
from app.words import _, fold, spoken

SUMS = "SHA256SUMS"
Files = Iterator[tuple[str, Iterable[bytes]]]


@dataclass(frozen=True)
class Wanted:
    """`codes`: the sample, empty for every thing; `names`: with who borrowed what. `at`: when it was asked for."""

    operation: Operation
    codes: Sequence[str]
    names: bool
    by: Me
    folder: Path
    at: datetime

    @property
    def things(self) -> Select[Device]:
        query = assets.of_operation(self.operation, self.by)
        return query.where(Device.code.in_(self.codes)) if self.codes else query

    @property
    def bills(self) -> Sequence[Expense]:
        """The expenses of the operation; of a sample, those that paid for its things."""
        mine = (Expense.gone_act_id.is_(None), Expense.id.in_(spent.put_down_to([self.operation.id])))
        query = select(Expense).where(*mine, purse.mine_in(self.operation, Expense.organisation_id, self.by))
        if self.codes:
            query = query.where(Expense.id.in_(assets.that_paid(self.things.with_only_columns(Device.id))))
        return session().scalars(query.order_by(Expense.issued_on, Expense.id)).all()


def summed(content: Files) -> Files:
    """The same files, and last the one that checks them: `sha256sum -c SHA256SUMS`."""
    sums: list[str] = []
    for name, blocks in content:
        digest = hashlib.sha256()
        yield name, _tapped(blocks, digest.update)
        sums.append(f"{digest.hexdigest()}  {name}\n")
    yield SUMS, ["".join(sums).encode()]


def _tapped(blocks: Iterable[bytes], look: Callable[[bytes], None]) -> Iterator[bytes]:
    for block in blocks:
        look(block)
        yield block


def of(wish: Wanted, tell: Callable[[int, int], None]) -> Files:
    """`tell`: how many of how many things are done."""
    numbers = list(session().scalars(wish.things.with_only_columns(Device.id).order_by(Device.folded, Device.id)))
    bills = wish.bills
    shown = _papers(bills)
    yield "LISEZMOI.txt", [_read_me(wish, len(numbers)).encode()]
    yield from _tables(wish, bills, shown)
    yield from _register(wish)
    yield from _claims(wish)
    yield from _checks(wish)
    yield from ((name, _bytes(wish.folder, paper.file)) for name, paper in shown)
    yield from _publicity(wish)
    for n, number in enumerate(numbers, 1):
        yield from _thing(wish, number, {paper.id: name for name, paper in shown})
        tell(n, len(numbers))
    for name, content in extract.of(_acts(wish, bills)):
        yield f"journal/{name}", [content]
    if wish.names:
        yield from _as_tables(dossier_tables.names(session().scalars(wish.things).all()))


def _read_me(wish: Wanted, count: int) -> str:
    row = wish.operation
    said = {"number": row.number, "n": count, "day": plain_date(wish.at), "time": clock(wish.at)}
    head = _("Auditors' file of operation %(number)s: %(n)s things, asked for on %(day)s at %(time)s.", **said)
    sample = _("A sample: %(codes)s", codes=", ".join(wish.codes)) if wish.codes else _("Every thing of the operation.")
    people = _("noms.csv says who borrowed what: keep it apart.") if wish.names else _("No household is named in it.")
    sentences = (
        head,
        sample,
        people,
        _("registre: the register. biens: a sheet for each thing, with its photos. pieces: the papers."),
        _("operation: financing plan, budget lines, expenses. remontees: the claims that were filed."),
        _("controles: on-the-spot checks and what they found. publicite: posters, plaque, website."),
        _("To check that no file was changed: sha256sum -c SHA256SUMS"),
        _("To check the journal: the same command in the folder journal, where each line gives its hash."),
        _("Each link is the hash of the link before it and of its line; chaine.txt holds all of them."),
    )
    return "".join(f"{spoken(one)}\n\n" for one in sentences)


def _tables(wish: Wanted, bills: Sequence[Expense], shown: Sequence[tuple[str, Paper]]) -> Files:
    names: dict[int, list[str]] = {}
    for name, paper in shown:
        for bill in bills:
            if paper.expense_id == bill.id or (paper.purchase_id and paper.purchase_id == bill.purchase_id):
                names.setdefault(bill.id, []).append(name)
    yield from _as_tables(dossier_tables.plan(wish.operation))
    yield from _as_tables(dossier_tables.lines(wish.operation, wish.by))
    yield from _as_tables(dossier_tables.expenses(wish.operation, bills, names))
    yield from _as_tables(dossier_tables.agreements(session().scalars(wish.things).all()))


def _as_tables(table: Table) -> Files:
    head = [spoken(word) for word in table.head]
    yield f"{table.name}.xlsx", as_xlsx(spoken(table.title), head, table.rows)
    yield f"{table.name}.csv", as_csv(head, table.rows)


def _register(wish: Wanted) -> Files:
    row, day = wish.operation, day_of(wish.at)

    def rows() -> Iterator[register.Entry]:
        return register.entries(row, wish.things, day)

    yield "registre/registre.xlsx", as_xlsx(spoken(_("register")), register.head(), register.table(rows()))
    yield "registre/registre.csv", as_csv(register.head(), register.table(rows()))
    yield "registre/registre.pdf", [register_pdf.of(row, rows(), plain_date(day))]


def _claims(wish: Wanted) -> Files:
    query = claims.of(wish.operation, wish.by).where(Claim.state != "draft")
    for claim in session().scalars(query.order_by(Claim.number)).all():
        name, head = f"remontees/remontee-{claim.number}", [spoken(word) for word in claim_answers.HEADS]
        yield f"{name}.xlsx", as_xlsx(spoken(_("claim")), head, claim_answers.table(claim))
        yield f"{name}.csv", as_csv(head, claim_answers.table(claim))
        yield f"{name}.pdf", [claim_pdf.of(claim)]


def _checks(wish: Wanted) -> Files:
    """The samples of each on-the-spot check, and the findings of all."""
    found = session().scalars(spot_checks.of(wish.operation).order_by(SpotCheck.checked_on, SpotCheck.id)).all()
    head = [spoken(word) for word in spot_check_answers.HEADS]
    for check in found:
        name = f"controles/controle-{check.checked_on}-{check.uuid.hex[:8]}"
        yield f"{name}.xlsx", as_xlsx(spoken(_("samples")), head, spot_check_answers.table(check))
        yield f"{name}.csv", as_csv(head, spot_check_answers.table(check))
    yield from _as_tables(dossier_tables.findings(found))


def _papers(bills: Sequence[Expense]) -> list[tuple[str, Paper]]:
    """Each paper of these expenses and of their purchases, once, by where it lies."""
    orders = {bill.purchase_id: bill.purchase for bill in bills if bill.purchase}
    told = [(f"facture-{_plain(bill.number)}-{bill.uuid.hex[:8]}", papers.of(bill)) for bill in bills]
    told += [(f"achat-{order.uuid.hex[:8]}", papers.of(order)) for order in orders.values()]
    return [(f"pieces/{where}/{_named(paper)}", paper) for where, some in told for paper in some]


def _plain(words: str) -> str:
    """A name of a file that every system takes."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(words))[:40]


def _named(paper: Paper) -> str:
    return f"{paper.kind}-{paper.id}.{_ending(paper.file)}"


def _ending(file: StoredFile) -> str:
    return "jpg" if file.media_type.startswith("image/") else "pdf"


def _bytes(folder: Path, file: StoredFile) -> Iterable[bytes]:
    path = files.path_of(folder, file)
    return [path.read_bytes()] if path.exists() else [spoken(_("This file is lost.")).encode()]


def _publicity(wish: Wanted) -> Files:
    """What tells the public of the Union's money, with its photos."""
    found = [
        (one, f"publicite/{one.kind}-{one.id}.{_ending(one.file)}" if one.file else "")
        for one in publicity.of(wish.operation)
    ]
    yield from _as_tables(dossier_tables.publicity(found))
    yield from ((name, _bytes(wish.folder, one.file)) for one, name in found if one.file)


def _thing(wish: Wanted, number: int, names: dict[int, str]) -> Files:
    """Loaded here and now: whoever tells of progress in between writes."""
    device = session().get_one(Device, number)
    [one] = assets.held([device], wish.operation)
    trace, where = traces.of([device])[number], f"biens/{device.code}"
    yield f"{where}/fiche.pdf", [asset_pdf.of(wish.operation, one, day_of(wish.at), names)]
    if trace.label and trace.label.photo:
        yield f"{where}/etiquette.{_ending(trace.label.photo)}", _bytes(wish.folder, trace.label.photo)
    for n, photo in enumerate(trace.photos, 1):
        yield f"{where}/photo-{n}.{_ending(photo)}", _bytes(wish.folder, photo)


def _acts(wish: Wanted, bills: Sequence[Expense]) -> Select[int]:
    """The acts about the operation, its claims, these expenses and their purchases, these things and their way."""
    filed = session().scalars(claims.of(wish.operation, wish.by)).all()
    subjects = [bill.name for bill in bills] + [one.name for one in filed]
    subjects += [one.name for one in session().scalars(spot_checks.of(wish.operation))]
    subjects += [wish.operation.number, *(bill.purchase.name for bill in bills if bill.purchase)]
    things = wish.things.with_only_columns(Device.id)
    given = select(GivenCode.code).where(GivenCode.device_id.in_(things))
    way = select(CustodyLink.act_id).where(CustodyLink.device_id.in_(things))
    about: list[ColumnElement[bool]] = [Act.subject.in_(subjects), Act.subject.in_(given), Act.id.in_(way)]
    return select(Act.id).where(or_(*about))
