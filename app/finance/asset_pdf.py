"""The sheet that proves one thing, on paper: what proves it, what it cost and whose money that was, where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from reportlab.platypus import Flowable

from app.finance import asset_clocks, drawn, evidence
from app.finance.assets import Held
from app.finance.models import Operation
from app.inventory.models import Device
from app.inventory.states import LOOKS
from app.times import day_of
from app.web.looks import plain_date
from app.words import _, spoken
from labels import codes

MOST_STEPS = 500
MONEY = (140, 40)  # widths of a table of words and euros, mm


def of(row: Operation, one: Held, day: date, names: Mapping[int, str]) -> bytes:
    """`names`: where each paper lies beside the sheet, by its number."""
    content = [
        *_head(one, day),
        *_proofs(one, names),
        *_money(one),
        *_accounts(one, row),
        *_clocks(one),
        *_way(one.device),
        *_agreements(one.device),
    ]
    return drawn.document(one.device.name, content)


def _head(one: Held, day: date) -> Iterator[Flowable]:
    device = one.device
    yield drawn.heading(device.name)
    yield drawn.lines(
        [
            f"{device.model.maker.name} {device.model.name}",
            f"{codes.grouped(device.code)}, {device.serial_number or device.no_serial_reason or ''}",
            f"{spoken(_('Owner'))}\u00a0: {device.owner.name}",
            f"{spoken(LOOKS[device.state].word)}, {plain_date(day)}",
        ],
        10,
    )


def _section(words: object) -> list[Flowable]:
    return [drawn.gap(), drawn.heading(words, 12)]


def _proofs(one: Held, names: Mapping[int, str]) -> Iterator[Flowable]:
    yield from _section(_("From the order to today"))
    heads = (_("Proof"), _("What is known"), _("Papers"))
    rows = [
        (
            proof.title if proof.there else _("%(what)s: missing", what=proof.title),
            proof.words,
            drawn.lines([names.get(paper.id, "") for paper in proof.papers]),
        )
        for proof in evidence.of(one)
    ]
    yield drawn.table(heads, rows, (50, 65, 65))


def _money(one: Held) -> Iterator[Flowable]:
    yield from _section(_("Its price"))
    told = [(f"{asset.line.expense.supplier} {asset.line.expense.number}", asset.cost_cents) for asset in one.paid]
    yield _euros([*told, (_("Outside of any operation"), one.outside_cents)], one.cost_cents)
    yield from _section(_("Lines it is put down to"))
    lines = [(put.allocation.budget_line, put.cents) for put in one.put_down]
    named = [(f"{line.operation.number} {line.code} {line.label}", cents) for line, cents in lines]
    yield _euros(named, one.allocated_cents)
    yield from _section(_("Funders"))
    shares = one.shares
    yield _euros([(share.name, share.cents) for share in shares], sum(share.cents for share in shares))


def _euros(rows: Sequence[tuple[object, int]], total: int) -> Flowable:
    told = [*rows, (_("Total"), total)]
    return drawn.table(("", _("In euros")), [(words, cents / 100) for words, cents in told], MONEY)


def _accounts(one: Held, row: Operation) -> Iterator[Flowable]:
    years = one.years(row.basis)
    if years:
        yield from _section(_("In the accounts"))
        heads = (_("Year"), _("Charge (6811)"), _("Grants released"), _("In account"), _("Left on 31 December"))
        told = [
            (str(y.year), y.charge_cents / 100, y.released_cents / 100, y.released_in, y.book_value_cents / 100)
            for y in years
        ]
        yield drawn.table(heads, told, (30, 40, 40, 30, 40))


def _clocks(one: Held) -> Iterator[Flowable]:
    yield from _section(_("Until when"))
    unknown = _("unknown, to be entered")
    rows = [(c.title, plain_date(c.until) if c.until else unknown, c.rule) for c in asset_clocks.of(one)]
    yield drawn.table((_("Clock"), _("Until"), _("Rule")), rows, (60, 45, 75))


def _way(device: Device) -> Iterator[Flowable]:
    yield from _section(_("Where it was"))
    rows = [
        (str(step.number), plain_date(day_of(step.at)), step.look.word, step.place, step.agreement)
        for step in evidence.way_of(device, MOST_STEPS)
    ]
    heads = (_("Step"), _("Since"), _("State"), _("Place"), _("Agreement"))
    yield drawn.table(heads, rows, (15, 40, 30, 65, 30))


def _agreements(device: Device) -> Iterator[Flowable]:
    rows = [(one.number, plain_date(one.lent_on), one.sha256) for one in evidence.agreements_of([device.id])]
    if rows:
        yield from _section(_("Agreements, by their SHA-256"))
        yield drawn.table((_("Agreement"), _("Lent on"), "SHA-256"), rows, (30, 40, 110))
