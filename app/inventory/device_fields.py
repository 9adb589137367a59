"""The columns of a table of things, by the headers of our own files and of the programs people come from."""

from __future__ import annotations

from collections.abc import Mapping

from app.imports.kinds import Field
from app.words import _, fold

# The headers, folded: ours first, then Snipe-IT, GLPI, Leihs, Homebox, Shelf (peers.md E), and what offices write.
CODE = Field("code", _("Code"), ("code", "code va-et-vient", "our code"))
NAME = Field(
    "name", _("Name"),
    ("name", "nom", "asset name", "nom actif", "nom de l'actif", "hb.name", "title", "item name",
     "designation", "libelle",
     "materiel", "objet", "appareil", "nom du materiel"),
)  # fmt: skip
MAKER = Field(
    "maker", _("Maker"),
    ("maker", "fabricant", "manufacturer", "hb.manufacturer", "marque", "brand", "constructeur"),
)  # fmt: skip
MODEL = Field(
    "model", _("Model"),
    ("model", "modele", "model name", "nom du modele", "assetmodel", "asset model", "product",
     "hb.model_number", "model no",
     "modele n°", "model n°", "model number", "reference"),
)  # fmt: skip
CATEGORY = Field(
    "category", _("Kind"),
    ("category", "categorie", "kind", "sorte", "genre", "type", "categories", "famille de materiel", "nature",
     "hb.tags", "hb.labels"),
)  # fmt: skip
SERIAL = Field(
    "serial_number", _("Serial number"),
    ("serial_number", "numero de serie", "serial number", "serial", "serie", "hb.serial_number",
     "n° de serie", "n° serie", "no serie",
     "num serie", "n/s", "s/n", "sn", "serial no"),
)  # fmt: skip
NO_SERIAL = Field(
    "no_serial_reason", _("Why there is no serial number"),
    ("no_serial_reason", "why there is no serial number", "pourquoi il n'y a pas de numero de serie"),
)  # fmt: skip
INVENTORY = Field(
    "inventory_number", _("Old inventory number"),
    ("inventory_number", "ancien n° d'inventaire", "ancien numero d'inventaire", "old inventory number", "asset tag",
     "numero d'inventaire",
     "etiquette de l'actif", "inventory_code", "inventory code", "inventory number", "hb.asset_id",
     "asset id", "n° inventaire",
     "n° d'inventaire", "inventaire"),
)  # fmt: skip
OWNER = Field(
    "owner", _("Owner"), ("owner", "proprietaire", "company", "compagnie", "appartient a", "entite", "entity")
)
PAYER = Field("payer", _("Paid by"), ("payer", "paye par", "paid by", "financeur"))
PROGRAMME = Field("programme", _("Programme"), ("programme", "programme europeen", "feder", "programming period"))
VALUE = Field(
    "stated_value_cents", _("Value"),
    ("value", "valeur", "valeur en euros", "purchase cost", "prix d'achat", "cost", "cout", "price",
     "initial price", "prix",
     "valuation", "hb.purchase_price", "prix ttc", "montant"),
)  # fmt: skip
ACQUIRED = Field(
    "acquired_on", _("Bought on"),
    ("acquired_on", "achete le", "bought on", "purchase date", "date d'achat", "purchased", "achete",
     "date of purchase",
     "invoice_date", "invoice date", "hb.purchase_date", "hb.purchase_time", "acquis le", "date d'acquisition"),
)  # fmt: skip
WARRANTY = Field(
    "warranty_until", _("Under warranty until"),
    ("warranty_until", "under warranty until", "sous garantie jusqu'au", "garantie jusqu'au", "fin de garantie",
     "warranty expires", "warranty expiration date", "date d'expiration de garantie", "hb.warranty_expires"),
)  # fmt: skip
NOTE = Field(
    "note", _("Note"),
    ("note", "notes", "asset notes", "notes biens", "commentaires", "comments", "commentaire", "hb.notes",
     "description",
     "hb.description", "remarque", "remarques", "observations"),
)  # fmt: skip
CENTRE = Field(
    "centre", _("Centre"),
    ("centre", "centre social", "location", "lieu", "hb.location", "site", "building", "structure",
     "emplacement", "localisation"),
)  # fmt: skip
STATE = Field("state", _("State"), ("status", "statut", "state", "etat", "condition", "situation"))
PARTS = Field(
    "parts", _("What goes with it"), ("parts", "what goes with it", "ce qui va avec", "accessoires", "accessories")
)
WITH = Field(
    "with_whom", _("With whom"),
    ("with_whom", "with whom", "chez qui", "confie a", "entrusted to", "reparateur", "repairer"),
)  # fmt: skip
UNTIL = Field(
    "due_on", _("Due back on"),
    ("due_on", "a rendre le", "due back on", "expected checkin date", "date de dissociation prevue", "retour prevu",
     "retour prevu le", "date de retour", "date de retour prevue", "jusqu'au", "until", "lended_until",
     "borrowed until", "due in",
     "au", "echeance"),
)  # fmt: skip
REPLACED = Field("replaced_by", _("Replaced by"), ("replaced_by", "replaced by", "remplace par", "remplacee par"))
KIT = Field("kit", _("Kit"), ("kit", "mallette", "valise", "nom de la mallette", "name of the kit"))
KIT_CODE = Field("kit_code", _("Code of the kit"), ("kit_code", "code of the kit", "code de la mallette"))
FIELDS = (
    CODE, NAME, MAKER, MODEL, CATEGORY, SERIAL, NO_SERIAL, INVENTORY, OWNER, PAYER, PROGRAMME, VALUE, ACQUIRED,
    WARRANTY, STATE, WITH, UNTIL, CENTRE, KIT, KIT_CODE, PARTS, NOTE, REPLACED,
)  # fmt: skip
IDENTITY = {"code", "name", "serial_number", "inventory_number"}  # without all of these a line tells of a model alone
# What a table of models says beside.
CARD = (
    Field("part_number", _("Part number"), ("part_number", "part number", "reference du fabricant"), _("Models")),
    Field(
        "loan_days", _("Usual length of a loan, in days"),
        ("loan_days", "usual length of a loan, in days", "duree habituelle d'un pret, en jours", "duree de pret"),
        _("Models"),
    ),
    Field(
        "updates_until", _("Security updates until"),
        ("updates_until", "security updates until", "mises a jour de securite jusqu'au", "eol date",
         "date de fin de vie"),
        _("Models"),
    ),
    Field("safety", _("Safety"), ("safety", "securite", "consignes de securite", "safety notes"), _("Models")),
)  # fmt: skip
MODELS = (MAKER, MODEL, CATEGORY, PARTS, *CARD)

