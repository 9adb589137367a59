"""What a stranger finds who scans a label: one page, byte for byte, whatever the code (design 4)."""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import session
from app.inventory.models import FoundNote
from tests.asking import Asker, anyone, person, program, rows
from tests.make import World, make_household
from tests.web.things import Place

UNKNOWN = (
    "DCLBTRXN",
    "DCLBTRXH",
    "KBBBBBBB",
    "XXXXXXXX",
    "x",
    "DCLB TRXN",
    "dclb-trxn",
    "1" * 300,
    "%00",
    "é",
    "<b>",
    "DCLBTRXN?q=1",
    "%3F",
    "%FF",
)


@pytest.fixture
def every(app: Flask, world: World, places: dict[str, Place]) -> list[str]:
    """Codes of every kind: on the shelf, lent, elsewhere, printed ahead, of a household, and none of ours."""
    loose = program(app, world, "ada").post("/codes", json={"count": 1}).json["codes"][0]
    with app.app_context():
        home = make_household(world).code
    known = [places["own"].free, places["own"].lent, places["other"].lent, loose, home]
    return [*known, *(code.lower() for code in known), *UNKNOWN]


def whole(answer: TestResponse) -> tuple[object, ...]:
    return answer.status_code, answer.data, tuple(sorted(answer.headers.items()))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_shows_strangers_byte_for_byte_the_same_page(app: Flask, every: list[str], language: str):
    found = {whole(anyone(app, language=language).get(f"/{e}/{code}")) for code in every for e in ("e", "E")}
    assert len(found) == 1
    status, body, headers = next(iter(found))
    assert status == 200
    assert b"01" in body, "the federation's number"
    assert not [name for name, _value in headers if name == "Set-Cookie"]


@pytest.mark.parametrize(
    "sent", [{"words": "Trouvé au parc", "contact": "06"}, {"words": ""}, {}, {"words": "x", "odd": "1"}]
)
def test_every_code_answers_a_message_the_same(
    app: Flask, every: list[str], sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    from app.people import secrets

    monkeypatch.setattr(secrets, "throttle", lambda *_args, **_more: None)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: 1_795_500_000)  # of the sentence carried on
    assert len({whole(anyone(app).post(f"/e/{code}", form=sent)) for code in every}) == 1


def test_programs_without_token_learn_nothing_either(app: Flask, every: list[str]):
    assert len({whole(anyone(app, as_json=True).get(f"/e/{code}")) for code in every}) == 1


def test_a_code_costs_the_same_questions_whether_known_or_not(app: Flask, every: list[str]):
    """No look-up, so that not even time tells."""
    from sqlalchemy import event

    from app.db import db

    counts, asked = set(), []
    with app.app_context():
        engine = db.engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    anyone(app).get("/e/x")
    for code in every:
        asked.clear()
        anyone(app).get(f"/e/{code}")
        counts.add(tuple(asked))
    event.remove(engine, "before_cursor_execute", note)
    assert len(counts) == 1


def test_the_page_names_no_thing_place_price_or_person(app: Flask, places: dict[str, Place]):
    page = anyone(app).get(f"/e/{places['own'].lent}").text
    for secret in ("ThinkPad", "Brebis", "Tourbillon", "ACSM", places["own"].lent, "laptop", "prêté", "Ada"):
        assert secret.lower() not in page.lower(), secret


def test_staff_are_led_to_the_thing(app: Flask, world: World, places: dict[str, Place]):
    for e in ("e", "E"):
        for code in (places["own"].lent, places["own"].lent.lower()):
            answer = person(app, world, "ada").get(f"/{e}/{code}")
            assert (answer.status_code, answer.location) == (303, f"/scan?q={places['own'].lent}")
    ada = person(app, world, "ada")
    assert ada.get(f"/scan?q={places['own'].lent}").location == f"/devices/{places['own'].lent}"


def test_an_administrator_who_sees_no_things_finds_what_strangers_find(
    app: Flask, world: World, places: dict[str, Place]
):
    known, unknown = (person(app, world, "adam").get(f"/e/{code}") for code in (places["own"].lent, "DCLBTRXN"))
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert places["own"].lent not in known.text


def test_a_message_is_kept_with_the_code_and_shown_to_staff(app: Flask, world: World, places: dict[str, Place]):
    sent = {"words": "Trouvé à l’arrêt de bus <b>", "contact": "06 39 98 05 05"}
    answer = anyone(app).post(f"/E/{places['own'].lent.lower()}", form=sent)
    assert (answer.status_code, answer.location) == (303, "/thanks")
    with app.app_context():
        note = session().scalars(select(FoundNote).order_by(FoundNote.id.desc())).first()
        assert note is not None
        assert (note.code, note.words, note.contact) == (
            places["own"].lent,
            "Trouvé à l’arrêt de bus <b>",
            "06 39 98 05 05",
        )
        number = note.id
    page = person(app, world, "ada").get("/").text
    assert "Trouvé à l’arrêt de bus &lt;b&gt;" in page
    assert program(app, world, "ada").post(f"/notes/{number}/settle", json={}).status_code == 200
    with app.app_context():
        row = session().get_one(FoundNote, number)
        assert (row.contact, row.words, row.settled_at is not None) == (None, "", True)


def test_a_message_that_is_not_there_is_not_settled(app: Flask, world: World):
    ada: Asker = program(app, world, "ada")
    for number in (0, 999, 2**31, 10**14, 10**30):
        assert ada.post(f"/notes/{number}/settle", json={}).status_code == 404, number
    assert person(app, world, "ada").post("/notes/999/settle").status_code == 404


def test_messages_are_throttled_by_where_they_come_from(app: Flask, world: World):
    found = [anyone(app).post("/e/DCLBTRXN", form={"words": f"Trouvé {n}"}).status_code for n in range(11)]
    assert found == [303] * 10 + [429]
    assert rows(app)["found_note"] == 10
    assert anyone(app).get("/e/DCLBTRXN").status_code == 200


def test_what_is_written_is_there_again_when_it_is_refused(app: Flask, world: World):
    page = anyone(app).post("/e/DCLBTRXN", form={"words": "x" * 501, "contact": "06 & co"})
    assert page.status_code == 422
    assert "x" * 501 in page.text
    assert "06 &amp; co" in page.text
    assert rows(app)["found_note"] == 0


def test_what_a_finder_wrote_is_for_the_centre_that_answers_for_the_thing(
    app: Flask, world: World, places: dict[str, Place]
):
    sent = {"words": "Trouvé au parc", "contact": "06 39 98 05 05"}
    anyone(app).post(f"/E/{places['own'].lent}", form=sent)
    anyone(app).post("/E/DCLBTRXN", form=sent | {"words": "Trouvé au lac"})
    ours, theirs = (person(app, world, name).get("/").text for name in ("ada", "zoe"))
    assert ("Trouvé au parc" in ours, "Trouvé au parc" in theirs) == (True, False)
    assert "Trouvé au lac" in ours
    assert "Trouvé au lac" in theirs, "nothing bears this code: whoever reads it may call"
    with app.app_context():
        number = session().scalar(select(FoundNote.id).where(FoundNote.words == "Trouvé au parc"))
    assert program(app, world, "zoe").post(f"/notes/{number}/settle", json={}).status_code == 404
    assert program(app, world, "ada").post(f"/notes/{number}/settle", json={}).status_code == 200
