from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory import care, custody, devices, lists
from app.inventory.forms import CheckDone, DeviceList, NewCodes, NewModel, PlaceHold, TieCode
from app.inventory.models import CustodyLink
from app.lending import loans, returns
from app.lending.forms import Extend, Lend, LoanList, TakeBack, UndoLoan
from app.lending.models import Extension, Loan
from app.people import households
from app.people.models import Centre
from app.privacy import rights
from app.privacy.rights import Erase, Merge
from app.words import spoken
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

DUE = TODAY + timedelta(days=90)
HOUR = timedelta(hours=1)


def wish(household: object, *things: object, due_on: date = DUE, **over: object) -> Lend:
    return Lend(household=household.code, devices=[d.code for d in things], due_on=due_on, **over)


def back(loan: Loan, *things: object, by: object, at: object = NOW) -> object:
    return do(returns.take_back, TakeBack(devices=[{"code": d.code} for d in things]), by=by, at=at)


def rows(model: type) -> int:
    return session().query(model).count()


def test_a_thing_lent_is_on_loan_until_the_day_it_is_due(inside: World):
    device = make_device(inside)
    loan = make_loan(inside, device, household=make_household(inside))
    assert (device.state, device.due_back_on) == ("on_loan", loan.due_on)


def test_a_loan_carries_the_number_of_its_act(inside: World):
    loan = make_loan(inside, id=(number := uuid4()))
    assert loan.uuid == number
    assert session().get_one(Act, loan.act_id).uuid == number


def test_a_loan_happened_when_its_act_did(inside: World):
    household, device = make_household(inside), make_device(inside)
    earlier = NOW - 3 * HOUR
    loan = do(loans.lend, wish(household, device, occurred_at=earlier), by=inside.me())
    assert loan.lent_at == earlier
    assert custody.last_link(device).at == earlier
    assert session().get_one(Act, loan.act_id).recorded_at == NOW


def test_a_moment_beyond_a_day_ahead_is_refused(inside: World):
    late = wish(make_household(inside), make_device(inside), occurred_at=NOW + timedelta(days=1, minutes=1))
    with refused("not_yet"):
        do(loans.lend, late, by=inside.me())


def test_lending_shows_that_the_household_was_here(inside: World):
    household = make_household(inside)
    make_loan(inside, household=household, at=NOW + HOUR)
    assert fresh(household).identity.seen_at == NOW + HOUR


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1)])
def test_the_day_it_is_due_back_must_lie_ahead(inside: World, due: date):
    with refused("due_in_past", "due_on"):
        do(loans.lend, wish(make_household(inside), make_device(inside), due_on=due), by=inside.me())


def test_what_was_lent_yesterday_may_be_due_today(inside: World):
    yesterday = wish(make_household(inside), make_device(inside), due_on=TODAY, occurred_at=NOW - timedelta(days=1))
    assert do(loans.lend, yesterday, by=inside.me()).due_on == TODAY


def test_a_thing_on_loan_is_not_lent_again_and_its_own_desk_is_told_who_has_it(inside: World):
    device = make_device(inside, "Le portable bleu")
    make_loan(inside, device, household=make_household(inside, "Famille Berger-Test"))
    with refused("already_on_loan", "devices.0") as no:
        do(loans.lend, wish(make_household(inside), device), by=inside.me())
    assert "Le portable bleu" in spoken(no.value.words)
    assert "Famille Berger-Test" in spoken(no.value.words)


def test_another_centre_is_never_told_who_has_a_thing(inside: World):
    device = make_device(inside)
    make_loan(inside, device, household=make_household(inside, "Famille Berger-Test"))
    for name in ("zoe", "finn", "coco", "adam"):
        assert "Berger" not in spoken(loans.why_not(device, inside.me(name), TODAY))


def test_a_thing_of_another_centre_is_not_ours_to_lend(inside: World):
    theirs = make_device(inside, by="zoe")
    with refused("not_here", "devices.0") as no:
        do(loans.lend, wish(make_household(inside), theirs), by=inside.me())
    assert "01 99 00 00 02" in spoken(no.value.words), "the refusal must say whom to call"


def test_a_household_of_another_centre_is_not_known_here(inside: World):
    theirs = make_household(inside, by="zoe")
    with refused("household_unknown", "household"):
        do(loans.lend, wish(theirs, make_device(inside)), by=inside.me())


