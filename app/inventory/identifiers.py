"""The numbers a thing bears beside its serial: IMEI, SIM, MAC address, that of another house. Each of them finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Id, Ref, put, session, walk_one
from app.errors import Refused
from app.inventory import numbers
from app.inventory.catalogue_forms import Identifier
from app.inventory.models import Device
from app.words import _, bare
from labels import codes

_ALONE = text("kind IN ('imei', 'iccid', 'mac')")  # no two things bear the same


class DeviceIdentifier(Base):
    """A number of a thing as it is written, and the key it is found by."""

    __tablename__ = "device_identifier"
    __table_args__ = (
        UniqueConstraint("device_id", "kind", "key"),
        Index("uq_device_identifier_alone", "kind", "key", unique=True, sqlite_where=_ALONE, postgresql_where=_ALONE),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    kind: Mapped[str]
    value: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)


def write(device: Device, wished: Sequence[Identifier] | None) -> None:
    """Its numbers are these from now on; nothing said, they stay as they are. A refusal names the line."""
    if wished is None:
        return
    kept: set[tuple[str, str]] = set()
    session().execute(delete(DeviceIdentifier).where(DeviceIdentifier.device_id == device.id))
    for place, one in enumerate(wished):
        key = bare(one.value)
        if not key or (one.kind, key) in kept:
            continue
        _check_alone(one.kind, key, place)
        kept.add((one.kind, key))
        put(DeviceIdentifier(device_id=device.id, kind=one.kind, value=one.value, key=key))


def _check_alone(kind: str, key: str, place: int) -> None:
    if kind not in numbers.ALONE:
        return
    twin = select(Device.code).join(DeviceIdentifier, DeviceIdentifier.device_id == Device.id)
    other = session().scalar(twin.where(DeviceIdentifier.kind == kind, DeviceIdentifier.key == key))
    if other:
        words = _("This number is already on %(code)s.", code=codes.grouped(other))
        raise Refused("number_taken", words, fields={f"identifiers.{place}.value": words})


def bears(key: str) -> ColumnElement[bool]:
    """Of devices: those that bear this number."""
    return Device.id.in_(select(DeviceIdentifier.device_id).where(DeviceIdentifier.key == key))


def of(device_id: int) -> Sequence[DeviceIdentifier]:
    rows = select(DeviceIdentifier).where(DeviceIdentifier.device_id == device_id)
    return session().scalars(rows.order_by(DeviceIdentifier.id)).all()


def exported(things: Sequence[int]) -> Mapping[int, Sequence[tuple[str, str]]]:
    """For export: kind and number, by the number of the thing."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = select(DeviceIdentifier).where(DeviceIdentifier.device_id.in_(things)).order_by(DeviceIdentifier.id)
    for row in session().scalars(rows):
        found.setdefault(row.device_id, []).append((row.kind, row.value))
    return found


def check_identifiers() -> Iterator[str]:
    """Each number that is not found by what is written."""
    for row in walk_one(select(DeviceIdentifier)):
        if bare(row.value) != row.key:
            yield f"device_identifier {row.id}: it is not found by what is written"
