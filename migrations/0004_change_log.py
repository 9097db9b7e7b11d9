"""The log of changes: what every commit has changed, told by triggers, so that a statement typed
into psql counts like one made here.

A log row is of one statement and one kind of thing: the ids of what has changed (a price is a part
of its product), and tags of lists, slugs and keys that a reader may have asked without being shown
that thing. They come from the rows of the statement alone: what is joined to them (the product of a
variant, the attribute of an option) can never change.
"""

from importlib import import_module

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE change_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL,
    op text NOT NULL,
    ids int[] NOT NULL,
    tags text[] NOT NULL,
    actor text NOT NULL DEFAULT coalesce(nullif(current_setting('catalog.actor', true), ''), session_user),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX change_log_xid_idx ON change_log (xid, id);

-- Positions that some process had followed the log to, the oldest of which is its floor: what that
-- has seen is no longer in the log.
CREATE TABLE change_position (
    noted_at timestamptz NOT NULL DEFAULT now(),
    max xid8 NOT NULL,
    open xid8[] NOT NULL
);
CREATE INDEX change_position_noted_at_idx ON change_position (noted_at);
INSERT INTO change_position (max, open) VALUES (pg_snapshot_xmin(pg_current_snapshot()), '{}');
"""

MOST = 10_000

# A change that can be seen must not vanish in a crash: whoever saw it would not see it undone.
DURABLE = """
CREATE FUNCTION catalog_durable() RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'local', true);
    END IF;
END
$$
"""

# Who empties the log or the positions, perhaps with all other tables, has made unknown what has
# changed until now: whoever follows learns it from the floor, which is above all that anybody can
# have followed. A transaction that is open, this one too, has not told of all that it changes.
KEPT = """
CREATE FUNCTION catalog_position_kept() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    IF TG_TABLE_NAME = 'change_log' THEN
        DELETE FROM change_position;
    END IF;
    INSERT INTO change_position (max, open)
    SELECT (last + 1)::text::xid8, ARRAY(
        SELECT pg_snapshot_xip(now) UNION SELECT pg_current_xact_id()
        UNION SELECT xid::text::xid8 FROM generate_series(next, last) AS xid
    )
    FROM pg_current_snapshot() AS now
    CROSS JOIN LATERAL CAST(pg_snapshot_xmax(now)::text AS bigint) AS next
    CROSS JOIN LATERAL greatest(next, pg_current_xact_id()::text::bigint) AS last
    WHERE NOT EXISTS (SELECT FROM change_position);
    RETURN NULL;
END
$$
"""
KEEPERS = (
    "CREATE TRIGGER position_kept AFTER TRUNCATE ON change_log FOR EACH STATEMENT"
    " EXECUTE FUNCTION catalog_position_kept()",
    "CREATE TRIGGER position_kept AFTER DELETE OR TRUNCATE ON change_position FOR EACH STATEMENT"
    " EXECUTE FUNCTION catalog_position_kept()",
    "ALTER TABLE change_log ENABLE ALWAYS TRIGGER position_kept",
    "ALTER TABLE change_position ENABLE ALWAYS TRIGGER position_kept",
)

# The kinds of the emptied table as a whole.
EMPTIED = """
CREATE FUNCTION catalog_log_emptied() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO change_log (kind, op, ids, tags)
    SELECT kind, 'truncate', '{}', ARRAY[kind || ':*', '*'] FROM unnest(TG_ARGV) AS kind;
    PERFORM catalog_durable();
    RETURN NULL;
END
$$
"""

FIXED = """
CREATE FUNCTION catalog_owner_fixed() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'a % stays with what it belongs to: delete it and make a new one', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
OWNED = {"variant": "product_id", "attribute_option": "attribute_id"}


def own(kind: str, id: str = "c.id") -> str:
    return f"SELECT '{kind}', {id} FROM changed AS c"


OF_VARIANT = """SELECT 'product', v.product_id FROM changed AS c
        JOIN variant AS v ON v.id = c.variant_id"""

# Whose change a row's change is: kind and id. A part's own operation is an update of its whole.
LOGGED = {
    "product": own("product"),
    "variant": own("product", "c.product_id"),
    "price": OF_VARIANT,
    "stock_level": OF_VARIANT,
    "variant_media": OF_VARIANT,
    "attribute_value": f"{own('product', 'c.product_id')} UNION ALL {OF_VARIANT}",
    "product_media": own("product", "c.product_id"),
    "product_listing": own("product", "c.product_id"),
    "product_category": own("product", "c.product_id"),
    "collection_product": own("product", "c.product_id"),
    "association": own("product", "c.product_id"),
    "slug_history": "SELECT c.kind, c.entity_id FROM changed AS c",
    "translation": """SELECT c.kind, c.entity_id FROM changed AS c
        WHERE c.kind NOT IN ('variant', 'option')
        UNION ALL
        SELECT 'product', v.product_id FROM changed AS c
        JOIN variant AS v ON c.kind = 'variant' AND v.id = c.entity_id
        UNION ALL
        SELECT 'attribute', o.attribute_id FROM changed AS c
        JOIN attribute_option AS o ON c.kind = 'option' AND o.id = c.entity_id""",
    "brand": own("brand"),
    "category": own("category"),
    "collection": own("collection"),
    "media": own("media"),
    "attribute": own("attribute"),
    "attribute_option": own("attribute", "c.attribute_id"),
    "product_type": own("product_type"),
    "product_type_attribute": own("product_type", "c.product_type_id"),
    "channel": own("channel"),
    "stock_location": own("stock_location"),
    "stock_location_channel": own("stock_location", "c.location_id"),
    # What a moment has changed that has come, no other table tells.
    "listing": own("product", "c.product_id"),
}
# Whose rows are things themselves: that one is new changes nothing that is shown already.
THINGS = ("product", "brand", "category", "collection", "media", "attribute", "attribute_option")

