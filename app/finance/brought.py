"""Tables of money that are brought: whose they are, and who sees them. Centres have tables of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from app.errors import NotThere, Refused
from app.finance import purse
from app.finance.budget_lines import BUDGET_LINES
from app.finance.forms import NewMoneyImport
from app.finance.invoice_lines import INVOICES
from app.finance.models import Operation
from app.imports import tables
from app.imports.models import TableImport
from app.imports.tables import Owner, Sent
from app.people.roles import Me, is_coordinator
from app.words import _

KINDS = (INVOICES, BUDGET_LINES)


def seen_by(me: Me) -> Select[TableImport]:
    """Those that somebody brought themselves; a coordinator, who keeps all money, those of everybody."""
    query = select(TableImport).where(TableImport.centre_id.is_(None))
    return query if is_coordinator(me) else query.where(TableImport.made_by == me.id)


def get(uuid: str, me: Me) -> TableImport:
    found = tables.only(uuid, seen_by(me))
    if found is None:
        raise NotThere(_("There is no such import."))
    return found


def begin(sent: Sent, wish: NewMoneyImport, *, by: Me, at: datetime) -> TableImport:
    return tables.keep(sent, wish, owner(wish, by), by=by, at=at)


def owner(wish: NewMoneyImport, by: Me) -> Owner:
    """Into which operation it goes, and whose money it is. Raises `Refused` beside what is wrong."""
    tables.check_may(wish.kind, by)
    row = _operation(wish.operation, by)
    if wish.kind == "invoices":
        payer = purse.payer(wish.organisation, by)
        return Owner(row.number if row else "", organisation_id=payer, operation=row.number if row else "")
    if row is None:
        words = _("Say into which operation these lines go.")
        raise Refused("invalid", words, status=422, fields={"operation": words})
    purse.check_leads(row, by)
    return Owner(row.number, organisation_id=row.lead_id, operation=row.number)


def _operation(number: str | None, by: Me) -> Operation | None:
    try:
        return purse.operation(number, by) if number else None
    except NotThere as no:
        raise Refused("invalid", no.words, status=422, fields={"operation": no.words}) from no
