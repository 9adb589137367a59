"""The kit on its own: read, submit, page, done, listing (docs/kit.md), with a small act made up for the purpose."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import argon2
import pytest
from flask import Flask, get_flashed_messages
from pydantic import Field
from sqlalchemy import event, select
from werkzeug.exceptions import HTTPException

from app import history
from app.db import db, session, writing
from app.errors import Refused
from app.inputs import Act, Answer, Input, Line, Name
from app.inventory import printing
from app.inventory.models import FoundNote
from app.lending import pages
from app.people import secrets
from app.people.models import HouseholdIdentity, Person
from app.people.roles import Me
from app.web import Form, blank, done, page, read, read_query, spoken
from app.web.answers import wants_json
from app.web.listing import Listing, slice_of
from tests.asking import BASE, JSON, Asker, anyone, commits, person, program, rows
from tests.make import NOW, PASSWORD, World, make_device, make_household, make_loan
from tests.web.things import Place, filled, furnish, routes

ME, OTHER = Me(id=1), Me(id=2)


class Row(Input):
    code: Line
    missing: list[Line] = Field(default_factory=list)


class Wish(Act):
    words: Name
    count: Annotated[int, Field(le=9)] | None = None
    day: date | None = None
    tags: list[Line] = Field(default_factory=list)
    things: list[Row] = Field(default_factory=list)


class Told(Answer):
    code: str
    words: str


def leave(wish: Wish, *, by: Me, at: datetime) -> FoundNote:
    """A rule like any other: look, refuse, record."""
    note = FoundNote(code="X", words=wish.words, contact=None, left_at=at, settled_at=None)
    session().add(note)
    session().flush()
    history.record("found_test", wish, by=by, at=at, subject=f"note:{note.id}")
    if wish.words == "no":
        raise Refused("not_this", "The house says no.", fields={"words": "Not this word."})
    return note


def of_act(act: history.Act) -> FoundNote:
    return session().get_one(FoundNote, int(act.subject.partition(":")[2]))


@pytest.fixture
def sent(app: Flask) -> Callable[..., Any]:
    """`with sent(form or json or nothing):` within a request that carries it."""

    def request(form: Any = None, **kwargs: Any) -> Any:
        if form is not None or "json" in kwargs or "data" in kwargs:
            kwargs |= {"method": "POST"} | ({"data": form} if form is not None else {})
        return app.test_request_context("/", base_url=BASE, **kwargs)

    return request


def notes() -> list[str]:
    session().rollback()
    return list(session().scalars(select(FoundNote.words).order_by(FoundNote.id)))


# read


def test_a_get_reads_the_defaults_and_makes_an_id(sent: Any):
    with sent():
        form = read(Wish, words="Bonjour")
        assert (form.sent, form.wish, form.faults, form.status) == (False, None, {}, 200)
        assert form.values["words"] == "Bonjour"
        assert isinstance(form.values["id"], UUID)


def test_a_form_is_read_with_its_lists_and_rows(sent: Any):
    fields = {
        "words": " Bonjour  à tous ", "count": "3", "day": "2026-11-24", "csrf": "x", "tags": ["a", "", "b"],
        "things.1.code": "second", "things.0.code": "first", "things.0.missing[]": ["x", "", "y"],
        "things.7.code": "third",
    }  # fmt: skip
    with sent(fields):
        wish = read(Wish).wish
        assert wish is not None
        assert (wish.words, wish.count, wish.day, wish.tags) == ("Bonjour à tous", 3, date(2026, 11, 24), ["a", "b"])
        assert [(t.code, t.missing) for t in wish.things] == [("first", ["x", "y"]), ("second", []), ("third", [])]


def test_rows_left_empty_are_not_drawn_again(sent: Any):
    """A page offers some empty rows: sent back with a fault, it would offer more of them each time."""
    with sent({"things.0.code": "first", "things.1.code": "", "things.2.code": "third", "things.3.code": ""}):
        assert [row["code"] for row in read(Wish).rows("things")] == ["first", "third"]


def test_json_is_read_as_the_same_wish_as_a_form(sent: Any):
    same = str(uuid4())
    with sent({"id": same, "words": "x", "tags": ["a"], "things.0.code": "c"}):
        one = read(Wish).wish
    with sent(json={"id": same, "words": "x", "tags": ["a"], "things": [{"code": "c"}]}):
        two = read(Wish).wish
    assert one == two
    assert one is not None


def test_an_empty_field_is_as_if_not_sent_and_not_as_it_was(sent: Any):
    with sent({"words": "x", "count": ""}):
        form = read(Wish, count=5, day=date(2026, 1, 1))
        assert form.wish is not None
        assert (form.wish.count, form.wish.day) == (None, date(2026, 1, 1))


def test_what_is_wrong_stands_beside_its_field_by_path(sent: Any):
    with sent(json={"words": "", "count": 10, "things": [{"code": "x"}, {"cod": "x"}], "more": 1, "id": "x"}):
        form = read(Wish)
        assert set(form.faults) == {"words", "count", "things.1.code", "things.1.cod", "more", "id"}
        assert (form.wish, form.status) == (None, 422)
        assert form.values["count"] == 10, "what was sent is drawn again"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [(JSON, "[]", 400), (JSON, "{", 400), (JSON, '{"a":' * 9 + "1" + "}" * 9, 400), ("text/plain", "words=x", 415)],
)
def test_what_cannot_be_read_ends_there(sent: Any, kind: str, body: str, status: int):
    with sent(data=body, content_type=kind), pytest.raises(HTTPException) as wrong:
        read(Wish)
    assert wrong.value.code == status


def test_a_blank_form_is_empty_whatever_was_sent(sent: Any):
    with sent({"words": "x", "nonsense": "y"}):
        form = blank(Wish, count=3)
        assert (form.sent, form.faults, form.values["count"], "words" in form.values) == (False, {}, 3, False)


def test_the_words_of_an_address_are_an_input_too(sent: Any):
    with sent(query_string="limit=3&q=%20x%20"):
        assert (read_query(Listing).limit, read_query(Listing).q) == (3, "x")
    with sent(query_string="limit=3&sort=name"), pytest.raises(Refused) as no:
        read_query(Listing)
    assert (no.value.status, set(no.value.fields)) == (422, {"sort"})


# submit


def test_submit_writes_and_commits_what_the_rule_returned(app: Flask, sent: Any):
    with sent({"words": "Bonjour"}), commits(app) as written:
        note = read(Wish).submit(leave, by=ME, at=NOW, again=of_act)
        assert note is not None
        assert (note.words, notes()) == ("Bonjour", ["Bonjour"])
    assert len(written) == 1


def test_submit_does_nothing_when_nothing_right_was_sent(app: Flask, sent: Any):
    for context in (sent(), sent({"words": ""})):
        with context, commits(app) as written:
            assert read(Wish).submit(leave, by=ME, at=NOW) is None
        assert written == []


def test_a_refusal_leaves_nothing_and_stands_in_the_form(app: Flask, sent: Any):
    with sent({"words": "no"}), commits(app) as written:
        form = read(Wish)
        assert form.submit(leave, by=ME, at=NOW, again=of_act) is None
        assert form.refusal is not None
        assert (form.refusal.code, form.status, set(form.faults)) == ("not_this", 409, {"words"})
        assert notes() == []
    assert written == []


def test_an_act_sent_twice_is_done_once(sent: Any):
    wish = {"id": str(uuid4()), "words": "Bonjour"}
    found = []
    for _ in range(2):
        with sent(wish):
            form = read(Wish)
            note = form.submit(leave, by=ME, at=NOW, again=of_act)
            assert note is not None
            found.append((note.id, form.repeated))
            assert notes() == ["Bonjour"]
    assert found[0][0] == found[1][0]
    assert [repeated for _id, repeated in found] == [False, True]


@pytest.mark.parametrize(("words", "by", "code"), [("Autre", ME, "id_reused"), ("Bonjour", OTHER, "id_taken")])
def test_an_id_is_one_persons_and_one_wishs(sent: Any, words: str, by: Me, code: str):
    same = str(uuid4())
    with sent({"id": same, "words": "Bonjour"}):
        read(Wish).submit(leave, by=ME, at=NOW, again=of_act)
    with sent({"id": same, "words": words}):
        form = read(Wish)
        assert form.submit(leave, by=by, at=NOW, again=of_act) is None
        assert form.refusal is not None
        assert (form.refusal.code, notes()) == (code, ["Bonjour"])


def test_insist_raises_what_submit_would_show(sent: Any):
    with sent({"words": "no"}), pytest.raises(Refused) as no:
        read(Wish).insist(leave, by=ME, at=NOW)
    assert (no.value.code, no.value.status) == ("not_this", 409)
    with sent({"words": ""}), pytest.raises(Refused) as no:
        read(Wish).insist(leave, by=ME, at=NOW)
    assert (no.value.code, no.value.status, set(no.value.fields)) == ("invalid", 422, {"words"})
    with sent({"words": "Bonjour"}):
        assert read(Wish).insist(leave, by=ME, at=NOW).words == "Bonjour"


def test_what_is_looked_at_before_the_write_is_refused_in_the_form(sent: Any):
    with sent({"words": "Bonjour"}):
        form = read(Wish)
        with form.looking():
            raise Refused("wrong_word", "This is not the word.", status=422, fields={"words": "Not this."})
        assert (form.status, set(form.faults), form.submit(leave, by=ME, at=NOW)) == (422, {"words"}, None)


# page and done


def answered(value: Any, app: Flask) -> Any:
    return app.make_response(value)


def test_a_page_has_the_status_of_its_form(app: Flask, sent: Any):
    for fields, status in (({"words": ""}, 422), ({"words": "no"}, 409)):
        with sent(fields):
            form = read(Wish)
            form.submit(leave, by=ME, at=NOW)
            answer = answered(page("portal/thanks.html", form=form, phone=""), app)
            assert (answer.status_code, answer.mimetype) == (status, "text/html")


def test_a_program_gets_the_answer_or_the_refusal_and_never_an_accident(app: Flask, sent: Any):
    asked = {"headers": {"Accept": JSON}}
    with sent(**asked):
        assert answered(page("portal/thanks.html", answer=Told(code="X", words="x"), phone=""), app).json == {
            "code": "X",
            "words": "x",
        }
        no = answered(page("portal/thanks.html", phone="01 99 00 12 34"), app)
        assert (no.status_code, no.json["error"]) == (406, "not_acceptable")
        assert b"01 99" not in no.data
    with sent({"words": ""}, **asked), pytest.raises(Refused) as told:
        page("portal/thanks.html", form=read(Wish), answer=Told(code="X", words="x"))
    assert (told.value.status, told.value.code, list(told.value.fields)) == (422, "invalid", ["words"])


def test_done_leads_people_on_says_so_and_offers_to_undo(app: Flask, sent: Any):
    with sent({"words": "x"}):
        answer = answered(done(Told(code="X", words="x"), go="/there", say="It is done.", undo="/undo"), app)
        assert (answer.status_code, answer.location) == (303, "/there")
        assert get_flashed_messages(with_categories=True) == [("/undo", "It is done.")]


def test_done_tells_programs_201_where_and_what_and_200_for_a_repeat(app: Flask, sent: Any):
    told, same = Told(code="X", words="x"), str(uuid4())
    for status in (201, 200):
        with sent(json={"id": same, "words": "x"}):
            form = read(Wish)
            form.submit(leave, by=ME, at=NOW, again=of_act)
            answer = answered(done(told, go="/there", say="It is done.", form=form, new=True), app)
            assert (answer.status_code, answer.location, answer.json) == (status, "/there", {"code": "X", "words": "x"})
            assert get_flashed_messages() == []
    with sent(json={"words": "x"}):
        answer = answered(done(told, go="/there"), app)
        assert (answer.status_code, answer.location) == (200, None)


def test_what_a_route_speaks_stands_on_its_view():
    @spoken(takes=Wish, gives=Told, made=True, refuses=("not_this",), doubts=("odd",))
    def view() -> None: ...

    says = view.spoken  # type: ignore[attr-defined]
    assert (says.takes, says.gives, says.made, says.refuses, says.doubts) == (Wish, Told, True, ("not_this",), ("odd",))


def test_json_is_what_is_preferred_or_what_was_sent(sent: Any):
    with sent(json={}):
        assert wants_json()
    with sent(json={}, headers={"Accept": "text/html"}):
        assert not wants_json()


# Lists


def test_paging_by_key_visits_every_row_once_however_alike(app: Flask, world: World):
    """Names alike, without Latin letters, with quotes and wildcards; while others are written between the pages."""
    names = ["Même-Test"] * 9 + [
        "김민준-Test",
        "가나다-Test",
        "কোবি-Test",
        "%_\\'\"-Test",
        "Ωmega-Test",
        "élan-Test",
        "ÉLAN-Test",
        "𝒵oé-Test",
    ]
    with app.app_context():
        codes = {make_household(world, name).code for name in names}
    ada, seen, pages = program(app, world, "ada"), [], 0
    path: str | None = "/households?limit=4"
    while path:
        answer = ada.get(path)
        assert answer.status_code == 200, path
        seen += [h["code"] for h in answer.json["items"] if h["code"] in codes]
        path, pages = answer.json["next"], pages + 1
        with app.app_context():
            make_household(world, "AAA d’avant-Test")
    assert (len(seen), set(seen)) == (len(names), codes)
    assert pages >= 5


def test_a_page_far_on_asks_no_more_of_the_database_than_the_first(app: Flask, world: World):
    with app.app_context():
        for n in range(6):
            make_household(world, f"Foyer {n}-Test")
    ada, asked = program(app, world, "ada"), []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    path = ada.get("/households?limit=2").json["next"]
    first, asked[:] = len(asked), []
    ada.get(path)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == first
    assert [s for s in asked if "(household_identity.folded, household_identity.household_id) >" in s], "by key"


def test_a_list_is_in_the_same_order_on_both_databases(app: Flask, world: World):
    names = [
        "zèbre",
        "Zoé",
        "abbé",
        "Abel",
        "œuf",
        "oeuvre",
        "d’Artagnan",
        "dartagnan",
        "D Artagnan",
        "Éric",
        "eric b",
        "1er",
    ]
    with app.app_context():
        for name in names:
            make_household(world, name)
    found = [h["name"] for h in program(app, world, "ada").get("/households").json["items"]]
    assert found == [
        "1er",
        "abbé",
        "Abel",
        "D Artagnan",
        "d’Artagnan",
        "dartagnan",
        "Éric",
        "eric b",
        "œuf",
        "oeuvre",
        "zèbre",
        "Zoé",
    ]


def closed(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


ODD_CURSORS = [
    "x", "!!!!", "é", "A" * 500, closed(), closed("a"), closed("a", "b"), closed("a", 1, 2), closed(1, "a"),
    closed(None, None), closed("a", True), closed("a", 1.0), closed("a", 10**30), closed("a", -(10**30)),
    closed("a\0b", 1), closed("\ud800", 1), closed(["a"], 1), closed({"a": 1}, 1),
    *(base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in (b'{"a": 1}', b"\xff\xfe", b"[" * 370)),
]  # fmt: skip


@pytest.mark.parametrize("cursor", ODD_CURSORS, ids=range(len(ODD_CURSORS)))
def test_a_cursor_tampered_with_is_422(app: Flask, world: World, cursor: str):
    ada = program(app, world, "ada")
    for path in ("/devices", "/households", "/loans"):
        answer = ada.get(path, query_string={"after": cursor})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["after"]), path


def test_the_cursor_of_one_list_is_no_key_to_another(app: Flask, world: World):
    with app.app_context():
        for _ in range(2):
            make_loan(world, make_device(world))
    ada = program(app, world, "ada")
    cursor = ada.get("/households?limit=1").json["next"].rpartition("after=")[2]
    assert ada.get(f"/households?after={cursor}").status_code == 200
    assert ada.get(f"/loans?after={cursor}").status_code == 422


def test_a_cursor_shows_nothing_that_its_reader_may_not_see(app: Flask, world: World):
    """A cursor is a place in the order, not a right: at another desk it opens that desk's own list."""
    with app.app_context():
        for n in range(3):
            make_household(world, f"Brebis {n}-Test")
        make_household(world, "Maison-Test", by="zoe")
    after = program(app, world, "ada").get("/households?limit=1").json["next"]
    assert [h["name"] for h in program(app, world, "zoe").get(after).json["items"]] == ["Maison-Test"]


