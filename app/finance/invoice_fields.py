"""The columns of a table of invoices, by the headers of our own files and those that offices write."""

from __future__ import annotations

from app.finance.cells import Words
from app.imports.kinds import Field
from app.words import _

PAYER = Field(
    "payer", _("Paid by"), ("payer", "paye par", "paid by", "structure", "organisme", "organisation", "qui paie")
)
KIND = Field(
    "kind",
    _("Kind of expense"),
    ("kind", "kind of expense", "sorte de depense", "type", "type de piece", "nature de la piece"),
)
SUPPLIER = Field("supplier", _("Supplier"), ("supplier", "fournisseur", "emetteur", "tiers", "vendor", "prestataire"))
NUMBER = Field(
    "number", _("Number of the invoice"),
    ("number", "number of the invoice", "numero de la facture", "n° de facture", "n° facture", "numero de facture",
     "numero", "invoice number", "n° de piece", "facture n°", "facture", "reference", "invoice"),
)  # fmt: skip
DATE = Field(
    "issued_on", _("Date of the invoice"),
    ("issued_on", "date of the invoice", "date de la facture", "date de facture", "date facture", "date",
     "invoice date", "date d'emission"),
)  # fmt: skip
WORDS = Field(
    "words",
    _("What it is"),
    (
        "words",
        "what it is",
        "ce que c'est",
        "de quoi il s'agit",
        "designation",
        "libelle",
        "description",
        "objet",
        "intitule",
        "detail",
    ),
)
QUANTITY = Field("quantity", _("Quantity"), ("quantity", "quantite", "qte", "qty", "nombre"))
NET = Field(
    "net_cents", _("Amount without tax"),
    ("net", "amount without tax", "montant hors taxe", "ht", "montant ht", "total ht", "net amount",
     "montant hors taxes", "prix ht"),
)  # fmt: skip
VAT = Field(
    "vat_cents",
    _("Tax (VAT)"),
    ("vat", "tax (vat)", "tva", "taxe (tva)", "montant tva", "montant de la tva", "total tva", "tax"),
)
GROSS = Field(
    "gross_cents",
    _("Amount with tax"),
    (
        "gross",
        "amount with tax",
        "montant avec taxe",
        "ttc",
        "montant ttc",
        "total ttc",
        "montant toutes taxes comprises",
        "gross amount",
    ),
)
ELIGIBLE = Field(
    "eligible_cents",
    _("Eligible amount"),
    ("eligible", "eligible amount", "montant eligible", "part eligible", "eligibles"),
)
OPERATION = Field(
    "operation",
    _("Operation"),
    ("operation", "n° d'operation", "numero d'operation", "n° synergie", "dossier", "projet"),
)
LINE = Field(
    "budget_line",
    _("Budget line"),
    (
        "budget_line",
        "budget line",
        "ligne de depenses",
        "ligne budgetaire",
        "ligne de depense",
        "ligne",
        "code de la ligne",
        "imputation",
    ),
)
PAID_ON = Field(
    "paid_on",
    _("Debited on"),
    (
        "paid_on",
        "debited on",
        "debitee le",
        "date de paiement",
        "payee le",
        "date d'acquittement",
        "paid on",
        "date de debit",
        "debite le",
        "paye le",
        "acquittee le",
    ),
)
MEANS = Field(
    "means",
    _("Paid how"),
    ("means", "paid how", "payee comment", "moyen de paiement", "mode de paiement", "mode de reglement", "reglement"),
)
RECOVERABLE = Field(
    "vat_recoverable",
    _("Share of the tax that comes back"),
    (
        "vat_recoverable",
        "share of the tax that comes back",
        "part de la taxe recuperee",
        "tva recuperable",
        "part de tva recuperable",
        "taux de recuperation",
    ),
)
FROM = Field("from_day", _("Period from"), ("from_day", "period from", "periode du", "du", "debut de periode", "from"))
TO = Field("to_day", _("Period to"), ("to_day", "period to", "periode au", "au", "fin de periode", "to"))
FIELDS = (
    SUPPLIER, NUMBER, DATE, WORDS, QUANTITY, NET, VAT, GROSS, ELIGIBLE, LINE, OPERATION, PAID_ON, MEANS, RECOVERABLE,
    KIND, FROM, TO, PAYER,
)  # fmt: skip
KINDS = Words({
    "invoice": (_("Invoice"), ("invoice", "facture")),
    "credit_note": (_("Credit note"), ("credit_note", "credit note", "avoir", "note de credit", "facture d'avoir")),
    "personnel": (
        _("Personnel costs"),
        ("personnel", "personnel costs", "frais de personnel", "depenses de personnel", "salaires", "salaire", "paie",
         "bulletin de paie", "payslip"),
    ),
})  # fmt: skip
MEANS_OF = Words({
    "transfer": (_("Bank transfer"), ("transfer", "bank transfer", "virement", "virement bancaire", "vir")),
    "card": (_("Card"), ("card", "carte", "carte bancaire", "cb")),
    "cheque": (_("Cheque"), ("cheque", "check", "chq")),
    "direct_debit": (_("Direct debit"), ("direct_debit", "direct debit", "prelevement", "prelevement automatique")),
    "cash": (_("Cash"), ("cash", "especes", "liquide")),
    "payroll": (_("Payroll"), ("payroll", "paie", "salaires", "fiche de paie")),
})  # fmt: skip
