"""Budget lines from a table, into one operation: written down when they are new, compared when they are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.errors import NotThere
from app.finance import budget, purse
from app.finance.cells import Words, as_money, line_of, read_money, read_percent, read_word, read_yes
from app.finance.forms import NewLine
from app.finance.models import BudgetLine, Operation
from app.imports import kinds
from app.imports.kinds import Field, Line, LineByLine, Step
from app.people.models import Organisation
from app.people.roles import Me
from app.sheets.writing import Cell
from app.web.looks import amount, typed
from app.words import _, fold, spoken

CODE = Field(
    "code", _("Code"), ("code", "line", "ligne", "code de la ligne", "n° de ligne", "numero", "ref", "reference")
)
HEADING = Field("heading", _("Heading"), ("heading", "poste", "poste de depense", "rubrique", "categorie"))
LABEL = Field(
    "label", _("What it is for"),
    ("label", "what it is for", "pour quoi", "a quoi elle sert", "libelle", "intitule", "designation", "nature",
     "depense"),
)  # fmt: skip
PLANNED = Field(
    "initial_cents", _("Planned amount"),
    ("planned", "planned amount", "montant prevu", "prevu", "montant", "amount", "budget", "cout prevu",
     "montant prevu en euros"),
)  # fmt: skip
RATE = Field(
    "flat_rate",
    _("Flat rate, in percent"),
    (
        "flat_rate",
        "flat rate, in percent",
        "forfait, en pourcent",
        "forfait, en pour cent",
        "taux forfaitaire",
        "flat rate",
        "forfait",
    ),
)
BASES = Field(
    "bases",
    _("Flat rate of lines"),
    ("bases", "flat rate of lines", "forfait sur les lignes", "lignes de base", "base"),
)
ASSETS = Field(
    "accepts_assets",
    _("Takes things"),
    ("accepts_assets", "takes things", "recoit du materiel", "accepte du materiel", "materiel"),
)
PACKAGES = Field(
    "packages",
    _("Work packages"),
    ("packages", "work packages", "axes de travail", "lots de travail", "lot", "wp", "axe", "axes", "actions"),
)
WHOSE = Field(
    "beneficiary",
    _("Whose line it is"),
    ("beneficiary", "whose line it is", "a qui est la ligne", "beneficiaire", "structure", "organisme", "partenaire"),
)
KEY = Field("funding_key", _("Funding key"), ("funding_key", "funding key", "cle de financement", "cle"))
WEIGHTS = Field("weights", _("Parts of the funders"), ("weights", "parts of the funders", "parts des financeurs"))
FIELDS = (CODE, HEADING, LABEL, PLANNED, RATE, BASES, ASSETS, PACKAGES, WHOSE, KEY, WEIGHTS)
KEYS = Words({
    "plan_prorata": (_("financing plan"), ("plan_prorata", "financing plan", "plan de financement", "plan", "prorata")),
    "beneficiary": (_("beneficiary"), ("beneficiary", "beneficiaire")),
    "explicit": (_("own key"), ("explicit", "own key", "cle propre")),
})  # fmt: skip
_INPUTS = {"weights": "weights", "bases": "bases"}
_PART = re.compile(r"\s*(\S+)\s*[:=]\s*(.+?)\s*")


@dataclass
class Plan:
    """The operation it goes into, and what the line says."""

    operation: Operation
    told: dict[str, Any] = field(default_factory=dict)


class BudgetLines(LineByLine):
    code, right = "budget_lines", "spend"
    of_centre = False
    weight = 10
    acts = ("line",)
    fields = FIELDS

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return [("code", line.says("code"))] if line.says("code") else []

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        steps = [Step(line, "same", f"{line.says('code')} {line.says('label')}".strip()) for line in lines]
        if not steps:
            return steps
        try:
            row = purse.operation(lines[0].says("usual_operation"), by)
        except NotThere as no:
            return [_faulty(step, no.words) for step in steps]
        if not purse.leads(row, by):
            words = _("The plan of this operation is kept by %(lead)s.", lead=row.lead.short_name)
            return [_faulty(step, words) for step in steps]
        return _looked(steps, row)

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        plan: Plan = step.plan
        kinds.act(budget.add, NewLine.model_validate(plan.told | {"id": ids("line")}), plan.operation, by=by, at=at)


def _faulty(step: Step, words: object) -> Step:
    step.what, step.faults["line"] = "fault", words
    return step


def _looked(steps: list[Step], row: Operation) -> list[Step]:
    """Each in its turn: a flat rate may be that of lines above it."""
    there, whose = {one.code: one for one in budget.of(row)}, _organisations()
    real = {one.code for one in there.values() if not one.is_flat}
    for step in steps:
        step.plan = plan = Plan(row, _read(step, whose))
        if line := there.get(step.line.says("code")):
            _compare(step, plan.told, line)
        else:
            _check_new(step, plan.told, real)
            step.what = "new"
            if not step.faults and plan.told.get("flat_rate") is None:
                real.add(plan.told["code"])
        step.what = "fault" if step.faults else step.what
    return steps


def _organisations() -> dict[str, Organisation]:
    every = purse.everybody()
    return {fold(one.name): one for one in every} | {fold(one.short_name): one for one in every}


def _read(step: Step, whose: Mapping[str, Organisation]) -> dict[str, Any]:
    """What its cells say, by our fields; nothing for an empty one."""
    line = step.line
    told: dict[str, Any] = {name: line_of(line.says(name)) for name in ("code", "heading", "label")}
    told |= {"initial_cents": read_money(step, "initial_cents"), "flat_rate": read_percent(step, "flat_rate") or None}
    told |= {"accepts_assets": read_yes(step, "accepts_assets"), "funding_key": read_word(step, "funding_key", KEYS)}
    told["packages"] = " ".join(re.split(r"[\s,/]+", line.says("packages").strip(" ,/")))
    told["bases"] = sorted(part for part in re.split(r"[\s,;/]+", line.says("bases")) if part)
    if text := line.says("beneficiary"):
        found = whose.get(fold(text))
        told["beneficiary"] = found.id if found else None
        if found is None:
            step.faults["beneficiary"] = _("No organisation of this house is called “%(text)s”.", text=text[:40])
    told["weights"] = _weights(step)
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _weights(step: Step) -> list[dict[str, Any]]:
    """`UE_FEDER: 60; REGION: 40`."""
    found: list[dict[str, Any]] = []
    for part in filter(str.strip, step.line.says("weights").split(";")):
        read = _PART.fullmatch(part)
        cents = as_money(read[2]) if read else None
        if read is None or cents is None or cents < 0:
            step.faults["weights"] = _("Write the parts like: UE_FEDER: 60; REGION: 40.")
            return []
        found.append({"funder": read[1], "weight": cents})
    return sorted(found, key=lambda one: one["funder"])


def _check_new(step: Step, told: dict[str, Any], real: set[str]) -> None:
    """What the rule would refuse is said before: it looks at the same wish."""
    kinds.checked(NewLine, told, step, _INPUTS)
    plan: Plan = step.plan
    unknown = [code for code in told.get("bases", []) if code not in real]
    if told.get("flat_rate") is None and "bases" in told:
        step.faults.setdefault("flat_rate", _("Write how many percent of these lines it is."))
    elif unknown or (told.get("flat_rate") is not None and "bases" not in told):
        words = _("A flat rate is a percentage of other lines that are paid as they cost. These stand above it.")
        step.faults.setdefault("bases", words)
    if told.get("funding_key") == "beneficiary" and "beneficiary" not in told:
        words = _("Say whose line it is: its own money completes that of the funders.")
        step.faults.setdefault("beneficiary", words)
    funders = {one.code for one in plan.operation.funders}
    weights = told.get("weights", [])
    if any(one["funder"] not in funders for one in weights):
        step.faults.setdefault("weights", _("The financing plan has no funder of this code."))
    elif told.get("funding_key") == "explicit" and not any(one["weight"] for one in weights):
        step.faults.setdefault("weights", _("Write down the part of at least one funder."))


def _compare(step: Step, told: Mapping[str, Any], line: BudgetLine) -> None:
    """A line that is there stays as it is; where the table says otherwise, that is told beside the cell."""
    there, shown = _facts(line), dict(zip((one.name for one in FIELDS), cells(line), strict=True))
    for one in FIELDS:
        if one.name in told and told[one.name] != there[one.name]:
            step.faults.setdefault(one.name, differs(shown[one.name]))


def differs(there: Cell) -> object:
    text = amount(round(there * 100)) if isinstance(there, float) else str(there if there not in {None, ""} else "—")
    return _("Here it is “%(there)s”. Write that, leave it empty, or correct it on its page.", there=text)


def _facts(line: BudgetLine) -> dict[str, Any]:
    names = {one.id: one.code for one in line.operation.funders}
    weights = [{"funder": names[one.funder_id], "weight": one.weight} for one in line.key_parts]
    return {
        "code": line.code,
        "heading": line.heading,
        "label": line.label,
        "initial_cents": line.initial_cents,
        "flat_rate": line.flat_rate,
        "bases": sorted(one.code for one in line.bases),
        "accepts_assets": line.accepts_assets,
        "packages": " ".join(line.packages),
        "beneficiary": line.beneficiary_id,
        "funding_key": line.funding_key,
        "weights": sorted(weights, key=lambda one: one["funder"]),
    }


def head() -> list[str]:
    return [spoken(one.words) for one in FIELDS]


def cells(line: BudgetLine) -> list[Cell]:
    """A line as a table of ours tells it, in the order of the fields."""
    facts = _facts(line)
    return [
        line.code,
        line.heading,
        line.label,
        line.initial_cents / 100,
        f"{typed(line.flat_rate)} %" if line.flat_rate is not None else None,
        " ".join(facts["bases"]),
        spoken(_("yes")) if line.accepts_assets else spoken(_("no")),
        facts["packages"],
        line.beneficiary.short_name if line.beneficiary else None,
        KEYS.told(line.funding_key),
        "; ".join(f"{one['funder']}: {typed(one['weight'])}" for one in facts["weights"]),
    ]


BUDGET_LINES = kinds.known(BudgetLines())
