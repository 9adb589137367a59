"""Inputs and answers of the set-up itself; its acts are those of the wings below."""

from __future__ import annotations

from app.inputs import Answer, Input


class TrialLetter(Input):
    """A letter to oneself, to see whether letters arrive."""


class StepAnswer(Answer):
    name: str
    done: bool
    matters: bool


class SetupAnswer(Answer):
    """How far the installation is."""

    steps: list[StepAnswer]
