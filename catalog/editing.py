"""One write as both faces offer it: what it would change, or what it left."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from catalog import db, differences
from catalog.context import Context, Principal
from catalog.differences import Change
from catalog.reads import stored
from catalog.reads.stored import one
from catalog.writes import deletion, single
from catalog.writes.inputs import Record, TranslationRecord
from catalog.writes.staging import Lists, Mode, Result

__all__ = ["Change", "Noun", "Saved", "delete", "restore", "save"]

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
class Saved:
    """`changes` are told of a dry run alone."""

    result: Result
    changes: tuple[Change, ...] = ()


async def save(
    record: Record,
    *,
    target: int | None = None,
    variant: int | None = None,
    mode: Mode = "upsert",
    if_version: int | None = None,
    lists: Lists = "merge",
    dry_run: bool = False,
) -> Saved:
    """Raises as `single.write` does. Joins the caller's unit of work; a dry run is taken back, and
    its result has no id for what it would have created."""

    async def write() -> Result:
        return await single.write(
            record,
            target=target,
            variant=variant,
            mode=mode,
            if_version=if_version,
            lists=lists,
        )

    if dry_run:
        noun = record.kind if isinstance(record, TranslationRecord) else None
        return await _tried(write, lambda stored_record: stored_record, noun=noun)
    async with db.unit_of_work():
        return Saved(await write())


async def delete(
    noun: Noun, id: int, *, if_version: int | None = None, dry_run: bool = False
) -> Saved:
    """Soft: frees its keys, keeps the rest for `restore`. Raises `NotFound`, `VersionConflict`, and
    `Invalid` where something still needs it. A dry run tells the names and keys that would go."""

    async def write() -> Result:
        return await deletion.delete(noun, id, if_version=if_version)

    return await _tried(write, _names) if dry_run else Saved(await write())


async def restore(noun: Noun, id: int) -> Saved:
    """Raises `NotFound`, and `Invalid` that names who has its keys meanwhile."""
    return Saved(await deletion.restore(noun, id))


Stored = stored.Record | None


async def _tried(
    write: Callable[[], Awaitable[Result]],
    told: Callable[[Stored], Stored],
    *,
    noun: str | None = None,
) -> Saved:
    """Write, see what that changes of what is `told`, and take it back. `noun` is what the result's
    id is of, where the result does not say so."""
    async with db.unit_of_work() as connection:
        async with _taken_back(connection):
            result = await write()
            after = await _stored(noun or result.noun, result.id)
        before = await _stored(noun or result.noun, result.id)
    if result.status == "created":
        result = replace(result, id=None)
    return Saved(result, differences.between(told(before), told(after)))


@asynccontextmanager
async def _taken_back(connection: db.Connection) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def _stored(noun: str, id: int | None) -> Stored:
    """With everything in it: what is read here only ever tells a writer of his own write."""
    if id is None:
        return None
    reader = Principal(scopes=frozenset({"catalog:read"}))
    ctx = Context(reader, 0, "", "", "", (), datetime.now(UTC))
    async with db.uncommitted():
        return await one.by_id(ctx, noun, id)


_NAMES = ("external_id", "sku", "slug", "code", "name")


def _names(record: Stored) -> Stored:
    if record is None:
        return None
    variants = record.get("variants")
    named = {name: record[name] for name in _NAMES if name in record}
    if isinstance(variants, list):
        named["variants"] = [_names(variant) or {} for variant in variants]
    return named
