"""Which products go with a product. Merged, unless the write replaces lists: what it
does not mention stays."""

from catalog.writes.merging import Merge

MERGE = Merge(
    table="association",
    source="""
        SELECT DISTINCT ON (1, 2, 3) p.id AS product_id, s.kind, r.id AS target_id, s.quantity,
            s.position
        FROM stage_association s
        JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n
        JOIN stage_ref r ON r.kind = 'product' AND r.ref = s.target
        WHERE s.chunk = $1 AND r.id <> p.id
        ORDER BY 1, 2, 3, s.position
    """,
    key={"product_id": None, "kind": None, "target_id": None},
    columns=("quantity", "position"),
    owners={"product": "t.product_id"},
    replaced="""t.product_id IN (SELECT id FROM stage_product
        WHERE chunk = $1 AND replace AND 'associations' = ANY (given))""",
)
