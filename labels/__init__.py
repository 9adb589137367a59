"""Labels with codes that last: a pure library, without Flask and without a database."""

from . import codes
from .bitmap import render_png
from .calibration import Calibration
from .errors import LabelError
from .label import FUNDING, Funding, Label
from .layout import lay_out
from .logos import Logo
from .media import MEDIA, ROLLS, SHEETS, Medium, Roll, Sheet, media
from .pdf import render_pdf
from .test_page import render_test_page
from .zpl import render_zpl

__all__ = [
    "FUNDING",
    "MEDIA",
    "ROLLS",
    "SHEETS",
    "Calibration",
    "Funding",
    "Label",
    "LabelError",
    "Logo",
    "Medium",
    "Roll",
    "Sheet",
    "codes",
    "lay_out",
    "media",
    "render_pdf",
    "render_png",
    "render_test_page",
    "render_zpl",
]
