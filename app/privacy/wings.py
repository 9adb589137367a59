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
