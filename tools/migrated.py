"""The migrations make what the models say, on an empty SQLite: `python tools/migrated.py`.

Alembic's own comparison, through the same env.py as every upgrade, so that what it leaves out is said in one place.
"""

import logging
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def main() -> int:
    import flask_migrate

    from app import create_app  # noqa: TID251 - a tool stands outside the house
    from app.db import upgrade
    from app.settings import Settings

    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(Settings.for_tests(instance=instance, database_url=f"sqlite:///{instance / 'empty.db'}"))
        with app.app_context():
            upgrade()
            flask_migrate.check(directory=str(ROOT / "migrations"))
            for engine in app.extensions["sqlalchemy"].engines.values():
                engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
