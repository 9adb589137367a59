"""The fuller cards of the demo world: fields of its own, ends of updates, a recall, photos, a warranty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from app import files, papers
from app.db import session
from app.demo import cast
from app.demo.house import House, Plan, Thing, do, number
from app.history.seals import digest
from app.inventory import attachments, catalogue, details, devices, own_fields, recalls
from app.inventory.catalogue_forms import AddFile, CategoryFacts, Detail, ModelFacts, NewField, RecallModel
from app.inventory.forms import DeviceFacts
from app.inventory.models import Device, DeviceModel
from app.inventory.printed import Photo

RECALLED = "ProBook 450 G7"
RECALL = "Rappel du constructeur : chargeur à échanger avant de prêter."
KINDS: dict[str, dict[str, str]] = {
    "laptop": {
        "checklist": "écran, clavier, pavé tactile, chargeur",
        "wipe_steps": "Demander si tout est sauvegardé.\nFermer les comptes, retirer clés USB et cartes.\n"
        "Lancer la réinitialisation, choisir « Tout supprimer ».\nDémarrer une fois pour vérifier.",
    },
    "tablet": {
        "checklist": "écran, coque, boutons, chargeur",
        "wipe_steps": "Demander si les photos sont sauvegardées.\nFermer les comptes Google, Samsung ou Apple.\n"
        "Retirer les cartes SIM et mémoire.\nRéinitialiser, puis démarrer une fois.",
    },
}
FIELDS = (
    ("laptop", "Système", "choice", "Windows 10, Windows 11, Linux Mint"),
    ("laptop", "Mémoire (Go)", "number", ""),
    ("router", "Opérateur", "text", ""),
)
SYSTEMS = {"ThinkPad L14": ("Windows 11", "16"), "TravelMate": ("Linux Mint", "8")}
ENDED, HOT = (
    date(2025, 10, 14),
    "La buse et le plateau brûlent : ne pas toucher pendant l’impression ni dix minutes après.",
)
MODELS: dict[str, dict[str, Any]] = {
    "TravelMate (reconditionné)": {"updates_until": ENDED},
    "iPad 8e génération": {"updates_until": date(2027, 9, 30)},
    "i3 MK3S+": {"safety": HOT},
    "Ender-3 V2": {"safety": HOT},
}


def cards(house: House, folder: Path | None) -> Plan:
    """What a coordination writes once, what a desk fills in, and what the maker writes this morning."""
    at, me = house.moment(210), house.me(cast.COORDINATION, cast.SEAT)
    for code, facts in KINDS.items():
        yield at, partial(_kind, me, code, facts, at=at)
    for name, facts in MODELS.items():
        yield at, partial(_model, me, name, facts, at=at)
    for n, field in enumerate(FIELDS):
        yield at + timedelta(minutes=n), partial(_field, me, field, at=at + timedelta(minutes=n))
    for n, short in enumerate(("ThinkPad L14", "ThinkPad L14", "TravelMate")):
        filled = house.moment(200 - n)
        yield filled, partial(_fill_in, house, short, n, at=filled)
    for centre in (cast.BREBIS, cast.BREBIS, cast.CITES):
        house.take(centre, RECALLED)  # in the store when the recall comes
    today = house.at - timedelta(minutes=50)
    yield today, partial(_recall, house.manager(cast.BREBIS), at=today)
    if folder:
        shown = house.moment(12)
        yield shown, partial(_show, house, house.take(cast.BREBIS, "Galaxy Tab A7"), folder, at=shown)


def _kind(me: Any, code: str, facts: dict[str, str], *, at: datetime) -> None:
    row = catalogue.category(code)
    wish = CategoryFacts(id=number("category", code), **(catalogue.facts_of(row) | facts))
    do(catalogue.edit_category, wish, row, by=me, at=at)


def _model(me: Any, name: str, facts: dict[str, Any], *, at: datetime) -> None:
    row = _known(name)
    told = {key: value for key, value in catalogue.facts_of_model(row).items() if value != ""}
    do(catalogue.edit_model, ModelFacts(id=number("model-edit", name), **(told | facts)), row, by=me, at=at)


def _known(name: str) -> DeviceModel:
    return session().scalars(select(DeviceModel).where(DeviceModel.name == name)).one()


def _field(me: Any, field: tuple[str, str, str, str], *, at: datetime) -> None:
    code, name, kind, choices = field
    wish = NewField.model_validate({"id": number("field", name), "name": name, "kind": kind, "choices": choices})
    do(own_fields.add_field, wish, catalogue.category(code), by=me, at=at)


def _fill_in(house: House, short: str, n: int, *, at: datetime) -> None:
    """The n-th thing of that model at Brebis says which system it runs, and how long it is under warranty."""
    me = house.desk(cast.BREBIS)
    mine = select(Device).where(Device.name.like(f"{short} n° %"), Device.centre_id == me.centre_id)
    device = session().scalars(mine.order_by(Device.id).offset(n)).first()
    if device is None:
        return
    fields = details.fields_of(device.model.category_code)
    said = [Detail(field=one.id, value=value) for one, value in zip(fields, SYSTEMS[short], strict=True)]
    wish = DeviceFacts(
        id=number("card", short, n),
        name=device.name,
        model=device.model_id,
        serial_number=device.serial_number or "",
        owner=device.owner_id,
        programme=device.programme,
        stated_value_cents=device.stated_value_cents,
        acquired_on=device.acquired_on,
        warranty_until=house.today + timedelta(days=60 * (n + 1)),
        details=said,
    )
    do(devices.edit, wish, device, by=me, at=at)


def _recall(me: Any, *, at: datetime) -> None:
    do(recalls.recall, RecallModel(id=number("recall", RECALLED), reason=RECALL), _known(RECALLED), by=me, at=at)


def _show(house: House, thing: Thing, folder: Path, *, at: datetime) -> None:
    """A photo of a scratch, and the sheet of the warranty."""
    me, device = house.desk(cast.BREBIS), devices.get(thing.code, house.desk(cast.BREBIS))
    shown = (("photo", "Rayure près du bouton", _photo()), ("document", "Garantie du fabricant", _sheet(thing)))
    for kind, title, content in shown:
        kept = papers.kept(content)
        file = files.write(folder, kept.content, kind="thing", media_type=kept.media_type, at=at)
        wish = AddFile.model_validate({"id": number("file", title), "kind": kind, "title": title})
        do(attachments.add, wish, device, Photo(digest(content), file), by=me, at=at)


def _photo() -> bytes:
    """A tablet on a table, drawn."""
    picture, out = Image.new("RGB", (1200, 900), "#b08d62"), BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((240, 130, 960, 770), 40, fill="#202326")
    draw.rectangle((290, 180, 910, 720), fill="#3d5a73")
    draw.ellipse((920, 430, 945, 455), fill="#4a4f55")
    draw.line((820, 240, 905, 330, 890, 350), fill="#d9dde0", width=5)
    picture.save(out, "PNG")
    return out.getvalue()


def _sheet(thing: Thing) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.drawString(72, 760, f"Garantie du fabricant, {thing.short} ({thing.code}) : exemple de démonstration.")
    canvas.save()
    return out.getvalue()
