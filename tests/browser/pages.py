"""Every page there is: the app's own routes, with the demo world's ids filled in, several states of a thing each."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import exists, select

from app import jobs
from app.db import session, writing
from app.demo import cast
from app.finance.claim_models import Claim
from app.finance.purchase_models import Purchase
from app.finance.spending import Asset, Expense, ExpenseLine, Payment
from app.finance.spot_check_models import SpotCheck
from app.imports.tables import TableImport
from app.inventory import movements
from app.inventory.arrivals import DeliveryItem
from app.inventory.attachments import Attachment
from app.inventory.kits import Kit
from app.inventory.maintenance import Plan
from app.inventory.models import Device, DeviceModel, GivenCode, Hold
from app.inventory.recalls import Recall
from app.inventory.stocktakes import StockTake
from app.lending.booking_models import Reservation
from app.lending.models import HandOver, Loan, OwedPart
from app.lending.signature_models import SigningPaper
from app.people import staff
from app.people.models import Centre, Household, HouseholdIdentity, Person, Role
from app.times import now
from labels import codes
from tests.harness.live import Site

# What answers no page: files, programs and machines.
NO_PAGE = {
    "statics", "labels.labels_pdf", "lending.agreement", "endings.letter", "complaints.one", "portal.openapi", "portal.healthz", "portal.readyz",
    "privacy.copy_json", "privacy.archive", "labels.try_sheet", "labels.label_photo", "care.wipe_certificate",
    "papers.one", "stocktakes.report_pdf", "stocktakes.report_csv", "stocktakes.photo", "imports.template_csv",
    "imports.template_xlsx", "exports.things_csv", "exports.things_xlsx", "exports.homes_csv", "exports.homes_xlsx",
    "exports.loans_csv", "exports.loans_xlsx", "exports.register", "reminders.letters_pdf", "reminders.letter_pdf",
    "signatures.original", "signatures.original_of_return", "signatures.proof", "signatures.proof_of_return",
    "sheets.printed", "sheets.photo", "condition.photo", "proofs.one", "claims.xlsx", "claims.csv", "claims.pdf",
    "spot_checks.xlsx", "spot_checks.csv", "register.xlsx", "register.csv", "register.pdf", "dossier.fetch",
    "publicity.photo",
    "money_imports.template_csv", "money_imports.template_xlsx", "money_tables.lines_csv", "money_tables.lines_xlsx",
    "money_tables.invoices_csv", "money_tables.invoices_xlsx", "money_tables.invoices_of_operation_csv",
    "money_tables.invoices_of_operation_xlsx",
}  # fmt: skip
EMAILS = {
    "accueil": cast.DESK,
    "direction": cast.MANAGER,
    "coordination": "coordination@example.org",
    "admin": "admin@example.org",
    "signed out": "",
}
# A second word that a page asks for beside the one on its door.
ALSO = {"setup.overview": "people", "stock.model": "equip", "stock.things": "equip", "stock.labels": "label"}
# One centre's own, shown to those who work there alone.
OF_A_CENTRE = {"imports.columns_of", "imports.check", "imports.progress"}
# What a hand scanner wrote: the address by another keyboard, bars, a serial number.
SENT = ({"q": "HTTPSM!!PRET:EXQ?PLE:ORG!E!DCLBTRXN", "alt": "HTTPS://PRET.EXAMPLE.ORG/E/DCLBTRXN"}, {"q": "5CD0371D07"})
_MODELS, _RECALLED = select(DeviceModel.id).order_by(DeviceModel.id), select(Recall.model_id).order_by(Recall.id)
Asked = dict[str, list[str]]


def get_routes(app: Flask) -> dict[str, str]:
    """Endpoint and door of every route that answers a page."""
    views = app.view_functions
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {name: str(getattr(views[name], "door")) for name in sorted(routes - NO_PAGE)}  # noqa: B009 - our own mark


def addresses(site: Site) -> Asked:
    """The addresses of each endpoint in the demo world."""
    if "PAGES" not in site.app.config:
        with site.app.app_context(), writing():
            site.app.config["PAGES"] = (
                _people()
                | _team()
                | _things()
                | _stock()
                | _tables()
                | _lending()
                | _money()
                | _desk()
                | _portal()
                | _setup()
            )
    known: Asked = site.app.config["PAGES"]
    return known


def refused_to(who: str) -> list[str]:
    """Addresses that say no to them: nothing there, not theirs to open."""
    closed = {"accueil": "/staff", "direction": "/models/none", "coordination": "/households", "admin": "/devices"}
    return ["/no-such-page", *([closed[who]] if who in closed else [])]


def _people() -> Asked:
    nadia = session().scalars(select(Person).where(Person.email == cast.DESK)).one()
    token = staff.reset_link(nadia, at=now())
    paths = {"sign_in": "/sign-in", "profile": "/me", "password": "/me/password", "pin": "/me/pin"}
    paths |= {
        "switch": "/me/centre",
        "forgot": "/forgot",
        "list_stations": "/stations",
        "take_over": "/station/take-over",
        "reset": f"/reset/{token}",
    }
    return {f"people.{name}": [path] for name, path in paths.items()}


def _team() -> Asked:
    people = (
        session().scalars(select(Person).join(Role).where(Role.centre_id == _brebis().id).order_by(Person.id)).all()
    )
    home = _homes()[0].code
    return {
        "letters.sent": ["/letters"],
        "team.team": ["/staff"],
        "team.member": [f"/staff/{people[0].id}"],
        "team.list_households": ["/households", "/households?q=Test", "/households?q=personne+de+ce+nom"],
        "team.new_household": ["/households/new"],
        "team.edit_household": [f"/households/{home}/edit", f"/households/{_amrani().code}/edit"],
        "splits.split": [f"/households/{_amrani().code}/split"],
    } | {f"privacy.{name}": [f"/households/{home}/{name}"] for name in ("copy", "erase", "merge")}


def _brebis() -> Centre:
    return session().scalars(select(Centre).where(Centre.name == "Cité des Brebis")).one()


def _amrani() -> Household:
    """A card that tells of everything."""
    named = HouseholdIdentity.name == "Hassan Amrani-Test"
    return session().scalars(select(Household).join(HouseholdIdentity).where(named)).one()


def _homes() -> list[Household]:
    return list(session().scalars(select(Household).where(Household.centre_id == _brebis().id).order_by(Household.id)))


def _in_state(*states: str) -> list[str]:
    return [next(iter(_codes(Device.state == state, Device.centre_id == _brebis().id))) for state in states]


def _codes(*where: object) -> Iterator[str]:
    yield from session().scalars(select(Device.code).where(*where).order_by(Device.id))  # type: ignore[arg-type]


def _things() -> Asked:
    free, out, waits = _in_state("available", "on_loan", "to_check")
    session().add(GivenCode(code=codes.make("D", 77), kind="D", made_at=now()))
    first, recalled = (session().scalars(query.limit(1)).one() for query in (_MODELS, _RECALLED))
    pictured = next(iter(_codes(Device.id.in_(select(Attachment.device_id)), Device.centre_id == _brebis().id)))
    return {
        "desk.list_devices": ["/devices", "/devices?q=rien+de+tel", "/devices?state=on_loan&here=1"],
        "inventory.new_device": ["/devices/new"],
        "inventory.edit_device": [f"/devices/{free}/edit"],
        "inventory.check": [f"/devices/{waits}/check", f"/devices/{free}/check"],
        "faults.of_thing": [f"/devices/{code}/faults" for code in (*_faulty(), free)],
        "inventory.hold": [f"/devices/{free}/holds"],
        "inventory.models": ["/models"],
        "moves.move": [f"/devices/{free}/move", f"/devices/{out}/move", *_moves(free)],
        "together.move": [f"/together/move{words}" for words in ("", f"?codes={free}", f"?codes={free}&what=outing")],
        "together.plan": ["/together/maintenance", f"/together/maintenance?codes={free}"],
        "moves.list_transfers": ["/transfers", "/transfers?way=out"],
        "care.theft": [f"/devices/{code}/theft" for code in (*_codes(Device.state == "stolen"), free)],
        "care.plans": [f"/devices/{code}/maintenance" for code in (*_planned(), free)],
        "catalogue.categories": ["/categories"],
        "catalogue.category": ["/categories/tablet"],
        "catalogue.model": [f"/models/{number}" for number in (first, recalled)],
        "catalogue.edit_model": [f"/models/{first}/edit"],
        "catalogue.recall": [f"/models/{first}/recalls"],
        "papers.of_thing": [f"/devices/{pictured}/files", f"/devices/{free}/files"],
        "labels.labels": ["/labels", f"/labels?codes={free},{out}"],
        "labels.place": [f"/devices/{free}/placed"],
        "labels.printer": ["/labels/printer"],
        "labels.renew": ["/labels/renew"],
        "labels.tie": ["/tie", f"/tie?thing={free}"],
    }


def _moves(code: str) -> list[str]:
    """The fields of each movement."""
    return [f"/devices/{code}/move?what={what}" for what in movements.CHOICES["available"]]


def _faulty() -> list[str]:
    """A thing with known faults."""
    return list(
        session().scalars(
            select(Device.code).where(Device.faulty.is_not(None), Device.centre_id == _brebis().id).limit(1)
        )
    )


def _planned() -> list[str]:
    """A thing with a maintenance planned."""
    return list(session().scalars(select(Device.code).join(Plan, Plan.device_id == Device.id).limit(1)))


def _stock() -> Asked:
    """Deliveries, kits, supplies, cards and stock-takes: one going on, one closed."""
    free, _out = _in_state("available", "on_loan")
    delivered = session().scalars(select(Device.code).join(DeliveryItem, DeliveryItem.device_id == Device.id)).first()
    kit = session().scalars(select(Kit.code)).first()
    going, closed = (
        session().scalars(select(StockTake.id).where(ended).order_by(StockTake.id)).first()
        for ended in (StockTake.closed_at.is_(None), StockTake.closed_at.is_not(None))
    )
    return {
        "arrivals.deliveries": ["/deliveries"],
        "arrivals.new_delivery": ["/deliveries/new"],
        "arrivals.show": ["/deliveries/1"],
        "arrivals.prepare": [f"/devices/{code}/preparation" for code in (delivered, free)],
        "kits.list_kits": ["/kits", "/kits?q=rien"],
        "kits.show": [f"/kits/{kit}"],
        "supplies.list_supplies": ["/supplies"],
        "supplies.show": ["/supplies/1"],
        "supplies.list_sims": ["/sims"],
        "supplies.sim": ["/sims/1"],
        "stocktakes.stock_takes": ["/stock-takes"],
        "stocktakes.show": [f"/stock-takes/{going}", f"/stock-takes/{closed}"],
        "stocktakes.things": [f"/stock-takes/{going}/things", f"/stock-takes/{closed}/things?show=unexpected"],
        "stocktakes.see_there": [f"/stock-takes/{going}/sightings"],
        "stocktakes.close": [f"/stock-takes/{going}/close"],
    }


def _tables() -> Asked:
    """One that waits, one that is being taken over, one that is done."""
    row, bills = (_first(kind) for kind in ("register", "invoices"))
    home = f"/finance/import/{bills.uuid}"
    place = f"/import/{row.uuid}"
    shown = ("faults", "doubles", "new", "same")
    return {
        "imports.choose": ["/import"],
        "imports.columns_of": [place],
        "imports.check": [f"{place}/check", *(f"{place}/check?show={word}" for word in shown)],
        "imports.progress": [f"{place}/progress", *_further(row, "/import")],
        "money_imports.choose": ["/finance/import", "/finance/import?kind=budget_lines&operation=NP0022605"],
        "money_imports.columns_of": [home],
        "money_imports.check": [f"{home}/check", f"{home}/check?show=faults"],
        "money_imports.progress": [f"{home}/progress", *_further(bills, "/finance/import")],
    }


def _first(kind: str) -> TableImport:
    query = select(TableImport).where(TableImport.kind == kind).order_by(TableImport.id).limit(1)
    return session().scalars(query).one()


def _further(row: TableImport, start: str) -> list[str]:
    """The same file, started and done: rows beside it, for their pages alone."""
    kept = {c.key: getattr(row, c.key) for c in TableImport.__mapper__.column_attrs if c.key not in {"id", "uuid"}}
    report = {"counts": {"new": 3, "lent": 1, "fault": 1}, "faults": [["ligne 7", "« hier » n’est pas une date."]]}
    job = jobs.ask("import", {"import": row.id}, by=row.made_by, at=now())
    job.state, job.done_steps, job.all_steps, job.beat_at = "running", 40, 120, now()
    made = [TableImport(**(kept | over), uuid=uuid4()) for over in ({"job_id": job.id}, {"report": report})]
    session().add_all(made)
    session().flush()
    return [f"{start}/{one.uuid}/progress" for one in made]


def _owed() -> list[int]:
    query = select(OwedPart.id).where(OwedPart.centre_id == _brebis().id)
    return list(session().scalars(query.order_by(OwedPart.id.desc()).limit(1)))


def _lending() -> Asked:
    free, out = _in_state("available", "on_loan")
    homes = _homes()
    with_both = urlencode({"device": free, "household": homes[0].code})
    open_loan, closed_loan = (_loan(closed=closed) for closed in (False, True))
    back = (
        session()
        .scalars(
            select(HandOver.uuid)
            .where(HandOver.way == "back", HandOver.centre_id == _brebis().id)
            .order_by(HandOver.id.desc())
        )
        .first()
    )
    steps = [
        "",
        f"?device={free}",
        f"?device={free}&q=personne",
        f"?{with_both}",
        f"?device={out}&household={homes[0].code}",
    ]
    return {
        "policy.show": ["/centre/lending"],
        "owed.list_owed": ["/owed", "/owed?state=closed"],
        "owed.show": [f"/owed/{number}" for number in _owed()],
        "lending.lend_page": [f"/lend{words}" for words in steps],
        "lending.list_loans": ["/loans", "/loans?state=late", "/loans?q=personne+de+ce+nom"],
        "lending.show": [f"/loans/{open_loan}", f"/loans/{closed_loan}"],
        "condition.show": [f"/loans/{open_loan}/condition", f"/loans/{closed_loan}/condition"],
        "reminders.note_contact": [f"/loans/{open_loan}/notes"],
        "reminders.stop": [f"/loans/{open_loan}/reminders/stop"],
        "ladder.show": ["/centre/reminders"],
        "ladder.rung": ["/centre/reminders/due_day", "/centre/reminders/decision"],
        "lending.return_page": ["/returns", f"/returns?device={out}", f"/returns?device={free}"],
        "lending.show_return": [f"/returns/{back}"],
        "mending.exchange": [f"/loans/{open_loan}/exchange", f"/loans/{open_loan}/exchange?instead={free}"],
        "mending.swap": ["/swap", f"/swap?device={out}"],
        "mending.correct": [f"/loans/{open_loan}/correct"],
        "sheets.list_forms": ["/sheets"],
        "typing_in.show": ["/sheets/loan", "/sheets/loan?number=1"],
        "sheets.sheet": [f"/loans/{open_loan}/sheet"],
        "summaries.show": [f"/loans/{open_loan}/summary", f"/loans/{open_loan}/summary?lang=ar"],
        "wording.show": ["/terms"],
        "rereadings.list_summaries": ["/summaries"],
        "rereadings.show": [f"/summaries/{language}" for language in ("fr", "ar", "tr")],
        "signatures.agreement": [f"/loans/{open_loan}/agreement"],
        "signatures.show": [f"/loans/{loan}/sign" for loan in (open_loan, *_prepared())],
        "signatures.show_return": [f"/returns/{back}/sign"],
    } | _bookings(free, homes[0].code)


def _bookings(free: str, home: str) -> Asked:
    """Reservations in each state, the calendar of a model that has some, the waiting list."""
    rows = (
        session()
        .scalars(select(Reservation).where(Reservation.centre_id == _brebis().id).order_by(Reservation.id))
        .all()
    )
    model = rows[0].lines[0].device.model_id
    return {
        "bookings.list_reservations": ["/reservations", "/reservations?state=open", "/reservations?q=personne"],
        "bookings.new_reservation": ["/reservations/new", f"/reservations/new?device={free}&household={home}&q=Test"],
        "bookings.show": [f"/reservations/{row.uuid}" for row in rows],
        "bookings.show_calendar": ["/calendar", f"/calendar?model={model}"],
        "waiting.waiting_list": ["/waiting", f"/waiting?household={home}"],
    }


def _prepared() -> list[object]:
    """Loans whose pages are ready to be signed."""
    query = select(Loan.uuid).join(SigningPaper, SigningPaper.loan_id == Loan.id)
    return list(session().scalars(query.where(Loan.centre_id == _brebis().id).limit(2)))


def _loan(*, closed: bool) -> object:
    ended = Loan.closed_at.is_not(None) if closed else Loan.closed_at.is_(None)
    return session().scalars(select(Loan.uuid).where(ended, Loan.centre_id == _brebis().id).order_by(Loan.id)).first()


def _money() -> Asked:
    """The operation of the seed with all that was spent, as the coordination sees it."""
    lines = "/finance/operations/NP0022605/lines"
    of_things = select(Expense.uuid).join(ExpenseLine, ExpenseLine.expense_id == Expense.id)
    many = session().scalars(of_things.where(ExpenseLine.quantity > 2).order_by(Expense.id)).first()
    unpaid = session().scalars(of_things.where(~exists().where(Payment.expense_id == Expense.id))).first()
    order = session().scalars(select(Purchase.uuid).order_by(Purchase.id)).first()
    paid = session().scalars(select(Device.code).join(Asset, Asset.device_id == Device.id).order_by(Asset.id)).first()
    told = session().scalars(select(Claim).order_by(Claim.id)).all()
    return {
        "operations.list_operations": ["/finance/operations"],
        "operations.new_operation": ["/finance/operations/new"],
        "operations.show": ["/finance/operations/NP0022605", "/finance/operations/FICTIF-2127"],
        "operations.edit": ["/finance/operations/NP0022605/edit"],
        "operations.plan": ["/finance/operations/NP0022605/plan"],
        "operations.period": ["/finance/periods/2014-2020"],
        "budget.list_lines": [lines],
        "budget.new_line": [f"{lines}/new"],
        "budget.show": [f"{lines}/{code}" for code in ("L7", "L2")],
        "budget.edit": [f"{lines}/L2/edit"],
        "expenses.list_expenses": ["/finance/invoices", "/finance/invoices?show=gone"],
        "expenses.of_operation": ["/finance/operations/NP0022605/invoices"],
        "expenses.new_expense": ["/finance/invoices/new?operation=NP0022605"],
        "expenses.show": [f"/finance/invoices/{uuid}" for uuid in (many, unpaid)],
        "expenses.edit": [f"/finance/invoices/{many}/edit"],
        "purchases.list_purchases": ["/finance/purchases"],
        "purchases.new_purchase": ["/finance/purchases/new"],
        "purchases.show": [f"/finance/purchases/{order}"],
        "purchases.edit": [f"/finance/purchases/{order}/edit"],
        "assets.of_operation": ["/finance/operations/NP0022605/assets"],
        "assets.show": [f"/finance/assets/{paid}"],
        "receipts.of_operation": ["/finance/operations/NP0022605/money"],
        "publicity.of_operation": ["/finance/operations/NP0022605/publicity"],
        "dossier.of_operation": ["/finance/operations/NP0022605/files"],
        "claims.of_operation": [f"/finance/operations/{number}/claims" for number in ("FICTIF-2127", "NP0022605")],
        "claims.new_claim": ["/finance/operations/FICTIF-2127/claims/new"],
        "claims.show": [f"/finance/claims/{one.uuid}" for one in told],
        "claims.edit": [f"/finance/claims/{one.uuid}/edit" for one in told if one.state == "draft"],
    } | _spot_checks()


def _spot_checks() -> Asked:
    """One concluded, one whose answer is due, one that goes on."""
    checks = [f"/finance/checks/{uuid}" for uuid in session().scalars(select(SpotCheck.uuid).order_by(SpotCheck.id))]
    [visit, audit, _half_way] = checks
    return {
        "spot_checks.of_operation": ["/finance/operations/NP0022605/checks"],
        "spot_checks.new_check": ["/finance/operations/NP0022605/checks/new"],
        "spot_checks.show": checks,
        "spot_checks.edit": [f"{audit}/edit"],
        "spot_samples.new_finding": [f"{audit}/findings/new"],
        "spot_samples.finding": [f"{visit}/findings/1", f"{audit}/findings/2"],
    }


def _desk() -> Asked:
    free, out, waits = _in_state("available", "on_loan", "to_check")
    held = next(iter(_codes(Device.id.in_(select(Hold.device_id)))))
    elsewhere = next(iter(_codes(Device.centre_id != _brebis().id)))
    pictured = next(iter(_codes(Device.id.in_(select(Attachment.device_id)), Device.centre_id == _brebis().id)))
    near = free[:3] + ("B" if free[3] != "B" else "C") + free[4:]
    looked = ["", "?q=TOURNEVIS", f"?q={near}", "?q=Galaxy", f"?q={codes.make('D', 77)}"]
    return {
        "desk.board": ["/"],
        "desk.calls": ["/calls"],
        "desk.thing": [f"/devices/{code}" for code in (free, out, waits, held, elsewhere, pictured)],
        "desk.household": [f"/households/{home.code}" for home in (_homes()[0], _homes()[-1], _amrani())],
        "desk.scan": [f"/scan{words}" for words in looked],
        "parts.show": ["/parts"],
        "scanner.try_it": ["/scanner", *(f"/scanner?{urlencode(sent)}" for sent in SENT)],
        "scanner.samples": ["/scanner/codes"],
    }


def _portal() -> Asked:
    names = ("thanks", "help", "your-data", "accessibility")
    ends = {"help": "help_page", "your-data": "your_data"}
    return {"portal.label": ["/e/DCLBTRXN"]} | {f"portal.{ends.get(name, name)}": [f"/{name}"] for name in names}


def _setup() -> Asked:
    """The set-up of a house at work; that of an empty one is walked through in test_setup.py."""
    here = {"overview": "/setup"} | {name: f"/setup/{name}" for name in ("organisation", "centre", "team")}
    later = {name: f"/setup/{name}" for name in ("model", "things", "labels", "address")}
    return {f"setup.{name}": [path] for name, path in here.items()} | {
        f"stock.{name}": [path] for name, path in later.items()
    }
