"""Rolls for thermal printers: one label after the other, in whole dots.

Source of the dots: the tables of Brother's and DYMO's own drivers; for Zebra, size times dots a mm. "203 dpi" is
8 dots a mm, that is 203.2.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import count

from .errors import LabelError

DPI_300 = 300 / 25.4
DPI_203 = 8.0


@dataclass(frozen=True)
class Roll:
    """Labels on a roll. `width` x `height` mm as they are read; LabelError `bad_roll`.

    `dots` are those the printer reaches, across its head and along the feed; the rest of the label stays white, in
    equal parts on both sides, but for `lead`: the mm lost where the label leaves the printer first. `turned`: the label
    is read along the feed, from the end that comes out first. `edge`: mm kept white where the printer would reach the
    very edge. `derived`: a figure of it is that of a sister part.
    """

    id: str
    width: float
    height: float
    dots: tuple[int, int]
    dots_per_mm: float
    aliases: tuple[str, ...] = ()
    turned: bool = False
    lead: float | None = None
    edge: float = 0
    continuous: bool = False
    derived: bool = False

    def __post_init__(self) -> None:
        if min(self.dots) < 1 or self.dots_per_mm <= 0:
            raise LabelError("bad_roll", f"{self.id}: a roll has at least one dot")
        if min(self.origin) < -self.dot or min(self.inset) < -self.dot:
            raise LabelError("bad_roll", f"{self.id}: {self.dots} dots do not fit {self.width} x {self.height} mm")

    @property
    def per_page(self) -> int:
        return 1

    @property
    def dot(self) -> float:
        return 1 / self.dots_per_mm

    @property
    def page(self) -> tuple[float, float]:
        """The page as the driver has it, in mm: across the head, along the feed."""
        return (self.height, self.width) if self.turned else (self.width, self.height)

    @property
    def raster(self) -> tuple[int, int]:
        """The dots as the label is read: columns, rows."""
        across, along = self.dots
        return (along, across) if self.turned else (across, along)

    @property
    def origin(self) -> tuple[float, float]:
        """Where the first dot lies on the label as it is read, in mm."""
        lost = self._lost()
        lead = self.lead if self.lead is not None else lost[0 if self.turned else 1] / 2
        return (lead, lost[1] / 2) if self.turned else (lost[0] / 2, lead)

    @property
    def inset(self) -> tuple[float, float]:
        """What stays white on both sides: the larger loss, so that the label keeps its middle."""
        (x, y), (lost_x, lost_y) = self.origin, self._lost()
        return max(x, lost_x - x) + self.edge, max(y, lost_y - y) + self.edge

    def cell(self, position: int) -> tuple[float, float]:  # noqa: ARG002 - as of a Sheet, whose every page has one place
        return 0.0, 0.0

    def places(self, start_at: int = 1, skip: AbstractSet[int] = frozenset()) -> Iterator[tuple[int, int]]:
        """Endless (page from 0, position 1); LabelError `start_at_out_of_range`: a roll begins where it begins."""
        if start_at != 1 or skip:
            raise LabelError("start_at_out_of_range", f"{self.id} is a roll: it has one place a page")
        return ((page, 1) for page in count())

    def _lost(self) -> tuple[float, float]:
        columns, rows = self.raster
        return self.width - columns * self.dot, self.height - rows * self.dot


def _zebra(width: float, height: float, at_203: tuple[int, int], at_300: tuple[int, int]) -> tuple[Roll, Roll]:
    """A size of plain labels, for either of the two heads; drivers keep no margin, hands that load the roll do."""
    name = f"ZEBRA-{width:g}X{height:g}"
    coarse = Roll(name, width, height, at_203, DPI_203, (f"{name}-203",), edge=1.5)
    return coarse, Roll(f"{name}-300", width, height, at_300, DPI_300, edge=1.5)


ROLLS = (
    Roll("DK-11201", 90, 29, (306, 991), DPI_300, ("Brother DK-11201",), turned=True),
    Roll("DK-11204", 54, 17, (165, 566), DPI_300, ("Brother DK-11204",), turned=True),
    Roll("DK-11209", 62, 29, (696, 271), DPI_300, ("Brother DK-11209",)),
    Roll("DK-11221", 23, 23, (202, 202), DPI_300, ("Brother DK-11221",)),
    # Endless tape is cut to a length that suits the large and the medium design; 35 dots at each cut stay white.
    Roll("DK-22205", 62, 40, (696, 402), DPI_300, ("Brother DK-22205", "Brother DK-22251"), continuous=True),
    Roll("DK-22210", 62, 29, (306, 662), DPI_300, ("Brother DK-22210",), turned=True, continuous=True),
    Roll("DYMO-11354", 57.1, 31.8, (651, 339), DPI_300, ("DYMO 11354", "DYMO S0722540")),
    Roll("DYMO-99012", 88.6, 35.7, (392, 961), DPI_300, ("DYMO 99012", "DYMO S0722400"), turned=True, lead=5.7),
    # The same printer loses the same leading edge: the table has the figure for 99012 alone.
    Roll(
        "DYMO-99010", 89, 28, (299, 963), DPI_300, ("DYMO 99010", "DYMO S0722370"), turned=True, lead=5.7, derived=True
    ),
    Roll("DYMO-11355", 51, 19, (196, 514), DPI_300, ("DYMO 11355",), turned=True, lead=5.7, derived=True),
    *_zebra(51, 25, (408, 200), (602, 295)),
    *_zebra(57, 32, (456, 256), (673, 378)),
    *_zebra(100, 50, (800, 400), (1181, 591)),
)
