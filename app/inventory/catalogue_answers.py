"""What programs are told of kinds of things, their fields, recalls, and the files of a thing."""

from __future__ import annotations

from datetime import datetime

from app.inputs import Answer
from app.inventory.attachments import Attachment
from app.inventory.details import CategoryField, fields_of
from app.inventory.models import Category
from app.inventory.recalls import Recall
from app.web.listing import ListAnswer


class FieldAnswer(Answer):
    id: int
    name: str
    kind: str
    choices: list[str]


class CategoryAnswer(Answer):
    code: str
    name_fr: str
    name_en: str
    icon: str
    loan_days: int
    lent_to: str
    gate: str
    checklist: list[str]
    wipe_steps: str | None
    fields: list[FieldAnswer]


class RecallAnswer(Answer):
    """A recall of a model; `lifted_at` is empty while it stands."""

    id: int
    model: int
    reason: str
    lifted_at: datetime | None


class FileAnswer(Answer):
    """A photo or document of a thing; `href` is where its bytes are."""

    id: int
    kind: str
    title: str
    media_type: str
    size: int
    stored_at: datetime
    href: str


Categories = ListAnswer[CategoryAnswer]
Files = ListAnswer[FileAnswer]


def category(row: Category) -> CategoryAnswer:
    names = ("code", "name_fr", "name_en", "icon", "loan_days", "lent_to", "gate", "wipe_steps")
    told = {name: getattr(row, name) for name in names}
    return CategoryAnswer(**told, checklist=row.checklist or [], fields=[field(one) for one in fields_of(row.code)])


def field(row: CategoryField) -> FieldAnswer:
    return FieldAnswer.model_validate(row)


def recall(row: Recall) -> RecallAnswer:
    return RecallAnswer(id=row.id, model=row.model_id, reason=row.reason, lifted_at=row.lifted_at)


def file(row: Attachment, href: str) -> FileAnswer:
    told = {"id": row.id, "kind": row.kind, "title": row.title, "href": href}
    stored = {"media_type": row.file.media_type, "size": row.file.size, "stored_at": row.file.stored_at}
    return FileAnswer(**told, **stored)
