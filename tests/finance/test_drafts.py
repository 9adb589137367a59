"""Drafts of invoices: what a pasted table or an electronic invoice tells, to the cent; and what cannot be read, in words.

`samples/*.pdf` are real Factur-X files (PDF/A-3), made by akretion's generator `factur-x` 7.8 from XML that its schemas
accept, one a profile; the house itself reads them with another library.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select, update

from app import files
from app.db import session, writing
from app.errors import Refused
from app.files import StoredFile
from app.finance import cii, electronic, pasted
from app.finance.drafts import Draft, spread
from app.finance.spending import Paper
from tests.asking import Asker, person, program, rows
from tests.finance import money
from tests.make import AUDITED, NOW, World

SAMPLES = Path(__file__).parent / "samples"
XML = (SAMPLES / "en16931.xml").read_bytes()
DRAFT = "/finance/invoices/draft"
Told = list[tuple[str, int, int, int]]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def told(draft: Draft) -> Told:
    return [(one.words, one.quantity, one.net_cents, one.vat_cents) for one in draft.lines]


# The cable that is 33,33 is taxed 6,67 alone; three of them, less and more of the same, are taxed 20,00 together.
EN = [
    ("Câble HDMI", 1, 3333, 667), ("Câble VGA", 1, 3333, 666), ("Câble RJ45", 1, 3333, 667), ("Livre <numérique> (2,5)", 1, 3125, 172),
    ("Remise fidélité", 1, -500, -100), ("Port", 1, 500, 100),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "number", "grand", "lines"),
    [
        ("minimum", "invoice", "F-MIN-1", 82_680, [("", 1, 68_900, 13_780)]),
        (
            "basicwl",
            "invoice",
            "F-WL-1",
            87_955,
            [("Taxé à 20 %", 1, 68_900, 13_780), ("Taxé à 5,5 %", 1, 5000, 275)],
        ),
        ("en16931", "invoice", "F-EN-1", 15_296, None),
        ("avoir", "credit_note", "A-EN-1", 82_680, [("Retour d’un portable", 1, 68_900, 13_780)]),
        ("extended", "invoice", "F-EX-1", 73_464, [("Tablette", 3, 59_970, 11_994), ("Livraison", 1, 1250, 250)]),
    ],
)
def test_a_factur_x_file_of_each_profile_makes_a_draft_that_comes_to_its_total(
    inside: World, name: str, kind: str, number: str, grand: int, lines: Told | None
):
    draft = electronic.read(sample(f"{name}.pdf"))
    assert (draft.kind, draft.number, draft.supplier) == (kind, number, "UGAP Équipement & Cie")
    assert str(draft.issued_on) == "2020-10-15"
    assert (draft.grand_cents, draft.total_cents, draft.differs) == (grand, grand, False)
    if lines:
        assert told(draft) == lines


def test_tax_that_stands_on_the_whole_is_spread_over_the_lines_to_the_cent(inside: World):
    draft = electronic.read(sample("en16931.pdf"))
    assert [(words, n, net) for words, n, net, _vat in told(draft)] == [(words, n, net) for words, n, net, _vat in EN]
    assert sum(vat for *_rest, vat in told(draft)) == 2172
    assert (str(draft.from_day), str(draft.to_day), draft.due_cents) == ("2020-10-01", "2020-10-31", 10_296)
    assert any("102,96" in str(note) for note in draft.notes)
    assert told(electronic.read(XML)) == told(draft), "bare XML says the same"


def test_a_total_that_its_lines_do_not_come_to_is_said(inside: World):
    draft = electronic.read(XML.replace(b">152.96<", b">152.97<"))
    assert (draft.grand_cents, draft.total_cents, draft.differs) == (15_297, 15_296, True)


def test_a_credit_note_with_amounts_below_zero_is_written_above(inside: World):
    xml = XML
    for amount in (b"33.33", b"31.25", b"20.00", b"1.72", b"5.00", b"131.24", b"21.72", b"152.96", b"102.96"):
        for name in (
            b"LineTotalAmount",
            b"CalculatedAmount",
            b"ActualAmount",
            b"GrandTotalAmount",
            b"DuePayableAmount",
        ):
            xml = xml.replace(b"<ram:" + name + b">" + amount, b"<ram:" + name + b">-" + amount)
    draft = electronic.read(xml)
    assert (draft.kind, draft.grand_cents, draft.total_cents) == ("credit_note", 15_296, 15_296)


def test_another_currency_fills_no_amounts(inside: World):
    draft = electronic.read(XML.replace(b">EUR<", b">USD<"))
    assert (draft.lines, draft.grand_cents, draft.number) == ([], None, "F-EN-1")
    assert "USD" in str(draft.notes[0])


def test_more_lines_than_an_invoice_takes_are_summed_up_by_rate(inside: World):
    start, end = XML.index(b"<ram:IncludedSupplyChain"), XML.index(b"<ram:ApplicableHeaderTradeAgreement")
    draft = electronic.read(XML[:start] + XML[start:end] * 30 + XML[end:])
    assert told(draft) == [("Taxé à 20 %", 1, 9999, 2000), ("Taxé à 5,5 %", 1, 3125, 172)]
    assert not draft.differs


def test_rounded_parts_come_to_the_whole_unless_they_are_far_from_it():
    assert spread(2000, [667, 667, 667], [1, 2, 3]) == [667, 667, 666]
    assert spread(-2000, [-667, -667, -667], [3, 2, 1]) == [-666, -667, -667]
    assert spread(5000, [667, 667], [1, 1]) == [667, 667]
    assert spread(1, [0], [5]) == [0]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><x>&h;</x>""" % b"".join(
    b'<!ENTITY %c "%s">' % (ord("a") + n, b"&%c;" % (ord("a") + n - 1) * 10) for n in range(1, 8)
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def refusal(read: Callable[[Any], Draft], content: Any) -> Refused | None:
    """Why it was refused, if it was; any other way of failing fails the test."""
    try:
        read(content)
    except Refused as no:
        return no
    return None


def locked() -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(sample("minimum.pdf"))), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def carrying(content: bytes, name: str = "factur-x.xml", times: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for n in range(times):
        writer.add_attachment(name if times == 1 else f"{n}{name}", content)
    writer.write(out)
    return out.getvalue()


def swollen() -> bytes:
    """A stream that unpacks to 200 MB."""
    packed = zlib.compress(b"<a/>" * 50_000_000, 9)
    plain = carrying(b"<a/>")
    (start,) = [
        n for n in range(len(plain)) if plain.startswith(b"stream\n<a/>", n) or plain.startswith(b"stream\r\n<a/>", n)
    ]
    head = plain.rfind(b"<<", 0, start)
    end = plain.index(b"endstream", start)
    return (
        plain[:head]
        + b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\n"
        + plain[end:]
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"), (b"  \n", "file_empty"), (b"%PDF-1.4\n%%EOF", "file_unreadable"), (b"%PDF-", "file_unreadable"),
        (sample("minimum.pdf")[:2000], None), (sample("minimum.pdf").replace(b"xref", b"xxxx"), None), (b"Facture", "no_invoice_inside"),
        (b"<html></html>", "no_invoice_inside"), (b"<a", "no_invoice_inside"), (BOMB, "no_invoice_inside"), (OUTSIDE, "no_invoice_inside"),
        (b"<a>" * 100_000, "no_invoice_inside"), (b"\xff\xfe<\0a\0", "no_invoice_inside"), (b'<?xml version="1.0" encoding="x"?><a/>', "no_invoice_inside"),
        (b"x" * 10_000_001, "too_large"), (b"<a>" + b" " * 5_000_001 + b"</a>", "too_large"), (carrying(b"x", "note.txt"), "no_invoice_inside"),
        (carrying(BOMB), "no_invoice_inside"), (carrying(XML, "a.xml", 2), "no_invoice_inside"), (carrying(b"<a>" + b" " * 5_000_001), "too_large"),
    ],
)  # fmt: skip
def test_whatever_is_no_invoice_is_refused_with_a_sentence(inside: World, content: bytes, code: str | None):
    no = refusal(electronic.read, content)
    if no is None:
        assert code is None, "a damaged file may still be read"
    else:
        assert code in {None, no.code}
        assert str(no.words)


