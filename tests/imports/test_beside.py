"""What a register holds beside things: kits, supplies, SIM cards, the cards of models. A table brings them too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db import session
from app.imports.kinds import Step
from app.inventory import kits, sims, supplies
from app.inventory.kits import Kit
from app.inventory.models import DeviceModel
from app.inventory.sims import Sim
from app.inventory.stock_forms import ChangeSim, KitEnd, NewKit, NewSim, NewSupply, SupplyIn
from app.inventory.supplies import Supply, SupplyMove
from labels import codes
from tests.imports.test_programs import look
from tests.imports.test_register import counts, take_over, task_of, the
from tests.inventory.test_kits import make_kit
from tests.make import World, do, make_device

THINGS = "Nom;Marque;Modèle;Type;N° de série;Mallette;Code de la mallette\n"
KIT = codes.make("K", 77)
MODELS = "Marque;Modèle;Type;Référence du fabricant;Durée de prêt;Mises à jour de sécurité jusqu’au;Sécurité\n"
ICCID, OTHER = "8933150319100000013", "8933150319100000021"


def thing(number: int, kit: str = "", code: str = "") -> str:
    return f"Portable {number};Lenovo;ThinkPad L14;Portable;PF{number:02};{kit};{code}\n"


def only(world: World, text: str, who: str = "ada") -> Step:
    (step,) = look(world, task_of(world, text, "devices", who), who)
    return step


def in_kits() -> dict[str, list[str]]:
    session().expire_all()
    return {kit.name: [t.name for t in kits.things_of(kit)] for kit in session().scalars(select(Kit).order_by(Kit.id))}


def test_things_of_one_kit_come_into_one_new_kit_and_the_same_file_again_changes_nothing(inside: World):
    text = THINGS + thing(1, "Valise du jeudi") + thing(2, "VALISE du jeudi") + thing(3) + thing(4, "Autre", KIT)
    first = look(inside, task_of(inside, text, "devices"))[0]
    assert "Nouvelle mallette\xa0: Valise du jeudi" in [str(note) for note in first.notes]
    for kind in ("register", "devices"):
        expected = {"new": 4} if kind == "register" else {"same": 4}
        assert counts(take_over(inside, text, kind)) == expected
        assert in_kits() == {"Valise du jeudi": ["Portable 1", "Portable 2"], "Autre": ["Portable 4"]}
    assert counts(take_over(inside, text, "register")) == {"before": 4}
    assert session().scalars(select(Kit.code).where(Kit.name == "Autre")).one() == KIT


def test_a_thing_known_here_goes_from_one_kit_into_the_other_and_nothing_else_of_it_changes(inside: World):
    take_over(inside, THINGS + thing(1, "Ancienne"), "devices")
    step = only(inside, THINGS + thing(1, "Nouvelle"))
    assert [(c.old, c.new) for c in step.changes] == [("Ancienne", "Nouvelle")]
    assert counts(take_over(inside, THINGS + thing(1, "Nouvelle"), "devices")) == {"change": 1}
    assert in_kits() == {"Ancienne": [], "Nouvelle": ["Portable 1"]}
    assert counts(take_over(inside, THINGS + thing(1, "Nouvelle"), "devices")) == {"before": 1}
    assert only(inside, THINGS + thing(1)).what == "same", "an empty cell leaves it where it lies"


def test_a_kit_is_another_centres_or_no_more_or_bears_no_code_of_ours_and_the_line_says_so(inside: World):
    zoes, ended = do(kits.add, NewKit(name="De Zoé"), by=inside.me("zoe")), make_kit(inside, name="Finie")
    do(kits.end, KitEnd(), ended, by=inside.me())
    for code in (zoes.code, ended.code, "XYZ"):
        assert list(only(inside, THINGS + thing(1, "Nouvelle", code)).faults) == ["kit_code"]
    assert list(only(inside, THINGS + thing(1, "", KIT)).faults) == ["kit"]
    make_kit(inside, name="Pareille")
    make_kit(inside, name="Pareille")
    assert list(only(inside, THINGS + thing(1, "pareille")).faults) == ["kit"]


def test_one_code_is_one_kit_whatever_lines_call_it(inside: World):
    take_over(inside, THINGS + thing(1, "Une", KIT) + thing(2, "Autrement", KIT), "devices")
    assert in_kits() == {"Une": ["Portable 1", "Portable 2"]}


def test_what_is_never_lent_lies_in_no_kit(inside: World):
    session().get_one(DeviceModel, make_device(inside).model_id).category.lent_to = "never"
    session().commit()
    assert list(only(inside, THINGS + thing(1, "Valise")).faults) == ["kit"]


STOCK = "Fourniture;Que devient-elle ?;Combien il y en a;On compte en;Ce que le tout a coûté;Minimum\n"


def stock(world: World, name: str) -> tuple[int, int, int]:
    session().expire_all()
    row = supplies.stock_of(session().scalars(select(Supply).where(Supply.name == name)).one(), world.me())
    return row.on_hand, row.value_cents, row.minimum


def test_supplies_come_with_how_much_there_is_and_what_it_cost(inside: World):
    text = STOCK + "Filament noir;On la consomme;1,5;kg;36,00 €;500\nChargeurs 65 W;Elle sort et revient;12;pièces;;\n"
    text = text.replace(";500", ";0,5")
    assert counts(take_over(inside, text, "devices")) == {"new": 2}
    assert stock(inside, "Filament noir") == (1500, 3600, 500)
    assert stock(inside, "Chargeurs 65 W") == (12, 0, 0)
    kinds_of = dict(session().execute(select(Supply.name, Supply.kind)).all())
    assert kinds_of == {"Filament noir": "consumable", "Chargeurs 65 W": "accessory"}
    assert counts(take_over(inside, text, "devices")) == {"before": 2}
    assert counts(take_over(inside, "\n" + text, "register")) == {"same": 2}


def test_a_supply_that_is_there_is_counted_anew_and_its_minimum_set(inside: World):
    supply = do(supplies.add, NewSupply(name="Cartouches", minimum=2), by=inside.me())
    do(supplies.bring, SupplyIn(quantity=10, cost_cents=5000), supply, by=inside.me())
    text = STOCK + "CARTOUCHES;;8;;;3\n"
    assert [(c.old, c.new) for c in only(inside, text).changes] == [("10", "8"), ("2", "3")]
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    assert stock(inside, "Cartouches") == (8, 4000, 3)
    moves = session().scalars(select(SupplyMove.kind).order_by(SupplyMove.number)).all()
    assert moves == ["supply_in", "supply_count"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("Filament;;beaucoup;g;;", "on_hand"),
        ("Filament;;1,5;pièces;;", "on_hand"),
        ("Filament;;-3;g;;", "on_hand"),
        ("Filament;;1e9;g;;", "on_hand"),
        ("Filament;;NaN;g;;", "on_hand"),
        ("Filament;;9e999999;kg;;", "on_hand"),
        ("Filament;;1e999999999;g;;", "on_hand"),
        ("Filament;;3;g;-5 €;", "worth"),
        ("Filament;;3;toises;;", "unit"),
        ("Filament;;3;g;cher;", "worth"),
        ("Filament;;3;g;;peu", "minimum"),
        (";;3;g;;", "supply"),
    ],
)
def test_what_is_no_supply_is_a_fault_of_its_column(inside: World, line: str, column: str):
    assert list(only(inside, f"{STOCK}{line}\n").faults) == [column]


def test_an_unknown_unit_is_answered_with_those_there_are(inside: World):
    assert "g, kg, ml" in str(only(inside, STOCK + "Filament;;3;toises;;\n").faults["unit"])


def test_a_supply_counted_in_another_unit_here_is_a_fault(inside: World):
    do(supplies.add, NewSupply(name="Filament", unit="g"), by=inside.me())
    assert list(only(inside, STOCK + "Filament;;3;pièces;;\n").faults) == ["unit"]


@pytest.mark.parametrize(("head", "line"), [(STOCK, "Filament;;3;g;;"), ("Carte SIM;Opérateur", f"{ICCID};Orange")])
def test_each_centre_has_supplies_and_cards_of_its_own(inside: World, head: str, line: str):
    step = only(inside, f"{head.strip()};Centre\n{line};MQCV\n")
    assert (step.what, list(step.faults)) == ("fault", ["centre"])
    assert only(inside, f"{head.strip()};Centre\n{line};Cité des Brebis\n").what == "new"


SIMS = "Carte SIM;Opérateur;Le forfait finit le;Dans quel matériel;Note\n"


def card(number: str) -> Sim:
    session().expire_all()
    return session().scalars(select(Sim).where(Sim.iccid == number)).one()


def test_sim_cards_come_with_their_plan_and_the_thing_they_are_in(inside: World):
    device = make_device(inside, serial_number="R7")
    text = f"{SIMS}{ICCID[:4]} {ICCID[4:]};Orange;31/12/2026;R7;rayée\n{OTHER};Free;;;\n"
    assert counts(take_over(inside, text, "devices")) == {"new": 2}
    one = card(ICCID)
    facts = (one.operator, one.plan_ends_on, one.device_id, one.note)
    assert facts == ("Orange", date(2026, 12, 31), device.id, "rayée")
    assert counts(take_over(inside, text, "devices")) == {"before": 2}
    assert counts(take_over(inside, "\n" + text, "register")) == {"same": 2}


def test_a_card_that_is_there_changes_only_in_what_the_line_says_and_one_used_no_more_stays_so(inside: World):
    sim = do(sims.add, NewSim(iccid=ICCID, operator="Orange", note="rayée"), by=inside.me())
    do(sims.edit, ChangeSim(operator="Orange", note="rayée", ended=True), sim, by=inside.me())
    text = f"{SIMS}{ICCID};Free;;;\n"
    assert [(c.old, c.new) for c in only(inside, text).changes] == [("Orange", "Free")]
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    one = card(ICCID)
    assert (one.operator, one.note, one.ended_at is not None) == ("Free", "rayée", True)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("8933150319100000014;Orange;;;", "sim"),
        (";Orange;;;", "sim"),
        (f"{ICCID};;;;", "operator"),
        (f"{ICCID};Orange;demain;;", "plan_ends_on"),
        (f"{ICCID};Orange;;inconnu-7;", "inside"),
        (f"{ICCID};Orange;;{codes.make('D', 9)};", "inside"),
    ],
)
def test_what_is_no_card_is_a_fault_of_its_column(inside: World, line: str, column: str):
    assert list(only(inside, f"{SIMS}{line}\n").faults) == [column]


def test_another_centres_card_is_left_alone(inside: World):
    do(sims.add, NewSim(iccid=ICCID, operator="Orange"), by=inside.me("zoe"))
    assert list(only(inside, f"{SIMS}{ICCID};Free;;;\n").faults) == ["line"]


def test_a_table_of_models_brings_their_cards(inside: World):
    text = f"{MODELS}Fairphone;5;Tablette;FP5-1;30;31/12/2031;Ne pas plier\n"
    assert counts(take_over(inside, text, "devices")) == {"new": 1}
    model = session().scalars(select(DeviceModel).where(DeviceModel.name == "5")).one()
    told: Any = (model.number, model.loan_days, model.updates_until, model.safety)
    assert told == ("FP5-1", 30, date(2031, 12, 31), "Ne pas plier")
    assert counts(take_over(inside, "\n" + text, "devices")) == {"same": 1}


def test_the_card_of_a_model_that_is_there_is_changed_by_whoever_decides_that(inside: World):
    take_over(inside, f"{MODELS}Fairphone;5;Tablette;FP5-1;30;;\n", "devices")
    text = f"{MODELS}Fairphone;5;Portable;FP5-2;;;Chaud\n"
    step = only(inside, text)
    assert (step.what, step.changes) == ("same", [])
    assert "direction" in " ".join(map(str, step.notes))
    said = {str(c.words): (c.old, c.new) for c in only(inside, text, "mia").changes}
    assert said == {
        "Type": ("Tablettes", "Ordinateurs portables"),
        "Référence du fabricant": ("FP5-1", "FP5-2"),
        "Sécurité": ("", "Chaud"),
    }
    assert counts(take_over(inside, text, "devices", "mia")) == {"change": 1}
    session().expire_all()
    model = session().scalars(select(DeviceModel).where(DeviceModel.name == "5")).one()
    assert (model.category_code, model.number, model.loan_days, model.safety) == ("laptop", "FP5-2", 30, "Chaud")


def test_a_model_told_of_twice_is_no_slip(inside: World):
    text = f"{MODELS}Fairphone;5;Tablette;FP5-1;;;\nFairphone;5;Tablette;;30;;\n"
    assert counts(take_over(inside, text, "devices", "mia")) == {"new": 2}
    assert session().scalars(select(DeviceModel.number).where(DeviceModel.name == "5")).all() == ["FP5-1"]


@pytest.mark.parametrize(
    ("line", "column"),
    [("Fairphone;5;Tablette;;souvent;;", "loan_days"), ("Fairphone;5;Tablette;;;jamais;", "updates_until")],
)
def test_what_is_no_card_of_a_model_is_a_fault_of_its_column(inside: World, line: str, column: str):
    assert list(only(inside, f"{MODELS}{line}\n").faults) == [column]
    take_over(inside, f"{MODELS}Fairphone;5;Tablette;;;;\n", "devices")
    assert list(only(inside, f"{MODELS}{line}\n", "mia").faults) == [column], "of a model that is there too"


def test_a_line_that_fails_leaves_no_kit_behind(inside: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kits, "MOST", 1)
    report = take_over(inside, THINGS + thing(1, "Pleine") + thing(2, "Pleine") + thing(3, "Autre"), "devices")
    assert counts(report) == {"new": 2, "fault": 1}
    assert in_kits() == {"Pleine": ["Portable 1"], "Autre": ["Portable 3"]}
    assert the("PF01").link_number == 1
