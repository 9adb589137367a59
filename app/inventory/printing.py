"""From devices to labels; the only place that knows the label library's drawing side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.inventory import programmes
from app.inventory.forms import Labels
from app.inventory.kits import Kit
from app.inventory.models import Device, GivenCode
from app.inventory.printed import Drawn, Words
from app.inventory.programmes import Period
from app.people.models import Organisation
from app.words import _, spoken
from labels import ROLLS, SHEETS, Calibration, Funding, Label, LabelError, Roll, Sheet, codes, media, render_pdf
from labels.svg import render_svg

IN_AN_ADDRESS = 200
SPECIMEN = "SPÉCIMEN, à ne pas coller"  # printed, like all of a label, in French


def sheet(wish: Labels, *, public_url: str, real: bool, calibration: Calibration | None = None) -> Drawn:
    """The PDF of these codes' labels, for a printer that needs this calibration.

    Raises `Refused` when a code is unknown or the sheet cannot be drawn.
    A label outlives the software: while the public address is not `real`, only specimens are drawn, and say so.
    """
    labels, devices = labels_of(wish.codes, public_url=public_url, real=real)
    with _refusing():
        pdf = render_pdf(labels, wish.medium, start_at=wish.start_at, calibration=calibration)
    said = [_words(thing, label) for label in labels if real and (thing := devices.get(label.code))]
    return Drawn(pdf, len(labels), said)


def preview(wish: Labels, *, public_url: str, real: bool) -> tuple[Markup, int, int]:
    """The first page as a picture, how many pages there are, and how many places stay free on the last one."""
    labels, _devices = labels_of(wish.codes, public_url=public_url, real=real)
    with _refusing():
        pages, rest = divmod(wish.start_at - 1 + len(labels), media(wish.medium).per_page)
        left = media(wish.medium).per_page - rest if rest else 0
        words = _("Preview: %(n)s labels from place %(start)s on.", n=len(labels), start=wish.start_at)
        picture = render_svg(labels, wish.medium, start_at=wish.start_at, title=spoken(words))
    return Markup(picture), pages + bool(rest), left  # noqa: S704 - the library escapes what labels say


def groups() -> list[tuple[Any, Sequence[Sheet | Roll]]]:
    """The media one may choose from, under their words."""
    return [(_("Sheets of A4"), SHEETS), (_("Rolls"), ROLLS)]


@contextmanager
def _refusing() -> Iterator[None]:
    """What the library cannot draw is refused in a sentence."""
    try:
        yield
    except LabelError as wrong:
        words = _("These labels cannot be drawn: %(detail)s", detail=wrong.detail)
        raise Refused(wrong.code, words, status=422) from wrong


def labels_of(wished: Sequence[str], *, public_url: str, real: bool) -> tuple[Sequence[Label], Mapping[str, Device]]:
    """The labels of these codes, and the things that bear them. Raises `Refused` (422) for a code nobody gave."""
    numbers = [codes.parse(text) or "" for text in wished]
    devices = {d.code: d for d in _devices(numbers)}
    loose = set(session().scalars(select(GivenCode.code).where(GivenCode.code.in_(numbers))))
    unknown = {
        f"codes.{i}": _("No thing bears this code.")
        for i, n in enumerate(numbers)
        if n not in devices and n not in loose
    }
    if unknown or not numbers:
        words = _("Choose the labels first.") if not numbers else _("No thing bears this code.")
        raise Refused("invalid", words, status=422, fields=unknown)
    contact = contact_of_all() if real else SPECIMEN
    named, periods = _kits(numbers), programmes.all_of()
    with _refusing():
        return [_label(n, devices.get(n) or named.get(n), public_url, contact, periods) for n in numbers], devices


def contact_of_all() -> str:
    """What every label says to whoever finds its thing."""
    phone = federation_phone()
    return f"Si trouvé : {phone}" if phone else ""


def federation_phone() -> str:
    """The number on every label and on the page a finder sees: it must outlive who owns what."""
    query = (
        select(Organisation.phone)
        .where(Organisation.phone != "")
        .order_by(Organisation.kind != "federation", Organisation.id)
    )
    return session().scalar(query.limit(1)) or ""


def _devices(numbers: Sequence[str]) -> Sequence[Device]:
    return session().scalars(select(Device).where(Device.code.in_(numbers))).all()


def _kits(numbers: Sequence[str]) -> Mapping[str, Kit]:
    return {kit.code: kit for kit in session().scalars(select(Kit).where(Kit.code.in_(numbers)))}


def _words(device: Device, label: Label) -> Words:
    statement = " ".join(label.funding.statement) if label.funding else ""
    return Words(device.id, label.code, device.owner.name, label.contact, statement)


def _label(
    code: str, thing: Device | Kit | None, public_url: str, contact: str, periods: Mapping[str, Period]
) -> Label:
    url = codes.link(public_url, code)
    if not isinstance(thing, Device):
        return Label(code=code, url=url, contact=contact, name=thing.name if thing else "")
    return Label(
        code=code,
        url=url,
        name=thing.name,
        owner=thing.owner.name,
        contact=contact,
        funding=Funding(periods[thing.programme].lines) if thing.programme else None,
    )
