"""Photos and documents of a thing: only what they show is kept, and its door is the thing's."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app import files
from app.cli.verifying import all_faults
from app.db import session, writing
from app.errors import Refused
from app.inventory import attachments
from app.inventory.catalogue_forms import AddFile, LetFileGo, PutFileBack
from app.inventory.printed import Photo
from tests.asking import Asker, person, program, rows
from tests.ground.test_papers import pdf
from tests.make import NOW, World, do, make_device


def photo(colour: str = "red") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG", comment=b"secret")
    out.seek(0)
    return out


def send(who: Asker, code: str, content: BytesIO | bytes, name: str = "x.jpg", **words: str):
    file = BytesIO(content) if isinstance(content, bytes) else content
    kept = {"content_type": "multipart/form-data"}
    return who.post(f"/devices/{code}/files", form={"file": (file, name), "kind": "photo"} | words, **kept)


@pytest.fixture
def code(app: Flask, world: World) -> str:
    with app.app_context():
        return make_device(world).code


def test_a_photo_is_shown_on_the_card_without_what_its_file_told(app: Flask, world: World, code: str):
    ada = person(app, world)
    assert send(ada, code, photo(), title="Rayure").status_code == 303
    href = program(app, world).get(f"/devices/{code}/files").json["items"][0]["href"]
    assert href in ada.get(f"/devices/{code}").text
    shown = ada.get(href)
    assert (shown.mimetype, b"secret" in shown.data) == ("image/jpeg", False)
    assert shown.headers["Content-Disposition"].startswith("inline")


def test_a_pdf_is_only_ever_saved(app: Flask, world: World, code: str):
    send(person(app, world), code, pdf(), "facture.html", kind="document", title="Facture")
    saved = person(app, world, "alma").get(program(app, world).get(f"/devices/{code}/files").json["items"][0]["href"])
    assert (saved.mimetype, saved.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.data == pdf()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "photo"),
        (b"<html><script>alert(1)</script></html>", "x.pdf", "document"),
        (pdf(), "x.jpg", "photo"),
        (b"%PDF-1.7 sans fin", "x.pdf", "document"),
        (photo().getvalue()[:400], "x.jpg", "photo"),
        (b"", "x.jpg", "photo"),
    ],
    ids=["svg", "html", "pdf as photo", "half a pdf", "half a photo", "nothing"],
)
def test_what_is_not_kept_is_told_beside_the_field_and_changes_nothing(
    app: Flask, world: World, code: str, content: bytes, name: str, kind: str
):
    ada, before = person(app, world), rows(app)
    answer = send(ada, code, content, name, kind=kind, title="Ma photo")
    assert (answer.status_code, rows(app)) == (422, before)
    assert 'id="file-fault"' in answer.text
    assert "Ma photo" in answer.text


def test_what_is_taken_off_can_be_put_back_until_its_bytes_go(app: Flask, world: World):
    with app.app_context():
        folder, device, me = app.config["SETTINGS"].instance, make_device(world), world.me()
        sent = Photo("x", files.write(folder, b"photo", kind="thing", media_type="image/jpeg", at=NOW))
        row = do(attachments.add, AddFile(), device, sent, by=me)
        do(attachments.let_go, LetFileGo(), device, row.id, by=me)
        assert attachments.of(device.id) == []
        do(attachments.put_back, PutFileBack(), device, row.id, by=me)
        assert [one.id for one in attachments.of(device.id)] == [row.id]
        with writing():
            assert files.destroy_outdated(folder, at=NOW + timedelta(days=30)) == 0
        do(attachments.let_go, LetFileGo(), device, row.id, by=me)
        session().rollback()
        assert list(all_faults(app.config["SETTINGS"])) == []
        with writing():
            assert files.destroy_outdated(folder, at=NOW + timedelta(days=8)) == 1
        with pytest.raises(Refused) as no:
            do(attachments.put_back, PutFileBack(), device, row.id, by=me)
        assert no.value.code == "too_late_to_undo"
        session().rollback()
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_only_the_centre_that_has_the_thing_adds_and_takes_off(app: Flask, world: World, code: str):
    zoe = program(app, world, "zoe", as_json=True)
    assert send(zoe, code, photo()).json["error"] == "not_here"
    send(person(app, world), code, photo())
    number = program(app, world).get(f"/devices/{code}/files").json["items"][0]["id"]
    assert zoe.post(f"/devices/{code}/files/{number}/remove", json={}).json["error"] == "not_here"
    with app.app_context():
        other = make_device(world).code
    assert person(app, world).get(f"/devices/{other}/files/{number}").status_code == 404, "through its own thing alone"


def test_a_file_sent_twice_is_there_once(app: Flask, world: World, code: str):
    ada, words = person(app, world), {"id": "5ad4c5f4-5b3b-4ff5-9a4b-0f2f9b9d7c11"}
    for _turn in range(2):
        assert send(ada, code, photo(), **words).status_code == 303
    assert len(program(app, world).get(f"/devices/{code}/files").json["items"]) == 1


def test_a_card_holds_only_so_many(app: Flask, world: World, code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attachments, "MOST", 1)
    robot = program(app, world)
    assert send(robot, code, photo()).status_code == 200
    assert send(robot, code, photo("blue")).json["error"] == "too_many_files"
    assert len(robot.get(f"/devices/{code}/files").json["items"]) == 1