def test_a_slice_keeps_the_words_of_the_address(app: Flask, world: World):
    with app.app_context():
        for n in range(3):
            make_household(world, f"Foyer & fils {n}-Test")
    ada = program(app, world, "ada")
    following = ada.get("/households?q=foyer+%26+fils&limit=2").json["next"]
    assert [h["name"] for h in ada.get(following).json["items"]] == ["Foyer & fils 2-Test"]


def test_a_slice_is_made_of_any_query(app: Flask, inside: World):
    for n in range(5):
        make_household(inside, f"Foyer {n}-Test")
    by = (HouseholdIdentity.folded, HouseholdIdentity.household_id)
    with app.test_request_context("/households?limit=2", base_url=BASE):
        found = slice_of(select(HouseholdIdentity), Listing(limit=2), by=by, key=lambda h: (h.folded, h.household_id))
        assert ([h.name for h in found.rows], found.next is None) == (["Foyer 0-Test", "Foyer 1-Test"], False)


# Reads and writes


@pytest.mark.slow("every page there is")
def test_a_get_never_writes(app: Flask, world: World, places: dict[str, Place]):
    askers = [person(app, world, "mia"), program(app, world, "mia"), anyone(app)]
    before = rows(app)
    with commits(app) as written:
        for method, rule in routes(app):
            if method == "GET":
                for one in askers:
                    path = filled(rule, places["own"])
                    for verb in ("GET", "HEAD", "OPTIONS") if one.token else ("GET",):
                        answer = one.ask(verb, f"{path}?q={places['own'].free}" if verb == "GET" else path)
                        assert answer.status_code < 500, path
    assert written == []
    assert rows(app) == before


