"""Labels from CSV with a head line: `code,url`, and any of `name,owner,contact,word,statement`.

A statement is a programme period ("2021-2027") or the words themselves, lines parted by "|".
"""

import csv
import io

from .errors import LabelError
from .label import FUNDING, Funding, Label

COLUMNS = ("code", "url", "name", "owner", "contact", "word")


def read_labels(raw: bytes) -> list[Label]:
    """The labels of a CSV in UTF-8; LabelError `bad_csv`, else that of the first wrong label with its line."""
    try:
        text = raw.decode("utf-8-sig")
        lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        _check_head(lines.fieldnames or ())
        return [_label(line, lines.line_num) for line in lines]
    except (csv.Error, UnicodeDecodeError) as error:
        raise LabelError("bad_csv", str(error)) from error


def _check_head(heads: object) -> None:
    names = [*heads] if isinstance(heads, list | tuple) else []
    if not {"code", "url"} <= set(names) <= {*COLUMNS, "statement"} or len(names) != len(set(names)):
        raise LabelError("bad_csv", f"the columns are {','.join(COLUMNS)},statement, not {','.join(names)[:80]!r}")


def _label(line: dict[str, str], number: int) -> Label:
    # The reader keeps fields without a head under None, and None for the fields that a line lacks.
    if None in line or None in line.values():
        raise LabelError("bad_csv", f"line {number} has not as many fields as the head")
    code, url, name, owner, contact, word = (line.get(column, "") for column in COLUMNS)
    try:
        return Label(code, url, name, owner, contact, _funding(line.get("statement", "").strip()), word)
    except LabelError as error:
        raise LabelError(error.code, f"line {number}: {error.detail}") from error


def _funding(statement: str) -> Funding | None:
    if not statement:
        return None
    return FUNDING.get(statement) or Funding(tuple(statement.split("|")))
