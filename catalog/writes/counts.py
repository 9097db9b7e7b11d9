"""How many records a load created, changed, found unchanged, left out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
