"""What people send is read whatever wrote it; what is no table is refused in a sentence, and quickly."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app import sheets
from app.errors import Refused
from app.sheets.limits import LARGEST, MOST_LINES
from app.words import spoken
from tests.asking import person
from tests.make import World

TABLE = "Nom;Série;Prix\nÉcran n° 1;0012;1 234,50 €\n\n“Écran” 2;A=1;-3\n"
READ = [(1, ["Nom", "Série", "Prix"]), (2, ["Écran n° 1", "0012", "1 234,50 €"]), (4, ["“Écran” 2", "A=1", "-3"])]


def lines(content: bytes) -> Any:
    (sheet,) = sheets.opened(content)
    return list(sheet.lines)


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as no:
        sheets.opened(content)
    assert no.value.status in {413, 422}
    assert len(spoken(no.value.words)) > 15
    return no.value.code


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_alphabet_gives_the_same_letters(alphabet: str):
    assert lines(TABLE.encode(alphabet)) == READ


def test_utf_16_with_the_mark_of_the_other_order():
    assert lines(b"\xfe\xff" + TABLE.encode("utf-16-be")) == READ


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_the_separator_is_found_though_cells_hold_the_others(sign: str):
    text = f'a{sign}b{sign}c\n"1,5; x"{sign}"2,5"{sign}"3\t,4;"\n'
    assert lines(text.encode()) == [(1, ["a", "b", "c"]), (2, ["1,5; x", "2,5", "3\t,4;"])]


def test_the_line_that_tells_excel_the_separator_is_no_line_of_the_table():
    assert lines(b"sep=;\na;b\n1;2\n") == [(2, ["a", "b"]), (3, ["1", "2"])]


def test_a_cell_over_two_lines_counts_both():
    assert lines(b'a;b\r\n"1\r\n1";2\r\n3;4\r\n') == [(1, ["a", "b"]), (2, ["1\r\n1", "2"]), (4, ["3", "4"])]


def workbook(**rows: list[list[Any]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, cells in rows.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_the_sheets_of_a_workbook_keep_their_lines_days_and_numbers():
    content = workbook(
        Matériel=[["Inventaire 2026"], [], ["Nom", "Acheté le", "Prix"], ["P 1", datetime(2020, 10, 15), 826.8]],
        Vide=[],
        Prêts=[["Nom", "Depuis"], [12.0, date(2026, 11, 24)]],
    )
    first, second = sheets.opened(content)
    assert (first.name, list(first.lines)) == (
        "Matériel",
        [(1, ["Inventaire 2026"]), (3, ["Nom", "Acheté le", "Prix"]), (4, ["P 1", "2020-10-15", "826.8"])],
    )
    assert list(second.lines)[1] == (2, ["12", "2026-11-24"])


def test_a_hidden_sheet_and_the_empty_end_of_a_sheet_are_not_read():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Nom"])
    book.active["A300000"] = "loin"
    book.create_sheet("Listes").append(["x"])
    book["Listes"].sheet_state = "hidden"
    book.save(out)
    (sheet,) = sheets.opened(out.getvalue())
    assert list(sheet.lines) == [(1, ["Nom"])]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def rebuilt(content: bytes, **parts: bytes) -> bytes:
    """The workbook with some parts exchanged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return zipped(**(kept | {name.replace("__", "/"): text for name, text in parts.items()}))


def test_a_zip_bomb_is_not_opened():
    began = time.monotonic()
    bomb = rebuilt(workbook(A=[["x"]]), **{"xl/worksheets/sheet1.xml": b"<x>" + b" " * (210 * 2**20)})
    assert len(bomb) < LARGEST
    made = time.monotonic()
    assert refused(bomb) == "file_unreadable"
    assert time.monotonic() - made < max(1, made - began)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_an_entity_reads_no_file_of_the_house(part: str):
    content = workbook(A=[["Nom", "x"], ["a", "b"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(part)
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + text.partition(b"?>")[2].replace(
        b"Nom", b"&e;"
    )
    assert refused(rebuilt(content, **{part: evil})) == "file_unreadable"


def billion() -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return rebuilt(workbook(A=[["x"]]), **{"xl/workbook.xml": laughs + b"]><x>&j;</x>"})


BAD: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("blanks", b" \n\n "),
    ("zeros", b"\0" * 10_000),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n\x00\x01\x02"),
    ("an old Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500),
    ("half a workbook", workbook(A=[["x"]])[:-200]),
    ("an empty zip", b"PK\x03\x04rubbish"),
    ("a zip of something else", zipped(photo__jpg=b"x")),
    ("macros", rebuilt(workbook(A=[["x"]]), **{"xl/vbaProject.bin": b"x"})),
    ("a billion laughs", billion()),
    ("a workbook without sheets", zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})),
    ("one endless cell", b'"' + b"a" * 300_000),
    ("too many lines", b"a;b\n" * (MOST_LINES + 2)),
    ("half of UTF-16", "é".encode("utf-16")[:3]),
]


@pytest.mark.parametrize("content", [one for _name, one in BAD], ids=[name for name, _one in BAD])
def test_what_is_no_table_is_refused_in_a_sentence(content: bytes):
    assert refused(content) in {"file_unreadable", "file_empty", "too_large"}


def test_two_hundred_megabytes_are_not_looked_at():
    content = b"a;b\n" * (50 * 2**20)
    began = time.monotonic()
    assert refused(content) == "too_large"
    assert time.monotonic() - began < 1


FORMULAS = ["=1+1", "+33 6", "-3", "@x", "\tx", "\rx", "=cmd|' /C calc'!A0"]


def as_bytes(blocks: Iterator[bytes]) -> bytes:
    return b"".join(blocks)


def test_no_cell_becomes_a_formula_and_each_comes_back_as_it_was():
    rows = [[text, "x"] for text in FORMULAS]
    plain = as_bytes(sheets.as_csv(["=a", "b"], rows))
    cells = [line.partition(";")[0].strip('"') for line in plain.decode("utf-8-sig").split("\r\n") if line]
    assert all(cell.startswith("'") for cell in cells if cell)
    assert [cells[0] for _n, cells in lines(plain)[1:]] == [text.strip() for text in FORMULAS]
    book = openpyxl.load_workbook(io.BytesIO(as_bytes(sheets.as_xlsx("a", ["=a", "b"], rows))))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s"}


def test_a_table_written_is_read_again():
    rows = [["Écran", 12.5, date(2026, 11, 24), None, "a;b\nc"]]
    head = ["Nom", "Prix", "Le", "Rien", "Texte"]
    (_first, plain), (_head, excel) = (
        lines(as_bytes(sheets.as_csv(head, rows))),
        lines(as_bytes(sheets.as_xlsx("Feuille", head, rows))),
    )
    assert plain[1] == excel[1] == ["Écran", "12.5", "2026-11-24", "", "a;b\nc"]


def test_what_is_packed_is_unpacked():
    book = sheets.opened(TABLE.encode())
    again = sheets.unpacked(sheets.packed(book))
    assert [(n, list(cells)) for n, cells in next(iter(again)).lines] == READ
    assert sheets.packed(book) == sheets.packed(again)


def test_a_file_too_large_is_told_by_the_page(app: Flask, world: World):
    body = b"--b" + b"a;b\n" * (7 * 2**20)
    answer = person(app, world).ask("POST", "/import", data=body, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, "<h1>" in answer.text) == (413, True)
