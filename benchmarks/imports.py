"""Lines of a table taken over a second, validated, with journal and index, beside their rows by plain executemany."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from app.db import sqlite_module
from benchmarks.sides import house
from benchmarks.table import Line, rate

COUNT, ROUNDS = 2000, 3
GATE, GOAL = 0.2, 0.4
TABLES = (  # parents first
    "maker",
    "device_model",
    "act",
    "device",
    "device_word",
    "known_word",
    "given_code",
    "custody_link",
    "act_link",
)
CENTRE = "Banc d’essai"
HEAD = "Nom;Marque;Modèle;Type;N° de série;N° inventaire;Acheté le;Valeur;Notes\n"


def table_of(count: int) -> bytes:
    lines = (
        f"Portable {n};Lenovo;ThinkPad L14;Portable;PF{n:06};INV-{n:05};15/10/2020;826,80;Sans souris\n"
        for n in range(count)
    )
    return (HEAD + "".join(lines)).encode("cp1252")


def measured(folder: Path) -> Iterator[Line]:
    """Each round begins with the same house of one centre, and nothing in it."""
    empty = folder / "import-empty.db"
    _found(empty, folder)
    rows = _written(_taken_over(empty, folder)[1])
    found: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        found[0].append(COUNT / _taken_over(empty, folder)[0])
        found[1].append(COUNT / _inserted(empty, folder, rows))
    yield rate("lines of a table taken over, against executemany of their rows", *found, GATE, GOAL)


def _found(file: Path, folder: Path) -> None:
    """A house with one centre and the usual kinds."""
    from app.db import session, upgrade, writing
    from app.inventory.devices import usual_categories
    from app.people.models import Centre, Organisation
    from labels import codes

    app = house(f"sqlite:///{file}", folder / "import")
    with app.app_context():
        upgrade()
        with writing() as s:
            owner = Organisation(name=CENTRE, short_name="Banc")
            s.add(owner)
            s.flush()
            s.add(Centre(name=CENTRE, organisation_id=owner.id, code=codes.make("L", 1)))
            usual_categories()
        session().rollback()


def _copied(file: Path, to: Path) -> Path:
    """With what still stands in its log."""
    for old in to.parent.glob(f"{to.name}*"):
        old.unlink()
    with closing(sqlite_module().connect(file)) as one, closing(sqlite_module().connect(to)) as other:
        one.backup(other)
    return to


def _taken_over(empty: Path, folder: Path) -> tuple[float, Path]:
    """Seconds from the bytes to the last commit, and the database afterwards."""
    from app import sheets
    from app.cli.taking_over import task_of, the_house_at
    from app.history.seals import digest
    from app.imports import running
    from app.times import now

    file = _copied(empty, folder / "import-ours.db")
    app, content = house(f"sqlite:///{file}", folder / "import"), table_of(COUNT)
    with app.app_context():
        by = the_house_at(CENTRE)
        began = time.perf_counter()
        report = running.run(task_of("devices", digest(content), sheets.opened(content), by), by=by, at=now)
        took = time.perf_counter() - began
    assert report.counts["new"] == COUNT, report
    return took, file


def _written(file: Path) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    with closing(sqlite_module().connect(file)) as line:
        return {table: line.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def _inserted(empty: Path, folder: Path, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> float:
    """Seconds to write the same rows into the same tables, with their indexes and guards, in one transaction."""
    file = _copied(empty, folder / "import-plain.db")
    line = sqlite_module().connect(file)
    line.execute("PRAGMA foreign_keys = ON")
    line.execute("PRAGMA synchronous = FULL")
    began = time.perf_counter()
    for table in TABLES:
        marks = ", ".join("?" * len(rows[table][0]))
        line.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
    line.commit()
    took = time.perf_counter() - began
    line.close()
    return took


if __name__ == "__main__":
    import tempfile

    from benchmarks.table import printed

    with tempfile.TemporaryDirectory(prefix="s4-imports-bench-") as place:
        print(printed(list(measured(Path(place)))))
