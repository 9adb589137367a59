"""What a route says to programs, declared beside it; the OpenAPI document is drawn from these declarations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from app.inputs import Input

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Spoken:
    """`takes`: the body; `asks`: the words of the address; `gives`: the answer.

    `refuses`: the codes of 409; `doubts`: those of 422 beside `invalid`.
    """

    takes: type[Input] | None = None
    asks: type[Input] | None = None
    gives: type[BaseModel] | None = None
    media: str = "application/json"
    made: bool = False
    refuses: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def spoken(
    *,
    takes: type[Input] | None = None,
    asks: type[Input] | None = None,
    gives: type[BaseModel] | None = None,
    media: str = "application/json",
    made: bool = False,
    refuses: tuple[str, ...] = (),
    doubts: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Declare a route's part of the contract for programs (design 5b). `made`: success is 201 with Location."""

    def mark(view: F) -> F:
        view.spoken = Spoken(takes, asks, gives, media, made, refuses, doubts)  # type: ignore[attr-defined]
        return view

    return mark
