"""One write as both faces offer it: what it would change, or what it left."""

from dataclasses import dataclass
from typing import Literal

from catalog.writes import single
from catalog.writes.inputs import Record
from catalog.writes.staging import Lists, Mode, Result

Noun = Literal[
    "product",
    "variant",
    "category",
    "collection",
    "brand",
    "attribute",
    "product_type",
    "channel",
    "stock_location",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that a write makes; null stands for what was, or will not be, there."""

    path: tuple[str | int, ...]
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Saved:
    """`changes` are told of a dry run alone."""

    result: Result
    changes: tuple[Change, ...] = ()


async def save(
    record: Record,
    *,
    target: int | None = None,
    mode: Mode = "upsert",
    if_version: int | None = None,
    lists: Lists = "merge",
    dry_run: bool = False,
) -> Saved:
    """Raises as `single.write` does. Joins the caller's unit of work; a dry run is taken back."""
    raise NotImplementedError


async def delete(
    noun: Noun, id: int, *, if_version: int | None = None, dry_run: bool = False
) -> Saved:
    """Soft: frees its keys, keeps the rest for `restore`. Raises `NotFound`, `VersionConflict`, and
    `Invalid` where something still needs it."""
    raise NotImplementedError


async def restore(noun: Noun, id: int) -> Saved:
    """Raises `NotFound`, and `Invalid` that names who has its keys meanwhile."""
    raise NotImplementedError
