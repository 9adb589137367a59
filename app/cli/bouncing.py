"""`flask bounces < message`: for a mail server that hands over what comes back, message by message."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from app import returned
from app.times import now


@click.command()
@click.argument("message", type=click.File("rb"), default="-")
@with_appcontext
def bounces(message: BinaryIO) -> None:
    """Note a letter that another server could not bring. Any other mail is left alone, and is no fault."""
    letter = returned.note(message.read(returned.LARGEST + 1), at=now())
    click.echo(f"letter {letter.uuid} came back" if letter else "no letter of this house came back")
