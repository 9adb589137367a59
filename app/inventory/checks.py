"""What `flask verify` asks of the inventory: rows agree with custody, custody with acts, codes with what was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import func, select

from app.db import walk, walk_one
from app.history import Act, count_of, of_kind
from app.inventory.arrivals import check_arrivals
from app.inventory.attachments import check_attachments
from app.inventory.details import check_details
from app.inventory.fault_checks import check_faults
from app.inventory.identifiers import check_identifiers
from app.inventory.kit_checks import check_kits
from app.inventory.maintenance import check_maintenance
from app.inventory.models import OF_AN_OPERATION, Check, CustodyLink, Device, GivenCode, Hold
from app.inventory.moved import LEADS_TO, check_movements
from app.inventory.preparing import check_preparations
from app.inventory.printed import check_printed
from app.inventory.printers import check_printers
from app.inventory.programmes import check_periods
from app.inventory.recalls import check_recalls, ends
from app.inventory.sims import check_sims
from app.inventory.states import ENTRIES, NEXT, PLACE_OF, WITH
from app.inventory.stocktake_checks import check_stock_takes
from app.inventory.supply_checks import check_supplies
from app.inventory.thefts import check_thefts
from app.inventory.told import bearers
from app.inventory.wipes import check_wipes
from app.words import bare, in_order
from labels import codes

# Why a link was made: the kind of act that makes such links, and the state it leads to.
MADE_BY = {
    **{why: (act, state) for act, (state, why) in ENTRIES.items()},
    "lend": ("lend", "on_loan"),
    "extend": ("extend", "on_loan"),
    "split": ("lend_split", "on_loan"),
    "swap": ("lend_swap", "on_loan"),
    "correct": ("lend_correct", "on_loan"),
    "exchange": ("exchange", "on_loan"),
    "never_left": ("correct", "to_check"),
    "loan_recall": ("loan_recall", "on_loan"),
    "take_back": ("take_back", "to_check"),
    "wipe": ("check", "available"),
    "check": ("check", "available"),
    **{why: (why, state) for why, state in LEADS_TO.items()},
}
UNDOES = {
    "lend_undo", "return_undo", "check_undo", "move_undo", "extend_undo", "loan_recall_undo",
    "exchange_undo", "swap_undo", "correct_undo",
}  # fmt: skip


def check_custody() -> Iterator[str]:
    """Each device whose row does not agree with its chain, and each chain with a gap or an impossible step."""
    newest = select(CustodyLink.device_id, func.max(CustodyLink.number).label("top"), func.count().label("n")).group_by(
        CustodyLink.device_id
    )
    tops = newest.subquery()
    rows = walk(
        select(Device, CustodyLink, tops.c.top, tops.c.n)
        .outerjoin(tops, tops.c.device_id == Device.id)
        .outerjoin(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == tops.c.top))
    )
    for device, link, top, count in rows:
        if link is None or top != count:
            yield f"device {device.id}: custody has a gap"
        elif (device.state, device.centre_id, device.link_number, device.due_back_on) != (
            link.state,
            link.centre_id,
            link.number,
            link.due_back_on,
        ):
            yield f"device {device.id}: the row does not agree with custody_link {link.id}"
    yield from _impossible_steps()


def _impossible_steps() -> Iterator[str]:
    query = select(CustodyLink).order_by(CustodyLink.device_id, CustodyLink.number)
    for _device, links in groupby(walk_one(query), key=lambda link: link.device_id):
        before: list[CustodyLink] = []
        for link in links:
            if fault := _fault_of_step(link, before):
                yield f"custody_link {link.id}: {fault}"
            before = [*before[-1:], link]


def _fault_of_step(link: CustodyLink, before: list[CustodyLink]) -> str:
    """What is wrong with this step after the two before it."""
    last = before[-1] if before else None
    if link.number != (last.number + 1 if last else 1):
        return "not the number that was due"
    if link.place != PLACE_OF[link.state] or not _place_fits(link):
        return "the place does not go with the state"
    if link.why == "undo":
        former = before[0] if len(before) > 1 else None
        back = former and (former.state, former.place_id, former.due_back_on, link.number - 1)
        same = back == (link.state, link.place_id, link.due_back_on, link.undoes)
        return "" if same else "it does not undo the step before"
    if link.undoes is not None or link.state not in NEXT.get(last.state if last else "", frozenset()):
        return f"no step leads from {last.state if last else 'nothing'} to {link.state}"
    return ""


def _place_fits(link: CustodyLink) -> bool:
    if link.place in WITH:
        return link.place_id is not None
    return link.place_id == (link.centre_id if link.place == "centre" else None)


def _check_links() -> Iterator[str]:
    """A link is what its act did: the same author, moment, centre, day and thing."""
    given = bearers()
    query = select(CustodyLink, Act).join(Act, Act.id == CustodyLink.act_id)
    for link, act in walk(query):
        told = act.told
        about = {given[code] for code in (act.subject, *_codes_told(act)) if code in given}
        agrees = (
            (link.by, link.centre_id) == (act.author, act.centre_id)
            and link.at in {act.occurred_at, act.recorded_at}
            and (act.kind in UNDOES if link.why == "undo" else (act.kind, link.state) == MADE_BY.get(link.why))
            and (not about or link.device_id in about)
            and (link.why == "undo" or (link.due_back_on and link.due_back_on.isoformat()) == told.get("due_on"))
            and (link.why == "undo" or (link.place_id if link.place in WITH else None) == told.get("place"))
        )
        if not agrees:
            yield f"custody_link {link.id}: does not agree with its act"


def _codes_told(act: Act) -> list[str]:
    return [thing["code"] if isinstance(thing, dict) else thing for thing in act.told.get("devices", [])]


def _check_cards() -> Iterator[str]:
    """What is searched for is what is written."""
    query = select(
        Device.id, Device.name, Device.folded, Device.serial_number, Device.serial_key,
        Device.inventory_number, Device.inventory_key,
    )  # fmt: skip
    for row in walk(query):
        keys = (in_order(row.name), bare(row.serial_number or ""), bare(row.inventory_number or ""))
        if keys != (row.folded, row.serial_key or "", row.inventory_key or ""):
            yield f"device {row.id}: it is not found by what is written on it"


def _check_codes() -> Iterator[str]:
    """Every device bears a right code that was given to it; a code is tied by an act, at its moment, or not at all."""
    query = select(Device.id, Device.code, GivenCode.device_id).outerjoin(GivenCode, GivenCode.code == Device.code)
    for number, code, tied_to in walk(query):
        if not codes.is_right(code) or tied_to != number:
            yield f"device {number}: its code is not one given to it"
    ties = (Act.subject == GivenCode.code) & Act.kind.in_((*ENTRIES, "code_tie"))
    borne = select(GivenCode, Act.recorded_at, Device.id).outerjoin(Act, ties)
    for row, tied_at, bearer in walk(borne.outerjoin(Device, Device.code == GivenCode.code)):
        sound = codes.is_right(row.code) and row.kind == row.code[0]
        told = (row.device_id is None) == (row.tied_at is None) and row.tied_at == tied_at
        if row.tied_at is not None:
            told = told and row.made_at <= row.tied_at
        if not sound or not told or bearer not in {None, row.device_id}:
            yield f"given_code {row.code}: not a code as one is given"


def _check_gates() -> Iterator[str]:
    """A check is told by its act, and one that found the thing fit freed it."""
    freed = select(CustodyLink.id).where(CustodyLink.act_id == Check.act_id, CustodyLink.device_id == Check.device_id)
    query = select(Check, Act, freed.scalar_subquery()).join(Act, Act.id == Check.act_id)
    for row, act, link in walk(query):
        told = act.told
        same = (told.get("gate"), told.get("result"), told.get("method")) == (row.kind, row.result, row.method)
        mine = (act.author, act.occurred_at) == (row.by, row.at)
        if not same or not mine or (link is not None) != (row.result == "fit"):
            yield f"device_check {row.id}: does not agree with its act"
    lost = select(CustodyLink.id).outerjoin(Check, Check.act_id == CustodyLink.act_id).where(Check.id.is_(None))
    for number in walk_one(lost.where(CustodyLink.why.in_(("wipe", "check")))):
        yield f"custody_link {number}: no device_check tells of it"


def _check_holds() -> Iterator[str]:
    """A hold stands on the thing its act was about, and is lifted by an act or not at all."""
    given = bearers()
    lifted = {act.told.get("hold"): act.recorded_at for act in of_kind("hold_lift")}
    placed = select(Act, Hold).outerjoin(Hold, Hold.act_id == Act.id).where(Act.kind == "hold")
    for act, row in walk(placed) if count_of("hold") else ():
        if row is None:
            yield f"act {act.id}: the hold it placed is gone"
    here = Hold.kind.not_in(OF_AN_OPERATION)  # those are finance's to check
    query = select(Hold, Act).join(Act, Act.id == Hold.act_id).where(here)
    recalled = ends()
    for row, act in walk(query):
        until = row.until and row.until.isoformat()
        about = row.device_id if act.kind == "recall" else given.get(act.subject)
        if about != row.device_id or act.told.get("until", until) != until:
            yield f"hold {row.id}: not what its act placed"
        if row.lifted_at != (lifted.get(row.id) or recalled.get(row.id)):
            yield f"hold {row.id}: no act lifted it then"


CHECKS: Sequence[Callable[[], Iterator[str]]] = (
    check_custody,
    _check_links,
    _check_cards,
    _check_codes,
    _check_gates,
    _check_holds,
    check_periods,
    check_printed,
    check_printers,
    check_movements,
    check_thefts,
    check_wipes,
    check_faults,
    check_maintenance,
    check_recalls,
    check_attachments,
    check_identifiers,
    check_details,
    check_arrivals,
    check_preparations,
    check_kits,
    check_supplies,
    check_sims,
    check_stock_takes,
)
