"""Agreements signed at the desk, most of them by hand on the screen; a few still wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from app import files
from app.demo.house import House, Plan, do, loan_of, number
from app.lending import pages, signatures
from app.lending.signature_forms import PrepareSigning, Sign
from app.people.roles import Me

UNSIGNED = {"Bruno Hochart-Test", "Olena Kovalenko-Test"}
_HAND = (
    "M60 190L90 110L120 70L140 90L120 160L100 210L150 150L190 130L200 170L230 140L260 130L270 170L310 120L340 160"
    "L420 140L520 110"
)
_AFTER = timedelta(minutes=3)


def signed(house: House, folder: Path | None, name: str, me: Me, home: str, *, at: datetime) -> Plan:
    """Three minutes after the loan. Pages are files: without a folder nobody signs."""
    if folder and home not in UNSIGNED:
        yield at + _AFTER, partial(_sign, name, me, home, folder, at=at + _AFTER)


def _sign(name: str, me: Me, home: str, folder: Path, *, at: datetime) -> None:
    what = signatures.of_loan(loan_of(name))
    content = pages.pdf(what.words or "")
    drawn = files.write(folder, content, kind="signing_paper", media_type="application/pdf", at=at)
    paper = do(signatures.prepare, PrepareSigning(id=number("prepare", name)), what, drawn, by=me, at=at)
    wish = Sign.model_validate(
        {
            "id": number("sign", name),
            "pdf": paper.file.sha256,
            "way": "drawn",
            "mark": _HAND,
            "name": home,
            "known": "team",
            "copy_given": "paper",
            "device_at": at - timedelta(seconds=2),
        }
    )
    do(signatures.sign, wish, what, by=me, at=at)
