from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from app.errors import Refused
from app.photos import redrawn
from app.redrawing import LARGEST, LONGEST_SIDE


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
