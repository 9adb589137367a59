"""The certificate of a wipe as one A4 page, after the sample of NIST SP 800-88: what, how far, with what, by whom."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from babel.dates import format_date
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from app.inventory.wipes import Proof
from app.times import day_of
from labels import codes
from labels.fonts import FOLDER as FONTS

_TEXT = "AtkinsonHyperlegible-Regular"
LEVELS = {"clear": "Clear (remise à zéro)", "purge": "Purge (effacement renforcé)", "destroy": "Destroy (destruction)"}
FILES = {
    "offered": "proposés à la personne avant l’effacement",
    "waited": "gardés le temps prévu, personne ne les a demandés",
}


def pdf(proof: Proof) -> bytes:
    """In French, as all papers of the house. The same wipe gives the same bytes."""
    pdfmetrics.registerFont(TTFont(_TEXT, str(FONTS / f"{_TEXT}.ttf")))
    body = ParagraphStyle("body", fontName=_TEXT, fontSize=11, leading=16)
    head = ParagraphStyle("head", parent=body, fontSize=18, leading=24)
    out = BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=20 * mm, bottomMargin=20 * mm,
        title="Certificat d’effacement", lang="fr", invariant=1,
    )  # fmt: skip
    rows = [[Paragraph(escape(name), body), Paragraph(escape(value), body)] for name, value in _lines(proof)]
    table = Table(rows, colWidths=[60 * mm, 110 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
    page.build(
        [
            Paragraph("Certificat d’effacement des données", head),
            Paragraph(escape(f"{proof.organisation}, {proof.centre}"), body),
            Spacer(1, 8 * mm),
            table,
            Spacer(1, 8 * mm),
            Paragraph("Niveaux d’après la norme NIST SP 800-88.", body),
        ]
    )
    return out.getvalue()


def _lines(proof: Proof) -> list[tuple[str, str]]:
    device, record, check = proof.device, proof.record, proof.check
    return [
        ("Matériel", f"{device.name}, {codes.grouped(device.code)}"),
        ("Modèle", f"{device.model.maker.name} {device.model.name}"),
        ("Numéro de série", device.serial_number or "aucun"),
        ("Niveau", LEVELS[record.level]),
        ("Méthode", check.method),
        ("Outil", record.tool or "celui de l’appareil"),
        ("Fichiers", FILES[record.files]),
        ("Comptes retirés", "oui" if record.accounts_out else "non"),
        ("Cartes SIM et mémoire retirées", "oui" if record.cards_out else "non"),
        ("Effacé par", f"{proof.by}, le {format_date(day_of(check.at), 'd MMMM y', locale='fr')}"),
        ("Vérifié par", proof.verified_by or "personne pour l’instant"),
        ("Résultat", "peut de nouveau être prêté" if check.result == "fit" else "n’est pas prêté pour l’instant"),
        ("Numéro", check_number(proof)),
    ]


def check_number(proof: Proof) -> str:
    return f"E-{proof.record.id}"
