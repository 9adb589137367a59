"""The set-up goes on: models, first things, first labels, then the address people reach the house by."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, url_for

from app import mail
from app.errors import Refused
from app.inventory import answers as things_said
from app.inventory import deliveries, devices, printed, printing
from app.inventory.forms import Labels, LabelsFit, NewDevices, NewModel
from app.people import answers, secrets
from app.people.doors import door, insist, me, settings
from app.people.roles import Me
from app.setup import common
from app.setup.forms import TrialLetter
from app.times import now
from app.web import AnswerType, blank, done, page, read
from app.words import _, spoken

bp = Blueprint("stock", __name__)


@bp.route("/setup/model", methods=["GET", "POST"])
@door("people")
def model() -> AnswerType:
    insist("equip")
    form, there = read(NewModel), devices.models()
    if row := form.submit(devices.add_model, by=me(), at=now(), again=devices.model_of_act):
        return done(things_said.model(row), go=url_for("stock.model"), form=form)
    kinds = [(c.code, c.called) for c in devices.categories()]
    had = {(m.maker.name, m.name) for m in there}
    usual = [m for m in common.MODELS if (m.maker, m.name) not in had]
    return page("setup/model.html", form=form, models=there, usual=usual, kinds=kinds)


@bp.route("/setup/things", methods=["GET", "POST"])
@door("people")
def things() -> AnswerType:
    insist("equip")
    models = [(m.id, f"{m.maker.name} {m.name}") for m in devices.models()]
    form = read(NewDevices, model=models[-1][0] if len(models) == 1 else "")
    if made := form.submit(deliveries.add_several, by=me(), at=now(), again=deliveries.of_act):
        answer = things_said.NewDevicesAnswer(items=[things_said.device(d) for d in made])
        return done(answer, go=url_for("stock.labels"), form=form)
    return page("setup/things.html", form=form, models=models, here=deliveries.here(me(), 5))


@bp.route("/setup/labels", methods=["GET", "POST"])
@door("people")
def labels() -> AnswerType:
    """The sheet itself is drawn by the labels' own route; here somebody says that it came out right."""
    insist("label")
    form = read(LabelsFit)
    if form.submit(deliveries.say_fit, by=me(), at=now(), again=lambda act: act):
        return done(answers.Nothing(), go=url_for("setup.overview"), form=form)
    codes = [device.code for device in reversed(deliveries.here(me()))]
    medium = printed.usual_medium(me())
    return page(
        "setup/labels.html",
        form=form,
        sheet=blank(Labels, codes=codes, medium=medium, start_at=printed.next_place(me(), medium)),
        groups=printing.groups(),
        real=settings().labels_allowed,
        fit=deliveries.fit(me()),
    )


@bp.route("/setup/address", methods=["GET", "POST"])
@door("people")
def address() -> AnswerType:
    form = read(TrialLetter)
    if form.wish:
        with form.looking():
            secrets.throttle("trial", str(me().id), at=now(), tries=5)
    if form.submit(_write_trial, by=me(), at=now()):
        return done(answers.Nothing(), go=url_for("stock.address"))
    house = settings()
    return page(
        "setup/address.html",
        form=form,
        public=house.public_url,
        real=house.labels_allowed,
        server=urlsplit(house.smtp_url).hostname,
        sender=house.mail_from,
        trial=mail.last("trial", me().email),
    )


def _write_trial(_wish: TrialLetter, *, by: Me, at: datetime) -> mail.Letter:
    if not settings().smtp_url:
        raise Refused("no_mail", _("No mail server is named yet: set SMTP_URL first."))
    words = _("Hello %(name)s,\n\nthis letter shows that Va-et-vient can write to you.", name=by.name)
    return mail.put("trial", to=by.email, subject=spoken(_("Letters arrive")), words=spoken(words), at=at)
