"""The page of letters: to whom it tells what, and what it never shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import mail
from app.db import session, writing
from app.people import staff
from app.people.models import Person
from tests.asking import person
from tests.make import NOW, World

SECRET = "https://pret.example.org/reset/abcdefgh_secret"


def write(world: World, who: str) -> mail.Letter:
    with writing():
        staff.write_reset(session().get_one(Person, world.people[who]), SECRET, at=NOW)
    return session().query(mail.Letter).order_by(mail.Letter.id.desc()).first()


def test_a_manager_reads_the_letters_to_their_own_team_alone(app: Flask, world: World):
    with app.app_context():
        for who in ("odile", "zoe"):
            write(world, who)
    page = person(app, world, "mia").get("/letters").text
    assert "odile@example.org" in page
    assert "zoe@example.org" not in page
    everyone = person(app, world, "adam").get("/letters").text
    assert "odile@example.org" in everyone
    assert "zoe@example.org" in everyone


@pytest.mark.parametrize("who", ["mia", "adam"])
def test_the_link_in_a_letter_is_shown_to_nobody(app: Flask, world: World, who: str):
    with app.app_context():
        write(world, "odile")
    page = person(app, world, who).get("/letters").text
    assert "Choisissez votre mot de passe" in page
    assert "secret" not in page
    assert "/reset/" not in page


def test_a_letter_to_somebody_who_is_no_colleague_is_not_told_of(app: Flask, world: World):
    with app.app_context(), writing():
        mail.put("other", to="habitante@example.org", subject="Bonjour", words="Votre prêt", at=NOW)
    assert "habitante" not in person(app, world, "adam").get("/letters").text


def test_what_waits_says_why_and_what_left_says_when(app: Flask, world: World):
    with app.app_context():
        write(world, "odile")
        sent = mail.lease(NOW)
        assert sent is not None
        mail.tell(sent, None, at=NOW)
        write(world, "ada")
    page = person(app, world, "mia").get("/letters").text
    assert "Envoyée" in page
    assert "24 novembre 2026" in page
    assert "d’un serveur de courrier" in page
    assert "SMTP_URL" in page


def test_with_a_mail_server_the_next_try_or_the_end_of_all_tries_is_told(make_app, settings, world: World):
    app = make_app(settings, smtp_url="smtp://127.0.0.1:1")
    with app.app_context():
        write(world, "odile")
        letter = mail.lease(NOW)
        assert letter is not None
        mail.tell(letter, "SMTPServerDisconnected", at=NOW)
        due = NOW + timedelta(minutes=2)
    page = person(app, world, "mia").get("/letters").text
    assert "Le prochain est à 10\u00a0h\u00a002" in page
    assert "SMTP_URL" not in page
    with app.app_context():
        while letter is not None:
            letter = mail.lease(due)
            if letter:
                mail.tell(letter, "SMTPRecipientsRefused", at=due)
                due = letter.next_try_at or due
    assert "Pas arrivée" in person(app, world, "mia").get("/letters").text


def test_before_the_first_letter_the_page_says_what_it_will_be(app: Flask, world: World):
    page = person(app, world, "mia").get("/letters").text
    assert "Aucune lettre pour l’instant" in page
    assert "SMTP_URL" in page