SHELF = (
    *("product_id", "channel_id", "currency", "shown", "shown_from", "shown_until", "created_at"),
    *("name_sort", "brand_id", "category_ids", "collection_ids", "option_ids", "next_change_at"),
)
PRICED = (
    *("product_id", "channel_id", "currency", "price", "price_max", "prices", "available"),
    *("brand_id", "category_ids", "collection_ids"),
)


def lists(suffix: str) -> str:
    """Those that a row of `listing` stands in: everything of the channel, and what it hangs on."""
    return f"""SELECT list.tag FROM moved AS c CROSS JOIN LATERAL (
            SELECT 'listing{suffix}@' || c.channel_id
            UNION ALL
            SELECT 'brand:' || c.brand_id || '{suffix}@' || c.channel_id
            UNION ALL
            SELECT 'category:' || id || '{suffix}@' || c.channel_id
            FROM unnest(c.category_ids) AS id
            UNION ALL
            SELECT 'collection:' || id || '{suffix}@' || c.channel_id
            FROM unnest(c.collection_ids) AS id
        ) AS list (tag)"""


# By which columns a row is looked up or placed, and the tags of that.
Tagged = tuple[tuple[tuple[str, ...], str], ...]
TAGGED: dict[str, Tagged] = {
    "product": ((("id", "slug", "deleted_at"), "SELECT 'slug:' || c.slug FROM moved AS c"),),
    "translation": (
        (
            ("kind", "entity_id", "locale", "slug", "deleted_at"),
            "SELECT 'slug:' || c.slug FROM moved AS c WHERE c.kind = 'product'",
        ),
    ),
    "slug_history": (
        (
            ("kind", "entity_id", "locale", "slug"),
            "SELECT 'slug:' || c.slug FROM moved AS c WHERE c.kind = 'product'",
        ),
    ),
    "variant": ((("id", "sku", "barcode", "gtin", "deleted_at"), "SELECT 'keys' FROM moved AS c"),),
    "product_category": (
        (
            ("product_id", "category_id", "is_primary", "position"),
            "SELECT unnest(ARRAY['placed', 'placed:category:' || c.category_id]) FROM moved AS c",
        ),
    ),
    "collection_product": (
        (
            ("product_id", "collection_id", "position"),
            "SELECT unnest(ARRAY['placed', 'placed:collection:' || c.collection_id])"
            " FROM moved AS c",
        ),
    ),
    "listing": ((SHELF, lists("")), (PRICED, lists(".price"))),
    "listing_variant": (
        (
            (
                *("product_id", "channel_id", "currency", "variant_id"),
                *("price", "available", "option_ids"),
            ),
            "SELECT 'variants@' || c.channel_id FROM moved AS c",
        ),
    ),
    "search_text": ((("product_id", "locale", "document"), "SELECT 'text' FROM moved AS c"),),
    "search_word": ((("word",), "SELECT 'text' FROM moved AS c"),),
    # By which an answer was allowed, where only what is stored is run.
    "persisted_query": (
        (("digest", "document"), "SELECT 'document:' || c.digest FROM moved AS c"),
    ),
}
KIND_OF_TAGS = {
    "listing_variant": "listing",
    "search_text": "text",
    "search_word": "text",
    "persisted_query": "document",
}
ALL_TABLES = tuple(dict.fromkeys([*LOGGED, *TAGGED]))

EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


# Foreign keys that cascade run a statement for each row that goes, most of which find nothing.
ROWS = {"INSERT": "new_rows", "UPDATE": "new_rows", "DELETE": "old_rows"}


def _different(event: str, columns: str) -> str:
    """The rows, old and new, that the statement has really changed in these columns."""
    if event != "UPDATE":
        return f"SELECT {columns} FROM {'new' if event == 'INSERT' else 'old'}_rows"
    old, new = (f"SELECT {columns} FROM {side}_rows" for side in ("old", "new"))
    return f"({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})"


