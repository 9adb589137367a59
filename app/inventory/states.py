"""The states of a thing, each with its word, icon and role of colour (look.md 4); and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.words import _


@dataclass(frozen=True)
class State:
    """`role` is one of free, out, wait, alarm, gone."""

    word: Any
    icon: str
    role: str


LOOKS: Mapping[str, State] = {
    "available": State(_("Free"), "ok", "free"),
    "on_loan": State(_("On loan"), "out", "out"),
    "with_staff": State(_("In a bag"), "bag", "out"),
    "with_partner": State(_("With a partner"), "partner", "out"),
    "on_outing": State(_("On an outing"), "outing", "out"),
    "in_transit": State(_("On its way"), "transit", "out"),
    "to_check": State(_("To check"), "tocheck", "wait"),
    "in_repair": State(_("In repair"), "repair", "wait"),
    "lost": State(_("Lost"), "lost", "alarm"),
    "stolen": State(_("Stolen"), "warn", "alarm"),
    "retired": State(_("Retired"), "retired", "gone"),
    "gone": State(_("Gone"), "gone", "gone"),
}
LATE = State(_("Late"), "late", "alarm")
HELD = State(_("Stays here"), "warn", "alarm")  # free but for a hold
STATES = tuple(LOOKS)
PLACES = ("centre", "household", "staff", "partner", "repair", "outing", "transit", "unknown", "nowhere")

# Where a thing is, by its state: one place a state, so that a list can say it without looking further.
PLACE_OF: Mapping[str, str] = {
    "available": "centre",
    "to_check": "centre",
    "on_loan": "household",
    "with_staff": "staff",
    "with_partner": "partner",
    "on_outing": "outing",
    "in_transit": "transit",
    "in_repair": "repair",
    "lost": "unknown",
    "stolen": "unknown",
    "retired": "centre",
    "gone": "nowhere",
}

# What may become of anything that stands in a store.
_OUT_OF_USE = frozenset({"in_repair", "in_transit", "lost", "stolen", "retired", "gone"})

# Places that say whose: a colleague, a partner, the centre it is on its way to. `place_id` of the link is their number.
WITH = ("staff", "partner", "transit")

# How a thing comes into the register, by the kind of the act: its first state, and why.
ENTRIES: Mapping[str, tuple[str, str]] = {
    "device_new": ("available", "new"),
    "device_brought": ("to_check", "brought"),
    "device_received": ("to_check", "delivered"),
}

# The small fixed table of steps. An undo is a step back and is not listed: it follows the link it undoes.
NEXT: Mapping[str, frozenset[str]] = {
    "": frozenset({"available", "to_check"}),
    "available": frozenset({"on_loan", "to_check", "with_staff", "on_outing", "with_partner"}) | _OUT_OF_USE,
    "on_loan": frozenset({"on_loan", "to_check", "lost", "stolen"}),  # an extension is a step too: its day moves
    "to_check": frozenset({"available"}) | _OUT_OF_USE,
    "with_staff": frozenset({"on_loan", "available", "lost", "stolen"}),  # lent on a doorstep, out of the bag
    "on_outing": frozenset({"to_check", "lost", "stolen"}),
    "with_partner": frozenset({"to_check", "lost", "stolen"}),
    "in_repair": frozenset({"to_check", "lost", "stolen", "gone"}),
    "in_transit": frozenset({"available", "to_check", "lost", "stolen"}),
    "lost": frozenset({"to_check", "stolen"}),
    "stolen": frozenset({"to_check"}),
    "retired": frozenset({"to_check", "gone"}),
}
