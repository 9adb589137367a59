from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app import photos
from app.errors import Refused
from app.photos import redrawn
from app.redrawing import LARGEST, LONGEST_SIDE

ROOT = Path(__file__).parents[2]


def sent(size: tuple[int, int] = (300, 200), kind: str = "JPEG", mode: str = "RGB", **how: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red").save(out, kind, **how)
    return out.getvalue()


def seen(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def noisy(size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_a_photo_of_any_usual_kind_is_kept_as_a_jpeg(kind: str, mode: str):
    kept = seen(redrawn(sent(kind=kind, mode=mode)))
    assert (kept.format, kept.size, kept.mode) == ("JPEG", (300, 200), "RGB")


def test_where_and_when_it_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x9286] = "secret"
    exif.get_ifd(0x8825)[2] = (50.0, 28.0, 0.0)
    content = sent(exif=exif, comment=b"secret")
    assert b"secret" in content
    kept = redrawn(content)
    assert (b"secret" in kept, dict(seen(kept).getexif())) == (False, {})


def test_a_photo_taken_upright_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    assert seen(redrawn(sent((300, 200), exif=exif))).size == (200, 300)


def test_a_large_photo_becomes_small_enough():
    kept = redrawn(noisy((1900, 1500)))
    assert len(kept) <= LARGEST
    assert max(seen(kept).size) <= LONGEST_SIDE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7",
        sent()[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        sent(kind="GIF", mode="P"),
    ],
    ids=["nothing", "half a gif", "pdf", "cut short", "svg", "gif"],
)
def test_what_is_no_photo_is_refused(content: bytes):
    with pytest.raises(Refused) as no:
        redrawn(content)
    assert (no.value.code, list(no.value.fields)) == ("not_a_photo", ["photo"])


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(Refused):
        redrawn(sent((9000, 9000), kind="PNG", mode="1"))


def png(width: int, height: int, pixels: int) -> bytes:
    """A PNG whose header says one size, and whose pixels unpack to another."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(pixels))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (png(30_000, 30_000, 3751 * 30_000), "trop grande"),
        (sent((3000, 2000))[:20_000], "pas entière"),
        (sent(kind="PNG")[:300], "pas entière"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "pas une photo lisible"),
    ],
    ids=["30,000 pixels a side", "half a jpeg", "half a png", "an svg named png"],
)
def test_each_bad_picture_has_its_own_sentence(app: Flask, content: bytes, says: str):
    with app.app_context(), pytest.raises(Refused) as no:
        redrawn(content)
    with app.app_context():
        assert says in str(no.value.words)


def test_more_pixels_than_the_header_says_are_not_unpacked():
    assert seen(redrawn(png(100, 100, 300_000_000))).size == (100, 100)


def test_of_a_picture_that_is_also_something_else_only_pixels_stay():
    kept = redrawn(sent() + b"PK\x03\x04<script>alert(1)</script>")
    assert (b"script" in kept, b"PK" in kept, seen(kept).size) == (False, False, (300, 200))


def test_what_takes_too_long_or_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    endless, greedy = tmp_path / "endless.py", tmp_path / "greedy.py"
    endless.write_text("while True: pass")
    limit = f"import sys; sys.path.insert(0, {str(ROOT / 'app')!r}); import redrawing; redrawing._limit(); "
    greedy.write_text(limit + "bytearray(10**9)")
    monkeypatch.setattr(photos, "PATIENCE", 1)
    for program in (endless, greedy):
        monkeypatch.setattr(photos, "_PROGRAM", program)
        with pytest.raises(Refused) as no:
            redrawn(sent())
        assert no.value.code == "not_a_photo"


def test_whoever_decodes_has_no_key_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    spy = tmp_path / "spy.py"
    spy.write_text("import os, sys; sys.stdout.write(repr(sorted(os.environ)))")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setattr(photos, "_PROGRAM", spy)
    assert b"SECRET" not in redrawn(sent())
