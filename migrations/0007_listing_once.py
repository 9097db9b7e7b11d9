"""What rows of lists have in common is looked up once: the stock of a variant for a channel, not for
each of its currencies; which attributes and channels are gone, not for each variant.
"""

from importlib import import_module

from tortoise import migrations
from tortoise.migrations import operations as ops

FIRST = import_module("migrations.0003_listing")
BEFORE = import_module("migrations.0005_listing_values")
PLANS = import_module("migrations.0006_listing_plans")

_, LIST, *_ = BEFORE.FUNCTIONS

_AVAILABLE = """(NOT v.tracked OR v.backorder OR coalesce((
            SELECT sum(level.on_hand::bigint - level.reserved) > 0
            FROM stock_level AS level
            JOIN stock_location AS location
                ON location.id = level.location_id AND location.deleted_at IS NULL
            JOIN stock_location_channel AS served ON served.location_id = location.id
            WHERE level.variant_id = v.id AND served.channel_id = shelf.channel_id
        ), false)) AND coalesce((
            SELECT published.purchasable_from <= moment FROM product_listing AS published
            WHERE published.product_id = v.product_id AND published.channel_id = shelf.channel_id
        ), true)"""

OF_VARIANTS = BEFORE.replaced(
    FIRST.OF_VARIANTS,
    (f"{_AVAILABLE},", "offered.available,"),
    (
        "v.product_id, shelf.channel_id, shelf.currency,",
        "v.product_id, shelf.channel_id, priced.currency,",
    ),
    ("price.currency = shelf.currency", "price.currency = priced.currency"),
    (
        """SELECT coalesce(array_agg(DISTINCT value.option_id), '{}') AS option_ids
        FROM attribute_value AS value
        JOIN attribute AS a ON a.id = value.attribute_id AND a.deleted_at IS NULL
        WHERE value.variant_id = v.id AND value.option_id IS NOT NULL
""",
        """SELECT ARRAY(
            SELECT DISTINCT value.option_id FROM attribute_value AS value
            WHERE value.variant_id = v.id AND value.option_id IS NOT NULL
                AND value.attribute_id <> ALL (
                    ARRAY(SELECT id FROM attribute WHERE deleted_at IS NOT NULL)
                )
            ORDER BY 1
        ) AS option_ids
        OFFSET 0
""",
    ),
    (
        """SELECT id AS channel_id, unnest(currencies) AS currency FROM channel
        WHERE deleted_at IS NULL
    ) AS shelf
""",
        f"""SELECT id AS channel_id, currencies FROM channel WHERE deleted_at IS NULL
    ) AS shelf
    CROSS JOIN LATERAL (
        SELECT {_AVAILABLE} AS available
        OFFSET 0
    ) AS offered
    CROSS JOIN LATERAL unnest(shelf.currencies) AS priced (currency)
""",
    ),
)

# Sets that are made once and looked into; for each row anew they were a seventh of the work.
_SHELVES = """(t.channel_id, t.currency) NOT IN (
            SELECT id, unnest(currencies) FROM channel WHERE deleted_at IS NULL)"""
# As migration 0006 has said, which a function that is replaced forgets.
_PLANNED = "SET plan_cache_mode = force_generic_plan"
LISTING = BEFORE.replaced(
    LIST,
    (_PLANNED, f"{_PLANNED} SET enable_mergejoin = off"),
    (
        """NOT EXISTS (
        SELECT FROM variant AS v
        JOIN product AS p ON p.id = v.product_id
        JOIN channel AS c ON c.id = t.channel_id
        WHERE v.id = t.variant_id AND v.product_id = t.product_id AND v.deleted_at IS NULL
            AND p.deleted_at IS NULL AND c.deleted_at IS NULL AND t.currency = ANY (c.currencies));""",
        f"""(
        (t.variant_id, t.product_id) NOT IN (
            SELECT v.id, v.product_id FROM variant AS v
            JOIN product AS p ON p.id = v.product_id AND p.deleted_at IS NULL
            WHERE v.product_id = ANY (ids) AND v.deleted_at IS NULL)
        OR {_SHELVES});""",
    ),
    (
        """NOT EXISTS (
        SELECT FROM product AS p JOIN channel AS c ON c.id = t.channel_id
        WHERE p.id = t.product_id AND p.deleted_at IS NULL
            AND c.deleted_at IS NULL AND t.currency = ANY (c.currencies));""",
        f"""(
        t.product_id NOT IN (SELECT id FROM product WHERE id = ANY (ids) AND deleted_at IS NULL)
        OR {_SHELVES});""",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_listing_plans")]

    operations = [
        ops.RunSQL(
            [OF_VARIANTS, LISTING],
            [
                BEFORE.replaced(FIRST.OF_VARIANTS),
                LIST,
                f"ALTER FUNCTION {PLANS.FUNCTIONS[0]} SET enable_mergejoin = off",
            ],
        ),
    ]
