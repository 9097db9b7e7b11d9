"""What products refer to, written from the stage: found by external id, else by code or slug."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.db import Connection
from catalog.writes.staging import Problem


@dataclass(frozen=True, slots=True)
class Noun:
    """`defaults` stand in for a NULL that the table refuses; `versioned` counts its changes."""

    stage: str
    table: str
    key: str
    columns: Sequence[str]
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
)
LOCATION = Noun("stage_location", "stock_location", "code", ("name",))
ATTRIBUTE = Noun(
    "stage_attribute",
    "attribute",
    "code",
    ("name", "kind", "unit", "filterable", "searchable", "sortable", "position", "rules"),
    versioned=True,
    repeatable=True,
)
TYPE = Noun("stage_type", "product_type", "code", ("name",), repeatable=True)
BRAND = Noun(
    "stage_brand", "brand", "slug", ("name", "description", "metadata"), defaults=("metadata",)
)
_PAGE = ("name", "description", "published", "seo_title", "seo_description", "metadata", "image_id")
CATEGORY = Noun(
    "stage_category",
    "category",
    "slug",
    (*_PAGE, "position"),
    defaults=("metadata",),
    versioned=True,
)
COLLECTION = Noun(
    "stage_collection", "collection", "slug", _PAGE, defaults=("metadata",), versioned=True
)


async def match(connection: Connection, noun: Noun) -> list[Problem]:
    """Give every staged row its id: of the row it names, else a new one. Names conflicts."""
    problems = await _repeated(connection, noun)
    await connection.execute(
        f"""
        DELETE FROM {noun.stage} a USING {noun.stage} b WHERE a.{noun.key} = b.{noun.key}
          AND (a.if_missing, a.line, a.ctid) > (b.if_missing, b.line, b.ctid)
        """
    )
    await connection.execute(
        f"""
        UPDATE {noun.stage} s SET id = t.id FROM {noun.table} t
        WHERE t.deleted_at IS NULL AND t.external_id = s.external_id
        """
    )
    await connection.execute(
        f"""
        UPDATE {noun.stage} s SET id = t.id FROM {noun.table} t
        WHERE s.id IS NULL AND t.deleted_at IS NULL AND t.{noun.key} = s.{noun.key}
          AND (s.external_id IS NULL OR t.external_id IS NULL OR s.if_missing)
        """
    )
    problems += await _taken(connection, noun)
    await connection.execute(
        f"""
        UPDATE {noun.stage} SET fresh = id IS NULL,
          id = coalesce(id, nextval(pg_get_serial_sequence('{noun.table}', 'id')))
        """
    )
    return problems


async def _repeated(connection: Connection, noun: Noun) -> list[Problem]:
    if noun.repeatable:
        return []
    rows = await connection.fetch(
        f"""
        SELECT a.line, a.{noun.key} AS value, min(b.line) AS first FROM {noun.stage} a
        JOIN {noun.stage} b USING ({noun.key})
        WHERE NOT a.if_missing AND NOT b.if_missing AND b.line < a.line
        GROUP BY a.line, a.{noun.key} ORDER BY a.line
        """
    )
    return [
        Problem(
            row["line"],
            (noun.key,),
            row["value"],
            "DUPLICATE",
            f"stands already on line {row['first']}; keep one of them",
        )
        for row in rows
    ]


async def _taken(connection: Connection, noun: Noun) -> list[Problem]:
    rows = await connection.fetch(
        f"""
        SELECT s.line, s.{noun.key} AS value, t.external_id FROM {noun.stage} s
        JOIN {noun.table} t ON t.deleted_at IS NULL AND t.{noun.key} = s.{noun.key}
        WHERE t.id IS DISTINCT FROM s.id ORDER BY s.line
        """
    )
    return [
        Problem(
            row["line"],
            (noun.key,),
            row["value"],
            f"{noun.key.upper()}_TAKEN",
            f"belongs to another {noun.table}, external_id {row['external_id']}; "
            f"choose another {noun.key} or use its external_id",
        )
        for row in rows
    ]


async def write(
    connection: Connection, noun: Noun, *, inserted: Mapping[str, str] | None = None
) -> None:
    """Insert the fresh, update what differs. `inserted` are columns that only an insert sets."""

    def value(column: str) -> str:
        if column in noun.defaults:
            return f"coalesce(s.{column}, '{{}}')"
        return f"s.{column}"

    columns = {name: value(name) for name in ("id", *noun.written)} | dict(inserted or {})
    await connection.execute(
        f"""
        INSERT INTO {noun.table} ({", ".join(columns)})
        SELECT {", ".join(columns.values())} FROM {noun.stage} s WHERE s.fresh
        """
    )
    if noun.key == "slug":
        await connection.execute(_slug_history(noun))
        await connection.execute(_forget_slugs(noun))
    new = [
        f"CASE WHEN '{column}' = ANY (s.given) THEN {value(column)} ELSE t.{column} END"
        for column in noun.written
    ]
    assignments = [f"{column} = {sql}" for column, sql in zip(noun.written, new, strict=True)]
    if noun.versioned:
        assignments.append("version = t.version + 1")
    await connection.execute(
        f"""
        WITH changed AS (
            UPDATE {noun.table} t SET {", ".join(assignments)}, updated_at = now()
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
