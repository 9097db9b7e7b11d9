"""Whatever is written, in whatever way: no answer that was kept is given when it is not true."""

from collections.abc import AsyncIterator, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest
from storefront import QUESTIONS, Front, Told, build, front
from tried_writes import (
    DELETES,
    INSERTS,
    KEPT,
    ORDINARY,
    OURS,
    UNSEEN,
    VALUES,
    named,
)

from catalog import db, models, tags
from catalog.files import importing
from catalog.files.importing import Order
from catalog.settings import Settings
from catalog.writes import tokens

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MIGRATION = import_module("migrations.0004_change_log")
LATER = import_module("migrations.0005_listing_values")

# Of no catalog: what comes of requests, not what they show.
UNTOLD = {
    *("api_token", "idempotency_key", "persisted_query", "webhook", "webhook_delivery"),
    *("import_job", "import_file_part", "import_result", "import_row_error"),
}
# No model stands for these.
READ_MODEL = {"listing", "listing_variant", "search_text", "search_word"}
TABLES = {getattr(models, name)._meta.db_table for name in models.__all__} - UNTOLD | READ_MODEL

# No question here is answered by a document's being trusted: those of its own tests are.
TOLD = TABLES | {"persisted_query"}

TAGGED = {**MIGRATION.TAGGED, **LATER.LOGGED}

NDJSON = {"Content-Type": "application/x-ndjson"}

# After each statement that inserts, deletes, updates and empties: bits of pg_trigger.tgtype.
EVENTS = {4, 8, 16, 32}


async def test_every_table_of_the_catalog_tells_of_its_changes(database: Settings) -> None:
    """Also where all other triggers are switched off."""
    rows = await db.fetch(
        "SELECT tgrelid::regclass::text AS on_table, array_agg(tgtype::int) AS events"
        " FROM pg_trigger WHERE tgname LIKE 'change\\_%' AND tgenabled = 'A' GROUP BY 1"
    )
    assert {row["on_table"]: set(row["events"]) for row in rows} == dict.fromkeys(TOLD, EVENTS)
    assert set(MIGRATION.ALL_TABLES) == TOLD
    assert tags.KINDS.keys() | {"translation", "slug_history"} == TABLES


@pytest.mark.parametrize("table", ["listing", "listing_variant", "search_text", "search_word"])
async def test_a_column_of_the_read_model_moves_what_is_read(
    table: str, database: Settings
) -> None:
    rows = await db.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0",
        table,
    )
    told = {column for columns, _ in TAGGED[table] for column in columns}
    assert {row["attname"] for row in rows} == told


