import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from labels import FUNDING, MEDIA, Calibration, media, render_pdf, render_png, render_test_page, render_zpl
from labels.cli import main
from labels.table import read_labels
from tests.labels.reading import pages, read
from tests.labels.samples import CONTACT, OWNER, label, refusal

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")
HEAD = "code,url,name,owner,contact,statement"
MADE = [
    label(1, name='Écran "24", po', owner=OWNER, contact=CONTACT, funding=FUNDING["2021-2027"]),
    label(2, name="Câble", owner=OWNER, contact=CONTACT),
]
LINES = [
    HEAD,
    f'{MADE[0].code},{MADE[0].url},"Écran ""24"", po",{OWNER},{CONTACT},2021-2027',
    f"{MADE[1].code},{MADE[1].url},Câble,{OWNER},{CONTACT},",
]
CSV = "\r\n".join(LINES) + "\r\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def run(*arguments, stdin: bytes = b""):
    """Exit status, output and errors of the real command."""
    command = [sys.executable, "-m", "labels", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_a_csv_says_what_stands_on_its_labels():
    assert read_labels(CSV.encode()) == MADE
    assert read_labels(b"\xef\xbb\xbf" + CSV.encode()) == MADE
    free = f"url,code,statement,word\n{MADE[1].url},{MADE[1].code},Union européenne|FEDER,housse\n"
    (made,) = read_labels(free.encode())
    assert (made.word, made.funding.statement) == ("housse", ("Union européenne", "FEDER"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code,name\n",
        "code,url,price\n",
        "code,url,code\n",
        "code,url\nDCLBTRXN\n",
        "code,url\nDCLBTRXN,HTTPS://X.FR/E/DCLBTRXN,more\n",
        'code,url\n"DCLBTRXN,HTTPS://X.FR/E/DCLBTRXN\n',
    ],
)
def test_a_table_that_is_none_is_refused(text):
    assert refusal(lambda: read_labels(text.encode())) == "bad_csv"


def test_a_table_in_another_encoding_is_refused():
    assert refusal(lambda: read_labels(CSV.encode("latin-1"))) == "bad_csv"


def test_a_wrong_label_is_refused_with_its_line(capsys, table):
    table.write_text(CSV + "DCLBTRXH,HTTPS://X.FR/E/DCLBTRXH,,,,\n", encoding="utf-8")
    assert main(["pdf", "--medium", "L7160", "--in", str(table), "-o", "-"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "bad_code: line 4: 'DCLBTRXH' is not a right code\n"


def test_a_pdf_is_the_librarys_own(tmp_path, table):
    out = tmp_path / "out.pdf"
    asked = ["pdf", "--medium", "avery l7160", "--start-at", "6", "--skip", "7", "9", "--ink", "black", "--dx", "0.5"]
    assert main([*asked, "--sy", "0.999", "--in", str(table), "-o", str(out)]) == 0
    tuned = Calibration(dx=0.5, sy=0.999)
    wanted = render_pdf(MADE, "L7160", start_at=6, skip={7, 9}, ink="black", calibration=tuned)
    assert out.read_bytes() == wanted


def test_a_command_reads_and_writes_the_standard_streams():
    status, out, err = run("pdf", "--medium", "L7651", stdin=CSV.encode())
    assert (status, err) == (0, "")
    assert out == render_pdf(MADE, "L7651")


def test_zpl_and_test_page_are_the_librarys_own(capsysbinary, table):
    assert main(["zpl", "--medium", "zebra-57x32", "--compression", "acs", "--in", str(table)]) == 0
    assert capsysbinary.readouterr().out == render_zpl(MADE, "ZEBRA-57X32", compression="acs")
    assert main(["test-page", "--medium", "L4776", "--dy", "-1"]) == 0
    assert capsysbinary.readouterr().out == render_test_page("L4776", calibration=Calibration(dy=-1))


def test_several_pngs_go_to_a_folder_each_under_its_code(tmp_path, table, capsys):
    table.write_text(CSV + LINES[2] + "\n", encoding="utf-8")
    assert main(["png", "--medium", "DK-11209", "--in", str(table), "-o", str(tmp_path / "one.png")]) == 2
    assert "one_png_a_label" in capsys.readouterr().err
    folder = tmp_path / "out"
    folder.mkdir()
    assert main(["png", "--medium", "DK-11209", "--in", str(table), "-o", str(folder)]) == 0
    first, second = (made.code for made in MADE)
    assert {path.name for path in folder.iterdir()} == {f"{first}.png", f"{second}.png", f"{second}-2.png"}
    assert (folder / f"{first}.png").read_bytes() == render_png(MADE[0], "DK-11209")


def test_one_png_goes_where_it_is_told(capsysbinary, table):
    table.write_text("\n".join(LINES[:2]), encoding="utf-8")
    assert main(["png", "--medium", "ZEBRA-51X25", "--in", str(table)]) == 0
    assert Image.open(io.BytesIO(capsysbinary.readouterr().out)).size == (408, 200)


def test_media_lists_each_with_its_size_and_what_to_measure_first(capsys):
    assert main(["media"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [medium.id for medium in MEDIA]
    assert [medium.id for medium, line in zip(MEDIA, lines, strict=True) if "test page first" in line] == [
        medium.id for medium in MEDIA if medium.derived
    ]
    assert "63.5 x 38.1 mm; 21 a sheet; also J8160" in lines[0]
    assert all(alias in line for medium, line in zip(MEDIA, lines, strict=True) for alias in medium.aliases)


def test_check_says_codes_as_they_are_printed_and_proposes_the_neighbours_of_a_wrong_one(capsys):
    assert main(["check", "dclbtrxn", "HTTPS://X.FR/E/DCLBTRXN"]) == 0
    assert capsys.readouterr().out == "DCLB TRXN\nDCLB TRXN\n"
    assert main(["check", "DCBL TRXN"]) == 2
    assert capsys.readouterr().err.startswith("bad_code: 'DCBL TRXN' is not a right code; DCLB TRXN")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pdf", "--medium", "L7166"], "unknown_medium: no 'L7166'; there is L7165"),
        (["pdf", "--medium", "L7160", "--start-at", "22"], "start_at_out_of_range"),
        (["pdf", "--medium", "L7160", "--dx", "6"], "calibration_out_of_range"),
        (["pdf", "--medium", "L7160", "--in", "/nowhere.csv"], "/nowhere.csv: No such file"),
        (["zpl", "--medium", "L7160"], "not_a_roll"),
        (["test-page", "--medium", "L9"], "unknown_medium"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_one_line(monkeypatch, capsys, arguments, said):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CSV.encode())))
    assert main(arguments) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["pdf"], ["pages"], ["pdf", "--medium", "L7160", "--ink", "red"]])
def test_wrong_use_ends_with_two(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage:")


def test_the_example_of_the_docs_makes_three_labels_from_the_sixth_place_on(tmp_path, monkeypatch):
    example = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    exec(example, names := {})
    (page,) = pages((tmp_path / "labels.pdf").read_bytes())
    sheet = media("L7160")
    code = names["label"].code
    assert [position for position in range(1, 22) if code in read(page, sheet, position)] == [6, 7, 8]


@pytest.mark.parametrize("command", re.findall(r"^    python -m labels (\S+)", DOCS, re.MULTILINE))
def test_every_command_of_the_docs_is_one(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out
