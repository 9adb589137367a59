"""How much damage labels stand, measured: `make label-report` writes the tables of docs/labels.md and its pictures.

A label is printed, damaged, photographed by a simulated camera (8 pixels a mm of label, tilted, with noise) and read by
zxing-cpp. One reader and damage made by arithmetic: the figures rank designs and damages, they promise nothing.
"""

import io
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from labels import FUNDING, Label, Medium, Roll, codes, media, render_pdf, render_png  # noqa: E402 - the path comes first
from labels.layout import lay_out_on  # noqa: E402
from labels.shapes import Bits  # noqa: E402

PAGE = ROOT / "docs" / "labels.md"
SHOTS = ROOT / "docs" / "shots" / "labels"
DESIGNS = {"large": "L7160", "medium": "L4736", "small": "L7651", "thermal": "ZEBRA-57X32"}
SHOTS_EACH = 30
FINE = 16  # pixels a mm while a label is damaged
CAMERA = 8  # pixels a mm that the camera sees
FINDER = 8  # modules of a finder pattern with its separator

Damage = Callable[[Image.Image, Bits, random.Random], Image.Image]


def label(number: int) -> Label:
    code = codes.make("D", number * 2654435761 % (1 << codes.RANDOM_BITS))
    return Label(
        code,
        codes.link("https://pret.asso.fr", code),
        "Portable Lenovo ThinkPad L14",
        "Centre social Gaëtan-Lefèvre",
        "Si trouvé : 01 99 00 12 34",
        FUNDING["2021-2027"],
    )


def printed(made: Label, medium: Medium, per_mm: float, *, colour: bool = False) -> Image.Image:
    """A label as it comes out of its printer: the PDF for a sheet, the very dots for a roll."""
    if isinstance(medium, Roll):
        dots = Image.open(io.BytesIO(render_png(made, medium))).convert("L")
        size = round(medium.width * per_mm), round(medium.height * per_mm)
        return dots.resize(size, Image.Resampling.BOX if per_mm < medium.dots_per_mm else Image.Resampling.NEAREST)
    x, y = medium.cell(1)
    sides = x, medium.page[1] - y - medium.height, medium.page[0] - x - medium.width, y
    document = pdfium.PdfDocument(render_pdf([made], medium))
    crop = tuple(side * 72 / 25.4 for side in sides)
    image = document[0].render(scale=per_mm * 25.4 / 72, crop=crop).to_pil()
    document.close()
    return Image.Image.convert(image, "RGB" if colour else "L")


@lru_cache(maxsize=len(DESIGNS) * SHOTS_EACH)
def whole(number: int, medium: Medium) -> Image.Image:
    """A label before any damage; the same ones are damaged in every way."""
    return printed(label(number), medium, FINE)


def blurred(mm: float) -> Damage:
    return lambda image, _qr, _chance: image.filter(ImageFilter.GaussianBlur(mm * FINE))


def scratched(count: int) -> Damage:
    """Straight scratches 0.3 mm wide down to the paper, right across the QR."""

    def scratch(image: Image.Image, qr: Bits, chance: random.Random) -> Image.Image:
        draw = ImageDraw.Draw(image)
        left, top, right, bottom = (side * FINE for side in qr.box)
        for _ in range(count):
            ends = (chance.uniform(left, right), top), (chance.uniform(left, right), bottom)
            if chance.choice((True, False)):
                ends = (left, chance.uniform(top, bottom)), (right, chance.uniform(top, bottom))
            draw.line(ends, fill=255, width=round(0.3 * FINE))
        return image

    return scratch


def covered(share: float, shade: int) -> Damage:
    """A square patch over that share of the data area: all of the QR but its three finder patterns."""

    def cover(image: Image.Image, qr: Bits, chance: random.Random) -> Image.Image:
        side = round((share * (qr.columns**2 - 3 * FINDER**2)) ** 0.5)
        row, column = chance.choice([place for place in places(qr.columns, side) if not on_finder(*place, side, qr)])
        left, top = qr.left + column * qr.wide, qr.top + row * qr.tall
        box = (left, top, left + side * qr.wide, top + side * qr.tall)
        ImageDraw.Draw(image).rectangle([edge * FINE for edge in box], fill=shade)
        return image

    return cover


