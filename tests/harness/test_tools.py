"""The checks themselves: each finds its fault, and leaves what is well alone."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from tools import catalogues, ensure, sizes, templates


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<p>Bonjour</p>", "text outside gettext: 'Bonjour'"),
        ("<p>{{ name }} est là</p>", "text outside gettext: 'est là'"),
        ("{% trans %}Hello{% endtrans %}<p>Late</p>", "text outside gettext: 'Late'"),
        ('<img alt="A photo">', "alt outside gettext: 'A photo'"),
        ('<input type="submit" value="Lend">', "value outside gettext: 'Lend'"),
        ('{{ button("Take back") }}', "sentence outside gettext: 'Take back'"),
        ('{{ button(label="Lend") }}', "sentence outside gettext: 'Lend'"),
        ('<x-y data-words="The camera starts."></x-y>', "data-words outside gettext: 'The camera starts.'"),
        ('<p style="color: red"></p>', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="go()"></a>', "inline handler: onclick"),
        ('<a href="javascript:go()"></a>', "inline handler: href"),
        ("{{ note|safe }}", "|safe"),
        ("{{ note|upper|safe }}", "|safe"),
        ("{% autoescape false %}{{ note }}{% endautoescape %}", "autoescape is switched"),
        ('<form method="post"></form>', "a form that posts has no csrf field"),
        (
            '<form method="POST" action="{{ url }}">\n{{ field(form.name) }}\n</form>',
            "a form that posts has no csrf field",
        ),
        ("{% if %}", "Jinja cannot read it: Expected an expression, got 'end of statement block'"),
    ],
)
def test_a_template_fault_is_named(source: str, says: str) -> None:
    assert says in [fault.says for fault in templates.faults_in(source)]


@pytest.mark.parametrize(
    "source",
    [
        '<p class="Big one">{{ _("Hello %(name)s.", name=name) }}</p>',
        "{% trans count=3 %}One thing{% pluralize %}{{ count }} things{% endtrans %}",
        '<p translate="no">Va-et-vient <b>v2</b></p>',
        '<form method="post">{{ csrf() }}</form><form method="get"></form>',
        '<form method="post"><input type="hidden" name="csrf" value="{{ csrf_token() }}"></form>',
        '<script src="{{ url_for("static", filename="x.js") }}" type="module"></script>',
        '<script type="application/json">{{ data|tojson }}</script>',
        "<title>{% block title %}{% endblock %} · Va-et-vient</title>",
        '{% macro described(id) %} aria-describedby="{{ id }}" aria-invalid="true"{% endmacro %}',
        "<p>12 × 3 → {{ total|money }} €</p>{# A comment, in words #}",
        '{{ button(_("Take back"), kind="primary big", id="takeBack") }}',
        '<a href="{{ url_for("desk.thing") }}" title="{{ _("Open") }}" {% if a %}hidden{% endif %}>{{ code }}</a>',
        '{% set kind = "late" if late else "ok" %}{% if kind == "late" %}<b>{{ _n("One", "Some", n) }}</b>{% endif %}',
    ],
)
def test_a_sound_template_passes(source: str) -> None:
    assert templates.faults_in(source) == []


def test_a_fault_stands_on_its_line() -> None:
    source = (
        "{% extends 'x.html' %}\n{%- block a -%}\n\n{# two\nlines #}\n<p>\n  {{ x }}</p>\n<p>Oh</p>\n{%- endblock %}"
    )
    assert [fault.line for fault in templates.faults_in(source)] == [8]


def test_letters_are_read_whole() -> None:
    assert templates.faults_in("Bonjour {{ name }}", html=False) == [
        templates.Fault(1, "text outside gettext: 'Bonjour'")
    ]
    assert templates.faults_in("{% trans %}Hello{% endtrans %}", html=False) == []


def test_a_catalogue_is_held_against_the_sources() -> None:
    french = Catalog(locale="fr")
    french.add("Lent until %(day)s.", "Prêté.")
    french.add("Hello", "Salut", flags=["fuzzy"])
    french.add("Gone", "Parti")
    french.add("Empty")
    french.add(("%(num)s day", "%(num)s days"), ("un jour", "%(num)s jours"))
    french.add("Odd", "Étrange %(what)s")
    needed = dict.fromkeys(["Lent until %(day)s.", "Hello", "Empty", "%(num)s day", "Odd", "New"], "app/x.py:1")
    said = "\n".join(catalogues.compare(needed, french))
    for part in (
        "'Lent until %(day)s.' has lost %(day)s",
        "'Hello' is fuzzy",
        "left over, no source says it: 'Gone'",
        "'Empty' has no French",
        "'Odd' names %(what)s",
        "not in the catalogue: 'New'",
    ):
        assert part in said
    assert said.count("\n") == 5


def test_a_stale_compiled_catalogue_is_named(tmp_path: Path) -> None:
    french, compiled = Catalog(locale="fr"), tmp_path / "messages.mo"
    french.add("Hello", "Bonjour")
    french.add(("%(num)s day", "%(num)s days"), ("un jour", "%(num)s jours"))
    french.add("Not yet")
    assert "is missing" in next(catalogues.stale(french, compiled))
    with compiled.open("wb") as file:
        write_mo(file, french)
    assert list(catalogues.stale(french, compiled)) == []
    french["Hello"].string = "Salut"
    assert "does not hold" in next(catalogues.stale(french, compiled))


def test_what_has_grown_too_long_is_named(tmp_path: Path) -> None:
    (tmp_path / "app" / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "app" / "long.py").write_text("x = 1\n" * 301)
    (tmp_path / "app" / "deep.py").write_text("def f():\n" + "    x = 1\n" * 50)
    (tmp_path / "app" / "fine.py").write_text("def f():\n" + "    x = 1\n" * 49)
    (tmp_path / "app" / "static" / "big.js").write_text("x\n" * 151)
    (tmp_path / "app" / "static" / "vendor" / "theirs.js").write_text("x\n" * 900)
    assert list(sizes.long_files(tmp_path)) == [
        "app/long.py: 301 lines, at most 300",
        "app/static/big.js: 151 lines, at most 150",
    ]
    assert list(sizes.long_functions(tmp_path)) == ["app/deep.py:1: f has 51 lines, at most 50"]


def test_what_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(ensure, "NEEDS", {"wrk": ensure.Need(lambda: None, ("wrk",), "ask somebody")})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert ensure.main(["wrk"]) == 1
    assert (
        "wrk is missing. on Debian or Ubuntu: sudo apt-get install wrk; elsewhere: ask somebody"
        in capsys.readouterr().err
    )
    assert ensure.main(["nonsense"]) == 2


def test_of_packages_that_serve_alike_the_first_known_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"chromium"}
    monkeypatch.setattr("subprocess.run", lambda command, **_how: SimpleNamespace(returncode=command[-1] not in known))
    assert ensure._known(["chromium-headless-shell", "chromium"]) == "chromium"
    known.add("chromium-headless-shell")
    assert ensure._known(["chromium-headless-shell", "chromium"]) == "chromium-headless-shell"
    assert ensure._known(["wrk"]) == "wrk"
