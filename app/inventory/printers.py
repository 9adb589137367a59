"""What the printer of a centre does to its sheets, measured on the test page and taken back on every sheet after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Ref, alone_in, session, walk_one
from app.errors import Refused
from app.history import of_kind
from app.history.models import Act
from app.inventory.forms import ForgetPrinter, TunePrinter
from app.people.roles import Me
from app.words import _
from labels import Calibration, LabelError, Sheet, media

RULER = 180  # mm, both rulers of an A4 test page
TRUE = 10_000
NOTHING_SEEN = {"aside_mm": 0, "aside": "right", "off_mm": 0, "off": "low", "across_mm": RULER, "along_mm": RULER}


class SheetPrinter(Base):
    """How sheets are drawn for one centre's printer, so that they come out right. A roll finds its labels by itself.

    `right`, `down`: tenths of a millimetre; `across`, `along`: size in ten-thousandths.
    """

    __tablename__ = "sheet_printer"

    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    right: Mapped[int]
    down: Mapped[int]
    across: Mapped[int]
    along: Mapped[int]

    @property
    def tuned(self) -> bool:
        return (self.right, self.down, self.across, self.along) != (0, 0, TRUE, TRUE)

    @property
    def calibration(self) -> Calibration:
        return Calibration(self.right / 10, self.down / 10, self.across / TRUE, self.along / TRUE)


def of(centre_id: int | None) -> SheetPrinter:
    """The printer of that centre; one that nobody tuned is taken to be true."""
    return session().get(SheetPrinter, centre_id or 0) or SheetPrinter(right=0, down=0, across=TRUE, along=TRUE)


def calibration(me: Me, medium: str) -> Calibration:
    """What takes back the doings of the printer where this person works, on this medium."""
    return of(me.centre_id).calibration if isinstance(media(medium), Sheet) else Calibration()


def tune(wish: TunePrinter, *, by: Me, at: datetime) -> SheetPrinter:
    """Take back what the test page shows. It was printed as tuned before, so what it shows is what was left to do."""
    alone_in(SheetPrinter)
    before = of(by.centre_id)
    return _set(
        wish,
        by=by,
        at=at,
        right=before.right + round(10 * wish.aside_mm) * (1 if wish.aside == "left" else -1),
        down=before.down + round(10 * wish.off_mm) * (1 if wish.off == "high" else -1),
        across=round(before.across * RULER / wish.across_mm),
        along=round(before.along * RULER / wish.along_mm),
    )


def forget(wish: ForgetPrinter, *, by: Me, at: datetime) -> SheetPrinter:
    """Another printer, or a measure taken wrong: draw sheets as they are."""
    alone_in(SheetPrinter)
    return _set(wish, by=by, at=at, right=0, down=0, across=TRUE, along=TRUE)


def _set(wish: TunePrinter | ForgetPrinter, *, by: Me, at: datetime, **tuned: int) -> SheetPrinter:
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: its printer is the one that is tuned."))
    _check_small(SheetPrinter(**tuned))
    act = history.record("printer_tuned", wish, by=by, at=at, subject="", centre_id=by.centre_id, **tuned)
    return session().merge(SheetPrinter(centre_id=by.centre_id, act_id=act.id, **tuned))


def _check_small(row: SheetPrinter) -> None:
    try:
        row.calibration  # noqa: B018 - it refuses to be made
    except LabelError as wrong:
        words = _(
            "This is more than a printer does. Check that the page was printed at its true size, and measure again."
        )
        raise Refused(wrong.code, words, status=422) from wrong


def of_act(act: Act) -> SheetPrinter:
    return of(act.centre_id)


def check_printers() -> Iterator[str]:
    """Each printer that is not tuned as the newest act of its centre tells, and each such act without its printer."""
    told = {act.centre_id: act for act in of_kind("printer_tuned")}
    for row in walk_one(select(SheetPrinter)):
        tuned = {"right": row.right, "down": row.down, "across": row.across, "along": row.along}
        act = told.pop(row.centre_id, None)
        if act is None or (act.id, act.told) != (row.act_id, tuned):
            yield f"sheet_printer {row.centre_id}: not tuned as its act tells"
    for centre_id in told:
        yield f"sheet_printer {centre_id}: it is gone, and its act tells of it"
