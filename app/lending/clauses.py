"""The parts of an agreement's text: title, headings, paragraphs and lists, the same for the page and for the PDF.

How the text is written: parts stand apart by an empty line. `7. Une panne. Vous nous prévenez…` is a numbered heading
with its paragraph; a short first line without a full stop is a heading too; lines that begin with `–` are a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

_NUMBERED = re.compile(r"([0-9]{1,2}\. [^.\n]{2,80}\.) (?=\S)")
_NAMED = re.compile(r"(L’essentiel|En cas de désaccord)\. (?=\S)")  # as the first version wrote them
_SHORT = 80
# Blanks of a keyboard; a no-break space is none of them.
_BLANKS = re.compile(r"\s+", re.ASCII)
# French ties its double marks, figures and numbers to what they stand beside, however the text was typed.
_TIED = re.compile(r" (?=[;:?!»€%])|(?<=«) |(?<=n°) |(?<=[0-9]) (?=[0-9])")
_ENDS = (".", ",", ";", ":", "?", "!", ")", "»")
DASH = "– "


@dataclass(frozen=True)
class Part:
    """`lines`: those of a paragraph or the points of a list; of a title or heading there is one."""

    kind: Literal["title", "heading", "text", "list"]
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        return "\n".join(self.lines)


def parts_of(words: str) -> list[Part]:
    first, _end, rest = words.strip().partition("\n")
    return [Part("title", (first.strip(),)), *(part for block in _blocks(rest) for part in _parts(block))]


def _blocks(words: str) -> list[list[str]]:
    lines = [_TIED.sub("\u00a0", _BLANKS.sub(" ", line).strip()) for line in words.split("\n")]
    return [list(block) for filled, block in groupby(lines, key=bool) if filled]


def _parts(block: list[str]) -> Iterator[Part]:
    first, *rest = block
    if found := _NUMBERED.match(first) or _NAMED.match(first):
        yield Part("heading", (found[1].removesuffix("."),))
        block = [first[found.end() :], *rest]
    elif rest and len(first) <= _SHORT and not first.endswith(_ENDS) and not first.startswith(DASH):
        yield Part("heading", (first,))
        block = rest
    for listed, lines in groupby(block, key=lambda line: line.startswith(DASH)):
        yield Part("list" if listed else "text", tuple(line.removeprefix(DASH) for line in lines))
