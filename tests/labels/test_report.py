import re

import pytest
from PIL import Image, ImageOps

from labels import media
from tools import label_report as report


@pytest.fixture(autouse=True)
def _two_shots_each(monkeypatch):
    monkeypatch.setattr(report, "SHOTS_EACH", 2)


def test_what_is_whole_is_read_and_what_is_wiped_is_not():
    def wiped(image, _qr, _chance):
        return Image.new("L", image.size, 255)

    assert report.shares(media("L7160"), report.untouched, 10, 4) == ("100", "100")
    assert report.shares(media("L7651"), report.untouched, 10, 4) == ("100", "")
    assert report.shares(media("L7160"), wiped, 10, 4) == ("0", "0")


def test_a_patch_covers_its_share_of_the_data_and_no_finder_pattern():
    medium = media("L7160")
    for number in range(8):
        paper = Image.new("L", (1016, 610), 255)
        qr = report.symbols_of(report.label(number), medium)[0]
        hurt = report.covered(0.1, 0)(paper, qr, report.random.Random(number))
        patch = ImageOps.invert(hurt).getbbox()
        modules = [edge / report.FINE / qr.wide for edge in patch]
        area = (modules[2] - modules[0]) * (modules[3] - modules[1])
        assert area == pytest.approx(0.1 * (29**2 - 3 * 64), rel=0.12)
        left, top, right, bottom = (
            (edge / report.FINE - start) / qr.wide for edge, start in zip(patch, (qr.left, qr.top) * 2, strict=True)
        )
        for x, y in ((0, 0), (21, 0), (0, 21)):
            assert right <= x + 0.2 or left >= x + 7.8 or bottom <= y + 0.2 or top >= y + 7.8


def test_the_page_of_labels_holds_what_the_report_measures_and_shows_each_design():
    text = report.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| +\d", text, re.MULTILINE)
    assert rows == [words for words, *_ in report.DAMAGES]
    for name, number in report.DESIGNS.items():
        assert f"| {name} | {number} |" in text
        assert f"shots/labels/{name}.png" in text
        assert (report.SHOTS / f"{name}.png").stat().st_size > 1000
