"""Alembic's environment: one transaction for everything, guards dropped before and made anew after."""

from __future__ import annotations

from alembic import context
from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import Engine

from app.cli import backups
from app.db import WRITES, drop_guards, make_guards

config = context.config


def run() -> None:
    """Migrate in one transaction, so that a kill at any point leaves the old house or the new one."""
    engine = current_app.extensions["migrate"].db.engine
    copy_first(engine)
    target = current_app.extensions["migrate"].db.metadata
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as opened:
        connection = opened.execution_options(**WRITES)
        if sqlite:
            # A rebuilt table must not cascade; this pragma has no effect inside a transaction.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7521)")  # two servers starting at once
            drop_guards(connection)
            # Configured inside the transaction, so that Alembic leaves its end to us.
            context.configure(
                connection=connection,
                target_metadata=target,
                transactional_ddl=True,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
            make_guards(connection)
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"rows point to nothing after the migration: {broken[:5]}")
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def copy_first(engine: Engine) -> None:
    """A house that will change is backed up before; one that is new, or of this version, is not."""
    with engine.connect() as opened:
        version = MigrationContext.configure(opened).get_current_revision()
    newest = context.script.get_current_head()
    if version and newest and version != newest:
        backups.before(current_app.config["SETTINGS"], newest)


run()