def test_a_locked_pdf_and_one_that_unpacks_to_far_more_are_refused(inside: World):
    for content in (locked(), swollen()):
        with pytest.raises(Refused) as no:
            electronic.read(content)
        assert no.value.status in {413, 422}


def test_a_pdf_with_one_other_xml_is_looked_into(inside: World):
    assert told(electronic.read(carrying(XML, "rechnung.xml"))) == told(electronic.read(XML))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_file_breaks_its_reading(data: st.DataObject):
    content = bytearray(data.draw(st.sampled_from([sample("minimum.pdf"), sample("en16931.pdf"), XML])))
    for _turn in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    no = refusal(electronic.read, bytes(content))
    assert no is None or no.status in {413, 422}


@pytest.mark.parametrize("amount", [b"1e999999999", b"NaN", b"-Infinity", b"1" * 60, b"", b"abc", b"0x10"])
def test_an_amount_that_is_none_breaks_nothing(inside: World, amount: bytes):
    for was in (b"33.33", b"20.00", b"152.96", b"2.5", b"31.25"):
        draft = cii.read(XML.replace(b">" + was + b"<", b">" + amount + b"<"))
        assert isinstance(draft.total_cents, int)


@pytest.mark.parametrize(
    ("text", "lines", "grand"),
    [
        (
            "Désignation\tQté\tPU HT\tTVA\tTotal TTC\nPortable\t2\t689,00 €\t20 %\t1 653,60\nPort\t1\t12\t20 %\t14,40\nTotal TTC\t\t\t\t1 668,00",
            [("Portable", 2, 137_800, 27_560), ("Port", 1, 1200, 240)], 166_800,
        ),
        ("Portable;2;689,00;1378,00;20%\nPort;1;12,00;12,00;20%", [("Portable", 2, 137_800, 27_560), ("Port", 1, 1200, 240)], None),
        ("Portable;2;689,00;20;1653,60\nPort;1;12,00;20;14,40", [("Portable", 2, 137_800, 27_560), ("Port", 1, 1200, 240)], None),
        ("R12\tPortable\t2\t689\t1,378.00\t275.60\t1,653.60", [("R12 Portable", 2, 137_800, 27_560)], None),
        ("Libellé;Montant HT;TVA;TTC\nA;100;20;120\nB;50;10;60", [("A", 1, 10_000, 2000), ("B", 1, 5000, 1000)], None),
        ("Libellé;Montant HT;TVA\nA;100;20\nB;50;20", [("A", 1, 10_000, 2000), ("B", 1, 5000, 1000)], None),
        ("Portable  2  689,00  1 378,00", [("Portable", 2, 137_800, 0)], None),
        ("Heures;2,5;40;100", [("Heures (2,5)", 1, 10_000, 0)], None),
        ("Remise;−10,00;20%;−12,00", [("Remise", 1, -1000, -200)], None),
    ],
)  # fmt: skip
def test_a_pasted_table_is_read_by_its_headers_or_by_the_sums_that_prove_a_reading(
    inside: World, text: str, lines: Told, grand: int | None
):
    draft = pasted.read(text)
    assert told(draft) == lines
    assert (draft.grand_cents, draft.differs) == (grand, False)


