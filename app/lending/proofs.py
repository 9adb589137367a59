"""The pages that were signed with a page of proof behind them, drawn when asked for. In French, as all papers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from reportlab.platypus import Flowable, Spacer

from app.db import session
from app.history import Seal
from app.lending import pages
from app.lending.signature_models import Signature
from app.people.models import Person
from app.times import HOME, day_of

CAPACITIES: Mapping[str, str] = {
    "borrower": "emprunteur·se",
    "co_borrower": "co-emprunteur·se",
    "guardian": "représentant·e légal·e d’un enfant",
    "other": "une autre personne, présente à la remise",
}
_KNOWN = {"team": "connu·e de l’équipe", "document": "pièce d’identité vue", "referent": "par son ou sa référent·e"}
_COPIES = {"paper": "sur papier", "mail": "par courriel", "none": "non souhaité"}
_WAYS = {
    "paper": "à la main, sur une fiche numérotée",
    "drawn": "dessinée à l’écran",
    "typed": "nom tapé et case cochée",
}


def pdf(words: str, rows: Sequence[Signature]) -> bytes:
    """The same text, then who signed it, when, before whom, and the hashes."""
    return pages.pdf(words, then=[*_page(rows)])


def _page(rows: Sequence[Signature]) -> Iterator[Flowable]:
    yield pages.heading("Preuve de signature", size=15)
    yield pages.line(
        "Ces lignes disent qui a signé, quand et devant qui. Les empreintes (SHA-256) permettent de vérifier que "
        "rien n’a changé : toute modification du document donne une autre empreinte."
    )
    for number, row in enumerate(rows, 1):
        yield Spacer(1, 4)
        yield pages.heading(f"Signature {number}")
        yield from _signature(row)


def _signature(row: Signature) -> Iterator[Flowable]:
    sealed, witness = session().get_one(Seal, row.seal_id), session().get_one(Person, row.staff)
    yield pages.fact("Nom", row.name or "effacé")
    yield pages.fact("En qualité de", CAPACITIES[row.capacity])
    yield pages.fact("Signature", _WAYS[row.way])
    if row.paper.form:
        yield pages.fact("Fiche n°", str(row.paper.form.number))
    if row.mark:
        yield pages.mark(row.mark)
    yield pages.fact("Reçue le", _moment(row.at))
    if row.device_at:
        yield pages.fact("Heure de l’appareil", _moment(row.device_at))
    yield pages.fact("Témoin", witness.name)
    yield pages.fact("Identité", _KNOWN[row.known])
    yield pages.fact("Exemplaire remis", _COPIES[row.copy_given])
    yield pages.fact("Version du texte", row.paper.version)
    yield pages.fact("Empreinte du document signé", row.paper.file.sha256)
    for name, digest in json.loads(sealed.parts).items():
        yield pages.fact(f"Empreinte « {name} »", digest)
    yield pages.fact("Sceau", sealed.digest)


def _moment(at: datetime) -> str:
    here = at.astimezone(HOME)
    return f"{day_of(at):%d/%m/%Y} à {here:%H:%M:%S} ({here:%z})"