def _entry(table: str, event: str, tagged: Tagged) -> str:
    """One statement that writes what is to be told of one."""
    tags = " UNION ALL ".join(
        f"(WITH moved AS ({_different(event, ', '.join(columns))}) {sql})"
        for columns, sql in tagged
    )
    told = f"""told AS (
            SELECT CASE WHEN count(*) > {MOST} THEN ARRAY['*'] ELSE
                coalesce(array_agg(tag), '{{}}') END AS tags
            FROM (SELECT DISTINCT tag FROM ({tags or "SELECT NULL"}) AS each (tag)) AS each
            WHERE tag IS NOT NULL
        )"""
    if table not in LOGGED:
        return f"""WITH {told}
        INSERT INTO change_log (kind, op, ids, tags)
        SELECT '{KIND_OF_TAGS[table]}', 'update', '{{}}', tags FROM told WHERE tags <> '{{}}'"""
    op = event.lower() if table in THINGS else "update"
    return f"""WITH changed AS MATERIALIZED ({_different(event, "*")}), {told}
        INSERT INTO change_log (kind, op, ids, tags)
        SELECT found.kind, '{op}',
            CASE WHEN found.count > {MOST} THEN '{{}}' ELSE found.ids END,
            CASE WHEN found.count > {MOST} THEN told.tags || (found.kind || ':*') ELSE told.tags END
        FROM (
            SELECT kind, count(*) AS count, array_agg(id ORDER BY id) AS ids FROM (
                SELECT DISTINCT kind, id FROM ({LOGGED[table]}) AS each (kind, id)
                WHERE id IS NOT NULL
            ) AS each
            GROUP BY kind
        ) AS found, told"""


def function(table: str, tagged: Tagged | None = None) -> str:
    """Its statements are planned once a connection; each is run for its own event only."""
    told = TAGGED.get(table, ()) if tagged is None else tagged
    arms = "\n    ELSIF ".join(
        f"""TG_OP = '{event}' THEN
        IF NOT EXISTS (SELECT FROM {ROWS[event]}) THEN
            RETURN NULL;
        END IF;
        {_entry(table, event, told)};"""
        for event in EVENTS
    )
    return f"""
CREATE FUNCTION catalog_log_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF {arms}
    END IF;
    PERFORM catalog_durable();
    RETURN NULL;
END
$$
"""


def triggers(table: str) -> list[str]:
    kinds = ", ".join(f"'{kind}'" for kind in KINDS.get(table, (table,)))
    made = [
        f"CREATE TRIGGER change_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog_log_{table}()"
        for event, rows in EVENTS.items()
    ]
    made.append(
        f"CREATE TRIGGER change_truncate AFTER TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog_log_emptied({kinds})"
    )
    # Also of what a replica applies, and of a load that has switched off all other triggers.
    return made + [
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER change_{event}"
        for event in ("insert", "update", "delete", "truncate")
    ]


SLUGGED = ("product", "category", "collection", "brand")
# Of which kinds of things the rows are, where not of one that is called like their table.
KINDS = {
    **{table: ("product",) for table, sql in LOGGED.items() if sql.startswith("SELECT 'product'")},
    **{table: (kind,) for table, kind in KIND_OF_TAGS.items()},
    "attribute_option": ("attribute",),
    "product_type_attribute": ("product_type",),
    "stock_location_channel": ("stock_location",),
    "slug_history": SLUGGED,
    "translation": (*SLUGGED, "attribute"),
}

ONE_OWNER = [
    f"CREATE TRIGGER {table}_{column}_fixed BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
    f"WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION catalog_owner_fixed()"
    for table, column in OWNED.items()
]


# Prices for a quantity begin and end too: what shows them is told of it as of a change.
BEFORE = import_module("migrations.0003_listing").OF_PRODUCTS.replace("CREATE", "CREATE OR REPLACE")
OF_PRODUCTS = BEFORE.replace("AND price.min_quantity = 1\n", "\n", 1)
TO_COME = """
INSERT INTO listing_due
SELECT DISTINCT v.product_id FROM price JOIN variant AS v ON v.id = price.variant_id
WHERE price.min_quantity > 1 AND (price.valid_from > now() OR price.valid_until > now())
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_listing")]

    operations = [
        ops.RunSQL(
            [
                *TABLES.split(";\n")[:-1],
                *(DURABLE, EMPTIED, FIXED, KEPT),
                *KEEPERS,
                *(function(table) for table in ALL_TABLES),
                *(trigger for table in ALL_TABLES for trigger in triggers(table)),
                *ONE_OWNER,
                *(OF_PRODUCTS, TO_COME),
            ],
            [
                BEFORE,
                *(
                    f"DROP TRIGGER {table}_{column}_fixed ON {table}"
                    for table, column in OWNED.items()
                ),
                *(
                    f"DROP TRIGGER change_{event} ON {table}"
                    for table in ALL_TABLES
                    for event in ("insert", "update", "delete", "truncate")
                ),
                *(f"DROP FUNCTION catalog_log_{table}()" for table in ALL_TABLES),
                *(
                    f"DROP FUNCTION catalog_{name}()"
                    for name in ("durable", "log_emptied", "owner_fixed")
                ),
                "DROP TABLE change_log, change_position",
                "DROP FUNCTION catalog_position_kept()",
            ],
        ),
    ]
