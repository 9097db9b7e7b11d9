"""What products refer to, written from the stage once it is matched (see `matching`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.db import Connection


@dataclass(frozen=True, slots=True)
class Noun:
    """`required` is what a new row needs besides its key, `defaults` stand in for a NULL that the
    table refuses; `versioned` counts its changes; `repeatable` may be mentioned by many records of
    a load, of which the first counts."""

    stage: str
    table: str
    key: str
    columns: Sequence[str]
    required: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    versioned: bool = False
    repeatable: bool = False

    @property
    def written(self) -> list[str]:
        return [self.key, "external_id", *self.columns]


CHANNEL = Noun(
    "stage_channel",
    "channel",
    "code",
    (
        "name",
        "default_currency",
        "currencies",
        "default_locale",
        "locales",
        "prices_include_tax",
        "is_active",
        "is_default",
    ),
    required=("default_currency", "default_locale"),
)
LOCATION = Noun("stage_location", "stock_location", "code", ("name",))
ATTRIBUTE = Noun(
    "stage_attribute",
    "attribute",
    "code",
    ("name", "kind", "unit", "filterable", "searchable", "sortable", "position", "rules"),
    required=("kind",),
    versioned=True,
    repeatable=True,
)
TYPE = Noun("stage_type", "product_type", "code", ("name",), repeatable=True)
BRAND = Noun(
    "stage_brand",
    "brand",
    "slug",
    ("name", "description", "metadata"),
    required=("name",),
    defaults=("metadata",),
)
_PAGE = ("name", "description", "published", "seo_title", "seo_description", "metadata", "image_id")
CATEGORY = Noun(
    "stage_category",
    "category",
    "slug",
    (*_PAGE, "position"),
    required=("name",),
    defaults=("metadata",),
    versioned=True,
)
COLLECTION = Noun(
    "stage_collection",
    "collection",
    "slug",
    (*_PAGE, "rule"),
    required=("name",),
    defaults=("metadata",),
    versioned=True,
)


ALL = (CHANNEL, LOCATION, ATTRIBUTE, TYPE, BRAND, CATEGORY, COLLECTION)


async def write(
    connection: Connection, noun: Noun, *, inserted: Mapping[str, str] | None = None
) -> None:
    """Insert the fresh, update what differs. `inserted` are columns that only an insert sets."""

    def value(column: str) -> str:
        if column in noun.defaults:
            return f"coalesce(s.{column}, '{{}}')"
        return f"s.{column}"

    columns = {name: value(name) for name in ("id", *noun.written)} | dict(inserted or {})
    await connection.fetch(
        f"""
        INSERT INTO {noun.table} ({", ".join(columns)})
        SELECT {", ".join(columns.values())} FROM {noun.stage} s WHERE s.fresh
        """
    )
    if noun.key == "slug":
        await connection.fetch(_slug_history(noun))
        await connection.fetch(_forget_slugs(noun))
    new = [
        f"CASE WHEN '{column}' = ANY (s.given) THEN {value(column)} ELSE t.{column} END"
        for column in noun.written
    ]
    assignments = [f"{column} = {sql}" for column, sql in zip(noun.written, new, strict=True)]
    await connection.fetch(
        f"""
        WITH changed AS (
            UPDATE {noun.table} t SET {", ".join(assignments)}
            FROM {noun.stage} s
            WHERE s.id = t.id AND NOT s.fresh AND NOT s.if_missing
              AND ROW({", ".join(f"t.{c}" for c in noun.written)})
                  IS DISTINCT FROM ROW({", ".join(new)})
            RETURNING t.id
        )
        INSERT INTO stage_touched (kind, id) SELECT '{noun.table}', id FROM changed
        ON CONFLICT DO NOTHING
        """
    )


async def bump(connection: Connection, noun: Noun) -> None:
    """Count the change of each that was touched, whatever it was of it: once a unit of work."""
    version = "version = t.version + 1, " if noun.versioned else ""
    await connection.fetch(
        f"""
        UPDATE {noun.table} t SET {version}updated_at = now()
        FROM {noun.stage} s JOIN stage_touched w ON w.kind = '{noun.table}' AND w.id = s.id
        WHERE t.id = s.id AND NOT s.fresh
        """
    )


def _slug_history(noun: Noun) -> str:
    """Whoever has the old address must still find the way."""
    return f"""
        INSERT INTO slug_history (kind, locale, slug, entity_id)
        SELECT '{noun.table}', '', t.slug, t.id FROM {noun.stage} s JOIN {noun.table} t USING (id)
        WHERE NOT s.fresh AND NOT s.if_missing AND t.slug <> s.slug
        ON CONFLICT (kind, slug, locale) DO UPDATE SET entity_id = excluded.entity_id
        """


def _forget_slugs(noun: Noun) -> str:
    """An address in use is no longer somebody's old one."""
    return f"""
        DELETE FROM slug_history h USING {noun.stage} s
        WHERE h.kind = '{noun.table}' AND h.locale = '' AND h.slug = s.slug
        """
