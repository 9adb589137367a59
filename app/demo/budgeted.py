"""What the demo world's operation plans and spends. The plan is the founding document's; the rest is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

REAL, FICTION = "NP0022605", "FICTIF-2127"
FEDER = "Fonds européen de développement régional (62N00007 – APPLICATIONS TIC (NORD))"
# Code, name, kind, amount in cents, printed rate in hundredths of a percent, our own organisation: as the plan has it.
PLAN: Sequence[tuple[str, str, str, int, int, str]] = (
    ("UE_FEDER", FEDER, "eu", 91_059_800, 6000, ""),
    ("REGION_HDF", "Région Hauts-de-France", "region", 1_000_000, 66, ""),
    ("AGGLOS", "Communauté d’agglomérations", "local", 3_000_000, 198, ""),
    ("ETAT_VJS", "État – Ville, jeunesse et sports", "state", 1_000_000, 66, ""),
    ("ACSM", "Association des Centres Sociaux de Mazingarbe – ACSM", "partner", 6_817_000, 449, "ACSM"),
    ("MQCV", "Maison de Quartier Centre Ville Valenciennes – MQCV", "partner", 1_479_400, 97, "MQCV"),
    ("FCS5962", "Fédération des Centres Sociaux du Nord – Pas-de-Calais – FCS 59 62", "partner", 3_686_000, 243,
     "FCS 59/62"),
    ("AUTOFIN", "Autofinancement (chef de file)", "self", 43_724_300, 2881, "ACSRV"),
)  # fmt: skip
# Code, heading, label, work packages, planned in cents, whether things of the register belong there.
LINES: Sequence[tuple[str, str, str, str, int, bool]] = (
    ("L1", "Personnel", "Chargés de mission, médiateurs", "WP1 WP2 WP3", 84_200_000, False),
    ("L2", "Coûts indirects", "Forfait 15 % des frais de personnel", "", 12_630_000, False),
    ("L3.1", "Équipement", "Ordinateurs portables", "WP1", 9_600_000, True),
    ("L3.2", "Équipement", "Tablettes (dont 4G)", "WP1", 4_140_000, True),
    ("L3.3", "Équipement", "Imprimantes 3D, Kid’s Lab", "WP1", 3_800_000, True),
    ("L3.4", "Équipement", "Visio, écrans, réseau, chariots", "WP2", 6_300_000, True),
    ("L4", "Prestations externes", "Conception, formation, évaluation", "WP2 WP3", 21_496_500, False),
    ("L5", "Déplacements", "Missions", "WP1 WP3", 2_100_000, False),
    ("L6", "Communication", "Communication, publicité européenne", "WP3", 2_400_000, False),
    ("L7", "Petites fournitures", "Filament, étiquettes, accessoires", "WP1", 1_600_000, True),
    ("L8", "Locations", "Locations, petits aménagements", "WP2", 3_500_000, False),
)
PACKAGES = (
    "WP1 Projet connecté innovant par et pour les habitants\n"
    "WP2 Montée en compétences de toutes les composantes du centre social\n"
    "WP3 Dissémination et mutualisation régionale"
)
# Supplier, words, line, net and tax in cents, date, days until it was paid (none: not yet).
SPENT: Sequence[tuple[str, str, str, int, int, date, int | None]] = (
    ("Atelier Numérique (fictif)", "Conception du parcours, lot 1", "L4", 8_200_000, 1_640_000, date(2020, 11, 5), 34),
    ("Atelier Numérique (fictif)", "Formation des équipes", "L4", 4_440_000, 888_000, date(2021, 5, 18), 29),
    ("Regards Croisés (fictif)", "Évaluation finale", "L4", 3_880_000, 776_000, date(2021, 12, 3), None),
    ("Louvoyage (fictif)", "Location du minibus de tournée", "L8", 2_200_000, 440_000, date(2021, 3, 2), 30),
    ("Louvoyage (fictif)", "Location de salles", "L8", 400_000, 80_000, date(2021, 10, 4), 41),
    ("Rail et Route (fictif)", "Déplacements 2020", "L5", 612_000, 0, date(2020, 12, 21), 12),
    ("Rail et Route (fictif)", "Déplacements 2021", "L5", 875_362, 0, date(2021, 12, 20), 15),
    ("Imprimerie du Terril (fictif)", "Affiches A3 et plaques", "L6", 1_480_000, 296_000, date(2020, 10, 12), 25),
    ("Imprimerie du Terril (fictif)", "Livret final", "L6", 138_000, 27_600, date(2021, 11, 22), 30),
    ("Copeaux et Bobines (fictif)", "Filament, buses, étiquettes", "L7", 1_372_500, 274_500, date(2021, 2, 15), 28),
    ("Copeaux et Bobines (fictif)", "Filament, fin d’année", "L7", 31_250, 6_250, date(2021, 11, 30), 30),
    ("Écrans du Nord (fictif)", "Visioconférence des centres", "L3.4", 3_389_120, 677_824, date(2020, 9, 21), 30),
    ("Kid’s Lab (fictif)", "Mallettes Kid’s Lab", "L3.3", 1_818_750, 363_750, date(2021, 1, 25), 45),
)
PERSONNEL = 10_480_154  # cents a quarter
QUARTERS = tuple((date(2020 + n // 4, 3 * (n % 4) + 1, 1), n) for n in range(8))
# What the fictional operation spent: words, cents and line, one each quarter.
SPENT_SINCE = (
    ("Médiation, premier trimestre", 2_000_000, "1"),
    ("Affiches du lancement", 180_000, "4"),
    ("Médiation, troisième trimestre", 2_100_000, "1"),
    ("Dépliants", 95_000, "4"),
    ("Médiation, cinquième trimestre", 2_050_000, "1"),
)
