"""What must hold of the staged attribute values (see `rules`)."""

from collections.abc import Sequence

from catalog.writes.attribute_values import RESOLVED
from catalog.writes.rules import Check

VALUES: Sequence[Check] = (
    Check(
        "TYPE_IN_USE",
        "would leave values of {codes} behind, which this type has not; "
        "remove the values first, or assign the attributes to the type",
        """
        SELECT s.line, 'type' AS path, s.type AS value, string_agg(DISTINCT a.code, ', ') AS codes
        FROM stage_product s
        JOIN product p ON p.id = s.id
        JOIN stage_ref r ON r.kind = 'type' AND r.ref = s.type AND r.id <> p.product_type_id
        JOIN LATERAL (
            SELECT attribute_id, 'product' AS level FROM attribute_value
            WHERE product_id = p.id
            UNION SELECT v.attribute_id, 'variant' FROM attribute_value v
            JOIN variant x ON x.id = v.variant_id AND x.deleted_at IS NULL
            WHERE x.product_id = p.id
        ) held ON true
        JOIN attribute a ON a.id = held.attribute_id AND a.deleted_at IS NULL
        WHERE NOT EXISTS (
            SELECT FROM product_type_attribute t WHERE t.product_type_id = r.id
                AND t.attribute_id = held.attribute_id AND t.level = held.level)
        GROUP BY s.line, s.type
        """,
    ),
    Check(
        "NOT_ASSIGNED",
        "is not an attribute of {level}s of the type {type}; assign it to the type",
        """
        SELECT s.line, s.path, s.text AS value, coalesce(p.type, 'of the product') AS type,
            CASE WHEN s.v IS NULL THEN 'product' ELSE 'variant' END AS level
        FROM stage_value s
        JOIN stage_product p ON p.n = s.n
        JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        LEFT JOIN stage_ref r ON r.kind = 'type' AND r.ref = p.type
        LEFT JOIN product q ON q.id = p.id
        LEFT JOIN product_type_attribute t ON t.attribute_id = a.id
            AND t.product_type_id = coalesce(r.id, q.product_type_id)
            AND t.level = CASE WHEN s.v IS NULL THEN 'product' ELSE 'variant' END
            AND (t.is_option OR NOT s.axis)
        WHERE t.id IS NULL AND coalesce(r.id, q.product_type_id) IS NOT NULL
        """,
    ),
    Check(
        "UNKNOWN_OPTION",
        "is no option of {attribute}; its options are given by code or label",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute FROM ({RESOLVED}) s
        WHERE s.kind IN ('select', 'multiselect') AND s.option_id IS NULL AND s.text IS NOT NULL
        """,
    ),
    Check(
        "WRONG_KIND",
        "is no {expected}, which {attribute} is",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute,
            CASE s.kind WHEN 'number' THEN 'plain number (such as 1299.5, below 10^18)'
                WHEN 'boolean' THEN 'true or false'
                ELSE 'date (such as 2026-11-22)' END AS expected
        FROM ({RESOLVED}) s
        WHERE s.text IS NOT NULL AND (
            (s.kind = 'number' AND (s.number IS NULL OR abs(s.number) >= 1e18))
            OR (s.kind = 'boolean' AND s.boolean IS NULL)
            OR (s.kind = 'date' AND s.date IS NULL))
        """,
    ),
    Check(
        "ONE_VALUE",
        "is one too many: {attribute} takes a single value",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute FROM ({RESOLVED}) s
        WHERE s.ordinal > 0 AND s.locale IS NULL AND s.kind NOT IN ('multiselect', 'reference')
        """,
    ),
    Check(
        "NOT_LOCALISED",
        "has a language, but {attribute} is the same in all; send the value alone",
        f"""
        SELECT s.line, s.path || '/' || s.locale AS path, s.text AS value, s.attribute
        FROM ({RESOLVED}) s
        WHERE s.locale IS NOT NULL AND (
            s.kind NOT IN ('text', 'rich_text') OR s.rules -> 'localised' IS DISTINCT FROM 'true')
        """,
    ),
    Check(
        "REQUIRED_ATTRIBUTE",
        "is missing: the type {type} requires it of every {level}",
        """
        SELECT o.line, concat_ws('/', o.path, 'attributes', a.code) AS path, NULL AS value,
            p.type, t.level
        FROM stage_product p
        JOIN stage_ref r ON r.kind = 'type' AND r.ref = p.type
        JOIN product_type_attribute t ON t.product_type_id = r.id AND t.required
        JOIN attribute a ON a.id = t.attribute_id AND a.deleted_at IS NULL
        JOIN LATERAL (
            SELECT p.line, NULL AS path, NULL::int AS v WHERE t.level = 'product'
            UNION ALL
            SELECT x.line, x.path, x.v FROM stage_variant x
            WHERE t.level = 'variant' AND x.n = p.n
        ) o ON true
        WHERE p.id IS NULL AND NOT EXISTS (
            SELECT FROM stage_value s WHERE s.n = p.n AND s.v IS NOT DISTINCT FROM o.v
                AND s.attribute = a.code AND s.text IS NOT NULL)
        """,
    ),
)
