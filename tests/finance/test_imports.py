"""Budget lines and invoices from tables: read to the cent, written once, compared with what is there."""

from __future__ import annotations

import string
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from app.cli.verifying import all_faults
from app.db import session
from app.errors import Refused
from app.finance import allocations, budget
from app.finance.budget_lines import BUDGET_LINES
from app.finance.cells import as_hundredths, as_money
from app.finance.forms import NewLine
from app.finance.invoice_lines import INVOICES
from app.finance.models import BudgetLine, Operation
from app.finance.spending import Expense
from app.finance.spending_forms import Allocate
from app.imports import columns
from app.imports.columns import Head
from app.words import said_to, spoken
from tests.finance import money, tables
from tests.finance.tables import faults, look, take_over
from tests.make import AUDITED, World, do

HEAD = "Fournisseur;N° facture;Date;Désignation;Qté;HT;TVA;TTC;Ligne;Opération;Payée le;Moyen de paiement\n"
UGAP = (
    HEAD + "UGAP;F-12;15/10/2020;Portables;20;13 780,00 €;2 756,00 €;16 536,00 €;L3.1;NP0022605;12/11/2020;virement\n"
)
CABLE = "UGAP;F-12;15/10/2020;Câbles;5;50,00;;60,00;L3.1;NP0022605;12/11/2020;virement\n"
PLAN = "Code;Poste;Libellé;Montant prévu;Forfait;Base;Reçoit du matériel\n"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 517 665,00 €", 151_766_500), ("1,234.50", 123_450), ("−12,00", -1200), ("(12,00)", -1200), ("12,00-", -1200),
        ("1.234,50", 123_450), ("1,234,567.89", 123_456_789), ("1.234.567", 123_456_700), ("€ 12.5", 1250),
        ("1 234,5", 123_450), ("0.125", 13), ("33.3333333333", 3333), ("826.8", 82_680), ("12 EUR", 1200),
        ("1.234", None), ("1,234", None), ("", None), ("douze", None), ("12 rue 5", None), ("1.23.4", None),
        ("9" * 30, None), ("1e5", None), ("-", None), ("١٢", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_the_shapes_of_both_languages_and_never_guessed(text: str, cents: int | None):
    assert as_money(text) == cents


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("20 %", 2000), ("28,81", 2881), ("0,15", None), ("1", None), ("1 %", 100), ("0", 0), ("120", None)],
)
def test_a_percentage_that_a_sheet_may_mean_otherwise_is_not_guessed(text: str, hundredths: int | None):
    assert as_hundredths(text) == hundredths


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", [BUDGET_LINES, INVOICES])
def test_our_own_headers_are_known_in_either_language(inside: World, language: str, kind: Any):
    with said_to(language):
        words = [spoken(one.words) for one in kind.fields]
    head = Head("", 1, words, [])
    assert columns.proposed([head], kind)["0"] == [one.name for one in kind.fields]


def test_lines_of_one_supplier_and_number_become_one_invoice_wherever_they_stand(app: Flask, inside: World):
    money.operation(inside)
    other = "Manutan;M1;16/10/2020;Chariot;1;100;20;120;;;;\n"
    assert take_over(inside, UGAP + other + CABLE) == {"new": 3}
    first, second = session().scalars(select(Expense).order_by(Expense.id))
    assert [(one.words, one.quantity, one.net_cents, one.vat_cents) for one in first.lines] == [
        ("Portables", 20, 1_378_000, 275_600),
        ("Câbles", 5, 5000, 1000),
    ]
    assert (first.paid_on.isoformat(), first.payments[0].means, first.allocated_cents) == (
        "2020-11-12",
        "transfer",
        1_659_600,
    )
    assert (second.supplier, second.gross_cents, second.paid_cents) == ("Manutan", 12_000, 0)
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_same_file_again_does_nothing_and_another_file_with_the_same_invoice_finds_it_as_it_was(inside: World):
    money.operation(inside)
    assert take_over(inside, UGAP + CABLE) == {"new": 2}
    assert take_over(inside, UGAP + CABLE) == {"before": 2}
    assert take_over(inside, UGAP + CABLE + "\n") == {"same": 2}
    assert session().query(Expense).count() == 1


def test_an_invoice_longer_than_a_slice_stays_one(inside: World):
    money.operation(inside)
    some = [f"S{n};1;15/10/2020;x;1;1;0;1;;;;\n" for n in range(95)]
    rows = [f"UGAP;F-12;15/10/2020;Câble {n};1;1;0;1;;;;\n" for n in range(90)]
    assert take_over(inside, HEAD + "".join([*some, *rows])) == {"new": 185}
    assert take_over(inside, HEAD + "".join([*some, *rows])) == {"before": 185}
    assert len(session().scalars(select(Expense).where(Expense.supplier == "UGAP")).one().lines) == 90


