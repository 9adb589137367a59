"""What does not run smoothly: holds, mistakes undone, a household twice, one forgotten, finders' notes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.db import session
from app.demo import homes
from app.demo.cast import BREBIS, MQCV, RAISMES, WALLERS
from app.demo.house import House, Plan, Thing, do, number
from app.demo.past import write_down
from app.inventory import care, devices, found
from app.inventory.forms import Found, LiftHold, NewCodes, TieCode
from app.people.forms import NewHousehold
from app.privacy import copies, rights
from app.privacy.copies import AskCopy
from app.privacy.rights import Erase, Merge
from app.times import day_of

SWOLLEN = "Batterie gonflée, à faire voir avant de prêter."
PRINTED_AHEAD = 21


def holds(house: House) -> Plan:
    """A swollen battery, and a hold that is over."""
    swollen, at = house.take(BREBIS, "Galaxy Tab A7"), house.moment(3)
    yield at, partial(house.hold, "battery", house.manager(BREBIS), swollen, SWOLLEN, at=at)
    thing, at, after = house.take(RAISMES, "tablet"), house.moment(48), house.moment(40)
    why = "Écran rayé, à montrer au réparateur."
    yield at, partial(house.hold, "screen", house.manager(RAISMES), thing, why, at=at)
    yield after, partial(_lift, house, thing, at=after)


def _lift(house: House, thing: Thing, *, at: datetime) -> None:
    me = house.manager(RAISMES)
    device = devices.get(thing.code, me)
    row = care.holds_on(device, house.today)[0]
    do(care.lift_hold, LiftHold(id=number("lift", thing.short)), device, row.id, by=me, at=at)


def mistakes(house: House) -> Plan:
    """Each kind of undo, once: lent to the wrong household, taken back too early, checked before it was wiped."""
    me, thing = house.desk(BREBIS), house.take(BREBIS, "laptop")
    at, back = house.moment(64), house.moment(24)
    due = house.today + timedelta(days=20)
    minutes = [timedelta(minutes=n) for n in range(0, 60, 5)]
    yield at, partial(house.lend, "wrong", me, "Hassan Amrani-Test", [thing], due, at=at)
    yield at + minutes[1], partial(house.undo_loan, "wrong", me, at=at + minutes[1])
    yield at + minutes[2], partial(house.lend, "right", me, "Ahmed Benali-Test", [thing], due, at=at + minutes[2])
    yield back, partial(house.take_back, "too early", me, [thing], {"condition": "good"}, at=back)
    yield back + minutes[1], partial(house.undo_return, "too early", me, at=back + minutes[1])
    again = back + timedelta(days=7)
    yield again, partial(house.take_back, "in time", me, [thing], {"condition": "good"}, at=again)
    house.back_so_far[BREBIS] += 1
    for n, undone in enumerate((True, False)):
        moment = again + minutes[2 + 2 * n]
        yield moment, partial(house.check, f"hasty/{n}", me, thing, at=moment)
        if undone:
            yield moment + minutes[1], partial(house.undo_check, "hasty", me, thing, at=moment + minutes[1])


def people(house: House) -> Plan:
    """Two cards made one; somebody forgotten who asked for it; a copy of their data asked for by another."""
    at = house.moment(75)
    double = NewHousehold(id=number("household", homes.DOUBLE), name=homes.DOUBLE, contact="06 39 98 01 01")
    yield at, partial(write_down, house, double, by=house.desk(BREBIS), at=at)
    merged, me = house.moment(18), house.manager(BREBIS)
    yield merged, lambda: do(
        rights.merge, Merge(id=number("merge"), into=house.homes[homes.DOUBLE_OF]), house.household(homes.DOUBLE),
        by=me, at=merged,
    )  # fmt: skip
    asked = house.moment(1)
    yield (
        asked,
        lambda: do(copies.ask, AskCopy(id=number("copy")), house.household("Malika Cherfi-Test"), by=me, at=asked),
    )
    yield from _forgotten(house)


def _forgotten(house: House) -> Plan:
    me, thing = house.desk(WALLERS), house.take(WALLERS, "Galaxy Tab A7")
    out, back, free, gone = (house.moment(days) for days in (470, 395, 392, 24))
    due = day_of(out) + timedelta(days=91)
    yield out, partial(house.lend, "forgotten", me, homes.FORGOTTEN, [thing], due, at=out)
    yield back, partial(house.take_back, "forgotten", me, [thing], {"condition": "good"}, at=back)
    yield free, partial(house.check, "forgotten", me, thing, at=free)
    house.back_so_far[WALLERS] += 1
    manager = house.manager(WALLERS)
    yield (
        gone,
        lambda: do(rights.erase, Erase(id=number("erase")), house.household(homes.FORGOTTEN), by=manager, at=gone),
    )


def labels(house: House) -> Plan:
    """Labels printed ahead: two are stuck on things whose own one was lost, the others wait."""
    me, at = house.desk(BREBIS), house.moment(33)
    codes: list[str] = []
    yield (
        at,
        lambda: codes.extend(do(devices.print_ahead, NewCodes(id=number("ahead"), count=PRINTED_AHEAD), by=me, at=at)),
    )
    for n, short in enumerate(("Galaxy Tab A7", "iPad 8e gén.")):
        thing, then = house.take(BREBIS, short), at + timedelta(minutes=15 + n)
        yield then, partial(_tie, house, codes, n, thing, at=then)


def _tie(house: House, codes: list[str], n: int, thing: Thing, *, at: datetime) -> None:
    do(devices.tie, TieCode(id=number("tie", n), code=codes[n], thing=thing.code), by=house.desk(BREBIS), at=at)


def found_somewhere(house: House, out: dict[str, list[Thing]]) -> Plan:
    """Finders' notes: one about a thing that is out, one about a label nobody knows, one dealt with."""
    for n, (centre, ago, words, contact) in enumerate(FOUND):
        at, code = house.moment(ago), out[centre][0].code
        yield at, partial(_note, code, words, contact, at=at)
        if n == 0:
            later = at + timedelta(minutes=50)
            yield later, partial(_settle, house, centre, code, at=later)


FOUND = (
    (MQCV, 31, "Trouvé une tablette au square Carpeaux.", "06 39 98 40 01"),
    (BREBIS, 1, "J’ai trouvé cette tablette dans le bus 12. Je l’ai déposée à la mairie.", "06 39 98 40 02"),
    (RAISMES, 2, "Un ordinateur dans un sac, devant l’école Henri-Durre. Je le garde jusqu’à samedi.", ""),
)  # fmt: skip


def _note(code: str, words: str, contact: str, *, at: datetime) -> None:
    do(found.leave_note, Found(words=words, contact=contact), code, by=None, at=at)


def _settle(house: House, centre: str, code: str, *, at: datetime) -> None:
    me = house.desk(centre)
    note = session().scalars(found.open_for(me)).first()
    if note is not None:
        do(found.settle, found.SettleNote(), note.id, by=me, at=at)