def test_what_could_not_be_read_of_a_table_is_said_line_by_line(inside: World):
    draft = pasted.read("Libellé;Qté;PU;Total HT\nA;2;10;20\nB;deux;10;20\nC;2;10;21\nD;1;1.234;")
    assert told(draft) == [("A", 2, 2000, 0), ("C", 2, 2100, 0)]
    said = [str(note) for note in draft.notes]
    assert [any(f"ligne {n}" in one for one in said) for n in (2, 3, 4, 5)] == [False, True, True, True], said


@pytest.mark.parametrize("text", ["", "bonjour", "a;b;c", "\t\t\t", '"', "Total TTC;100"])
def test_a_text_without_amounts_is_refused_with_what_to_do(inside: World, text: str):
    with money.says_no("nothing_read"):
        pasted.read(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='ab;\t\n"|1289,.%€- \u00a0', max_size=200))
def test_no_pasted_text_breaks_its_reading(text: str):
    no = refusal(pasted.read, text)
    assert no is None or no.fields


def ask(one: Asker, **parts: Any) -> Any:
    form = {"csrf": one.csrf, "operation": AUDITED} | parts
    return one.ask("POST", DRAFT, data=form, content_type="multipart/form-data")


def test_the_page_is_filled_and_no_invoice_is_written_until_the_person_saves(app: Flask, world: World):
    with app.app_context():
        money.operation(world)
    finn = person(app, world, "finn")
    before = rows(app)
    page = ask(finn, file=(io.BytesIO(sample("avoir.pdf")), "avoir.pdf"))
    assert page.status_code == 200
    for value in (
        'value="A-EN-1"',
        'value="2020-10-15"',
        'value="689,00"',
        'value="137,80"',
        'value="UGAP Équipement &amp; Cie"',
    ):
        assert value in page.text
    assert 'value="credit_note" checked' in page.text
    assert rows(app) == before | {"stored_file": before["stored_file"] + 1}, "the file waits, and nothing else"


