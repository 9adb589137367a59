"""Whose money somebody sees and spends: their organisation's; the lead's of its whole operation; an auditor's one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true

from app.db import session
from app.errors import NotThere, Refused
from app.finance.models import Operation, OperationPartner
from app.people.models import Organisation
from app.people.roles import Me, is_coordinator
from app.words import _


def own(me: Me) -> frozenset[int]:
    """The organisations whose money this person keeps."""
    return frozenset(role.organisation_id for role in me.held if role.kind == "finance" and role.organisation_id)


def _audited(me: Me) -> frozenset[str]:
    return frozenset(role.operation for role in me.held if role.kind == "auditor" and role.operation)


def operations(me: Me) -> Select[Operation]:
    """Those this person may see: led or joined by their organisation, audited by them, or all of them."""
    query = select(Operation)
    if is_coordinator(me):
        return query
    joined = select(OperationPartner.operation_id).where(OperationPartner.organisation_id.in_(own(me)))
    mine = or_(Operation.lead_id.in_(own(me)), Operation.id.in_(joined), Operation.number.in_(_audited(me)))
    return query.where(mine)


def operation(number: str, me: Me) -> Operation:
    found = session().scalars(operations(me).where(Operation.number == number)).first()
    if found is None:
        raise NotThere(_("There is no such operation."))
    return found


def sees_all(row: Operation, me: Me) -> bool:
    """Whether every partner's money in it is theirs to see."""
    return is_coordinator(me) or row.lead_id in own(me) or row.number in _audited(me)


def mine_in(row: Operation, column: Any, me: Me) -> ColumnElement[bool]:
    """The condition that what an organisation (`column`) spent in this operation is this person's to see."""
    return true() if sees_all(row, me) else column.in_(own(me))


def payers(me: Me) -> Sequence[Organisation]:
    """For whom this person writes down what was spent."""
    query = select(Organisation).order_by(Organisation.short_name)
    return session().scalars(query if is_coordinator(me) else query.where(Organisation.id.in_(own(me)))).all()


def everybody() -> Sequence[Organisation]:
    return session().scalars(select(Organisation).order_by(Organisation.short_name)).all()


def named(some: Sequence[Organisation]) -> list[tuple[int, str]]:
    """As a form offers them."""
    return [(one.id, one.short_name) for one in some]


def payer(number: int | None, me: Me) -> int:
    """The organisation named, or the only one whose money this person keeps. Raises `Refused` (422) else."""
    mine = payers(me)
    found = number or (mine[0].id if len(mine) == 1 else None)
    if found is None or found not in {one.id for one in mine}:
        words = _("Say which organisation paid.")
        raise Refused("invalid", words, status=422, fields={"organisation": words})
    return found


def leads(row: Operation, me: Me) -> bool:
    return is_coordinator(me) or row.lead_id in own(me)


def check_leads(row: Operation, me: Me) -> None:
    """The plan of an operation is its lead's to change."""
    if not leads(row, me):
        words = _("The plan of this operation is kept by %(lead)s.", lead=row.lead.short_name)
        raise Refused("forbidden", words, status=403)


def spends(organisation_id: int, me: Me) -> bool:
    return is_coordinator(me) or organisation_id in own(me)


def check_spends(organisation_id: int, me: Me, field: str = "organisation") -> None:
    """Expenses are written down by whoever keeps the money of their organisation."""
    if not spends(organisation_id, me):
        words = _("The money of this organisation is not yours to keep.")
        raise Refused("forbidden", words, status=403, fields={field: words})
