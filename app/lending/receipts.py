"""A receipt for what came back: which things, how they looked, what is missing. It names nobody but the house."""

from __future__ import annotations

from babel.dates import format_date, format_time

from app.lending import condition
from app.lending.models import HandOver, HandOverItem
from app.times import HOME, day_of
from app.web.looks import spoken_day
from labels import codes

VERSION = "receipt-2"  # the second tells points, and what was missing before
_CONDITIONS = {"good": "bon état", "worn": "usé", "damaged": "abîmé", "incomplete": "incomplet"}


def words_of(event: HandOver) -> str:
    """In French, as all papers of the house."""
    centre = event.centre
    day = spoken_day(format_date(day_of(event.at), "EEEE d MMMM y", locale="fr"), "fr")
    hour = format_time(event.at.astimezone(HOME), "H' h 'mm", locale="fr")
    before = condition.of_lines([item.line for item in event.items], "out")
    things = "\n".join(_thing(item, before.get(item.line_id)) for item in event.items)
    return (
        f"REÇU DE RETOUR DE MATÉRIEL\nn° {event.uuid.hex[:8].upper()}\n\n"
        f"{centre.organisation.name}, {centre.name}, tél. {centre.phone or centre.organisation.phone or '—'}\n\n"
        f"L’essentiel\n– Le matériel ci-dessous est rendu le {day} à {hour}.\n"
        "– L’usure normale n’est jamais à votre charge.\n– Au retour, on efface tout.\n\n"
        f"Le matériel rendu\n{things}\n\n"
        "Ce reçu dit ce que nous avons regardé ensemble. Si vous n’êtes pas d’accord, dites-le avant de signer : "
        "nous corrigeons."
    )


def _thing(item: HandOverItem, before: condition.Seen | None) -> str:
    """What was so when it left is told as such: nobody answers for it."""
    device = item.line.device
    said = [f"{device.name}, {codes.grouped(device.code)}", _CONDITIONS[item.condition]]
    missing, points = (before.item.missing, before.item.points or []) if before else ([], [])
    for words, was in (("", False), ("déjà au départ", True)):
        lead = f"{words}, " if words else ""
        if parts := [part for part in item.missing if (part in missing) == was]:
            said.append(f"{lead}manque : " + ", ".join(parts))
        if seen := [condition.fault_of(one) for one in item.points or () if (one in points) == was]:
            said.append(lead + condition.in_french(seen))
    return "– " + " ; ".join(said)
