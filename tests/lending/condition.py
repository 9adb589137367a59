"""Things that left with a known fault and a photo, and came back with another of each."""

from __future__ import annotations

from pathlib import Path

from app import files
from app.inventory import faults
from app.inventory.fault_forms import EndFault, NoteFault
from app.inventory.printed import Photo
from app.lending import loans, returns
from app.lending.condition_photos import Photos
from app.lending.forms import Lend, TakeBack
from tests.make import NOW, TODAY, World, do, make_device, make_household


def fill(world: World, folder: Path) -> None:
    """Two faults of a thing, one of them mended; photos out and back; a point that was seen at the return."""
    device, home, me = make_device(world), make_household(world), world.me()
    for point in ("écran", "coque"):
        do(faults.add, NoteFault(point=point, note="rayure"), device, by=me)
    first = faults.known_of([device])[device.id][0].number
    do(faults.end, EndFault(), device, first, by=me)
    lend = Lend(household=home.code, devices=[device.code], due_on=TODAY.replace(year=2027))
    do(loans.lend_shown, lend, _shot(folder, device.code, "out"), by=me)
    seen = {"device": device.code, "point": "clavier", "grade": "damaged", "note": "touche E"}
    back = TakeBack(devices=[{"code": device.code}], points=[seen])
    do(returns.take_back_shown, back, _shot(folder, device.code, "back"), by=me)


def _shot(folder: Path, code: str, words: str) -> Photos:
    file = files.write(folder, words.encode(), kind="hand_over", media_type="image/jpeg", at=NOW)
    return Photos({code: [Photo(words, file)]})