def places(modules: int, side: int) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(modules - side + 1) for column in range(modules - side + 1))


def on_finder(row: int, column: int, side: int, qr: Bits) -> bool:
    far = qr.columns - FINDER
    near_top, near_left = row < FINDER, column < FINDER
    return (near_top and (near_left or column + side > far)) or (row + side > far and near_left)


def untouched(image: Image.Image, _qr: Bits, _chance: random.Random) -> Image.Image:
    return image


# What is written, the damage, the tilt in degrees, the noise (standard deviation of 255 shades).
DAMAGES: list[tuple[str, Damage, float, float]] = [
    ("none", untouched, 10, 4),
    ("blur 0.1 mm", blurred(0.1), 10, 4),
    ("blur 0.15 mm", blurred(0.15), 10, 4),
    ("blur 0.2 mm", blurred(0.2), 10, 4),
    ("tilt 35°", untouched, 35, 4),
    ("tilt 50°", untouched, 50, 4),
    ("noise 12", untouched, 10, 12),
    ("noise 25", untouched, 10, 25),
    ("noise 50", untouched, 10, 50),
    ("1 scratch", scratched(1), 10, 4),
    ("4 scratches", scratched(4), 10, 4),
    ("10 % of the data area white", covered(0.10, 255), 10, 4),
    ("10 % of the data area black", covered(0.10, 0), 10, 4),
    ("15 % of the data area black", covered(0.15, 0), 10, 4),
]


def photographed(image: Image.Image, tilt: float, noise: float, chance: random.Random) -> np.ndarray:
    """Seen from the side by a camera at some turn, on a grey table."""
    around = Image.new("L", (image.width + 8 * FINE, image.height + 8 * FINE), 120)
    around.paste(image, (4 * FINE, 4 * FINE))
    lying = tilted(around, tilt).rotate(chance.uniform(-8, 8), Image.Resampling.BILINEAR, expand=True, fillcolor=120)
    size = max(1, round(lying.width * CAMERA / FINE)), max(1, round(lying.height * CAMERA / FINE))
    # The grid of pixels never falls on that of the modules.
    shift = chance.uniform(0, FINE / CAMERA), chance.uniform(0, FINE / CAMERA)
    seen = lying.resize(size, Image.Resampling.BOX, box=(*shift, lying.width, lying.height))
    shades = np.array(seen, float) * 0.75 + 30
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, noise, shades.shape)
    return np.clip(shades + grain, 0, 255).astype(np.uint8)


def tilted(image: Image.Image, degrees: float) -> Image.Image:
    """Turned away around its upright middle, from four label widths away."""
    turn = np.radians(degrees)
    width, height = image.size
    far, half = 4 * width, width / 2
    corners = [(x, y) for x in (-half, half) for y in (-height / 2, height / 2)]
    depth = [far / (far + x * np.sin(turn)) for x, _ in corners]
    seen = [(x * np.cos(turn) * d, y * d) for (x, y), d in zip(corners, depth, strict=True)]
    left, top = min(x for x, _ in seen), min(y for _, y in seen)
    size = round(max(x for x, _ in seen) - left), round(max(y for _, y in seen) - top)
    rows: list[list[float]] = []
    wanted: list[float] = []
    for (x, y), (u, v) in zip(corners, seen, strict=True):
        to, at = (u - left, v - top), (x + half, y + height / 2)
        rows += [[*to, 1, 0, 0, 0, *(-at[0] * side for side in to)], [0, 0, 0, *to, 1, *(-at[1] * side for side in to)]]
        wanted += at
    matrix = np.linalg.solve(np.array(rows), np.array(wanted))
    return image.transform(size, Image.Transform.PERSPECTIVE, tuple(matrix), Image.Resampling.BILINEAR, fillcolor=120)