@pytest.fixture
def slow_things(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bool]]]:
    """Each slow thing done, and whether a write was open meanwhile."""
    seen: list[tuple[str, bool]] = []
    writing_now: list[bool] = [False]
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        writing_now[0] |= (
            statement.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")) or "FOR " in statement[-40:]
        )

    def over(_c: Any) -> None:
        writing_now[0] = False

    def watched(owner: Any, name: str) -> None:
        does = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            seen.append((name, writing_now[0]))
            return does(*args, **kwargs)

        monkeypatch.setattr(owner, name, wrapped)

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", over)
    event.listen(engine, "rollback", over)
    for owner, name in (
        (argon2.PasswordHasher, "hash"),
        (argon2.PasswordHasher, "verify"),
        (printing, "render_pdf"),
        (pages, "pdf"),
    ):
        watched(owner, name)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", over)
    event.remove(engine, "rollback", over)


def test_nothing_slow_happens_inside_a_write(app: Flask, world: World, slow_things: list[tuple[str, bool]]):
    places = furnish(app, world)
    ada, stranger = person(app, world, "ada", as_json=True), anyone(app, as_json=True)
    good = "une autre phrase"
    assert stranger.post("/sign-in", json={"email": "ada@example.org", "password": PASSWORD}).status_code == 200
    assert ada.post("/me/pin", json={"password": PASSWORD, "pin": "2468"}).status_code == 200
    assert ada.post("/me/password", json={"old": PASSWORD, "password": good}).status_code == 200
    assert anyone(app, as_json=True).post(f"/reset/{places['other'].reset}", json={"password": good}).status_code == 200
    mia = program(app, world, "mia")
    assert mia.get(f"/labels.pdf?codes={places['own'].free}").status_code == 200
    assert mia.get(f"/loans/{places['own'].loan}/agreement.pdf").status_code == 200
    done_slowly = [name for name, _open in slow_things]
    assert {"hash", "verify", "render_pdf", "pdf"} <= set(done_slowly)
    assert [name for name, within in slow_things if within] == []


def test_the_watch_on_slow_things_does_watch(app: Flask, world: World, slow_things: list[tuple[str, bool]]):
    with app.app_context(), writing() as s:
        s.get_one(Person, world.people["ada"]).name = "Adèle"
        s.flush()
        secrets.hashed("x")
        assert slow_things == [("hash", True)]


def test_beside_a_refused_loan_the_new_household_stands_empty(app: Flask, world: World):
    """The form beside is not filled with what was sent for the other one, nor with its faults."""
    with app.app_context():
        device = make_device(world).code
    ada: Asker = person(app, world, "ada", language="en")
    page_ = ada.post("/loans", form={"devices": device, "household": "", "due_on": "2027-01-01"})
    assert page_.status_code == 422
    for sentence in ("The house does not know this field.", "Ce champ n’est pas connu ici."):
        assert sentence not in page_.text


def test_a_form_knows_its_status():
    form: Form[Wish] = Form(Wish, {}, sent=True)
    assert (form.status, set(form.faults)) == (422, {"words"})
    assert Form(Wish, {}, sent=False).status == 200
