"""Numbers that things bear by a standard of the trade: how each is written, and which are wrong on sight.

IMEI: fifteen figures, the last by Luhn (3GPP TS 23.003). ICCID: eighteen to twenty-two, from 89 on (ITU-T E.118); the
last is Luhn's, but operators print it or not. MAC: six bytes.
"""

from __future__ import annotations

import re
from typing import Any

from app.words import _, bare

KINDS = {"imei": _("IMEI"), "iccid": _("SIM number (ICCID)"), "mac": _("MAC address"), "other": _("Another number")}
ALONE = ("imei", "iccid", "mac")  # no two things bear the same


def tidied(kind: str, value: str) -> str:
    """The number as it is kept. Raises `ValueError` with the kind's name when it cannot be one."""
    key = bare(value)
    if not key:
        return ""
    if kind == "imei" and not (re.fullmatch(r"[0-9]{15}", key) and luhn(key)):
        raise ValueError("imei")
    if kind == "iccid" and not re.fullmatch(r"89[0-9]{16,20}", key):
        raise ValueError("iccid")
    if kind == "mac" and not re.fullmatch(r"[0-9A-F]{12}", key):
        raise ValueError("mac")
    return ":".join(key[n : n + 2] for n in range(0, 12, 2)) if kind == "mac" else key if kind in ALONE else value


def luhn(figures: str) -> bool:
    """Every second figure from the right counts double, its two figures added; the sum ends in 0."""
    doubled = (int(f) * (1 + place % 2) for place, f in enumerate(reversed(figures)))
    return sum(divmod(n, 10)[0] + n % 10 for n in doubled) % 10 == 0


def word_of(kind: str) -> Any:
    return KINDS[kind]
