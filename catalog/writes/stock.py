"""Stock locations and how much of a variant lies there."""

from dataclasses import replace

from catalog.db import Connection
from catalog.writes import matching, nouns, references, variants
from catalog.writes.merging import Merge
from catalog.writes.staging import Problem


async def write_locations(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.LOCATION)
    sources = [s for s in references.NOUN_SOURCES if s[0] == "channel"]
    await references.collect(connection, sources)
    await references.resolve(connection, ["channel"])
    problems += await references.unresolved(connection, sources)
    if problems:
        return problems
    await nouns.write(connection, nouns.LOCATION)
    await connection.execute(_CHANNELS.sql)
    return []


_CHANNELS = Merge(
    table="stock_location_channel",
    source="""
        SELECT DISTINCT s.id AS location_id, r.id AS channel_id
        FROM stage_location s CROSS JOIN unnest(s.channels) AS c (ref)
        JOIN stage_ref r ON r.kind = 'channel' AND r.ref = c.ref
        WHERE s.fresh OR NOT s.if_missing
    """,
    key={"location_id": None, "channel_id": None},
    owners={"stock_location": "t.location_id"},
    replaced="""t.location_id IN (
        SELECT id FROM stage_location WHERE NOT if_missing AND 'channels' = ANY (given))""",
)

_SOURCE = """
    SELECT DISTINCT ON (x.id, r.id) x.id AS variant_id, r.id AS location_id,
        s.on_hand, s.reserved, s.incoming, s.given{fresh}
    FROM stage_stock s
    JOIN {stage} x ON x.chunk = s.chunk AND x.v = s.v
    JOIN stage_ref r ON r.kind = 'location' AND r.ref = s.location
    WHERE s.chunk = $1
    ORDER BY x.id, r.id, s.line DESC
"""

LEVELS = Merge(
    table="stock_level",
    source=_SOURCE.format(stage="stage_variant", fresh=", x.fresh"),
    key={"variant_id": None, "location_id": None},
    columns=("on_hand", "reserved", "incoming"),
    owners={"variant": "t.variant_id"},
    fresh=True,
    replaced=f"t.variant_id IN ({variants.replacing('stock')})",
    given=True,
)

# Those that came without their product.
ALONE = replace(
    LEVELS, source=_SOURCE.format(stage="stage_offer", fresh=""), fresh=False, replaced=None
)
