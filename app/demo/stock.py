"""What the demo world holds: the models of domain.md 9.4, and how many of each stand in which centre; 150 in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.demo.cast import BREBIS, CITES, ESCAUDAIN, ESCAUTPONT, LOURCHES, MQCV, RAISMES, SEAT, UNNAMED, WALLERS


@dataclass(frozen=True)
class Kind:
    """A model as bought. `serial` is the shape of its numbers, `#` a figure; none: it bears none. Invented prices."""

    short: str
    maker: str
    name: str
    category: str
    parts: str
    cents: int
    serial: str
    bought: date
    number: str = ""
    imei: str = ""


KINDS = (
    Kind("ThinkPad L14", "Lenovo", "ThinkPad L14 Gen 1", "laptop", "chargeur, housse, souris", 82680, "PF2DEM##",
         date(2020, 10, 15)),
    Kind("ProBook 450 G7", "HP", "ProBook 450 G7", "laptop", "chargeur, housse", 73500, "5CD0371D##",
         date(2020, 11, 24)),
    Kind("TravelMate", "Acer", "TravelMate (reconditionné)", "laptop", "chargeur", 29900, "NXVLLEF00Q0DEM000000##",
         date(2021, 3, 9)),
    Kind("Galaxy Tab A7", "Samsung", "Galaxy Tab A7 10.4", "tablet", "chargeur, coque", 22900, "R52R00DEM##",
         date(2020, 12, 8), number="SM-T500"),
    Kind("Galaxy Tab A7 LTE", "Samsung", "Galaxy Tab A7 LTE", "tablet", "chargeur, coque, carte SIM", 27900,
         "R52RLTEDM##", date(2021, 2, 2), number="SM-T505", imei="350000020210"),
    Kind("iPad 8e gén.", "Apple", "iPad 8e génération", "tablet", "chargeur", 38900, "DMPDEM0X##GC", date(2021, 1, 19)),
    Kind("Prusa MK3S+", "Prusa", "i3 MK3S+", "printer3d", "bobine, spatule", 99900, "CZPX0420X004X0000##",
         date(2021, 4, 6)),
    Kind("Ender-3 V2", "Creality", "Ender-3 V2", "printer3d", "bobine", 25900, "", date(2021, 4, 6)),
    Kind("Ultimaker S3", "Ultimaker", "S3", "printer3d", "deux bobines, spatule", 450000, "BPP004000DEM##",
         date(2021, 6, 15)),
    Kind("Clé 4G M7200", "TP-Link", "M7200 4G", "router", "câble", 5900, "22100200000##",
         date(2020, 12, 15), imei="350000020201"),
)  # fmt: skip
# How many of each, in the order of KINDS.
HELD = {
    BREBIS: (10, 5, 3, 12, 4, 3, 1, 1, 0, 4),
    CITES: (5, 3, 2, 6, 2, 1, 1, 0, 0, 2),
    MQCV: (6, 4, 2, 7, 2, 2, 1, 1, 1, 2),
    RAISMES: (4, 3, 1, 4, 2, 1, 1, 0, 0, 1),
    ESCAUDAIN: (2, 1, 1, 2, 2, 0, 0, 1, 0, 1),
    LOURCHES: (1, 1, 1, 1, 1, 0, 0, 0, 0, 0),
    WALLERS: (1, 1, 0, 1, 1, 0, 0, 0, 0, 0),
    ESCAUTPONT: (1, 0, 1, 1, 0, 0, 0, 0, 0, 0),
    SEAT: (2, 1, 0, 2, 0, 1, 0, 0, 0, 1),
    **dict.fromkeys(UNNAMED[:3], (1, 0, 0, 1, 0, 0, 0, 0, 0, 0)),
    **dict.fromkeys(UNNAMED[3:], (0, 0, 0, 1, 0, 0, 0, 0, 0, 0)),
}


def serial_of(kind: Kind, number: int) -> str:
    return kind.serial.replace("##", f"{number:02}")


def imei_of(kind: Kind, number: int) -> str:
    """Fifteen figures, the last one by Luhn; nothing for what has no radio."""
    if not kind.imei:
        return ""
    body = f"{kind.imei}{number:02}"
    doubled = (sum(divmod(int(d) * 2, 10)) if i % 2 else int(d) for i, d in enumerate(body))
    return f"{body}{-sum(doubled) % 10}"
