"""What lists had to look up for each product stands in the rows that they read.

`listing` gets the flags, numbers and days of attributes, which facets count; `search_text` the
categories, so that one index finds what has the words in a category; a category the sort key of its
name, which suggestions look through.
"""

from importlib import import_module

from tortoise import migrations
from tortoise.migrations import operations as ops

FIRST = import_module("migrations.0001_initial")
BEFORE = import_module("migrations.0003_listing")
LOG = import_module("migrations.0004_change_log")

# `flag_ids` are the attributes that are true, and negative those that are false; of those in
# `range_ids` are `lowest` and `highest`, of days since 1970-01-01.
COLUMNS = (
    """
    ALTER TABLE listing
        ADD COLUMN flag_ids int[] NOT NULL DEFAULT '{}',
        ADD COLUMN range_ids int[] NOT NULL DEFAULT '{}',
        ADD COLUMN lowest numeric[] NOT NULL DEFAULT '{}',
        ADD COLUMN highest numeric[] NOT NULL DEFAULT '{}'
    """,
    "ALTER TABLE search_text ADD COLUMN category_ids int[] NOT NULL DEFAULT '{}'",
)
DROPPED = (
    """
    ALTER TABLE listing
        DROP COLUMN flag_ids, DROP COLUMN range_ids, DROP COLUMN lowest, DROP COLUMN highest
    """,
    "ALTER TABLE search_text DROP COLUMN category_ids",
)

_CATEGORIES = """ARRAY(
            SELECT m.category_id FROM product_category AS m
            WHERE m.product_id = {} ORDER BY 1
        )"""

# Searches in a category ask for them from the first request on. What is new in `listing` comes by
# and by: a migration is short.
FILLED = (
    "DROP INDEX search_text_document_idx",
    # Nothing has changed for whoever follows changes.
    "ALTER TABLE search_text DISABLE TRIGGER change_update",
    f"UPDATE search_text SET category_ids = {_CATEGORIES.format('search_text.product_id')}",
    "ALTER TABLE search_text ENABLE ALWAYS TRIGGER change_update",
    "CREATE INDEX search_text_document_idx ON search_text USING gin (document, category_ids)",
    "INSERT INTO listing_due SELECT id FROM product WHERE deleted_at IS NULL ORDER BY id"
    " ON CONFLICT DO NOTHING",
)
EMPTIED = (
    "DROP INDEX search_text_document_idx",
    "CREATE INDEX search_text_document_idx ON search_text USING gin (document)",
)

VALUED = """    CROSS JOIN LATERAL (
        SELECT
            coalesce(array_agg(value.id) FILTER (WHERE value.is_true), '{}')
                || coalesce(array_agg(-value.id) FILTER (WHERE value.is_false), '{}') AS flag_ids,
            coalesce(array_agg(value.id) FILTER (WHERE value.low IS NOT NULL), '{}') AS range_ids,
            coalesce(array_agg(value.low) FILTER (WHERE value.low IS NOT NULL), '{}') AS lowest,
            coalesce(array_agg(value.high) FILTER (WHERE value.low IS NOT NULL), '{}') AS highest
        FROM (
            SELECT a.id, bool_or(own.boolean) AS is_true, bool_or(NOT own.boolean) AS is_false,
                min(own.amount) AS low, max(own.amount) AS high
            FROM (
                SELECT value.attribute_id, value.boolean,
                    coalesce(value.number, div(extract(epoch FROM value.date), 86400)) AS amount
                FROM attribute_value AS value
                WHERE value.product_id = p.id
                UNION ALL
                SELECT value.attribute_id, value.boolean,
                    coalesce(value.number, div(extract(epoch FROM value.date), 86400))
                FROM variant AS v
                JOIN attribute_value AS value ON value.variant_id = v.id
                WHERE v.product_id = p.id AND v.deleted_at IS NULL
            ) AS own
            JOIN attribute AS a ON a.id = own.attribute_id AND a.deleted_at IS NULL
            WHERE own.boolean IS NOT NULL OR own.amount IS NOT NULL
            GROUP BY a.id ORDER BY a.id
        ) AS value
        OFFSET 0
    ) AS valued
"""


def replaced(function: str, *changes: tuple[str, str]) -> str:
    """As it was before, but for these places, each there once."""
    for before, after in changes:
        assert function.count(before) == 1, before
        function = function.replace(before, after)
    return _again(function)


def _again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


FUNCTIONS = (
    replaced(
        LOG.OF_PRODUCTS,
        (
            """change.at > moment
            )
        )
""",
            """change.at > moment
            )
        ),
        valued.flag_ids, valued.range_ids, valued.lowest, valued.highest
""",
        ),
        (") AS hung\n", ") AS hung\n" + VALUED),
    ),
    replaced(
        BEFORE.LIST,
        (
            "next_change_at = excluded.next_change_at",
            """next_change_at = excluded.next_change_at,
        flag_ids = excluded.flag_ids, range_ids = excluded.range_ids,
        lowest = excluded.lowest, highest = excluded.highest""",
        ),
    ),
    replaced(
        BEFORE.OF_DOCUMENTS,
        (
            "unaccent(coalesce(description, ''))), 'D')",
            "unaccent(coalesce(description, ''))), 'D'),\n        "
            + _CATEGORIES.format("texts.product_id"),
        ),
        ("FROM catalog_texts(ids)", "FROM catalog_texts(ids) AS texts"),
    ),
    replaced(
        BEFORE.INDEX,
        (
            """SET document = excluded.document
    WHERE t.document IS DISTINCT FROM excluded.document;""",
            """SET document = excluded.document,
        category_ids = excluded.category_ids
    WHERE t IS DISTINCT FROM excluded;""",
        ),
    ),
)
# What the log is told of the new columns.
LOGGED = {
    "listing": (
        ((*LOG.SHELF, "flag_ids", "range_ids", "lowest", "highest"), LOG.lists("")),
        (LOG.PRICED, LOG.lists(".price")),
    ),
    "search_text": (
        (("product_id", "locale", "document", "category_ids"), "SELECT 'text' FROM moved AS c"),
    ),
}
FORMER = tuple(
    _again(function)
    for function in (LOG.OF_PRODUCTS, BEFORE.LIST, BEFORE.OF_DOCUMENTS, BEFORE.INDEX)
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_change_log")]

    operations = [
        ops.AddField("Category", "name_sort", FIRST.SortKey()),
        ops.RunSQL(
            [
                *COLUMNS,
                *FUNCTIONS,
                *(_again(LOG.function(table, tagged)) for table, tagged in LOGGED.items()),
                *FILLED,
            ],
            [
                *EMPTIED,
                *(_again(LOG.function(table)) for table in LOGGED),
                *DROPPED,
                *FORMER,
            ],
        ),
    ]
