"""Label sheets: where each die lies on the page, in mm from its top left corner.

Sizes are facts of the products, cross-checked between two public tables; a sheet is always chosen by part number, since
"24 per sheet" names seven different dies. Brand names only say what a size is compatible with.
"""

import difflib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, count

from .errors import LabelError

# A real die is centred on its page but for rounding; wrong public tables are not.
_OFF_CENTRE_X, _OFF_CENTRE_Y = 0.15, 0.45
_ROUNDING = 0.01


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels. All lengths in mm; `pitch` is from one label to the next; LabelError `bad_sheet`."""

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

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 1 or min(self.width, self.height) <= 0:
            raise LabelError("bad_sheet", f"{self.id}: a sheet has at least one label, and a label a size")
        if fault := next((why for wrong, why in self._faults() if wrong), None):
            raise LabelError("bad_sheet", f"{self.id}: {fault}")

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

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

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        right = self.page[0] - self.cell(self.columns)[0] - self.width
        bottom = self.page[1] - self.cell(self.per_page)[1] - self.height
        overlap = self.pitch_x < self.width - _ROUNDING or self.pitch_y < self.height - _ROUNDING
        return (
            (min(self.left, self.top, right, bottom) < -_ROUNDING, "the labels leave the page"),
            (overlap, "the labels overlap"),
            (abs(right - self.left) > _OFF_CENTRE_X, f"left margin {self.left}, right margin {right:.2f}"),
            (abs(bottom - self.top) > _OFF_CENTRE_Y, f"top margin {self.top}, bottom margin {bottom:.2f}"),
        )


SHEETS = (
    Sheet("L7160", 63.5, 38.1, 3, 7, 7.2, 15.15, 66.04, 38.1, ("J8160", "L7060", "L7560")),
    Sheet("L4736", 45.72, 21.17, 4, 12, 9.75, 21.41, 48.26, 21.17, ("L6009", "L6113", "L4778")),
    Sheet("L7651", 38.1, 21.17, 5, 13, 4.67, 10.9, 40.64, 21.17, ("J8651", "L7051", "L7551")),
)
_BY_NAME = {name: sheet for sheet in SHEETS for name in (sheet.id, *sheet.aliases)}


def media(name: str) -> Sheet:
    """A sheet by its part number or one of the same die, in any case; LabelError `unknown_medium` names the nearest."""
    wanted = name.strip().upper()
    if sheet := _BY_NAME.get(wanted):
        return sheet
    near = difflib.get_close_matches(wanted[:20], _BY_NAME, n=3, cutoff=0.4) or [sheet.id for sheet in SHEETS]
    raise LabelError("unknown_medium", f"no {name[:20]!r}; there is {', '.join(near)}")
