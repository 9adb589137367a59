"""What pages, tables and papers call the kinds of things that finance writes down."""

from __future__ import annotations

from collections.abc import Mapping

from app.words import Sentence, _

KINDS: Mapping[str, Sentence] = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "personnel": _("Personnel costs"),
}
PROOFS: Mapping[str, Sentence] = {
    "bank_statement": _("Bank statement that shows the debit"),
    "receipted_invoice": _("Invoice receipted by the supplier"),
    "certified_list": _("Certified list of paid expenses"),
}
PAPERS: Mapping[str, Sentence] = {
    "quote": _("Quote"),
    "order": _("Order form"),
    "delivery_note": _("Delivery note"),
    "invoice": _("Invoice"),
    "payment_proof": _("Proof of payment"),
    "payslip": _("Payslip or time sheet"),
    "other": _("Other paper"),
}
PIECES: Mapping[str, Sentence] = {
    "expense": _("Expense"),
    "flat_rate": _("Flat rate"),
    "correction": _("Correction"),
}
TREATMENTS: Mapping[str, Sentence] = {"fixed_asset": _("an asset"), "charge": _("a charge of the year")}
# How a thing was seen in a stock-take.
SEEN: Mapping[str, Sentence] = {
    "scan": _("its label was scanned"),
    "visit": _("seen at the borrower's"),
    "photo": _("on a photo"),
    "declared": _("only declared"),
}
# What tells the public of the Union's money.
PUBLICITY: Mapping[str, Sentence] = {
    "poster": _("Poster (A3)"),
    "display": _("Electronic display"),
    "plaque": _("Plaque"),
    "plaque_not_due": _("No plaque is due, by an answer"),
    "website": _("Description on the website"),
}
