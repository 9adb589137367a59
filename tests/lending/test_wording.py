"""A centre's own text of the agreement."""

from __future__ import annotations

import pytest
from flask import Flask

from app.lending import agreements, wording
from app.lending.wording_forms import RevertTerms, WriteTerms
from tests.asking import person, program
from tests.harness.saying import refused
from tests.lending.test_agreements import words
from tests.make import World, do, make_loan

OWN = wording.shipped().replace("CONVENTION DE PRÊT", "NOTRE CONVENTION")


def write(world: World, text: str = OWN, who: str = "mia") -> wording.AgreementText:
    return do(wording.write, WriteTerms(words=text), by=world.me(who))


def test_a_loan_uses_the_centres_newest_text_and_names_its_version(inside: World):
    before = make_loan(inside)
    row = write(inside)
    after, elsewhere = make_loan(inside), make_loan(inside, by="zoe")
    assert words(after).startswith("NOTRE CONVENTION")
    assert agreements.of_loan(after).version == row.version == f"1.{row.sha256}"
    for loan in (before, elsewhere):
        assert agreements.of_loan(loan).version == wording.SHIPPED
        assert words(loan).startswith("CONVENTION DE PRÊT")


def test_each_version_is_kept_and_the_original_can_come_back(inside: World):
    write(inside)
    write(inside, OWN.replace("NOTRE", "LA"))
    assert [row.number for row in wording.of_centre(inside.me("mia"))] == [2, 1]
    do(wording.revert, RevertTerms(), by=inside.me("mia"))
    assert agreements.of_loan(make_loan(inside)).version == wording.SHIPPED
    assert write(inside).number == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{nom}", "{nom.__class__}", "{nom.__class__}"),
        ("{nom}", "{}", "{}"),
        ("{nom}", "{nom} }", "}"),
        ("{nom}", "vous", "{nom}"),
        ("{article_1883}", "", "{article_1883}"),
        ("{union_europeenne}", "", "{union_europeenne}"),
    ],
)
def test_a_text_that_says_less_or_other_is_refused_by_name(inside: World, old: str, new: str, says: str):
    with refused("placeholders", "words") as no:
        write(inside, OWN.replace(old, new))
    assert says in str(no.value.words)


def test_the_managers_page_tries_a_text_before_it_is_kept(app: Flask, world: World):
    mia = person(app, world, "mia")
    tried = mia.post("/terms/preview", form={"words": OWN})
    assert "NOTRE CONVENTION" in tried.text
    assert "Odile Exemple" in tried.text
    assert program(app, world, "mia").get("/terms").json["version"] == ""
    assert mia.post("/terms", form={"words": OWN}).status_code == 303
    assert program(app, world, "mia").get("/terms").json["version"].startswith("1.")
    assert mia.post("/terms", form={"words": "{nom}"}).status_code == 422
    assert mia.post("/terms/revert", form={}).status_code == 303
    assert person(app, world, "ada").get("/terms").status_code == 403
