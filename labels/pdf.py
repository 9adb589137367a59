"""Label sheets, and rolls with one label a page, as PDF at true scale; the same labels give the same bytes."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from .calibration import Calibration
from .errors import LabelError
from .label import Label
from .layout import lay_out_on
from .media import Medium, Sheet, media
from .missing import Missing, printable
from .painter import Ink, Painter

MOST_LABELS = 10_000


def render_pdf(
    labels: Sequence[Label],
    medium: str | Medium,
    *,
    start_at: int = 1,
    skip: AbstractSet[int] = frozenset(),
    calibration: Calibration | None = None,
    ink: Ink | None = None,
    missing: Missing = "error",
) -> bytes:
    """A PDF of labels: `medium` is a part number, a Sheet or a Roll.

    `start_at` and `skip` spare used labels of page one. `ink` is the medium's when it is None: colour on sheets, black
    on rolls. LabelError: those of `media`, `Sheet.places`, `lay_out` and `printable`; `no_labels`, `too_many_labels`
    (above 10,000).
    """
    check_count(labels)
    on = media(medium) if isinstance(medium, str) else medium
    places = on.places(start_at, skip)
    painter = Painter(on, ink or ("colour" if isinstance(on, Sheet) else "black"), calibration or Calibration())
    for label, (page, position) in zip(labels, places, strict=False):
        painter.turn_to(page)
        painter.paint(lay_out_on(printable(label, missing), on), *on.cell(position))
    return painter.finish()


def check_count(labels: Sequence[Label]) -> None:
    """LabelError `no_labels`, `too_many_labels`."""
    if not labels:
        raise LabelError("no_labels", "there is nothing to print")
    if len(labels) > MOST_LABELS:
        raise LabelError("too_many_labels", f"{len(labels)} labels, {MOST_LABELS} at most in one file")
