"""`flask import KIND FILE`: a table taken over from the command line, by the house itself."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import sheets
from app.db import session
from app.desk.imports import KINDS, MONEY, taken_over
from app.errors import Refused
from app.finance import brought
from app.finance.forms import NewMoneyImport
from app.imports import columns, kinds, running
from app.imports.running import Task
from app.people.doors import settings
from app.people.models import Centre, Organisation
from app.people.roles import THE_HOUSE, Me, Where
from app.times import now
from app.words import spoken
from labels import codes

TOLD = 20  # lines of a dry run that change something, before only their number is told


@click.command("import")
@click.argument("kind", type=click.Choice([kind.code for kind in (*KINDS, *MONEY)]))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what each line would do, and do nothing.")
@click.option("--centre", default="", help="Code or name of the centre; needed when there are several.")
@click.option("--category", default="", help="The kind of things whose line tells none: laptop, tablet ...")
@click.option("--operation", default="", help="Of money: the number of the operation it goes into.")
@click.option("--organisation", default="", help="Of invoices: the short name of the organisation that pays them.")
@with_appcontext
def take_over(
    kind: str, file: Path, dry_run: bool, centre: str, category: str, operation: str, organisation: str
) -> None:
    """Take over a table (CSV, Excel, or an archive of ours). The same file again changes nothing."""
    of_centre = kinds.of(kind).of_centre
    by = the_house_at(centre) if of_centre else THE_HOUSE
    try:
        with file.open("rb") as whole:
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
        book = sheets.opened_at(file)
        if of_centre:
            task = task_of(kind, sha256, book, by, category)
        else:
            task = money_task(kind, sha256, book, operation, organisation)
    except Refused as no:
        raise click.ClickException(spoken(no.words)) from no
    faults = _dry(task, by) if dry_run else _done(task, sheets.Beside(file), by)
    if faults:
        raise SystemExit(1)


def task_of(kind: str, sha256: str, book: sheets.Book, by: Me, category: str = "") -> Task:
    """The lines of a file as its headers tell."""
    one = kinds.of(kind)
    heads = columns.heads(book, one)
    lines = columns.lines_of(heads, columns.proposed(heads, one), {}, one)
    lines = running.with_usual(lines, {"usual_category": category})
    return Task(one, lines, sha256, by.centre_id)


def money_task(kind: str, sha256: str, book: sheets.Book, operation: str, organisation: str) -> Task:
    """The same of a table of money: into that operation, paid by that organisation where a line does not say."""
    payer = session().scalar(select(Organisation.id).where(Organisation.short_name == organisation))
    if organisation and payer is None:
        raise click.ClickException(f"No organisation is called {organisation}.")
    wish = NewMoneyImport.model_validate({"kind": kind, "operation": operation or None, "organisation": payer})
    owner = brought.owner(wish, THE_HOUSE)
    task = task_of(kind, sha256, book, THE_HOUSE)
    usual = {"usual_operation": owner.operation, "usual_payer": str(owner.organisation_id)}
    return replace(task, lines=running.with_usual(task.lines, usual), of=owner.of)


def the_house_at(centre: str) -> Me:
    """The house itself, acting at that centre; at the only one there is when none is said."""
    return replace(THE_HOUSE, centre=_where(centre))


def _where(text: str) -> Where:
    found = list(session().scalars(select(Centre).order_by(Centre.id)))
    code = codes.parse(text) or ""
    meant = [c for c in found if not text or c.code == code or c.name == text]
    if len(meant) != 1:
        listed = "\n".join(f"  {codes.grouped(c.code)}  {c.name}" for c in found)
        raise click.ClickException(f"Say which centre with --centre:\n{listed}")
    one = meant[0]
    owner = one.organisation
    return Where(one.id, one.code, one.name, one.phone, owner.id, owner.short_name, one.open_days)


def _dry(task: Task, by: Me) -> int:
    steps = running.look(task, by=by, at=now())
    for step in [step for step in steps if step.what in {"new", "change"}][:TOLD]:
        click.echo(f"{running.where(step.line)}: {step.what} {step.title}")
        for one in step.changes:
            click.echo(f"    {spoken(one.words)}: {one.old or '-'} -> {one.new or '-'}")
    for step in steps:
        for name, words in step.faults.items():
            at = step.line.columns.get(name)
            column = f", {columns.letter(at)}" if at is not None else ""
            click.echo(f"{running.where(step.line)}{column}: {spoken(words)}", err=True)
    counts = {what: sum(step.what == what for step in steps) for what in ("new", "change", "same", "fault")}
    click.echo(", ".join(f"{what}: {n}" for what, n in counts.items()))
    return counts["fault"]


def _done(task: Task, beside: sheets.Beside, by: Me) -> int:
    report = taken_over(task, beside, settings().instance, by=by)
    for where, words in report.faults:
        click.echo(f"{where}: {words}", err=True)
    click.echo(", ".join(f"{what}: {n}" for what, n in sorted(report.counts.items()) if n) or "nothing to do")
    return report.counts["fault"]
