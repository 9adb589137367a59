"""The condition of what a loan is about, out and back side by side, and the photos taken then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, url_for

from app import files, papers
from app.errors import NotThere, Refused
from app.history import Act
from app.inputs import Answer, Input
from app.inventory import received
from app.inventory.models import Device
from app.inventory.printed import Photo
from app.lending import condition, condition_photos, loans
from app.lending.answers import PointAnswer
from app.lending.condition import Row, Seen
from app.lending.condition_photos import Photos
from app.lending.models import LoanLine
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, file_answer, page, spoken
from app.web.listing import ListAnswer
from app.web.reading import sent_files
from app.words import _
from labels import codes

W = TypeVar("W", bound=Input)
T = TypeVar("T")
bp = Blueprint("condition", __name__)
FIELD = "photo."  # then the code of the thing


class SeenAnswer(Answer):
    """How a thing looked at a hand-over. `points`: those that are worn or damaged; `photos`: where each is served."""

    at: datetime
    condition: str
    missing: list[str]
    points: list[PointAnswer]
    photos: list[str]


class ConditionAnswer(Answer):
    """`back`: nothing while the thing is out, or when it did not come back."""

    device: str
    name: str
    out: SeenAnswer | None
    back: SeenAnswer | None


Conditions = ListAnswer[ConditionAnswer]


@bp.app_template_global()
def points_of(devices: Sequence[Device], form: Form[Any]) -> Mapping[str, Sequence[Row]]:
    """The points of these things as a form asks for them."""
    return condition.rows(devices, form.values.get("points"))


@bp.app_template_global()
def seen_of(lines: Sequence[LoanLine], way: str) -> Mapping[int, Seen]:
    return condition.of_lines(lines, way)


@bp.route("/loans/<uuid>/condition", methods=["GET"])
@door("households")
@spoken(gives=Conditions)
def show(uuid: str) -> AnswerType:
    loan = loans.get(uuid, me())
    out, back = condition.of_lines(loan.lines, "out"), condition.of_lines(loan.lines, "back")
    came = {line.id: back[line.id] for line in loan.lines if line.ending == "returned" and line.id in back}
    items = [_said(line, out.get(line.id), came.get(line.id)) for line in loan.lines]
    return page("lending/condition.html", answer=Conditions(items=items, next=None), loan=loan, out=out, back=came)


def _said(line: LoanLine, out: Seen | None, back: Seen | None) -> ConditionAnswer:
    device = line.device
    return ConditionAnswer(device=device.code, name=device.name, out=out and _seen(out), back=back and _seen(back))


def _seen(seen: Seen) -> SeenAnswer:
    return SeenAnswer(
        at=seen.event.at,
        condition=seen.item.condition,
        missing=seen.item.missing,
        points=[PointAnswer(**one) for one in seen.item.points or ()],
        photos=[url_for("condition.photo", uuid=seen.event.uuid, number=shot.id) for shot in seen.photos],
    )


@bp.route("/hand-overs/<uuid>/photos/<int:number>", methods=["GET"])
@door("households")
@spoken(media="image/jpeg")
def photo(uuid: str, number: int) -> AnswerType:
    row = condition_photos.get(uuid, number, me())
    path = files.path_of(settings().instance, row.file)
    if not path.exists():  # `flask verify` names it
        raise NotThere(_("This file is lost. Somebody who keeps the backups may have it."))
    return file_answer(path.read_bytes(), row.file.media_type, f"etat-{row.id}.jpg", inline=True)


def submit_shown(form: Form[W], rule: Callable[..., T], shown: Callable[..., T], again: Callable[[Act], T]) -> T | None:
    """Do this rule; with the photos that came beside the form, the other."""
    photos = None
    with form.looking():
        photos = sent_photos() if form.wish else None
    if photos and photos.by_code:
        return form.submit(shown, photos, by=me(), at=now(), again=again)
    return form.submit(rule, by=me(), at=now(), again=again)


def sent_photos() -> Photos:
    """Those in the parts `photo.<code>` of the form, drawn anew. Raises `Refused` beside the field."""
    chosen = sent_files(FIELD)
    if len(chosen) > condition_photos.MOST:
        words = _("%(n)s photos are the most at once.", n=condition_photos.MOST)
        raise Refused("too_many_files", words, fields={FIELD + chosen[-1][0]: words})
    found: dict[str, list[Photo]] = {}
    for name, content in chosen:
        photo = received.stored(content, papers.picture(content, field=FIELD + name), "hand_over")
        found.setdefault(codes.parse(name) or "", []).append(photo)
    return Photos(found)
