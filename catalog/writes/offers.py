"""Prices and stock that come without their product: each names a variant."""

from collections.abc import Sequence

from catalog.db import Connection
from catalog.writes import listing, prices, stock
from catalog.writes.counts import Counts
from catalog.writes.staging import Result

# A variant that the same load has written is known by now.
RESOLVE = """
UPDATE stage_offer x SET id = r.id FROM stage_ref r
WHERE r.kind = 'variant' AND r.ref = x.ref AND x.id IS DISTINCT FROM r.id
"""

CHUNKS = "SELECT DISTINCT chunk FROM stage_offer ORDER BY chunk DESC"

# Products first, in id order, as writes of products do; readers of either do not wait.
_LOCK = """
SELECT p.id FROM product p WHERE p.id IN (
    SELECT v.product_id FROM stage_offer x JOIN variant v ON v.id = x.id WHERE x.chunk = $1)
ORDER BY p.id FOR UPDATE
"""

# Before they are written: what each line is about to change.
_PRICES = """
SELECT s.line, x.id, v.external_id, CASE WHEN t.id IS NULL THEN 'created'
    WHEN (t.amount, t.compare_at) IS DISTINCT FROM (s.amount, s.compare_at) THEN 'updated'
    ELSE 'unchanged' END AS status
FROM stage_price s
JOIN stage_offer x ON x.chunk = s.chunk AND x.v = s.v
JOIN variant v ON v.id = x.id
LEFT JOIN stage_ref r ON r.kind = 'channel' AND r.ref = s.channel
LEFT JOIN price t ON t.variant_id = x.id AND t.currency = s.currency
    AND t.min_quantity = s.min_quantity AND coalesce(t.channel_id, 0) = coalesce(r.id, 0)
    AND coalesce(t.valid_from, '-infinity') = coalesce(s.valid_from, '-infinity')
    AND coalesce(t.valid_until, 'infinity') = coalesce(s.valid_until, 'infinity')
WHERE s.chunk = $1 ORDER BY s.line
"""

_STOCK = """
SELECT s.line, x.id, v.external_id, CASE WHEN t.id IS NULL THEN 'created'
    WHEN ('on_hand' = ANY (s.given) AND s.on_hand <> t.on_hand)
        OR ('reserved' = ANY (s.given) AND s.reserved <> t.reserved)
        OR ('incoming' = ANY (s.given) AND s.incoming <> t.incoming) THEN 'updated'
    ELSE 'unchanged' END AS status
FROM stage_stock s
JOIN stage_offer x ON x.chunk = s.chunk AND x.v = s.v
JOIN variant v ON v.id = x.id
JOIN stage_ref r ON r.kind = 'location' AND r.ref = s.location
LEFT JOIN stock_level t ON t.variant_id = x.id AND t.location_id = r.id
WHERE s.chunk = $1 ORDER BY s.line
"""

_BUMP_VARIANTS = """
UPDATE variant t SET version = t.version + 1, updated_at = now()
FROM stage_touched w WHERE w.kind = 'variant' AND t.id = w.id
"""

_BUMP_PRODUCTS = """
UPDATE product p SET version = p.version + 1, updated_at = now()
WHERE p.id IN (SELECT v.product_id FROM stage_touched w JOIN variant v ON v.id = w.id
    WHERE w.kind = 'variant')
"""


async def write_chunk(connection: Connection, chunk: int) -> list[Result]:
    """At most 1,000 of them, in the caller's unit of work."""
    await connection.fetch("DELETE FROM stage_touched")
    await connection.fetch(_LOCK, chunk)
    await connection.fetch(listing.HOLD)
    results = []
    for noun, before, merge in (
        ("price", _PRICES, prices.ALONE),
        ("stock", _STOCK, stock.ALONE),
    ):
        if found := await connection.fetch(before, chunk):
            results += [Result(noun=noun, **dict(row)) for row in found]
            await connection.fetch(merge.sql, chunk)
    for statement in (_BUMP_VARIANTS, _BUMP_PRODUCTS, listing.LIST_OFFERS, listing.RELEASE):
        await connection.fetch(statement)
    return results


def add(counts: dict[str, Counts], results: Sequence[Result]) -> None:
    for noun in {result.noun for result in results}:
        statuses = [result.status for result in results if result.noun == noun]
        found = Counts(*(statuses.count(status) for status in ("created", "updated", "unchanged")))
        counts[noun] = counts.get(noun, Counts()) + found
