"""One invoice typed once: its things, its cents, its payments, and what it is put down to, never above what it is."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import given
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.cli.verifying import all_faults
from app.db import session, writing
from app.errors import NotThere
from app.finance import accounts, allocations, assets, budget, expenses, figures, keys, payments, tied
from app.finance.accounts import Year
from app.finance.allocation_models import Allocation
from app.finance.depreciation import Plan
from app.finance.shares import split
from app.finance.spending import Expense, ExpenseLine
from app.finance.spending_forms import (
    Allocate,
    ExpenseCard,
    SettleAsset,
    TakeBackAllocation,
    UntieThing,
    Withdraw,
)
from tests.finance import money
from tests.finance.money import says_no
from tests.harness.races import at_once
from tests.make import AUDITED, World, do, fresh, make_device


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_one_invoice_of_twenty_takes_twenty_things_and_its_cents_add_up(app: Flask, inside: World):
    row = money.operation(inside)
    twenty = [make_device(inside).code for _ in range(20)]
    bill = money.invoice(
        inside, {"words": "ThinkPad", "quantity": 20, "net_cents": 1_378_007, "vat_cents": 275_601, "line": "L3.1"},
        operation=AUDITED,
    )  # fmt: skip
    money.tie(inside, bill, *twenty)
    things = [assets.held([one.device], row)[0] for one in tied.of_line(bill.lines[0])]
    assert [one.device.code for one in things] == twenty
    assert sum(one.cost_cents for one in things) == 1_378_007 + 275_601
    assert sum(one.allocated_cents for one in things) == bill.eligible_cents == assets.total(row, inside.me("finn"))
    assert {one.cost_cents for one in things} == {82_680, 82_681}
    sound(app)


def test_the_shares_of_a_laptop_are_those_of_the_plan(inside: World):
    row = money.operation(inside)
    bill = money.invoice(inside, money.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
    device = make_device(inside)
    money.tie(inside, bill, device.code)
    [one] = assets.held([device], row)
    assert [share.cents for share in one.shares] == [49_608, 545, 1_634, 545, 3_714, 806, 2_008, 23_820]
    assert sum(share.cents for share in one.shares) == one.cost_cents == 82_680


def test_a_line_of_a_partner_may_share_by_the_partner_s_own_key(inside: World):
    row = money.operation(inside)
    from app.finance import budget
    from app.finance.forms import NewLine

    card = {"code": "L9", "label": "MQCV", "initial_cents": 0, "beneficiary": inside.organisations["mqcv"]}
    line = do(budget.add, NewLine(**card, funding_key="beneficiary"), row, by=inside.me("finn"))
    told = keys.shares_of(100_00, line, row.funders)
    assert [(one.kind, one.cents) for one in told] == [("eu", 6_000), ("partner", 4_000)]
    weights = [{"funder": "UE_FEDER", "weight": 1}, {"funder": "ACSM", "weight": 2}]
    card = {"code": "L10", "label": "x", "initial_cents": 0, "funding_key": "explicit", "weights": weights}
    line = do(budget.add, NewLine(**card), row, by=inside.me("finn"))
    assert [(one.code, one.cents) for one in keys.shares_of(100_00, line, row.funders)] == [
        ("UE_FEDER", 3_333),
        ("ACSM", 6_667),
    ]


def test_seventy_and_thirty_percent_are_the_whole(app: Flask, inside: World):
    money.operation(inside)
    bill = money.invoice(inside, {"words": "Visio", "net_cents": 5, "vat_cents": 0})
    money.put_down(inside, bill, "L3.1", percent="70")
    money.put_down(inside, bill, "L3.4", percent="30")
    line = fresh(bill).lines[0]
    assert (line.allocated_cents, line.left_cents) == (5, 0)
    assert [one.cents for one in allocations.standing(line)] == [4, 1]
    with says_no("above_the_amount"):
        money.put_down(inside, bill, "L3.1", cents=1)
    sound(app)


def test_an_invoice_is_never_put_down_above_its_amount_over_all_operations(inside: World):
    money.operation(inside)
    money.operation(inside, "HF0000001")
    bill = money.invoice(inside)
    money.put_down(inside, bill, "L3.1", cents=80_000)
    with says_no("above_the_amount"):
        money.put_down(inside, bill, "L3.1", operation="HF0000001", cents=2_681)
    money.put_down(inside, bill, "L3.1", operation="HF0000001")
    assert fresh(bill).lines[0].left_cents == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE expense_line SET allocated_cents = eligible_cents + 1",
        "UPDATE expense_line SET eligible_cents = net_cents + vat_cents + 1",
        "UPDATE allocation SET cents = 1",
        "DELETE FROM allocation",
        (
            "INSERT INTO allocation (line_id, budget_line_id, cents, basis, act_id) "
            "SELECT line_id, budget_line_id, 82681, 'purchase', (SELECT max(id) FROM act) FROM allocation"
        ),
        (
            "INSERT INTO allocation (line_id, budget_line_id, asset_id, cents, basis, from_day, to_day, act_id) "
            "SELECT line_id, budget_line_id, (SELECT min(id) FROM asset), 1, 'depreciation', '2021-01-01', '2021-12-31', "
            "(SELECT max(id) FROM act) FROM allocation"
        ),
    ],
)
def test_the_database_itself_refuses_what_must_never_happen(inside: World, damage: str):
    money.operation(inside)
    bill = money.invoice(inside)
    money.put_down(inside, bill, "L3.1", cents=1_000)
    money.tie(inside, bill, make_device(inside).code)
    with pytest.raises(DatabaseError), writing() as s:
        s.execute(text(damage))
    session().rollback()


def test_of_two_who_put_down_the_same_cents_at_once_one_is_refused(app: Flask, inside: World):
    money.operation(inside)
    bill = money.invoice(inside)
    wish = {"operation": AUDITED, "line": bill.lines[0].id, "cents": 50_000}

    def put(wish: Allocate, *, by, at):
        return allocations.allocate(session().get_one(Expense, bill.id), wish, by=by, at=at)

    wishes = [(put, Allocate(budget_line=line, **wish), inside.me("finn")) for line in ("L3.1", "L3.2", "L3.3")]
    did = at_once(app, wishes)
    assert sum(isinstance(one, Allocation) for one in did) == 1
    assert {getattr(one, "code", "") for one in did if not isinstance(one, Allocation)} == {"above_the_amount"}
    assert fresh(bill).lines[0].allocated_cents == 50_000
    sound(app)


def test_cost_or_depreciation_never_both(inside: World):
    money.operation(inside)
    bill, device = money.invoice(inside), make_device(inside)
    money.tie(inside, bill, device.code)
    settled = SettleAsset(in_service_on="2020-10-15", months=36, no_grant=True)
    do(accounts.settle, settled, device, by=inside.me("finn"))
    days = {"basis": "depreciation", "device": device.code, "from_day": "2020-10-15", "to_day": "2020-12-31"}
    one = money.put_down(inside, bill, "L3.1", **days)
    assert one.cents == 5_818  # 82 680 over 36 months, from the 15th of October: 2 months and 16 days of thirty
    with says_no("one_basis"):
        money.put_down(inside, bill, "L3.1", cents=1)
    with says_no("days_taken"):
        money.put_down(inside, bill, "L3.1", **days | {"from_day": "2020-12-31", "to_day": "2021-12-31"})
    two = money.put_down(inside, bill, "L3.1", **days | {"from_day": "2021-01-01", "to_day": "2021-12-31"})
    assert two.cents == 27_560


def test_depreciation_is_claimed_only_without_a_public_grant(inside: World):
    money.operation(inside)
    bill, device = money.invoice(inside), make_device(inside)
    money.tie(inside, bill, device.code)
    days = {"basis": "depreciation", "device": device.code, "from_day": "2020-10-15", "to_day": "2020-12-31"}
    with says_no("not_in_service"):
        money.put_down(inside, bill, "L3.1", **days)
    do(accounts.settle, SettleAsset(in_service_on="2020-10-15"), device, by=inside.me("finn"))
    with says_no("grant_unsaid"):
        money.put_down(inside, bill, "L3.1", **days)


def test_the_accounts_of_a_laptop_year_by_year():
    plan = Plan(date(2020, 10, 15), 36)
    assert accounts.years(plan, 82_680, 49_608) == [
        Year(2020, 5_818, 3_491, "777", 76_862),
        Year(2021, 27_560, 16_536, "777", 49_302),
        Year(2022, 27_560, 16_536, "777", 21_742),
        Year(2023, 21_742, 13_045, "777", 0),
    ]
    assert [one.released_in for one in accounts.years(Plan(date(2024, 7, 1), 24), 100, 50)] == ["777", "747", "747"]


@pytest.mark.parametrize(
    ("line", "code"),
    [("L2", "flat_rate_line"), ("L9", "others_line"), ("nothing", "invalid"), ("L5", "takes_no_things")],
)
def test_not_every_line_takes_every_expense(inside: World, line: str, code: str):
    from app.finance import budget
    from app.finance.forms import NewLine

    row = money.operation(inside)
    card = {"code": "L9", "label": "MQCV", "initial_cents": 0, "beneficiary": inside.organisations["mqcv"]}
    do(budget.add, NewLine(**card), row, by=inside.me("finn"))
    bill = money.invoice(inside)
    money.tie(inside, bill, make_device(inside).code)
    with says_no(code):
        money.put_down(inside, bill, line)


def test_what_was_spent_before_or_after_the_operation_is_not_put_down(inside: World):
    money.operation(inside, eligible_from="2020-01-01", eligible_to="2021-12-31")
    with says_no("outside_days"):
        money.put_down(inside, money.invoice(inside, issued_on="2019-12-31"), "L3.1")
    late = money.invoice(inside, issued_on="2022-01-15", from_day="2021-12-01", to_day="2021-12-31")
    money.put_down(inside, late, "L3.1")


def test_money_of_another_organisation_is_neither_seen_nor_spent(inside: World):
    money.operation(inside)
    bill = money.invoice(inside)
    from app.finance import spent

    with pytest.raises(NotThere):
        spent.get(str(bill.uuid), money.partner(inside))
    with says_no("forbidden"):
        do(expenses.withdraw, Withdraw(), bill, by=money.partner(inside))
    assert spent.get(str(bill.uuid), inside.me("coco")).id == bill.id


def test_the_lead_and_the_auditor_see_what_a_partner_put_down(inside: World):
    from app.finance import spent

    row = money.operation(inside)
    them = money.partner(inside)
    bill = money.invoice(inside, money.LAPTOP | {"line": "L4"}, operation=AUDITED, by=them)
    for name in ("finn", "alma", "coco"):
        assert spent.get(str(bill.uuid), inside.me(name)).id == bill.id
    assert figures.total(one for _line, one in figures.of_lines(row, inside.me("finn"))).invoiced == 82_680
    money.invoice(inside, money.LAPTOP | {"line": "L4"}, operation=AUDITED)
    assert figures.total(one for _line, one in figures.of_lines(row, them)).invoiced == 82_680


def test_the_same_invoice_is_typed_once(inside: World):
    money.invoice(inside, number="F 20-4471", supplier="Ugap")
    with says_no("expense_there"):
        money.invoice(inside, number="f204471", supplier="UGAP")


def test_an_expense_taken_back_comes_back_with_all_that_hung_on_it(app: Flask, inside: World):
    money.operation(inside)
    bill, device = money.invoice(inside), make_device(inside)
    money.tie(inside, bill, device.code)
    money.put_down(inside, bill, "L3.1", percent="70")
    do(expenses.withdraw, Withdraw(), bill, by=inside.me("finn"))
    assert (fresh(bill).lines[0].allocated_cents, list(tied.of_device(device.id))) == (0, [])
    with says_no("expense_withdrawn"):
        money.put_down(inside, bill, "L3.1")
    sound(app)
    do(expenses.restore, Withdraw(), bill, by=inside.me("finn"))
    assert (fresh(bill).lines[0].allocated_cents, len(tied.of_device(device.id))) == (57_876, 1)
    sound(app)


def test_what_is_taken_back_is_put_down_again_as_it_was(app: Flask, inside: World):
    money.operation(inside)
    bill = money.invoice(inside)
    one = money.put_down(inside, bill, "L3.1", percent="70")
    do(allocations.take_back, TakeBackAllocation(), bill, one.id, by=inside.me("finn"))
    assert fresh(bill).lines[0].left_cents == 82_680
    do(allocations.put_again, TakeBackAllocation(), bill, one.id, by=inside.me("finn"))
    assert fresh(bill).lines[0].left_cents == 82_680 - 57_876
    with pytest.raises(NotThere):
        do(allocations.take_back, TakeBackAllocation(), bill, one.id, by=inside.me("finn"))
    sound(app)


def test_a_credit_note_is_below_zero_and_takes_its_part_back(app: Flask, inside: World):
    row = money.operation(inside)
    bill = money.invoice(inside, money.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
    note = money.invoice(
        inside, money.LAPTOP | {"line": "L3.1", "net_cents": 6_890, "vat_cents": 1_378}, operation=AUDITED,
        kind="credit_note", credits=bill.uuid, paid_on="2020-12-01",
    )  # fmt: skip
    assert (note.gross_cents, note.paid_cents, note.credits.id) == (-8_268, -8_268, bill.id)
    told = {line.code: one for line, one in figures.of_lines(row, inside.me("finn"))}["L3.1"]
    assert (told.invoiced, told.paid) == (82_680 - 8_268, -8_268)
    with says_no("above_the_amount"):
        money.put_down(inside, note, "L3.1", cents=1)
    sound(app)


def test_what_was_paid_in_part_falls_on_its_lines_to_the_cent(app: Flask, inside: World):
    row = money.operation(inside)
    bill = money.invoice(inside)
    money.put_down(inside, bill, "L3.1", percent="50")
    money.put_down(inside, bill, "L3.4", percent="25")
    money.pay(inside, bill, cents=10_001)
    told = {line.code: one.paid for line, one in figures.of_lines(row, inside.me("finn"))}
    assert (told["L3.1"], told["L3.4"]) == (5_001, 2_500)
    money.pay(inside, bill)
    told = {line.code: one.paid for line, one in figures.of_lines(row, inside.me("finn"))}
    assert (told["L3.1"], told["L3.4"]) == (41_340, 20_670)
    with says_no("paid_more"):
        money.pay(inside, bill, cents=1)
    [first, _second] = fresh(bill).payments
    do(payments.withdraw, Withdraw(), bill, first.id, by=inside.me("finn"))
    assert fresh(bill).paid_on is None
    do(payments.restore, Withdraw(), bill, first.id, by=inside.me("finn"))
    assert fresh(bill).paid_on == date(2020, 11, 12)
    sound(app)


def test_tax_that_comes_back_is_not_eligible(inside: World):
    bill = money.invoice(inside, vat_recoverable="25")
    assert bill.eligible_cents == 68_900 + 13_780 - 3_445
    with says_no("invalid"):
        money.invoice(inside, money.LAPTOP | {"eligible_cents": 82_680}, vat_recoverable="25")


def test_amounts_stay_while_something_hangs_on_them(app: Flask, inside: World):
    money.operation(inside)
    bill = money.invoice(inside, number="A1")
    card = {"supplier": "UGAP", "number": "A1", "issued_on": "2020-10-16"}
    do(expenses.edit, ExpenseCard(**card, lines=[money.LAPTOP | {"net_cents": 70_000}]), bill, by=inside.me("finn"))
    assert fresh(bill).gross_cents == 83_780
    money.put_down(inside, bill, "L3.1")
    with says_no("expense_in_use"):
        do(expenses.edit, ExpenseCard(**card, lines=[money.LAPTOP]), bill, by=inside.me("finn"))
    renamed = ExpenseCard(**card | {"number": "A2"}, lines=[money.LAPTOP | {"net_cents": 70_000, "words": "Portable"}])
    do(expenses.edit, renamed, bill, by=inside.me("finn"))
    assert (fresh(bill).number, fresh(bill).lines[0].words) == ("A2", "Portable")
    sound(app)


def test_a_thing_leaves_its_invoice_and_comes_back(app: Flask, inside: World):
    bill, device, other = money.invoice(inside), make_device(inside), make_device(inside)
    money.tie(inside, bill, device.code)
    for code, codes in (("thing_tied", [device.code]), ("no_place_left", [other.code])):
        with says_no(code):
            money.tie(inside, bill, *codes)
    [asset] = tied.of_line(bill.lines[0])
    do(tied.untie, UntieThing(), bill, asset.id, by=inside.me("finn"))
    assert list(tied.of_line(bill.lines[0])) == []
    do(tied.tie_again, UntieThing(), bill, asset.id, by=inside.me("finn"))
    assert len(tied.of_line(bill.lines[0])) == 1
    sound(app)


def _line(eligible: int, quantity: int) -> ExpenseLine:
    return ExpenseLine(id=1, quantity=quantity, net_cents=eligible, vat_cents=0, eligible_cents=eligible)


@given(st.integers(1, 40), st.lists(st.integers(1, 10**7), min_size=1, max_size=6))
def test_whatever_is_put_down_each_piece_gets_no_more_than_its_part(quantity: int, cents: list[int]):
    line = _line(sum(cents), quantity)
    stands = [Allocation(id=n, cents=one, asset_id=None) for n, one in enumerate(cents)]
    per_piece = [allocations.parts_of(line, place, stands) for place in range(1, quantity + 1)]
    for n, one in enumerate(cents):
        assert sum(parts[n][1] for parts in per_piece) == one
    assert [sum(part for _one, part in parts) for parts in per_piece] == split(sum(cents), [1] * quantity)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_what_is_paid_in_part_is_never_more_than_it_is(outside: int, paid: int, cents: list[int]):
    whole = sum(cents) + outside
    paid = min(paid, whole)
    parts = figures._paid_of(list(enumerate(cents)), whole, paid)
    assert sum(parts.values()) <= paid
    assert all(0 <= parts[n] <= one for n, one in enumerate(cents))
    if not outside:
        assert sum(parts.values()) == paid


def test_a_discount_is_a_line_below_zero_put_down_like_the_others(app: Flask, inside: World):
    money.operation(inside)
    less = {"words": "Remise", "net_cents": -8900, "vat_cents": -1780, "line": "L3.1"}
    bill = money.invoice(inside, money.LAPTOP | {"line": "L3.1"}, less, operation=AUDITED, paid_on="2020-11-12")
    assert (bill.gross_cents, bill.allocated_cents, bill.paid_cents) == (72_000, 72_000, 72_000)
    assert list(all_faults(app.config["SETTINGS"])) == []


@given(st.lists(st.integers(-(10**6), 10**6), max_size=8), st.integers(1, 10**7), st.integers(0, 100))
def test_a_part_payment_of_an_invoice_with_a_discount_is_told_to_the_cent(cents: list[int], whole: int, percent: int):
    """Each part, below zero where it takes off, is within a cent of its share; with what is outside they add up."""
    paid = whole * percent // 100
    parts = figures._paid_of(list(enumerate(cents)), whole, paid)
    outside = figures._paid_of([*enumerate(cents), (99, whole - sum(cents))], whole, paid)
    assert sum(outside.values()) == paid
    assert all(abs(parts[n] * whole - one * paid) <= whole for n, one in enumerate(cents))


def test_an_invoice_with_a_discount_that_is_paid_in_part_is_told_on_every_page(inside: World):
    row = money.operation(inside)
    less = {"words": "Remise", "net_cents": -1000}
    bill = money.invoice(inside, money.LAPTOP | {"line": "L3.1"}, less, operation=AUDITED)
    money.pay(inside, bill, cents=40_000)
    line = next(one for one in budget.of(row) if one.code == "L3.1")
    told = figures.of_line(line, inside.me("finn"))
    assert told.invoiced == 82_680
    assert abs(told.paid * 81_680 - 82_680 * 40_000) <= 81_680


@pytest.mark.parametrize(
    "over", [{"vat_cents": 5}, {"eligible_cents": 5}, {"eligible_cents": -200}, {"net_cents": -100_000}]
)
def test_a_discount_has_its_amounts_on_one_side_and_takes_no_more_than_there_is(inside: World, over: dict[str, int]):
    with says_no("invalid"):
        money.invoice(inside, money.LAPTOP, {"words": "Remise", "net_cents": -100} | over)


def test_a_discount_paid_for_no_thing(inside: World):
    bill = money.invoice(inside, {"words": "Remise", "net_cents": -100}, money.LAPTOP)
    with pytest.raises(NotThere):
        money.tie(inside, bill, make_device(inside).code)
