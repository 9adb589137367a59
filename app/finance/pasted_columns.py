"""What the columns of a pasted table are: by their headers, else by the sums that only one reading makes right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.finance.cells import as_euros
from app.words import fold

Roles = Sequence[str]
Table = Sequence[tuple[int, Sequence[str]]]
CENT = Decimal("0.01")
RATES = {Decimal(rate) for rate in ("0", "2.1", "5.5", "8.5", "10", "20", "1.05", "1.75", "13", "0.9")}  # of France
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "words": ("designation", "libelle", "description", "article", "produit", "intitule", "what it is", "ce que c'est",
              "item", "prestation", "nature", "detail", "objet"),
    "quantity": ("qte", "quantite", "qty", "quantity", "nombre", "nb", "q", "quantites"),
    "unit": ("pu", "p.u", "p.u.", "pu ht", "p.u. ht", "prix unitaire", "prix unitaire ht", "prix unit. ht",
             "prix unit.", "unit price", "prix", "price", "prix ht", "pu (ht)", "tarif"),
    "net": ("montant ht", "total ht", "ht", "net", "montant hors taxe", "montant", "amount", "total hors taxe",
            "net amount", "prix total ht", "amount without tax", "montant net", "total net"),
    "rate": ("taux", "taux tva", "taux de tva", "tva %", "% tva", "tva (%)", "vat rate", "vat %", "%"),
    "vat": ("tva", "montant tva", "vat", "tax", "tax (vat)", "montant de la tva", "taxe"),
    "gross": ("ttc", "total ttc", "montant ttc", "gross", "amount with tax", "prix ttc", "total", "prix total"),
}  # fmt: skip
# By how many numbers stand in a line: what they may be, the likeliest first.
_LAYOUTS: Mapping[int, Sequence[Roles]] = {
    1: [("net",)],
    2: [("quantity", "unit"), ("net", "rate"), ("net", "gross"), ("net", "vat"), ("quantity", "net")],
    3: [
        ("quantity", "unit", "net"), ("net", "rate", "gross"), ("net", "vat", "gross"), ("quantity", "unit", "rate"),
        ("quantity", "net", "gross"), ("quantity", "unit", "gross"),
    ],
    4: [
        ("quantity", "unit", "net", "rate"), ("quantity", "unit", "rate", "net"), ("quantity", "unit", "rate", "gross"),
        ("quantity", "unit", "vat", "gross"), ("quantity", "net", "rate", "gross"), ("quantity", "net", "vat", "gross"),
        ("quantity", "unit", "net", "gross"), ("net", "rate", "vat", "gross"), ("quantity", "unit", "net", "vat"),
    ],
    5: [
        ("quantity", "unit", "net", "rate", "gross"), ("quantity", "unit", "net", "vat", "gross"),
        ("quantity", "unit", "rate", "net", "gross"), ("quantity", "net", "rate", "vat", "gross"),
        ("quantity", "unit", "rate", "vat", "gross"),
    ],
    6: [("quantity", "unit", "net", "rate", "vat", "gross"), ("quantity", "unit", "rate", "net", "vat", "gross")],
}  # fmt: skip


@dataclass(frozen=True)
class Amounts:
    """A line read. `adds_up`: no two of its cells contradict each other; `proofs`: how many confirm each other."""

    words: str
    quantity: Decimal
    net: Decimal
    vat: Decimal
    adds_up: bool = True
    proofs: int = 0


def roles_of(rows: Table) -> tuple[list[str], int]:
    """What each column is by its header, and how many lines to pass over; nothing when there are no headers."""
    for place, (_number, cells) in enumerate(rows[:5]):
        found = [_role(cell) for cell in cells]
        if sum(bool(role) for role in found) >= 2 and not any(_is_number(cell) for cell in cells):  # noqa: PLR2004
            return _rated(_once(found), rows[place + 1 :]), place + 1
    return [], 0


def _role(header: str) -> str:
    word = fold(header).replace("€", "").replace("(eur)", "").strip(" :*()")
    return next((role for role, known in _HEADERS.items() if word in known), "")


def _once(roles: list[str]) -> list[str]:
    """Of two columns alike the first counts."""
    return [role if role not in roles[:n] else "" for n, role in enumerate(roles)]


def _rated(roles: list[str], rows: Table) -> list[str]:
    """A column headed “TVA” may hold rates: then all its cells are rates there are."""
    if "vat" not in roles or "rate" in roles:
        return roles
    at = roles.index("vat")
    cells = [cells[at] for _number, cells in rows if at < len(cells) and cells[at]]
    as_rates = [role if n != at else "rate" for n, role in enumerate(roles)]
    if not cells or not all("%" in cell or as_euros(cell) in RATES for cell in cells):
        return roles
    sure = any("%" in cell for cell in cells) or _score(as_rates, rows) > _score(roles, rows)
    return as_rates if sure or "gross" not in roles else roles


def _score(roles: Roles, rows: Table) -> int:
    read = [told for _number, cells in rows if (told := amounts(cells, roles))]
    return sum(told.proofs if told.adds_up else -5 for told in read)


def solved(rows: Sequence[Sequence[str]]) -> tuple[list[str], bool]:
    """What each column is by its numbers; whether the sums prove it."""
    width = max((len(cells) for cells in rows), default=0)
    numeric = [n for n in range(width) if _mostly_numbers([cells[n] for cells in rows if n < len(cells)])]
    numeric = numeric[-6:]  # a reference or a number of the line stands before
    best: tuple[int, list[str]] = (-1, [])
    for layout in _LAYOUTS.get(len(numeric), ()):
        roles = ["" if n in numeric else "words" for n in range(width)]
        for n, role in zip(numeric, layout, strict=True):
            roles[n] = role
        score = _score(roles, list(enumerate(rows))) if _likely(roles, rows) else -1
        if score > best[0]:
            best = (score, roles)
    return best[1], best[0] > 0


def _mostly_numbers(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if cell]
    return bool(told) and sum(_is_number(cell) for cell in told) * 2 > len(told)


def _is_number(cell: str) -> bool:
    return as_euros(cell.replace("%", "")) is not None


def _likely(roles: Roles, rows: Sequence[Sequence[str]]) -> bool:
    """A column with signs of percent is that of rates, and rates are among those there are."""
    for n, role in enumerate(roles):
        cells = [cells[n] for cells in rows if n < len(cells) and cells[n] and _is_number(cells[n])]
        if (any("%" in cell for cell in cells) and role != "rate") or (
            role == "rate" and not all("%" in cell or as_euros(cell) in RATES for cell in cells)
        ):
            return False
    return True


def amounts(cells: Sequence[str], roles: Roles) -> Amounts | None:
    """The amounts of one line; None when it has none."""
    said: dict[str, Decimal] = {}
    words: list[str] = []
    for role, cell in zip(roles, cells, strict=False):
        if role == "words" and cell:
            words.append(cell)
        elif role and cell:
            number = as_euros(cell.replace("%", ""))
            if number is None:
                return None
            said[role] = number
    return _reckoned(" ".join(words), said)


def _reckoned(words: str, said: Mapping[str, Decimal]) -> Amounts | None:
    quantity, unit, rate = said.get("quantity", Decimal(1)), said.get("unit"), said.get("rate")
    net = said.get("net", None if unit is None else unit * quantity)
    net = _without_tax(said, rate) if net is None else net
    if net is None:
        return None
    told = [None if unit is None else unit * quantity, None if rate is None else net * rate / 100]
    vat = said.get("vat", said["gross"] - net if "gross" in said else told[1] or Decimal(0))
    checks = [
        (told[0], said.get("net")),
        (told[1], vat if {"vat", "gross"} & said.keys() else None),
        (net + vat if "vat" in said else None, said.get("gross")),
    ]
    right = [abs(one - other) <= CENT for one, other in checks if one is not None and other is not None]
    adds_up = all(right) and net * vat >= 0
    return Amounts(words, quantity, net, vat, adds_up, sum(right))


def _without_tax(said: Mapping[str, Decimal], rate: Decimal | None) -> Decimal | None:
    if "gross" not in said:
        return None
    if "vat" in said:
        return said["gross"] - said["vat"]
    return said["gross"] if rate is None or rate <= -100 else said["gross"] * 100 / (100 + rate)  # noqa: PLR2004