CARD = {
    "supplier": "UGAP",
    "number": "F1",
    "issued_on": "2020-10-15",
    "lines.0.words": "Portable",
    "lines.0.net_cents": "10,00",
}


def save(one: Asker, **parts: Any) -> Any:
    form = {"csrf": one.csrf, "id": str(uuid4()), "kind": "invoice", "means": "transfer"} | CARD | parts
    return one.ask("POST", "/finance/invoices", data=form, content_type="multipart/form-data")


def drafted(page: Any) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page.text)
    return found[1] if found else ""


def the_paper(app: Flask) -> tuple[str, bytes, Any]:
    """The one paper there is: its kind, its bytes, until when."""
    with app.app_context():
        paper = session().scalars(select(Paper)).one()
        path = files.path_of(app.config["SETTINGS"].instance, paper.file)
        return paper.kind, path.read_bytes(), paper.file.keep_until


def test_the_file_that_was_read_goes_with_the_invoice_it_filled_in(app: Flask, world: World):
    with app.app_context():
        money.operation(world)
    finn = person(app, world, "finn")
    page = ask(finn, file=(io.BytesIO(sample("en16931.pdf")), "f.pdf"))
    parts = {"draft": drafted(page), "id": str(uuid4())}
    told = [save(finn, **parts) for _n in range(2)]
    assert [(one.status_code, one.location) for one in told] == [(303, told[0].location)] * 2
    assert the_paper(app) == ("invoice", sample("en16931.pdf"), None)
    with app.app_context():
        files.destroy_outdated(app.config["SETTINGS"].instance, at=NOW + timedelta(days=900))
    assert the_paper(app)[1] == sample("en16931.pdf")


def test_a_paper_chosen_before_a_fault_is_not_chosen_again(app: Flask, world: World):
    finn = person(app, world, "finn")
    again = save(finn, issued_on="", paper=(io.BytesIO(sample("minimum.pdf")), "f.pdf"))
    assert (again.status_code, bool(drafted(again))) == (422, True)
    assert save(finn, kind="personnel", draft=drafted(again)).status_code == 303
    assert the_paper(app) == ("payslip", sample("minimum.pdf"), None)


def test_a_file_that_is_no_paper_is_refused_beside_its_field_with_all_that_was_typed(app: Flask, world: World):
    finn, before = person(app, world, "finn"), rows(app)
    no = save(finn, paper=(io.BytesIO(b"MZ"), "f.pdf"))
    assert (no.status_code, 'id="paper-fault"' in no.text, 'value="10,00"' in no.text) == (422, True, True)
    assert "ni une photo ni un PDF" in no.text
    both = save(finn, issued_on="", paper=(io.BytesIO(b"MZ"), "f.pdf"))
    assert ['id="paper-fault"' in both.text, 'id="issued_on-fault"' in both.text] == [True, True], "said at once"
    assert rows(app) == before


