"""Households of the demo world: those of domain.md 9.5 and sixty more. All invented, and their names say so.

Each is `(name, how it is reached, language)`: m a mobile, t a telephone at home, e an e-mail, nothing through whoever
follows them. Numbers lie in the ranges that are kept for fiction (01 99 00, 06 39 98), mails at example.org.
"""

from __future__ import annotations

from app.demo.cast import BREBIS, CITES, ESCAUDAIN, ESCAUTPONT, LOURCHES, MQCV, RAISMES, SEAT, WALLERS
from app.words import fold

ODILE, YASSINE, LUCIE = "Odile Marquette-Test", "Yassine Belhadi-Test", "Lucie Vanhoutte-Test"
STANISLAW, AYLIN = "Stanisław Nowak-Test", "Aylin Demir-Test"
FORGOTTEN = "Gaston Delvallée-Test"  # F-0006 of 9.5: their name goes with the erasure
DOUBLE = "Nadége Pruvot-Test"  # the same as Nadège, written down twice
DOUBLE_OF = "Nadège Pruvost-Test"

Home = tuple[str, str, str]
HOMES: dict[str, tuple[Home, ...]] = {
    BREBIS: (
        (DOUBLE_OF, "m", "fr"), ("Didier Lemaire-Test", "m", "fr"), ("Sabrina Ould-Test", "e", "fr"),
        ("Mireille Caron-Test", "m", "fr"), ("Hassan Amrani-Test", "m", "ar"), (ODILE, "t", "fr"),
        ("Jeanine Wattelet-Test", "m", "fr"), ("Stéphane Bury-Test", "", "fr"), ("Kevin Delannoy-Test", "m", "fr"),
        ("Malika Cherfi-Test", "m", "ar"), ("Zofia Piekarska-Test", "t", "pl"), ("Bruno Hochart-Test", "m", "fr"),
        ("Émilie Quaghebeur-Test", "e", "fr"), ("João Ferreira-Test", "m", "pt"), ("Ginette Sauvage-Test", "t", "fr"),
        ("Ahmed Benali-Test", "m", "ar"), ("Priscilla Leroux-Test", "m", "fr"), ("Oksana Melnyk-Test", "e", "uk"),
        ("Raymond Cuvelier-Test", "", "fr"), ("Fatoumata Diallo-Test", "m", "fr"),
        ("Marie-Antoinette Vandecasteele-Test", "m", "fr"),
    ),
    CITES: (
        (LUCIE, "e", "fr"), ("Philippe Dhenin-Test", "m", "fr"), ("Samira Haddad-Test", "m", "ar"),
        ("Thérèse Boulanger-Test", "t", "fr"), ("Florin Munteanu-Test", "m", "ro"), ("Cindy Marquis-Test", "m", "fr"),
        ("Jean-Claude Podvin-Test", "", "fr"), ("Elena Russo-Test", "e", "it"), ("Ludovic Thélier-Test", "m", "fr"),
        ("Nour Zitouni-Test", "m", "ar"),
    ),
    MQCV: (
        ("Fatima Zerrouki-Test", "m", "fr"), ("Bernard Quévy-Test", "m", "fr"), ("Olena Kovalenko-Test", "e", "uk"),
        ("Marie-Thérèse Blond-Test", "t", "fr"), (YASSINE, "m", "ar"), ("Mehmet Yıldız-Test", "m", "tr"),
        ("Laure Gosselin-Test", "e", "fr"), ("Abdel Karoui-Test", "m", "ar"), ("Suzanne Parent-Test", "t", "fr"),
        ("Carlos Mendes-Test", "m", "pt"), ("Isabelle Wallard-Test", "", "fr"), ("Grace Okafor-Test", "m", "en"),
    ),
    RAISMES: (
        (AYLIN, "m", "tr"), ("Gérard Ducrocq-Test", "t", "fr"), ("Karima Slimani-Test", "m", "ar"),
        ("Dominique Fontaine-Test", "m", "fr"), ("Jacek Wiśniewski-Test", "m", "pl"),
        ("Sandrine Lobry-Test", "e", "fr"), ("Marcel Bauduin-Test", "", "fr"), ("Inaya Traoré-Test", "m", "fr"),
        ("Vincent Hary-Test", "m", "fr"),
    ),
    ESCAUDAIN: (
        (STANISLAW, "", "pl"), ("Monique Lecerf-Test", "t", "fr"), ("Rosa Pinto-Test", "m", "pt"),
        ("Anthony Duflot-Test", "m", "fr"), ("Leïla Mansouri-Test", "m", "ar"),
    ),
    LOURCHES: (
        ("Paulette Coupez-Test", "t", "fr"), ("Mickaël Renard-Test", "m", "fr"), ("Halina Krawczyk-Test", "", "pl"),
    ),
    WALLERS: (
        ("Josiane Bricout-Test", "t", "fr"), ("Enzo Lantoine-Test", "m", "fr"), (FORGOTTEN, "t", "fr"),
    ),
    ESCAUTPONT: (("Arlette Dubois-Test", "t", "fr"),),
    SEAT: (("Mohamed Saïdi-Test", "m", "ar"), ("Claudine Plouvier-Test", "e", "fr")),
}  # fmt: skip


def contact_of(centre: str, number: int, name: str, how: str) -> str:
    """One way to reach them, or none."""
    place = list(HOMES).index(centre) + 1
    mail = fold(name).removesuffix("-test").replace(" ", ".")
    ways = {"m": f"06 39 98 {place:02} {number:02}", "t": f"01 99 00 {54 + place:02} {number:02}"}
    return ways.get(how, f"{mail}@example.org" if how == "e" else "")
