import json
import shutil

import pytest

from tools import vendor


@pytest.fixture
def copy(tmp_path):
    for folder in (vendor.SERVED, vendor.FOR_TESTS):
        shutil.copytree(vendor.ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_kept_files_are_as_listed():
    assert vendor.faults() == []


def test_a_changed_byte_is_found(copy):
    wasm = copy / vendor.SERVED / "zxing_reader.wasm"
    data = bytearray(wasm.read_bytes())
    data[1000] ^= 1
    wasm.write_bytes(data)
    assert vendor.faults(copy) == [f"{vendor.SERVED}/zxing_reader.wasm has changed"]


def test_a_stray_file_and_a_missing_one_are_found(copy):
    (copy / vendor.SERVED / "tracker.js").write_text("")
    (copy / vendor.FOR_TESTS / "axe.min.js").unlink()
    assert vendor.faults(copy) == [
        f"{vendor.SERVED}/tracker.js is not listed",
        f"{vendor.FOR_TESTS}/axe.min.js is missing",
    ]


def test_every_package_has_its_licence_and_the_locked_version():
    listed = json.loads((vendor.ROOT / vendor.LIST).read_text())
    locked = json.loads((vendor.FRONT / "package-lock.json").read_text())["packages"]
    packages = {entry["package"] for entry in listed}
    assert packages == {entry["package"] for entry in listed if "LICENSE" in entry["file"]}
    versions = {entry["package"]: entry["version"] for entry in listed if entry["package"] != "zxing-cpp"}
    assert versions == {name: locked[f"node_modules/{name}"]["version"] for name in versions}
