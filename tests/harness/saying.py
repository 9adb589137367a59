"""How a test says that the house says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.errors import Refused
from app.words import spoken


@contextmanager
def refused(code: str, *fields: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The house says no with this code, naming these fields, in a sentence."""
    with pytest.raises(Refused) as no:
        yield no
    assert (no.value.code, sorted(no.value.fields)) == (code, sorted(fields))
    assert spoken(no.value.words)
