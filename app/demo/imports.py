"""Tables on their way in, to be looked at: a centre's own, with a fault, a double, a loan; and one of invoices."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.demo import money
from app.demo.cast import BREBIS
from app.demo.house import House, Plan, do, number
from app.desk import imports
from app.finance import brought
from app.finance.forms import NewMoneyImport
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


BILLS = "Factures fin 2021.csv"
# One that is there as it was, one of two lines that is new, one whose sums do not add up, one that says otherwise.
BILL_LINES = (
    "Fournisseur;N° facture;Date;Désignation;Qté;HT;TVA;TTC;Ligne;Opération;Payée le",
    "Imprimerie du Terril (fictif);F-211122;22/11/2021;Livret final;1;1 380,00;276,00;1 656,00;L6;NP0022605;22/12/2021",
    "Papeterie des Corons (fictif);PC-88;02/12/2021;Classeurs;40;96,00 €;19,20 €;115,20 €;L8;NP0022605;",
    "Papeterie des Corons (fictif);PC-88;02/12/2021;Étiquettes;12;30,00 €;6,00 €;36,00 €;L8;NP0022605;",
    "Louvoyage (fictif);F-211210;10/12/2021;Location du minibus;1;550,00 €;110,00 €;650,00 €;L8;NP0022605;",
    "Rail et Route (fictif);F-211220;20/12/2021;Déplacements 2021;1;8 753,26 €;0;8 753,26 €;L5;NP0022605;",
)


def waiting(house: House) -> Plan:
    """Brought yesterday by the desk of Brebis and by finance, not gone on with so far."""
    at = house.moment(1)
    yield at, partial(_bring, house, at=at)
    later = at + timedelta(minutes=10)
    yield later, partial(_bring_bills, house, at=later)


def _bring(house: House, *, at: datetime) -> None:
    since, until = house.today - timedelta(days=20), house.today + timedelta(days=71)
    said = {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}", "phone": "06 39 98 12 61"}
    content = "\n".join(LINES).format(**said).encode("cp1252")
    sent = imports.sent(content, NAME, "register", settings().instance, at=at)
    do(tables.begin, NewImport(id=number("import"), kind="register"), sent, by=house.desk(BREBIS), at=at)


def _bring_bills(house: House, *, at: datetime) -> None:
    sent = imports.sent("\n".join(BILL_LINES).encode(), BILLS, "invoices", settings().instance, at=at)
    wish = NewMoneyImport(id=number("import", "bills"), kind="invoices", organisation=money.organisation("ACSRV"))
    do(brought.begin, wish, sent, by=money.finance(house), at=at)
