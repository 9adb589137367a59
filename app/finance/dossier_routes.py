"""The auditors' file of an operation: asked for, looked at while it is made, fetched."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.files import StoredFile
from app.finance import dossier, purse
from app.finance.dossier import AskFile, Dossiers, FileAnswer, SampleAsked
from app.finance.models import Operation
from app.jobs import Job
from app.people.doors import door, me, settings
from app.people.roles import is_coordinator
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, read_query, spoken, stored_answer
from app.words import _

bp = Blueprint("dossier", __name__)


@bp.route("/finance/operations/<operation>/files", methods=["GET"])
@door("money")
@spoken(asks=SampleAsked, gives=Dossiers)
def of_operation(operation: str) -> AnswerType:
    """`check`: the sample of that on-the-spot check is proposed."""
    row, asked = purse.operation(operation, me()), read_query(SampleAsked)
    codes = dossier.sample_of(row, asked.check, me()) if asked.check else ()
    return _show(row, blank(AskFile, devices="\n".join(codes)))


@bp.route("/finance/operations/<operation>/files", methods=["POST"])
@door("spend")
@spoken(takes=AskFile, gives=FileAnswer, made=True)
def ask(operation: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(AskFile)
    if job := form.submit(dossier.ask, row, by=me(), at=now(), again=dossier.of_act):
        go = url_for("dossier.of_operation", operation=row.number)
        say = _("The file is being made. It stands here in a moment.")
        return done(_answer(row, job, None), go=go, say=say, form=form, new=True)
    return _show(row, form)


@bp.route("/finance/operations/<operation>/files/<uuid>.zip", methods=["GET"])
@door("money")
@spoken(media="application/zip")
def fetch(operation: str, uuid: str) -> AnswerType:
    row = purse.operation(operation, me())
    path = dossier.path_of(row, uuid, settings().instance, me())
    return stored_answer(path, "application/zip", f"dossier-{row.number}.zip")


def _show(row: Operation, form: Form[AskFile]) -> AnswerType:
    found = dossier.of_operation(row, me())
    items = [_answer(row, job, file) for job, file in found]
    return page(
        "finance/dossier.html",
        form=form,
        answer=Dossiers(items=items, next=None),
        operation=row,
        items=items,
        asks=me().may("spend"),
        names=is_coordinator(me()),
        most=dossier.NAMED,
    )


def _answer(row: Operation, job: Job, file: StoredFile | None) -> FileAnswer:
    there = file is not None and dossier.is_kept(file)
    return FileAnswer(
        id=job.uuid,
        state=job.state,
        asked_at=job.asked_at,
        done=job.done_steps,
        of=job.all_steps,
        things=len(job.told["codes"]),
        names=job.told["names"],
        kept_until=file.keep_until if file else None,
        url=url_for("dossier.fetch", operation=row.number, uuid=job.uuid) if there else None,
    )
