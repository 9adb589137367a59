"""Take back: whoever brings it. A thing that came back is not free; it waits for its check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import change, session
from app.errors import NotThere, Refused
from app.inventory import care, custody, faults, kits
from app.inventory.models import Device
from app.lending import agreements, condition, halves, handovers, locks, moments, owed
from app.lending.condition_photos import Photos
from app.lending.forms import TakeBack, ThingBack, UndoReturn
from app.lending.models import HandOver, Loan, LoanLine
from app.people import households
from app.people.roles import Me
from app.times import day_of
from app.words import _, fold

# A loan that is over is told by what weighs most.
ENDED = ("lost", "let_go", "split", "swapped", "corrected", "returned", "undone")


def take_back(wish: TakeBack, *, by: Me, at: datetime, photos: Photos | None = None) -> HandOver:
    """Things come back, from one household or several: all of them or none."""
    happened = wish.happened(at)
    back = list(_expanded(wish.devices))
    things = [thing for _place, thing in back]
    lines = _open_lines([(place, thing.code) for place, thing in back], by, wish.occurred_at)
    devices = [line.device for line in lines]
    looks = condition.coming_back(things, lines, wish.points, photos)
    parts = handovers.parts_back(looks, third=wish.third, by=by, at=happened)
    facts: dict[str, object] = {"devices": [look.told for look in looks], "seal": history.digest_of(parts)}
    facts |= condition.facts_of(looks)
    facts |= handovers.by_third(wish.third)
    subject = lines[0].loan.household.code
    act = history.record("take_back", wish, by=by, at=at, subject=subject, centre_id=by.centre_id, **facts)
    for line in lines:
        custody.move(line.device, "to_check", act=act, by=by, at=happened, why="take_back")
        line.close("returned", at=happened)
    condition.keep(looks, devices, act)
    event = handovers.take(lines, looks, parts, act=act, by=by, at=happened)
    for loan in {line.loan for line in lines}:
        settle(loan, at=happened)
    return event


def take_back_shown(photos: Photos, wish: TakeBack, *, by: Me, at: datetime) -> HandOver:
    """The same with photos of the things as they come back."""
    return take_back(wish, by=by, at=at, photos=photos)


def _expanded(wished: Sequence[ThingBack]) -> Iterator[tuple[int, ThingBack]]:
    """The things, with those of each kit in its place; each with the place of what was wished."""
    for place, thing in enumerate(wished):
        if not thing.code.startswith("K"):
            yield place, thing
            continue
        for code in _of_kit(thing, place):
            yield place, ThingBack(code=code, condition=thing.condition)


def _of_kit(wished: ThingBack, place: int) -> list[str]:
    """What came back of a kit: what was out of it, but for what is said to be missing and stays on loan."""
    kit = kits.by_code(wished.code)
    if kit is None:
        words = _("No kit bears this code.")
        raise Refused("device_unknown", words, fields={f"devices.{place}": words})
    out = [thing for thing in kits.things_of(kit) if thing.state == "on_loan"]
    named = {fold(name) for name in wished.missing}
    missing = [thing for thing in out if {fold(thing.code), fold(thing.name)} & named]
    if len(missing) < len(named):
        words = _("What is missing of a kit is named by the name or the code of a thing that is out with it.")
        raise Refused("not_in_kit", words, fields={f"devices.{place}.missing": words})
    back = [thing.code for thing in out if thing not in missing]
    if not back:
        words = _("%(name)s is not on loan: there is nothing to take back.", name=kit.name)
        raise Refused("not_on_loan", words, fields={f"devices.{place}": words})
    return back


def of_act(act: history.Act) -> HandOver:
    uuid = act.uuid if act.kind == "take_back" else UUID(act.told["hand_over"])
    return session().scalars(select(HandOver).where(HandOver.uuid == uuid)).one()


def get(uuid: str, me: Me) -> HandOver:
    query = select(HandOver).where(HandOver.centre_id == me.people_of)
    try:
        event = session().scalar(query.where(HandOver.uuid == UUID(uuid), HandOver.way == "back"))
    except ValueError:
        event = None
    if event is None:
        raise NotThere(_("There is no such return in this centre."))
    return event


def undo(event: HandOver, wish: UndoReturn, *, by: Me, at: datetime) -> HandOver:
    """The return just made was a mistake: the things are out again on the same loan."""
    event = get(event.uuid.hex, by)
    halves.check_alone(event)
    lines = [item.line for item in event.items]
    check_known(lines)
    custody.locked([line.device.code for line in lines])
    locks.locked({line.loan_id for line in lines})
    subject = lines[0].loan.household.code
    devices = [line.device for line in lines]
    undoing = faults.undoing(devices, event.act_id)
    facts = {"hand_over": event.uuid.hex, "devices": [device.code for device in devices]} | undoing.facts
    act = history.record("return_undo", wish, by=by, at=at, subject=subject, centre_id=event.centre_id, **facts)
    for line in lines:
        last = custody.last_link(line.device)
        care.check_fresh(last, at, "take_back")
        if last.act_id != event.act_id:
            raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
        custody.step_back(line.device, act=act, by=by, at=at, why="undo")
        line.run_again()
    undoing.write(act)
    owed.call_off(event, act, at=at)
    for loan in {line.loan for line in lines}:
        change(loan, closed_at=None, ending=None)
        agreements.keep_on(loan)
        settle(loan, at=at)
    return event


def check_known(lines: Sequence[LoanLine]) -> None:
    """Nothing goes back to people who were forgotten meanwhile."""
    for household in sorted({line.loan.household for line in lines}, key=lambda h: h.id):
        if households.kept(household.id).identity is None:
            raise Refused("too_late_to_undo", _("This household was erased: the thing cannot be on loan to it again."))


def check_after(lent: datetime, back: datetime | None) -> None:
    """A moment that somebody wrote may be wrong; that of the house itself only stood in line."""
    if back and back < lent:
        raise Refused("before_the_loan", _("This moment lies before the loan. Check the day and the hour."))


def _open_lines(codes: Sequence[tuple[int, str]], by: Me, happened: datetime | None) -> list[LoanLine]:
    found, out = locks.of_things([code for _place, code in codes])
    lines: list[LoanLine] = []
    for place, code in codes:
        try:
            lines.append(_open_line(found.get(code), lines, out, by))
            check_after(lines[-1].loan.lent_at, happened)
        except Refused as no:
            raise Refused(no.code, no.words, fields={f"devices.{place}": no.words}) from no
    moments.check_left(
        [(f"devices.{place}", line) for (place, _code), line in zip(codes, lines, strict=True)], happened
    )
    return lines


def _open_line(device: Device | None, before: Sequence[LoanLine], out: Mapping[int, LoanLine], by: Me) -> LoanLine:
    if device is None:
        raise Refused("device_unknown", _("No thing bears this code."))
    if any(line.device_id == device.id for line in before):
        raise Refused("not_on_loan", _("This thing is in the list twice."))
    custody.check_here(device, by)
    line = out.get(device.id)
    if line is None or line.centre_id != by.centre_id:
        raise Refused("not_on_loan", _("%(name)s is not on loan: there is nothing to take back.", name=device.name))
    return line


def settle(loan: Loan, *, at: datetime) -> None:
    """The loan's own days repeat its lines: due when the first is due, over when none is out."""
    still_out = loan.open_lines
    if still_out:
        change(loan, due_on=min(line.due_on for line in still_out))
    else:
        change(loan, closed_at=at, ending=ending_of(loan))
        agreements.let_go(loan, day_of(at))
    households.touch(loan.household, at=at)


def ending_of(loan: Loan) -> str:
    """How a loan that is over ended, by the first of these that one of its lines did."""
    endings = {line.ending for line in loan.lines}
    return next(one for one in ENDED if one in endings)
