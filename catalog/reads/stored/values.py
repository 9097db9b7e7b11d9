"""Values of rows as the records of our files write them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import cast

from catalog import db
from catalog.context import Context
from catalog.reads import query

TEXTS = ("name", "slug", "description")


def filled(**fields: object) -> dict[str, object]:
    """Without what is null or empty: not sent is the same for a new record."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return value.isoformat().replace("+00:00", "Z") if value else None


def amount(value: Decimal | None) -> str | None:
    """Two decimals, more where it has more: 59.00, 0.0125."""
    if value is None:
        return None
    whole, _, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def number(value: Decimal | None) -> str | None:
    """As many decimals as it needs."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def seo(row: db.Record) -> dict[str, object]:
    return filled(title=row["seo_title"], description=row["seo_description"])


# Served by translation_kind_entity_id_locale_key.
_TRANSLATIONS = """
SELECT entity_id, locale, name, slug, description, seo_title, seo_description
FROM translation
WHERE kind = :kind AND entity_id = ANY (:ids::int[]) AND deleted_at IS NULL
ORDER BY entity_id, locale COLLATE "C"
"""


async def translations(
    ctx: Context, kind: str, ids: Sequence[int]
) -> dict[int, dict[str, dict[str, object]]]:
    """By entity and locale."""
    found: dict[int, dict[str, dict[str, object]]] = {}
    for row in await query.fetch(ctx, _TRANSLATIONS, kind=kind, ids=ids):
        texts = filled(**{field: row[field] for field in TEXTS}, seo=seo(row))
        found.setdefault(row["entity_id"], {})[row["locale"]] = texts
    return found


async def parts(ctx: Context, sql: str, ids: Sequence[int]) -> dict[int, list[db.Record]]:
    """Rows by their `owner_id`, in their order."""
    found: dict[int, list[db.Record]] = {}
    for row in await query.fetch(ctx, sql, ids=ids):
        found.setdefault(row["owner_id"], []).append(row)
    return found


def medium(row: db.Record) -> dict[str, object]:
    kind = None if row["kind"] == "image" else row["kind"]
    alt, width, height = row["alt"], row["width"], row["height"]
    return filled(url=row["url"], kind=kind, alt=alt, width=width, height=height)


def attributes(rows: Iterable[db.Record]) -> dict[str, object]:
    """A value by the attribute's code: a list where it may have several, by language where it is
    in languages."""
    found: dict[str, object] = {}
    for row in rows:
        code, value = row["attribute"], _value(row)
        if row["locale"] is not None:
            cast(dict[str, object], found.setdefault(code, {}))[row["locale"]] = value
        elif row["kind"] in ("multiselect", "reference"):
            cast(list[object], found.setdefault(code, [])).append(value)
        else:
            found[code] = value
    return found


def _value(row: db.Record) -> object:
    if row["option"] is not None:
        return row["option"]
    if row["reference"] is not None:
        return row["reference"]
    if row["number"] is not None:
        return number(row["number"])
    if row["date"] is not None:
        return row["date"].isoformat()
    return row["boolean"] if row["boolean"] is not None else row["text"]
