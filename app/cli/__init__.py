"""Commands: `flask demo`, `create-admin`, `token`, `chores`, `doctor`, `backup`, `verify`, `import`, `serve` ..."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import files, jobs, mail, returned
from app.cli import backups, doctor, serving, verifying
from app.cli.bouncing import bounces
from app.cli.taking_over import take_over
from app.db import empty_log, one_moment, session, upgrade, writing
from app.demo import world
from app.errors import Busy
from app.finance import durability
from app.imports import tables
from app.inventory.devices import usual_categories
from app.lending import (
    agreements,
    complaints,
    condition_photos,
    forgetting,
    reminder_privacy,
    reminders,
    rereadings,
    reservations,
    waiting,
)
from app.people import secrets, staff
from app.people.models import Centre, Organisation, Person, Role, Token
from app.settings import Settings
from app.setup import keys
from app.times import now, today
from labels import codes

log = logging.getLogger(__name__)
EACH = 5.0  # seconds between two rounds of chores


def register(app: Flask) -> None:
    for command in (demo, create_admin, token, chores, bounces, check_up, backup, restore, verify, serve, take_over):
        app.cli.add_command(command)


def _settings() -> Settings:
    return current_app.config["SETTINGS"]  # type: ignore[no-any-return]


@click.command()
@click.option("--once", is_flag=True, help="Do nothing when people are already there.")
@with_appcontext
def demo(once: bool) -> None:
    """Fill an empty house with the demo world and print its accounts."""
    if not once and session().query(Person).count():
        raise click.ClickException("People are already here: the demo world wants an empty house.")
    click.echo(_demo_once())


def _demo_once() -> str:
    if not session().query(Person).count():
        world.make(at=now(), public_url=_settings().public_url, folder=_settings().instance)
    return world.accounts() if world.is_demo() else "People are already here: no demo world."


@click.command("create-admin")
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--organisation", default="", help="Your organisation, made if it is not there.")
@click.option("--centre", default="", help="A first centre, made if it is not there.")
@click.option("--phone", default="", help="The number printed on labels.")
@click.password_option()
@with_appcontext
def create_admin(email: str, name: str, organisation: str, centre: str, phone: str, password: str) -> None:
    """A first administrator, who is also manager of the first centre."""
    hashed = secrets.hashed(secrets.good_password(password, email=email))
    with writing() as s:
        usual_categories()
        person = staff.by_email(email) or Person(name=name, email=email.strip().lower())
        person.password = hashed
        person.roles.append(Role(kind="administrator"))
        s.add(person)
        if organisation and centre:
            person.roles.append(Role(kind="manager", centre_id=_centre(organisation, centre, phone).id))
    click.echo(f"{email} may sign in.")


def _centre(organisation: str, name: str, phone: str) -> Centre:
    s = session()
    owner = s.query(Organisation).filter_by(name=organisation).first()
    if owner is None:
        owner = Organisation(name=organisation, short_name=organisation[:20], kind="lead", phone=phone)
        s.add(owner)
        s.flush()
    found = s.query(Centre).filter_by(name=name).first()
    if found is None:
        count = s.query(Centre).count()
        found = Centre(name=name, organisation_id=owner.id, phone=phone, code=codes.make("L", count))
        s.add(found)
        s.flush()
    return found


@click.command()
@click.argument("email")
@click.option("--name", default="program")
@with_appcontext
def token(email: str, name: str) -> None:
    """A new token for a program that acts for this person. Shown once."""
    secret = secrets.new_token()
    person = staff.by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    with writing() as s:
        s.add(Token(person_id=person.id, token_hash=secrets.token_hash(secret), name=name, made_at=now()))
    click.echo(secret)


@click.command()
@click.option("--loop", is_flag=True, help="Go on, every few seconds, until stopped.")
@with_appcontext
def chores(loop: bool) -> None:
    """What the clock starts: letters, long work, tidying. Safe to run twice, or by two at once."""
    while True:
        for line in one_round(_settings()):
            click.echo(line)
        _daily()
        if not loop:
            return
        time.sleep(EACH)


def _daily() -> None:
    """Once a day: a backup, then what crashes left behind goes."""
    try:
        if said := backups.daily(_settings(), today()):
            click.echo(said)
            files.sweep(_settings().instance, at=now())
    except (click.ClickException, OSError) as trouble:
        log.warning("no backup today: %s", trouble)


def one_round(settings: Settings) -> list[str]:
    at, said = now(), []
    if reminded := reminders.remind_all(at=at):
        said.append(f"{reminded} households reminded")
    if sent := mail.deliver(settings.smtp_url, settings.mail_from, at=at):
        said.append(f"{sent} letters sent")
    if settings.bounces and (back := returned.read_box(settings.bounces, at=at)):
        said.append(f"{back} letters came back")
    while job := jobs.run_next(settings.instance, at=at):
        said.append(f"job {job.kind} {job.state}")
    with writing():
        complaints.let_go_outdated(day=today(), at=at)
        condition_photos.let_go_outdated(day=today(), at=at)
        files.destroy_outdated(settings.instance, at=at)
        agreements.destroy_outdated(day=today(), at=at)
        reminder_privacy.let_go_outdated(day=today())
        forgetting.destroy_outdated(settings.instance, at=at)
        rereadings.forget_outdated(at=at)
        tables.forget_outdated(at=at)
    with writing():
        reservations.let_pass(day=today(), at=at)
    with suppress(Busy), writing():  # it locks things of one model after another; the next round comes soon
        waiting.offer_free(day=today(), at=at)
    durability.follow_all(at=at)
    secrets.forget_attempts(at=at)
    empty_log()
    return said


@click.command("doctor")
@with_appcontext
def check_up() -> None:
    """Look at the installation: settings, database, versions. Fails when something must not stay."""
    faults = doctor.look(_settings())
    if faults:
        raise click.ClickException("\n".join(faults))
    click.echo("All is well.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """One file with the database and every stored byte, made while people work."""
    click.echo(backups.make(_settings(), file))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--force", is_flag=True, help="Replace what is there.")
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Bring a backup back into an empty house. Stop the web server first."""
    click.echo(backups.bring_back(_settings(), file, force=force))


@click.command()
@with_appcontext
def verify() -> None:
    """Prove that journal, custody, loans and files agree. Silent when they do; each fault is a line otherwise."""
    one_moment()  # an act done meanwhile is there with all its rows, or not at all
    faults = doctor.of_another_version() or list(verifying.all_faults(_settings()))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=5070)
@click.option("--workers", default=2)
@click.option("--demo", "with_demo", is_flag=True, help="Fill an empty house with the demo world first.")
@with_appcontext
def serve(host: str, port: int, workers: int, with_demo: bool) -> None:
    """Bring the database up to date, then serve, with the chores beside, until stopped."""
    upgrade()
    if with_demo:
        click.echo(_demo_once())
    if address := keys.address(_settings(), host, port):
        click.echo(f"Nobody has an account here yet. Make the first one here, the key works once:\n  {address}")
    serving.run(_settings(), host, port, workers)
