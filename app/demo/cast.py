"""Who works in the demo world, and where. Organisations and centres are real (domain.md 0, 9.3), people are not."""

from __future__ import annotations

from typing import Any

PASSWORD = "bassin minier 2026"  # noqa: S105 - printed for everybody
PIN = "2026"
DESK, OUTREACH, MANAGER = "accueil@example.org", "mediation@example.org", "direction@example.org"
COORDINATION, FINANCE, ADMIN = "coordination@example.org", "finance@example.org", "admin@example.org"
ELSEWHERE = "accueil.mqcv@example.org"
BREBIS, CITES, MQCV, RAISMES = (
    "Cité des Brebis",
    "Maison des 3 Cités",
    "Maison de Quartier Centre Ville",
    "AMQR Raismes",
)
ESCAUDAIN, LOURCHES, WALLERS, ESCAUTPONT = "EVS Escaudain", "EVS Lourches", "EVS Wallers", "EVS Escautpont"
SEAT = "ACSRV, siège"
UNNAMED = tuple(f"Centre ACSRV n° {n} (à nommer)" for n in range(1, 9))

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
    (BREBIS, "ACSM", "Mazingarbe", "01 99 00 20 01"),
    (CITES, "ACSM", "Mazingarbe", "01 99 00 20 02"),
    (MQCV, "MQCV", "Valenciennes", "01 99 00 30 01"),
    (RAISMES, "AMQR", "Raismes", "01 99 00 40 01"),
    (ESCAUDAIN, "ACSRV", "Escaudain", "01 99 00 10 02"),
    (LOURCHES, "ACSRV", "Lourches", "01 99 00 10 03"),
    (SEAT, "ACSRV", "Valenciennes", "01 99 00 10 01"),
    (WALLERS, "ACSRV", "Wallers", "01 99 00 10 04"),
    (ESCAUTPONT, "ACSRV", "Escautpont", "01 99 00 10 05"),
    ("FCS 59/62, Lille", "FCS 59/62", "Lille", "01 99 00 62 71"),
    *((name, "ACSRV", "", f"01 99 00 11 {n:02}") for n, name in enumerate(UNNAMED, 1)),
)
AUDITED, AUDIT = "NP0022605", 30  # the operation that an auditor looks at, and for how many days
STAFF = (
    (DESK, "Nadia Lefebvre", "front_desk", ("Cité des Brebis",), "accueil, Cité des Brebis"),
    (OUTREACH, "Inès Duquesne", "outreach", ("Cité des Brebis",), "médiation, Cité des Brebis"),
    (
        MANAGER, "Karim Bensaïd", "manager", ("Cité des Brebis", "Maison des 3 Cités"),
        "direction, Cité des Brebis et Maison des 3 Cités",
    ),
    (FINANCE, "Hélène Carpentier", "finance", ("ACSRV",), "finance, ACSRV"),
    ("coordination@example.org", "Thomas Wojcik", "coordinator", ("ACSRV",), "coordination, ACSRV"),
    ("auditeur@example.org", "Claire Morel", "auditor", ("ACSRV",), "contrôle, lecture seule"),
    ("admin@example.org", "Sacha Admin", "administrator", ("",), "administration"),
    (
        ELSEWHERE, "Lucas Petit", "front_desk", ("Maison de Quartier Centre Ville",),
        "accueil, Maison de Quartier Centre Ville",
    ),
)  # fmt: skip
# Who else works there: they join as colleagues do, with a letter. Address, name, role, centres.
COLLEAGUES = (
    ("accueil.3cites@example.org", "Sylvie Hennebelle", "front_desk", (CITES,)),
    ("mediation.mqcv@example.org", "Amélie Ringot", "outreach", (MQCV,)),
    ("direction.mqcv@example.org", "Farid Belkacem", "manager", (MQCV,)),
    ("accueil.raismes@example.org", "Corinne Delattre", "front_desk", (RAISMES,)),
    ("direction.raismes@example.org", "Pascal Lemoine", "manager", (RAISMES,)),
    ("accueil.escaudain@example.org", "Martine Kowalski", "front_desk", (ESCAUDAIN,)),
    ("accueil.lourches@example.org", "Jordan Fauvel", "outreach", (LOURCHES,)),
    ("accueil.wallers@example.org", "Élodie Brasseur", "front_desk", (WALLERS,)),
    ("accueil.escautpont@example.org", "Yann Carlier", "outreach", (ESCAUTPONT,)),
    ("accueil.acsrv@example.org", "Rachid Ouali", "front_desk", (SEAT,)),
    ("direction.evs@example.org", "Sophie Mercier", "manager", (WALLERS, ESCAUDAIN, LOURCHES, ESCAUTPONT)),
    ("mathilde.roger@example.org", "Mathilde Roger", "front_desk", (BREBIS,)),
)
GONE = "mathilde.roger@example.org"
NEW = ("leo.vasseur@example.org", "Léo Vasseur", "outreach", BREBIS)  # the letter with the link has not left yet
WRONG = ("camile.obry@example.org", "Camille Obry", "outreach", CITES)  # no server takes that address
# Who stands at the desk of each centre, and who may set things aside and forget people there.
DESKS = {
    BREBIS: DESK, CITES: "accueil.3cites@example.org", MQCV: ELSEWHERE, RAISMES: "accueil.raismes@example.org",
    ESCAUDAIN: "accueil.escaudain@example.org", LOURCHES: "accueil.lourches@example.org",
    WALLERS: "accueil.wallers@example.org", ESCAUTPONT: "accueil.escautpont@example.org",
    SEAT: "accueil.acsrv@example.org",
}  # fmt: skip
MANAGERS = {
    BREBIS: MANAGER, CITES: MANAGER, MQCV: "direction.mqcv@example.org", RAISMES: "direction.raismes@example.org",
    WALLERS: "direction.evs@example.org", ESCAUDAIN: "direction.evs@example.org",
}  # fmt: skip
