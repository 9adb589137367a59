"""Numbers that are never kept about people are refused; words that say too much are pointed at, never blocked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app import tact
from app.db import session
from app.people.card_models import HouseholdCard
from tests.asking import person, program
from tests.make import World, make_device

NIR = "2 85 05 59 350 042 31"


def nir(body: str) -> str:
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (nir("1850559350042"), "nir"),
        (f"Son numéro : {nir('2991262498123')}, à noter", "nir"),
        (" ".join((nir("1850559350042")[:1], nir("1850559350042")[1:3], nir("1850559350042")[3:])), "nir"),
        (nir("185052A350042"), "nir"),
        (nir("185052B350042"), "nir"),
        ("FR76 3000 6000 0112 3456 7890 189", "iban"),
        ("compte fr7630006000011234567890189 chez eux", "iban"),
        ("BE68539007547034", "iban"),
        ("carte 4111 1111 1111 1111", "card"),
        ("5555-5555-5555-4444", "card"),
        ("378282246310005", "card"),
    ],
)
def test_a_number_that_is_never_kept_is_found(text: str, kind: str):
    assert tact.number_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "06 39 98 01 42",
        "185055935004200",  # the key is wrong
        "FR76 3000 6000 0112 3456 7890 188",
        "4111 1111 1111 1112",
        "358240051111110",  # an IMEI
        "8933010000000000002",  # a SIM
        "DCLB TRXN, PF2XDEM0, 5CD0371DEM",
        "n° de série 20210314-0001, facture 2026-000123",
        "Le 12/11/2026 à 10 h 30, 24,90 €",
    ],
)
def test_other_numbers_pass(text: str):
    assert tact.number_in(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il est MALADE, elle aussi", ["MALADE"]),
        ("Problème d’alcool", ["d’alcool"]),
        ("Surendetté, au RSA", ["Surendetté", "RSA"]),
        ("sort de prison, casier judiciaire", ["prison", "casier judiciaire", "judiciaire"]),
        ("famille musulmane", ["musulmane"]),
        ("réfugiés sans-papiers", ["réfugiés", "sans-papiers"]),
        ("cas social, de mauvaise foi", ["cas social", "mauvaise foi"]),
        ("a lazy man with debts", ["lazy", "debts"]),
        ("undocumented, pregnant", ["undocumented", "pregnant"]),
    ],
)
def test_words_that_say_too_much_are_found_as_they_were_written(text: str, words: list[str]):
    assert tact.words_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Enceinte Bluetooth, chargeur d’origine, carte ROM",
        "Écran sale, touche noire qui colle, coque voilée",
        "Mot de passe invalide, compte désactivé",
        "Traitement de texte, saisie des factures, crédit mobile",
        "Rendez-vous rue de l’Église, à côté de la mairie",
        "Vol : plainte déposée à la police, le voleur a fui",
        "Assistance téléphonique, ordinateur en bon état, prêt pour l’école",
        "Parle arabe et français, préfère le matin",
        "The disabled key, an old battery, a poor screen",
    ],
)
def test_words_of_things_and_days_pass(text: str):
    assert tact.words_in(text) == []


def test_the_demo_world_says_nothing_to_be_read_again():
    said = [
        text
        for file in Path("app/demo").glob("*.py")
        for text in re.findall(r'"([^"\n]{4,})"', file.read_text(encoding="utf-8"))
    ]
    assert len(said) > 300
    assert [(text, tact.words_in(text)) for text in said if tact.words_in(text) or tact.number_in(text)] == []


def test_a_number_is_refused_beside_its_field(app: Flask, world: World):
    ada = program(app, world)
    code = ada.post("/households", json={"name": "Berger-Test"}).json["code"]
    number = nir("1850559350042")
    answer = ada.post(f"/households/{code}/edit", json={"name": "Berger-Test", "prescriber": f"École {number}"})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["prescriber"])
    assert number not in answer.text
    with app.app_context():
        thing = make_device(world).code
    held = program(app, world, "mia").post(
        f"/devices/{thing}/holds", json={"reason": "FR76 3000 6000 0112 3456 7890 189"}
    )
    assert (held.status_code, list(held.json["fields"])) == (422, ["reason"])


def test_a_word_is_kept_and_pointed_at_with_the_way_to_change_it(app: Flask, world: World):
    clerk = person(app, world)
    clerk.post("/households", form={"name": "Berger-Test"})
    code = program(app, world).get("/households").json["items"][0]["code"]
    sent = {"name": "Berger-Test", "language": "fr", "whole": "true", "prescriber": "Service des malades"}
    assert clerk.post(f"/households/{code}/edit", form=sent).status_code == 303
    seen = clerk.get(f"/households/{code}").text
    assert "Relisez\u00a0: «\u00a0malades\u00a0»" in seen
    assert f'href="/households/{code}/edit"' in seen
    assert program(app, world).get(f"/households/{code}").json["read_again"] == ["malades"]
    with app.app_context():
        assert session().query(HouseholdCard).one().prescriber == "Service des malades"
    clerk.post(f"/households/{code}/edit", form=sent | {"prescriber": "Médiathèque"})
    assert "Relisez" not in clerk.get(f"/households/{code}").text
