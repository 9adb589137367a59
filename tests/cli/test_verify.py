"""One row of each table is damaged by hand, past every guard: `flask verify` must name the table and the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import files
from app.cli import verifying
from app.cli.verifying import all_faults
from app.db import WRITES, Base, MomentType, drop_guards, is_postgresql, session, surveyed, writing
from app.inventory import attachments, care, devices, maintenance, printed, printers, printing, recalls, thefts
from app.inventory.care_forms import EndPlan, Move, NewPlan, PlanDone, ReadMeter, TheftStep
from app.inventory.catalogue_forms import AddFile, LetFileGo, LiftRecall, RecallModel
from app.inventory.forms import CheckDone, Labels, PlaceHold, PlaceLabel, TunePrinter
from app.inventory.models import Device
from app.lending import loans, losses, returns
from app.lending.forms import Extend, TakeBack
from app.people import households, oppositions
from app.people.forms import EditHousehold, Oppose, Withdraw
from app.people.models import Household
from app.privacy import splits
from app.privacy.splits import Split
from app.settings import Settings
from tests.finance import money
from tests.inventory import shelf
from tests.lending import condition, promises, reminded, signing, terms
from tests.make import NOW, TODAY, World, do, known_world, make_device, make_household, make_loan

# Table, what is done to its row, and how the complaint begins. `{id}` is the row's own.
DAMAGE = [
    ("act", "UPDATE act SET facts = '{}' WHERE id = {id}", "act {id}:"),
    ("act", "UPDATE act SET author = author + 1 WHERE id = {id}", "act {id}:"),
    ("act_link", "UPDATE act_link SET hash = '0' WHERE number = {id}", "act_link {id}:"),
    ("act_link", "UPDATE act_link SET mac = '0' WHERE number = {id}", "act_link {id}:"),
    ("act_link", "DELETE FROM act_link WHERE number = {id}", "act"),
    ("seal", "UPDATE seal SET parts = '{}' WHERE id = {id}", "seal {id}:"),
    ("custody_link", "UPDATE custody_link SET state = 'lost' WHERE id = {id}", "custody_link {id}:"),
    ("custody_link", "UPDATE custody_link SET number = 9 WHERE id = {id}", "device"),
    ("device", "UPDATE device SET state = 'gone' WHERE id = {id}", "device {id}:"),
    ("device", "UPDATE device SET code = 'DBBBBBBB' WHERE id = {id}", "device {id}:"),
    ("given_code", "UPDATE given_code SET tied_at = NULL WHERE code = '{id}'", "given_code {id}:"),
    ("device_check", "UPDATE device_check SET method = 'rien' WHERE id = {id}", "device_check {id}:"),
    ("hold", "UPDATE hold SET device_id = (SELECT max(id) FROM device) WHERE id = {id}", "hold {id}:"),
    ("hold", "UPDATE hold SET reason = 'X' WHERE id = (SELECT max(id) FROM hold WHERE kind = 'durability')", "hold "),
    ("household", "UPDATE household SET code = 'FBBBBBBB' WHERE id = {id}", "household {id}:"),
    (
        "household_identity",
        "UPDATE household_identity SET folded = 'x' WHERE household_id = {id}",
        "household_identity {id}:",
    ),
    (
        "household_card",
        "UPDATE household_card SET act_id = act_id + 1 WHERE household_id = {id}",
        "household_card {id}:",
    ),
    ("opposition", "UPDATE opposition SET what = 'reminders' WHERE id = {id}", "opposition {id}:"),
    ("loan", "UPDATE loan SET due_on = '2030-01-01' WHERE id = {id}", "loan {id}:"),
    ("loan", "UPDATE loan SET lent_by = lent_by + 1 WHERE id = {id}", "loan {id}:"),
    ("loan_line", "UPDATE loan_line SET due_on = '2030-01-01' WHERE id = {id}", "loan_line {id}:"),
    ("hand_over", "UPDATE hand_over SET staff = staff + 1 WHERE id = {id}", "hand_over {id}:"),
    ("hand_over_item", "UPDATE hand_over_item SET condition = 'worn' WHERE id = {id}", "hand_over"),
    ("device_fault", "UPDATE device_fault SET grade = 'missing' WHERE id = {id}", "device_fault {id}:"),
    ("hand_over_photo", "DELETE FROM hand_over_photo WHERE id = {id}", "hand_over"),
    ("extension", "UPDATE extension SET to_day = '2030-01-01' WHERE id = {id}", "extension {id}:"),
    ("agreement", "UPDATE agreement SET words = 'rien' WHERE id = {id}", "agreement {id}:"),
    ("reminder", "UPDATE reminder SET way = 'call' WHERE id = {id}", "reminder {id}:"),
    ("reminder_line", "UPDATE reminder_line SET kind = 'week_before' WHERE id = {id}", "reminder_line {id}:"),
    ("reminder_rung", "UPDATE reminder_rung SET days = 5 WHERE id = {id}", "reminder_rung {id}:"),
    ("reminder_stop", "UPDATE reminder_stop SET reason = 'other' WHERE id = {id}", "reminder_stop {id}:"),
    ("contact_note", "UPDATE contact_note SET words = 'rien' WHERE id = {id}", "contact_note {id}:"),
    ("signing_paper", "UPDATE signing_paper SET version = 'fr-0' WHERE id = {id}", "signing_paper {id}:"),
    ("agreement_text", "UPDATE agreement_text SET words = 'rien' WHERE id = {id}", "agreement_text {id}:"),
    ("rereading", "UPDATE rereading SET language = 'tr' WHERE id = {id}", "rereading {id}:"),
    ("paper_form", "UPDATE paper_form SET version = 'fr-0' WHERE id = {id}", "paper_form {id}:"),
    ("signature", "UPDATE signature SET capacity = 'guardian' WHERE id = {id}", "signature {id}:"),
    ("owed_part", "UPDATE owed_part SET name = 'souris' WHERE id = {id}", "owed_part {id}:"),
    ("extension_request", "UPDATE extension_request SET state = 'granted' WHERE id = {id}", "extension_request {id}:"),
    ("complaint", "UPDATE complaint SET gone_act_id = 1 WHERE id = {id}", "complaint {id}:"),
    ("deposit", "UPDATE deposit SET kept_where = 'x' WHERE id = {id}", "deposit {id}:"),
    ("let_go", "UPDATE let_go SET reason = 'x' WHERE id = {id}", "let_go {id}:"),
    ("lending_policy", "UPDATE lending_policy SET at_once = 9 WHERE id = {id}", "lending_policy {id}:"),
    ("closure", "UPDATE closure SET gone_act_id = NULL WHERE id = {id}", "closure {id}:"),
    ("printed_label", "UPDATE printed_label SET owner = 'Autre' WHERE id = {id}", "printed_label {id}:"),
    ("label_placed", "UPDATE label_placed SET file_id = NULL WHERE id = {id}", "label_placed {id}:"),
    ("sheet_printer", 'UPDATE sheet_printer SET "right" = 50 WHERE centre_id = {id}', "sheet_printer {id}:"),
    ("movement", "UPDATE movement SET cost_cents = 7 WHERE id = {id}", "movement {id}:"),
    ("theft_tick", "UPDATE theft_tick SET reference = 'PV 0' WHERE id = {id}", "theft_tick {id}:"),
    ("wipe_record", "UPDATE wipe_record SET level = 'purge' WHERE id = {id}", "wipe_record {id}:"),
    ("maintenance_plan", "UPDATE maintenance_plan SET every_days = 1 WHERE id = {id}", "maintenance_plan {id}:"),
    ("maintenance_done", "UPDATE maintenance_done SET value = 1 WHERE id = {id}", "maintenance_done {id}:"),
    ("meter_reading", "UPDATE meter_reading SET value = 1 WHERE id = {id}", "meter_reading {id}:"),
    ("recall", "UPDATE recall SET model_id = model_id + 1 WHERE id = {id}", "recall {id}:"),
    ("attachment", "UPDATE attachment SET kind = 'document' WHERE id = {id}", "attachment {id}:"),
    ("delivery", "UPDATE delivery SET supplier = 'Autre' WHERE id = {id}", "delivery {id}:"),
    ("delivery_line", "UPDATE delivery_line SET ordered = 9 WHERE id = {id}", "delivery_line {id}:"),
    ("delivery_item", "UPDATE delivery_item SET serial_key = 'X' WHERE id = {id}", "delivery_item {id}:"),
    ("preparation_tick", "UPDATE preparation_tick SET done = NOT done WHERE id = {id}", "preparation_tick {id}:"),
    ("kit", "UPDATE kit SET name = 'Autre' WHERE id = {id}", "kit {id}:"),
    ("kit_thing", "UPDATE kit_thing SET left_at = NULL WHERE id = {id}", "kit_thing {id}:"),
    ("supply", "UPDATE supply SET unit = 'm' WHERE id = {id}", "supply {id}:"),
    ("supply_stock", "UPDATE supply_stock SET on_hand = on_hand + 1 WHERE id = {id}", "supply_stock {id}:"),
    ("supply_move", "UPDATE supply_move SET cost_cents = 1 WHERE id = {id}", "supply_move {id}:"),
    ("sim", "UPDATE sim SET operator = 'Autre' WHERE id = {id}", "sim {id}:"),
    ("stock_take", "UPDATE stock_take SET name = 'Autre' WHERE id = {id}", "stock_take {id}:"),
    (
        "stock_take_expected",
        "UPDATE stock_take_expected SET state = CASE state WHEN 'lost' THEN 'stolen' ELSE 'lost' END WHERE id = {id}",
        "stock_take_expected {id}:",
    ),
    ("sighting", "UPDATE sighting SET how = 'declared' WHERE id = {id}", "sighting {id}:"),
    ("booking", "UPDATE booking SET to_day = '2030-01-01' WHERE id = {id}", "booking {id}:"),
    ("booking", "UPDATE booking SET buffer_days = 9 WHERE id = {id}", "booking {id}:"),
    ("reservation", "UPDATE reservation SET to_day = '2030-01-01' WHERE id = {id}", "reservation {id}:"),
    ("reservation_line", "UPDATE reservation_line SET loose = NOT loose WHERE id = {id}", "reservation_line {id}:"),
    ("reservation_line", "UPDATE reservation_line SET out_act_id = 1 WHERE id = {id}", "reservation_line {id}:"),
    ("waiting", "UPDATE waiting SET since = '2020-01-01' WHERE id = {id}", "waiting {id}:"),
    ("correction", "UPDATE correction SET loan_id = (SELECT max(id) FROM loan) WHERE id = {id}", "correction {id}:"),
    ("stored_file", "UPDATE stored_file SET sha256 = '0' WHERE id = {id}", "stored_file {id}:"),
    ("programme_period", "UPDATE programme_period SET document_years = 9 WHERE id = {id}", "programme_period {id}:"),
    ("operation", "UPDATE operation SET agreement = 'Autre' WHERE id = {id}", "operation {id}:"),
    ("operation_partner", "DELETE FROM operation_partner WHERE operation_id = {id}", "operation_partner {id}:"),
    ("funder", "UPDATE funder SET amount_cents = 1 WHERE id = {id}", "funder {id}:"),
    ("budget_line", "UPDATE budget_line SET initial_cents = 1 WHERE id = {id}", "budget_line {id}:"),
    ("flat_base", "DELETE FROM flat_base WHERE line_id = {id}", "flat_base {id}:"),
    ("key_part", "UPDATE key_part SET weight = 9 WHERE line_id = {id}", "key_part {id}:"),
    ("amendment", "UPDATE amendment SET delta_cents = 1 WHERE id = {id}", "amendment {id}:"),
    ("overrun", "UPDATE overrun SET up_to_cents = 1 WHERE id = {id}", "overrun {id}:"),
    ("purchase", "UPDATE purchase SET supplier = 'Autre' WHERE id = {id}", "purchase {id}:"),
    ("commitment", "UPDATE commitment SET cents = 1 WHERE purchase_id = {id}", "commitment {id}:"),
    ("purchase_delivery", "DELETE FROM purchase_delivery WHERE purchase_id = {id}", "purchase_delivery {id}:"),
    ("expense", "UPDATE expense SET issued_on = '2030-01-01' WHERE id = {id}", "expense {id}:"),
    ("expense_line", "UPDATE expense_line SET net_cents = net_cents + 1 WHERE id = {id}", "expense_line {id}:"),
    ("asset", "UPDATE asset SET place = 2 WHERE id = {id}", "asset {id}:"),
    ("payment", "UPDATE payment SET cents = 1 WHERE id = {id}", "payment {id}:"),
    ("allocation", "UPDATE allocation SET cents = 1 WHERE id = {id}", "allocation {id}:"),
    ("asset_account", "UPDATE asset_account SET months = 9 WHERE device_id = {id}", "asset_account {id}:"),
    ("paper", "UPDATE paper SET title = 'Autre' WHERE id = {id}", "paper {id}:"),
    ("receipt", "UPDATE receipt SET cents = 1 WHERE id = {id}", "receipt {id}:"),
    ("publicity", "UPDATE publicity SET seen_on = '2001-01-01' WHERE id = {id}", "publicity {id}:"),
    ("claim", "UPDATE claim SET total_cents = 1 WHERE id = {id}", "claim {id}:"),
    ("claim_piece", "UPDATE claim_piece SET words = 'x' WHERE id = {id}", "claim_piece {id}:"),
    ("spot_check", "UPDATE spot_check SET answered_on = NULL WHERE id = {id}", "spot_check {id}:"),
    ("spot_check_item", "UPDATE spot_check_item SET result = 'not_seen' WHERE id = {id}", "spot_check_item {id}:"),
    (
        "spot_check_finding",
        "UPDATE spot_check_finding SET correction_cents = 9 WHERE id = {id}",
        "spot_check_finding {id}:",
    ),
]
# Nothing proves these: they are people's own settings, keys, letters and work, or lists of words.
UNPROVEN = {
    "organisation", "centre", "person", "role", "station", "sign_in", "token", "attempt", "reset", "category", "maker",
    "device_model", "found_note", "letter", "job", "preference", "sheet_place", "partner", "device_word", "known_word",
    "device_identifier", "category_field", "device_detail", "table_import", "known_headers",
    "reminder_habit",
}  # fmt: skip


# Columns that say what nothing else says: words people correct, and what only the row itself remembers.
FREE = {
    "device": {"model_id", "maker_id", "no_serial_reason", "owner_id", "payer_id", "programme", "stated_value_cents",
               "acquired_on", "note", "warranty_until", "replaced_by_id"},
    "attachment": {"title"},
    "closure": {"words"},
    "device_check": {"note"},
    "given_code": {"made_at"},
    "delivery_line": {"model_id"},
    "hold": {"kind", "reason"},
    "recall": {"reason"},
    "reminder": {"subject", "words", "letter_id"},
    "sighting": {"note"},
    "sim": {"note"},
    "supply_move": {"words"},
    "reservation": {"title"},
    "correction": {"reason"},
    "waiting": {"first_why"},
    "household_identity": {"language", "referent_id", "seen_at"},
    "household_card": {"adults", "minors", "guardian", "interpreter", "prescriber", "reminders", "address",
                       "address_for", "show_address"},
    "stored_file": {"kind", "media_type", "stored_at", "keep_until"},
}  # fmt: skip
WATCHED = {table for table, _damage, _complaint in DAMAGE}
ENDS = {"closed_at": NOW.replace(year=2020), "ending": "returned"}
EITHER = ({"loan_id": None, "hand_over_id": 1}, {"used_act_id": None, "spoilt_act_id": 1})  # never both
# For columns that hold one of a few words.
WORDS = {
    "state": ("available", "to_check"), "place": ("centre", "household"),
    "device_check.kind": ("check", "wipe"), "attachment.kind": ("photo", "document"), "given_code.kind": ("K", "D"),
    "result": ("fit", "unfit"), "way": ("out", "back"), "condition": ("good", "worn"), "ending": ("returned", "undone"),
    "signature.way": ("drawn", "typed"), "capacity": ("borrower", "guardian"), "known": ("team", "document"),
    "copy_given": ("paper", "none"),
    "deposit.ending": ("returned", "destroyed"), "owed_part.ending": ("received", "let_go"), "extension_request.how": ("desk", "phone"),
    "extension_request.state": ("open", "refused"),
    "step": ("sim", "lock"), "level": ("clear", "purge"), "files": ("offered", "waited"), "maintenance_plan.unit": ("hours", "prints"), "meter_reading.unit": ("hours", "prints"),
    "supply.kind": ("consumable", "accessory"), "supply_move.kind": ("supply_in", "supply_out"), "supply.unit": ("g", "m"),
    "preparation_tick.step": ("install", "accounts"), "how": ("scan", "visit"), "here": (True, False), "done": (True, False),
    "reminder.way": ("call", "visit"), "reminder.kind": ("due_day", "decision"), "outcome": ("done", "not_needed"),
    "reminder_line.kind": ("due_day", "decision"), "part": ("decision", "visit"),
    "reminder_rung.kind": ("due_day", "decision"), "reminder_stop.reason": ("hospital", "other"),
    "contact_note.kind": ("reached", "other"),
    "contact_kind": ("phone", "mail"), "also_kind": ("phone", "mail"), "opposition.what": ("figures", "reminders"),
    "waiting.ending": ("served", "left"), "purpose": ("workshop", "outing"), "reservation.ending": ("taken", "cancelled"),
    "reservation_line.ending": ("taken", "cancelled"), "programme": ("2014-2020", "2021-2027"),
    "plaque_basis": ("public_support", "total_cost"), "counted_from": ("accounts", "last_payment"),
    "asset.place": (1, 2), "programme_period.code": ("2014-2020", "2021-2027"), "operation.basis": ("30/360", "actual/365"),
    "funder.kind": ("eu", "other"), "funding_key": ("explicit", "plan_prorata"), "accepts_assets": (True, False),
    "procedure": ("direct", "quotes"), "expense.kind": ("invoice", "personnel"), "means": ("transfer", "card"),
    "proof": ("bank_statement", "certified_list"), "paper.kind": ("invoice", "quote"), "no_grant": (True, False),
    "spot_check.kind": ("service_fait", "on_the_spot"), "spot_check_item.result": ("seen", "not_seen"), "direction": ("register", "shelf"),
    "claim.state": ("filed", "answered"), "claim_piece.kind": ("correction", "flat_rate"), "treatment": ("charge", "fixed_asset"), "receipt.kind": ("final", "interim"),
    "publicity.kind": ("website", "plaque_not_due"),
}  # fmt: skip


def fill(app: Flask, world: World) -> None:
    """A row in every table that verify watches: a loan kept longer, one that came back, a hold, a stored file."""
    out, back, held = make_device(world), make_device(world), make_device(world)
    loan = make_loan(world, out, household=(home := make_household(world)))
    _card(world, home)
    signing.fill(world, loan)
    condition.fill(world, app.config["SETTINGS"].instance)
    do(loans.extend, Extend(due_on=TODAY.replace(year=2027)), loan, by=world.me(), at=NOW)
    make_loan(world, back)
    do(returns.take_back, TakeBack(devices=[{"code": back.code}]), by=world.me())
    terms.fill(world, app.config["SETTINGS"].instance)
    do(care.check, CheckDone(method="remise à zéro"), back, by=world.me())
    do(care.place_hold, PlaceHold(reason="batterie"), held, by=world.me("mia"))
    make_device(world)  # another thing than those of the rows damaged
    _file(folder := app.config["SETTINGS"].instance)
    wish = Labels(codes=[out.code, back.code])
    drawn = printing.sheet(wish, public_url="https://pret.example.org", real=True)
    do(printed.keep, wish, drawn, by=world.me())
    photo = printed.Photo("x", files.write(folder, b"photo", kind="label", media_type="image/jpeg", at=NOW))
    do(printed.place, PlaceLabel(), out, photo, by=world.me())
    shown = [
        printed.Photo(x, files.write(folder, x.encode(), kind="thing", media_type="image/jpeg", at=NOW)) for x in "yz"
    ]
    files_on = [do(attachments.add, AddFile(), out, one, by=world.me()) for one in shown]
    do(attachments.let_go, LetFileGo(), out, files_on[1].id, by=world.me())
    make_device(world, model="router")
    model = devices.model(world.models["router"])
    do(recalls.recall, RecallModel(reason="chargeur"), model, by=world.me("mia"))
    lifted = do(recalls.recall, RecallModel(reason="batterie"), model, by=world.me("mia"))
    do(recalls.lift, LiftRecall(), lifted, by=world.me("mia"))
    do(printers.tune, TunePrinter(aside_mm=0.5), by=world.me())
    _care(world, back)
    _rooms(world, folder)


def _rooms(world: World, folder: Path) -> None:
    for room in (reminded, shelf, promises):
        room.fill(world)
    money.fill(world, folder)


def _card(world: World, home: Household) -> None:
    """A card with people on it and a second contact; a no taken back, and one that stands; a household split."""
    parted = make_household(world)
    make_loan(world, kept := make_device(world), household=parted)
    sides = [{"name": "Anne-Test"}, {"name": "Boris-Test"}]
    part = Split(sides=sides, things=[{"code": kept.code, "side": "a"}])
    do(splits.split, part, parted, by=world.me("mia"))
    adults = [{"name": "Rose-Test", "signs": True}]
    wish = EditHousehold(name=home.name, contact="06 39 98 01 42", adults=adults, also="06 39 98 01 43")
    do(households.edit, wish, home, by=world.me())
    do(oppositions.oppose, Oppose(what="figures"), home, by=world.me())
    do(oppositions.withdraw, Withdraw(what="figures"), home, by=world.me(), at=NOW + timedelta(minutes=5))
    do(oppositions.oppose, Oppose(what="figures"), home, by=world.me())


def _file(folder: Path) -> None:
    with writing() as s:
        s.add(files.write(folder, b"bytes", kind="test", media_type="text/plain", at=NOW))


@pytest.fixture
def full_house(world: World) -> None:
    """The small world so filled."""


def _care(world: World, device: Device) -> None:
    """A repair, a bag, a theft with two steps, a thing lost on loan, and a maintenance done at its reading."""
    me = world.me()
    for what, facts in (
        ("repair", {"supplier": "Répar’Info", "reason": "écran"}),
        ("back", {"cost": "45,90"}),
        ("stolen", {}),
    ):
        do(losses.move, Move(what=what, **facts), device, by=me)
    do(thefts.tick, TheftStep(step="complaint", reference="PV 1"), device, by=me)
    do(thefts.tick, TheftStep(step="replaced", replaced_by=make_device(world).code), device, by=me)
    make_loan(world, gone := make_device(world))
    do(losses.move, Move(what="lost"), gone, by=me)
    bag = make_device(world, model="printer")
    do(losses.move, Move(what="bag"), bag, by=me)
    do(maintenance.read_meter, ReadMeter(meter=120), bag, by=me)
    do(maintenance.new, NewPlan(name="Buse", every=100, every_days=90), bag, by=me)
    [plan] = maintenance.plans_of(bag.id, TODAY)
    do(maintenance.read_meter, ReadMeter(meter=220), bag, by=me)
    do(maintenance.done, PlanDone(), bag, plan.plan.id, by=me)
    do(maintenance.new, NewPlan(name="Axes", every=500, every_days=30), bag, by=me)
    over = maintenance.plans_of(bag.id, TODAY)[-1]
    do(maintenance.end, EndPlan(), bag, over.plan.id, by=me)


@pytest.fixture
def unguarded(app: Flask, full_house: None) -> None:
    """The same without its guards."""
    with app.app_context(), writing() as s:
        drop_guards(s.connection())


def faults(app: Flask) -> list[str]:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"]))


def test_a_sound_house_leaves_verify_silent(app: Flask, full_house: None):
    with app.app_context():
        assert faults(app) == []


@pytest.mark.slow("thirty damages, each looked for in the whole house")
def test_a_damaged_row_is_named(app: Flask, unguarded: None):
    with app.app_context():
        for table, damage, complaint in DAMAGE:
            key = next(iter(Base.metadata.tables[table].primary_key.columns))
            row = session().execute(select(key).order_by(key).limit(1)).scalar_one()
            with looking_away() as s:
                s.execute(text(damage.replace("{id}", str(row)).replace(":", "\\:")))
                named = _named(app, table, complaint.replace("{id}", str(row)))
            assert named, damage


@pytest.mark.timeout(400)
@pytest.mark.slow("some hundred damages, one after the other")
def test_no_column_of_a_watched_table_changes_unseen(app: Flask, unguarded: None):
    """Each column of a few rows is changed in turn: verify names table and row, or the column is listed as free."""
    unseen = set()
    with app.app_context():
        for table in sorted(WATCHED):
            key, *columns = Base.metadata.tables[table].columns
            watched = [c for c in columns if c.name not in FREE.get(table, ())]
            unseen |= {str(c) for c in watched for number in a_few(key) if not _told_of(app, table, key, number, c)}
    assert unseen == set()


def _told_of(app: Flask, table: str, key: Column, number: object, column: Column) -> bool:
    """Whether verify names the row once this column is something else. Taken back afterwards."""
    with looking_away() as s:
        old = s.execute(select(column).where(key == number)).scalar_one()
        values = {column.name: other(column, old)}
        if column.name in ENDS and old is None:  # they stand together or not at all
            ends = {name: WORDS.get(f"{table}.{name}", (end,))[0] for name, end in ENDS.items()}
            values = {name: end for name, end in ends.items() if name in Base.metadata.tables[table].columns}
        for pair in EITHER:
            if column.name in pair and set(pair) <= set(column.table.columns.keys()):
                values = pair
        try:
            s.execute(Base.metadata.tables[table].update().where(key == number).values(values))
        except IntegrityError:  # a CHECK: without guards and keys, it alone is left to say no
            return True
        return _named(app, table, f"{table} {number}: ", points=bool(column.foreign_keys))


# The places of the checks that named a row of this table before, by whether what was changed points to another table.
# The one that named last is asked first: mostly it names again, and the others are spared.
NAMED: dict[tuple[str, bool], list[int]] = {}


def _named(app: Flask, table: str, start: str, *, points: bool = False) -> bool:
    """Whether any check of the whole house begins a line so."""
    every = dict(enumerate(verifying.checks(app.config["SETTINGS"]) + verifying.references()))
    lately = NAMED.setdefault((table, points), [])
    others = sorted(every.keys() - set(lately), reverse=points)  # the last ones follow what points to other tables
    with surveyed():
        for place in (*lately, *others):
            if any(line.startswith(start) for line in every[place]()):
                lately[:] = [place, *(other for other in lately if other != place)]
                return True
    return False


@pytest.mark.slow("thirty rows, each looked for in the whole house")
def test_no_row_of_a_watched_table_goes_unseen(app: Flask, unguarded: None):
    with app.app_context():
        for table in sorted(WATCHED - {"stored_file"}):  # of bytes nobody asks for, the row alone knows
            key = next(iter(Base.metadata.tables[table].columns))
            for number in a_few(key):
                with looking_away() as s:
                    s.execute(Base.metadata.tables[table].delete().where(key == number))
                    assert _named(app, table, ""), f"{table} {number} is gone and nobody says so"


def a_few(key: Column) -> list[Any]:
    """The first and the last."""
    numbers = session().scalars(select(key).order_by(key)).all()
    return sorted({numbers[0], numbers[-1]})


@contextmanager
def looking_away() -> Iterator[Session]:
    """A write without foreign keys, taken back at the end."""
    s = session()
    s.rollback()
    s.connection(execution_options=WRITES)
    s.execute(
        text("SET LOCAL session_replication_role = replica" if is_postgresql() else "PRAGMA defer_foreign_keys=ON")
    )
    yield s
    s.rollback()


def other(column: Column, old: Any) -> Any:
    """Something else that the column can hold."""
    if word := WORDS.get(f"{column.table.name}.{column.name}") or WORDS.get(column.name):
        return next(one for one in word if one != old)
    if column.nullable and old is not None and not isinstance(old, str) and column.name not in ENDS:
        return None
    if isinstance(column.type, JSON):
        return [*old, "x"] if isinstance(old, list) else (old or {}) | {"x": 1}
    if isinstance(old, bool):
        return not old
    kinds = {
        UUID: uuid4(),
        date: TODAY.replace(year=2031) if column.name != "from_day" else TODAY.replace(year=2020),
        datetime: NOW.replace(year=2020),
    }
    wanted = datetime if isinstance(column.type, MomentType) else column.type.python_type
    if wanted is int:
        return (old or 0) + 1000
    return f"{old or ''}x" if wanted is str else kinds[wanted]


def test_every_table_is_watched_or_said_not_to_be():
    assert set(Base.metadata.tables) == WATCHED | UNPROVEN


def test_verify_fails_and_prints_each_fault(app: Flask, full_house: None):
    with app.app_context(), writing() as s:
        drop_guards(s.connection())
        s.execute(text("UPDATE seal SET parts = '{}'"))
        number = s.scalar(text("SELECT min(id) FROM seal"))
    done = app.test_cli_runner().invoke(args=["verify"])
    assert done.exit_code == 1
    assert f"seal {number}:" in done.output


def test_what_is_done_while_verify_runs_is_no_fault(
    app: Flask, full_house: None, make_app: Callable[..., Flask], settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """Acts are counted early and rows late: both are of the moment it began."""
    elsewhere, check_people = make_app(settings), verifying.check_people

    def then_somebody_reads_a_meter() -> Iterator[str]:
        yield from check_people()
        with elsewhere.app_context():
            world = known_world()
            do(maintenance.read_meter, ReadMeter(meter=7), make_device(world, model="printer"), by=world.me())

    monkeypatch.setattr(verifying, "check_people", then_somebody_reads_a_meter)
    done = app.test_cli_runner().invoke(args=["verify"])
    assert (done.exit_code, done.output) == (0, "")


def test_verify_says_nothing_of_a_sound_house(app: Flask, full_house: None):
    done = app.test_cli_runner().invoke(args=["verify"])
    assert (done.exit_code, done.output) == (0, "")


def test_a_lost_file_is_named(app: Flask, full_house: None):
    with app.app_context():
        file = session().scalars(select(files.StoredFile).where(files.StoredFile.kind == "test")).one()
        files.path_of(app.config["SETTINGS"].instance, file).unlink()
        assert faults(app) == [f"stored_file {file.id}: the bytes are missing"]
