"""What a page must be whatever it is about: read from the page itself, a line a fault."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

CATALOGUE = Path(__file__).parents[2] / "app" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
TAP = 44
LAMP = "rgb(255, 203, 46)"
MEASURE = """([tap, lamp]) => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.hush, .skip');
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const name = (e) => `<${e.localName} ${e.className || e.name || ''}> ${(e.innerText || e.value || '').slice(0, 30)}`;
  const target = (e) => (['checkbox', 'radio'].includes(e.type) ? e.closest('label') ?? e : e).getBoundingClientRect();
  const real = (e) => !e.closest('[data-specimen]');  // the page of parts shows each lamp there is
  const small = (e) => { const box = target(e); return Math.min(box.width, box.height) < tap - 0.5 };
  return {
    title: document.title,
    lang: document.documentElement.lang,
    wide: document.documentElement.scrollWidth - innerWidth,
    small: all('button, .act, input, select, textarea, summary').filter(small).map(name),
    mains: all('.act.main').filter(real).map(name),
    loose: all('td, th').filter((e) => ['grid', 'flex', 'inline'].includes(getComputedStyle(e).display)).map(name),
    lamps: all('main *').filter(real).filter((e) => getComputedStyle(e).backgroundColor === lamp).map(name),
  };
}"""
SPOKEN = """() => {
  const foreign = (e) => e.closest('script, style, [translate=no], [lang]:not(html)');
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walk.nextNode()) if (!foreign(walk.currentNode.parentElement)) said.push(walk.currentNode.data);
  for (const name of ['aria-label', 'placeholder', 'alt', 'title'])
    for (const e of document.querySelectorAll(`[${name}]`)) if (!foreign(e)) said.push(e.getAttribute(name));
  for (const t of document.querySelectorAll('template')) said.push(...t.content.textContent.split('\\n'));
  for (const e of document.querySelectorAll('camera-scanner, basket-form')) said.push(...Object.values(e.dataset));
  return said.map((text) => text.replace(/\\s+/g, ' ').trim()).filter((text) => /[a-zà-ÿ]{2}/i.test(text));
}"""


def faults(page: Page) -> list[str]:
    """At the width and in the colours the page has now."""
    found = page.evaluate(MEASURE, [TAP, LAMP])
    said = [f"{found['wide']} px too wide"] if found["wide"] > 0 else []
    said += [f"under {TAP} px: {what}" for what in found["small"]]
    said += [f"a cell out of its table: {what}" for what in found["loose"]]
    for kind in ("mains", "lamps"):
        said += [f"{kind}: {found[kind]}"] if len(found[kind]) > 1 else []
    return said


def foreign_sentences(page: Page, language: str) -> list[str]:
    """Sentences of the other language that this page shows."""
    whole, within = _other(language)
    said = page.evaluate(SPOKEN)
    pieces = {piece.strip(" :.,") for text in said for piece in (text, *re.split(r", |\. ", text))}
    lines = "\n".join(said)
    found = {match[0] for part, sentence in within if part in lines and (match := sentence.search(lines))}
    return sorted((pieces & whole) | found)


@cache
def _other(language: str) -> tuple[frozenset[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The other language's sentences: short ones must be a whole piece of text, of long ones a part is enough.

    Before each long one stands its longest piece without a gap: few pages hold it, and only these are searched.
    """
    pairs = [pair for pair in _pairs() if pair[0] != pair[1]]
    ours, others = (1, 0) if language == "fr" else (0, 1)
    known = {pair[ours] for pair in _pairs()}
    sentences = {" ".join(pair[others].split()) for pair in pairs if pair[others] and pair[others] not in known}
    short = {text.strip(" :.,") for text in sentences if "%" not in text and len(text.split()) < 3}
    short -= {text.strip(" :.,") for text in known}
    long = [text for text in sentences if len(re.sub(r"%\(\w+\)[sd]", "", text).split()) >= 3]
    return frozenset(short), tuple((_longest(text), re.compile(_pattern(text))) for text in sorted(long))


def _longest(text: str) -> str:
    return max(_parts(text), key=len)


def _parts(text: str) -> list[str]:
    return re.split(r"%\(\w+\)[sd]", text.replace("%%", "%"))


def _pattern(text: str) -> str:
    parts = _parts(text)
    return r"(?<!\w)" + r"[^\n]+?".join(re.escape(part) for part in parts) + r"(?!\w)"


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    pairs = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        pairs += list(zip(ids, texts, strict=False)) if message.id else []
    return tuple(pairs)
