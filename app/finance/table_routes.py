"""Budget lines and invoices to take along, in the columns by which they come back."""

from __future__ import annotations

from flask import Blueprint

from app.finance import budget, budget_lines, invoices_there, purse, spent
from app.finance.spending_forms import ExpenseList
from app.people.doors import door, me
from app.web import AnswerType, read_query, spoken
from app.web.tables import CSV, XLSX, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint("money_tables", __name__)


def _lines(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    return table_answer(said(_("lines")), budget_lines.head(), [budget_lines.cells(one) for one in budget.of(row)])


def _invoices(operation: str = "") -> AnswerType:
    row = purse.operation(operation, me()) if operation else None
    query = spent.listed(row, read_query(ExpenseList), me())
    return table_answer(said(_("invoices")), invoices_there.head(), invoices_there.table(query))


@bp.route("/finance/operations/<operation>/lines.csv", methods=["GET"])
@door("money")
@spoken(media=CSV)
def lines_csv(operation: str) -> AnswerType:
    return _lines(operation)


@bp.route("/finance/operations/<operation>/lines.xlsx", methods=["GET"])
@door("money")
@spoken(media=XLSX)
def lines_xlsx(operation: str) -> AnswerType:
    return _lines(operation)


@bp.route("/finance/invoices.csv", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, media=CSV)
def invoices_csv() -> AnswerType:
    return _invoices()


@bp.route("/finance/invoices.xlsx", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, media=XLSX)
def invoices_xlsx() -> AnswerType:
    return _invoices()


@bp.route("/finance/operations/<operation>/invoices.csv", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, media=CSV)
def invoices_of_operation_csv(operation: str) -> AnswerType:
    return _invoices(operation)


@bp.route("/finance/operations/<operation>/invoices.xlsx", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, media=XLSX)
def invoices_of_operation_xlsx(operation: str) -> AnswerType:
    return _invoices(operation)
