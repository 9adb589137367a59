"""Households: a code and dates that stay; a name, a contact and a card that can go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.orm import contains_eager, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from app import history, spelling
from app.db import Asked, ask, change, session, stand, whole
from app.errors import NotThere, Refused
from app.people import cards, oppositions, staff
from app.people import ways as reached
from app.people.card_models import HouseholdCard
from app.people.forms import EditHousehold, NewHousehold
from app.people.models import Household, HouseholdIdentity
from app.people.roles import Me
from app.people.ways import Ways, contact_of
from app.web.looks import short_day
from app.words import _, fold
from labels import codes


def seen_by(me: Me) -> Select[Household]:
    """The households of the centre this person works in, when the role opens them; else none."""
    return select(Household).where(Household.centre_id == me.people_of)


def get(code: str, me: Me) -> Household:
    """The household of that code, a merged one giving way to the one it became. Raises `NotThere`."""
    found = _there(session().scalar(_BY_CODE.look, _of_code(code, me)))
    return not_split(session().get_one(Household, found.merged_into_id) if found.merged_into_id else found)


def not_split(household: Household) -> Household:
    """The household, unless it was split: then its code leads to neither side, for nobody. Raises `NotThere`."""
    if household.split_at:
        words = _(
            "This household was split on %(day)s. Look for the person by name.", day=short_day(household.split_at)
        )
        raise NotThere(words)
    return household


def was_split(code: str, me: Me) -> bool:
    found = session().scalar(_BY_CODE.look, _of_code(code, me))
    return found is not None and found.split_at is not None


def keeping(code: str, me: Me) -> Asked:
    """What is to be asked for the household of that code, so that nobody forgets nor merges it until the write ends."""
    return _BY_CODE.kept, _of_code(code, me)


def standing(found: Sequence[Any], code: str, me: Me) -> Household:
    """The same household as `get` tells, of what `keeping` was answered.

    One it gives way to is only held now, after the things: whoever merges or forgets waits for no thing.
    """
    household = _there(_standing(found, _BY_CODE, _of_code(code, me)))
    return not_split(kept(household.merged_into_id) if household.merged_into_id else household)


def _of_code(code: str, me: Me) -> dict[str, object]:
    return {"code": codes.parse(code) or "", "centre": me.people_of}


def _there(found: Household | None) -> Household:
    if found is None:
        raise NotThere(_("No household of this centre has this code."))
    return found


def card(code: str, me: Me) -> Household:
    """The very card of that code, merged or not. Raises `NotThere`."""
    found = session().scalar(seen_by(me).where(Household.code == (codes.parse(code) or "")))
    if found is None:
        raise NotThere(_("No household of this centre has this code."))
    return found


def locked(number: int) -> Household:
    """The household, locked until the write ends, to forget or merge them: whoever lends to them is waited for."""
    wanted = {"number": number}
    ask(_BY_NUMBER.lock, **wanted)
    found = session().scalar(_BY_NUMBER.alone, wanted) or session().scalar(_BY_NUMBER.bare, wanted)
    if found is None:
        raise LookupError(number)
    return found


def kept(number: int) -> Household:
    """The household, which nobody forgets nor merges until the write ends."""
    wanted = {"number": number}
    found = _standing(ask(_BY_NUMBER.kept, **wanted), _BY_NUMBER, wanted)
    if found is None:
        raise LookupError(number)
    return found


class _Found:
    """How one household is looked for. Who they are is taken away to forget or merge them: that row is the one to hold.

    `kept`: nobody takes it away meanwhile; others may hold it so too, and change it. `alone`: nobody else holds it.
    """

    def __init__(self, this: ColumnElement[bool]) -> None:
        self.look = select(Household).where(this)
        self.lock = select(Household.id).where(this).with_for_update(key_share=True)
        near = self.look.options(lazyload(Household.centre)).execution_options(populate_existing=True)
        known = near.join(HouseholdIdentity).options(contains_eager(Household.identity))
        both = select(*whole(Household), *whole(HouseholdIdentity, "who_")).join(HouseholdIdentity).where(this)
        self.kept = both.with_for_update(of=HouseholdIdentity, read=True, key_share=True)
        self.alone = known.with_for_update(of=HouseholdIdentity)
        self.bare = near.options(lazyload(Household.identity))


_BY_NUMBER = _Found(Household.id == bindparam("number"))
_BY_CODE = _Found((Household.code == bindparam("code")) & (Household.centre_id == bindparam("centre")))


def _standing(rows: Sequence[Any], way: _Found, wanted: Mapping[str, object]) -> Household | None:
    """Without the row that tells who they are, they are looked at as they are now: merged, forgotten, or not there."""
    for row in rows:
        known = stand(Household, row)
        set_committed_value(known, "identity", stand(HouseholdIdentity, row, "who_"))
        return known
    found: Household | None = session().scalar(way.bare, wanted)
    return found


def search(words: str, me: Me) -> Select[Household]:
    """Known households whose name, code or contact holds these words; no words, all of them."""
    query = seen_by(me).join(HouseholdIdentity).where(Household.merged_into_id.is_(None))
    if not words:
        return query
    like = f"%{_escaped(fold(words))}%"
    digits = "".join(c for c in words if c.isdigit())
    found: list[ColumnElement[bool]] = [HouseholdIdentity.folded.like(like, escape="\\")]
    if code := codes.parse(words):
        found.append(Household.code == code)
    if len(digits) > 3:  # noqa: PLR2004 - fewer would find half the town
        found.append(HouseholdIdentity.contact.like(f"%{digits}%"))
    if "@" in words:
        found.append(HouseholdIdentity.contact.like(f"%{_escaped(words.lower())}%", escape="\\"))
    if session().scalar(query.where(or_(*found)).with_only_columns(Household.id).limit(1)) is None:
        found.append(Household.id.in_(_near(fold(words), me)))
    return query.where(or_(*found))


def _near(words: str, me: Me) -> list[int]:
    """Those of this centre whose name has each of these words in it, give or take a slip of the fingers."""
    known = ask(_NAMES, centre=me.people_of)
    vocabulary = sorted({word for row in known for word in spelling.words(row.folded)})
    meant = [set(spelling.near(word, vocabulary)) | {word} for word in spelling.words(words)]
    return [row.household_id for row in known if meant and all(m & set(spelling.words(row.folded)) for m in meant)]


_NAMES = select(HouseholdIdentity.household_id, HouseholdIdentity.folded).where(
    HouseholdIdentity.centre_id == bindparam("centre")
)


def meant(words: str, me: Me) -> list[Household]:
    """Whom these words may mean, at most twenty; without words, those who came last."""
    return list(session().scalars(search(words, me).limit(20))) if words else recent(me)


def recent(me: Me, most: int = 6) -> list[Household]:
    """Those who came last, for the person who lends."""
    query = search("", me).order_by(HouseholdIdentity.seen_at.desc()).limit(most)
    return list(session().scalars(query))


def add(wish: NewHousehold, *, by: Me, at: datetime) -> Household:
    """A new household of this centre, followed by whoever writes it down."""
    household = Household(code=_fresh_code(wish), centre_id=by.centre_id, known_since=at)
    session().add(household)
    session().flush()
    household.identity = HouseholdIdentity(centre_id=by.centre_id, referent_id=by.id or None, seen_at=at, **_who(wish))
    history.record("household_new", wish, by=by, at=at, subject=household.code, centre_id=by.centre_id)
    return household


def edit(household: Household, wish: EditHousehold, *, by: Me, at: datetime) -> Household:
    if household.identity is None:
        raise NotThere(_("This household was erased: its name cannot be written again."))
    card = cards.wanted(household, wish)
    for name, value in _who(wish).items():
        setattr(household.identity, name, value)
    if wish.referent is not None:
        household.identity.referent_id = _referent(wish.referent, by)
    facts = {"centre_id": household.centre_id} | ({"card": True} if card else {})
    act = history.record("household_edit", wish, by=by, at=at, subject=household.code, **facts)
    if card:
        cards.keep(household, card, act)
    return household


def ways(household: Household) -> Ways:
    """The ways to reach them, the one wished for reminders first, and whether they may be reminded at all."""
    return reached.of(household)


def ways_of(found: Collection[Household]) -> Mapping[int, Ways]:
    """The same of many at once, by their numbers."""
    return reached.of_all(found)


def doubles(household: Household, most: int = 5) -> list[Household]:
    """Cards of the same centre that are probably the same household: the same name, phone or mail."""
    who = household.identity
    if who is None:
        return []
    numbers = {text for text in (who.contact, cards.of(household).also) if text}
    also = select(HouseholdCard.household_id).where(
        HouseholdCard.centre_id == household.centre_id, HouseholdCard.also.in_(numbers)
    )
    same = [HouseholdIdentity.folded == who.folded, HouseholdIdentity.contact.in_(numbers), Household.id.in_(also)]
    query = select(Household).join(HouseholdIdentity).where(HouseholdIdentity.centre_id == household.centre_id)
    query = query.where(Household.id != household.id, Household.merged_into_id.is_(None), or_(*same))
    return list(session().scalars(query.order_by(Household.id).limit(most)))


def touch(household: Household, *, at: datetime) -> None:
    """They were here: the clock of erasure starts anew."""
    if household.identity is not None:
        change(household.identity, seen_at=max(household.identity.seen_at, at))


def of_act(act: history.Act) -> Household:
    return session().scalars(select(Household).where(Household.code == act.subject)).one()


def tell(household: Household) -> dict[str, object]:
    """What this wing knows of a household, for their copy."""
    who = household.identity
    known = {"code": household.code, "centre": household.centre.name, "known_since": household.known_since.isoformat()}
    if who is None:
        return {"household": known}
    referent = who.referent.name if who.referent else ""
    theirs = {"name": who.name, "contact": who.contact or "", "language": who.language, "referent": referent}
    said_no = {"opposed": oppositions.tell(household)}
    return {"household": known | theirs | cards.tell(household) | said_no}


def erase(household: Household) -> list[str]:
    """Remove who they are; the bare row stays. Answers what was removed."""
    if household.identity is None:
        return []
    gone = cards.erase(household)
    oppositions.erase(household)
    session().delete(household.identity)
    session().flush()
    session().expire(household, ["identity"])  # the answer drawn from this very row must not name them
    return ["name", "contact", "language", "referent", *gone]


def merge(double: Household, kept: Household) -> None:
    """A double gives way: its code, and those of its own doubles, go on finding the household that was kept."""
    cards.merge(double, kept)
    oppositions.merge(double, kept)
    erase(double)
    doubles = (Household.id == double.id) | (Household.merged_into_id == double.id)
    session().execute(update(Household).where(doubles).values(merged_into_id=kept.id))


def _fresh_code(wish: NewHousehold) -> str:
    """A code never given before: kind, six letters drawn from the act's id, check letter."""
    tries = (codes.make("F", wish.bits(turn)) for turn in count())
    return next(c for c in tries if session().scalar(select(Household.id).where(Household.code == c)) is None)


def _referent(number: int, by: Me) -> int:
    if all(person.id != number for person in staff.colleagues(by)):
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"referent": words})
    return number


def _who(wish: NewHousehold) -> dict[str, object]:
    kind, contact = contact_of(wish.contact)
    return {"name": wish.name, "contact_kind": kind, "contact": contact, "language": wish.language}


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
