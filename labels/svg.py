"""A page of labels as SVG, to be looked at before it is printed. The PDF is what is printed."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from . import emblem
from .label import Label
from .layout import lay_out_on
from .media import Medium, Roll, media
from .shapes import MM_PER_POINT, Bits, Colour, Emblem, Picture, Shape, Text


def render_svg(
    labels: Sequence[Label],
    medium: str | Medium,
    *,
    start_at: int = 1,
    skip: AbstractSet[int] = frozenset(),
    title: str = "",
) -> str:
    """The first page, in mm: places already used (class `used`), labels (`tag`) and places that stay (`blank`).

    Of a roll, the first label as it is read. `title` is said by screen readers. LabelError: those of `render_pdf`.
    """
    sheet = media(medium) if isinstance(medium, str) else medium
    if isinstance(sheet, Roll):
        return _roll(sheet, labels[0], title)
    filled = zip(labels, sheet.places(start_at, skip), strict=False)
    here = {place: label for label, (page, place) in filled if page == 0}
    used = set(range(1, start_at)) | skip
    wide, tall = sheet.page
    return "".join(
        [
            f'<svg class="sheet" viewBox="0 0 {wide:g} {tall:g}" role="img" aria-label={quoteattr(title)}>',
            *(_cell(sheet, *sheet.cell(place), "used", sheet.radius) for place in sorted(used)),
            *(_tag(sheet, *sheet.cell(place), label, sheet.radius) for place, label in here.items()),
            *(
                _cell(sheet, *sheet.cell(n), "blank", sheet.radius)
                for n in range(1, sheet.per_page + 1)
                if n not in used and n not in here
            ),
            "</svg>",
        ]
    )


def _roll(roll: Roll, label: Label, title: str) -> str:
    box = f"0 0 {roll.width:g} {roll.height:g}"
    return (
        f'<svg class="sheet" viewBox="{box}" role="img" aria-label={quoteattr(title)}>{_tag(roll, 0, 0, label)}</svg>'
    )


def _cell(medium: Medium, left: float, top: float, kind: str, radius: float = 0) -> str:
    size = f'width="{medium.width:g}" height="{medium.height:g}" rx="{radius:g}"'
    return f'<rect class="{kind}" x="{left:.2f}" y="{top:.2f}" {size} stroke-width=".3"/>'


def _tag(medium: Medium, left: float, top: float, label: Label, radius: float = 0) -> str:
    shapes = "".join(_drawn(shape) for shape in lay_out_on(label, medium))
    cell = _cell(medium, left, top, "tag", radius)
    return f'{cell}<g transform="translate({left:.2f} {top:.2f})">{shapes}</g>'


def _drawn(shape: Shape) -> str:
    match shape:
        case Bits():
            return _bits(shape)
        case Text():
            return _text(shape)
        case Emblem():
            return _emblem(shape)
        case Picture():
            return _picture(shape)


def _bits(shape: Bits) -> str:
    place = f"translate({shape.left:.3f} {shape.top:.3f}) scale({shape.wide:.4f} {shape.tall:.4f})"
    return f'<path transform="{place}" d="{"".join(_runs(shape))}"/>'


def _runs(shape: Bits) -> Iterator[str]:
    for row, start in enumerate(range(0, len(shape.bits), shape.columns)):
        x = 0
        for bit, run in groupby(shape.bits[start : start + shape.columns]):
            length = len(list(run))
            if bit == "1":
                yield f"M{x} {row}h{length}v1h-{length}z"
            x += length


def _text(shape: Text) -> str:
    """As wide as the font of the PDF makes it, whatever font the viewer has."""
    how = {
        "x": f"{shape.left:.3f}",
        "y": f"{shape.baseline:.3f}",
        "font-size": f"{shape.size * MM_PER_POINT:.3f}",
        "font-weight": "700" if "Bold" in shape.font else "400",
        "fill": _hex(shape.colour),
        "textLength": f"{shape.width:.3f}",
        "lengthAdjust": "spacingAndGlyphs",
    }
    said = " ".join(f'{name}="{value}"' for name, value in how.items())
    return f"<text {said}>{escape(shape.text)}</text>"


def _emblem(shape: Emblem) -> str:
    stars = " ".join("M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in star) + "z" for star in emblem.stars(shape.height))
    field = f'<path fill="{_hex(emblem.BLUE)}" d="M0 0h{1.5 * shape.height:g}v{shape.height:g}H0z"/>'
    place = f"translate({shape.left:.3f} {shape.top:.3f})"
    return f'<g transform="{place}">{field}<path fill="{_hex(emblem.YELLOW)}" d="{stars}"/></g>'


def _picture(shape: Picture) -> str:
    """A logo as a grey place: its colours are the file's own, and a page may not bring pictures along."""
    box = shape.box
    size = f'width="{box.width:.3f}" height="{box.height:.3f}"'
    return f'<rect class="used" x="{box.left:.3f}" y="{box.top:.3f}" {size}/>'


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
