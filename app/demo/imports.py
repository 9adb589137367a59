"""A centre's own table on its way into the register, waiting to be looked at: a fault to mend, a double, a loan."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.demo.cast import BREBIS
from app.demo.house import House, Plan, do, number
from app.desk import imports
from app.imports import tables
from app.imports.forms import NewImport
from app.people.doors import settings

NAME = "Inventaire atelier numérique.csv"
LINES = (
    "Inventaire de l’atelier numérique;;;;;;;;;",
    "",
    "MATERIEL;MARQUE;MODELE;TYPE;NUM SERIE;EMPRUNTEUR;TEL;DEPUIS;JUSQU'AU;ETAT",
    "Portable atelier 1;Lenovo;ThinkPad L14 Gen 1;Portable;PF2ATEL1;;;;;Bon",
    "Portable atelier 2;Lenovo;ThinkPad L14 Gen 1;Portable;PF2ATEL2;Rosa Manier-Test;{phone};{since};{until};Prêté",
    "Portable atelier 3;Lenovo;ThinkPad L14 Gen 1;Portable;PF2ATEL3;;;;;En panne",
    "Tablette atelier;Samsung;Galaxy Tab A7 10.4;Tablette;R52ATEL1;Rosa Manier-Test;{phone};la semaine passée;;Prêté",
    "Vidéoprojecteur;Epson;EB-W06;Vidéo;X8ATEL1;;;;;Bon",
    "Portable atelier 1 (copie);Lenovo;ThinkPad L14 Gen 1;Portable;PF2ATEL1;;;;;Bon",
)


def waiting(house: House) -> Plan:
    """Brought yesterday by the desk of Brebis, not gone on with so far."""
    at = house.moment(1)
    yield at, partial(_bring, house, at=at)


def _bring(house: House, *, at: datetime) -> None:
    since, until = house.today - timedelta(days=20), house.today + timedelta(days=71)
    said = {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}", "phone": "06 39 98 12 61"}
    content = "\n".join(LINES).format(**said).encode("cp1252")
    sent = imports.sent(content, NAME, "register", settings().instance, at=at)
    do(tables.begin, NewImport(id=number("import"), kind="register"), sent, by=house.desk(BREBIS), at=at)
