"""The wings that hold people's rows, in one loop. A new wing joins the list and offers `tell`, `merge`, `erase`."""

from __future__ import annotations

from types import ModuleType

from app.lending import privacy as lending
from app.people import households
from app.people.models import Household

WINGS: tuple[ModuleType, ...] = (lending, households)  # from the top floor down: people's own rows go last


def tell(household: Household) -> dict[str, object]:
    """Everything the house knows of these people, for the copy they are owed (GDPR article 15)."""
    copy: dict[str, object] = {}
    for wing in WINGS:
        copy |= wing.tell(household)
    return copy


def shown(household: Household) -> dict[str, object]:
    """The same for a screen: an address that is not to be shown stands in the archive alone, which an act asks for."""
    copy = tell(household)
    who = copy["household"]
    if isinstance(who, dict) and not who.get("show_address", True):
        copy["household"] = who | {"address": ""}
    return copy
