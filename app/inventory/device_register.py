"""What the register holds of the things, models and owners that some lines of a table tell of, looked up together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from app.db import ask, session
from app.imports.kinds import Line, Step
from app.inventory import kit_lines
from app.inventory.device_fields import CALLED
from app.inventory.models import Category, Device, DeviceModel, GivenCode, Maker
from app.inventory.own_columns import Extras
from app.people.models import Centre, Organisation, Person
from app.people.roles import Me
from app.words import _, bare, fold
from labels import codes

AT_ONCE = 500


class Register:
    """The part of the register that concerns these lines."""

    def __init__(self, lines: Sequence[Line], by: Me) -> None:
        self._by = by
        self._models: dict[tuple[str, str], DeviceModel] = {}
        self._named: dict[str, list[DeviceModel]] = {}
        self._made: dict[tuple[str, str], DeviceModel] = {}
        for model in session().scalars(select(DeviceModel)):
            self._models[model.maker.folded, fold(model.name)] = model
            for name in {fold(model.name), fold(model.number)} - {""}:
                self._named.setdefault(name, []).append(model)
        # Held here as rows, for whoever writes a thing down looks at its owner and payer.
        bodies = session().scalars(select(Organisation)).all()
        self._organisations = {fold(name): row for row in bodies for name in (row.short_name, row.name)}
        self._find_things(lines)
        self.extras = Extras(lines)
        self.kits = kit_lines.Known(by)

    @cached_property
    def _categories(self) -> dict[str, str]:
        return _categories(session().scalars(select(Category)).all())

    @cached_property
    def _centres(self) -> dict[str, Any]:
        centres = session().execute(select(Centre.id, Centre.name, Centre.code)).all()
        return {fold(name): row for row in centres for name in (row.name, row.code)}

    @cached_property
    def _colleagues(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in session().execute(select(Person.id, Person.name).where(Person.left_at.is_(None))):
            found.setdefault(fold(row.name), []).append(row.id)
        return found

    def _find_things(self, lines: Sequence[Line]) -> None:
        serials = {bare(line.says("serial_number")) for line in lines} - {""}
        numbers = {bare(line.says("inventory_number")) for line in lines} - {""}
        self._told = {code for line in lines if (code := codes.parse(line.says("code")))}
        given = self._told | {code for line in lines if (code := codes.parse(line.says("replaced_by")))}
        self._by_serial = _grouped(_some(_OF_SERIALS, serials), "serial_key")
        self._by_number = _grouped(_some(_OF_NUMBERS, numbers), "inventory_key")
        self._by_code: dict[str, Device] = {}
        for part in _parts(given):
            tied = select(GivenCode.code, Device).join(Device, Device.id == GivenCode.device_id)
            self._by_code |= {row.code: row.Device for row in session().execute(tied.where(GivenCode.code.in_(part)))}

    def knows(self, text: str) -> bool:
        """Whether a thing bears this code, or will by these lines; of other numbers that is seen when it is done."""
        code = codes.parse(text)
        return code is None or code in self._by_code or code in self._told

    def find(self, step: Step, plan: Any) -> None:
        """The thing that a line means: by its code, its maker's serial, or the number it bore before."""
        line = step.line
        plan.device = self._by_code.get(codes.parse(line.says("code")) or "")
        if plan.device is None:
            plan.device = self._bearing(step, plan)
        if plan.device is not None and plan.model is None and plan.new_model is None:
            plan.model = plan.device.model

    def _bearing(self, step: Step, plan: Any) -> Device | None:
        line, serial = step.line, bare(step.line.says("serial_number"))
        same = self._by_serial.get(serial, []) if serial else []
        if plan.model or plan.new_model:
            maker = plan.model.maker.folded if plan.model else fold(line.says("maker"))
            same = [device for device in same if device.model.maker.folded == maker]
        if len(same) == 1:
            return same[0]
        alike = self._by_number.get(bare(line.says("inventory_number")), []) if line.says("inventory_number") else []
        if line.do == "new" or not alike:
            return None
        code = codes.grouped(alike[0].code)
        if serial and alike[0].serial_key and alike[0].serial_key != serial:
            step.double = _(
                "%(code)s bears this old inventory number, with another serial number.",
                code=code,
            )
        else:
            step.double = _("%(code)s bears this old inventory number.", code=code)
        return alike[0]

    def model(self, maker: str, name: str) -> DeviceModel | None:
        """That maker's model; without a maker, the only model of that name or number."""
        if maker:
            made = self._models.get((fold(maker), fold(name)))
            return made or next((m for m in self._named.get(fold(name), []) if m.maker.folded == fold(maker)), None)
        found = self._named.get(fold(name), []) if name else []
        return found[0] if len(found) == 1 else None

    def model_now(self, maker: str, name: str) -> DeviceModel | None:
        """The same, asked anew: an earlier line may just have written it down, or been taken back."""
        if (made := self._made.get((maker, name))) is not None and made in session():
            return made
        query = select(DeviceModel).join(Maker).where(Maker.folded == fold(maker), DeviceModel.name == name)
        found = session().scalar(query)
        if found is not None:
            self._made[maker, name] = found
        return found

    def category(self, line: Line) -> str:
        return self._categories.get(_singular(line.says("category")), line.says("usual_category"))

    def organisation(self, text: str) -> int | None:
        found = self._organisations.get(fold(text)) if text else None
        return found.id if found else None

    @staticmethod
    def organisation_name(number: int) -> str:
        return session().get_one(Organisation, number).short_name

    def other_centre(self, text: str) -> str | None:
        """The name of another centre that this cell tells of. A cupboard is no centre."""
        found = self._another(text)
        return found.name if found else None

    def centre_to(self, text: str) -> str:
        """The code of another centre of that name; nothing when there is none."""
        found = self._another(text)
        return found.code if found else ""

    def _another(self, text: str) -> Any:
        found = self._centres.get(fold(text)) if text else None
        return found if found and found.id != self._by.centre_id else None

    def colleague(self, text: str) -> int:
        """The number of the only person of that name; 0 when that cannot be told."""
        found = self._colleagues.get(fold(text), []) if text else []
        return found[0] if len(found) == 1 else 0


def _categories(rows: Iterable[Category]) -> dict[str, str]:
    """Their names, one or several of them, and what else such things are called."""
    known: dict[str, str] = {}
    for row in rows:
        known |= {_singular(word): row.code for word in (row.code, row.name_fr, row.name_en, *CALLED.get(row.code, ()))}
    return known


def _singular(text: str) -> str:
    return " ".join(word.removesuffix("s").removesuffix("x") for word in fold(text).split())


_THESE: BindParameter[list[str]] = bindparam("these", expanding=True)
_OF_SERIALS = select(Device.id).where(Device.serial_key.in_(_THESE))
_OF_NUMBERS = select(Device.id).where(Device.inventory_key.in_(_THESE))


def _some(question: Select[int], wanted: set[str]) -> Iterable[Device]:
    """The things that bear one of these. Of a new table there is none, which the plain question tells at once."""
    for part in _parts(wanted):
        if found := [row.id for row in ask(question, these=part)]:
            yield from session().scalars(select(Device).where(Device.id.in_(found)).order_by(Device.id))


def _parts(wanted: set[str]) -> Iterable[list[str]]:
    words = sorted(wanted)
    return (words[first : first + AT_ONCE] for first in range(0, len(words), AT_ONCE))


def _grouped(found: Iterable[Device], key: str) -> dict[str, list[Device]]:
    groups: dict[str, list[Device]] = {}
    for device in found:
        groups.setdefault(getattr(device, key), []).append(device)
    return groups
