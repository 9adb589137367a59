"""Clips for Chromium's make-believe camera: a label held before a lens, as y4m (640 x 480, grey)."""

import io
from pathlib import Path

import barcode
import numpy as np
import qrcode
from PIL import Image

WIDTH, HEIGHT = 640, 480
GREY = 200


def qr(text: str, module: int = 6) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=module, border=4)
    code.add_data(text)
    stream = io.BytesIO()
    code.make_image().save(stream)
    return Image.open(stream).convert("L")


def code128(text: str, module: int = 2, height: int = 90) -> Image.Image:
    bits = "0" * 10 + barcode.get("code128", text).build()[0] + "0" * 10
    row = np.repeat(np.where(np.array(list(bits)) == "1", 0, 255).astype("uint8"), module)
    return Image.fromarray(np.tile(row, (height, 1)))


def write(path: Path, picture: Image.Image, *, turned: float = 8) -> Path:
    """Six frames of the picture on a grey table, a little askew, as hands do."""
    table = Image.new("L", (WIDTH, HEIGHT), GREY)
    table.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
    seen = np.asarray(table.rotate(turned, Image.Resampling.BICUBIC, fillcolor=GREY), dtype=float)
    frame = (16 + seen * 219 / 255).astype("uint8").tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420mpeg2\n".encode() + (b"FRAME\n" + frame) * 6)
    return path
