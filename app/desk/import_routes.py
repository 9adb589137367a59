"""Bringing a table: choose it, say what its columns mean, look at each line, take it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, request, url_for

from app.desk import imports
from app.imports import answers, columns, kinds, running, tables
from app.imports.forms import CheckPage, Decide, DropImport, MapColumns, NewImport, StartImport, TemplateAsked
from app.imports.kinds import Kind, Step
from app.imports.models import TableImport
from app.inputs import invalid
from app.inventory import devices
from app.inventory.forms import AT_ONCE
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, read_query, spoken
from app.web.reading import sent_file, sent_name
from app.web.tables import CSV, XLSX, table_answer
from app.words import _, _n
from app.words import spoken as said

bp = Blueprint("imports", __name__)
MONEY = "money_imports"  # the name of its blueprint
A_PAGE = 50  # lines looked at together
WITHOUT_THINGS = ("households", "invoices", "budget_lines")
OF_FILES = ("file_unreadable", "file_empty")


@bp.route("/import", methods=["GET"])
@door("equip")
def choose() -> AnswerType:
    return _choose(read(NewImport, kind="register" if me().may("households") else "devices"))


@bp.route("/import", methods=["POST"])
@door("equip")
@spoken(takes=NewImport, gives=answers.ImportAnswer, made=True, refuses=("no_centre",), doubts=OF_FILES)
def begin() -> AnswerType:
    """The file is opened, once, before anything is written."""
    form = read(NewImport)
    sent: tables.Sent | None = None
    if form.wish:
        with form.looking():
            tables.check_may(form.wish.kind, me())
            content, name = sent_file("file"), sent_name("file")
            sent = imports.sent(content, name, form.wish.kind, settings().instance, at=now())
    if sent and (row := form.submit(tables.begin, sent, by=me(), at=now(), again=tables.of_act)):
        go = url_for(".columns_of", uuid=row.uuid)
        return done(answers.table(row), go=go, form=form, new=True)
    return _choose(form)


def _of_money() -> bool:
    """Whether this is asked of the tables of money, which have the same pages behind a door of their own."""
    return request.blueprint == MONEY


def _choose(form: Form[NewImport]) -> AnswerType:
    return page(
        "desk/import.html",
        form=form,
        kinds=imports.kinds_for(me()),
        recent=tables.recent(tables.seen_by(me())),
        state_of=answers.state_of,
    )


@bp.route("/import/<uuid>", methods=["GET", "POST"])
@door("equip")
@spoken(takes=MapColumns, gives=answers.MeaningsAnswer, refuses=("import_over",))
def columns_of(uuid: str) -> AnswerType:
    """What each column means."""
    row = imports.found(uuid, me(), money=_of_money())
    if not row.is_open:
        return _over(row)
    _task, heads = running.task_of(row, settings().instance)
    form = read(MapColumns, category=row.category)
    if form.submit(tables.map_columns, row, heads, by=me(), at=now()):
        return done(answers.meanings(row, heads), go=url_for(".check", uuid=row.uuid))
    return page(
        "desk/import_columns.html",
        form=form,
        answer=answers.meanings(row, heads),
        row=row,
        heads=heads,
        meant=row.mapping,
        fields=_fields_of(kinds.of(row.kind)),
        samples=[columns.samples(head) for head in heads],
        categories=_categories(row),
    )


def _fields_of(kind: Kind) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may mean, by what it tells of: things first, which need no word."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in kind.fields:
        found.setdefault(said(one.of) if one.of else "", []).append((one.name, said(one.words)))
    return list(found.items())


def _categories(row: TableImport) -> list[tuple[str, str]]:
    """Kinds of things, for a table that may tell of things."""
    return [] if row.kind in WITHOUT_THINGS else [(c.code, c.called) for c in devices.categories()]


def _over(row: TableImport) -> AnswerType:
    return done(answers.table(row), go=url_for(".progress", uuid=row.uuid))


@bp.route("/import/<uuid>/check", methods=["GET"])
@door("equip")
@spoken(asks=CheckPage, gives=answers.CheckAnswer)
def check(uuid: str) -> AnswerType:
    """The dry run: what each line would do, before anything is written."""
    row = imports.found(uuid, me(), money=_of_money())
    return _check(row) if row.is_open else _over(row)


def _check(row: TableImport, form: Form[Any] | None = None) -> AnswerType:
    asked = read_query(CheckPage)
    task, heads = running.task_of(row, settings().instance)
    steps = running.look(task, by=me(), at=now())
    counts = Counter(step.what for step in steps) + Counter(doubles=sum(bool(step.double) for step in steps))
    shown = _shown(steps, asked.show)
    part = shown[asked.start : asked.start + A_PAGE]
    more = url_for(".check", uuid=row.uuid, show=asked.show, start=asked.start + A_PAGE)
    following = more if len(shown) > asked.start + A_PAGE else None
    return page(
        "desk/import_check.html",
        form=form,
        answer=answers.CheckAnswer(counts=counts, items=[answers.line(step) for step in part], next=following),
        row=row,
        steps=part,
        counts=counts,
        lent=sum(step.lends for step in steps if step.what != "fault"),
        show=asked.show,
        next=following,
        where=running.where,
        headers={str(n): head.headers for n, head in enumerate(heads)},
        letter=columns.letter,
        words={one.name: one.words for one in kinds.of(row.kind).fields},
        categories=_categories(row),
        start_form=blank(StartImport),
        start_words=_n("Take %(num)s line over", "Take %(num)s lines over", counts["new"] + counts["change"]),
        left_words=_n(
            "%(num)s line with a fault is left out as long as it is not mended.",
            "%(num)s lines with a fault are left out as long as they are not mended.",
            counts["fault"],
        ),
    )


def _shown(steps: Sequence[Step], show: str) -> Sequence[Step]:
    """The lines of one sort; without a wish all of them, what needs a decision first."""
    if show == "doubles":
        return [step for step in steps if step.double]
    if show:
        what = "fault" if show == "faults" else show
        return [step for step in steps if step.what == what]
    return sorted(steps, key=lambda step: (step.what != "fault", not step.double))


@bp.route("/import/<uuid>/lines", methods=["POST"])
@door("equip")
@spoken(takes=Decide, gives=answers.ImportAnswer, refuses=("import_over",))
def decide(uuid: str) -> AnswerType:
    """One line mended, left out, or taken for a new one."""
    row, form = imports.found(uuid, me(), money=_of_money()), read(Decide)
    if form.submit(tables.decide, row, by=me(), at=now()):
        asked = read_query(CheckPage)
        go = url_for(".check", uuid=row.uuid, show=asked.show or None, start=asked.start or None)
        return done(answers.table(row), go=go)
    if form.refusal or not row.is_open:
        raise form.refusal or invalid(form.faults)
    return _check(row, form)


@bp.route("/import/<uuid>/start", methods=["POST"])
@door("equip")
@spoken(takes=StartImport, gives=answers.ImportAnswer, refuses=("import_over",))
def start(uuid: str) -> AnswerType:
    row, form = imports.found(uuid, me(), money=_of_money()), read(StartImport)
    form.insist(tables.start, row, by=me(), at=now(), again=tables.started)
    return done(answers.table(row), go=url_for(".progress", uuid=row.uuid))


@bp.route("/import/<uuid>/progress", methods=["GET"])
@door("equip")
@spoken(gives=answers.ImportAnswer)
def progress(uuid: str) -> AnswerType:
    row = imports.found(uuid, me(), money=_of_money())
    told = answers.table(row)
    tally = _tally(told.counts)
    sheets = _sheets(len(row.brought))
    return page(
        "desk/import_progress.html",
        answer=told,
        told=told,
        row=row,
        state=told.state,
        tally=tally,
        sheets=sheets,
        see=imports.place_of(row),
    )


def _sheets(count: int) -> list[tuple[str, int]]:
    """What to print of so many labels, in as many files as it takes: its words, and how many to pass over."""
    if count <= AT_ONCE:
        return [(_n("Print %(num)d label", "Print %(num)d labels", count), 0)] if count else []
    return [(said(_which(start + 1, min(start + AT_ONCE, count))), start) for start in range(0, count, AT_ONCE)]


def _which(first: int, last: int) -> object:
    if first == last:
        return _("Print label %(number)s", number=last)
    return _("Print labels %(first)s to %(last)s", first=first, last=last)


def _tally(counts: Mapping[str, int]) -> list[tuple[Any, int]]:
    words = (
        ("new", _("New")),
        ("change", _("Changed")),
        ("lent", _("Lent, as in the file")),
        ("same", _("As they were")),
        ("before", _("Taken over before")),
        ("skip", _("Left out")),
        ("fault", _("With a fault, left out")),
    )
    return [(said(word), counts[key]) for key, word in words if counts.get(key)]


@bp.route("/import/<uuid>/drop", methods=["POST"])
@door("equip")
@spoken(takes=DropImport, gives=answers.ImportAnswer)
def drop(uuid: str) -> AnswerType:
    row, form = imports.found(uuid, me(), money=_of_money()), read(DropImport)
    form.insist(tables.drop, row, by=me(), at=now(), again=lambda _act: row)
    return done(answers.table(row), go=url_for(".choose"), say=_("The file is let go. What was taken over stays."))


@bp.route("/import/template.csv", methods=["GET"])
@door("equip")
@spoken(asks=TemplateAsked, media=CSV)
def template_csv() -> AnswerType:
    return _template()


@bp.route("/import/template.xlsx", methods=["GET"])
@door("equip")
@spoken(asks=TemplateAsked, media=XLSX)
def template_xlsx() -> AnswerType:
    return _template()


def _template() -> AnswerType:
    """An empty table of our own, in the reader's language."""
    kind = kinds.of(read_query(TemplateAsked).kind)
    return table_answer(said(_("template")), imports.template(kind), [])


# The pages that tables of money have too.
SHARED = (
    ("/<uuid>", ["GET", "POST"], columns_of),
    ("/<uuid>/check", ["GET"], check),
    ("/<uuid>/lines", ["POST"], decide),
    ("/<uuid>/start", ["POST"], start),
    ("/<uuid>/progress", ["GET"], progress),
    ("/<uuid>/drop", ["POST"], drop),
)
