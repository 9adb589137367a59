"""The column beside the QR: emblem and statement, the name, who owns it and whom to call."""

from dataclasses import replace

from .designs import Design
from .errors import TooLong
from .label import Funding, Label
from .logos import USUAL_MM, place_logos
from .shapes import DROP, MM_PER_POINT, Box, Emblem, Shape, Text
from .typeset import CAPITAL, Block, Style, shortened, whole

_HAIR = 1e-6


def funding_block(label: Label, design: Design, column: Box) -> tuple[tuple[Shape, ...], Box]:
    """The emblem and its statement, beside it where every word fits, else below it; and the column that is left.

    () for a label without funding.
    """
    if label.funding is None:
        return (), column
    funding = label.funding
    emblem = Emblem(column.left, column.top, funding.emblem_mm).box
    if emblem.right > column.right or emblem.bottom > column.bottom:
        raise TooLong("label_too_small", f"no room for an emblem of {funding.emblem_mm} mm")
    statement = _beside(funding, design, column, emblem) or _below(label, funding, design, column, emblem)
    bottom = max(emblem.bottom, *(text.box.bottom for text in statement))
    shapes: tuple[Shape, ...] = (Emblem(column.left, column.top, funding.emblem_mm), *statement)
    return shapes, column._replace(top=bottom + design.gap)


def height_of_words(label: Label, design: Design) -> float:
    """What emblem, name, owner and contact take of the column at their least, in mm."""
    title = design.title.least * MM_PER_POINT + design.gap if label.title else 0
    funding = label.funding.emblem_mm + design.gap if label.funding else 0
    return funding + title + design.line.pitch * sum(bool(text) for text in (label.second, label.contact))


def words(label: Label, design: Design, column: Box, *, every: bool = False) -> tuple[tuple[Shape, ...], Box]:
    """Name, logos, owner and contact, the last lines at the column's bottom; and the column that is left.

    Where the column is short the name yields, then the owner. To the word of a copy all of them yield: whoever scans a
    charger is told the number to call. TooLong where something would yield, if `every` word is wanted.
    """
    style = design.title if label.funding else design.free_title
    texts = [text for text in (label.second, label.contact) if text]
    if label.word:
        texts = _leaving(style.least * MM_PER_POINT + design.gap, texts, design, column)
    texts = _leaving(0, texts, design, column)
    lines = _last_lines(texts, label, design, column)
    shapes: list[Shape] = [text for block, baseline in lines for text in block.set(column.left, baseline)]
    if lines:
        block, baseline = lines[0]
        column = column._replace(bottom=baseline - block.capital - design.gap)
    tallest = label.funding.emblem_mm if label.funding else USUAL_MM
    logos, column = place_logos(label.logos, tallest, design.gap, column)
    shapes += logos
    titled = label.title and (label.word or column.height >= style.least * MM_PER_POINT)
    if every and (len(texts) < bool(label.second) + bool(label.contact) or bool(label.title) > bool(titled)):
        raise TooLong("words_yield", "not every word has its place")
    if titled:
        block = _title(label, style, column)
        # Level with the QR where it is on top; below an emblem it takes some air.
        air = max(0, min((column.height - block.tall) / 2, design.gap)) if label.funding else 0
        shapes += block.set(column.left, column.top + air + block.capital)
    return tuple(shapes), column


def _title(label: Label, style: Style, column: Box) -> Block:
    """The name, cut where it must be, or the word of a copy, whole."""
    if not label.word:
        return shortened(label.name or label.owner, style, column.width, column.height)
    block = whole((label.word,), style, column.width, column.height)
    if block is None:
        raise TooLong("word_too_long", f"{label.word!r} does not fit in {column.width:.1f} x {column.height:.1f} mm")
    return block


def _leaving(room: float, texts: list[str], design: Design, column: Box) -> list[str]:
    """As many of the last lines as leave `room` mm above them; the very last yields to nothing but a word's room."""
    while len(texts) > (0 if room else 1) and len(texts) * design.line.pitch + room > column.height + _HAIR:
        texts = texts[1:]
    return texts


def _beside(funding: Funding, design: Design, column: Box, emblem: Box) -> tuple[Text, ...]:
    left = emblem.right + design.gap
    block = whole(funding.statement, design.statement, column.right - left, emblem.height)
    if block is None:
        return ()
    middle = (emblem.top + emblem.bottom) / 2
    return tuple(block.set(left, middle - block.tall / 2 + block.capital))


def _below(label: Label, funding: Funding, design: Design, column: Box, emblem: Box) -> tuple[Text, ...]:
    top = emblem.bottom + design.gap
    # The last line of the column stays for the contact, or the word of a copy.
    last = (CAPITAL + DROP) * design.title.least if label.word else CAPITAL * design.line.size
    room = column.bottom - top - last * MM_PER_POINT - design.gap
    block = whole(funding.statement, design.statement, column.width, room)
    if block is None:
        raise TooLong("statement_too_long", f"{' / '.join(funding.statement)!r} does not fit in full")
    return tuple(block.set(column.left, top + block.capital))


def _last_lines(texts: list[str], label: Label, design: Design, column: Box) -> list[tuple[Block, float]]:
    """Owner and contact with their baselines, first to last."""
    pitch = design.line.pitch
    blocks = [_line(text, design.line, column.width, never_cut=text is label.contact) for text in texts]
    size = min((block.size for block in blocks), default=0)
    above = range(len(blocks) - 1, -1, -1)
    return [(replace(block, size=size), column.bottom - pitch * up) for block, up in zip(blocks, above, strict=True)]


def _line(text: str, style: Style, room: float, *, never_cut: bool) -> Block:
    block = whole((text,), style, room, float("inf"))
    if block is None and never_cut:
        raise TooLong("contact_too_long", f"{text!r} does not fit in {room:.1f} mm")
    return block or shortened(text, style, room)