class Watch:
    """A shop of which all is kept, and what has become of that after each write."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.before: Mapping[str, Told] = {}
        self.holes: dict[str, list[str]] = {}
        self.unseen: list[str] = []

    async def warm(self) -> None:
        self.before = await self.front.all()

    async def after(self, write: str) -> None:
        """Notes what is kept and does not hold, and whether the write has changed what is asked."""
        told = await self.front.all()
        if stale := await self.front.stale(told):
            self.holes[write] = stale
        if not any(told[name].body != self.before[name].body for name in QUESTIONS):
            self.unseen.append(write)
        self.before = told

    def sound(self, *, unseen: Iterable[str] = ()) -> None:
        """Nothing was stale, and what was written was no other test than this one."""
        assert self.holes == {}
        assert self.front.hits > 0
        assert set(self.unseen) <= set(unseen)


@pytest.fixture
async def watch(database: Settings, client: httpx.AsyncClient) -> AsyncIterator[Watch]:
    await build()
    async with front(database, client) as asking:
        watch = Watch(asking)
        await watch.warm()
        yield watch


async def test_all_that_is_asked_is_kept(watch: Watch) -> None:
    told = await watch.front.all()

    assert [name for name, each in told.items() if not each.hit] == []
    assert [name for name, each in told.items() if each.status != 200] == []
    assert await watch.front.stale(told) == []


@pytest.mark.parametrize("of", OURS)
async def test_after_our_own_writes_nothing_is_stale(
    of: str, watch: Watch, client: httpx.AsyncClient
) -> None:
    secret = await tokens.create("erp", scopes=["catalog:write"])
    headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}
    for method, path, body in OURS[of]:
        sent: dict[str, Any] = {} if body is None else {"json": body}
        if isinstance(body, str):
            sent = {"content": body, "headers": headers | NDJSON}
        answer = await client.request(method, named(path), **({"headers": headers} | sent))
        assert answer.is_success, f"{method} {path}: {answer.text}"
        await watch.after(f"{method} {path} {body}")
    watch.sound()


async def test_after_inserted_rows_nothing_is_stale(watch: Watch, psql: Psql) -> None:
    await psql.execute(KEPT)
    assert INSERTS.keys() == TABLES
    await watch.warm()
    for table, statement in INSERTS.items():
        await psql.execute(statement)
        await watch.after(table)
    watch.sound(unseen=UNSEEN)


async def test_after_rows_copied_and_merged_nothing_is_stale(watch: Watch, psql: Psql) -> None:
    columns = ["collection_id", "product_id", "position"]
    await psql.copy_records_to_table("collection_product", records=[(1, 4, 0)], columns=columns)
    await watch.after("COPY")
    await psql.execute(
        """
        MERGE INTO price USING (VALUES (1, 'EUR', 6), (1, 'CHF', 7)) AS new (variant, unit, cost)
        ON price.variant_id = new.variant AND price.currency = new.unit
        WHEN MATCHED THEN UPDATE SET amount = new.cost
        WHEN NOT MATCHED THEN
            INSERT (variant_id, currency, amount) VALUES (new.variant, new.unit, new.cost)
        """
    )
    await watch.after("MERGE")
    watch.sound()


async def test_after_an_import_nothing_is_stale(
    watch: Watch, database: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "lamps.csv"
    file.write_text("slug,name,type\ndesk-lamp-1,Desk light,lamp\nmoon-lamp,Moon lamp,lamp\n")
    report = await importing.load(file, Order(), database, lambda *_: None)
    assert (report.errors, report.written) == ((), True)
    await watch.after("an import")
    watch.sound()


@pytest.mark.soak
async def test_after_deleted_rows_nothing_is_stale(watch: Watch, psql: Psql) -> None:
    """What hangs on them goes too."""
    assert DELETES.keys() == TABLES
    for table, statement in DELETES.items():
        await psql.execute(statement)
        await watch.after(table)
    watch.sound(unseen=UNSEEN)


async def test_after_a_table_is_emptied_nothing_is_kept(watch: Watch, psql: Psql) -> None:
    for table in sorted(TABLES):
        emptied = psql.transaction()
        await emptied.start()
        await psql.execute(f"TRUNCATE {table} CASCADE")
        logged = await psql.fetch(
            "SELECT tags FROM change_log WHERE xid = pg_current_xact_id() AND op = 'truncate'"
        )
        await emptied.rollback()
        assert logged, table
        assert all(tags.EVERYTHING in row["tags"] for row in logged), table

    await psql.execute("TRUNCATE slug_history")
    assert not any(told.hit for told in (await watch.front.all()).values())


@pytest.mark.parametrize(
    "statement", ["TRUNCATE {tables} CASCADE", "TRUNCATE change_log", "DELETE FROM change_position"]
)
async def test_after_the_log_was_emptied_nothing_is_kept(
    watch: Watch, psql: Psql, statement: str
) -> None:
    """Also by who empties all there is."""
    names = await psql.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'tortoise_migrations'"
    )
    # The log is followed up to the transaction that empties it.
    await psql.execute("UPDATE brand SET name = name || '!'")
    await watch.warm()
    async with psql.transaction():
        await psql.execute("UPDATE product SET name = 'Something'")
        await psql.execute(statement.format(tables=", ".join(row["tablename"] for row in names)))
    told = await watch.front.all()
    assert not any(each.hit for each in told.values())
    assert any(told[name].body != watch.before[name].body for name in QUESTIONS)
    await watch.after(statement)
    assert watch.holes == {}


async def _columns(psql: Psql, table: str) -> Mapping[str, str]:
    """With an expression for another value of each."""
    rows = await psql.fetch(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = $1 AND is_generated = 'NEVER' AND column_name <> 'id'",
        table,
    )
    return {
        row["column_name"]: VALUES.get(
            f"{table}.{row['column_name']}",
            ORDINARY[row["data_type"]].format(column=row["column_name"]),
        )
        for row in rows
    }


@pytest.mark.soak
@pytest.mark.parametrize("table", sorted(TABLES - {"stock_location_channel"}))
async def test_after_any_column_was_changed_nothing_is_stale(
    table: str, watch: Watch, psql: Psql
) -> None:
    """In the first row of the table, or in one that may have it. Of one table no row may have
    another value in any column: all of it is a key."""
    changed = 0
    for column, value in (await _columns(psql, table)).items():
        for row in await psql.fetch(f"SELECT ctid FROM {table} ORDER BY ctid LIMIT 5"):
            try:
                await psql.execute(f"UPDATE {table} SET {column} = {value} WHERE ctid = $1", row[0])
            except asyncpg.IntegrityConstraintViolationError:
                continue
            await watch.after(column)
            changed += 1
            break
    assert changed
    watch.sound(unseen=watch.unseen)