@pytest.mark.parametrize(
    ("was", "says", "field"),
    [
        ("13 780,00 €", "13 781,00 €", "net_cents"), ("16 536,00 €", "16 537,00 €", "gross_cents"), ("Portables", "Tablettes", "words"),
        (";20;", ";21;", "quantity"), ("15/10/2020", "16/10/2020", "issued_on"), ("12/11/2020", "13/11/2020", "paid_on"),
        ("virement", "chèque", "means"), ("L3.1", "L4", "budget_line"),
    ],
)  # fmt: skip
def test_what_differs_from_the_invoice_that_is_there_is_told_beside_its_cell_and_nothing_is_written(
    inside: World, was: str, says: str, field: str
):
    money.operation(inside)
    take_over(inside, UGAP)
    (step,) = look(
        inside, UGAP.replace(was, says).replace(";2 756,00 €", ";" if field == "net_cents" else ";2 756,00 €")
    )
    assert (step.what, field in step.faults) == ("fault", True), step.faults
    assert take_over(inside, UGAP.replace(was, says)) == {"fault": 1}
    assert session().query(Expense).count() == 1


def test_another_number_of_lines_than_the_invoice_has_is_a_fault(inside: World):
    money.operation(inside)
    take_over(inside, UGAP + CABLE)
    assert faults(look(inside, UGAP)) == [["line"]]


def test_net_and_tax_must_come_to_the_whole_and_two_of_the_three_are_enough(inside: World):
    head = "Fournisseur;N° facture;Date;Désignation;HT;TVA;TTC\n"
    rows = [
        "A;1;15/10/2020;x;100;20;121",
        "A;2;15/10/2020;x;100;;120",
        "A;3;15/10/2020;x;;20;120",
        "A;4;15/10/2020;x;;;120",
    ]
    assert faults(look(inside, head + "\n".join(rows))) == [["gross_cents"], [], [], ["net_cents"]]
    assert take_over(inside, head + "\n".join(rows)) == {"new": 2, "fault": 2}
    assert {(one.net_cents, one.vat_cents) for one in session().scalars(select(Expense))} == {(10_000, 2000)}


def test_one_faulty_line_holds_its_whole_invoice_back(inside: World):
    money.operation(inside)
    steps = look(inside, UGAP + CABLE.replace("50,00", "beaucoup"))
    assert [step.what for step in steps] == ["fault", "fault"]
    assert faults(steps) == [["line"], ["net_cents"]]


def test_lines_of_one_invoice_that_disagree_about_its_date_are_a_fault(inside: World):
    money.operation(inside)
    assert faults(look(inside, UGAP + CABLE.replace("15/10/2020", "16/10/2020"))) == [["line"], ["issued_on"]]


def test_amounts_below_zero_make_a_credit_note_and_a_discount_stays_a_line_of_its_invoice(inside: World):
    money.operation(inside)
    text = HEAD + "UGAP;A-1;15/10/2020;Retour;1;−100,00;−20,00;−120,00;;;;\n"
    text += "UGAP;F-1;15/10/2020;Portable;1;689;137,80;;;;;\nUGAP;F-1;15/10/2020;Remise;1;-89;-17,80;;;;;\n"
    assert take_over(inside, text) == {"new": 3}
    note, bill = session().scalars(select(Expense).order_by(Expense.id))
    assert (note.kind, note.gross_cents) == ("credit_note", -12_000)
    assert (bill.kind, bill.gross_cents, [one.net_cents for one in bill.lines]) == ("invoice", 72_000, [68_900, -8900])
    assert [step.what for step in look(inside, text)] == ["same"] * 3
    assert [step.what for step in look(inside, tables.invoices())] == ["same"] * 3


@pytest.mark.parametrize(
    ("cell", "field"),
    [("HF0000002", "operation"), ("NP9999999", "operation"), ("L99", "budget_line"), ("L2", "budget_line")],
)
def test_an_operation_that_is_not_theirs_is_a_fault_in_the_words_of_one_that_is_not_there(
    inside: World, cell: str, field: str
):
    money.operation(inside)
    money.operation(inside, "HF0000002", "coco", lead=inside.organisations["mqcv"], partners=[])
    text = UGAP.replace("NP0022605" if field == "operation" else "L3.1", cell)
    (step,) = look(inside, text)
    assert list(step.faults) == [field]
    if field == "operation":
        (unknown,) = look(inside, UGAP.replace("NP0022605", "NP1"))
        assert str(step.faults["operation"]) == str(unknown.faults["operation"])


