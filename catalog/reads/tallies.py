"""How facets are counted: arms of one statement over `hit`, the rows that are in question."""

from catalog.reads.buckets import MOST_BUCKETS
from catalog.reads.selections import AVAILABILITY, BRAND, CATEGORY, PRICE

# Rows are `code` of the facet or id of the attribute, what the bucket is, its count, least and
# most. Options are grouped before it is asked whose they are; what many products have alike (where
# they hang, what they cost) is taken apart once for all of them. Arrays are taken apart in the
# SELECT: joined to their own elements each would be a lookup of its own.
OPTIONS = """
SELECT o.attribute_id::text, o.id, NULL,
    sum(counted.n) FILTER (WHERE counted.pass & asked.bit <> 0)::int, NULL, NULL
FROM (
    SELECT option.id, option.pass, count(*) AS n
    FROM (SELECT unnest(hit.option_ids) AS id, hit.pass FROM hit) AS option GROUP BY 1, 2
) AS counted
JOIN attribute_option AS o ON o.id = counted.id
JOIN unnest(:option_facets::int[], :option_bits::int[]) AS asked (attribute_id, bit)
    ON asked.attribute_id = o.attribute_id
GROUP BY o.attribute_id, o.id"""

CATEGORIES = """
SELECT 'category', above.id, NULL, sum(above.n)::int, NULL, NULL
FROM (
    SELECT DISTINCT member.alike, member.n, unnest(seen.path) AS id
    FROM (
        SELECT row_number() OVER () AS alike, count(*) AS n, unnest(hit.category_ids) AS id
        FROM hit WHERE hit.pass & :category_bit <> 0 GROUP BY hit.category_ids
    ) AS member
    JOIN seen ON seen.id = member.id
) AS above
GROUP BY above.id"""

BRANDS = """
SELECT 'brand', hit.brand_id, NULL, count(*)::int, NULL, NULL
FROM hit WHERE hit.pass & :brand_bit <> 0 AND hit.brand_id IS NOT NULL GROUP BY hit.brand_id"""

AVAILABLE = """
SELECT 'availability', NULL, hit.available::text, count(*)::int, NULL, NULL
FROM hit WHERE hit.pass & :availability_bit <> 0 GROUP BY hit.available"""

PRICES = """
SELECT 'price', step.n, NULL, sum(step.products)::int, min(step.lowest)::text,
    max(step.highest)::text
FROM (
    SELECT alike, width_bucket(price, :steps::numeric[]) AS n, products,
        min(price) AS lowest, max(price) AS highest
    FROM (
        SELECT row_number() OVER () AS alike, count(*) AS products, unnest(hit.prices) AS price
        FROM hit WHERE hit.pass & :price_bit <> 0 GROUP BY hit.prices
    ) AS priced
    GROUP BY alike, n, products
) AS step
GROUP BY step.n"""

FLAGS = """
SELECT abs(counted.id)::text, NULL, (counted.id > 0)::text,
    sum(counted.n) FILTER (WHERE counted.pass & asked.bit <> 0)::int, NULL, NULL
FROM (
    SELECT flag.id, flag.pass, count(*) AS n
    FROM (SELECT unnest(hit.flag_ids) AS id, hit.pass FROM hit) AS flag GROUP BY 1, 2
) AS counted
JOIN unnest(:flag_facets::int[], :flag_bits::int[]) AS asked (attribute_id, bit)
    ON asked.attribute_id = abs(counted.id)
GROUP BY counted.id"""

# Days are counted from 1970-01-01; the first and the last of all have no number.
RANGES = """
SELECT ends.id::text, NULL, NULL, ends.count,
    CASE WHEN ends.of_days THEN {lowest} ELSE ends.lowest::text END,
    CASE WHEN ends.of_days THEN {highest} ELSE ends.highest::text END
FROM (
    SELECT range.id, asked.of_days, count(*)::int AS count,
        min(range.lowest) AS lowest, max(range.highest) AS highest
    FROM (
        SELECT unnest(hit.range_ids) AS id, unnest(hit.lowest) AS lowest,
            unnest(hit.highest) AS highest, hit.pass
        FROM hit
    ) AS range
    JOIN unnest(:range_facets::int[], :range_bits::int[], :of_days::boolean[])
        AS asked (attribute_id, bit, of_days)
        ON asked.attribute_id = range.id AND range.pass & asked.bit <> 0
    GROUP BY range.id, asked.of_days
) AS ends""".format(
    **{
        end: f"CASE WHEN abs(ends.{end}) = 'Infinity' THEN lower(ends.{end}::text)"
        f" ELSE (DATE '1970-01-01' + ends.{end}::int)::text END"
        for end in ("lowest", "highest")
    }
)

# Served by attribute_value_product_key, variant_product_id_position_id_idx and
# attribute_value_variant_key.
TEXTS = f"""
SELECT facet, NULL, value, count, NULL, NULL FROM (
    SELECT value.attribute_id::text AS facet, value.text AS value,
        count(DISTINCT value.owner)::int AS count,
        row_number() OVER (
            PARTITION BY value.attribute_id ORDER BY count(DISTINCT value.owner) DESC, value.text
        ) AS nth
    FROM (
        SELECT hit.product_id AS owner, hit.pass, own.* FROM hit
        JOIN attribute_value AS own
            ON own.product_id = hit.product_id AND own.attribute_id = ANY (:text_facets::int[])
        UNION ALL
        SELECT hit.product_id, hit.pass, own.* FROM hit
        JOIN variant AS v ON v.product_id = hit.product_id AND v.deleted_at IS NULL
        JOIN attribute_value AS own
            ON own.variant_id = v.id AND own.variant_id IS NOT NULL
            AND own.attribute_id = ANY (:text_facets::int[])
    ) AS value
    JOIN unnest(:text_facets::int[], :text_bits::int[]) AS asked (attribute_id, bit)
        ON asked.attribute_id = value.attribute_id AND value.pass & asked.bit <> 0
    WHERE value.locale IS NULL OR value.locale = :locale
    GROUP BY value.attribute_id, value.text
) AS counted
WHERE nth <= {MOST_BUCKETS}"""

ROW = "facet, id, value, count, lowest, highest"

COLUMNS = {
    OPTIONS: "l.option_ids",
    FLAGS: "l.flag_ids",
    RANGES: "l.range_ids, l.lowest, l.highest",
    TEXTS: "l.product_id",
    CATEGORIES: "l.category_ids",
    BRANDS: "l.brand_id",
    AVAILABLE: "l.available",
    PRICES: "l.prices",
}

OURS = {CATEGORY: CATEGORIES, BRAND: BRANDS, PRICE: PRICES, AVAILABILITY: AVAILABLE}

# Of attributes, by what their parameters begin with, and which kinds of them are counted so.
HOW = {"option": OPTIONS, "flag": FLAGS, "range": RANGES, "text": TEXTS}
KINDS = {
    "option": ("select", "multiselect"),
    "flag": ("boolean",),
    "range": ("number", "date"),
    "text": ("text",),
}
