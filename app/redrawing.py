"""Runs as a program of its own, with little memory and time: a picture comes in, a small JPEG of its pixels goes out.

What decodes files of strangers may be tricked; here it holds no database, no key and no request, and ends by itself.
It imports nothing of ours, and sets its limits itself: no fork with our threads and connections is needed for it.
Its exit code says what became of it (`ENDS`).
"""

from __future__ import annotations

import sys
import warnings
from io import BytesIO

from PIL import Image, ImageFile, ImageOps

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of whoever waits stands there too
    resource = None  # type: ignore[assignment]

KINDS = ("JPEG", "PNG", "WEBP")
MEMORY = 512 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of computing
LONGEST_SIDE = 1600  # pixels
MOST_PIXELS = 40_000_000  # a phone's best; beyond it a small file may unpack to gigabytes
LARGEST = 400_000  # bytes stored
ENDS = {"drawn": 0, "unreadable": 3, "too_large": 4, "cut_short": 5}


def main() -> int:
    _limit()
    content = sys.stdin.buffer.read()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            drawn = _small(_pixels(content))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError, _TooLargeError):
        return ENDS["too_large"]
    except (OSError, ValueError, SyntaxError, EOFError) as wrong:
        return ENDS["cut_short" if _cut_short(content, wrong) else "unreadable"]
    sys.stdout.buffer.write(drawn)
    return ENDS["drawn"]


class _TooLargeError(Exception):
    pass


def _limit() -> None:
    if resource is None:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def _pixels(content: bytes) -> Image.Image:
    """The picture, upright and no larger than wanted, without anything its file told beside."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture: Image.Image = Image.open(BytesIO(content), formats=KINDS)
    if picture.width * picture.height > MOST_PIXELS:
        raise _TooLargeError
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    bare = Image.new("RGB", upright.size)  # a picture carries its file's comments along, pixels do not
    bare.paste(upright)
    return bare


def _small(picture: Image.Image) -> bytes:
    """Rather a little softer than too large."""
    for quality in (85, 75, 60, 45, 30):
        kept = BytesIO()
        picture.save(kept, "JPEG", quality=quality, optimize=True)
        if kept.tell() <= LARGEST:
            return kept.getvalue()
    picture.thumbnail((picture.width // 2, picture.height // 2))
    return _small(picture)


def _cut_short(content: bytes, wrong: Exception) -> bool:
    """Whether it began as a picture and ended too soon."""
    begins = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
    told = str(wrong).lower()
    return content.startswith(begins) and any(word in told for word in ("truncated", "not processed", "eof", "broken"))


if __name__ == "__main__":
    sys.exit(main())
