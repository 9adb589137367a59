"""Tables as people keep them, CSV and Excel: read with their oddities, written so that no cell becomes a formula."""

from app.sheets.beside import Beside, holds_files
from app.sheets.book import LARGEST, MOST_LINES, Book, Sheet, opened, opened_at, packed, unpacked
from app.sheets.writing import archived, as_csv, as_xlsx

__all__ = [
    "LARGEST",
    "MOST_LINES",
    "Beside",
    "Book",
    "Sheet",
    "archived",
    "as_csv",
    "as_xlsx",
    "holds_files",
    "opened",
    "opened_at",
    "packed",
    "unpacked",
]