def test_several_things_go_all_or_none_and_the_refusal_names_each_culprit_by_place(inside: World):
    free, out = make_device(inside), make_device(inside)
    make_loan(inside, out)
    acts, links = rows(Act), rows(CustodyLink)
    with refused("already_on_loan", "devices.1"):
        do(loans.lend, wish(make_household(inside), free, out), by=inside.me())
    assert fresh(free).state == "available"
    assert (rows(Act), rows(CustodyLink)) == (acts + 1, links), "only the household's own act was written"


def test_a_thing_stands_once_in_the_list(inside: World):
    device = make_device(inside)
    with refused("not_available", "devices.1"):
        do(loans.lend, wish(make_household(inside), device, device), by=inside.me())


def test_a_code_that_nothing_bears_is_said(inside: World):
    [code] = do(devices.print_ahead, NewCodes(count=1), by=inside.me())
    with refused("device_unknown", "devices.0"):
        do(loans.lend, Lend(household=make_household(inside).code, devices=[code], due_on=DUE), by=inside.me())


def relabelled(world: World, device: object) -> str:
    """Give the thing a new label; answers the code it had."""
    old = device.code
    [new] = do(devices.print_ahead, NewCodes(count=1), by=world.me())
    do(devices.tie, TieCode(code=new, thing=old), by=world.me())
    return old


def test_a_thing_is_lent_by_its_old_label_too(inside: World):
    device = make_device(inside)
    old = relabelled(inside, device)
    loan = do(loans.lend, Lend(household=make_household(inside).code, devices=[old], due_on=DUE), by=inside.me())
    assert [line.device_id for line in loan.lines] == [device.id]


def test_both_labels_of_one_thing_are_that_thing_twice(inside: World):
    device = make_device(inside)
    both = [relabelled(inside, device), fresh(device).code]
    with refused("not_available", "devices.1"):
        do(loans.lend, Lend(household=make_household(inside).code, devices=both, due_on=DUE), by=inside.me())


