"""Lists to take along, as they are filtered: CSV and Excel; and the whole register of things as one archive."""

from __future__ import annotations

from flask import Blueprint

from app.desk import exports
from app.inventory import devices, lists
from app.inventory.forms import DeviceList, Register
from app.lending import loans
from app.lending.forms import LoanList
from app.people import households
from app.people.doors import door, me, settings
from app.people.forms import HouseholdList
from app.times import today
from app.web import AnswerType, read_query, spoken
from app.web.tables import CSV, XLSX, archive_answer, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint("exports", __name__)


def _things() -> AnswerType:
    query = lists.listed(read_query(DeviceList), me(), today())
    return table_answer(said(_("things")), exports.things_head(), exports.things_rows(query))


def _homes() -> AnswerType:
    query = households.search(read_query(HouseholdList).q, me())
    return table_answer(said(_("households")), exports.homes_head(), exports.homes_rows(query))


def _loans() -> AnswerType:
    query = loans.listed(read_query(LoanList), me(), today())
    return table_answer(said(_("loans")), exports.loans_head(), exports.loans_rows(query))


@bp.route("/devices.csv", methods=["GET"])
@door("things")
@spoken(asks=DeviceList, media=CSV)
def things_csv() -> AnswerType:
    return _things()


@bp.route("/devices.xlsx", methods=["GET"])
@door("things")
@spoken(asks=DeviceList, media=XLSX)
def things_xlsx() -> AnswerType:
    return _things()


@bp.route("/households.csv", methods=["GET"])
@door("households")
@spoken(asks=HouseholdList, media=CSV)
def homes_csv() -> AnswerType:
    return _homes()


@bp.route("/households.xlsx", methods=["GET"])
@door("households")
@spoken(asks=HouseholdList, media=XLSX)
def homes_xlsx() -> AnswerType:
    return _homes()


@bp.route("/loans.csv", methods=["GET"])
@door("households")
@spoken(asks=LoanList, media=CSV)
def loans_csv() -> AnswerType:
    return _loans()


@bp.route("/loans.xlsx", methods=["GET"])
@door("households")
@spoken(asks=LoanList, media=XLSX)
def loans_xlsx() -> AnswerType:
    return _loans()


@bp.route("/register.zip", methods=["GET"])
@door("things")
@spoken(asks=Register, media="application/zip")
def register() -> AnswerType:
    """Every thing and model there is, and who has what in one's own centre: it imports back to the same register."""
    hung = exports.hung(settings().instance) if read_query(Register).files else ()
    return archive_answer(said(_("register")), exports.register(devices.seen_by(me()), me(), hung))
