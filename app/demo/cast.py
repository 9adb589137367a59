"""Who and what the demo world holds. Organisations and centres are real (domain.md 0, 9.3), everybody else is not."""

from __future__ import annotations

from typing import Any

PASSWORD = "bassin minier 2026"  # noqa: S105 - printed for everybody
PIN = "2026"
DESK, OUTREACH, MANAGER = "accueil@example.org", "mediation@example.org", "direction@example.org"
ELSEWHERE = "accueil.mqcv@example.org"

ORGANISATIONS: dict[str, dict[str, Any]] = {
    "ACSRV": {
        "name": "Association des Centres Sociaux et socioculturels de la Région de Valenciennes",
        "kind": "lead",
        "phone": "01 99 00 10 00",
    },
    "ACSM": {"name": "Association des Centres Sociaux de Mazingarbe", "phone": "01 99 00 20 00"},
    "MQCV": {"name": "Maison de Quartier Centre Ville de Valenciennes", "phone": "01 99 00 30 00"},
    "AMQR": {"name": "Association des Maisons de Quartier de Raismes", "phone": "01 99 00 40 00"},
    "FCS 59/62": {
        "name": "Fédération des centres sociaux du Nord et du Pas-de-Calais",
        "kind": "federation",
        "phone": "01 99 00 62 70",
    },
}
CENTRES = (
    ("Cité des Brebis", "ACSM", "Mazingarbe", "01 99 00 20 01"),
    ("Maison des 3 Cités", "ACSM", "Mazingarbe", "01 99 00 20 02"),
    ("Maison de Quartier Centre Ville", "MQCV", "Valenciennes", "01 99 00 30 01"),
    ("AMQR Raismes", "AMQR", "Raismes", "01 99 00 40 01"),
    ("EVS Escaudain", "ACSRV", "Escaudain", "01 99 00 10 02"),
    ("EVS Lourches", "ACSRV", "Lourches", "01 99 00 10 03"),
)
STAFF = (
    (DESK, "Nadia Lefebvre", "front_desk", ("Cité des Brebis",), "accueil, Cité des Brebis"),
    (OUTREACH, "Inès Duquesne", "outreach", ("Cité des Brebis",), "médiation, Cité des Brebis"),
    (
        MANAGER, "Karim Bensaïd", "manager", ("Cité des Brebis", "Maison des 3 Cités"),
        "direction, Cité des Brebis et Maison des 3 Cités",
    ),
    ("finance@example.org", "Hélène Carpentier", "finance", ("ACSRV",), "finance, ACSRV"),
    ("coordination@example.org", "Thomas Wojcik", "coordinator", ("ACSRV",), "coordination, ACSRV"),
    ("auditeur@example.org", "Claire Morel", "auditor", ("ACSRV",), "contrôle, lecture seule"),
    ("admin@example.org", "Sacha Admin", "administrator", ("",), "administration"),
    (
        ELSEWHERE, "Lucas Petit", "front_desk", ("Maison de Quartier Centre Ville",),
        "accueil, Maison de Quartier Centre Ville",
    ),
)  # fmt: skip
# Maker, model, kind, parts, short name, stated value in cents, start of the serials, how many (prices: domain.md 9.4).
MODELS = (
    ("Lenovo", "ThinkPad L14 Gen 1", "laptop", "chargeur, housse, souris", "ThinkPad L14", 82680, "PF2XDEM", 14),
    ("HP", "ProBook 450 G7", "laptop", "chargeur, housse", "ProBook 450 G7", 73500, "5CD0371D", 8),
    ("Samsung", "Galaxy Tab A7 10.4", "tablet", "chargeur, coque", "Galaxy Tab A7", 22900, "R52R00DE", 16),
    ("Apple", "iPad 8e génération", "tablet", "chargeur", "iPad 8e gén.", 38900, "DMPDEM0X", 4),
    ("TP-Link", "M7200 4G", "router", "câble", "Clé 4G M7200", 5900, "2210DEM0", 4),
    ("Prusa", "i3 MK3S+", "printer3d", "bobine, spatule", "Prusa MK3S+", 99900, "CZPX0420X004X", 2),
)
OWN_THINGS = {DESK: ("ACSM", 1.0), ELSEWHERE: ("MQCV", 0.5)}
OFFSET = {DESK: 0, ELSEWHERE: 500}
LATE_BY = (12, 8, 6, 0, 0, 0, -3, -9, -14, -20, -26, -33)  # days; none is due today, less than none is ahead

HOUSEHOLDS = {
    DESK: (
        ("Nadège Pruvost-Test", "06 39 98 01 01", "fr"),
        ("Didier Lemaire-Test", "06 39 98 01 02", "fr"),
        ("Sabrina Ould-Test", "sabrina.ould@example.org", "fr"),
        ("Mireille Caron-Test", "06 39 98 01 04", "fr"),
        ("Hassan Amrani-Test", "06 39 98 01 42", "ar"),
        ("Odile Marquette-Test", "01 99 00 55 01", "fr"),
        ("Yassine Belhadi-Test", "06 39 98 01 07", "ar"),
        ("Lucie Vanhoutte-Test", "lucie.vanhoutte@example.org", "fr"),
        ("Stanisław Nowak-Test", "", "pl"),
        ("Aylin Demir-Test", "06 39 98 01 10", "tr"),
        ("Jeanine Wattelet-Test", "06 39 98 01 11", "fr"),
        ("Stéphane Bury-Test", "", "fr"),
    ),
    ELSEWHERE: (
        ("Fatima Zerrouki-Test", "06 39 98 02 01", "fr"),
        ("Bernard Quévy-Test", "06 39 98 02 02", "fr"),
        ("Olena Kovalenko-Test", "olena.kovalenko@example.org", "uk"),
        ("Marie-Thérèse Blond-Test", "01 99 00 56 02", "fr"),
    ),
}
