"""Both centres of the small world with one of everything in each, and every route with these ids in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, current_app
from sqlalchemy import select
from werkzeug.routing import Rule

from app import files, jobs
from app.db import session, writing
from app.desk import imports
from app.imports import tables
from app.imports.forms import NewImport
from app.imports.tables import TableImport
from app.inventory import (
    arrivals,
    attachments,
    care,
    catalogue,
    devices,
    faults,
    kits,
    maintenance,
    own_fields,
    recalls,
    sims,
    stocktakes,
    supplies,
    together,
    wipes,
)
from app.inventory.care_forms import MoveMany, NewPlan
from app.inventory.catalogue_forms import AddFile, NewField, RecallModel
from app.inventory.fault_forms import NoteFault
from app.inventory.forms import CheckDone, PlaceHold
from app.inventory.models import Device, FoundNote, Hold
from app.inventory.printed import Photo
from app.inventory.stock_forms import KitThingIn, NewDelivery, NewKit, NewSim, NewStockTake, NewSupply, ReceiveDevice
from app.lending import (
    complaints,
    contacts,
    corrections,
    deposits,
    exchanges,
    extensions,
    loans,
    reminders,
    requests,
    reservations,
    returns,
    swaps,
    waiting,
)
from app.lending.booking_forms import Reserve, Wait
from app.lending.complaints import AddComplaint
from app.lending.condition_photos import HandOverPhoto, Photos
from app.lending.deposits import HoldDeposit
from app.lending.forms import AskLonger, CorrectLoan, Exchange, Swap, TakeBack
from app.lending.models import Loan, OwedPart
from app.lending.reminder_forms import NoteContact, Remind
from app.people import closures, secrets, sessions
from app.people.closures import CloseCentre
from app.people.models import Centre, Household, Person, Reset, Station
from app.people.roles import THE_HOUSE, Me
from app.privacy import copies
from tests.finance import money
from tests.lending import reminded, signing
from tests.make import NOW, World, do, make_device, make_household, make_loan

WHO = {"own": "ada", "other": "zoe"}  # whose centre is whose, seen from Brebis
NAMES = {"own": "Foyer Tourbillon-Test", "other": "Foyer Zanzibar-Test"}
CONTACTS = {"own": "0639980142", "other": "0639987777"}


@dataclass(frozen=True)
class Place:
    """One of everything in one centre, by the word a route calls it."""

    free: str
    lent: str
    household: str
    loan: str
    event: str
    archive: str
    hold: int
    person: int
    station: int
    sign_in: int
    note: int
    model: int
    field: int
    recall: int
    attachment: int
    reset: str
    wipe: int
    plan: int
    kit: str
    delivery: int
    supply: int
    sim: int
    take: int
    in_kit: str
    reminder: str
    contact: int
    together: str
    table: str
    reservation: str
    waiting: str
    owed: int
    request: int
    closure: int
    deposit: int
    complaint: int
    fault: int
    shot: int
    exchange: str
    swap: str
    correction: str
    operation: str
    receipt: int
    expense: str
    payment: int
    allocation: int
    asset: int
    paper: int
    purchase: str
    claim: str
    dossier: str
    publicity: int
    spot_check: str
    spot_item: int
    spot_finding: int
    money_table: str
    paid_thing: str


def furnish(app: Flask, world: World) -> dict[str, Place]:
    """One of everything in the centre of Ada and in that of Zoé."""
    with app.app_context():
        places = {key: _place(app, world, who, key) for key, who in WHO.items()}
        while jobs.run_next(app.config["SETTINGS"].instance, at=datetime.now(UTC)):
            pass
    return places


def _wiped(world: World, home: Household, who: str, now: datetime) -> int:
    """The number of the record of a wipe."""
    wiped = make_device(world, by=who, note="wiped")
    make_loan(world, wiped, household=home, by=who, at=now - timedelta(minutes=5))
    do(returns.take_back, TakeBack(devices=[{"code": wiped.code}]), by=world.me(who), at=now)
    do(care.check, CheckDone(method="usine"), wiped, by=world.me(who), at=now)
    return int(wipes.of(wiped.id)[0].id)


def _catalogue(app: Flask, world: World, me: Me, lent: Device, key: str) -> dict[str, int]:
    """A field of a kind, a recalled model, a photo of a thing."""
    kind, model = catalogue.category("router"), devices.model(world.models["router"])
    field = do(own_fields.add_field, NewField(name=f"Champ {key}"), kind, by=me)
    recall = do(recalls.recall, RecallModel(reason="Chargeur"), model, by=me)
    folder = app.config["SETTINGS"].instance
    photo = Photo(key, files.write(folder, b"photo", kind="thing", media_type="image/jpeg", at=NOW))
    attachment = do(attachments.add, AddFile(title="Rayure"), lent, photo, by=me)
    return {"field": field.id, "recall": recall.id, "attachment": attachment.id}


def _written(me: Me, lent: str, now: datetime) -> dict[str, Any]:
    """A desk, a note of whoever found the thing lent, a forgotten password, somebody signed in."""
    token = secrets.new_token()
    hours = {"ends_at": now + timedelta(days=1), "used_at": None}
    with writing() as s:
        station = Station(
            centre_id=me.centre_id, name="Accueil", token_hash=uuid4().hex, enrolled_at=now, revoked_at=None
        )
        note = FoundNote(code=lent, words="Trouvé", contact="x", left_at=now, settled_at=None)
        s.add_all([station, note, Reset(person_id=me.id, token_hash=secrets.token_hash(token), **hours)])
        s.flush()
        row, _cookie = sessions.begin(s.get_one(Person, me.id), centre_id=None, browser="test", at=now)
        return {"station": station.id, "sign_in": row.id, "note": note.id, "reset": token}


def _place(app: Flask, world: World, who: str, key: str) -> Place:
    free, lent, back = (make_device(world, by=who, note=f"placed {n}") for n in range(3))
    home = make_household(world, NAMES[key], by=who, contact=CONTACTS[key])
    now = datetime.now(UTC)
    loan = make_loan(world, lent, household=home, by=who, at=now - timedelta(minutes=5))
    make_loan(world, back, household=home, by=who, at=now - timedelta(minutes=5))
    me = world.me(who)
    back_of = {"code": back.code, "condition": "incomplete", "missing": [f"chargeur {key}"]}
    shots = _shots(back, key)
    event = do(returns.take_back_shown, TakeBack(devices=[back_of]), shots, by=me, at=now)
    for about in (loan, event):
        signing.signed(world, about, who, at=now)
    wipe = _wiped(world, home, who, now)
    do(extensions.ask, AskLonger(due_on=now.date() + timedelta(days=120)), loan, by=me, at=now)
    do(maintenance.new, NewPlan(name="Batterie", every_days=90), lent, by=me, at=now)
    plan = maintenance.plans_of(lent.id, now.date())[0].plan.id
    do(care.place_hold, PlaceHold(reason="Batterie gonflée"), free, by=me, at=NOW)
    archive = do(copies.ask, copies.AskCopy(), home, by=me)
    hold = session().scalars(select(Hold.id).where(Hold.device_id == free.id)).one()
    more = _shelf(world, me, key) | _catalogue(app, world, me, lent, key) | _written(me, lent.code, now)
    return Place(
        free=free.code,
        lent=lent.code,
        household=home.code,
        loan=str(loan.uuid),
        event=str(event.uuid),
        archive=str(archive.uuid),
        hold=hold,
        person=me.id,
        model=world.models["laptop"],
        wipe=wipe,
        plan=plan,
        **more,
        reminder=str(_reminder(world, home, who)),
        contact=_contact(loan, me),
        together=str(_together(world, who)),
        table=str(_table(world, who, home.name).uuid),
        **_promised(world, me, home, who),
        request=requests.of_loans([loan])[0].id,
        closure=_closure(me),
        complaint=_complaint(loan, me, key),
        fault=_fault(lent, me),
        shot=session().scalars(select(HandOverPhoto.id).where(HandOverPhoto.hand_over_id == event.id)).one(),
        deposit=do(deposits.hold, HoldDeposit(**_CHEQUE), loan, by=me, at=now).id,
        owed=session().scalars(select(OwedPart.id).where(OwedPart.hand_over_id == event.id)).one(),
        **_mended(world, me, home, who, now),
        **money.furnished(world, key, make_device(world, by=who)),
    )


def _mended(world: World, me: Me, home: Household, who: str, now: datetime) -> dict[str, str]:
    """A thing exchanged, two swapped, a loan put right: each by its own number."""
    things = [make_device(world, by=who) for _ in range(5)]
    other = make_household(world, by=who)
    lent = [make_loan(world, things[n], household=(home, other)[n % 2], by=who, at=now) for n in range(4)]
    old, one, two, _wrong, new = (thing.code for thing in things)
    exchange, swap = Exchange(device=old, instead=new), Swap(device=one, other=two)
    correction = CorrectLoan(household=home.code, reason="Test")
    do(exchanges.exchange, exchange, lent[0], by=me, at=now)
    do(swaps.swap, swap, by=me, at=now)
    do(corrections.correct, correction, lent[3], by=me, at=now)
    return {"exchange": str(exchange.id), "swap": str(swap.id), "correction": str(correction.id)}


def _reminder(world: World, home: Household, who: str) -> UUID:
    """A letter that waits to be printed, once the loan is three weeks late."""
    reminded.card(world, home, who)
    due = loans.at_home_with(home)[-1].due_on
    [row, _visit] = do(reminders.remind, Remind(day=due + timedelta(days=21)), home, by=THE_HOUSE) or []
    return row.uuid


def _contact(loan: Loan, me: Me) -> int:
    do(contacts.note, NoteContact(kind="reached"), loan, by=me)
    return int(contacts.of_loan(loan)[0].number)


def _promised(world: World, me: Me, home: Household, who: str) -> dict[str, str]:
    """Something kept for days to come, and a place on the waiting list."""
    day = datetime.now(UTC).date() + timedelta(days=40)
    wish = Reserve(
        purpose="outing", title="Sortie", devices=[make_device(world, by=who).code], from_day=day, to_day=day
    )
    row = do(reservations.reserve, wish, by=me, at=datetime.now(UTC))
    waits = do(waiting.wait, Wait(household=home.code, model=world.models["tablet"]), by=me)
    return {"reservation": str(row.uuid), "waiting": str(waits.uuid)}


def _complaint(loan: Loan, me: Me, key: str) -> int:
    """The copy of a complaint on that loan, by its number."""
    file = files.write(current_app.config["SETTINGS"].instance, b"photo", kind="loan", media_type="image/jpeg", at=NOW)
    return int(do(complaints.add, AddComplaint(), loan, Photo(key, file), by=me).id)


def _shots(device: Device, key: str) -> Photos:
    """A photo of that thing as it comes back."""
    folder = current_app.config["SETTINGS"].instance
    file = files.write(folder, b"photo", kind="hand_over", media_type="image/jpeg", at=NOW)
    return Photos({device.code: [Photo(key, file)]})


def _fault(device: Device, me: Me) -> int:
    """A known fault of that thing, by its number."""
    known = do(faults.add, NoteFault(point="coque", note="rayure"), device, by=me)
    return int(faults.known_of([known])[device.id][0].number or 0)


_CHEQUE = {"amount_cents": 5000, "dated_on": "2026-01-05", "kept_where": "coffre"}


def _closure(me: Me) -> int:
    """Days on which the centre is shut, by their number."""
    wish = CloseCentre(from_day="2027-08-02", to_day="2027-08-13", words="Congés")
    return int(do(closures.close, wish, session().get_one(Centre, me.centre_id), by=me).id)


def _together(world: World, who: str) -> UUID:
    """The number of what was done to several things at once."""
    wish = MoveMany(codes=[make_device(world, by=who).code], what="bag")
    do(together.move_all, wish, by=world.me(who))
    return wish.id


def _shelf(world: World, me: Me, key: str) -> dict[str, Any]:
    """A kit, a delivery with one thing of it received, a supply, a SIM card, and a stock-take going on."""
    kit = do(kits.add, NewKit(name=f"Mallette {key}"), by=me)
    line = {"model": world.models["laptop"], "count": 2}
    delivery = do(arrivals.expect, NewDelivery(supplier="UGAP", lines=[line]), by=me)
    item = do(arrivals.receive, ReceiveDevice(serial_number=f"SHELF{key}"), delivery, by=me)
    do(kits.put_in, KitThingIn(thing=item.device.code), kit, by=me)
    supply = do(supplies.add, NewSupply(name=f"Bobine {key}", unit="g"), by=me)
    iccid = {"own": "8933010000000000002", "other": "8933010000000000010"}[key]
    sim = do(sims.add, NewSim(iccid=iccid, operator="Bouygues"), by=me)
    take = do(stocktakes.begin, NewStockTake(name=f"Récolement {key}"), by=me)
    return {
        "kit": kit.code,
        "delivery": delivery.id,
        "supply": supply.id,
        "sim": sim.id,
        "take": take.id,
        "in_kit": item.device.code,
    }


def _table(world: World, who: str, name: str) -> TableImport:
    """A file that waits to be looked at, with the name of the household in it."""
    text = f"Nom;Marque;Modèle;N° de série;Emprunteur\nP;Lenovo;ThinkPad L14;Q1;{name}\n"
    folder = current_app.config["SETTINGS"].instance
    sent = imports.sent(text.encode(), f"{name}.csv", "register", folder, at=datetime.now(UTC))
    return do(tables.begin, NewImport(kind="register"), sent, by=world.me(who))


# How a rule of the url_map is filled: the start of the rule, then each argument's word in `Place`.
FILLED: Mapping[str, Mapping[str, str]] = {
    "/devices/<code>/files": {"code": "lent", "number": "attachment"},
    "/categories/": {"code": "=router", "number": "field"},
    "/recalls/": {"number": "recall"},
    "/devices/<code>/faults/": {"code": "lent", "fault": "fault"},
    "/hand-overs/": {"uuid": "event", "number": "shot"},
    "/devices/": {"code": "lent", "number": "hold", "plan": "plan"},
    "/wipes/": {"number": "wipe"},
    "/households/": {"code": "household", "uuid": "archive"},
    "/e/": {"code": "lent"},
    "/E/": {"code": "lent"},
    "/loans/<uuid>/notes/": {"uuid": "loan", "number": "contact"},
    "/loans/": {"uuid": "loan", "number": "request", "deposit": "deposit", "complaint": "complaint"},
    "/centre/closures/": {"number": "closure"},
    "/returns/": {"uuid": "event"},
    "/exchanges/": {"uuid": "exchange"},
    "/swaps/": {"uuid": "swap"},
    "/corrections/": {"uuid": "correction"},
    "/reminders/": {"uuid": "reminder"},
    "/centre/reminders/": {"kind": "=due_day"},
    "/reservations/": {"uuid": "reservation"},
    "/waiting/": {"uuid": "waiting"},
    "/summaries/": {"language": "=ar"},
    "/owed/": {"number": "owed"},
    "/staff/": {"number": "person"},
    "/stations/": {"number": "station"},
    "/me/sessions/": {"number": "sign_in"},
    "/notes/": {"number": "note"},
    "/models/": {"number": "model"},
    "/kits/": {"code": "kit"},
    "/deliveries/": {"number": "delivery"},
    "/supplies/": {"number": "supply"},
    "/sims/": {"number": "sim"},
    "/stock-takes/": {"number": "take", "code": "lent"},
    "/reset/": {"token": "reset"},
    "/together/": {"uuid": "together"},
    "/import/": {"uuid": "table"},
    "/finance/operations/": {
        "operation": "operation",
        "code": "=L3.1",
        "receipt": "receipt",
        "uuid": "dossier",
        "shown": "publicity",
    },
    "/finance/import/": {"uuid": "money_table"},
    "/finance/periods/": {"code": "=2014-2020"},
    "/finance/assets/": {"code": "paid_thing"},
    "/finance/invoices/<uuid>/payments/": {"uuid": "expense", "number": "payment"},
    "/finance/invoices/<uuid>/allocations/": {"uuid": "expense", "number": "allocation"},
    "/finance/invoices/<uuid>/things/": {"uuid": "expense", "number": "asset"},
    "/finance/invoices/": {"uuid": "expense", "number": "paper"},
    "/finance/purchases/": {"uuid": "purchase"},
    "/finance/claims/": {"uuid": "claim"},
    "/finance/checks/": {"uuid": "spot_check", "item": "spot_item", "finding": "spot_finding"},
    "/finance/<any(invoices, purchases):kind>/": {"kind": "=invoices", "uuid": "expense", "number": "paper"},
    "/s/": {"_mark": "=any", "name": "=css/all.css"},  # as it stands
}


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every rule, in the order of their addresses."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def words_of(rule: Rule) -> Mapping[str, str]:
    """Which word of `Place` fills each argument. A new rule has to say so above, else this fails."""
    if not rule.arguments:
        return {}
    start = next((s for s in FILLED if rule.rule.startswith(s)), None)
    assert start, f"{rule.rule}: say in tests/web/things.py what its arguments are filled with"
    return {name: FILLED[start][name] for name in rule.arguments}


def filled(rule: Rule, place: Place, **over: str) -> str:
    """The address of this rule for one of everything; `over` puts something else in place of an argument."""
    path = rule.rule
    for name, word in words_of(rule).items():
        value = over.get(name, word[1:] if word.startswith("=") else str(getattr(place, word)))
        path = path.replace(_slot(path, name), value)
    return path


def _slot(path: str, name: str) -> str:
    return next(f"<{part}>" for part in (p.split(">")[0] for p in path.split("<")[1:]) if part.split(":")[-1] == name)
