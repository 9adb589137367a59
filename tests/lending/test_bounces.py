"""What comes back: reports of real mail servers find the letter, and its household goes onto the list of calls."""

from __future__ import annotations

import mailbox
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app

from app import mail, returned
from app.cli import one_round
from app.db import session
from app.lending import calls, reaching, reminders
from app.mail import Letter
from app.settings import BadSetting, Settings
from app.times import now, start_of
from tests.asking import person
from tests.harness.post import post_office
from tests.make import World, make_device, make_household, make_loan

DUE = date(2027, 1, 19)
MORNING = start_of(DUE) + timedelta(hours=10)
FROM = "va-et-vient@example.org"

# As Postfix writes it: with the head of the mail, to the address in the envelope.
POSTFIX = """\
Return-Path: <>
Delivered-To: {to}
Received: by mx.example.org (Postfix) id 4XyZ; Tue, 19 Jan 2027 10:00:03 +0100 (CET)
Date: Tue, 19 Jan 2027 10:00:03 +0100 (CET)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ.1/mx.example.org"

This is a MIME-encapsulated message.

--4XyZ.1/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

--4XyZ.1/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Tue, 19 Jan 2027 10:00:01 +0100 (CET)

Final-Recipient: rfc822; berger@example.org
Original-Recipient: rfc822;berger@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <berger@example.org>: Recipient address
    rejected: User unknown in virtual mailbox table

--4XyZ.1/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
From: =?utf-8?q?Cit=C3=A9?= des Brebis <brebis@example.org>
To: berger@example.org
Message-ID: <{number}@example.org>

--4XyZ.1/mx.example.org--
"""
# As Exchange and others write it: to the plain address, with the whole mail inside.
WHOLE = """\
From: postmaster@outlook.example
To: va-et-vient@example.org
Subject: Non remis : La fin de votre pr=?iso-8859-1?q?=EA?=t
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

L=E9chec de la remise =E0 ces destinataires

--c--
--b
Content-Type: message/delivery-status

Reporting-MTA: dns;outlook.example

Final-Recipient: rfc822;berger@example.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;552 5.2.2 mailbox full

--b
Content-Type: message/rfc822

From: brebis@example.org
To: berger@example.org
Message-ID: <{number}@example.org>
Subject: La fin de votre pret

Bonjour
--b--
"""


def sent(world: World) -> Letter:
    """A reminder that left."""
    home = make_household(world, "Famille Berger-Test", contact="berger@example.org")
    make_loan(world, make_device(world, "Le portable bleu"), household=home, due_on=DUE)
    reminders.remind_all(at=MORNING)
    with post_office() as post:
        assert mail.deliver(post.url, FROM, at=MORNING) == 1
    return session().query(Letter).one()


def postfix(letter: Letter, **over: str) -> bytes:
    facts = {"to": f"va-et-vient+{letter.uuid.hex}@example.org", "number": str(letter.uuid), "action": "failed"}
    return POSTFIX.format(**(facts | {"status": "5.1.1"} | over)).encode()


def test_a_letter_that_left_reaches_them_by_mail_until_it_comes_back(inside: World):
    letter = sent(inside)
    me = inside.me()
    assert calls.to_call(me, DUE) == []
    assert returned.note(postfix(letter), at=MORNING) == letter
    assert (letter.failed, letter.fault, letter.bounced_at) == (True, "bounced 5.1.1", MORNING)
    [call] = calls.to_call(me, DUE)
    assert (call.household.name, call.bounced) == ("Famille Berger-Test", True)
    assert [way.kind for way in reaching.of(call.household).ways] == ["via_referent"]
    assert [home.name for home in calls.waits(me, DUE).bounced] == ["Famille Berger-Test"]


@pytest.mark.parametrize("over", [{"to": "va-et-vient@example.org"}, {"number": "nothing"}])
def test_one_of_the_two_numbers_is_enough(inside: World, over: dict[str, str]):
    letter = sent(inside)
    assert returned.note(postfix(letter, **over), at=MORNING) == letter


def test_a_report_with_the_whole_mail_inside_is_read_too(inside: World):
    letter = sent(inside)
    assert returned.note(WHOLE.format(number=letter.uuid).encode(), at=MORNING) == letter
    assert letter.fault == "bounced 5.2.2"


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.4.7"), ("relayed", "2.1.5")]
)
def test_a_delay_is_no_failure(inside: World, action: str, status: str):
    letter = sent(inside)
    assert returned.note(postfix(letter, action=action, status=status), at=MORNING) is None
    assert not letter.failed


def test_what_is_no_report_or_not_of_ours_is_left_alone(inside: World):
    letter = sent(inside)
    answer = (
        f"From: berger@example.org\nTo: va-et-vient+{letter.uuid.hex}@example.org\nSubject: Re\n\nstop 5.1.1".encode()
    )
    stranger = postfix(letter, to="x@example.org", number="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    for content in (answer, stranger, b"", b"\xff\x00\r\n" * 100, b"x" * 3_000_000):
        assert returned.note(content, at=MORNING) is None
    assert not letter.failed


def test_the_command_reads_one_report(app: Flask, world: World):
    with app.app_context():
        letter = sent(world)
        report, number = postfix(letter), letter.uuid
    done = app.test_cli_runner().invoke(args=["bounces"], input=report)
    assert (done.exit_code, done.output) == (0, f"letter {number} came back\n")
    done = app.test_cli_runner().invoke(args=["bounces"], input=b"hello")
    assert (done.exit_code, done.output) == (0, "no letter of this house came back\n")


def test_the_chores_read_a_maildir_once(make_app, settings: Settings, world: World, tmp_path: Path):
    box = mailbox.Maildir(tmp_path / "bounces", create=True)
    with make_app(settings, bounces=tmp_path / "bounces").app_context():
        letter = sent(world)
        for content in (postfix(letter), b"Subject: a holiday\n\nI am away."):
            box.add(content)
        said = [one_round(current_app.config["SETTINGS"]) for _ in range(2)]
        assert [("1 letters came back" in lines) for lines in said] == [True, False]
        assert letter.failed
    assert {message.get_subdir() for message in box} == {"cur"}


def test_a_box_that_is_none_is_refused_at_start(tmp_path: Path):
    with pytest.raises(BadSetting, match="BOUNCES"):
        Settings.from_env({"INSTANCE": str(tmp_path), "BOUNCES": str(tmp_path / "nowhere")})


def test_the_household_its_loan_and_the_board_say_that_it_did_not_arrive(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Famille Berger-Test", contact="berger@example.org")
        due = now().date() + timedelta(days=30)
        loan = make_loan(world, household=home, due_on=due)
        at = start_of(due) + timedelta(hours=10)
        reminders.remind_all(at=at)
        with post_office() as post:
            post.unknown = {"berger@example.org"}
            mail.deliver(post.url, FROM, at=at)
        code, uuid = home.code, loan.uuid
    ada = person(app, world)
    for path in (f"/households/{code}", f"/loans/{uuid}"):
        assert "Les messages à berger@example.org n’arrivent pas" in ada.get(path).text, path
    assert "Un message n’est pas arrivé" in ada.get("/").text
    assert "Famille Berger-Test" in ada.get("/calls").text
