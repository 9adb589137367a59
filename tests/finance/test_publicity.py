"""What tells the public of the Union's money: what is due by the rules of the period, and what was seen with a photo."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.finance import assets, evidence, publicity
from app.finance.publicity import Show
from tests.asking import person, program
from tests.finance import money as made
from tests.finance.money import partner, says_no
from tests.make import AUDITED, World, do, make_device

HOME = f"/finance/operations/{AUDITED}/publicity"


def _photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_plaque_is_due_by_the_public_support_of_the_plan(inside: World):
    rule = publicity.plaque_rule(made.operation(inside))
    assert (rule.basis, rule.counted_cents, rule.above_cents) == ("public_support", 96_059_800, 50_000_000)
    assert rule.is_due


def test_a_plaque_is_due_by_the_total_cost_in_the_next_period(inside: World):
    rule = publicity.plaque_rule(made.operation(inside, "HF0000003", programme="2021-2027"))
    assert (rule.basis, rule.counted_cents) == ("total_cost", 151_766_500)


@pytest.mark.parametrize(
    ("kind", "field"), [("poster", "centre"), ("plaque", "file"), ("website", "words"), ("plaque_not_due", "words")]
)
def test_each_says_what_it_cannot_do_without(inside: World, kind: str, field: str):
    row = made.operation(inside)
    with says_no("invalid") as no:
        do(publicity.show, Show(kind=kind, seen_on="2022-03-01"), row, None, by=inside.me("finn"))
    assert field in no.value.fields


def test_a_partner_shows_the_poster_of_its_own_centre_and_nothing_else(inside: World):
    row, them = made.operation(inside), partner(inside)
    assert made.seen(row, "poster", them, centre=inside.centres["mqcv"]).centre_id == inside.centres["mqcv"]
    with says_no("forbidden"):
        made.seen(row, "poster", them, centre=inside.centres["brebis"])
    with says_no("forbidden"):
        made.seen(row, "plaque", them)


def test_the_sheet_of_a_thing_tells_the_poster_where_it_is(inside: World):
    row, device = made.operation(inside), make_device(inside)
    bill = made.invoice(inside, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
    made.tie(inside, bill, device.code)

    def there() -> bool:
        [one] = assets.held([device])
        return next(proof.there for proof in evidence.of(one) if proof.kind == "poster")

    assert not there()
    made.seen(row, "poster", inside.me("finn"), centre=inside.centres["mqcv"])
    assert not there(), "a poster elsewhere proves nothing here"
    shown = made.seen(row, "display", inside.me("finn"), centre=inside.centres["brebis"])
    assert there()
    do(publicity.take_off, made.Withdraw(), row, shown.id, by=inside.me("finn"))
    assert not there()
    do(publicity.put_back, made.Withdraw(), row, shown.id, by=inside.me("finn"))
    assert there()


def test_a_photo_is_sent_with_the_form_and_shown_again(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
    finn = person(app, world, "finn")
    form = {"kind": "poster", "centre": str(world.centres["brebis"]), "seen_on": "2022-03-01"}
    assert finn.post(HOME, form=form | {"file": (_photo(), "affiche.jpg")}).status_code == 303
    [told] = program(app, world, "finn").get(HOME).json["items"]
    assert (told["kind"], told["photo"]) == ("poster", True)
    shown = finn.get(f"{HOME}/{told['id']}/photo")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "1er mars 2022" in finn.get(HOME).text
    assert finn.post(HOME, form=form | {"seen_on": "2022-03-02"}).status_code == 422, "no photo"


def test_an_answer_of_the_region_stands_in_place_of_a_plaque(app: Flask, world: World):
    with app.app_context():
        row = made.operation(world)
        words = "Courriel de la Région du 4 mai 2022"
        made.seen(row, "plaque_not_due", world.me("finn"), photo=False, words=words)
    shown = person(app, world, "finn").get(HOME).text
    assert words in shown
    assert "il en faut une" not in shown