def test_what_came_back_is_not_lent_before_it_is_wiped(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    back(loan, device, by=inside.me())
    with refused("not_available", "devices.0"):
        do(loans.lend, wish(make_household(inside), device), by=inside.me())
    do(care.check, CheckDone(method="effacement usine"), device, by=inside.me())
    assert make_loan(inside, device).closed_at is None


def test_what_stays_in_the_house_is_not_lent_to_households(inside: World):
    printer = make_device(inside, model="printer")
    with refused("not_available", "devices.0"):
        do(loans.lend, wish(make_household(inside), printer), by=inside.me())


@pytest.mark.parametrize(("until", "leaves"), [(None, False), (TODAY, False), (TODAY - timedelta(days=1), True)])
def test_a_hold_keeps_a_thing_until_its_day_is_over(inside: World, until: date | None, leaves: bool):
    device = make_device(inside)
    do(care.place_hold, PlaceHold(reason="batterie gonflée", until=until), device, by=inside.me("mia"))
    assert (loans.why_not(device, inside.me(), TODAY) == "") == leaves
    if not leaves:
        with refused("not_available", "devices.0") as no:
            do(loans.lend, wish(make_household(inside), device), by=inside.me())
        assert "batterie gonflée" in spoken(no.value.words)


def test_nothing_is_lent_to_a_household_that_was_forgotten(inside: World):
    household = make_household(inside)
    do(rights.erase, Erase(), household, by=inside.me("mia"))
    with refused("household_unknown", "household"):
        do(loans.lend, wish(household, make_device(inside)), by=inside.me())


def test_the_code_of_a_double_lends_to_the_household_it_became(inside: World):
    double, kept = make_household(inside), make_household(inside)
    do(rights.merge, Merge(into=kept.code), double, by=inside.me("mia"))
    assert make_loan(inside, household=double).household_id == kept.id


def test_the_same_wish_twice_is_one_loan(inside: World):
    household, device = make_household(inside), make_device(inside)
    same = wish(household, device)
    first = history.perform(loans.lend, same, by=inside.me(), at=NOW, again=loans.of_act)
    second = history.perform(loans.lend, same, by=inside.me(), at=NOW + HOUR, again=loans.of_act)
    assert (first[1], second[1]) == (False, True)
    assert first[0].id == second[0].id
    assert rows(Loan) == 1


@pytest.mark.parametrize("who", ["zoe", "finn", "coco", "alma", "adam"])
def test_loans_are_seen_by_those_who_lend_here_alone(inside: World, who: str):
    loan = make_loan(inside)
    assert session().scalars(loans.seen_by(inside.me("odile"))).all() == [loan]
    assert session().scalars(loans.seen_by(inside.me(who))).all() == []
    with pytest.raises(NotThere):
        loans.get(str(loan.uuid), inside.me(who))


@pytest.mark.parametrize("text", ["", "1", "not-a-uuid", str(UUID(int=7))])
def test_a_number_that_no_loan_has_is_not_there(inside: World, text: str):
    with pytest.raises(NotThere):
        loans.get(text, inside.me())


def test_lists_tell_open_late_and_closed_apart(inside: World):
    early = make_loan(inside, due_on=TODAY + timedelta(days=1))
    later = make_loan(inside)
    gone = make_loan(inside, device := make_device(inside))
    back(gone, device, by=inside.me())
    by = inside.me()
    day = TODAY + timedelta(days=2)
    listed = {
        state: set(session().scalars(loans.listed(LoanList(state=state), by, day)))
        for state in ("open", "late", "closed")
    }
    assert listed == {"open": {early, later}, "late": {early}, "closed": {gone}}
    assert [loan.is_late(day) for loan in (early, later, gone)] == [True, False, False]


def test_loans_are_found_by_whom_they_are_to(inside: World):
    loan = make_loan(inside, household=make_household(inside, "Yılmaz-Test"))
    make_loan(inside, household=make_household(inside, "Dupont-Test"))
    assert session().scalars(loans.listed(LoanList(q="YILMAZ"), inside.me(), TODAY)).all() == [loan]


def test_the_usual_day_is_the_shortest_usual_length_among_the_things(inside: World):
    centre = session().get_one(Centre, inside.centres["brebis"])
    wished = NewModel(maker="Acer", name="Spin", category="laptop", loan_days=14)
    inside.models["short"] = do(devices.add_model, wished, by=inside.me("mia")).id
    long, short = make_device(inside), make_device(inside, model="short")
    assert loans.usual_due_day(TODAY, centre, [long]) == TODAY + timedelta(days=91)
    assert loans.usual_due_day(TODAY, centre, [long, short]) == TODAY + timedelta(days=14)


def test_the_days_proposed_are_opening_days(inside: World):
    centre = session().get_one(Centre, inside.centres["brebis"])
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert loans.usual_due_day(date(2026, 8, 29), centre) == monday, "91 days on is a Saturday"
    assert loans.usual_due_day(date(2026, 8, 28), centre) == friday
    assert loans.other_due_days(date(2026, 10, 31), centre) == [date(2026, 11, 16), monday]


def test_extending_moves_the_day_of_loan_thing_and_chain(inside: World):
    device = make_device(inside)
    loan = make_loan(inside, device)
    later = DUE + timedelta(days=14)
    do(loans.extend, Extend(due_on=later), loan, by=inside.me(), at=NOW + HOUR)
    assert (loan.due_on, loan.lines[0].due_on, device.due_back_on) == (later, later, later)
    assert custody.last_link(device).due_back_on == later
    [row] = session().query(Extension).all()
    assert (row.line_id, row.from_day, row.to_day) == (loan.lines[0].id, DUE, later)


def test_only_what_is_still_out_is_extended(inside: World):
    kept, given = make_device(inside), make_device(inside)
    loan = make_loan(inside, kept, given)
    back(loan, given, by=inside.me())
    do(loans.extend, Extend(due_on=DUE + timedelta(days=7)), loan, by=inside.me())
    assert {line.device_id: line.due_on for line in loan.lines} == {kept.id: DUE + timedelta(days=7), given.id: DUE}
    assert fresh(given).state == "to_check"


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=3)])
def test_an_extension_ends_ahead(inside: World, day: date):
    loan = make_loan(inside)
    with refused("due_in_past", "due_on"):
        do(loans.extend, Extend(due_on=day), loan, by=inside.me())


