from __future__ import annotations

import json
import random
import subprocess
from datetime import date, timedelta

import pytest
from flask import Flask

from app import cli, jobs
from app.db import session, writing
from app.history import Act
from app.inventory import found
from app.inventory.forms import Found
from app.inventory.found import SettleNote
from app.lending import agreements, loans, privacy, returns
from app.lending.forms import Lend, TakeBack
from app.lending.models import Agreement, Loan
from app.people import households
from app.people.forms import EditHousehold, NewHousehold
from app.people.models import Household
from app.privacy import copies, rights, wings
from app.privacy.copies import AskCopy
from app.privacy.rights import Erase, Merge
from tests.harness.databases import Database
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_device, make_household, make_loan
from tools import ensure

NAME, FOLDED, PHONE, MAIL = "Zqxvärd-Test", "zqxvard-test", "0639987171", "zq-xv@example.org"
TRACES = (NAME, FOLDED, PHONE, MAIL)


def everything(app: Flask, database: Database) -> bytes:
    """Every byte the house keeps, after its chores: the instance folder, and what pg_dump would tell."""
    chores(app)
    kept = b"".join(file.read_bytes() for file in sorted(database.instance.rglob("*")) if file.is_file())
    if database.kind == "postgresql":
        command = [ensure.postgres() / "pg_dump", database.url.replace("+psycopg", "")]
        kept += subprocess.run(command, capture_output=True, check=True).stdout
    return kept


def chores(app: Flask) -> None:
    """A round of them, an hour later."""
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(cli, "now", lambda: NOW + timedelta(hours=1))
        cli.one_round(app.config["SETTINGS"])
    session().rollback()


def traces(app: Flask, database: Database) -> set[str]:
    kept = everything(app, database)
    return {trace for trace in TRACES if trace.encode() in kept or trace.encode("utf-16-le") in kept}


def known(world: World) -> Household:
    """A household that was written down with a phone, then with a mail, and looked for."""
    household = make_household(world, NAME, contact=PHONE)
    do(households.edit, EditHousehold(name=NAME, contact=MAIL), household, by=world.me())
    assert session().scalars(households.search(NAME, world.me())).all() == [household]
    return household


def erase(world: World, household: Household) -> Household:
    return do(rights.erase, Erase(), household, by=world.me("mia"), again=households.of_act)


def lent_and_back(world: World, household: Household) -> Loan:
    loan = make_loan(world, device := make_device(world), household=household)
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())
    return loan


def test_what_is_looked_for_would_be_found(app: Flask, database: Database, inside: World):
    known(inside)
    assert traces(app, database) >= {NAME, FOLDED, MAIL}


def test_erasing_leaves_no_trace_of_who_they_were(app: Flask, database: Database, inside: World):
    household = known(inside)
    erase(inside, household)
    assert traces(app, database) == set()
    assert (fresh(household).name, household.known_since) == (household.code, NOW)


def test_a_merged_double_leaves_no_trace_once_the_kept_card_is_erased(app: Flask, database: Database, inside: World):
    double, kept = known(inside), make_household(inside, NAME)
    do(rights.merge, Merge(into=kept.code), double, by=inside.me("mia"))
    erase(inside, kept)
    assert traces(app, database) == set()


def test_among_hundreds_those_erased_leave_no_trace_and_the_others_stay(app: Flask, database: Database, inside: World):
    dice = random.Random(7)
    names = [f"{''.join(dice.choices('bcdfghjklm', k=dice.randint(6, 60)))}x{n:03}y-Test" for n in range(240)]
    by = inside.me("mia")
    with writing():
        rows = [households.add(NewHousehold(name=name), by=by, at=NOW) for name in names]
    gone = dice.sample(range(len(names)), 120)
    with writing():
        for n in gone:
            rights.erase(rows[n], Erase(), by=by, at=NOW)
    kept = everything(app, database)
    assert [names[n] for n in gone if names[n].encode() in kept] == []
    assert all(names[n].encode() in kept for n in range(len(names)) if n not in gone)


def test_the_agreement_is_kept_for_its_five_years_and_then_nothing_is(app: Flask, database: Database, inside: World):
    household = known(inside)
    loan = lent_and_back(inside, household)
    erase(inside, household)
    assert traces(app, database) == {NAME}, "the agreement, and nothing else"
    assert privacy.kept(household) == [("agreement", date(2031, 11, 24))]
    assert NAME in session().query(Agreement).one().words
    with writing():
        agreements.destroy_outdated(day=date(2031, 11, 25), at=NOW + timedelta(days=1827))
    assert traces(app, database) == set()
    assert privacy.kept(household) == []
    assert fresh(loan).household_id == household.id, "that something was lent, and when, stays"


