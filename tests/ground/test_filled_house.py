"""The benchmarks' large house is written by the database itself: it says what the rules would have said."""

from pathlib import Path

from sqlalchemy import select, true

from app.db import Base, db, session, upgrade, writing
from app.inventory import search
from app.times import now
from benchmarks import pouring
from benchmarks.filling import Filling
from benchmarks.sides import KEY, house


def test_words_of_things_are_those_the_rules_write(tmp_path: Path) -> None:
    """The first things too, whose number may be that of their model."""
    app = house(f"sqlite:///{tmp_path / 'house.db'}", tmp_path)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            pouring.hurry(connection)
            with connection.begin():
                pouring.fill(connection, Filling(now(), KEY.encode(), 120, words=True))
        db.engine.dispose()
        filled = _words()
        with writing():
            search.index_where(true())
        assert len(filled) > 120 * 12
        assert _words() == filled


def _words() -> list[tuple[int, str]]:
    table = Base.metadata.tables["device_word"]
    rows = session().execute(select(table).order_by(table.c.device_id, table.c.word)).all()
    session().rollback()
    return [(row.device_id, row.word) for row in rows]
