"""Photos and documents that lie in an archive beside the tables: hung on their things, and looked at like any other."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from app import files, sheets
from app.cli.verifying import all_faults
from app.db import session
from app.imports.tables import TableImport
from app.inventory import attachments, devices
from app.sheets import Beside
from labels import codes
from tests.asking import person, program
from tests.desk.test_exports import taken_over
from tests.ground.test_papers import pdf
from tests.harness.saying import refused
from tests.imports.test_pages import bring, chores, start
from tests.inventory.test_attachments import photo
from tests.make import World, make_device

INDEX = "Photo ou document;Ce qu’on y voit;Code;Centre\n"
THINGS = "Code;Nom;Marque;Modèle;Type;N° de série\n"
CODE = codes.make("D", 4711)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"


def archive(lines: str, **beside: bytes) -> bytes:
    """`lines` of the table of photos; beside them a table of one new thing, and these files (`a__b` is `a/b`)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("materiel.csv", f"{THINGS}{CODE};Portable 1;Lenovo;ThinkPad L14;Portable;PF01\n")
        file.writestr("photos.csv", INDEX + lines)
        for name, content in beside.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def hung(world: World) -> list[tuple[str, str]]:
    session().expire_all()
    return [(row.kind, row.title) for row in attachments.of(devices.get(CODE, world.me()).id)]


def test_they_are_hung_on_a_thing_that_the_same_archive_brings_and_the_archive_is_let_go(app: Flask, world: World):
    ada = person(app, world)
    lines = f"photos/a;Rayure;{CODE};\ndocuments/f;Facture;{CODE};\ndocuments/g;;{CODE};\n"
    content = archive(lines, photos__a=photo().read(), documents__f=pdf(), documents__g=photo("blue").read())
    place = bring(ada, content, "devices", "registre.zip").location
    assert '<optgroup label="Photos et documents">' in ada.get(place).text
    assert "4 lignes" in ada.get(f"{place}/check").text
    start(app, ada, place)
    with app.app_context():
        row = session().query(TableImport).one()
        assert row.report == {"counts": {"new": 4}, "faults": [], "brought": []}
        assert hung(world) == [("photo", "Rayure"), ("document", "Facture"), ("document", "")]
        kept = files.path_of(app.config["SETTINGS"].instance, row.archive)
        assert kept.exists()
    chores(app)
    assert not kept.exists()
    with app.app_context():
        assert list(all_faults(app.config["SETTINGS"])) == []


@pytest.mark.parametrize(
    ("line", "content", "words"),
    [
        (f"photos/a;;{CODE};", SVG, "pas une photo"),
        (f"photos/a;;{CODE};", pdf(), "pas une photo"),
        (f"photos/a;;{CODE};", photo().read()[:700], "pas"),
        (f"documents/a;;{CODE};", b"%PDF-1.4 cut short", "pas"),
        (f"photos/b;;{CODE};", b"", "pas dans l’archive"),
        (f"../photos/a;;{CODE};", photo().read(), "pas dans l’archive"),
        ("photos/a;;D-0000-0000;", photo().read(), "pas un de nos codes"),
        (f"photos/a;;{codes.make('D', 9)};", photo().read(), "Aucun matériel"),
        (f";Rayure;{CODE};", photo().read(), "remplir"),
        (f"photos/a;{'x' * 101};{CODE};", photo().read(), "long"),
        (f"photos/a;;{CODE};MQCV", photo().read(), "MQCV"),
    ],
)
def test_what_cannot_be_hung_is_told_with_its_line_and_the_rest_is_there(
    app: Flask, world: World, tmp_path: Path, line: str, content: bytes, words: str
):
    told = archive(line + "\n", photos__a=content, documents__a=content)
    done = taken_over(app, told, "Cité des Brebis", tmp_path)
    assert words in done.output, done.output
    assert "fault: 1, new: 1" in done.output, done.output
    with app.app_context():
        assert hung(world) == []
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_dry_run_knows_the_things_that_the_archive_brings_and_misses_others(app: Flask, world: World):
    other = codes.make("D", 9)
    content = archive(f"photos/a;;{CODE};\nphotos/b;;{other};\n", photos__a=photo().read(), photos__b=photo().read())
    place = bring(person(app, world), content, "devices", "registre.zip").location
    counts = program(app, world).get(f"{place}/check").json["counts"]
    assert (counts["new"], counts["fault"]) == (2, 1)


def test_another_centres_thing_gets_no_photo(app: Flask, world: World, tmp_path: Path):
    with app.app_context():
        theirs = make_device(world, by="zoe").code
    done = taken_over(app, archive(f"photos/a;;{theirs};\n", photos__a=photo().read()), "Cité des Brebis", tmp_path)
    assert "MQCV s’occupe de ce matériel" in done.output or "MQCV" in done.output, done.output
    assert "fault: 1" in done.output


def test_files_named_in_a_table_that_is_no_archive_are_told_to_be_missing(app: Flask, world: World, tmp_path: Path):
    with app.app_context():
        code = make_device(world).code
    (file := tmp_path / "photos.csv").write_text(f"{INDEX}photos/a;;{code};\n")
    done = app.test_cli_runner().invoke(args=["import", "devices", str(file), "--centre", "Cité des Brebis"])
    assert "pas dans l’archive" in done.output, done.output


def test_a_photo_taken_off_since_is_not_hung_again_by_the_same_archive(app: Flask, world: World, tmp_path: Path):
    told = archive(f"photos/a;Rayure;{CODE};\n", photos__a=photo().read())
    taken_over(app, told, "Cité des Brebis", tmp_path)
    ada = person(app, world)
    with app.app_context():
        (row,) = attachments.of(devices.get(CODE, world.me()).id)
    ada.post(f"/devices/{CODE}/files/{row.id}/remove", form={})
    assert "before: 2" in taken_over(app, told, "Cité des Brebis", tmp_path).output
    with app.app_context():
        assert hung(world) == []


def test_a_part_that_unpacks_to_more_than_a_file_may_be_is_not_unpacked(tmp_path: Path):
    (file := tmp_path / "big.zip").write_bytes(archive("", photos__a=bytes(26 * 2**20)))
    with refused("too_large", "file"):
        Beside(file).read("photos/a")


def test_an_archive_too_large_for_the_web_is_taken_over_by_hand(app: Flask, world: World, tmp_path: Path):
    noise = b"".join(n.to_bytes(4, "big") for n in range(7 * 2**20))
    out = io.BytesIO(archive(f"photos/a;;{CODE};\n", photos__a=photo().read()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as file:
        file.writestr("documents/large", noise)
    with refused("too_large"):
        sheets.opened(out.getvalue())  # as the web does; a test client would leave its own copy open
    assert "new: 2" in taken_over(app, out.getvalue(), "Cité des Brebis", tmp_path).output
    with app.app_context():
        assert hung(world) == [("photo", "")]
