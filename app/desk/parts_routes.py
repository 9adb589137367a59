"""The page that shows every part in every state: what a page is made of, and where one looks when a part changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from re import findall
from typing import Literal

from flask import Blueprint, current_app

from app.inputs import Act, Day, DeviceCode, Line, Text
from app.inventory import printing
from app.inventory.forms import Labels
from app.inventory.states import HELD, LATE, LOOKS
from app.people.doors import door
from app.web import AnswerType, Form, blank, page
from app.web.guard import with_camera
from app.web.looks import tongue
from app.words import LANGUAGES

bp = Blueprint("parts", __name__)


class Shown(Act):
    """One field of each kind, some filled in wrong. Nobody sends it."""

    name: Line = ""
    note: Text = ""
    condition: Literal["good", "worn", "damaged", "incomplete"] = "good"
    language: Literal["fr", "en"] = "fr"
    due_on: Day
    code: DeviceCode
    outcome: Literal["fit", "unfit"]


SENT = {"name": "Jeanine Wattelet-Test", "due_on": "24/10/2026", "code": "DCLB TRXH", "outcome": "?"}


@bp.route("/parts", methods=["GET"])
@door("staff")
@with_camera
def show() -> AnswerType:
    return page(
        "desk/parts.html",
        tried=Form(Shown, SENT | {"condition": "good", "language": "fr"}, sent=True),
        model="Galaxy Tab A7",
        languages=[(tag, tongue(tag)) for tag in LANGUAGES],
        sheet=blank(Labels, medium="L7160", start_at=1),
        groups=printing.groups(),
        states=[*LOOKS.items(), ("late", LATE), ("held", HELD)],
        icons=icons(current_app.root_path),
    )


@cache
def icons(root: str) -> list[str]:
    """The names of the house's own pictures."""
    return findall(r'<symbol id="i-([^"]+)"', Path(root, "static", "icons.svg").read_text(encoding="utf-8"))
