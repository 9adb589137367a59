"""What was just put right was right before: an exchange, a swap or a correction is undone whole while it is fresh.

As with every undo nothing is taken out of the records: things step back by new links, lines and loans that came of it
end as undone, those before run again with their bookings and agreements.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app import history
from app.db import change, session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory import care, custody, faults
from app.inventory.models import CustodyLink, Device
from app.lending import agreements, bookings, corrections, halves, locks, owed, returns, stops, taking_up
from app.lending.forms import UndoMending
from app.lending.models import HandOver, HandOverItem, Loan, LoanLine
from app.people.roles import Me
from app.times import day_of
from app.words import _

KINDS = ("exchange", "swap", "correct")
_STEPS = ("exchange", "take_back", "swap", "correct", "never_left")  # why their links were made
_MOVED = ("swapped", "corrected")


@dataclass(frozen=True)
class Reversal:
    """`ended`: the lines that came of the act; `former`: those that it ended; `acts`: all that was recorded with it."""

    act: Act
    ended: Sequence[LoanLine]
    former: Sequence[LoanLine]
    acts: Collection[int]

    @property
    def things(self) -> list[Device]:
        return list({line.device_id: line.device for line in (*self.ended, *self.former)}.values())

    @property
    def back(self) -> int:
        """The act of the return that came with an exchange; none with the others."""
        return next((n for n in self.acts if n != self.act.id), 0) if self.act.kind == "exchange" else 0

    @property
    def loans(self) -> list[Loan]:
        """Those that run again."""
        return list(dict.fromkeys(line.loan for line in self.former))

    @property
    def made(self) -> list[Loan]:
        """Those that came of it."""
        return [loan for loan in dict.fromkeys(line.loan for line in self.ended) if loan not in self.loans]


def get(uuid: str, kind: str, me: Me) -> Act:
    """An exchange, a swap or a correction of this centre, by its own number."""
    try:
        act = session().scalar(select(Act).where(Act.uuid == UUID(uuid), Act.centre_id == me.people_of))
    except ValueError:
        act = None
    if act is None or act.kind != kind:
        raise NotThere(_("Nothing of this centre was put right under this number."))
    return act


def undo(act: Act, wish: UndoMending, *, by: Me, at: datetime) -> Loan:
    """Answers the loan that runs again; of two swapped things, the one that the thing in hand was on."""
    what = _of(act)
    returns.check_known(what.former)
    custody.locked([device.code for device in what.things])
    locks.locked({line.loan_id for line in (*what.ended, *what.former)})
    links = _links(what, at)
    seen = faults.undoing(what.things, what.back)
    facts = _facts(what) | seen.facts
    subject = what.loans[0].household.code
    undone = history.record(f"{act.kind}_undo", wish, by=by, at=at, subject=subject, centre_id=act.centre_id, **facts)
    for device in what.things:
        custody.step_back(device, act=undone, by=by, at=at, why="undo")
    seen.write(undone)
    for line in what.ended:
        change(line, closed_at=at, ending="undone")
        bookings.let_go(line.booking_id, max(day_of(at), day_of(links[line.device_id].at)))
    for line in what.former:
        line.run_again()
    _run_again(what, at)
    _beside(what, undone, by=by, at=at)
    return what.loans[0]


def _facts(what: Reversal) -> dict[str, object]:
    facts: dict[str, object] = {"undoes": what.act.uuid.hex, "devices": [device.code for device in what.things]}
    facts |= {"loan": what.loans[0].uuid.hex, "made": [loan.uuid.hex for loan in what.made]}
    return facts | ({"hand_over": halves.back_of(what.act).hex} if what.act.kind == "exchange" else {})


def _run_again(what: Reversal, at: datetime) -> None:
    for loan in what.made:
        change(loan, closed_at=at, ending="undone")
        agreements.let_go(loan, day_of(at))
    for loan in what.loans:
        change(loan, closed_at=None, ending=None)
        agreements.keep_on(loan)
        returns.settle(loan, at=at)


def _beside(what: Reversal, undone: Act, *, by: Me, at: datetime) -> None:
    """What came with it goes too: parts owed, reservations taken up, why it was put right. A stop said since stays."""
    if what.act.kind == "exchange":
        query = select(HandOver).where(HandOver.uuid == halves.back_of(what.act))
        owed.call_off(session().scalars(query).one(), undone, at=at)
        taking_up.stand_again(what.loans[0], what.act.told.get("took", []))
    if what.act.kind == "correct":
        corrections.forget(what.act)
    if what.act.kind == "swap":
        for made, loan in zip(what.made, what.loans, strict=True):
            stops.pass_on([made], loan, by=by, at=at)


def _links(what: Reversal, at: datetime) -> dict[int, CustodyLink]:
    """The last step of each thing, by its number. Raises `Refused` when one is stale or something happened since."""
    links = {device.id: custody.last_link(device) for device in what.things}
    for link in links.values():
        care.check_fresh(link, at, *_STEPS)
        if link.act_id not in what.acts:
            raise _too_late()
    return links


def _too_late() -> Refused:
    return Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))


def _of(act: Act) -> Reversal:
    if act.kind == "exchange":
        return _of_exchange(act)
    made = [UUID(number) for number in act.told.get("loans", [])]
    if not made:
        return Reversal(act, [], _never_left(act), {act.id})
    loans = {loan.uuid: loan for loan in session().scalars(select(Loan).where(Loan.uuid.in_(made)))}
    ended = [line for number in made for line in loans[number].lines]
    former = [_before(line) for line in ended]
    if act.kind == "swap":  # the first loan was made for the household of the first thing, with the other
        former.reverse()
    return Reversal(act, ended, former, {loan.act_id for loan in loans.values()})


def _of_exchange(act: Act) -> Reversal:
    left = select(LoanLine).join(CustodyLink, CustodyLink.id == LoanLine.link_id).where(CustodyLink.act_id == act.id)
    back = select(HandOver.act_id, HandOverItem).join(HandOverItem, HandOverItem.hand_over_id == HandOver.id)
    number, item = session().execute(back.where(HandOver.uuid == halves.back_of(act))).one()
    return Reversal(act, session().scalars(left).all(), [item.line], {act.id, number})


def _never_left(act: Act) -> list[LoanLine]:
    lines = [line for line in of_act(act).lines if (line.ending, line.closed_at) == ("corrected", act.occurred_at)]
    if not lines:
        raise _too_late()
    return lines


def _before(line: LoanLine) -> LoanLine:
    """The line under which this thing was out before it went on under this loan."""
    told = session().get_one(Act, line.loan.act_id).told
    query = select(LoanLine).join(Loan, Loan.id == LoanLine.loan_id).where(LoanLine.device_id == line.device_id)
    query = query.where(Loan.uuid.in_([UUID(number) for number in told["loans"]]), LoanLine.ending.in_(_MOVED))
    query = query.where(LoanLine.closed_at == line.loan.lent_at).order_by(LoanLine.id.desc())
    if (before := session().scalars(query.limit(1)).first()) is None:
        raise _too_late()  # it was undone already
    return before


def offered(loan: Loan, at: datetime) -> Act | None:
    """What was just put right about this loan, while it is a fresh mistake, as far as one looks without its lock."""
    for act in session().scalars(_newest(loan, at)):
        found = _act_behind(act, loan)
        try:
            if found is not None and _links(_of(found), at):
                return found
        except Refused:
            continue
    return None


def _newest(loan: Loan, at: datetime) -> Select[Act]:
    """The acts that brought its things where they are, as far as they could be undone."""
    query = select(Act).join(CustodyLink, CustodyLink.act_id == Act.id).join(Device, Device.id == CustodyLink.device_id)
    query = query.join(LoanLine, LoanLine.device_id == Device.id).where(LoanLine.loan_id == loan.id)
    kinds = Act.kind.in_(("exchange", "correct", "lend_swap", "lend_correct"))
    newest = CustodyLink.number == Device.link_number
    return query.where(newest, kinds, Act.recorded_at >= at - history.FRESH).distinct().order_by(Act.id.desc())


def _act_behind(act: Act, loan: Loan) -> Act | None:
    """The exchange, swap or correction that this act is or came of, if it is about this loan."""
    told = act.told
    if act.kind in KINDS:
        return act if told["loan"] == loan.uuid.hex else None
    mine = loan.uuid == act.uuid or loan.uuid.hex in told["loans"]
    return history.by_uuid(UUID(told["of"])) if mine and "of" in told else None


def about(act: Act) -> Loan:
    """A loan whose page offers to undo this act: the last that came of it, or the one it changed."""
    number = UUID([act.told.get("loan"), *act.told.get("loans", [])][-1])
    return session().scalars(select(Loan).where(Loan.uuid == number)).one()


def of_act(act: Act) -> Loan:
    return session().scalars(select(Loan).where(Loan.uuid == UUID(act.told["loan"]))).one()
