"""What a printer does to a page, measured on its test page and taken back."""

from dataclasses import dataclass

from reportlab.lib.units import mm

from .errors import LabelError

MOST_SHIFT = 5.0
LEAST_SCALE, MOST_SCALE = 0.98, 1.02


@dataclass(frozen=True)
class Calibration:
    """A shift in mm, to the right and downwards, and a scale in each direction around the middle of the page.

    Where the 180 mm ruler of the test page measures 179 mm across, `sx` is 180 / 179. Scaled modules are no longer
    whole dots: leave 1 where the ruler is right. LabelError `calibration_out_of_range` beyond 5 mm or 2 %.
    """

    dx: float = 0
    dy: float = 0
    sx: float = 1
    sy: float = 1

    def __post_init__(self) -> None:
        # Written so that a NaN fails too.
        if not (abs(self.dx) <= MOST_SHIFT and abs(self.dy) <= MOST_SHIFT):
            raise LabelError("calibration_out_of_range", f"shift {self.dx}, {self.dy} mm; at most {MOST_SHIFT:g} mm")
        if not all(LEAST_SCALE <= scale <= MOST_SCALE for scale in (self.sx, self.sy)):
            raise LabelError("calibration_out_of_range", f"scale {self.sx}, {self.sy}; {LEAST_SCALE} to {MOST_SCALE}")

    def matrix(self, width: float, height: float) -> tuple[float, float, float, float, float, float]:
        """The PDF matrix for a page of `width` x `height` mm."""
        aside = (1 - self.sx) * width / 2 + self.dx
        up = (1 - self.sy) * height / 2 - self.dy
        return self.sx, 0, 0, self.sy, aside * mm, up * mm
