"""The house: `create_app` wires the ground, then the wings, from one explicit list."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.db import db as database
from app.db import engine_options, prepare
from app.db.writing import MIGRATIONS
from app.desk import export_routes, import_routes, money_import_routes, move_routes, parts_routes, together_routes
from app.desk import routes as desk
from app.desk import scanner_routes as scanner
from app.finance import (
    asset_routes,
    budget_routes,
    claim_routes,
    dossier_routes,
    draft_routes,
    expense_routes,
    operation_routes,
    proof_routes,
    publicity_routes,
    purchase_routes,
    receipt_routes,
    register_routes,
    spot_check_routes,
    spot_sample_routes,
    table_routes,
)
from app.inventory import (
    arrival_routes,
    care_routes,
    catalogue_routes,
    fault_routes,
    file_routes,
    kit_routes,
    label_routes,
    stocktake_routes,
    supply_routes,
)
from app.inventory import routes as inventory
from app.lending import (
    booking_routes,
    complaint_routes,
    condition_routes,
    deposit_routes,
    ending_routes,
    extension_routes,
    ladder_routes,
    mending_routes,
    outing_routes,
    owed_routes,
    policy_routes,
    reminder_routes,
    rereading_routes,
    sheet_routes,
    signature_routes,
    summary_routes,
    typed_routes,
    waiting_routes,
    wording_routes,
)
from app.lending import routes as lending
from app.people import doors, household_routes, letter_routes, staff_routes
from app.people import routes as people
from app.portal import routes as portal
from app.privacy import routes as privacy
from app.privacy import split_routes
from app.settings import Settings
from app.setup import routes as setup
from app.setup import stock_routes
from app.web import faults, frame, guard, looks

WINGS = (
    people,
    staff_routes,
    household_routes,
    letter_routes,
    inventory,
    label_routes,
    care_routes,
    catalogue_routes,
    fault_routes,
    file_routes,
    arrival_routes,
    kit_routes,
    supply_routes,
    stocktake_routes,
    lending,
    reminder_routes,
    ladder_routes,
    booking_routes,
    outing_routes,
    waiting_routes,
    mending_routes,
    signature_routes,
    sheet_routes,
    typed_routes,
    summary_routes,
    rereading_routes,
    wording_routes,
    complaint_routes,
    condition_routes,
    deposit_routes,
    ending_routes,
    extension_routes,
    owed_routes,
    policy_routes,
    operation_routes,
    budget_routes,
    purchase_routes,
    expense_routes,
    draft_routes,
    proof_routes,
    asset_routes,
    receipt_routes,
    publicity_routes,
    register_routes,
    claim_routes,
    dossier_routes,
    spot_check_routes,
    spot_sample_routes,
    table_routes,
    desk,
    move_routes,
    together_routes,
    scanner,
    parts_routes,
    import_routes,
    money_import_routes,
    export_routes,
    portal,
    privacy,
    split_routes,
    setup,
    stock_routes,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The app, for these settings or for those of the environment. Raises `BadSetting` on nonsense."""
    settings = settings or Settings.from_env()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        TESTING=settings.testing,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, settings.busy_seconds),
        SESSION_COOKIE_NAME="__Host-said" if settings.secure else "said",  # carries “done” sentences, nothing else
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    _wire_ground(app, settings)
    _wire_wings(app, settings)
    return app


def _wire_ground(app: Flask, settings: Settings) -> None:
    database.init_app(app)
    Migrate(app, database, directory=str(MIGRATIONS))
    Babel(app, locale_selector=doors.language, default_locale="fr")
    with app.app_context():
        prepare(database.engine, settings.busy_seconds)
        database.engine.update_execution_options(journal_key=settings.secret_key)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]


def _wire_wings(app: Flask, settings: Settings) -> None:
    looks.register(app)
    faults.register(app)
    guard.register(app, secure=settings.secure)
    frame.register(app)
    doors.register(app)
    for wing in WINGS:
        app.register_blueprint(wing.bp)
    doors.check_all(app)
    cli.register(app)