@pytest.mark.parametrize("swept", [True, False])
def test_what_nobody_took_within_a_day_is_gone_and_said_so(app: Flask, world: World, swept: bool):
    """Also where the chore has not been by yet: it would take the bytes from under the invoice."""
    with app.app_context():
        money.operation(world)
    finn = person(app, world, "finn")
    left = drafted(ask(finn, file=(io.BytesIO(sample("en16931.pdf")), "f.pdf")))
    with app.app_context(), writing() as s:
        if swept:
            files.destroy_outdated(app.config["SETTINGS"].instance, at=datetime.now(UTC) + timedelta(days=2))
        else:
            s.execute(update(StoredFile).values(keep_until=datetime.now(UTC) - timedelta(seconds=1)))
    no = save(finn, draft=left)
    assert (no.status_code, 'id="paper-fault"' in no.text, drafted(no)) == (422, True, "")
    assert save(finn).status_code == 303, "without it the invoice is written all the same"


def test_a_file_of_another_kind_is_nobodys_paper(app: Flask, world: World):
    """An invoice takes what was chosen for an invoice, not whatever lies in the house under a number."""
    with app.app_context():
        other = files.write(app.config["SETTINGS"].instance, b"x", kind="thing", media_type="image/jpeg", at=NOW)
        with writing() as s:
            s.add(other)
        number = str(other.uuid)
    no = program(app, world, "finn").post("/finance/invoices", json=JSON | {"draft": number})
    assert (no.status_code, no.json["error"]) == (422, "draft_gone")


JSON = {"supplier": "UGAP", "number": "F1", "issued_on": "2020-10-15", "lines": [{"words": "x", "net_cents": 1000}]}


def test_programs_are_told_the_draft_at_the_same_address(app: Flask, world: World):
    finn = program(app, world, "finn")
    pasted_ = finn.post(DRAFT, json={"text": "\tHT\tTVA\tTTC\nPortable\t689,00\t137,80\t826,80"})
    assert (pasted_.status_code, pasted_.json["lines"]) == (
        200,
        [{"words": "", "quantity": 1, "net_cents": 68_900, "vat_cents": 13_780}],
    )
    sent = finn.ask(
        "POST", DRAFT, data={"file": (io.BytesIO(sample("en16931.pdf")), "f.pdf")}, content_type="multipart/form-data"
    )
    assert (sent.json["grand_cents"], sent.json["total_cents"], sent.json["differs"]) == (15_296, 15_296, False)
    assert finn.post(DRAFT, json={}).json["error"] == "nothing_read"
    assert finn.post(DRAFT, json={"text": "x", "operation": "HF0000009"}).status_code == 404


def test_what_is_wrong_with_the_file_stands_beside_it_and_the_page_can_still_be_typed(app: Flask, world: World):
    finn = person(app, world, "finn")
    page = ask(finn, operation="", file=(io.BytesIO(b"%PDF-1.4 nothing"), "f.pdf"))
    assert page.status_code == 422
    assert 'id="file-fault"' in page.text
    assert 'name="supplier"' in page.text
    wrong = ask(finn, operation="", text="bonjour")
    assert (wrong.status_code, "bonjour" in wrong.text, 'id="text-fault"' in wrong.text) == (422, True, True)


def test_a_draft_saved_as_it_is_comes_to_what_the_paper_says(app: Flask, world: World):
    finn = program(app, world, "finn")
    sent = finn.ask(
        "POST", DRAFT, data={"file": (io.BytesIO(sample("en16931.pdf")), "f.pdf")}, content_type="multipart/form-data"
    ).json
    wish = {name: sent[name] for name in ("kind", "supplier", "number", "issued_on", "from_day", "to_day", "lines")}
    kept = finn.post("/finance/invoices", json=wish)
    assert (kept.status_code, kept.json["gross_cents"]) == (201, 15_296), kept.json
    edited = person(app, world, "finn").get(f"{kept.headers['Location']}/edit")
    assert 'value="-5,00"' in edited.text


def test_the_samples_are_what_they_are_called():
    for path in SAMPLES.glob("*.pdf"):
        assert [one.name for one in PdfReader(path).attachment_list] == ["factur-x.xml"]