# What a thing may be called in a cell: by category code.
CALLED: Mapping[str, tuple[str, ...]] = {
    "laptop": (
        "laptop",
        "ordinateur portable",
        "pc portable",
        "portable",
        "notebook",
        "ordinateur",
        "computer",
        "chromebook",
    ),
    "tablet": ("tablet", "tablette", "tablette tactile", "ipad", "android tablet"),
    "router": ("router", "routeur", "cle 4g", "4g router", "box 4g", "modem", "hotspot", "cle internet"),
    "printer3d": ("printer3d", "imprimante 3d", "3d printer"),
}
# States in which a thing may be lent: words of ours and of theirs. Whatever else a cell says keeps it here.
FREE = frozenset(
    fold(word) for word in (
        "available", "Libre", "Free", "Disponible", "En stock", "In stock", "Ready to Deploy",
        "Prêt à être déployé",
        "Déployable", "Deployable", "En service", "In use", "Bon", "Bon état", "Good", "Neuf", "New", "OK",
        "Très bon", "Bon etat",
        "Correct", "Usé", "Worn", "Fonctionne", "RAS", "Actif", "Active",
    )
)  # fmt: skip
OUT = frozenset(
    fold(word) for word in (
        "on_loan", "Prêté", "Prêtée", "En prêt", "On loan", "Sorti", "Sortie", "Deployed", "Déployé", "Lent",
        "Emprunté",
        "Checked out", "Dehors", "Chez l’habitant",
    )
)  # fmt: skip
TO_CHECK = frozenset(fold(word) for word in ("to_check", "À contrôler", "To check", "À vérifier"))
# Where a thing is or what became of it, in words of ours and of theirs: by what happened, as `movements` names it.
HAPPENED: Mapping[str, str] = {
    fold(word): what
    for what, words in {
        "bag": ("with_staff", "Dans un sac", "In a bag"),
        "outing": ("on_outing", "En sortie", "On an outing"),
        "partner": ("with_partner", "Chez un partenaire", "With a partner"),
        "repair": ("in_repair", "En réparation", "In repair", "En SAV"),
        "send": ("in_transit", "En route", "On its way"),
        "lost": ("lost", "Perdu", "Perdue", "Égaré", "Égarée", "Introuvable", "Missing"),
        "stolen": ("stolen", "Volé", "Volée"),
        "retire": ("retired", "Réformé", "Réformée", "Archived", "Archivé"),
    }.items()
    for word in words
}