def symbols_of(made: Label, medium: Medium) -> list[Bits]:
    """The QR, and the bars where there are any."""
    return [shape for shape in lay_out_on(made, medium) if isinstance(shape, Bits)]


def shares(medium: Medium, damage: Damage, tilt: float, noise: float) -> tuple[str, str]:
    """How many of the shots give the QR and the Code128 back, in per cent; "" for no bars."""
    read_qr = read_bars = 0
    for shot in range(SHOTS_EACH):
        chance = random.Random(shot)  # noqa: S311 - the same shots each time, on purpose
        made = label(shot)
        symbols = symbols_of(made, medium)
        hurt = damage(whole(shot, medium).copy(), symbols[0], chance)
        found = {symbol.text for symbol in zxingcpp.read_barcodes(photographed(hurt, tilt, noise, chance))}
        read_qr += made.url in found
        read_bars += made.code in found
    bars = f"{100 * read_bars / SHOTS_EACH:.0f}" if len(symbols) > 1 else ""
    return f"{100 * read_qr / SHOTS_EACH:.0f}", bars


def table() -> Iterator[str]:
    chosen = [(name, media(number)) for name, number in DESIGNS.items()]
    barred = [name for name, medium in chosen if len(symbols_of(label(1), medium)) > 1]
    heads = [*(f"QR, {name}" for name, _ in chosen), *(f"Code128, {name}" for name in barred)]
    yield "| damage | " + " | ".join(heads) + " |"
    yield "|---|" + "--:|" * len(heads)
    for words, damage, tilt, noise in DAMAGES:
        measured = {name: shares(medium, damage, tilt, noise) for name, medium in chosen}
        figures = [*(measured[name][0] for name, _ in chosen), *(measured[name][1] for name in barred)]
        print(words, *figures, flush=True)
        # Scratches and patches are laid over the QR alone.
        over_qr = "scratch" in words or "data area" in words
        shown = [*figures[: len(chosen)], *("" if over_qr else figure for figure in figures[len(chosen) :])]
        yield f"| {words} | " + " | ".join(shown) + " |"


def sizes() -> Iterator[str]:
    yield "| design | medium | module, mm | QR without quiet zone, mm | Code128: bar, mm | height, mm |"
    yield "|---|---|--:|--:|--:|--:|"
    for name, number in DESIGNS.items():
        qr, *bars = symbols_of(label(1), media(number))
        lines = f"{bars[0].wide:.3f} | {bars[0].tall:.1f}" if bars else " | "
        yield f"| {name} | {number} | {qr.wide:.3f} | {qr.box.width:.1f} | {lines} |"


def draw_pictures() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, number in DESIGNS.items():
        medium = media(number)
        each = [label(1), replace(label(2), funding=FUNDING["2014-2020"]), replace(label(3), word="chargeur")]
        images = [printed(made, medium, 16, colour=True).convert("RGB") for made in each]
        gap = 24
        width = sum(image.width for image in images) + gap * (len(images) + 1)
        strip = Image.new("RGB", (width, images[0].height + 2 * gap), (225, 225, 225))
        left = gap
        for image in images:
            strip.paste(image, (left, gap))
            left += image.width + gap
        strip.quantize(64).save(SHOTS / f"{name}.png", optimize=True)


def main() -> None:
    blocks = {"sizes": list(sizes()), "damage": list(table())}
    text = PAGE.read_text(encoding="utf-8")
    for mark, lines in blocks.items():
        block = "\n".join((f"<!-- {mark}: measured -->", *lines, f"<!-- {mark}: end -->"))
        text = re.sub(f"<!-- {mark}: measured -->.*?<!-- {mark}: end -->", block, text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")
    draw_pictures()


if __name__ == "__main__":
    main()