def test_a_loan_that_is_over_is_not_extended(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    back(loan, device, by=inside.me())
    with refused("loan_closed"):
        do(loans.extend, Extend(due_on=DUE), loan, by=inside.me())


def test_another_centre_extends_and_undoes_nothing_of_ours(inside: World):
    loan = make_loan(inside)
    for rule, asked in ((loans.extend, Extend(due_on=DUE)), (loans.undo, UndoLoan())):
        with pytest.raises(NotThere):
            do(rule, asked, loan, by=inside.me("zoe"))


def test_undoing_a_fresh_loan_gives_back_the_former_state(inside: World):
    one, two = make_device(inside), make_device(inside)
    loan = make_loan(inside, one, two)
    do(loans.undo, UndoLoan(), loan, by=inside.me("odile"), at=NOW + HOUR)
    assert [(d.state, d.due_back_on) for d in (one, two)] == [("available", None)] * 2
    assert (loan.ending, loan.closed_at, loan.open_lines) == ("undone", NOW + HOUR, [])
    assert custody.last_link(one).undoes == 2
    assert make_loan(inside, one, two).closed_at is None, "they are free to be lent at once"


def test_a_loan_of_more_than_two_hours_is_no_fresh_mistake(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    with refused("too_late_to_undo"):
        do(loans.undo, UndoLoan(), loan, by=inside.me(), at=NOW + 2 * HOUR + timedelta(seconds=1))
    assert fresh(device).state == "on_loan"


def test_a_loan_is_not_undone_twice(inside: World):
    loan = make_loan(inside)
    do(loans.undo, UndoLoan(), loan, by=inside.me())
    with refused("loan_closed"):
        do(loans.undo, UndoLoan(), loan, by=inside.me())


def test_a_loan_is_not_undone_once_it_was_extended_or_a_part_came_back(inside: World):
    extended = make_loan(inside)
    do(loans.extend, Extend(due_on=DUE + timedelta(days=1)), extended, by=inside.me())
    with refused("too_late_to_undo"):
        do(loans.undo, UndoLoan(), extended, by=inside.me())
    begun = make_loan(inside, one := make_device(inside), make_device(inside))
    back(begun, one, by=inside.me())
    with refused("too_late_to_undo"):
        do(loans.undo, UndoLoan(), begun, by=inside.me())


def test_repeating_an_extension_or_an_undo_changes_nothing(inside: World):
    loan = make_loan(inside)
    longer, no = Extend(due_on=DUE + timedelta(days=5)), UndoLoan()
    for _ in range(2):
        assert do(loans.extend, longer, loan, by=inside.me(), again=loans.of_act).id == loan.id
    assert rows(Extension) == 1
    other = make_loan(inside)
    for _ in range(2):
        assert do(loans.undo, no, other, by=inside.me(), again=loans.of_act).id == other.id


def test_the_same_number_for_another_loan_is_another_content(inside: World):
    one, two = make_loan(inside), make_loan(inside)
    longer = Extend(due_on=DUE + timedelta(days=5))
    do(loans.extend, longer, one, by=inside.me(), again=loans.of_act)
    with refused("id_reused"):
        do(loans.extend, longer, two, by=inside.me(), again=loans.of_act)


def test_why_not_says_what_lending_would_say(inside: World):
    device = make_device(inside)
    assert loans.why_not(device, inside.me(), TODAY) == ""
    make_loan(inside, device)
    said = spoken(loans.why_not(fresh(device), inside.me(), TODAY))
    with pytest.raises(Refused) as no:
        do(loans.lend, wish(make_household(inside), device), by=inside.me())
    assert spoken(no.value.words) == said


def test_what_was_lent_and_to_whom_is_still_found_by_name(inside: World):
    """A default of SQLAlchemy once emptied the searchable form at every change of another column."""
    device, household = make_device(inside, "Tablette d’Élise"), make_household(inside, "Zoé Çelik-Test")
    make_loan(inside, device, household=household)
    assert [d.code for d in session().scalars(lists.listed(DeviceList(q="elise"), inside.me(), TODAY))] == [device.code]
    assert [h.code for h in session().scalars(households.search("celik", inside.me()))] == [household.code]


def test_a_paper_form_typed_days_later_can_still_be_undone_at_once(inside: World):
    wish = Lend(
        household=make_household(inside).code,
        devices=[make_device(inside).code],
        due_on=DUE,
        occurred_at=NOW - timedelta(days=4),
    )
    loan = do(loans.lend, wish, by=inside.me())
    assert do(loans.undo, UndoLoan(), loan, by=inside.me(), at=NOW + HOUR).ending == "undone"
