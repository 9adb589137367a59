"""What stands before a thing goes away: holds, data not wiped, and things that must be kept because of who paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from app.db import session
from app.errors import Refused
from app.inventory import care
from app.inventory.care_forms import Move
from app.inventory.models import DISPOSAL, Check, CustodyLink, Device, Hold
from app.inventory.wipes import WipeRecord
from app.people.roles import Me, is_coordinator
from app.times import day_of
from app.web.looks import plain_date
from app.words import Sentence, _

LEAVES = frozenset({"bag", "outing", "partner", "send", "give", "sell"})
DISPOSES = frozenset({"give", "sell", "scrap"})  # it ends being ours: what who paid for it leaves to the coordinator
OUTSIDE = frozenset({"repair", "partner", "give", "sell", "scrap"})  # strangers could read what is still on it


def check(device: Device, wish: Move, *, by: Me, at: datetime) -> None:
    """Raises `Refused` with what to do first."""
    _check_holds(device, wish, by, at)
    if wish.what in OUTSIDE and not wish.unwiped and not is_clean(device):
        words = _("%(name)s was lent and not wiped since. Wipe it first, or write why not.", name=device.name)
        raise Refused("wipe_first", words, fields={"unwiped": words})


def _check_holds(device: Device, wish: Move, by: Me, at: datetime) -> None:
    day = day_of(at)
    stays = care.holds_on(device, day) if wish.what in LEAVES else []
    if stays:
        words = _("%(name)s stays here: %(reason)s", name=device.name, reason=stays[0].reason)
        raise Refused("not_available", words)
    paid = kept(device, day) if wish.what in DISPOSES and not is_coordinator(by) else []
    if paid:
        raise Refused("coordinator_needed", _("%(why)s The coordinator alone may decide otherwise.", why=why(paid[0])))


def kept(device: Device, day: date) -> Sequence[Hold]:
    """The operations for which it must be kept on that day, the longest first."""
    return care.of_operations(device, DISPOSAL, day)


def why(hold: Hold) -> Sentence:
    """Which operation paid for it, and until when it must be kept (durability)."""
    if hold.until is None:
        return _("Operation %(number)s paid for it: it is kept until a day that is not known yet.", number=hold.reason)
    day = plain_date(hold.until)
    return _("Operation %(number)s paid for it: it is kept until %(day)s.", number=hold.reason, day=day)


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
