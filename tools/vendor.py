"""Other people's front-end files, kept in the repository.

python tools/vendor.py           compare the kept files with VENDOR.json; needs neither node nor network
python tools/vendor.py --update  fetch the locked packages with npm, copy the listed files, write VENDOR.json anew
"""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONT = ROOT / "tools" / "front"
SERVED, FOR_TESTS = "app/static/vendor", "tests/vendor"
LIST = f"{SERVED}/VENDOR.json"

GROTESQUE = "@fontsource-variable/bricolage-grotesque"
FILES = [  # package, file in it, where it is kept
    ("barcode-detector", "dist/es/ponyfill.js", f"{SERVED}/barcode-detector.js"),
    ("barcode-detector", "dist/es/zxing-exported.js", f"{SERVED}/zxing-exported.js"),
    ("barcode-detector", "LICENSE", f"{SERVED}/LICENSE.barcode-detector.txt"),
    ("zxing-wasm", "dist/reader/zxing_reader.wasm", f"{SERVED}/zxing_reader.wasm"),
    ("zxing-wasm", "LICENSE", f"{SERVED}/LICENSE.zxing-wasm.txt"),
    (
        GROTESQUE,
        "files/bricolage-grotesque-latin-wght-normal.woff2",
        f"{SERVED}/bricolage-grotesque-latin-wght-normal.woff2",
    ),
    (
        GROTESQUE,
        "files/bricolage-grotesque-latin-ext-wght-normal.woff2",
        f"{SERVED}/bricolage-grotesque-latin-ext-wght-normal.woff2",
    ),
    (GROTESQUE, "LICENSE", f"{SERVED}/LICENSE.bricolage-grotesque.txt"),
    ("axe-core", "axe.min.js", f"{FOR_TESTS}/axe.min.js"),
    ("axe-core", "LICENSE", f"{FOR_TESTS}/LICENSE.axe-core.txt"),
    ("axe-core", "LICENSE-3RD-PARTY.txt", f"{FOR_TESTS}/LICENSE.axe-core-3rd-party.txt"),
]
# zxing_reader.wasm is zxing-cpp compiled; the npm package does not carry that licence, so we do.
NOTICE = ("zxing-cpp.LICENSE.txt", f"{SERVED}/LICENSE.zxing-cpp.txt")


def digest(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def _keep(data: bytes, target: str, root: Path) -> dict[str, str | int]:
    path = root / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"file": target, "bytes": len(data), "integrity": digest(data)}


def _from_package(package: str, source: str, target: str, root: Path) -> dict[str, str | int]:
    folder = FRONT / "node_modules" / package
    about = json.loads((folder / "package.json").read_text())
    origin = {"package": package, "version": about["version"], "licence": about["license"], "source": source}
    return _keep((folder / source).read_bytes(), target, root) | origin


def update(root: Path = ROOT) -> None:
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FRONT, check=True)
    entries = [_from_package(*file, root) for file in FILES]
    notice: dict[str, str | int] = {
        "package": "zxing-cpp",
        "version": "inside zxing_reader.wasm",
        "licence": "Apache-2.0",
        "source": NOTICE[0],
    }
    entries.append(_keep((FRONT / NOTICE[0]).read_bytes(), NOTICE[1], root) | notice)
    (root / LIST).write_text(json.dumps(entries, indent=2) + "\n")


def faults(root: Path = ROOT) -> list[str]:
    """What is changed, missing or not listed, a sentence each."""
    listed = {entry["file"]: entry["integrity"] for entry in json.loads((root / LIST).read_text())}
    kept = {
        path.relative_to(root).as_posix(): path
        for folder in (SERVED, FOR_TESTS)
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    kept.pop(LIST)
    missing = [f"{file} is missing" for file in listed.keys() - kept.keys()]
    strays = [f"{file} is not listed" for file in kept.keys() - listed.keys()]
    changed = [
        f"{file} has changed" for file in listed.keys() & kept.keys() if digest(kept[file].read_bytes()) != listed[file]
    ]
    return sorted(missing + strays + changed)


def main(words: list[str]) -> None:
    if words == ["--update"]:
        update()
    elif words:
        sys.exit(__doc__)
    if found := faults():
        sys.exit("\n".join(found))
    print("vendored files are as listed")


if __name__ == "__main__":
    main(sys.argv[1:])
