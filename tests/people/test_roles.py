from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.people.models import ROLES
from app.people.roles import HERE, NOBODY, RIGHTS, THE_HOUSE, Held, Me, Where, rights_of

DAY = date(2026, 11, 24)
BREBIS = Where(1, "L", "Brebis", "", 10, "ACSM", 31)
MQCV = Where(2, "L", "MQCV", "", 20, "MQCV", 31)


def test_every_role_has_its_rights_and_no_other_word_has():
    assert set(RIGHTS) == set(ROLES)
    assert set(HERE) < set(ROLES)


def test_nobody_has_one_right_and_the_house_has_all():
    assert NOBODY.rights == {"anyone"}
    assert THE_HOUSE.rights == {"anyone"}.union(*RIGHTS.values())
    assert (NOBODY.id, NOBODY.centre_id, THE_HOUSE.id) == (0, 0, 0)


@pytest.mark.parametrize("kind", HERE)
def test_a_role_of_a_centre_counts_where_it_is_held(kind: str):
    held = [Held(kind, 1, None)]
    assert rights_of(held, BREBIS, DAY) == RIGHTS[kind] | {"anyone"}
    for elsewhere in (MQCV, None):
        assert rights_of(held, elsewhere, DAY) == {"anyone", "staff", "things"}


@pytest.mark.parametrize("kind", HERE)
def test_a_role_of_an_organisation_counts_in_its_centres(kind: str):
    held = [Held(kind, None, 20)]
    assert rights_of(held, MQCV, DAY) == RIGHTS[kind] | {"anyone"}
    assert rights_of(held, BREBIS, DAY) == {"anyone", "staff", "things"}


@pytest.mark.parametrize("kind", [k for k in ROLES if k not in HERE])
def test_the_other_roles_count_wherever_one_is(kind: str):
    for centre in (BREBIS, MQCV, None):
        assert rights_of([Held(kind, None, 10)], centre, DAY) == RIGHTS[kind] | {"anyone"}


def test_a_role_ends_with_its_day():
    held = [Held("auditor", None, 10, ends_on=DAY)]
    assert "things" in rights_of(held, None, DAY)
    assert rights_of(held, None, DAY + timedelta(days=1)) == {"anyone"}


def test_roles_add_up():
    both = rights_of([Held("outreach", 1, None), Held("finance", None, 10)], BREBIS, DAY)
    assert both == RIGHTS["outreach"] | RIGHTS["finance"] | {"anyone"}


def test_only_desks_see_people():
    assert {kind for kind, rights in RIGHTS.items() if "households" in rights} == set(HERE)
    assert {kind for kind, rights in RIGHTS.items() if "privacy" in rights} == {"manager"}


def test_one_may_what_ones_rights_say():
    me = Me(id=1, rights=frozenset({"anyone", "things"}))
    assert (me.may("things"), me.may("lend")) == (True, False)
