"""Inputs of the agreement's text."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.inputs import TIDY, Act


class WriteTerms(Act):
    words: Annotated[str, Field(min_length=1, max_length=20_000), TIDY]


class RevertTerms(Act):
    """Back to the text that is shipped."""
