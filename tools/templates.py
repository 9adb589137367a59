"""Our own rules for templates, which no linter knows: `python tools/templates.py [FILE...]`.

* no inline style or script, no handler attribute: the content security policy would refuse them in silence;
* no `|safe`, no `autoescape false`: what people typed stays text;
* a form that posts carries the csrf field;
* every sentence goes through gettext: `{{ _("...") }}` or `{% trans %}`. What no language changes (a product's name, a
  unit) stands in an element with `translate="no"`, as HTML has it.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

ROOT = Path(__file__).parents[1]
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}
SPOKEN_BY_VALUE = {"submit", "button", "reset"}
NO_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
GETTEXT = {"_", "_n", "N_", "gettext", "ngettext", "pgettext", "npgettext"}
# Arguments that a person reads: a sentence, not a name or a class.
SENTENCE = re.compile(r"[A-ZÀ-Ý][\w'’]*[ ,.:?!]|[A-ZÀ-Ý][a-zà-ÿ]+$")
LETTERS = re.compile(r"[^\W\d_]{2}")
# The product's name is the same in every language; a macro may write attributes, which is no text.
NO_WORDS = re.compile(r"Va-et-vient|\b[a-z][a-z-]*=\"[^\"]*\"")
CSRF = re.compile(r"\{\{[^}]*\bcsrf\w*|name=[\"']csrf\w*[\"']")
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


@dataclass(frozen=True, order=True)
class Fault:
    line: int
    says: str


@dataclass
class Page(HTMLParser):
    """The markup that stays when Jinja's own is blanked out."""

    source: str
    faults: list[Fault] = field(default_factory=list)
    # Names of elements that are open, and whether their text is left untranslated on purpose.
    open: list[tuple[str, bool]] = field(default_factory=list)
    post: int | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def fault(self, says: str) -> None:
        self.faults.append(Fault(self.getpos()[0], says))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._inline(tag, named)
        self._spoken(tag, named)
        if tag == "form" and named.get("method", "").lower() == "post":
            self.post = self.getpos()[0]
        if tag not in NO_END:
            self.open.append((tag, named.get("translate") == "no" or self._untranslated()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in NO_END:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.post is not None:
            self._check_post(self.post, self.getpos()[0])
        while any(name == tag for name, _ in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        inside = self.open[-1][0] if self.open else ""
        if inside in {"script", "style"} or self._untranslated():
            return
        if LETTERS.search(NO_WORDS.sub("", data)):
            self.fault(f"text outside gettext: {' '.join(data.split())[:60]!r}")

    def _untranslated(self) -> bool:
        return bool(self.open and self.open[-1][1])

    def _inline(self, tag: str, named: dict[str, str]) -> None:
        if tag == "style" or "style" in named:
            self.fault("inline style")
        if tag == "script" and "src" not in named and named.get("type") != "application/json":
            self.fault("inline script")
        for name, value in named.items():
            if re.fullmatch(r"on[a-z]+", name) or value.strip().lower().startswith("javascript:"):
                self.fault(f"inline handler: {name}")

    def _spoken(self, tag: str, named: dict[str, str]) -> None:
        if named.get("translate") == "no" or self._untranslated():
            return
        spoken = SPOKEN & named.keys()
        if tag == "input" and named.get("type") in SPOKEN_BY_VALUE:
            spoken |= {"value"} & named.keys()
        for name in sorted(spoken):
            if LETTERS.search(NO_WORDS.sub("", named[name])):
                self.fault(f"{name} outside gettext: {named[name]!r}")
        for name, value in named.items():
            if name.startswith("data-") and SENTENCE.match(value):
                self.fault(f"{name} outside gettext: {value!r}")

    def _check_post(self, first: int, last: int) -> None:
        self.post = None
        if not CSRF.search("\n".join(self.source.splitlines()[first - 1 : last])):
            self.faults.append(Fault(first, "a form that posts has no csrf field"))


def blanked(source: str) -> str:
    """The source with Jinja's parts, and what stands inside `trans`, taken out; every line keeps its number."""
    kept: list[str] = []
    lines, translated, naming = 1, False, False
    for number, kind, text in ENVIRONMENT.lexer.tokeniter(source, None):
        if number > lines:
            kept.append("\n" * (number - lines))
            lines = number
        if naming and kind == "name":
            translated = {"trans": True, "endtrans": False}.get(text, translated)
        naming = kind == "block_begin" or (naming and kind == "whitespace")
        if kind == "data" and not translated:
            kept.append(text)
            lines += text.count("\n")
        elif kind == "variable_begin":
            kept.append(" ")
    return "".join(kept)


def untranslated(tree: nodes.Template) -> Iterator[Fault]:
    """Sentences handed to macros and filters as they are."""
    inside = {
        id(leaf) for call in tree.find_all(nodes.Call) if _is_gettext(call) for leaf in call.find_all(nodes.Const)
    }
    for leaf in tree.find_all(nodes.Const):
        if isinstance(leaf.value, str) and id(leaf) not in inside and SENTENCE.match(leaf.value):
            yield Fault(leaf.lineno, f"sentence outside gettext: {leaf.value!r}")


def _is_gettext(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in GETTEXT


def unsafe(tree: nodes.Template) -> Iterator[Fault]:
    for each in tree.find_all(nodes.Filter):
        if each.name == "safe":
            yield Fault(each.lineno, "|safe")
    for scope in tree.find_all(nodes.ScopedEvalContextModifier):
        if any(option.key == "autoescape" for option in scope.options):
            yield Fault(scope.lineno, "autoescape is switched")


def faults_in(source: str, *, html: bool = True) -> list[Fault]:
    try:
        tree = ENVIRONMENT.parse(source)
    except TemplateSyntaxError as trouble:
        return [Fault(trouble.lineno, f"Jinja cannot read it: {trouble.message}")]
    page = Page(source)
    if html:
        page.feed(blanked(source))
        page.close()
    else:
        page.handle_data(blanked(source))
    return sorted({*page.faults, *untranslated(tree), *unsafe(tree)})


def main(names: list[str]) -> int:
    folder = ROOT / "app" / "templates"
    paths = [Path(name) for name in names] or sorted(path for path in folder.rglob("*") if path.is_file())
    count = 0
    for path in paths:
        for fault in faults_in(path.read_text(), html=path.suffix != ".txt"):
            print(f"{path}:{fault.line}: {fault.says}")
            count += 1
    return bool(count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
