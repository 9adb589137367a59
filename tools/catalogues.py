"""Every sentence of the app has its French, whole and checked: `python tools/catalogues.py`.

Each msgid that babel finds has a translation, none is fuzzy, none is left over, the placeholders are the same on both
sides, and the compiled catalogue holds what the readable one says. `make words` brings the catalogue up to date.
"""

import re
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
FRENCH = Path("app/translations/fr/LC_MESSAGES/messages.po")
# The same words as in `make words`.
KEYWORDS = DEFAULT_KEYWORDS | parse_keywords(["_", "_n:1,2", "N_"])
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}(?!\})|%[sd](?!\w)")


def ids(message: Message) -> tuple[str, ...]:
    """One sentence, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or [""])


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def wanted(root: Path) -> dict[str, str]:
    """Every sentence in the sources, with one place where it stands. A plural is known by its singular."""
    with (root / "babel.cfg").open() as file:
        method_map, options_map = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: dict[str, str] = {}
    for name, line, message, _comments, _context in extract_from_dir(root / "app", method_map, options_map, KEYWORDS):
        found.setdefault(message if isinstance(message, str) else message[0], f"app/{name}:{line}")
    return found


def faults_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "is fuzzy: somebody must read it"
    if not all(strings(message)):
        yield "has no French"
        return
    known = set(chain.from_iterable(map(placeholders, ids(message))))
    for string in strings(message):
        if odd := placeholders(string) - known:
            yield f"names {', '.join(sorted(odd))}, which the sentence does not have"
    # A French singular may leave the number out ("un jour"); its last form says it all.
    if lost := placeholders(ids(message)[-1]) - placeholders(strings(message)[-1]):
        yield f"has lost {', '.join(sorted(lost))}"


def compare(needed: dict[str, str], catalogue: Catalog) -> Iterator[str]:
    there = {ids(message)[0]: message for message in catalogue if message.id}
    for sentence, place in needed.items():
        if sentence not in there:
            yield f"{place}: not in the catalogue: {sentence!r}"
    for sentence, message in there.items():
        if sentence not in needed:
            yield f"left over, no source says it: {sentence!r}"
            continue
        yield from (f"{needed[sentence]}: {sentence!r} {fault}" for fault in faults_of(message))
    yield from (f"obsolete: {key!r}" for key in catalogue.obsolete)


def stale(readable: Catalog, compiled: Path) -> Iterator[str]:
    if not compiled.exists():
        yield f"{compiled.name} is missing: make words"
        return
    with compiled.open("rb") as file:
        old = {ids(message): strings(message) for message in read_mo(file) if message.id}
    # Babel compiles what is translated and sure; the rest is a fault of its own.
    sure = (message for message in readable if message.id and all(strings(message)) and not message.fuzzy)
    if old != {ids(message): strings(message) for message in sure}:
        yield f"{compiled.name} does not hold what {readable.locale} says: make words"


def main() -> int:
    path = ROOT / FRENCH
    if not path.exists():
        print(f"{FRENCH} is missing: make words")
        return 1
    with path.open("rb") as file:
        french = read_po(file, locale="fr")
    faults = [*compare(wanted(ROOT), french), *stale(french, path.with_suffix(".mo"))]
    print(*faults, sep="\n", end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
