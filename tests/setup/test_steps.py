"""The steps of the set-up, over pages and JSON; how far it is is read from what is there."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli.verifying import all_faults
from app.db import session
from app.history import Act
from app.inventory.models import Device, GivenCode
from app.mail import Letter
from app.people.models import Centre, Organisation, Person
from labels import codes
from tests.asking import Asker, anyone, person, program
from tests.make import NOW, World, make_device
from tests.setup.test_keys import PASSWORD, WISH, key_of

CENTRE = {"name": "Maison des Trois Cités", "town": "Lens", "phone": "03 21 00 12 34", "open_days": [0, 1, 3]}


@pytest.fixture
def claire(app: Flask) -> Asker:
    """The first person of an empty house, in a browser that asks for JSON where a test wants it."""
    import hashlib
    import hmac

    one = anyone(app)
    one.post("/setup", form=WISH | {"key": key_of(app), "password": PASSWORD})
    cookie = one.client.get_cookie("__Host-sid", domain="pret.example.org")
    assert cookie is not None
    secret = app.config["SETTINGS"].secret_key
    one.csrf = hmac.new(secret, b"csrf:" + cookie.value.encode(), hashlib.sha256).hexdigest()
    one.as_json = True
    return one


def done(asker: Asker) -> dict[str, bool]:
    return {step["name"]: step["done"] for step in asker.get("/setup").json["steps"]}


def agrees(app: Flask) -> None:
    with app.app_context():
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_whole_set_up_over_json_ends_with_a_house_that_works(app: Flask, claire: Asker):
    assert done(claire) == dict.fromkeys(("organisation", "centre", "team", "things", "labels", "address"), False) | {
        "organisation": True
    }
    assert claire.post("/setup/centre", json=CENTRE).status_code == 200
    joined = claire.post("/setup/team", json={"name": "Karim", "email": "karim@example.org", "role": "front_desk"})
    assert (joined.status_code, joined.json["name"]) == (200, "Karim")
    model = claire.post("/setup/model", json={"maker": "Lenovo", "name": "ThinkPad L14", "category": "laptop"}).json
    made = claire.post("/setup/things", json={"model": model["id"], "lines": "PF1\nPF2"})
    assert [thing["name"] for thing in made.json["items"]] == ["ThinkPad L14 n° 1", "ThinkPad L14 n° 2"]
    assert {thing["owner"] for thing in made.json["items"]} == {WISH["organisation"][:20]}
    assert claire.post("/setup/labels", json={}).status_code == 200
    assert done(claire) == dict.fromkeys(("organisation", "centre", "team", "things", "labels"), True) | {
        "address": False
    }
    assert claire.get(f"/labels.pdf?codes={made.json['items'][0]['code']}").data.startswith(b"%PDF")
    agrees(app)


def test_the_first_person_manages_the_centre_they_open_and_stands_in_it(app: Flask, claire: Asker):
    claire.post("/setup/centre", json=CENTRE)
    with app.app_context():
        centre = session().scalars(select(Centre)).one()
        assert (centre.town, centre.open_days, centre.organisation.phone) == ("Lens", 0b1011, CENTRE["phone"])
        roles = {(r.kind, r.centre_id) for r in session().scalars(select(Person)).one().roles}
        assert roles == {("administrator", None), ("manager", centre.id)}
    assert claire.get("/households").status_code == 200


def test_the_centre_is_mended_by_the_same_page_and_the_number_on_labels_follows(app: Flask, claire: Asker):
    claire.post("/setup/centre", json=CENTRE)
    claire.post("/setup/centre", json=CENTRE | {"name": "Maison", "phone": "03 21 00 99 99"})
    with app.app_context():
        centre = session().scalars(select(Centre)).one()
        assert (centre.name, centre.phone, centre.organisation.phone) == ("Maison", "03 21 00 99 99", "03 21 00 99 99")


def test_a_number_that_is_not_the_centre_s_stays_on_the_labels(app: Flask, world: World):
    assert program(app, world, "mia").post("/setup/centre", json=CENTRE).status_code == 200
    with app.app_context():
        assert session().get_one(Organisation, world.organisations["acsm"]).phone == "01 99 00 12 34"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"open_days": []}, "open_days"),
        ({"open_days": [7]}, "open_days.0"),
        ({"name": " "}, "name"),
    ],
)
def test_what_a_centre_lacks_is_said_beside_its_field(claire: Asker, over: dict[str, Any], field: str):
    answer = claire.post("/setup/centre", json=CENTRE | over)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_two_centres_do_not_bear_one_name(app: Flask, world: World):
    answer = program(app, world, "mia").post("/setup/centre", json=CENTRE | {"name": "MQCV"})
    assert (answer.status_code, answer.json["error"]) == (409, "name_taken")


def test_a_manager_opens_no_centre_and_renames_no_organisation(app: Flask, world: World):
    answer = program(app, world, "mia").post("/setup/organisation", json={"organisation": "Autre"})
    assert (answer.status_code, answer.json["error"]) == (403, "forbidden")


def test_the_organisation_is_renamed_but_not_to_another_s_name(app: Flask, claire: Asker):
    assert claire.post("/setup/organisation", json={"organisation": "Les Trois Cités"}).status_code == 200
    with app.app_context():
        row = session().scalars(select(Organisation)).one()
        assert (row.name, row.short_name) == ("Les Trois Cités", "Les Trois Cités")


def test_a_house_whose_first_account_came_by_command_is_set_up_too(app: Flask):
    words = ["create-admin", "b@example.org", "--name", "B", "--password", PASSWORD]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    with app.app_context():
        number = session().scalars(select(Person.id)).one()
    admin = program(app, World(people={"b": number}), "b")
    assert not any(done(admin).values())
    assert person(app, World(people={"b": number}), "b").get("/setup/organisation").status_code == 200
    assert admin.post("/setup/centre", json=CENTRE).json["error"] == "no_organisation"
    assert admin.post("/setup/organisation", json={"organisation": "Les Trois Cités"}).status_code == 200
    assert admin.post("/setup/centre", json=CENTRE).status_code == 200
    agrees(app)


def test_a_colleague_s_link_is_shown_once_and_opens(app: Flask, claire: Asker):
    claire.post("/setup/centre", json=CENTRE)
    claire.as_json = False
    wish = {
        "name": "Karim",
        "email": "karim@example.org",
        "role": "front_desk",
        "id": "5b0c1f7e-9f5d-4a53-8f7e-000000000001",
    }
    page = claire.post("/setup/team", form=wish).text
    link = page.partition("https://pret.example.org/reset/")[2].partition("<")[0]
    assert anyone(app).get(f"/reset/{link}").status_code == 200
    again = claire.post("/setup/team", form=wish)
    assert (again.status_code, "/reset/" in again.text) == (200, False)
    with app.app_context():
        assert session().scalars(select(Letter)).all() == []  # no mail server is named: nothing waits to go stale


def test_with_a_mail_server_the_link_goes_by_letter_too(make_app: Any, settings: Any, world: World):
    app = make_app(settings, smtp_url="smtp://127.0.0.1:1")
    wish = {"name": "Karim", "email": "karim@example.org", "role": "front_desk"}
    assert program(app, world, "mia").post("/setup/team", json=wish).status_code == 200
    with app.app_context():
        letter = session().scalars(select(Letter)).one()
        assert (letter.kind, letter.address) == ("reset", "karim@example.org")


def test_a_role_that_is_not_a_manager_s_to_give_is_refused_on_the_page(app: Flask, world: World):
    answer = person(app, world, "mia").post(
        "/setup/team", form={"name": "A", "email": "a@b.fr", "role": "administrator"}
    )
    assert (answer.status_code, 'id="role-fault"' in answer.text) == (403, True)


def things(app: Flask, world: World, lines: str, **over: Any) -> Any:
    wish = {"model": world.models["tablet"], "lines": lines} | over
    return program(app, world, "mia").post("/setup/things", json=wish)


def loose(app: Flask, number: int) -> str:
    """A label printed ahead."""
    from app.db import writing

    with app.app_context(), writing() as s:
        s.add(GivenCode(code=codes.make("D", number), kind="D", made_at=NOW))
    return codes.make("D", number)


@pytest.mark.parametrize("between", [" ", "\t", ";", "\n"], ids=["blank", "tab", "semicolon", "new line"])
def test_a_label_stuck_on_ahead_stands_before_its_serial(app: Flask, world: World, between: str):
    code = loose(app, 77)
    for shown, serial in ((codes.grouped(code), "R52X1"),):
        made = things(app, world, f"{shown}{between}{serial}\nR52X2").json["items"]
        assert [(t["code"] == code, t["serial_number"]) for t in made] == [(True, "R52X1"), (False, "R52X2")]
    agrees(app)


def test_a_label_s_whole_address_is_read_too(app: Flask, world: World):
    code = loose(app, 78)
    assert things(app, world, f"HTTPS://PRET.EXAMPLE.ORG/E/{code}\nR52X3").json["items"][0]["code"] == code


@pytest.mark.parametrize(
    ("lines", "status", "error"),
    [
        ("", 422, "invalid"),
        ("\n \n;", 422, "invalid"),
        ("S1\nS2\ns-1", 422, "invalid"),
        ("DCLBTRXN", 422, "invalid"),
        ("DCLBTRXN\nDCLBTRXN\nS1", 422, "invalid"),
        ("S1\nDCLBTRXN S2", 409, "code_unknown"),
        ("S1\n" + "x" * 41, 422, "invalid"),
        ("\n".join(f"S{n}" for n in range(201)), 422, "invalid"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(app: Flask, world: World, lines: str, status: int, error: str):
    answer = things(app, world, lines)
    assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (status, error, ["lines"])
    with app.app_context():
        assert session().scalars(select(Device)).all() == []


def test_a_serial_that_is_there_already_names_its_line(app: Flask, world: World):
    with app.app_context():
        make_device(world, model="tablet", serial_number="R1")
    answer = things(app, world, "R0\nR1")
    assert (answer.status_code, answer.json["error"]) == (409, "serial_taken")
    assert answer.json["fields"]["lines"].startswith("Ligne 2")


def test_a_delivery_sent_twice_is_written_once(app: Flask, world: World):
    act = "5b0c1f7e-9f5d-4a53-8f7e-000000000002"
    first, second = (things(app, world, "R1\nR2", id=act) for _ in range(2))
    assert first.json == second.json
    with app.app_context():
        assert len(session().scalars(select(Device)).all()) == 2


def test_an_unknown_model_is_refused(app: Flask, world: World):
    assert list(things(app, world, "R1", model=10**9).json["fields"]) == ["model"]


def test_that_labels_came_out_right_is_an_act_of_the_centre(app: Flask, world: World):
    mia = program(app, world, "mia")
    assert not done(mia)["labels"]
    mia.post("/setup/labels", json={"medium": "L4736"})
    assert done(mia)["labels"]
    assert not done(program(app, world, "adam"))["labels"]
    with app.app_context():
        line = session().scalars(select(Act).where(Act.kind == "labels_fit")).one()
        assert (line.centre_id, line.author) == (world.centres["brebis"], world.people["mia"])
    agrees(app)


def test_specimens_are_said_to_be_such_and_the_line_to_change_it_stands_there(
    make_app: Any, settings: Any, world: World
):
    app = make_app(settings, public_url="http://localhost:5070")
    mia = person(app, world, "mia")
    with app.app_context():
        make_device(world)
    assert "spécimens" in _local(mia, "/setup/labels")
    page = _local(mia, "/setup/address")
    assert "export PUBLIC_URL=https://pret.example.org PROXIES=1" in page
    assert "export SMTP_URL=" in page


def _local(asker: Asker, path: str) -> str:
    return asker.client.get(path, base_url="http://localhost", headers={"Accept-Language": "fr"}).text


def test_a_trial_letter_is_written_to_oneself_when_letters_can_leave(make_app: Any, settings: Any, world: World):
    app = make_app(settings, smtp_url="smtp://127.0.0.1:1")
    mia = person(app, world, "mia")
    assert mia.post("/setup/address").status_code == 303
    assert "dans quelques secondes" in mia.get("/setup/address").text
    with app.app_context():
        assert session().scalars(select(Letter)).one().address == "mia@example.org"


def test_without_a_mail_server_no_trial_letter_is_written(app: Flask, world: World):
    answer = program(app, world, "mia").post("/setup/address", json={})
    assert (answer.status_code, answer.json["error"]) == (409, "no_mail")


def test_no_page_shows_the_mail_password_or_the_key(make_app: Any, settings: Any, world: World):
    app = make_app(settings, smtp_url="smtp://compte:motsecret@127.0.0.1:1")
    page = person(app, world, "mia").get("/setup/address").text
    assert "127.0.0.1" in page
    assert "motsecret" not in page
    assert "only for tests" not in page


def test_the_desk_reminds_those_who_may_finish_while_something_that_matters_is_open(app: Flask, world: World):
    with app.app_context():
        make_device(world)
    assert "Finir l’installation" in person(app, world, "mia").get("/").text
    assert "Finir l’installation" not in person(app, world, "ada").get("/").text
    program(app, world, "mia").post("/setup/labels", json={})
    assert "Finir l’installation" not in person(app, world, "mia").get("/").text


def test_a_stranger_signs_in_first_and_the_front_desk_is_not_let_in(app: Flask, world: World):
    assert anyone(app).get("/setup").location.startswith("/sign-in")
    assert person(app, world, "ada").get("/setup").status_code == 403
    assert person(app, world, "mia").get("/setup").status_code == 200


def test_later_leads_past_a_step_and_the_overview_calls_it_back(claire: Asker):
    claire.as_json = False
    claire.post("/setup/centre", form={"name": "Maison", "phone": "03", "open_days": "0"})
    assert 'href="/setup/model">Plus tard' in claire.get("/setup/team").text
    assert 'href="/setup/labels">Plus tard' in claire.get("/setup/model").text
    assert '<a class="act main" href="/setup/model">' in claire.get("/setup").text
