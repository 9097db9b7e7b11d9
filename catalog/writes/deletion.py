"""Soft deletion: what is deleted frees its keys and keeps all the rest, for a restore.

A product goes with its variants, each with its translations, all at one instant: by that a restore
knows what went together, and leaves deleted what had been deleted before.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from catalog.db import Connection, Record, unit_of_work
from catalog.errors import BadRequest, Invalid, NotFound, VersionConflict
from catalog.writes import nouns, obstacles
from catalog.writes.collisions import told
from catalog.writes.nouns import Noun
from catalog.writes.staging import Result

PRODUCT = Noun("stage_product", "product", "slug", (), versioned=True)
VARIANT = Noun("stage_variant", "variant", "sku", (), versioned=True)
NOUNS: Mapping[str, Noun] = {
    noun.table: noun
    for noun in (
        PRODUCT,
        VARIANT,
        nouns.CATEGORY,
        nouns.COLLECTION,
        nouns.BRAND,
        nouns.ATTRIBUTE,
        nouns.TYPE,
        nouns.CHANNEL,
        nouns.LOCATION,
    )
}


@dataclass(frozen=True, slots=True)
class _Held:
    """A row locked for a change of it, with all that goes and comes back with it: ids by kind."""

    noun: Noun
    id: int
    external_id: str | None
    version: int | None
    deleted_at: datetime | None
    moment: datetime
    whole: Mapping[str, Sequence[int]]


async def delete(noun: str, id: int, *, if_version: int | None = None) -> Result:
    """Joins the caller's unit of work. Raises `NotFound` for what is not there or deleted already,
    `VersionConflict`, `Invalid` where something needs it, `BadRequest` for the version of a noun
    that has none, `Conflict` when somebody else is writing it just now."""
    async with _alone() as connection:
        held = await _hold(connection, NOUNS[noun], id)
        if held is None or held.deleted_at is not None:
            raise NotFound(f"there is no {noun} with the id {id}", path=("id",))
        _match_version(held, if_version)
        flaws = await obstacles.to_deletion(connection, noun, id)
        if flaws:
            raise Invalid(flaws)
        await _mark(connection, held, held.moment)
        return _result(held)


async def restore(noun: str, id: int) -> Result:
    """Brings back what went with the deletion. Joins the caller's unit of work. Raises `NotFound`
    for what is not there or not deleted, `Invalid` where somebody has its keys meanwhile or what it
    belongs to is deleted, `Conflict` when somebody else is writing it, or takes a key, just now."""
    async with _alone() as connection:
        held = await _hold(connection, NOUNS[noun], id)
        if held is None or held.deleted_at is None:
            raise NotFound(f"there is no deleted {noun} with the id {id}", path=("id",))
        flaws = await obstacles.to_restoration(connection, held.noun, held.whole, held.deleted_at)
        if flaws:
            raise Invalid(flaws)
        await _mark(connection, held, None)
        await _forget_slugs(connection, held)
        return _result(held)


@asynccontextmanager
async def _alone() -> AsyncIterator[Connection]:
    with told("try again"):
        async with unit_of_work() as connection:
            yield connection


# Writers of a product lock it before its variants: in another order two would wait for each other.
_LOCK_PRODUCT = """
SELECT id FROM product WHERE id = (SELECT product_id FROM variant WHERE id = $1) FOR UPDATE
"""

# The clock, as a transaction may delete a variant and then its product, which are to be two.
_LOCK = """
SELECT external_id, deleted_at, clock_timestamp() AS moment, {version} AS version
FROM {table} WHERE id = $1 FOR UPDATE
"""

# Served by variant_product_id_position_id_idx.
_VARIANTS = """
SELECT id FROM variant
WHERE product_id = $1 AND deleted_at IS NOT DISTINCT FROM $2
ORDER BY id FOR UPDATE
"""

# Served by attribute_option_attribute_id_code_key.
_OPTIONS = "SELECT id FROM attribute_option WHERE attribute_id = $1 ORDER BY id"


async def _hold(connection: Connection, noun: Noun, id: int) -> _Held | None:
    if noun is VARIANT:
        await connection.execute(_LOCK_PRODUCT, id)
    version = "version" if noun.versioned else "NULL::int"
    row = await connection.fetchrow(_LOCK.format(table=noun.table, version=version), id)
    if row is None:
        return None
    whole = {noun.table: [id]} | await _parts(connection, noun, id, row["deleted_at"])
    return _Held(noun, id, whole=whole, **row)


async def _parts(
    connection: Connection, noun: Noun, id: int, deleted_at: datetime | None
) -> dict[str, list[int]]:
    if noun is PRODUCT:
        return {"variant": _ids(await connection.fetch(_VARIANTS, id, deleted_at))}
    if noun is nouns.ATTRIBUTE:
        return {"option": _ids(await connection.fetch(_OPTIONS, id))}
    return {}


def _ids(rows: Sequence[Record]) -> list[int]:
    return [row["id"] for row in rows]


def _match_version(held: _Held, asked: int | None) -> None:
    if asked is None:
        return
    if held.version is None:
        raise BadRequest(f"a {held.noun.table} has no version to compare", path=("if_version",))
    if asked != held.version:
        raise VersionConflict(
            f"it is at version {held.version} by now, not {asked}; read it again",
            path=("if_version",),
        )


_MARK = "UPDATE {table} SET {changes} WHERE id = ANY ($1::int[])"

# Served by translation_kind_entity_id_locale_key.
_MARK_TRANSLATIONS = """
UPDATE translation SET deleted_at = $3
WHERE kind = $1 AND entity_id = ANY ($2::int[]) AND deleted_at IS NOT DISTINCT FROM $4
"""

_TOUCH_PRODUCT = """
UPDATE product SET version = version + 1, updated_at = now()
WHERE id = (SELECT product_id FROM variant WHERE id = $1)
"""


async def _mark(connection: Connection, held: _Held, moment: datetime | None) -> None:
    """As deleted at that moment, or as there again."""
    for kind, ids in held.whole.items():
        if kind in NOUNS:
            await connection.execute(_marking(NOUNS[kind]), ids, moment)
        await connection.execute(_MARK_TRANSLATIONS, kind, ids, moment, held.deleted_at)
    if held.noun is VARIANT:
        await connection.execute(_TOUCH_PRODUCT, held.id)


def _marking(noun: Noun) -> str:
    version = ", version = version + 1" if noun.versioned else ""
    return _MARK.format(table=noun.table, changes=f"deleted_at = $2, updated_at = now(){version}")


# An address in use is no longer somebody's old one. Served by slug_history_kind_slug_locale_key.
_FORGET_SLUG = """
DELETE FROM slug_history AS h USING {table} AS t
WHERE t.id = $1 AND h.kind = '{table}' AND h.locale = '' AND h.slug = t.slug
"""
_FORGET_TRANSLATED_SLUGS = """
DELETE FROM slug_history AS h USING translation AS t
WHERE t.kind = $1 AND t.entity_id = $2 AND t.deleted_at IS NULL
  AND h.kind = t.kind AND h.locale = t.locale AND h.slug = t.slug
"""


async def _forget_slugs(connection: Connection, held: _Held) -> None:
    table = held.noun.table
    if held.noun.key == "slug":
        await connection.execute(_FORGET_SLUG.format(table=table), held.id)
        await connection.execute(_FORGET_TRANSLATED_SLUGS, table, held.id)


def _result(held: _Held) -> Result:
    return Result(1, held.noun.table, "updated", held.id, held.external_id)
