"""The command line: `python -m labels pdf --medium L7160 --start-at 6 --in labels.csv -o out.pdf`.

Labels are CSV (see `table.py`); "-" is the standard input or output. Exit status 0: done; 2: wrong use, or a LabelError
in one line on the standard error.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import codes
from .bitmap import render_png
from .calibration import Calibration
from .errors import LabelError
from .label import Label
from .media import MEDIA, Medium, Roll
from .pdf import render_pdf
from .table import read_labels
from .test_page import render_test_page
from .zpl import render_zpl


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; the exit status. Wrong use ends in SystemExit(2), as argparse does."""
    asked = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], None] = asked.act
    try:
        act(asked)
    except LabelError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'output'}: {error.strerror}")
    return 0


def _failed(why: str) -> int:
    sys.stderr.write(" ".join(why.split()) + "\n")
    return 2


def _media(asked: argparse.Namespace) -> None:
    _write(asked.out, "".join(f"{line}\n" for line in map(_described, MEDIA)).encode())


def _described(medium: Medium) -> str:
    size = f"{medium.width:g} x {medium.height:g} mm"
    if isinstance(medium, Roll):
        count = f"{medium.dots[0]} x {medium.dots[1]} dots, {25.4 * medium.dots_per_mm:g} dpi"
    else:
        count = f"{medium.per_page} a sheet"
    notes = ["DERIVED: measure with the test page first"] if medium.derived else []
    also = ["also " + ", ".join(medium.aliases)] if medium.aliases else []
    return "; ".join([f"{medium.id:<18}{size}", count, *notes, *also])


def _pdf(asked: argparse.Namespace) -> None:
    drawn = render_pdf(
        _read(asked),
        asked.medium,
        start_at=asked.start_at,
        skip=frozenset(asked.skip),
        calibration=_calibration(asked),
        ink=asked.ink,
        missing=asked.missing,
    )
    _write(asked.out, drawn)


def _png(asked: argparse.Namespace) -> None:
    """One label to a file, or each to `<code>.png` in a folder."""
    labels = _read(asked)
    folder = Path(asked.out)
    if not folder.is_dir() and len(labels) != 1:
        raise LabelError("one_png_a_label", f"{len(labels)} labels: name one folder that is there, not {asked.out!r}")
    for name, label in zip(_names(labels), labels, strict=True):
        out = str(folder / name) if folder.is_dir() else asked.out
        _write(out, render_png(label, asked.medium, missing=asked.missing))


def _names(labels: Sequence[Label]) -> Iterator[str]:
    """A file name for each label: its code, with a number where it comes again."""
    seen: dict[str, int] = {}
    for label in labels:
        seen[label.code] = seen.get(label.code, 0) + 1
        yield f"{label.code}-{seen[label.code]}.png" if seen[label.code] > 1 else f"{label.code}.png"


def _zpl(asked: argparse.Namespace) -> None:
    _write(asked.out, render_zpl(_read(asked), asked.medium, compression=asked.compression, missing=asked.missing))


def _test_page(asked: argparse.Namespace) -> None:
    _write(asked.out, render_test_page(asked.medium, calibration=_calibration(asked)))


def _check(asked: argparse.Namespace) -> None:
    """Each code as it is printed; LabelError `bad_code` with its neighbours for the first wrong one."""
    for text in asked.codes:
        code = codes.parse(text)
        if code is None:
            near = ", ".join(map(codes.grouped, codes.neighbours(text)[:3]))
            raise LabelError("bad_code", f"{text[:40]!r} is not a right code" + (f"; {near}?" if near else ""))
        _write("-", f"{codes.grouped(code)}\n".encode())


def _calibration(asked: argparse.Namespace) -> Calibration:
    return Calibration(asked.dx, asked.dy, asked.sx, asked.sy)


def _read(asked: argparse.Namespace) -> list[Label]:
    return read_labels(sys.stdin.buffer.read() if asked.source == "-" else Path(asked.source).read_bytes())


def _write(out: str, made: bytes) -> None:
    if out == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    else:
        Path(out).write_bytes(made)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m labels", description="Labels with codes that last.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[argparse.Namespace], None], says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(act=act)
        return made

    _adding_out(command("media", _media, "list what can be printed on"))
    _adding_pdf(command("pdf", _pdf, "sheets, or a roll with one label a page"))
    _adding_labels(command("png", _png, "a label in the exact dots of a medium"))
    _adding_zpl(command("zpl", _zpl, "a roll for Zebra printers"))
    _adding_test_page(command("test-page", _test_page, "dies and rulers, to print on plain paper first"))
    command("check", _check, "whether codes are right").add_argument("codes", nargs="+", metavar="CODE")
    return parser


def _adding_out(to: argparse.ArgumentParser) -> None:
    to.add_argument("-o", "--out", default="-", metavar="FILE", help="- (the default) is the standard output")


def _adding_labels(to: argparse.ArgumentParser) -> None:
    _adding_out(to)
    to.add_argument("--medium", required=True, metavar="NUMBER", help="a part number: L7160, DK-11209")
    to.add_argument("--in", dest="source", default="-", metavar="CSV", help="- (the default) is the standard input")
    to.add_argument("--missing", choices=("error", "replace"), default="error", help="letters that no font has")


def _adding_pdf(to: argparse.ArgumentParser) -> None:
    _adding_labels(to)
    to.add_argument("--start-at", type=int, default=1, metavar="N", help="the first free label, along the row")
    to.add_argument(
        "--skip", type=int, nargs="*", default=[], metavar="N", help="labels of the first page to leave out"
    )
    to.add_argument("--ink", choices=("colour", "black"), help="of the medium if not said")
    _adding_calibration(to)


def _adding_zpl(to: argparse.ArgumentParser) -> None:
    _adding_labels(to)
    to.add_argument("--compression", choices=("z64", "acs", "none"), default="z64", help="acs or none: old firmware")


def _adding_test_page(to: argparse.ArgumentParser) -> None:
    _adding_out(to)
    to.add_argument("--medium", required=True, metavar="NUMBER")
    _adding_calibration(to)


def _adding_calibration(to: argparse.ArgumentParser) -> None:
    for name, usual, says in (("x", "mm to the right", "across"), ("y", "mm downwards", "along")):
        to.add_argument(f"--d{name}", type=float, default=0, metavar="MM", help=usual)
        to.add_argument(f"--s{name}", type=float, default=1, metavar="SCALE", help=f"scale {says} the page")
