"""The stage: records taken apart into rows of temporary tables, where they are checked and applied.

One table for each noun and each list of a product. `n` numbers products and `v` variants over the
whole load; `chunk` is what is applied in one unit of work; `path` leads into the input for whoever
reports a problem; `given` names the fields that were sent.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from catalog.db import Connection
from catalog.writes.inputs import Record

CHUNK = 1_000

Mode = Literal["upsert", "create", "update"]
Lists = Literal["merge", "replace"]
Status = Literal["created", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Sourced:
    """One record, where it stood (1-based lines of its first row and of each variant's), and how it
    is meant.

    `target` is the id of the row that it is about, where the caller knows it; else the record's own
    keys find it. `create` refuses what is there already, `update` what is not. Lists that were sent
    are merged by their keys, or replace what is there. With `variant` the record is about that row
    of the product `target` alone, its one variant, and `if_version` is the variant's.
    """

    record: Record
    line: int
    variant_lines: tuple[int, ...] = ()
    target: int | None = None
    variant: int | None = None
    mode: Mode = "upsert"
    if_version: int | None = None
    lists: Lists = "merge"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value, and what would be right. A warning keeps nothing out."""

    line: int
    path: tuple[str | int, ...]
    value: str | None
    code: str
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record. `noun` is its table's name (`product`, `stock_location` …); a
    `price`, a `stock` and a `translation` are about the row `id`, which is None where nothing was,
    or would be, written."""

    line: int
    noun: str
    status: Status
    id: int | None = None
    external_id: str | None = None
    problems: tuple[Problem, ...] = ()


_NOUN = """line int, if_missing boolean, given text[], target int, mode text, expected int,
    replace boolean"""
_PAGE = """slug text, external_id text, name text, description text, published boolean,
    seo_title text, seo_description text, metadata jsonb, image_url text, image_alt text,
    slug_base text"""
_PART = "chunk int, n int, v int, line int, path text"

# Columns before the bar are copied in; those behind it are resolved in the database.
TABLES: Mapping[str, str] = {
    "stage_channel": f"""{_NOUN}, code text, external_id text, name text, default_currency text,
        currencies text[], default_locale text, locales text[], prices_include_tax boolean,
        is_active boolean, is_default boolean | id int, fresh boolean""",
    "stage_location": f"""{_NOUN}, code text, external_id text, name text, channels text[]
        | id int, fresh boolean""",
    "stage_attribute": f"""{_NOUN}, code text, external_id text, name text, kind text, unit text,
        filterable boolean, searchable boolean, sortable boolean, position int, rules jsonb
        | id int, fresh boolean""",
    "stage_option": """line int, if_missing boolean, given text[], path text, attribute text,
        code text, label text, position int, swatch text |""",
    "stage_type": f"""{_NOUN}, code text, external_id text, name text | id int, fresh boolean""",
    "stage_assignment": """line int, if_missing boolean, path text, type text, attribute text,
        level text, is_option boolean, required boolean, position int |""",
    "stage_brand": f"""{_NOUN}, slug text, external_id text, name text, description text,
        metadata jsonb, slug_base text | id int, fresh boolean""",
    "stage_category": f"""{_NOUN}, {_PAGE}, parent text, position int
        | id int, fresh boolean, parent_id int, image_id int""",
    "stage_collection": f"""{_NOUN}, {_PAGE}, products text[], rule jsonb
        | id int, fresh boolean, image_id int""",
    "stage_product": """chunk int, n int, line int, given text[], target int, mode text,
        expected int, replace boolean, external_id text, slug text,
        type text, brand text, name text, description text, status text, tags text[],
        seo_title text, seo_description text, metadata jsonb, private_metadata jsonb,
        tax_class text, primary_category text, slug_base text
        | id int, fresh boolean, changed boolean""",
    "stage_variant": f"""{_PART}, given text[], target int, expected int,
        external_id text, sku text, barcode text, gtin text, name text, position int,
        weight numeric, tracked boolean, backorder boolean, metadata jsonb, private_metadata jsonb
        | id int, fresh boolean, product_id int, option_key text""",
    # The variant of a price or stock level that came without its product.
    "stage_offer": f"{_PART}, ref text | id int",
    "stage_value": f"""{_PART}, attribute text, axis boolean, locale text, text text, html text,
        number numeric, boolean boolean, date date, ordinal int |""",
    "stage_price": f"""{_PART}, channel text, currency text, min_quantity int, amount numeric,
        compare_at numeric, valid_from timestamptz, valid_until timestamptz |""",
    "stage_stock": f"""{_PART}, given text[], location text, on_hand int, reserved int,
        incoming int |""",
    "stage_media": f"""{_PART}, url text, kind text, alt text, width int, height int,
        position int | media_id int""",
    "stage_membership": f"""{_PART}, kind text, ref text, position int | id int""",
    "stage_listing": f"""{_PART}, given text[], channel text, published_from timestamptz,
        published_until timestamptz, purchasable_from timestamptz |""",
    "stage_association": f"""{_PART}, target text, kind text, quantity int, position int |""",
    "stage_translation": f"""{_PART}, kind text, ref text, locale text, given text[], name text,
        slug text, description text, seo_title text, seo_description text |""",
    # Every reference that the load makes, once, and what it leads to.
    "stage_ref": "kind text, ref text | id int",
    # The attribute values of the chunk that is being written.
    "stage_resolved": """product_id int, variant_id int, attribute_id int, option_id int,
        reference_id int, locale text, number numeric, text text, boolean boolean, date date,
        position int, cleared boolean, fresh boolean |""",
    # What a unit of work has changed: products and variants by id.
    "stage_touched": "kind text, id int |",
}


@lru_cache
def about(sql: str) -> str:
    """The stage table that a statement is about, which finds nothing where that is empty."""
    found = re.search(r"\bFROM\s+(stage_\w+)", sql)
    assert found is not None, sql
    return found[1]


IN_CHUNKS = tuple(table for table, columns in TABLES.items() if columns.startswith("chunk"))
NOUNS = tuple(table for table, columns in TABLES.items() if columns.startswith("line"))


def _columns(table: str) -> tuple[str, ...]:
    copied = TABLES[table].partition("|")[0]
    return tuple(column.split()[0] for column in copied.split(","))


COLUMNS = {table: _columns(table) for table in TABLES}


# For the new versions of rows that are resolved step by step: beside the old ones no index is told.
_ROOM = {
    "stage_product": " WITH (fillfactor = 25)",
    "stage_variant": " WITH (fillfactor = 25)",
    "stage_media": " WITH (fillfactor = 50)",
    "stage_offer": " WITH (fillfactor = 50)",
}


def _ddl(table: str) -> str:
    columns = TABLES[table].replace("|", ",").rstrip(" ,\n")
    return f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({columns}){_ROOM.get(table, '')}"


_INDEXES = [
    *(f"CREATE INDEX ON {table} (chunk)" for table in IN_CHUNKS),
    "CREATE UNIQUE INDEX ON stage_ref (kind, ref)",
    "CREATE UNIQUE INDEX ON stage_touched (kind, id)",
    "CREATE INDEX ON stage_variant (v)",
    "CREATE INDEX ON stage_offer (v)",
    "CREATE INDEX ON stage_variant (n)",
    "CREATE INDEX ON stage_variant (gtin)",
    "CREATE INDEX ON stage_product (n)",
    "CREATE INDEX ON stage_membership (n)",
    "CREATE INDEX ON stage_product (slug)",
    "CREATE INDEX ON stage_product (external_id)",
    "CREATE INDEX ON stage_translation (slug)",
]


async def prepare(connection: Connection) -> None:
    """Empty stage tables, which live as long as the connection."""
    there = await connection.fetchval("SELECT to_regclass('pg_temp.stage_product') IS NOT NULL")
    if there:
        await connection.execute(f"TRUNCATE {', '.join(TABLES)}")
        return
    await connection.execute(";".join([*map(_ddl, TABLES), *_INDEXES]))


async def clear(connection: Connection, filled: Iterable[str]) -> None:
    """Empty those that a single record has filled, in its own transaction."""
    tables = {*filled, "stage_ref", "stage_touched", "stage_resolved"} & TABLES.keys()
    await connection.execute("; ".join(f"DELETE FROM {table}" for table in sorted(tables)))


async def copy(connection: Connection, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
    for table, records in rows.items():
        await connection.copy_records_to_table(table, records=records, columns=COLUMNS[table])


async def analyze(connection: Connection) -> None:
    """Temporary tables have no statistics of their own, and plans without them loop over rows. How
    many there are matters, not which: a small sample does."""
    await sampled(connection, f"ANALYZE {', '.join(TABLES)}")


async def sampled(connection: Connection, analyze: str) -> None:
    await connection.execute(
        f"SET default_statistics_target = 10; {analyze}; RESET default_statistics_target"
    )


async def leave_out(connection: Connection, problems: Sequence[Problem]) -> int:
    """Remove the records that have errors; returns how many products that were.

    A noun that is only mentioned (`if_missing`) stays: it stands on the line of whichever product
    came first, and others need it.
    """
    lines = sorted({problem.line for problem in problems if not problem.warning})
    numbers = await connection.fetch(
        """
        SELECT n FROM stage_product WHERE line = ANY ($1::int[])
        UNION SELECT n FROM stage_variant WHERE line = ANY ($1::int[])
        """,
        lines,
    )
    out = [record["n"] for record in numbers]
    for table in IN_CHUNKS:
        # What came without its product has no number.
        await connection.execute(
            f"""
            DELETE FROM {table}
            WHERE n = ANY ($1::int[]) OR n IS NULL AND line = ANY ($2::int[])
            """,
            out,
            lines,
        )
    for table in NOUNS:
        await connection.execute(
            f"DELETE FROM {table} WHERE line = ANY ($1::int[]) AND NOT if_missing", lines
        )
    return len(out)
