"""The seed's plan to the cent: amounts that were signed, rates that follow, lines that add up, and who may change them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.errors import NotThere
from app.finance import budget, figures, operations, purse
from app.finance.forms import AcceptOverrun, Amend, LineCard, NewLine, OpenOperation, RemoveLine, SetPlan
from app.finance.shares import rate
from tests.finance import money
from tests.finance.money import says_no
from tests.make import AUDITED, World, do


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_seed_s_plan_keeps_its_amounts_and_its_printed_rates(app: Flask, inside: World):
    row = money.operation(inside)
    assert row.total_cents == 151_766_500
    assert [one.amount_cents for one in row.funders] == [one["amount_cents"] for one in money.funders()]
    assert [rate(one.amount_cents, row.total_cents) for one in row.funders] == [one.printed_rate for one in row.funders]
    assert sum(one.printed_rate or 0 for one in row.funders) == 10_000
    sound(app)


def test_the_lines_come_to_the_plan(inside: World):
    row = money.operation(inside)
    lines = figures.of_lines(row, inside.me("finn"))
    assert [line.code for line, _one in lines] == [one["code"] for one in money.lines()]
    assert figures.total(one for _line, one in lines).planned == row.total_cents


def test_an_operation_is_opened_once(inside: World):
    money.operation(inside)
    card = {"number": AUDITED, "name": "x", "programme": "2021-2027", "lead": inside.organisations["acsm"]}
    with says_no("operation_there"):
        do(operations.open_one, OpenOperation(**card), by=inside.me("finn"))


def test_finance_of_a_partner_sees_the_operation_and_does_not_change_its_plan(inside: World):
    row = money.operation(inside)
    them = money.partner(inside)
    assert purse.operation(AUDITED, them).id == row.id
    assert not purse.sees_all(row, them)
    for rule, wish in ((operations.set_plan, SetPlan(funders=money.funders())),):
        with says_no("forbidden"):
            do(rule, wish, row, by=them)
    with says_no("forbidden"):
        do(budget.amend, Amend(decided_on="2021-01-01", delta_cents=1, reason="x"), budget.get(row, "L4"), by=them)


def test_who_takes_no_part_sees_no_operation(inside: World):
    money.operation(inside)
    with pytest.raises(NotThere):
        purse.operation(AUDITED, money.partner(inside, "fcs"))


def test_an_auditor_sees_their_operation_alone(inside: World):
    money.operation(inside)
    money.operation(inside, "HF0000001")
    alma = inside.me("alma")
    assert purse.operation(AUDITED, alma).number == AUDITED
    assert purse.sees_all(purse.operation(AUDITED, alma), alma)
    with pytest.raises(NotThere):
        purse.operation("HF0000001", alma)


def test_amendments_add_up_and_never_take_a_line_below_zero(app: Flask, inside: World):
    row = money.operation(inside)
    line = budget.get(row, "L5")
    do(budget.amend, Amend(decided_on="2021-02-01", delta_cents=250_000, reason="Tournée"), line, by=inside.me("finn"))
    do(
        budget.amend,
        Amend(decided_on="2021-03-01", delta_cents="−1 000,50", reason="Retour"),
        line,
        by=inside.me("finn"),
    )
    assert budget.get(row, "L5").planned_cents == 2_100_000 + 250_000 - 100_050
    assert [one.delta_cents for one in budget.amendments(line)] == [250_000, -100_050]
    with says_no("below_zero"):
        do(budget.amend, Amend(decided_on="2021-04-01", delta_cents=-9_999_999, reason="x"), line, by=inside.me("finn"))
    with says_no("below_zero"):
        do(budget.edit, LineCard(label="x", initial_cents=0), _shrunk(inside, row), by=inside.me("finn"))
    sound(app)


def _shrunk(world: World, row):
    line = budget.get(row, "L6")
    return do(budget.amend, Amend(decided_on="2021-04-01", delta_cents=-1, reason="x"), line, by=world.me("finn"))


def test_a_line_written_by_mistake_goes_and_comes_back(app: Flask, inside: World):
    row = money.operation(inside)
    line = do(budget.add, NewLine(code="L9", label="Divers", initial_cents=0), row, by=inside.me("finn"))
    do(budget.remove, RemoveLine(), line, by=inside.me("finn"))
    with pytest.raises(NotThere):
        budget.get(row, "L9")
    do(budget.put_back, RemoveLine(), budget.get_any(row, "L9"), by=inside.me("finn"))
    assert budget.get(row, "L9").label == "Divers"
    with says_no("line_in_use"):
        do(budget.remove, RemoveLine(), budget.get(row, "L1"), by=inside.me("finn"))  # the base of a flat rate
    sound(app)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"flat_rate": 1500}, "bases"),
        ({"flat_rate": 1500, "bases": ["L2"]}, "bases"),
        ({"funding_key": "explicit"}, "funding_key"),
        ({"funding_key": "beneficiary"}, "beneficiary"),
        ({"beneficiary": 10**9}, "beneficiary"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(inside: World, over: dict, field: str):
    row = money.operation(inside)
    with says_no("invalid") as no:
        do(budget.add, NewLine(**{"code": "L9", "label": "x", "initial_cents": 0} | over), row, by=inside.me("finn"))
    assert list(no.value.fields) == [field]


def test_a_flat_rate_follows_from_its_base(inside: World):
    row = money.operation(inside)
    pay = {"kind": "personnel", "operation": AUDITED, "paid_on": "2021-01-31"}
    money.invoice(inside, {"words": "Salaires", "net_cents": 333_333, "line": "L1"}, **pay)
    told = {line.code: one for line, one in figures.of_lines(row, inside.me("finn"))}
    assert (told["L1"].invoiced, told["L1"].paid) == (333_333, 333_333)
    assert (told["L2"].committed, told["L2"].paid) == (50_000, 50_000)  # 15 % of 3 333,33 is 499,99 95: half up


def test_whoever_answers_for_an_overrun_is_named(app: Flask, inside: World):
    row = money.operation(inside)
    line = budget.get(row, "L7")
    with says_no("within_plan"):
        do(budget.accept, AcceptOverrun(reason="x"), line, 1, by=inside.me("finn"))
    money.invoice(inside, {"words": "Filament", "net_cents": 1_700_000, "line": "L7"}, operation=AUDITED)
    costs = figures.of_line(line, inside.me("finn"))
    assert (costs.is_over, costs.left) == (True, -100_000)
    do(budget.accept, AcceptOverrun(reason="Ateliers doublés"), line, costs.committed, by=inside.me("finn"))
    over, act = budget.accepted([line])[line.id]
    assert (over.up_to_cents, act.author) == (1_700_000, inside.people["finn"])
    sound(app)
