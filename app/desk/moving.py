"""Movements in words: what may be chosen, what is said once it is done, and how its steps are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.words import _, _n


@dataclass(frozen=True)
class Choice:
    """One movement as it is offered: its word, icon, hint, what the button says, and what is said once done."""

    word: Any
    icon: str
    hint: Any
    button: Any
    said: Any


def and_then(said: Any, broken: int) -> Any:
    """What is said once it is done, and how many reservations need another thing now."""
    if not broken:
        return said
    more = _n("%(num)d reservation needs another thing.", "%(num)d reservations need another thing.", broken)
    return f"{said} {more}"


CHOICES: Mapping[str, Choice] = {
    "bag": Choice(
        _("Into a colleague's bag"), "bag", _("For a round or a visit. It can be lent out of the bag."),
        _("Put it in the bag"), _("%(name)s is in the bag."),
    ),
    "outing": Choice(
        _("On an outing or a workshop"), "outing", _("It travels with the team and comes back that day or later."),
        _("Take it along"), _("%(name)s is on an outing."),
    ),
    "partner": Choice(
        _("To a partner"), "partner", _("A school, a town hall, a library looks after it for a time."),
        _("Entrust it"), _("%(name)s is with the partner."),
    ),
    "repair": Choice(
        _("To be repaired"), "repair", _("Who repairs it, why, and when it should be back."),
        _("Send it to be repaired"), _("%(name)s is in repair."),
    ),
    "back": Choice(
        _("It is back"), "in", _("It stands here again."), _("It is back"), _("%(name)s is back."),
    ),
    "send": Choice(
        _("To another centre"), "transit", _("It is on its way until they accept it."),
        _("Send it"), _("%(name)s is on its way."),
    ),
    "accept": Choice(
        _("It has arrived"), "in", _("From now on this centre answers for it."),
        _("Accept it"), _("%(name)s is here now."),
    ),
    "call_back": Choice(
        _("It comes back here"), "undo", _("It was not accepted, or did not leave."),
        _("Call it back"), _("%(name)s is back here."),
    ),
    "lost": Choice(
        _("It is lost"), "lost", _("Nobody finds it. It can be found again any day."),
        _("Note that it is lost"), _("%(name)s is noted as lost."),
    ),
    "stolen": Choice(
        _("It was stolen"), "warn", _("A list of what to do follows: complaint, SIM card, insurer."),
        _("Note that it was stolen"), _("%(name)s is noted as stolen. Here is what to do next."),
    ),
    "found": Choice(
        _("It was found"), "ok", _("It stands here again, to be checked."),
        _("It was found"), _("%(name)s was found. It waits for its check."),
    ),
    "retire": Choice(
        _("It is not lent any more"), "retired", _("It is kept, for parts or as a proof."),
        _("Take it out of use"), _("%(name)s is kept and not lent any more."),
    ),
    "restore": Choice(
        _("It is used again"), "undo", _("It stands here again, to be checked."),
        _("Use it again"), _("%(name)s is used again. It waits for its check."),
    ),
    "give": Choice(
        _("It is given away"), "gone", _("For good, with a paper that proves it."),
        _("Give it away"), _("%(name)s was given away."),
    ),
    "sell": Choice(
        _("It is sold"), "euro", _("For good, with a paper that proves it."), _("Sell it"), _("%(name)s was sold."),
    ),
    "scrap": Choice(
        _("It is scrapped"), "gone", _("It cannot be mended: why, and the slip of the recycler."),
        _("Scrap it"), _("%(name)s was scrapped."),
    ),
}  # fmt: skip

# How a step that led there is told on the page of the thing, and on the board.
STEPS: Mapping[str, Any] = {
    "bag": _("Into a bag"),
    "bag_back": _("Out of the bag"),
    "outing": _("On an outing"),
    "outing_back": _("Back from an outing, to check"),
    "partner": _("To a partner"),
    "partner_back": _("Back from a partner, to check"),
    "repair": _("To be repaired"),
    "repair_back": _("Back from repair, to check"),
    "send": _("Sent to another centre"),
    "accept": _("Arrived, to check"),
    "accept_ready": _("Arrived"),
    "call_back": _("Called back, to check"),
    "let_go": _("Noted as lost"),
    "lost": _("Noted as lost"),
    "stolen": _("Noted as stolen"),
    "found": _("Found, to check"),
    "retire": _("Not lent any more"),
    "restore": _("Used again, to check"),
    "scrap": _("Scrapped"),
    "give": _("Given away"),
    "sell": _("Sold"),
}
