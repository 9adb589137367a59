"""Models that social centres often have, to be chosen instead of typed. Parts are in French, as on their cards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usual:
    maker: str
    name: str
    category: str
    parts: str


MODELS = (
    Usual("Lenovo", "ThinkPad L14", "laptop", "chargeur, housse"),
    Usual("HP", "ProBook 450", "laptop", "chargeur, housse"),
    Usual("Dell", "Latitude 3540", "laptop", "chargeur, housse"),
    Usual("Samsung", "Galaxy Tab A9+", "tablet", "chargeur, étui"),
    Usual("Lenovo", "Tab M10", "tablet", "chargeur, étui"),
    Usual("TP-Link", "M7200", "router", "câble USB"),
    Usual("Prusa", "MK4", "printer3d", "câble, spatule"),
    Usual("Creality", "Ender-3", "printer3d", "câble, spatule"),
)
