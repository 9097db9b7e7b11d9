"""Prices: what a variant costs now, here, and what else is in its price list."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.reads import query
from catalog.reads.money import money, shown

# In the context's currency and channel, or in every channel that sells the currency.
HERE = """price.currency = :currency
    AND (price.channel_id = :channel_id OR price.channel_id IS NULL)"""

# A price without a window holds always.
OPEN = """(price.valid_from IS NULL OR price.valid_from <= :at)
    AND (price.valid_until IS NULL OR price.valid_until > :at)"""

# The channel's own wins; then what has a window wins over the base price.
PRECEDENCE = """price.channel_id NULLS LAST,
    price.valid_from IS NULL AND price.valid_until IS NULL"""

# Served by variant_pkey or variant_product_id_position_id_idx, price_variant_id_currency_idx.
EFFECTIVE = f"""
SELECT DISTINCT ON (v.id) v.id, v.product_id, price.amount, price.compare_at
FROM variant AS v
JOIN price ON price.variant_id = v.id AND {HERE}
    AND {OPEN}
WHERE {{whose}} AND price.min_quantity = 1
ORDER BY v.id, {PRECEDENCE}
"""

EFFECTIVE_BY_VARIANT_IDS = EFFECTIVE.format(whose="v.id = ANY (:ids)")

RANGE_BY_PRODUCT_IDS = f"""
SELECT product_id AS id, min({{column}}) AS lowest, max({{column}}) AS highest
FROM ({EFFECTIVE.format(whose="v.product_id = ANY (:ids) AND v.deleted_at IS NULL")}) AS effective
WHERE {{column}} IS NOT NULL
GROUP BY product_id
"""

# Served by price_variant_id_currency_idx.
BY_VARIANT_IDS = f"""
SELECT price.variant_id AS owner_id, price.id, channel.code AS channel, price.amount,
    price.compare_at, price.currency, price.min_quantity, price.valid_from, price.valid_until
FROM price
LEFT JOIN channel ON channel.id = price.channel_id
WHERE price.variant_id = ANY (:ids) AND {HERE} {{open}}
ORDER BY owner_id, price.min_quantity, {PRECEDENCE}, price.valid_from NULLS FIRST, price.id
"""


async def by_variant_ids(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[views.Price, ...]]:
    """The price list of this channel and currency, by quantity, what wins first: what holds now;
    for who sees drafts also what is to come and what is over."""
    open_now = "" if ctx.principal.sees_drafts else f"AND {OPEN}"
    sql = BY_VARIANT_IDS.format(open=open_now)
    return await query.grouped(ctx, sql, ids, _price, of=query.VARIANT)


async def effective_by_variant_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, views.EffectivePrice]:
    """What one piece costs now."""
    return await query.by_ids(
        ctx,
        EFFECTIVE_BY_VARIANT_IDS,
        ids,
        lambda row: _effective(row, ctx.currency),
        of=query.VARIANT,
    )


async def range_by_product_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.PriceRange]:
    """From the cheapest to the dearest variant that has a price."""
    return await _range(ctx, "amount", ids)


async def compare_at_range_by_product_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, views.PriceRange]:
    """The same of the prices that variants are reduced from."""
    return await _range(ctx, "compare_at", ids)


async def _range(ctx: Context, column: str, ids: Sequence[int]) -> dict[int, views.PriceRange]:
    sql = RANGE_BY_PRODUCT_IDS.format(column=column)
    return await query.by_ids(
        ctx,
        sql,
        ids,
        lambda row: views.PriceRange(
            min=money(row["lowest"], ctx.currency), max=money(row["highest"], ctx.currency)
        ),
        of="product",
    )


def _price(row: db.Record) -> views.Price:
    currency, compare_at = row["currency"], row["compare_at"]
    return views.Price(
        id=row["id"],
        variant_id=row["owner_id"],
        channel=row["channel"],
        amount=shown(row["amount"], currency),
        compare_at=None if compare_at is None else shown(compare_at, currency),
        currency=currency,
        min_quantity=row["min_quantity"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
    )


def _effective(row: db.Record, currency: str) -> views.EffectivePrice:
    compare_at = row["compare_at"]
    return views.EffectivePrice(
        price=money(row["amount"], currency),
        compare_at=None if compare_at is None else money(compare_at, currency),
    )
