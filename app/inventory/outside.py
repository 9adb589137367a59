"""What stands before a thing goes away: holds, data not wiped, and things that must be kept because of who paid."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.db import session
from app.errors import Refused
from app.inventory import care
from app.inventory.care_forms import Move
from app.inventory.models import Check, CustodyLink, Device
from app.inventory.wipes import WipeRecord
from app.people.roles import Me, is_coordinator
from app.times import day_of
from app.words import _

LEAVES = frozenset({"bag", "outing", "partner", "send", "give", "sell"})
KEPT = frozenset({"partner", "give", "sell"})  # what a durability hold leaves to the coordinator
OUTSIDE = frozenset({"repair", "partner", "give", "sell", "scrap"})  # strangers could read what is still on it


def check(device: Device, wish: Move, *, by: Me, at: datetime) -> None:
    """Raises `Refused` with what to do first."""
    _check_holds(device, wish, by, at)
    if wish.what in OUTSIDE and not wish.unwiped and not is_clean(device):
        words = _("%(name)s was lent and not wiped since. Wipe it first, or write why not.", name=device.name)
        raise Refused("wipe_first", words, fields={"unwiped": words})


def _check_holds(device: Device, wish: Move, by: Me, at: datetime) -> None:
    for hold in care.holds_on(device, day_of(at)):
        if hold.kind != "durability" and wish.what in LEAVES:
            words = _("%(name)s stays here: %(reason)s", name=device.name, reason=hold.reason)
            raise Refused("not_available", words)
        if hold.kind == "durability" and wish.what in KEPT and not is_coordinator(by):
            words = _(
                "%(name)s was paid with European money and must be kept for now. Ask the coordinator.", name=device.name
            )
            raise Refused("coordinator_needed", words)


def is_clean(device: Device) -> bool:
    """Whether nobody's data can be read on it: it was not lent since it was last wiped, or keeps none."""
    if device.model.category.gate != "wipe":
        return True
    out = select(func.max(CustodyLink.act_id)).where(
        CustodyLink.device_id == device.id, CustodyLink.state.in_(("on_loan", "with_partner"))
    )
    lent = session().scalar(out)
    if lent is None:
        return True
    unverified = (
        select(WipeRecord.id).where(WipeRecord.act_id == Check.act_id, WipeRecord.verified_by.is_(None)).exists()
    )
    wiped = select(Check.id).where(Check.device_id == device.id, Check.kind == "wipe", Check.method != "")
    return session().scalar(wiped.where(Check.act_id > lent, ~unverified).limit(1)) is not None
