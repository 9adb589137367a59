"""The copy of a complaint names people: it hangs on the loan, is theirs, and goes with the agreement."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select

from app import files
from app.cli.verifying import all_faults
from app.db import session, writing
from app.inventory.printed import Photo
from app.lending import complaints, privacy, returns
from app.lending.complaints import AddComplaint, Complaint, RemoveComplaint
from app.lending.forms import TakeBack
from app.lending.models import Loan
from app.times import day_of, now
from tests.asking import person
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_device, make_household, make_loan

FORM = {"content_type": "multipart/form-data"}


def hang(app: Flask, world: World, loan: Loan, name: str = "a") -> Complaint:
    file = files.write(folder(app), name.encode(), kind="loan", media_type="image/jpeg", at=NOW)
    return do(complaints.add, AddComplaint(), loan, Photo(name, file), by=world.me())


def folder(app: Flask) -> Path:
    return app.config["SETTINGS"].instance


def test_a_copy_goes_when_the_agreement_of_its_loan_does(app: Flask, inside: World):
    home = make_household(inside)
    row = hang(app, inside, loan := make_loan(inside, device := make_device(inside), household=home))
    assert len(privacy.tell(home)["loans"][0]["complaints"]) == 1
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=inside.me())
    for years, there in ((4, True), (6, False)):
        later = NOW + timedelta(days=366 * years)
        with writing():
            complaints.let_go_outdated(day=day_of(later), at=later)
            files.destroy_outdated(folder(app), at=later + timedelta(minutes=1))
        assert bool(complaints.of_loan(loan)) is there
    assert fresh(row).file.destroyed_at is not None


def test_a_copy_on_the_wrong_loan_comes_off_and_its_bytes_follow(app: Flask, inside: World):
    loan = make_loan(inside)
    row = hang(app, inside, loan)
    do(complaints.remove, RemoveComplaint(), loan, row.id, by=inside.me())
    assert complaints.of_loan(loan) == []
    assert row.file.keep_until == NOW + timedelta(days=7)
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_ten_copies_are_the_most(app: Flask, inside: World):
    loan = make_loan(inside)
    for turn in range(complaints.MOST):
        hang(app, inside, loan, str(turn))
    with refused("too_many_files"):
        hang(app, inside, loan, "one too many")


def test_only_its_own_centre_sees_it(app: Flask, world: World):
    with app.app_context():
        at = f"/loans/{make_loan(world, at=now()).uuid}"
        other = f"/loans/{make_loan(world, at=now()).uuid}"
    ada, zoe = person(app, world, "ada"), person(app, world, "zoe")
    picture = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(picture, "PNG")
    sent = ada.post(f"{at}/complaints", form={"file": (BytesIO(picture.getvalue()), "plainte.png")}, **FORM)
    assert sent.location.endswith(at)
    with app.app_context():
        [number] = session().scalars(select(complaints.Complaint.id)).all()
    assert ada.get(f"{at}/complaints/{number}").data.startswith(b"\xff\xd8"), "drawn anew"
    assert f"/complaints/{number}" in ada.get(at).text
    assert zoe.get(f"{at}/complaints/{number}").status_code == 404
    assert ada.get(f"{other}/complaints/{number}").status_code == 404
    assert ada.post(f"{at}/complaints", form={}, **FORM).status_code == 422
