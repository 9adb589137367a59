"""The register of the things of an operation, to take along: Excel, CSV, paper."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint

from app.finance import assets, purse, register, register_pdf
from app.finance.models import Operation
from app.finance.register import Entry
from app.finance.spending_forms import AssetList
from app.people.doors import door, me
from app.times import today
from app.web import AnswerType, file_answer, read_query, spoken
from app.web.looks import plain_date
from app.web.tables import CSV, XLSX, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint("register", __name__)


def _entries(number: str) -> tuple[Operation, Iterator[Entry]]:
    row = purse.operation(number, me())
    return row, register.entries(row, assets.listed(row, me(), read_query(AssetList)), today())


def _table(operation: str) -> AnswerType:
    _row, found = _entries(operation)
    return table_answer(said(_("register")), register.head(), register.table(found))


@bp.route("/finance/operations/<operation>/register.xlsx", methods=["GET"])
@door("money")
@spoken(asks=AssetList, media=XLSX)
def xlsx(operation: str) -> AnswerType:
    return _table(operation)


@bp.route("/finance/operations/<operation>/register.csv", methods=["GET"])
@door("money")
@spoken(asks=AssetList, media=CSV)
def csv(operation: str) -> AnswerType:
    return _table(operation)


@bp.route("/finance/operations/<operation>/register.pdf", methods=["GET"])
@door("money")
@spoken(asks=AssetList, media="application/pdf")
def pdf(operation: str) -> AnswerType:
    row, found = _entries(operation)
    content = register_pdf.of(row, found, plain_date(today()))
    return file_answer(content, "application/pdf", f"registre-{row.number}.pdf", inline=True)
