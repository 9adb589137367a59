"""One line of a table of invoices, read: what it says of its invoice, and what of its own line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.finance import purse
from app.finance.cells import line_of, read_money, read_percent, read_whole, read_word
from app.finance.invoice_fields import KINDS, MEANS_OF
from app.finance.invoices_there import Key
from app.imports.kinds import Line, Step
from app.imports.texts import read_day
from app.people.roles import Me
from app.web.looks import money
from app.words import _, bare, fold


@dataclass
class Row:
    """`head`: what it says of the whole invoice; `told`: of its line; both by our fields, without what is empty."""

    step: Step
    payer: int
    head: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.payer, fold(self.head.get("supplier", "")), bare(self.head.get("number", ""))

    @property
    def is_numbered(self) -> bool:
        return bool(self.key[2])

    @property
    def cents(self) -> int:
        """What it comes to, tax included, as far as it says."""
        told = self.told
        found: int = told.get("gross_cents", told.get("net_cents", 0) + told.get("vat_cents", 0))
        return found


class Payers:
    """The organisations whose money this person keeps, by what a cell calls them; 0 is none of them."""

    def __init__(self, by: Me) -> None:
        mine = purse.payers(by)
        self._numbers = {one.id for one in mine}
        self._named = {fold(one.name): one.id for one in mine} | {fold(one.short_name): one.id for one in mine}
        self._only = mine[0].id if len(mine) == 1 else 0

    def read(self, step: Step) -> int:
        text, usual = step.line.says("payer"), step.line.says("usual_payer")
        if text:
            found = self._named.get(fold(text), 0)
            if not found:
                step.faults["payer"] = _("You keep the money of no organisation called “%(text)s”.", text=text[:40])
            return found
        found = int(usual) if usual and int(usual) in self._numbers else self._only
        if not found:
            step.faults["payer"] = _("Say which organisation paid.")
        return found


def title(line: Line) -> str:
    return " ".join(part for part in (line.says("supplier"), line.says("number"), line.says("words")) if part)


def key_of(line: Line) -> tuple[str, ...]:
    """Lines that share it are of one invoice."""
    payer = line.says("payer") or line.says("usual_payer")
    return fold(payer), fold(line_of(line.says("supplier"))), bare(line_of(line.says("number")))


def read(line: Line, payers: Payers) -> Row:
    step = Step(line, "new", title(line))
    row = Row(step, payers.read(step), _head(step), _line(step))
    _check_sum(row)
    return row


def _head(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {name: line_of(step.line.says(name)) for name in ("supplier", "number")}
    told |= {name: read_day(step, name) for name in ("issued_on", "from_day", "to_day", "paid_on")}
    told |= {"kind": read_word(step, "kind", KINDS), "means": read_word(step, "means", MEANS_OF)}
    told["vat_recoverable"] = read_percent(step, "vat_recoverable")
    told["operation"] = line_of(step.line.says("operation"))
    return _said(told)


def _line(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {name: line_of(step.line.says(name)) for name in ("words", "budget_line")}
    names = ("net_cents", "vat_cents", "gross_cents", "eligible_cents")
    told |= {name: read_money(step, name) for name in names} | {"quantity": read_whole(step, "quantity")}
    return _said(told)


def _said(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "")}


def _check_sum(row: Row) -> None:
    """Of the three amounts two are enough: the third is checked, or follows."""
    told = row.told
    net, vat, gross = (told.get(name) for name in ("net_cents", "vat_cents", "gross_cents"))
    if gross is None:
        return
    if net is not None and vat is not None and net + vat != gross:
        words = _("%(net)s and %(vat)s come to %(sum)s.", net=money(net), vat=money(vat), sum=money(net + vat))
        row.step.faults.setdefault("gross_cents", words)
    elif net is not None:
        told["vat_cents"] = gross - net
    elif vat is not None:
        told["net_cents"] = gross - vat
