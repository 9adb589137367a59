"""What must never happen is refused by the database itself, on both engines, whoever writes and however."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import all_guards, drop_guards, make_guards, session, writing
from app.inventory import care, devices, maintenance, printed, printing, thefts
from app.inventory.care_forms import Move, NewPlan, ReadMeter, TheftStep
from app.inventory.forms import CheckDone, Labels, NewCodes, PlaceLabel
from app.inventory.models import Device
from app.lending import loans, losses, reminders, returns, wording
from app.lending.forms import Extend, TakeBack
from app.lending.reminder_forms import Remind
from app.lending.wording_forms import WriteTerms
from app.people.roles import THE_HOUSE
from tests.finance import money
from tests.harness.databases import on_postgresql, on_sqlite
from tests.inventory import shelf
from tests.lending import condition, terms
from tests.make import TODAY, World, do, make_device, make_household, make_loan

INSERT_ONLY = ("act", "act_link", "seal", "custody_link", "device_check", "hand_over", "hand_over_item", "extension",
               "printed_label", "label_placed", "movement", "theft_tick", "wipe_record", "maintenance_done",
               "agreement_text", "meter_reading", "delivery_item", "preparation_tick", "supply_move", "stock_take_expected",
               "sighting", "lending_policy", "reminder_line", "hand_over_photo", "programme_period", "amendment",
               "overrun")  # fmt: skip
BY_CASE = (
    {"act_link_in_order", "custody_link_in_order", "given_code_tied_once"}
    | {
        f"allocation_{rule}"
        for rule in ("one_basis", "put_down", "taken_back", "stays_what_it_is", "no_delete", "declared")
    }
    | {"claim_piece_frozen", "claim_piece_no_delete", "claim_piece_stands"}
)
OF_AN_ENGINE = {"sqlite": {"booking_overlap_insert", "booking_overlap_update"}, "postgresql": set()}


def fill(app: Flask, world: World) -> None:
    """A row in every guarded table: a loan kept longer, one that came back and was checked, a label tied."""
    device = make_device(world)
    loan = make_loan(world, device, make_device(world))
    do(loans.extend, Extend(due_on=TODAY.replace(year=2027)), loan, by=world.me())
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())
    do(care.check, CheckDone(method="usine"), device, by=world.me())
    do(devices.print_ahead, NewCodes(count=1), by=world.me())
    wish = Labels(codes=[device.code])
    drawn = printing.sheet(wish, public_url="https://pret.example.org", real=True)
    do(printed.keep, wish, drawn, by=world.me())
    do(printed.place, PlaceLabel(), device, None, by=world.me())
    do(maintenance.new, NewPlan(name="Buse", every_days=9), device, by=world.me())
    do(maintenance.read_meter, ReadMeter(meter=9), device, by=world.me())
    gone = do(losses.move, Move(what="stolen"), make_device(world), by=world.me())
    do(thefts.tick, TheftStep(step="sim"), gone, by=world.me())
    do(reminders.remind, Remind(day=loan.due_on), loan.household, by=THE_HOUSE)
    do(wording.write, WriteTerms(words=wording.shipped()), by=world.me("mia"))
    shelf.fill(world)
    condition.fill(world, app.config["SETTINGS"].instance)
    terms.settled(world)
    money.fill(world, app.config["SETTINGS"].instance)


@pytest.fixture
def full(inside: World) -> World:
    """The small world so filled."""
    return inside


def run(statement: str, **values: object) -> int:
    with writing() as s:
        return s.execute(text(statement), values).rowcount


def refuses(statement: str, says: str, **values: object) -> None:
    with pytest.raises(DBAPIError, match=says):
        run(statement, **values)


def columns(table: str) -> list[str]:
    return list(session().execute(text(f"SELECT * FROM {table} LIMIT 1")).keys())


@pytest.mark.parametrize(
    ("engine", "verbs"), [("sqlite", {"update", "delete"}), ("postgresql", {"update", "delete", "truncate"})]
)
def test_every_guard_is_tried_here(engine: str, verbs: set[str]):
    names = {f"{table}_no_{verb}" for table in INSERT_ONLY for verb in verbs} | BY_CASE
    assert {guard.name for guard in all_guards(engine)} == names | OF_AN_ENGINE[engine]


def test_what_is_written_once_is_never_changed(full: World):
    for table in INSERT_ONLY:
        for column in columns(table):
            refuses(f"UPDATE {table} SET {column} = {column}", f"{table} is insert-only")


def test_what_is_written_once_is_never_removed(full: World):
    for table in INSERT_ONLY:
        refuses(f"DELETE FROM {table}", f"{table} is insert-only")


@on_sqlite
def test_replacing_a_row_is_changing_it(full: World):
    for table in INSERT_ONLY:
        refuses(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1", "insert-only|no gaps")


def test_inserting_what_is_there_and_changing_it_instead_is_changing_it(full: World):
    for table in INSERT_ONLY:
        key, names = columns(table)[0], ", ".join(columns(table))
        last = f"SELECT {names} FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})"
        instead = f"ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key}"
        refuses(f"INSERT INTO {table} ({names}) {last} {instead}", "insert-only|no gaps")


@on_postgresql
def test_a_table_that_is_written_once_is_never_emptied(full: World):
    for table in INSERT_ONLY:
        refuses(f"TRUNCATE {table} CASCADE", "is insert-only")


def test_the_chain_has_no_gaps(full: World):
    act = session().scalar(text("SELECT max(id) FROM act"))
    link = "INSERT INTO act_link (number, act_id, hash, mac) SELECT max(number) + :step, :act, 'h', 'm' FROM act_link"
    for step in (0, 2, -1):
        refuses(link, "no gaps", step=step, act=act)


def test_custody_has_no_gaps(full: World):
    kept = "device_id, state, place, centre_id, act_id, at, by, why"
    last = f"SELECT number + :step, {kept} FROM custody_link WHERE id = (SELECT max(id) FROM custody_link)"
    for step in (0, 2, -1):
        refuses(f"INSERT INTO custody_link (number, {kept}) {last}", "no gaps", step=step)


def test_custody_begins_at_one(full: World):
    with writing() as s:
        bare = "SELECT max(id) + 1, 'DBBBBBBB', 'x', 'x', model_id, maker_id, 'none', owner_id, '', 'available', centre_id, 0"
        s.execute(
            text(
                "INSERT INTO device (id, code, name, folded, model_id, maker_id, no_serial_reason, owner_id, note, state, "
                f"centre_id, link_number) {bare} FROM device GROUP BY model_id, maker_id, owner_id, centre_id"
            )
        )
        s.flush()
        with pytest.raises(DBAPIError, match="no gaps"):
            s.execute(
                text(
                    "INSERT INTO custody_link (number, device_id, state, place, centre_id, act_id, at, by, why) SELECT 2, "
                    "(SELECT max(id) FROM device), state, place, centre_id, act_id, at, by, why FROM custody_link LIMIT 1"
                )
            )
        s.rollback()


def test_a_code_is_tied_once(full: World):
    refuses("UPDATE given_code SET device_id = NULL WHERE device_id IS NOT NULL", "tied once")
    other = "(SELECT max(d.id) FROM device d WHERE d.id <> given_code.device_id)"
    refuses(f"UPDATE given_code SET device_id = {other} WHERE device_id IS NOT NULL", "tied once")
    assert run("UPDATE given_code SET device_id = device_id WHERE device_id IS NOT NULL") == 3 + 4 + 1 + 2 + 1, (
        "three of the loan and the theft, four delivered, one looked at, two paid by an invoice, one checked"
    )


def test_what_is_put_down_moves_its_line_and_is_taken_back_once(full: World):
    live = "gone_act_id IS NULL AND asset_id IS NULL"
    free = f"{live} AND id NOT IN (SELECT allocation_id FROM claim_piece WHERE allocation_id IS NOT NULL)"
    line, cents = session().execute(text(f"SELECT line_id, cents FROM allocation WHERE {free} LIMIT 1")).one()
    put_down = "SELECT allocated_cents FROM expense_line WHERE id = :line"
    assert session().scalar(text(put_down), {"line": line}) == cents > 0
    taking = "UPDATE allocation SET gone_act_id = (SELECT max(id) FROM act) WHERE line_id = :line"
    with writing() as s:
        s.execute(text(taking), {"line": line})
        assert s.scalar(text(put_down), {"line": line}) == 0
        s.rollback()
    refuses("UPDATE allocation SET gone_act_id = NULL WHERE gone_act_id IS NOT NULL", "taken back, not changed")
    refuses("UPDATE allocation SET cents = cents + 1", "taken back, not changed")
    refuses("DELETE FROM allocation", "taken back, not removed")


def test_what_was_filed_is_corrected_and_neither_changed_nor_removed(full: World):
    refuses("UPDATE claim_piece SET cents = cents + 1", "corrected, not changed")
    refuses("DELETE FROM claim_piece", "corrected, not removed")
    kept = "claim_id, number + 90, kind, budget_line_id, cents, words, reason"
    gone = "(SELECT min(id) FROM allocation WHERE gone_act_id IS NOT NULL)"
    again = f"SELECT {kept}, {gone} FROM claim_piece WHERE kind = 'expense'"
    columns_ = "claim_id, number, kind, budget_line_id, cents, words, reason, allocation_id"
    refuses(f"INSERT INTO claim_piece ({columns_}) {again}", "taken back is not declared")
    declared = "id IN (SELECT allocation_id FROM claim_piece)"
    refuses(f"UPDATE allocation SET gone_act_id = act_id WHERE {declared}", "declared stays put down")


def test_one_thing_is_on_one_open_loan(full: World):
    kept = "centre_id, loan_id, device_id, link_id, due_on, booking_id"
    copy = f"INSERT INTO loan_line ({kept}) SELECT {kept} FROM loan_line WHERE closed_at IS NULL"
    refuses(copy, "(?i)unique.*(uq_loan_line_open|loan_line.device_id)")
    reopen = "UPDATE loan_line SET closed_at = NULL, ending = NULL"
    open_one = "(SELECT device_id FROM loan_line WHERE closed_at IS NULL)"
    refuses(f"{reopen}, device_id = {open_one} WHERE closed_at IS NOT NULL", "(?i)unique")


def test_two_live_bookings_of_one_thing_never_overlap(full: World):
    make_loan(full)
    last = session().scalar(text("SELECT max(id) FROM booking"))
    kept = "device_id, from_day, to_day"
    again = f"INSERT INTO booking ({kept}, live) SELECT {kept}, :live FROM booking WHERE live"
    refuses(again, "overlap", live=True)
    assert run(again, live=False) == 2, "what is over keeps nothing"
    refuses("UPDATE booking SET live = true WHERE id > :last", "overlap", last=last)
    first = "(SELECT min(device_id) FROM booking WHERE live)"
    refuses(f"UPDATE booking SET device_id = {first} WHERE live", "overlap")
    assert run("DELETE FROM booking WHERE id > :last", last=last) == 2


def test_a_booking_begins_on_the_day_another_ends(full: World):
    kept = "SELECT device_id, to_day, :end, :live FROM booking WHERE live"
    end = TODAY.replace(year=2031)
    assert run(f"INSERT INTO booking (device_id, from_day, to_day, live) {kept}", end=end, live=True) == 1
    assert run("DELETE FROM booking WHERE to_day = :end", end=end) == 1


def test_a_thing_that_came_back_may_be_lent_again(full: World):
    back = session().query(Device).filter_by(state="available").order_by(Device.id).first()
    assert make_loan(full, back).closed_at is None


def test_what_is_over_says_how_and_when(full: World):
    make_loan(full)
    for table in ("loan", "loan_line"):
        for half in ("closed_at = CURRENT_TIMESTAMP", "ending = 'returned'"):
            refuses(f"UPDATE {table} SET {half} WHERE closed_at IS NULL", "ending_when_closed")
        refuses(f"UPDATE {table} SET closed_at = CURRENT_TIMESTAMP, ending = 'eaten'", "ending_known")


def test_a_loan_never_points_to_another_centres_household(full: World):
    theirs = make_household(full, by="zoe")
    refuses("UPDATE loan SET household_id = :theirs", "(?i)foreign key", theirs=theirs.id)
    refuses("UPDATE loan SET centre_id = :theirs", "(?i)foreign key", theirs=full.centres["mqcv"])


@pytest.mark.parametrize("table", ["loan_line", "agreement", "household_identity"])
def test_peoples_rows_never_point_across_centres(full: World, table: str):
    refuses(f"UPDATE {table} SET centre_id = :theirs", "(?i)foreign key", theirs=full.centres["mqcv"])


def test_a_household_does_not_move_away_from_its_people(full: World):
    refuses("UPDATE household SET centre_id = :theirs", "(?i)foreign key", theirs=full.centres["mqcv"])


def test_a_word_or_figure_that_cannot_be_is_refused(full: World):
    for table, change, check in [
        ("device", "state = 'flying'", "state_known"),
        ("device", "stated_value_cents = -1", "value_not_negative"),
        ("device", "no_serial_reason = 'both'", "serial_or_reason"),
        ("device", "programme = '1999'", "programme_known"),
        ("person", "language = 'de'", "language_known"),
        ("role", "kind = 'king'", "kind_known"),
        ("role", "centre_id = NULL, organisation_id = NULL, kind = 'manager'", "scope"),
        ("centre", "open_days = 0", "open_some_day"),
        ("household_identity", "contact_kind = 'pigeon'", "contact_kind_known"),
        ("given_code", "kind = 'X'", "kind_known"),
        ("category", "gate = 'none'", "gate_known"),
    ]:
        refuses(f"UPDATE {table} SET {change}", f"ck_{table}_{check}")


@pytest.mark.parametrize(
    ("table", "column"),
    [("device", "code"), ("household", "code"), ("person", "email"), ("loan", "uuid"), ("sign_in", "token_hash")],
)
def test_two_rows_never_share_what_names_them(full: World, table: str, column: str):
    make_loan(full)
    refuses(f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} LIMIT 1)", "(?i)unique")


def test_guards_come_back_as_they_were(app: Flask, world: World):
    with app.app_context():
        engine = session().get_bind()
    with engine.begin() as line:
        before = catalogue(line)
        drop_guards(line)
        assert catalogue(line) == []
        make_guards(line)
        assert catalogue(line) == before
    assert len(before) == len(all_guards(engine.dialect.name))


def catalogue(line: object) -> list[str]:
    if line.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT pg_get_triggerdef(oid) || pg_get_functiondef(tgfoid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    return list(line.execute(text(query)).scalars())


def test_rows_that_are_pointed_to_stay(full: World):
    for table in ("device", "household", "loan", "loan_line", "person", "centre", "organisation"):
        refuses(f"DELETE FROM {table}", "(?i)foreign key")
