"""A sheet of labels: where each die lies on the page, in mm from its top left corner."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, count

from .errors import LabelError

# A real die is centred on its page but for rounding; wrong public tables are not.
_OFF_CENTRE_X, _OFF_CENTRE_Y = 0.15, 0.45
_ROUNDING = 0.01
# What office printers leave white at the edge of a page, sideways and lengthways.
_UNPRINTABLE = 5.0, 4.2
# Office printers have 300 or 600 dots an inch: a whole number of these is whole on both.
_DOT = 25.4 / 300


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels. All lengths in mm; `pitch` is from one label to the next; LabelError `bad_sheet`.

    A `derived` die is that of a sister part, since no public table has the part itself: to be held against its test
    page first. `centred` is false for the few dies that lie off the middle of their page by nature; the others are
    checked.
    """

    id: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    aliases: tuple[str, ...] = ()
    page: tuple[float, float] = (210, 297)
    radius: float = 0
    derived: bool = False
    centred: bool = True

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 1 or min(self.width, self.height) <= 0:
            raise LabelError("bad_sheet", f"{self.id}: a sheet has at least one label, and a label a size")
        if fault := next((why for wrong, why in self._faults() if wrong), None):
            raise LabelError("bad_sheet", f"{self.id}: {fault}")

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    @property
    def dot(self) -> float:
        return _DOT

    @property
    def inset(self) -> tuple[float, float]:
        """What stays white inside every label, so that those at the edge of the page print whole and all look alike."""
        right, bottom = self._far_margins()
        sideways, lengthways = _UNPRINTABLE
        return max(0.0, sideways - min(self.left, right)), max(0.0, lengthways - min(self.top, bottom))

    def cell(self, position: int) -> tuple[float, float]:
        """The top left corner of a label by its position: 1 is top left, then along the row."""
        row, column = divmod(position - 1, self.columns)
        return self.left + column * self.pitch_x, self.top + row * self.pitch_y

    def places(self, start_at: int = 1, skip: AbstractSet[int] = frozenset()) -> Iterator[tuple[int, int]]:
        """Endless (page from 0, position from 1); the first page begins at `start_at` and leaves out `skip`.

        LabelError `start_at_out_of_range`, `skip_out_of_range`.
        """
        self._check_first_page(start_at, skip)
        first = ((0, position) for position in range(start_at, self.per_page + 1) if position not in skip)
        return chain(first, ((page, position) for page in count(1) for position in range(1, self.per_page + 1)))

    def _check_first_page(self, start_at: int, skip: AbstractSet[int]) -> None:
        all_positions = range(1, self.per_page + 1)
        if start_at not in all_positions:
            raise LabelError("start_at_out_of_range", f"{start_at}; {self.id} has positions 1 to {self.per_page}")
        if not skip <= set(all_positions) or skip >= set(range(start_at, self.per_page + 1)):
            raise LabelError("skip_out_of_range", f"{sorted(skip)} on a {self.id} from position {start_at}")

    def _far_margins(self) -> tuple[float, float]:
        x, y = self.cell(self.per_page)
        return self.page[0] - x - self.width, self.page[1] - y - self.height

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        right, bottom = self._far_margins()
        overlap = self.pitch_x < self.width - _ROUNDING or self.pitch_y < self.height - _ROUNDING
        aside, above = abs(right - self.left) > _OFF_CENTRE_X, abs(bottom - self.top) > _OFF_CENTRE_Y
        return (
            (min(self.left, self.top, right, bottom) < -_ROUNDING, "the labels leave the page"),
            (overlap, "the labels overlap"),
            (self.centred and aside, f"left margin {self.left}, right margin {right:.2f}"),
            (self.centred and above, f"top margin {self.top}, bottom margin {bottom:.2f}"),
        )
