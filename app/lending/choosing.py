"""Which things are promised when somebody asks for so many of a model: free on all days, and the best to spare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.db import change, change_where, for_update, session
from app.errors import Refused
from app.inventory import care, custody, kits
from app.inventory.models import Category, Device, DeviceModel
from app.lending import bookings, policy
from app.lending.booking_forms import Reserve
from app.lending.booking_models import LIVE, Booking, ReservationLine
from app.people.roles import Me
from app.words import _

COMES_BACK = ("available", "to_check", "on_loan", "with_staff", "on_outing", "in_repair")
Days = tuple[date, date]  # from a day until before another


def chosen(wish: Reserve, by: Me, day: date) -> list[tuple[Device, bool]]:
    """The things to keep, locked, each with whether any other of its model would do. Raises `Refused`, naming which."""
    wished = kits.expanded(wish.devices)
    models = {one.model: 0 for one in wish.models}
    if not wished and not models:
        words = _("Say which things: scan one, or choose a model.")
        raise Refused("invalid", words, status=422, fields={"devices": words})
    found = custody.locked(
        [code for _place, code in wished] + [d.code for m in models for d in candidates(m, by.centre_id)]
    )
    named = list(_named(wished, found, wish, by))
    taken = {device.id for device in named}
    loose = [device for place in range(len(wish.models)) for device in _of_model(wish, place, taken, by, day)]
    return [(device, False) for device in named] + [(device, True) for device in loose]


def _named(wished: Sequence[tuple[int, str]], found: Mapping[str, Device], wish: Reserve, by: Me) -> Iterator[Device]:
    before, buffer = list[Device](), policy.of(by.centre_id).buffer_days
    for place, code in wished:
        try:
            if code not in found:
                raise Refused("device_unknown", _("No thing bears this code."))
            if found[code] in before:
                raise Refused("not_available", _("This thing is in the list twice."))
            custody.check_here(found[code], by)
            check_lent(found[code], wish.purpose, wish.from_day)
            bookings.check_free(found[code], wish.from_day, wish.to_day, buffer)
        except Refused as no:
            raise Refused(no.code, no.words, fields={f"devices.{place}": no.words}) from no
        before.append(found[code])
        yield found[code]


def check_lent(device: Device, purpose: str, from_day: date) -> None:
    """Whether this thing may be promised at all: it comes back one day, nothing holds it, and its kind may leave so."""
    if device.state not in COMES_BACK:
        raise Refused("not_available", _("%(name)s is not in use any more.", name=device.name))
    if not _lent(device.model.category, purpose):
        raise Refused("not_available", _("%(name)s is not lent to households.", name=device.name))
    if held := care.holds_on(device, from_day):
        raise Refused("not_available", _("%(name)s stays here: %(reason)s", name=device.name, reason=held[0].reason))


def _lent(category: Category, purpose: str) -> bool:
    return category.lent_to == "household" or (purpose != "household" and category.lent_to != "never")


def candidates(model: int, centre_id: int) -> Sequence[Device]:
    """The things of this model that this centre answers for and that are in use."""
    query = select(Device).where(Device.model_id == model, Device.centre_id == centre_id)
    return session().scalars(query.where(Device.state.in_(COMES_BACK)).order_by(Device.id)).all()


def _of_model(wish: Reserve, place: int, taken: set[int], by: Me, day: date) -> Iterator[Device]:
    """So many of one model: those free on all days, the promised ones dealt anew when that makes room."""
    wished = wish.models[place]
    model = session().get(DeviceModel, wished.model) if 0 < wished.model < 2**53 else None
    if model is None or not _lent(model.category, wish.purpose):
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={f"models.{place}.model": words})
    things = [device for device in candidates(model.id, by.centre_id) if device.id not in taken]
    span = wish.from_day, bookings.end_of(wish.to_day, policy.of(by.centre_id).buffer_days)
    found = free(things, span, day)
    if len(found) < wished.count and _dealt_anew(things, span, wished.count, day):
        found = free(things, span, day)
    if len(found) < wished.count:
        raise _too_few(model, place, len(found), wished.count)
    taken |= {device.id for device in found[: wished.count]}
    yield from found[: wished.count]


def _too_few(model: DeviceModel, place: int, left: int, wished: int) -> Refused:
    words = _(
        "Of the %(count)s %(name)s wished, %(free)s are free on all these days. The calendar shows the days left.",
        count=wished, name=model.name, free=left,
    )  # fmt: skip
    return Refused("not_free", words, fields={f"models.{place}.count": words})


def free(things: Sequence[Device], span: Days, day: date) -> list[Device]:
    """Those free on all these days, the ones first that are here and have the least room left afterwards."""
    held = care.held_among(things, span[0])
    taken = busy(things)
    left = [t for t in things if t.id not in held and not touches(taken[t.id], span) and not _away(t, span, day)]
    after = {t.id: min((begin for begin, _end in taken[t.id] if begin >= span[1]), default=date.max) for t in left}
    return sorted(left, key=lambda thing: (thing.state != "available", after[thing.id], thing.id))


def _away(thing: Device, span: Days, day: date) -> bool:
    """Whether it will hardly be here by then: out of the house, or waiting for its check, when the days begin now."""
    late = thing.state == "on_loan" and thing.due_back_on is not None and thing.due_back_on < day
    return late or back_too_late(thing, span[0]) or (thing.state != "available" and span[0] <= day)


def back_too_late(thing: Device, from_day: date) -> bool:
    """Whether it is with others, not on loan, until that day or beyond."""
    return thing.state != "on_loan" and thing.due_back_on is not None and thing.due_back_on >= from_day


def busy(things: Sequence[Device]) -> dict[int, list[Days]]:
    """By the number of each thing the days on which it is taken."""
    taken: dict[int, list[Days]] = defaultdict(list)
    query = select(Booking.device_id, Booking.from_day, Booking.to_day).where(LIVE)
    for row in session().execute(query.where(Booking.device_id.in_([thing.id for thing in things]))):
        taken[row.device_id].append((row.from_day, row.to_day))
    return taken


def touches(taken: Sequence[Days], span: Days) -> bool:
    return any(begins < span[1] and span[0] < ends for begins, ends in taken)


def _dealt_anew(things: Sequence[Device], span: Days, count: int, day: date) -> bool:
    """Deal the promises that any thing of the model can keep anew, so that these days fit too, if they can.

    The first to begin is dealt first, to the thing whose last promise ends latest before it.
    """
    loose = _loose(things, day)
    fixed = busy(things)
    for days, line in loose:
        fixed[line.device_id].remove(days)
    wanted: list[tuple[Days, ReservationLine | None]] = [*loose, *[(span, None)] * count]
    dealt = _deal(sorted(wanted, key=lambda one: one[0]), [t for t in things if not _away(t, span, day)], fixed)
    if dealt is None:
        return False
    moved = [(line, thing) for line, thing in dealt if line is not None and thing.id != line.device_id]
    for line, _thing in moved:  # all are let go before any is kept anew: they may change places
        change_where(Booking, {"id": line.booking_id}, live=False)
    for line, thing in moved:
        change_where(Booking, {"id": line.booking_id}, device_id=thing.id, live=True)
        change(line, device_id=thing.id)
        set_committed_value(line, "device", thing)
    return True


def _loose(things: Sequence[Device], day: date) -> list[tuple[Days, ReservationLine]]:
    """Promises that any of these can keep and that have not begun, with their days, held until they are dealt."""
    query = select(Booking.from_day, Booking.to_day, ReservationLine).join(
        Booking, Booking.id == ReservationLine.booking_id
    )
    query = query.where(ReservationLine.device_id.in_([t.id for t in things]), ReservationLine.closed_at.is_(None))
    query = query.where(ReservationLine.loose, ReservationLine.out_act_id.is_(None), Booking.from_day > day).order_by(
        ReservationLine.id
    )
    return [((first, end), line) for first, end, line in session().execute(for_update(query, of=ReservationLine))]


def _deal(
    wanted: Sequence[tuple[Days, ReservationLine | None]], things: Sequence[Device], fixed: Mapping[int, list[Days]]
) -> list[tuple[ReservationLine | None, Device]] | None:
    taken = {thing.id: list(fixed.get(thing.id, ())) for thing in things}
    dealt: list[tuple[ReservationLine | None, Device]] = []
    for span, line in wanted:
        fits = [thing for thing in things if not touches(taken[thing.id], span)]
        if not fits:
            return None
        best = max(
            fits, key=lambda thing: max((end for _begin, end in taken[thing.id] if end <= span[0]), default=date.min)
        )
        taken[best.id].append(span)
        dealt.append((line, best))
    return dealt