def test_nobody_is_forgotten_while_they_hold_a_thing_of_ours(inside: World):
    household = known(inside)
    make_loan(inside, household=household)
    with refused("on_loan"):
        erase(inside, household)
    assert fresh(household).name == NAME


def test_erasing_and_lending_at_once_never_leaves_a_thing_with_nobody(app: Flask, inside: World):
    for _ in range(3):
        household, device = make_household(inside), make_device(inside)
        lend = Lend(household=household.code, devices=[device.code], due_on=NOW.date() + timedelta(days=9))
        at_once(app, [(rights.erase, Erase(), household, inside.me("mia")), (loans.lend, lend, inside.me())])
        row = fresh(household)
        assert (row.identity is None) == (fresh(device).state == "available")


def test_merging_and_lending_at_once_never_leaves_a_loan_on_a_card_that_gave_way(app: Flask, inside: World):
    for _ in range(3):
        double, kept, device = make_household(inside), make_household(inside), make_device(inside)
        lend = Lend(household=double.code, devices=[device.code], due_on=NOW.date() + timedelta(days=9))
        at_once(app, [(rights.merge, Merge(into=kept.code), double, inside.me("mia")), (loans.lend, lend, inside.me())])
        session().rollback()
        assert {loan.household_id for loan in session().query(Loan)} <= {
            h.id for h in session().query(Household).filter_by(merged_into_id=None)
        }


def test_erasing_twice_is_erasing_once(inside: World):
    household, wish = known(inside), Erase()
    for _ in range(2):
        did = do(rights.erase, wish, household, by=inside.me("mia"), again=households.of_act)
        assert did.id == household.id
    assert session().query(Act).filter_by(kind="erase").count() == 1


def test_the_journal_says_what_kinds_went_and_never_what_they_were(inside: World):
    erase(inside, known(inside))
    act = session().query(Act).filter_by(kind="erase").one()
    assert act.told == {"gone": ["name", "contact", "language", "referent"]}


def test_a_household_is_told_all_that_is_known_of_it(inside: World):
    household = known(inside)
    loan = lent_and_back(inside, household)
    told = json.loads(json.dumps(wings.tell(household)))
    assert told["household"] | {"known_since": ""} == {
        "code": household.code, "centre": "Cité des Brebis", "known_since": "",
        "name": NAME, "contact": MAIL, "language": "fr", "referent": "Ada", "opposed": [],
    }  # fmt: skip
    [one] = told["loans"]
    assert (one["id"], one["things"]) == (str(loan.uuid), [loan.lines[0].device.name])
    assert NAME in one["agreement"]
    erase(inside, household)
    assert set(wings.tell(household)["household"]) == {"code", "centre", "known_since"}


def test_a_copy_made_for_a_household_goes_when_the_household_does(app: Flask, database: Database, inside: World):
    household = known(inside)
    job = do(copies.ask, AskCopy(), household, by=inside.me("mia"), again=copies.of_act)
    assert jobs.run_next(database.instance, at=NOW).state == "done"
    assert list((database.instance / "files").rglob("*"))
    erase(inside, household)
    chores(app)
    assert not [file for file in (database.instance / "files").rglob("*") if file.is_file()]
    assert fresh(job).state == "done"


def test_a_copy_asked_for_is_not_made_of_a_household_that_went_meanwhile(app: Flask, database: Database, inside: World):
    household = known(inside)
    do(copies.ask, AskCopy(), household, by=inside.me("mia"), again=copies.of_act)
    erase(inside, household)
    chores(app)
    assert not [file for file in database.instance.rglob("files/*/*") if file.is_file()]


@pytest.mark.parametrize("part", [MAIL, NAME])
def test_what_a_finder_left_goes_when_it_is_dealt_with(app: Flask, database: Database, inside: World, part: str):
    note = do(found.leave_note, Found(words=f"Trouvé, {NAME}", contact=MAIL), "DBBBBBBB", by=None)
    assert part in traces(app, database)
    do(found.settle, SettleNote(), note.id, by=inside.me())
    assert traces(app, database) == set()