def test_an_organisation_whose_money_is_not_theirs_is_a_fault_and_its_invoices_are_not_looked_at(inside: World):
    money.operation(inside)
    money.invoice(inside, number="SECRET", supplier="Manutan", by=money.partner(inside))
    text = "Fournisseur;N° facture;Date;Désignation;HT;TVA;Payé par\nManutan;SECRET;15/10/2020;x;1;0;MQCV\n"
    (step,) = look(inside, text)
    assert list(step.faults) == ["payer"]
    (own,) = look(inside, text.replace("MQCV", "ACSM"))
    assert own.what == "new", "the number another organisation took is free here"
    assert take_over(inside, text, by=money.partner(inside), payer="mqcv") == {"fault": 1}


def test_payslips_without_a_number_are_counted_and_a_second_alike_is_in_doubt(inside: World):
    money.operation(inside)
    head = "Type;Date;Libellé;HT;Ligne;Opération;Du;Au\n"
    row = "Salaires;31/10/2020;Médiatrice;2 100,00;L1;NP0022605;01/10/2020;31/10/2020\n"
    assert take_over(inside, head + row + row) == {"new": 1, "fault": 1}
    assert [step.what for step in look(inside, head + row)] == ["same"]
    (other,) = look(inside, head + row.replace("2 100,00", "2 200,00"))
    assert (other.what, bool(str(other.double))) == ("new", True)
    money.invoice(
        inside,
        {"words": "Médiatrice", "net_cents": 210_000, "line": "L1"},
        kind="personnel",
        supplier="",
        number="",
        operation=AUDITED,
        issued_on="2020-10-31",
        from_day="2020-10-01",
        to_day="2020-10-31",
    )
    assert [step.what for step in look(inside, tables.invoices())] == ["same"] * 2


def test_a_partner_s_finance_brings_no_lines_and_nobody_into_an_operation_they_do_not_see(inside: World):
    money.operation(inside, only=())
    text = PLAN + "L1;Personnel;Médiateurs;10 000,00;;;non\n"
    for by, number in ((money.partner(inside), AUDITED), (money.partner(inside, "fcs"), AUDITED)):
        assert faults(look(inside, text, "budget_lines", by=by, operation=number)) == [["line"]]
    assert take_over(inside, text, "budget_lines", by=money.partner(inside)) == {"fault": 1}
    assert session().query(BudgetLine).count() == 0


