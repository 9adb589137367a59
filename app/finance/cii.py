"""Electronic invoices: UN/CEFACT Cross Industry Invoice (D16B, D22B), as Factur-X and ZUGFeRD 2 carry it.

Profiles: MINIMUM has totals alone, BASIC WL adds sums by rate of tax, BASIC and above have lines (EN 16931).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.errors import Refused
from app.finance.drafts import MOST_LINES, Draft, DraftLine, line_of, rounded, spread
from app.web.looks import money
from app.words import _, spoken

CREDIT_NOTES = {"381", "261", "262", "296", "308", "396", "420", "458", "532"}  # UNTDID 1001
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,12})?")  # an exponent would make a number of a million figures
_TOLD_ELSEWHERE = {"GROUP", "INFORMATION"}  # lines that only sum up or explain others (EXTENDED)


class Node:
    """A part of the document, asked by the names of elements whatever their namespace is called."""

    def __init__(self, element: Element | None) -> None:
        self._element = element

    def one(self, path: str) -> Node:
        found = None if self._element is None else self._element.find(_everywhere(path))
        return Node(found)

    def all(self, path: str) -> list[Node]:
        return [] if self._element is None else [Node(one) for one in self._element.findall(_everywhere(path))]

    def text(self, path: str = "") -> str:
        found = self.one(path)._element if path else self._element  # noqa: SLF001 - another of its own kind
        return " ".join((found.text or "").split())[:200] if found is not None else ""

    def number(self, path: str = "") -> Decimal | None:
        told = self.text(path)
        return Decimal(told) if _NUMBER.fullmatch(told) else None

    def cents(self, path: str = "") -> int | None:
        return rounded(self.number(path))

    def day(self, path: str) -> date | None:
        """`20261124`, format 102; `2026-11-24` too."""
        told = self.text(f"{path}/DateTimeString").replace("-", "")[:8]
        try:
            return date(int(told[:4]), int(told[4:6]), int(told[6:8]))
        except ValueError:
            return None

    def said(self, attribute: str) -> str:
        return "" if self._element is None else self._element.get(attribute, "")


def _everywhere(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


@dataclass(frozen=True)
class Item:
    """A line of it, or an allowance or charge of the whole, before its tax is known. `tax`: category and rate."""

    words: str
    quantity: Decimal
    net: int
    tax: tuple[str, Decimal]


def read(xml: bytes) -> Draft:
    """The draft an electronic invoice makes. Raises `Refused` (422) when it is none."""
    root = _root(xml)
    head, trade = root.one("ExchangedDocument"), root.one("SupplyChainTradeTransaction")
    settled = trade.one("ApplicableHeaderTradeSettlement")
    draft = _headed(head, trade, settled)
    if (currency := settled.text("InvoiceCurrencyCode")) not in {"", "EUR"}:
        draft.notes.append(
            _("It is in %(currency)s: type its amounts in euros, as your bank debited them.", currency=currency)
        )
        return draft
    sums = settled.one("SpecifiedTradeSettlementHeaderMonetarySummation")
    draft.grand_cents, draft.due_cents = sums.cents("GrandTotalAmount"), sums.cents("DuePayableAmount")
    draft.lines = _lines(trade, settled, sums, draft)
    _turn(draft)
    if draft.due_cents not in {None, draft.grand_cents}:
        draft.notes.append(_("It says that %(sum)s are left to pay.", sum=money(draft.due_cents or 0)))
    return draft


def _root(xml: bytes) -> Node:
    words: Any = _("This file is no electronic invoice that can be read here. Send a Factur-X PDF, or its XML.")
    try:
        found = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as odd:
        raise Refused("no_invoice_inside", words, status=422, fields={"file": words}) from odd
    if found.tag.rpartition("}")[2] != "CrossIndustryInvoice":
        raise Refused("no_invoice_inside", words, status=422, fields={"file": words})
    return Node(found)


def _headed(head: Node, trade: Node, settled: Node) -> Draft:
    period = settled.one("BillingSpecifiedPeriod")
    return Draft(
        kind="credit_note" if head.text("TypeCode") in CREDIT_NOTES else "invoice",
        supplier=trade.text("ApplicableHeaderTradeAgreement/SellerTradeParty/Name"),
        number=head.text("ID"),
        issued_on=head.day("IssueDateTime"),
        from_day=period.day("StartDateTime"),
        to_day=period.day("EndDateTime"),
    )


def _lines(trade: Node, settled: Node, sums: Node, draft: Draft) -> list[DraftLine]:
    """Its lines with what is taken off and added to the whole; without lines, its sums."""
    items = [item for node in trade.all("IncludedSupplyChainTradeLineItem") if (item := _item(node))]
    more = [item for item in (*_allowances(settled), *_charges(settled)) if item]
    if items and len(items) + len(more) <= MOST_LINES:
        return _taxed([*items, *more], settled.all("ApplicableTradeTax"))
    if items:
        draft.notes.append(
            _("It has %(n)s lines, more than fit here: they are summed up by rate of tax.", n=len(items))
        )
    else:
        draft.notes.append(_("It tells no lines, only sums: write down what was bought."))
    return _by_rate(settled) or _whole(sums)


def _item(node: Node) -> Item | None:
    if node.text("AssociatedDocumentLineDocument/LineStatusReasonCode") in _TOLD_ELSEWHERE:
        return None
    settled = node.one("SpecifiedLineTradeSettlement")
    net = settled.cents("SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
    if net is None:
        return None
    quantity = node.number("SpecifiedLineTradeDelivery/BilledQuantity")
    quantity = Decimal(1) if quantity is None else abs(quantity)
    return Item(node.text("SpecifiedTradeProduct/Name"), quantity, net, _tax(settled.one("ApplicableTradeTax")))


def _tax(node: Node) -> tuple[str, Decimal]:
    return node.text("CategoryCode"), (node.number("RateApplicablePercent") or Decimal(0)).normalize()


def _allowances(settled: Node) -> list[Item | None]:
    found: list[Item | None] = []
    for node in settled.all("SpecifiedTradeAllowanceCharge"):
        charge, cents = node.text("ChargeIndicator/Indicator") in {"true", "1"}, node.cents("ActualAmount")
        words = node.text("Reason") or spoken(_("Charge on the whole") if charge else _("Discount on the whole"))
        net = None if cents is None else cents if charge else -cents
        found.append(Item(words, Decimal(1), net, _tax(node.one("CategoryTradeTax"))) if net else None)
    return found


def _charges(settled: Node) -> list[Item | None]:
    found: list[Item | None] = []
    for node in settled.all("SpecifiedLogisticsServiceCharge"):
        words, net = node.text("Description") or spoken(_("Delivery")), node.cents("AppliedAmount")
        found.append(Item(words, Decimal(1), net, _tax(node.one("AppliedTradeTax"))) if net else None)
    return found


def _taxed(items: Sequence[Item], taxes: Sequence[Node]) -> list[DraftLine]:
    """The tax stands on the whole, by its rate: each line takes its part, so that the parts come to it."""
    vats = [rounded(Decimal(item.net) * item.tax[1] / 10_000) or 0 for item in items]
    for node in taxes:
        mine = [n for n, item in enumerate(items) if item.tax == _tax(node)]
        if (told := node.cents("CalculatedAmount")) is not None:
            parts = spread(told, [vats[n] for n in mine], [items[n].net for n in mine])
            for n, part in zip(mine, parts, strict=True):
                vats[n] = part
    return [line_of(one.words, one.quantity, one.net, vat) for one, vat in zip(items, vats, strict=True)]


def _by_rate(settled: Node) -> list[DraftLine]:
    found = []
    for node in settled.all("ApplicableTradeTax"):
        net, vat = node.cents("BasisAmount"), node.cents("CalculatedAmount")
        if net is not None and vat is not None:
            rate = f"{_tax(node)[1]:f}".replace(".", ",")
            found.append(line_of(spoken(_("Taxed at %(rate)s %%", rate=rate)), Decimal(1), net, vat))
    return found


def _whole(sums: Node) -> list[DraftLine]:
    """One line of it all."""
    net, gross = sums.cents("TaxBasisTotalAmount"), sums.cents("GrandTotalAmount")
    taxes = [one for one in sums.all("TaxTotalAmount") if one.said("currencyID") in {"", "EUR"}]
    vat = taxes[0].cents() if taxes else None
    if net is None or (vat is None and gross is None):
        return []
    return [line_of("", Decimal(1), net, vat if vat is not None else (gross or 0) - net)]


def _turn(draft: Draft) -> None:
    """A credit note is written as it prints its amounts: above zero, also where a program wrote them below."""
    if (draft.total_cents if draft.lines else draft.grand_cents or 0) >= 0:
        return
    draft.kind = "credit_note"
    draft.grand_cents = None if draft.grand_cents is None else -draft.grand_cents
    draft.due_cents = None if draft.due_cents is None else -draft.due_cents
    draft.lines = [DraftLine(one.words, one.quantity, -one.net_cents, -one.vat_cents) for one in draft.lines]
