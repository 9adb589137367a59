"""A centre's own table: its things, its people and what is out already, taken over by the rules of everyday acts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.db import session
from app.history import Act
from app.imports import running
from app.imports.running import SLICE, Report
from app.inventory import care, places
from app.inventory.models import CustodyLink, Device, DeviceModel
from app.inventory.states import LOOKS
from app.lending.models import Loan
from app.people.models import Household
from app.words import fold
from labels import codes
from tests.asking import rows
from tests.imports.test_programs import lines, look
from tests.make import NOW, World, make_device, make_household, make_loan

HEAD = "Matériel;Marque;Modèle;Type;N° de série;Emprunteur;Téléphone;Depuis;Jusqu’au;Statut\n"
OUT = HEAD + "Portable 1;Lenovo;ThinkPad L14;Portable;PF01;Léa Morel-Test;06 39 98 20 01;05/10/2026;04/01/2027;Prêté\n"
FREE = "Portable 2;Lenovo;ThinkPad L14;Portable;PF02;;;;;Disponible\n"
BROKEN = "Portable 3;Lenovo;ThinkPad L14;Portable;PF03;;;;;En panne\n"


def task_of(world: World, text: str, kind: str = "register", who: str = "ada") -> Any:
    task = lines(text.encode(), kind)
    return running.Task(task.kind, task.lines, "of the file", world.me(who).centre_id)


def take_over(world: World, text: str, kind: str = "register", who: str = "ada") -> Report:
    return running.run(task_of(world, text, kind, who), by=world.me(who), at=lambda: NOW)


def kept(app: Any) -> dict[str, int]:
    """How many rows there are; the sessions that `world.me` begins left out."""
    return {table: n for table, n in rows(app).items() if table != "sign_in"}


def counts(report: Report) -> dict[str, int]:
    return {name: n for name, n in report.counts.items() if n}


def the(serial: str) -> Device:
    session().expire_all()
    return session().scalars(select(Device).where(Device.serial_number == serial)).one()


def test_nothing_that_is_out_already_looks_free_on_day_one(inside: World):
    assert counts(take_over(inside, OUT + FREE + BROKEN)) == {"new": 3, "lent": 1}
    loan = session().scalars(select(Loan)).one()
    assert (loan.household.name, loan.household.identity.contact) == ("Léa Morel-Test", "0639982001")
    assert (loan.lent_at.date().isoformat(), loan.due_on.isoformat()) == ("2026-10-05", "2027-01-04")
    assert the("PF01").state == "on_loan"
    assert the("PF02").state == "available"


def test_a_thing_broken_in_the_file_stays_here(inside: World):
    take_over(inside, HEAD + BROKEN)
    assert [hold.reason for hold in care.holds_on(the("PF03"), NOW.date())] == ["Dans le fichier d’origine : En panne"]


@pytest.mark.parametrize(("said", "state"), [("Perdue", "lost"), ("VOLÉ", "stolen"), ("Réformé", "retired")])
def test_a_thing_lost_stolen_or_out_of_use_in_the_file_is_so_here(inside: World, said: str, state: str):
    text = HEAD + f"Portable 4;Lenovo;ThinkPad L14;Portable;PF04;;;;;{said}\n"
    (step,) = look(inside, task_of(inside, text, who="mia"), who="mia")
    assert [str(note) for note in step.notes if "noté" in str(note)] == [f"Il est noté «\xa0{LOOKS[state].word}\xa0»."]
    assert counts(take_over(inside, text, who="mia")) == {"new": 1}
    thing = the("PF04")
    assert (thing.state, thing.link_number, care.holds_on(thing, NOW.date())) == (state, 2, [])
    assert counts(take_over(inside, text, who="mia")) == {"before": 1}


AWAY = "Matériel;Marque;Modèle;Type;N° de série;Statut;Chez qui;À rendre le\n"


def away(said: str, whom: str = "", due: str = "") -> str:
    return AWAY + f"Portable 4;Lenovo;ThinkPad L14;Portable;PF04;{said};{whom};{due}\n"


@pytest.mark.parametrize(
    ("said", "whom", "due", "state"),
    [
        ("Dans un sac", "ADA", "", "with_staff"),
        ("En sortie", "", "10/12/2026", "on_outing"),
        ("En sortie", "", "10/11/2026", "on_outing"),
        ("Chez un partenaire", "Mairie-Test", "10/11/2026", "with_partner"),
        ("Chez un partenaire", "Mairie-Test", "10/12/2026", "with_partner"),
        ("En réparation", "Atelier-Test", "", "in_repair"),
        ("En réparation", "Atelier-Test", "10/12/2026", "in_repair"),
        ("En route", "MQCV", "", "in_transit"),
    ],
)
def test_a_thing_that_is_with_somebody_in_the_file_is_so_here(
    inside: World, said: str, whom: str, due: str, state: str
):
    text = away(said, whom, due)
    assert counts(take_over(inside, text, "devices", who="mia")) == {"new": 1}
    thing = the("PF04")
    assert (thing.state, thing.link_number, care.holds_on(thing, NOW.date())) == (state, 2, [])
    assert (f"{thing.due_back_on:%d/%m/%Y}" if thing.due_back_on else "") == due
    assert fold(places.names([thing]).get(thing.id, "")) == fold(whom)
    assert counts(take_over(inside, text, "devices", who="mia")) == {"before": 1}


def test_a_thing_to_check_in_the_file_waits_for_its_check_here(inside: World):
    text = away("À contrôler")
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert [str(note) for note in step.notes if "noté" in str(note)] == ["Il est noté «\xa0À vérifier\xa0»."]
    report = take_over(inside, text, "devices")
    thing = the("PF04")
    assert (thing.state, thing.link_number, care.holds_on(thing, NOW.date())) == ("to_check", 1, [])
    assert report.brought == [thing.code]
    lent = HEAD + "P;Lenovo;L14;Portable;PF05;Léa Morel-Test;;05/10/2026;;À contrôler\n"
    (step,) = look(inside, task_of(inside, lent))
    assert "Lequel des deux" in str(step.faults["state"])


@pytest.mark.parametrize(
    ("said", "whom", "due"),
    [
        ("Dans un sac", "Personne de ce nom", ""),
        ("En sortie", "", ""),
        ("En sortie", "", "bientôt"),
        ("Chez un partenaire", "", "10/12/2026"),
        ("Chez un partenaire", "Mairie-Test", ""),
        ("En réparation", "", "10/12/2026"),
        ("En route", "Cité des Brebis", ""),
        ("En route", "", ""),
    ],
)
def test_what_does_not_say_with_whom_or_until_when_stays_here(inside: World, said: str, whom: str, due: str):
    assert counts(take_over(inside, away(said, whom, due), "devices", who="mia")) == {"new": 1}
    thing = the("PF04")
    (hold,) = care.holds_on(thing, NOW.date())
    assert (thing.state, hold.reason) == ("available", f"Dans le fichier d’origine : {said}")


def test_the_dry_run_says_what_a_line_lacks_to_be_written_down_as_it_is(inside: World):
    hint = "Indiquez chez qui il est, et jusqu’à quand\xa0: il sera noté ainsi."
    told = [
        hint in [str(note) for note in look(inside, task_of(inside, away(said), "devices"))[0].notes]
        for said in ("En sortie", "En panne")
    ]
    assert told == [True, False]


def test_what_took_its_place_stays_when_a_table_changes_something_else(inside: World):
    new = make_device(inside, serial_number="PF08")
    make_device(inside, serial_number="PF04", replaced_by=new.code)
    assert counts(take_over(inside, "N° de série;Marque;Remarque\nPF04;Lenovo;Écran rayé\n", "devices")) == {
        "change": 1
    }
    assert (the("PF04").note, the("PF04").replaced_by) == ("Écran rayé", new)


def test_what_took_its_place_is_told_by_a_table(inside: World):
    first, second = (make_device(inside, serial_number=serial) for serial in ("PF08", "PF09"))
    make_device(inside, serial_number="PF04", replaced_by=first.code)
    text = f"N° de série;Marque;Remplacé par\nPF04;Lenovo;{second.code.lower()}\n"
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert [(change.old, change.new) for change in step.changes] == [
        (codes.grouped(first.code), codes.grouped(second.code))
    ]
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    assert the("PF04").replaced_by == second
    strange = "N° de série;Marque;Remplacé par\nPF04;Lenovo;DCLB TRXN\n"
    (step,) = look(inside, task_of(inside, strange, "devices"))
    assert list(step.faults) == ["replaced_by"]
    report = take_over(inside, strange, "devices")
    assert report.faults == [("ligne 2", "Ce numéro doit être celui d’un autre matériel, et d’un seul.")]
    assert the("PF04").replaced_by == second


def test_out_of_use_is_said_by_the_manager_and_else_stays_here(inside: World):
    text = HEAD + "Portable 4;Lenovo;ThinkPad L14;Portable;PF04;;;;;Réformé\n"
    assert counts(take_over(inside, text, who="ada")) == {"new": 1}
    assert [hold.reason for hold in care.holds_on(the("PF04"), NOW.date())] == ["Dans le fichier d’origine : Réformé"]


def test_a_thing_lent_and_lost_is_asked_about(inside: World):
    (step,) = look(inside, task_of(inside, HEAD + "P;Lenovo;L14;Portable;PF05;Léa Morel-Test;;05/10/2026;;Perdu\n"))
    assert "Lequel des deux" in str(step.faults["state"])


def test_the_same_file_again_changes_nothing(app: Any, inside: World):
    take_over(inside, OUT + FREE)
    before = kept(app)
    assert counts(take_over(inside, OUT + FREE)) == {"before": 2}
    assert kept(app) == before


def test_another_file_that_says_the_same_changes_nothing(app: Any, inside: World):
    take_over(inside, OUT + FREE)
    before = kept(app)
    assert counts(take_over(inside, "Notre inventaire\n\n" + OUT + FREE)) == {"same": 2}
    assert kept(app) == before


def test_a_file_stopped_half_way_goes_on_where_it_stopped(app: Any, inside: World):
    text = HEAD + "".join(f"P {n};Lenovo;ThinkPad L14;Portable;X{n:03};;;;;\n" for n in range(2 * SLICE))
    stopped = running.run(task_of(inside, text), by=inside.me(), at=lambda: NOW, tell=lambda _done, _of: False)
    assert counts(stopped) == {"new": SLICE}
    assert counts(take_over(inside, text)) == {"before": SLICE, "new": SLICE}
    assert session().query(Device).count() == 2 * SLICE


def test_a_line_that_a_rule_refuses_takes_nothing_with_it(inside: World):
    printer = HEAD + "MK3;Prusa;i3 MK3S+;Imprimante 3D;CZ1;Léa Morel-Test;;05/10/2026;04/01/2027;\n" + FREE
    report = take_over(inside, printer)
    assert counts(report) == {"fault": 1, "new": 1}
    assert report.faults[0][0] == "ligne 2"
    assert session().query(Household).count() == 0, "the household of that line is not left behind"
    assert [d.serial_number for d in session().scalars(select(Device))] == ["PF02"]


def test_what_changed_is_shown_old_and_new_and_written_by_an_edit(inside: World):
    device = make_device(inside, "Vieux nom", serial_number="PF09")
    text = "Nom;Marque;N° de série;Valeur\nPortable neuf;Lenovo;PF09;826,80\n"
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert [(str(c.words), c.old, c.new) for c in step.changes] == [
        ("Nom", "Vieux nom", "Portable neuf"),
        ("Valeur", "", "826,80"),
    ]
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    session().expire_all()
    assert (device.name, device.stated_value_cents, device.model.name) == ("Portable neuf", 82680, "ThinkPad L14")
    assert session().scalars(select(Act.kind).order_by(Act.id.desc()).limit(1)).one() == "device_edit"


def test_an_empty_cell_leaves_what_is_there(inside: World):
    device = make_device(inside, serial_number="PF09", note="Sans souris", stated_value_cents=100)
    take_over(inside, f"Nom;Marque;N° de série;Notes;Valeur\n{device.name};Lenovo;PF09;;\n", "devices")
    session().expire_all()
    assert (device.note, device.stated_value_cents) == ("Sans souris", 100)


def test_two_lines_with_one_serial_are_a_fault_of_the_second(inside: World):
    text = HEAD + FREE + FREE.replace("Portable 2", "Portable 2 bis")
    first, second = look(inside, task_of(inside, text))
    assert (first.what, second.what, str(second.faults["line"])) == ("new", "fault", "La ligne 2 dit la même chose.")
    assert counts(take_over(inside, text)) == {"new": 1, "fault": 1}


def test_a_thing_of_another_centre_is_not_touched(inside: World):
    make_device(inside, serial_number="PF02", by="zoe")
    (step,) = look(inside, task_of(inside, HEAD + FREE))
    assert "MQCV" in str(step.faults["line"])
    (elsewhere,) = look(inside, task_of(inside, "Nom;Marque;Modèle;N° de série;Lieu\nP;Lenovo;ThinkPad L14;Q1;MQCV\n"))
    assert list(elsewhere.faults) == ["centre"]
    assert counts(take_over(inside, HEAD + FREE)) == {"fault": 1}


def test_a_household_of_another_centre_is_refused_as_one_that_is_not_there(inside: World):
    home, before = make_household(inside, by="zoe"), session().query(Household).count()
    said = set()
    for code in (home.code, "FBBBBBBX"):
        text = f"Nom;Marque;Modèle;N° de série;Code du foyer;Depuis\nP;Lenovo;ThinkPad L14;PF7;{code};05/10/2026\n"
        (step,) = look(inside, task_of(inside, text))
        said |= {str(words) for words in step.faults.values()}
        assert counts(take_over(inside, text)) == {"fault": 1}
    assert len(said) == 1
    assert session().query(Household).count() == before


def test_a_known_household_is_lent_to_and_not_written_down_twice(inside: World):
    home = make_household(inside, "LÉA MOREL-Test", contact="0639982001")
    text = OUT + "Portable 4;Lenovo;ThinkPad L14;Portable;PF04;Léa Morel-test;;06/10/2026;;\n"
    assert counts(take_over(inside, text)) == {"new": 2, "lent": 2}
    assert [loan.household_id for loan in session().scalars(select(Loan))] == [home.id, home.id]


def test_one_new_household_of_two_lines_is_written_down_once(inside: World):
    other = OUT.splitlines()[1].replace("PF01", "PF05").replace("Portable 1", "Portable 5")
    assert counts(take_over(inside, f"{OUT}{other}\n")) == {"new": 2, "lent": 2}
    assert session().query(Household).count() == 1


def test_a_household_of_the_same_name_with_another_phone_is_asked_about(inside: World):
    make_household(inside, "Léa Morel-Test", contact="0639987777")
    (step,) = look(inside, task_of(inside, OUT))
    assert step.double


def test_a_thing_out_to_somebody_else_is_a_fault(inside: World):
    make_loan(inside, make_device(inside, serial_number="PF01"))
    (step,) = look(inside, task_of(inside, OUT))
    assert list(step.faults) == ["household"]


@pytest.mark.parametrize(
    ("cell", "field"),
    [("31/02/2026", "lent_on"), ("hier", "lent_on"), ("01/01/2030", "lent_on")],
)
def test_a_day_that_is_none_is_a_fault_of_its_column(inside: World, cell: str, field: str):
    (step,) = look(inside, task_of(inside, OUT.replace("05/10/2026", cell)))
    assert (step.what, field in step.faults) == ("fault", True)


def test_the_old_inventory_number_proposes_a_double(inside: World):
    device = make_device(inside, inventory_number="INV 1", serial_number="", no_serial_reason="effacé")
    text = "Nom;Marque;Modèle;N° inventaire\nX;Lenovo;ThinkPad L14;inv-1\n"
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert (step.what, step.plan.device.id, bool(step.double)) == ("change", device.id, True)


def test_a_new_model_is_written_down_once_and_an_unknown_kind_is_asked_for(inside: World):
    text = HEAD + "A;Asus;ExpertBook;Portable;A1;;;;;\nB;Asus;ExpertBook;portables;A2;;;;;\nC;Asus;Zen;Truc;A3;;;;;\n"
    assert [list(step.faults) for step in look(inside, task_of(inside, text))] == [[], [], ["category"]]
    assert counts(take_over(inside, text)) == {"new": 2, "fault": 1}
    assert session().query(DeviceModel).filter_by(name="ExpertBook").one().category_code == "laptop"


def test_households_alone_are_written_down_and_changed(inside: World):
    make_household(inside, "Nora Petit-Test", contact="0639980001")
    text = "Nom;Prénom;Téléphone\nPetit-Test;Nora;06 39 98 00 02\nBlin-Test;Ali;\n"
    steps = look(inside, task_of(inside, text, "households"))
    assert [(step.what, step.title, bool(step.double)) for step in steps] == [
        ("change", "Nora Petit-Test", True),
        ("new", "Ali Blin-Test", False),
    ]
    assert counts(take_over(inside, text, "households")) == {"change": 1, "new": 1}
    assert counts(take_over(inside, text + "\n", "households")) == {"before": 2}


def test_custody_of_what_was_out_begins_on_the_day_it_was_lent(inside: World):
    take_over(inside, OUT)
    links = session().scalars(select(CustodyLink).order_by(CustodyLink.number)).all()
    assert [(link.state, link.at.date().isoformat()) for link in links] == [
        ("available", "2026-10-05"),
        ("on_loan", "2026-10-05"),
    ]


@pytest.mark.parametrize(("since", "until"), [("05/10/1920", "04/01/2027"), ("05/10/2026", "04/01/2300")])
def test_a_day_nobody_means_is_a_fault_of_its_line_and_the_others_go_on(inside: World, since: str, until: str):
    text = f"Portable 1;Lenovo;ThinkPad L14;Portable;PF01;Léa Morel-Test;;{since};{until};Prêté\n"
    report = take_over(inside, HEAD + text + FREE)
    assert counts(report) == {"fault": 1, "new": 1}
    assert report.faults == [("ligne 2", "C’est trop loin dans le temps.")]
