"""Prices of variants, merged by channel, currency, quantity and window."""

from dataclasses import replace

from catalog.writes import variants
from catalog.writes.merging import Merge

_SOURCE = """
    SELECT DISTINCT ON (1, 2, 3, 4, 5, 6) x.id AS variant_id, r.id AS channel_id, s.currency,
        s.min_quantity, s.valid_from, s.valid_until, s.amount, s.compare_at{fresh}
    FROM stage_price s
    JOIN {stage} x ON x.chunk = s.chunk AND x.v = s.v
    LEFT JOIN stage_ref r ON r.kind = 'channel' AND r.ref = s.channel
    WHERE s.chunk = $1
    ORDER BY 1, 2, 3, 4, 5, 6, s.line DESC
"""

MERGE = Merge(
    table="price",
    source=_SOURCE.format(stage="stage_variant", fresh=", x.fresh"),
    key={
        "variant_id": None,
        "channel_id": "0",
        "currency": None,
        "min_quantity": None,
        "valid_from": "'-infinity'",
        "valid_until": "'infinity'",
    },
    columns=("amount", "compare_at"),
    owners={"variant": "t.variant_id"},
    fresh=True,
    replaced=f"t.variant_id IN ({variants.replacing('prices')})",
)

# Those that came without their product.
ALONE = replace(
    MERGE, source=_SOURCE.format(stage="stage_offer", fresh=""), fresh=False, replaced=None
)
