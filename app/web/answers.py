"""Answers: the same one as a page for people or as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Response, flash, jsonify, redirect, request, send_file
from pydantic import BaseModel

from app.errors import Refused
from app.inputs import blunt_words
from app.web.folding import draw
from app.web.reading import Form, wants_json
from app.words import _, spoken

AGAIN = "again "  # before the address where a text can be changed, in the kind of what is said
AnswerType = Response | tuple[Response | str, int] | str


def page(
    template: str, *, form: Form[Any] | None = None, answer: BaseModel | None = None, **context: Any
) -> AnswerType:
    """Draw a page; or for a program, the form's faults, or the `answer` given. No accidental API: without one, 406."""
    status = form.status if form else 200
    if form:
        form.tell_programs()
    if wants_json():
        if answer is None:
            return refusal(Refused("not_acceptable", _("This address answers people only."), status=406))
        return _json(answer), status
    return draw(template, form=form, **context), status


Said = object | Callable[[], object]


def done(
    answer: BaseModel, *, go: str, say: Said = "", undo: str = "", form: Form[Any] | None = None, new: bool = False
) -> AnswerType:
    """The act is done: people go on to a page that says so and offers to undo, programs get the object.

    `say`: the sentence, or how to make it, as programs are not told. `new`: the act made the object, so a program is
    told 201 and where it stands; 200 when it only repeated itself.
    """
    if wants_json():
        response = _json(answer)
        response.status_code = 201 if new and not (form and form.repeated) else 200
        if new:
            response.headers["Location"] = go
        return response
    if say:
        flash(spoken(say() if callable(say) else say), undo or "said")
    if form and form.wish and (blunt := blunt_words(form.wish)):
        flash(spoken(_hint(blunt)), f"{AGAIN}{request.path if request.path.endswith('/edit') else go}")
    return redirect(go, 303)  # type: ignore[return-value]


def _hint(blunt: list[str]) -> object:
    said = ", ".join(blunt)
    return _("Read this again: “%(words)s”. Write nothing about health, money, faith or character.", words=said)


def refusal(no: Refused) -> tuple[Response, int]:
    """`{"error", "message", "fields"}`: the code for programs, the sentences in the reader's language."""
    body = {"error": no.code, "message": spoken(no.words), "fields": {k: spoken(v) for k, v in no.fields.items()}}
    return jsonify(body), no.status


def file_answer(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    response = Response(content, mimetype=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


def stored_answer(path: Path, media_type: str, name: str) -> Response:
    """A stored file to save, sent as it is read: an archive may be larger than memory."""
    return send_file(path, mimetype=media_type, as_attachment=True, download_name=name, etag=False)


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), mimetype="application/json")
