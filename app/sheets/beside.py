"""Files beside the tables of an archive of ours: photos and documents, each unpacked when its turn comes."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from app.errors import Refused
from app.sheets.limits import LARGEST, unreadable
from app.words import _


class Beside:
    """What lies beside the tables of this file; nothing when it is no archive."""

    def __init__(self, archive: Path | None) -> None:
        self._archive = archive if archive and zipfile.is_zipfile(archive) else None

    def read(self, name: str) -> bytes:
        """Raises `Refused` (422) when there is no such file, or one too large, or it cannot be unpacked."""
        if self._archive is None:
            raise _missing()
        try:
            with zipfile.ZipFile(self._archive) as opened:
                if opened.getinfo(name).file_size > LARGEST:
                    words = _("It is too large: at most %(n)s MB.", n=LARGEST // 2**20)
                    raise Refused("too_large", words, status=422, fields={"file": words})
                return opened.read(name)
        except KeyError as none:
            raise _missing() from none
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as broken:
            raise unreadable(_("It is damaged.")) from broken


def _missing() -> Refused:
    return unreadable(_("It does not lie in the archive."), "file_missing")


def holds_files(content: bytes) -> bool:
    """Whether files lie beside the tables."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            names = opened.namelist()
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" not in names and any(not name.lower().endswith(".csv") for name in names)
