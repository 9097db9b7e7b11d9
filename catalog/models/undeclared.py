"""What the schema needs and Tortoise cannot declare, as SQL by name.

The first migration runs exactly these; a test compares them with what is in the database.
"""

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")

# Immutable, so that it can be generated and indexed: unaccent() itself depends on the search path.
# A platform may keep its extensions in a schema of their own, so the path is the creator's.
SORT_KEY = """
CREATE FUNCTION catalog_sort_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT
AS $$ SELECT lower(unaccent(lower(name))) $$
"""

INDEXES = {
    "price_base_key": """
        CREATE UNIQUE INDEX price_base_key ON price (variant_id, channel_id, currency, min_quantity)
        NULLS NOT DISTINCT WHERE valid_from IS NULL AND valid_until IS NULL
    """,
    "attribute_value_product_key": """
        CREATE UNIQUE INDEX attribute_value_product_key
        ON attribute_value (product_id, attribute_id, option_id, reference_id, locale)
        NULLS NOT DISTINCT WHERE product_id IS NOT NULL
    """,
    "attribute_value_variant_key": """
        CREATE UNIQUE INDEX attribute_value_variant_key
        ON attribute_value (variant_id, attribute_id, option_id, reference_id, locale)
        NULLS NOT DISTINCT WHERE variant_id IS NOT NULL
    """,
    "product_tags_idx": "CREATE INDEX product_tags_idx ON product USING gin (tags)",
}

CONSTRAINTS = {
    "price_window_excl": """
        ALTER TABLE price ADD CONSTRAINT price_window_excl EXCLUDE USING gist (
            variant_id WITH =, (coalesce(channel_id, 0)) WITH =, currency WITH =,
            min_quantity WITH =, tstzrange(valid_from, valid_until) WITH &&
        ) WHERE (valid_from IS NOT NULL OR valid_until IS NOT NULL)
    """,
}
