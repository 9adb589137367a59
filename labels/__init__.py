"""Labels with codes that last: a pure library, without Flask and without a database."""

from . import codes
from .errors import LabelError
from .label import FUNDING, Funding, Label
from .layout import lay_out
from .media import SHEETS, Sheet, media
from .pdf import render_pdf

__all__ = ["FUNDING", "SHEETS", "Funding", "Label", "LabelError", "Sheet", "codes", "lay_out", "media", "render_pdf"]
