"""From devices to labels; the only place that knows the label library's drawing side."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.inventory.models import Device, GivenCode
from app.people.models import Organisation
from app.words import _
from labels import FUNDING, Label, LabelError, codes, render_pdf

IN_AN_ADDRESS = 200
SPECIMEN = "SPÉCIMEN, à ne pas coller"  # printed, like all of a label, in French


def sheet(wished: Sequence[str], *, medium: str, start_at: int, public_url: str, real: bool) -> bytes:
    """The PDF of these codes' labels. Raises `Refused` when a code is unknown or the sheet cannot be drawn.

    A label outlives the software: while the public address is not `real`, only specimens are drawn, and say so.
    """
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
    phone = federation_phone()
    contact = f"Si trouvé : {phone}" if phone else ""
    labels = [_label(n, devices.get(n), public_url, contact if real else SPECIMEN) for n in numbers]
    try:
        return render_pdf(labels, medium, start_at=start_at)
    except LabelError as wrong:
        words = _("These labels cannot be drawn: %(detail)s", detail=wrong.detail)
        raise Refused(wrong.code, words, status=422) from wrong


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


def _label(code: str, device: Device | None, public_url: str, contact: str) -> Label:
    url = codes.link(public_url, code)
    if device is None:
        return Label(code=code, url=url, contact=contact)
    return Label(
        code=code,
        url=url,
        name=device.name,
        owner=device.owner.name,
        contact=contact,
        funding=FUNDING[device.programme] if device.programme else None,
    )
