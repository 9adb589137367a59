from __future__ import annotations

from datetime import date, timedelta

import pypdfium2
import pytest
from flask import Flask

from app.db import session, writing
from app.history import Seal
from app.history.seals import holds
from app.inventory.models import Device
from app.lending import agreements, filling, loans, pages, policy, returns, wording
from app.lending.forms import TakeBack, UndoLoan, UndoReturn
from app.lending.models import Loan
from app.lending.policy import SettleLending
from app.people.models import Centre, Organisation
from tests.asking import person, program
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

RETURNED = date(2031, 11, 24)  # five years after NOW


def words(loan: Loan) -> str:
    row = agreements.of_loan(loan)
    assert row is not None
    assert row.words is not None
    return row.words


def take_back(world: World, *things: Device) -> object:
    return do(returns.take_back, TakeBack(devices=[{"code": d.code} for d in things]), by=world.me())


def told(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def test_the_agreement_names_who_what_until_when_and_whom_to_call(inside: World):
    device = make_device(inside, "Le portable bleu", stated_value_cents=45_000, serial_number="PF-9Z")
    loan = make_loan(inside, device, household=make_household(inside, "Famille Berger-Test"), due_on=date(2027, 2, 22))
    text = words(loan)
    for part in (
        "ACSM",
        "Cité des Brebis",
        "01 99 00 00 01",
        "Ada",
        "Famille Berger-Test",
        "Le portable bleu",
        "PF-9Z",
    ):
        assert part in text, part
    for part in ("lundi 22 février 2027", "mardi 24 novembre 2026", "chargeur, housse", "450,00", "C’est gratuit."):
        assert part in text, part
    assert "{" not in text


def test_the_agreement_of_a_funded_thing_names_the_union_and_no_other_does(inside: World):
    assert "Union européenne" not in words(make_loan(inside))
    assert "Union européenne" in words(make_loan(inside, make_device(inside, programme="2014-2020")))


def test_the_words_are_sealed_with_the_hand_over(inside: World):
    loan = make_loan(inside)
    sealed = session().get_one(Seal, agreements.of_loan(loan).seal_id)
    assert sealed.act_id == loan.act_id
    assert holds(sealed, "agreement", words(loan))
    assert not holds(sealed, "agreement", words(loan) + " ")
    assert not holds(sealed, "other", words(loan))


def test_a_name_full_of_signs_stands_in_the_agreement_as_it_is(inside: World):
    name = "{due} <b>O’Neill</b> & Юлия %s"
    loan = make_loan(inside, household=make_household(inside, name))
    assert name in words(loan)
    assert "<b>O’Neill</b> & Юлия %s" in told(pages.pdf(words(loan)))


def test_the_same_words_give_the_same_pages(inside: World):
    text = words(make_loan(inside))
    assert pages.pdf(text) == pages.pdf(text)
    said = told(pages.pdf(text))
    assert all(" ".join(line.split()) in said for line in text.split("\n")[:2])


@pytest.mark.parametrize("length", [61, 200])
def test_a_word_without_end_is_drawn_at_once(inside: World, length: int):
    loan = make_loan(inside, household=make_household(inside, "x" * length))
    assert pages.pdf(words(loan)).startswith(b"%PDF")


def test_an_agreement_has_no_end_while_something_is_out(inside: World):
    one, two = make_device(inside), make_device(inside)
    loan = make_loan(inside, one, two)
    take_back(inside, one)
    assert agreements.of_loan(loan).keep_until is None
    take_back(inside, two)
    assert fresh(agreements.of_loan(loan)).keep_until == RETURNED


def test_undoing_a_return_takes_the_end_away_again(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    event = take_back(inside, device)
    do(returns.undo, UndoReturn(), event, by=inside.me())
    assert fresh(agreements.of_loan(loan)).keep_until is None


def test_the_agreement_of_an_undone_loan_has_its_end_too(inside: World):
    loan = make_loan(inside)
    do(loans.undo, UndoLoan(), loan, by=inside.me())
    assert fresh(agreements.of_loan(loan)).keep_until == RETURNED


def test_words_go_the_day_after_their_time_and_the_seal_stays(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    open_one = make_loan(inside)
    take_back(inside, device)
    later = NOW + (RETURNED - TODAY) + timedelta(days=1)
    with writing():
        assert agreements.destroy_outdated(day=RETURNED, at=later - timedelta(days=1)) == 0
    with writing():
        assert agreements.destroy_outdated(day=RETURNED + timedelta(days=1), at=later) == 1
    row = fresh(agreements.of_loan(loan))
    assert (row.words, row.destroyed_at) == (None, later)
    assert "agreement" in session().get_one(Seal, row.seal_id).parts
    assert words(open_one)
    with writing():
        assert agreements.destroy_outdated(day=RETURNED + timedelta(days=1), at=later + timedelta(days=1)) == 0
    assert fresh(row).destroyed_at == later


def test_a_value_is_never_printed_without_the_clause_on_article_1883(inside: World):
    plain, dear = make_loan(inside), make_loan(inside, make_device(inside, stated_value_cents=45_000))
    assert ("valeur" in words(plain), "1883" in words(plain)) == (False, False)
    assert ("450,00" in words(dear), "contrairement à l’article 1883" in words(dear)) == (True, True)


def test_the_agreement_names_whom_to_write_to_about_ones_data(inside: World):
    assert "vous y opposer : tél. 01 99 00 00 01." in words(make_loan(inside))
    with writing() as s:
        row = s.get(Organisation, inside.organisations["acsm"])
        row.privacy_contact, row.address = "donnees@example.org", "12 rue du Puits, 62670 Mazingarbe"
    text = words(make_loan(inside))
    assert "vous y opposer : donnees@example.org." in text
    assert "12 rue du Puits" in text


def test_the_cap_is_named_where_there_is_one(inside: World):
    assert "participation" not in words(make_loan(inside))
    _settle(inside, cap_cents=5_000)
    assert "ne dépasse jamais 50,00" in words(make_loan(inside))


def _settle(world: World, **money: int) -> None:
    wish = SettleLending(at_once=3, extensions=1, longest_months=6, **money)
    do(policy.settle, wish, session().get_one(Centre, world.centres["brebis"]), by=world.me("mia"))


def test_the_deposit_is_named_where_one_is_asked(inside: World):
    assert "Aucune caution n’est demandée." in words(make_loan(inside))
    _settle(inside, deposit_cents=3_000)
    assert "Vous remettez un chèque de 30,00" in words(make_loan(inside))


def test_the_owner_is_named_when_it_is_not_who_lends(inside: World):
    device = make_device(inside, owner=inside.organisations["mqcv"])
    assert "Propriétaire : MQCV." in words(make_loan(inside, device))


def test_no_placeholder_does_more_than_stand_for_its_words():
    values = dict.fromkeys(filling.NAMES, "{nom}")
    assert filling.filled("{nom} {agent}", values) == "{nom} {nom}"
    assert filling.unknown("{nom} {nom.__class__} {0} {} {nom!r} {") == ["{nom.__class__}", "{0}", "{}", "{nom!r}", "{"]
    assert filling.missing("{nom}{agent}")[:3] == ["{organisation}", "{telephone}", "{foyer}"]


def test_the_shipped_text_has_all_it_needs():
    text = wording.shipped()
    assert (filling.unknown(text), filling.missing(text)) == ([], [])


def test_the_agreement_is_a_page_to_read(app: Flask, world: World):
    with app.app_context():
        loan = make_loan(world)
        uuid, text = loan.uuid, words(loan)
    page = person(app, world).get(f"/loans/{uuid}/agreement").text
    assert "<h2>8. Perte, vol, accident</h2>" in page
    assert "<li>Au retour, on efface tout.</li>" in page
    assert program(app, world).get(f"/loans/{uuid}/agreement").json["words"] == text
    assert person(app, world, "zoe").get(f"/loans/{uuid}/agreement").status_code == 404