def test_budget_lines_come_in_their_order_with_their_flat_rate_and_once(app: Flask, inside: World):
    row = money.operation(inside, only=())
    text = (
        PLAN
        + "L1;Personnel;Médiateurs;1 517 665,00 €;;;non\nL2;Frais;Forfait;100;15 %;L1;\n3.1;Matériel;Portables;50 000;;;oui\n"
    )
    assert take_over(inside, text, "budget_lines") == {"new": 3}
    assert take_over(inside, text, "budget_lines") == {"before": 3}
    assert take_over(inside, text + "\n", "budget_lines") == {"same": 3}
    told = [
        (one.code, one.initial_cents, one.flat_rate, [b.code for b in one.bases], one.accepts_assets)
        for one in budget.of(row)
    ]
    assert told == [
        ("L1", 151_766_500, None, [], False),
        ("L2", 10_000, 1500, ["L1"], False),
        ("3.1", 5_000_000, None, [], True),
    ]
    changed = look(inside, text.replace("50 000", "60 000").replace("Forfait;100", "Forfait;"), "budget_lines")
    assert faults(changed) == [[], [], ["initial_cents"]]
    assert list(all_faults(app.config["SETTINGS"])) == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("L1;x;y;beaucoup;;;", "initial_cents"), ("L1;x;y;;;;", "initial_cents"), (";x;y;1;;;", "code"), ("L1;x;;1;;;", "label"),
        ("L1;x;y;1;15 %;L7;", "bases"), ("L1;x;y;1;15 %;;", "bases"), ("L1;x;y;1;;L7;", "flat_rate"), ("L1;x;y;1;0,15;;", "flat_rate"),
        ("L1;x;y;1;;;peut-être", "accepts_assets"), ("L 1;x;y;1;;;", "code"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_budget_line_stands_beside_its_cell(inside: World, row: str, field: str):
    money.operation(inside, only=())
    (step,) = look(inside, PLAN + row + "\n", "budget_lines")
    assert field in step.faults, step.faults


WORDS = st.text(alphabet=string.printable + "éàœ’«»'=+-@;\",\t", min_size=1, max_size=25)
CENTS = st.integers(0, 10**9)
LINES = st.lists(st.tuples(WORDS, st.integers(1, 999), CENTS, CENTS, st.booleans()), min_size=1, max_size=3)
BILLS = st.lists(
    st.tuples(
        WORDS,
        WORDS,
        st.sampled_from(["invoice", "credit_note", "personnel"]),
        st.booleans(),
        st.integers(0, 10_000),
        LINES,
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow("a dozen made-up tables, written and read again")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=BILLS)
def test_invoices_taken_along_come_back_as_they_were(inside: World, ending: str, bills: list[Any]):
    """Each example adds to those before it."""
    if not session().query(BudgetLine).count():
        money.operation(inside)
    for bill in bills:
        _typed(inside, *bill)
    steps = look(inside, tables.invoices(ending))
    assert [(step.what, step.faults) for step in steps if step.what != "same"] == []
    assert take_over(inside, tables.invoices(ending)) == {"same": len(steps)}


def _typed(world: World, supplier: str, number: str, kind: str, paid: bool, share: int, lines: list[Any]) -> None:
    """An invoice with these lines, one of them put down in two parts where it can be."""
    place = session().query(Expense).count()
    rows = [
        {"words": words, "quantity": n, "net_cents": net, "vat_cents": vat, **({"line": "L3.1"} if put_down else {})}
        for words, n, net, vat, put_down in lines
    ]
    whole = any(row["net_cents"] + row["vat_cents"] for row in rows)
    over = {"kind": kind, "operation": AUDITED, "vat_recoverable": share, "supplier": supplier, "number": number}
    over |= {
        "number": f"{number}{place}" if kind != "personnel" else "",
        "paid_on": "2020-11-12" if paid and whole else None,
    }
    with suppress(ValidationError, Refused):  # words that say too much, nothing to put down: not typed either
        bill = money.invoice(world, *rows, **over)
        for line in [one for one in bill.lines if not one.allocated_cents and abs(one.eligible_cents) > 1]:
            for target in ("L3.1", "L4"):
                wish = Allocate(operation=AUDITED, budget_line=target, line=line.id, percent=4000)
                do(allocations.allocate, wish, bill, by=world.me("finn"))


PARTS = st.fixed_dictionaries({
    "code": st.text(string.ascii_letters + string.digits, min_size=1, max_size=6), "label": WORDS, "heading": WORDS,
    "packages": st.lists(st.text(string.ascii_letters + ";+=-@", min_size=1, max_size=4), max_size=3).map(" ".join),
    "initial_cents": CENTS, "accepts_assets": st.booleans(), "flat_rate": st.none() | st.integers(1, 10_000),
    "key": st.sampled_from(["plan_prorata", "beneficiary", "explicit"]), "weight": st.integers(1, 10**9),
})  # fmt: skip


@pytest.mark.slow("a dozen made-up tables, written and read again")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(PARTS, min_size=1, max_size=4, unique_by=lambda one: one["code"]))
def test_budget_lines_taken_along_come_back_as_they_were_and_make_the_same_plan_elsewhere(
    inside: World, ending: str, plan: list[dict[str, Any]]
):
    count = session().query(Operation).count()
    one, other = (money.operation(inside, f"HF{count}{n}", only=()) for n in "AB")
    add(inside, one, {"code": "BASE0", "label": "Base", "initial_cents": 1})
    for wish in plan:
        key, weight = wish.pop("key"), wish.pop("weight")
        flat = {"bases": ["BASE0"]} if wish["flat_rate"] else {}
        weights = [{"funder": "UE_FEDER", "weight": weight}, {"funder": "REGION_HDF", "weight": 3}]
        own = {"beneficiary": inside.organisations["mqcv"]} if key == "beneficiary" else {}
        more = {"weights": weights} if key == "explicit" else {}
        add(inside, one, wish | flat | own | more | {"funding_key": key})
    content, told = tables.lines(one, ending), len(budget.of(one))
    assert take_over(inside, content, "budget_lines", operation=one.number) == {"same": told}
    assert take_over(inside, content, "budget_lines", operation=other.number) == {"new": told}
    assert tables.lines(other, "csv") == tables.lines(one, "csv")


def add(world: World, row: Operation, wish: dict[str, Any]) -> None:
    with suppress(ValidationError, Refused):
        do(budget.add, NewLine(**wish), row, by=world.me("finn"))
