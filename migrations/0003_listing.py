"""What lists and searches read: `listing` at its two grains, the search text, and what keeps them.

`catalog_list(ids)` makes the rows of these products true; triggers call it for plain SQL, our own
writes once a unit of work, having told the triggers so by `catalog.listing = off`.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
-- A product on a shelf: in a channel, at the prices of one of its currencies.
CREATE TABLE listing (
    product_id int NOT NULL,
    channel_id int NOT NULL,
    currency text NOT NULL,
    shown boolean NOT NULL,
    shown_from timestamptz,
    shown_until timestamptz,
    available boolean NOT NULL,
    price numeric(18,4),
    price_max numeric(18,4),
    prices numeric(18,4)[] NOT NULL,
    created_at timestamptz NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    brand_id int,
    category_ids int[] NOT NULL,
    collection_ids int[] NOT NULL,
    option_ids int[] NOT NULL,
    next_change_at timestamptz,
    PRIMARY KEY (product_id, channel_id, currency)
);
-- Also of what is not shown: whoever sees drafts pages through the same.
CREATE INDEX listing_newest_idx ON listing (channel_id, currency, created_at, product_id);
CREATE INDEX listing_name_idx ON listing (channel_id, currency, name_sort, product_id);
CREATE INDEX listing_price_idx ON listing (channel_id, currency, price, product_id);
CREATE INDEX listing_brand_idx ON listing (brand_id, channel_id, currency);
CREATE INDEX listing_sets_idx ON listing USING gin (category_ids, collection_ids, option_ids);
CREATE INDEX listing_change_idx ON listing (next_change_at) WHERE next_change_at IS NOT NULL;

CREATE TABLE listing_variant (
    product_id int NOT NULL,
    channel_id int NOT NULL,
    currency text NOT NULL,
    variant_id int NOT NULL,
    price numeric(18,4),
    available boolean NOT NULL,
    option_ids int[] NOT NULL,
    PRIMARY KEY (product_id, channel_id, currency, variant_id)
);

-- Products whose rows are to be made anew when there is time: a change of something that very many
-- products hang on.
CREATE TABLE listing_due (product_id int PRIMARY KEY);

-- Changes of what products hang on, by their keys: of products that somebody was writing at the same
-- time neither has seen what the other wrote. They are followed once more when all transactions are
-- over that had begun before `horizon`, a moment after the change was there to be seen.
CREATE TABLE listing_later (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watched text NOT NULL,
    products text NOT NULL,
    keys jsonb NOT NULL,
    horizon xid8
);

-- `locale` empty: the language of the rows themselves.
CREATE TABLE search_text (
    product_id int NOT NULL,
    locale text NOT NULL,
    document tsvector NOT NULL,
    PRIMARY KEY (product_id, locale)
);
CREATE INDEX search_text_document_idx ON search_text USING gin (document);

-- Every word that a product was ever found by, to tell what a misspelt one may have meant. None of
-- what was never published: that it is known would show in what is found instead.
CREATE TABLE search_word (word text COLLATE "C" PRIMARY KEY);
CREATE INDEX search_word_trigram_idx ON search_word USING gin (word gin_trgm_ops);
"""

# A word, and what is left of it without any one of its letters. Two words of which one is the other
# with one mistake have one of these in common, however short they are: letter groups tell nothing
# of words of five letters.
SHORTENED = """
CREATE FUNCTION catalog_shortened(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS $$
    SELECT array_agg(DISTINCT left(word, greatest(n - 1, 0)) || substr(word, n + 1))
    FROM generate_series(0, length(word)) AS n
$$
"""

SHORTENED_INDEX = """
CREATE INDEX search_word_shortened_idx ON search_word USING gin (catalog_shortened(word))
"""

BASE_LOCALE = """
CREATE FUNCTION catalog_base_locale() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT 'en' $$
"""

# PostgreSQL's own stemmers, by language subtag (BCP 47).
TEXT_CONFIG = """
CREATE FUNCTION catalog_text_config(locale text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE split_part(lower(coalesce(nullif(locale, ''), catalog_base_locale())), '-', 1)
    WHEN 'ar' THEN 'pg_catalog.arabic' WHEN 'da' THEN 'pg_catalog.danish'
    WHEN 'de' THEN 'pg_catalog.german' WHEN 'el' THEN 'pg_catalog.greek'
    WHEN 'en' THEN 'pg_catalog.english' WHEN 'es' THEN 'pg_catalog.spanish'
    WHEN 'fi' THEN 'pg_catalog.finnish' WHEN 'fr' THEN 'pg_catalog.french'
    WHEN 'hu' THEN 'pg_catalog.hungarian' WHEN 'it' THEN 'pg_catalog.italian'
    WHEN 'lt' THEN 'pg_catalog.lithuanian' WHEN 'nl' THEN 'pg_catalog.dutch'
    WHEN 'nb' THEN 'pg_catalog.norwegian' WHEN 'nn' THEN 'pg_catalog.norwegian'
    WHEN 'no' THEN 'pg_catalog.norwegian' WHEN 'pt' THEN 'pg_catalog.portuguese'
    WHEN 'ro' THEN 'pg_catalog.romanian' WHEN 'ru' THEN 'pg_catalog.russian'
    WHEN 'sv' THEN 'pg_catalog.swedish' WHEN 'tr' THEN 'pg_catalog.turkish'
    ELSE 'pg_catalog.simple' END::regconfig $$
"""

# What is true of these products now, at both grains. Which price wins is `reads/prices.py`'s rule,
# and what can be had is `reads/stock.py`'s; tests hold them together. Row by row through indexes,
# since the planner knows nothing of how many there are: joined as sets, it would take a thousand
# products for one and compare each with each.
OF_VARIANTS = """
CREATE FUNCTION catalog_variants_listed(ids int[], moment timestamptz)
RETURNS SETOF listing_variant LANGUAGE sql STABLE
AS $$
    SELECT v.product_id, shelf.channel_id, shelf.currency, v.id,
        (
            SELECT price.amount FROM price
            WHERE price.variant_id = v.id AND price.currency = shelf.currency
                AND (price.channel_id = shelf.channel_id OR price.channel_id IS NULL)
                AND price.min_quantity = 1
                AND (price.valid_from IS NULL OR price.valid_from <= moment)
                AND (price.valid_until IS NULL OR price.valid_until > moment)
            ORDER BY price.channel_id NULLS LAST,
                price.valid_from IS NULL AND price.valid_until IS NULL
            LIMIT 1
        ),
        (NOT v.tracked OR v.backorder OR coalesce((
            SELECT sum(level.on_hand::bigint - level.reserved) > 0
            FROM stock_level AS level
            JOIN stock_location AS location
                ON location.id = level.location_id AND location.deleted_at IS NULL
            JOIN stock_location_channel AS served ON served.location_id = location.id
            WHERE level.variant_id = v.id AND served.channel_id = shelf.channel_id
        ), false)) AND coalesce((
            SELECT published.purchasable_from <= moment FROM product_listing AS published
            WHERE published.product_id = v.product_id AND published.channel_id = shelf.channel_id
        ), true),
        chosen.option_ids
    FROM variant AS v
    JOIN product AS p ON p.id = v.product_id AND p.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT value.option_id), '{}') AS option_ids
        FROM attribute_value AS value
        JOIN attribute AS a ON a.id = value.attribute_id AND a.deleted_at IS NULL
        WHERE value.variant_id = v.id AND value.option_id IS NOT NULL
    ) AS chosen
    CROSS JOIN (
        SELECT id AS channel_id, unnest(currencies) AS currency FROM channel
        WHERE deleted_at IS NULL
    ) AS shelf
    WHERE v.product_id = ANY (ids) AND v.deleted_at IS NULL
$$
"""

# Reads the rows of `listing_variant`, which are there by then.
OF_PRODUCTS = """
CREATE FUNCTION catalog_products_listed(ids int[], moment timestamptz)
RETURNS SETOF listing LANGUAGE sql STABLE
AS $$
    SELECT p.id, shelf.channel_id, shelf.currency,
        p.status = 'active' AND published.id IS NOT NULL,
        published.published_from, published.published_until,
        sold.available, sold.price, sold.price_max, sold.prices,
        p.created_at, p.name_sort, p.brand_id,
        hung.category_ids, hung.collection_ids, hung.option_ids,
        least(
            CASE WHEN published.published_from > moment THEN published.published_from END,
            CASE WHEN published.published_until > moment THEN published.published_until END,
            CASE WHEN published.purchasable_from > moment THEN published.purchasable_from END,
            (
                SELECT min(change.at)
                FROM variant AS v
                JOIN price ON price.variant_id = v.id AND price.currency = shelf.currency
                    AND (price.channel_id = shelf.channel_id OR price.channel_id IS NULL)
                    AND price.min_quantity = 1
                    AND (price.valid_from IS NOT NULL OR price.valid_until IS NOT NULL)
                CROSS JOIN LATERAL (VALUES (price.valid_from), (price.valid_until)) AS change (at)
                WHERE v.product_id = p.id AND v.deleted_at IS NULL AND change.at > moment
            )
        )
    FROM product AS p
    CROSS JOIN LATERAL (
        SELECT
            ARRAY(
                SELECT m.category_id FROM product_category AS m
                WHERE m.product_id = p.id ORDER BY 1
            ) AS category_ids,
            ARRAY(
                SELECT m.collection_id FROM collection_product AS m
                WHERE m.product_id = p.id ORDER BY 1
            ) AS collection_ids,
            ARRAY(
                SELECT value.option_id FROM attribute_value AS value
                JOIN attribute AS a ON a.id = value.attribute_id AND a.deleted_at IS NULL
                WHERE value.product_id = p.id AND value.option_id IS NOT NULL
                UNION
                SELECT unnest(lv.option_ids) FROM listing_variant AS lv WHERE lv.product_id = p.id
                ORDER BY 1
            ) AS option_ids
        OFFSET 0
    ) AS hung
    CROSS JOIN (
        SELECT id AS channel_id, unnest(currencies) AS currency FROM channel
        WHERE deleted_at IS NULL
    ) AS shelf
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(lv.available), false) AS available,
            min(lv.price) AS price, max(lv.price) AS price_max,
            coalesce(array_agg(DISTINCT lv.price) FILTER (WHERE lv.price IS NOT NULL), '{}')
                AS prices
        FROM listing_variant AS lv
        WHERE lv.product_id = p.id AND lv.channel_id = shelf.channel_id
            AND lv.currency = shelf.currency
    ) AS sold
    LEFT JOIN product_listing AS published
        ON published.product_id = p.id AND published.channel_id = shelf.channel_id
    WHERE p.id = ANY (ids) AND p.deleted_at IS NULL
$$
"""

# A: name, SKU and barcode; B: brand; C: searchable attributes and categories; D: description. In
# each language that a product has texts in, and what it lacks there in that of the rows. Names are
# there unstemmed too, so that the beginning of a word finds it.
OF_TEXTS = """
CREATE FUNCTION catalog_texts(ids int[])
RETURNS TABLE (
    product_id int, locale text, name text, keys text[], brand text, facts text, description text
) LANGUAGE sql STABLE
AS $$
    SELECT page.id, page.locale, page.name,
        ARRAY(
            SELECT DISTINCT key FROM variant AS v
            CROSS JOIN LATERAL (VALUES (v.sku), (v.barcode), (v.gtin)) AS k (key)
            WHERE v.product_id = page.id AND v.deleted_at IS NULL AND key <> ''
        ),
        (
            SELECT coalesce(t.name, b.name) FROM brand AS b
            LEFT JOIN translation AS t ON t.kind = 'brand' AND t.entity_id = b.id
                AND t.locale = page.locale AND t.deleted_at IS NULL
            WHERE b.id = page.brand_id AND b.deleted_at IS NULL
        ),
        concat_ws(E'\n', (
            SELECT string_agg(DISTINCT coalesce(t.name, o.label, value.text), E'\n')
            FROM (
                SELECT value.* FROM attribute_value AS value WHERE value.product_id = page.id
                UNION ALL
                SELECT value.* FROM variant AS v
                JOIN attribute_value AS value ON value.variant_id = v.id
                WHERE v.product_id = page.id AND v.deleted_at IS NULL
            ) AS value
            JOIN attribute AS a
                ON a.id = value.attribute_id AND a.searchable AND a.deleted_at IS NULL
            LEFT JOIN attribute_option AS o ON o.id = value.option_id
            LEFT JOIN translation AS t ON t.kind = 'option' AND t.entity_id = o.id
                AND t.locale = page.locale AND t.deleted_at IS NULL
            WHERE value.locale IS NULL OR page.locale = '' OR value.locale = page.locale
        ), (
            SELECT string_agg(DISTINCT coalesce(t.name, c.name), E'\n')
            FROM product_category AS m
            JOIN category AS c ON c.id = m.category_id AND c.deleted_at IS NULL AND c.published
            LEFT JOIN translation AS t ON t.kind = 'category' AND t.entity_id = c.id
                AND t.locale = page.locale AND t.deleted_at IS NULL
            WHERE m.product_id = page.id
        )),
        left(page.description, 50000)
    FROM (
        SELECT p.id, '' AS locale, p.name, p.brand_id, p.description FROM product AS p
        WHERE p.id = ANY (ids) AND p.deleted_at IS NULL
        UNION ALL
        SELECT p.id, t.locale, coalesce(t.name, p.name), p.brand_id,
            coalesce(t.description, p.description)
        FROM product AS p
        JOIN translation AS t ON t.kind = 'product' AND t.entity_id = p.id AND t.deleted_at IS NULL
        WHERE p.id = ANY (ids) AND p.deleted_at IS NULL
    ) AS page
$$
"""

OF_DOCUMENTS = """
CREATE FUNCTION catalog_documents(ids int[]) RETURNS SETOF search_text
LANGUAGE sql STABLE SET search_path FROM CURRENT
AS $$
    SELECT product_id, locale,
        setweight(to_tsvector(catalog_text_config(locale), unaccent(left(name, 2000))), 'A')
        || setweight(to_tsvector('pg_catalog.simple', unaccent(left(name, 2000))), 'A')
        || setweight(array_to_tsvector(ARRAY(
            SELECT DISTINCT lower(left(key, 500)) FROM unnest(keys) AS key)), 'A')
        || setweight(to_tsvector('pg_catalog.simple', unaccent(coalesce(brand, ''))), 'B')
        || setweight(to_tsvector(catalog_text_config(locale), unaccent(left(facts, 50000))), 'C')
        || setweight(to_tsvector(catalog_text_config(locale),
            unaccent(coalesce(description, ''))), 'D')
    FROM catalog_texts(ids)
$$
"""

# The rows of these products are made true, and only those written that differ. Products first, in
# id order: of two transactions that change parts of one the second waits, and then sees what the
# first has written (its statements have snapshots of their own, unlike the caller's). One plan for
# any number of them: it is as good for a thousand, and for one the planning would be most of the work.
LIST = """
CREATE FUNCTION catalog_list(ids int[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM product WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM listing_variant AS t WHERE t.product_id = ANY (ids) AND NOT EXISTS (
        SELECT FROM variant AS v
        JOIN product AS p ON p.id = v.product_id
        JOIN channel AS c ON c.id = t.channel_id
        WHERE v.id = t.variant_id AND v.product_id = t.product_id AND v.deleted_at IS NULL
            AND p.deleted_at IS NULL AND c.deleted_at IS NULL AND t.currency = ANY (c.currencies));
    INSERT INTO listing_variant AS t SELECT * FROM catalog_variants_listed(ids, now())
    ORDER BY product_id, channel_id, currency, variant_id
    ON CONFLICT (product_id, channel_id, currency, variant_id) DO UPDATE
    SET price = excluded.price, available = excluded.available, option_ids = excluded.option_ids
    WHERE t IS DISTINCT FROM excluded;

    DELETE FROM listing AS t WHERE t.product_id = ANY (ids) AND NOT EXISTS (
        SELECT FROM product AS p JOIN channel AS c ON c.id = t.channel_id
        WHERE p.id = t.product_id AND p.deleted_at IS NULL
            AND c.deleted_at IS NULL AND t.currency = ANY (c.currencies));
    INSERT INTO listing AS t SELECT * FROM catalog_products_listed(ids, now())
    ORDER BY product_id, channel_id, currency
    ON CONFLICT (product_id, channel_id, currency) DO UPDATE
    SET shown = excluded.shown, shown_from = excluded.shown_from,
        shown_until = excluded.shown_until, available = excluded.available,
        price = excluded.price, price_max = excluded.price_max, prices = excluded.prices,
        created_at = excluded.created_at, name_sort = excluded.name_sort,
        brand_id = excluded.brand_id, category_ids = excluded.category_ids,
        collection_ids = excluded.collection_ids, option_ids = excluded.option_ids,
        next_change_at = excluded.next_change_at
    WHERE t IS DISTINCT FROM excluded;
END
$$
"""

# In their own order, as those of `listing`: two writers of one new word wait for one another only.
INDEX = """
CREATE FUNCTION catalog_index(ids int[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM product WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM search_text AS t WHERE t.product_id = ANY (ids) AND NOT EXISTS (
        SELECT FROM product AS p
        LEFT JOIN translation AS l ON l.kind = 'product' AND l.entity_id = p.id
            AND l.locale = t.locale AND l.deleted_at IS NULL
        WHERE p.id = t.product_id AND p.deleted_at IS NULL AND (t.locale = '' OR l.id IS NOT NULL));
    INSERT INTO search_text AS t SELECT * FROM catalog_documents(ids) ORDER BY product_id, locale
    ON CONFLICT (product_id, locale) DO UPDATE SET document = excluded.document
    WHERE t.document IS DISTINCT FROM excluded.document;

    INSERT INTO search_word
    SELECT DISTINCT word
    FROM (
        SELECT * FROM catalog_texts(ids) AS texts
        WHERE EXISTS (
            SELECT FROM listing AS l
            WHERE l.product_id = texts.product_id AND l.shown
                AND (l.shown_from IS NULL OR l.shown_from <= now())
        )
    ) AS t
    CROSS JOIN LATERAL (
        SELECT regexp_split_to_table(
            catalog_sort_key(left(concat_ws(' ', t.name, t.brand, t.facts), 20000)),
            '[^[:alnum:]]+'
        ) AS word
        UNION ALL
        SELECT unnest(tsvector_to_array(
            to_tsvector('pg_catalog.simple', unaccent(coalesce(t.description, '')))))
    ) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word ~ '^[[:alnum:]]*[[:alpha:]][[:alnum:]]*$'
        AND NOT EXISTS (SELECT FROM search_word AS known WHERE known.word = word.word)
    ORDER BY word
    ON CONFLICT DO NOTHING;
END
$$
"""

# At once, unless they are so many that whoever changed what they hang on would wait for seconds.
DUE = """
CREATE FUNCTION catalog_changed(ids int[], texts boolean) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
BEGIN
    IF cardinality(ids) > 2000 THEN
        INSERT INTO listing_due SELECT DISTINCT unnest(ids) ORDER BY 1 ON CONFLICT DO NOTHING;
    ELSE
        PERFORM catalog_list(ids);
        IF texts THEN
            PERFORM catalog_index(ids);
        END IF;
    END IF;
END
$$
"""

# Of every table below, for each statement: the products of rows that it has really changed.
# The first argument is a query of them, the second whether words may have changed with them, the
# third the columns that tell them once more, where they are not parts of one product.
CHANGED = """
CREATE FUNCTION catalog_listed_row_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
    changed text;
    ids int[];
BEGIN
    IF current_setting('catalog.listing', true) = 'off' THEN
        RETURN NULL;
    END IF;
    changed := CASE TG_OP
        WHEN 'INSERT' THEN '(TABLE new_rows)'
        WHEN 'DELETE' THEN '(TABLE old_rows)'
        ELSE '((TABLE old_rows EXCEPT TABLE new_rows) UNION ALL'
            ' (TABLE new_rows EXCEPT TABLE old_rows))' END;
    EXECUTE 'SELECT array_agg(DISTINCT id) FROM ('
        || replace(TG_ARGV[0], 'changed', changed) || ') AS found (id) WHERE id IS NOT NULL'
        INTO ids;
    PERFORM catalog_changed(ids, TG_ARGV[1]::boolean);
    IF TG_ARGV[2] <> '' THEN
        EXECUTE 'INSERT INTO listing_later (watched, products, keys)'
            || ' SELECT $1, $2, jsonb_agg(to_jsonb(key)) FROM (SELECT DISTINCT '
            || TG_ARGV[2] || ' FROM ' || changed || ' AS c) AS key HAVING count(*) > 0'
            USING TG_TABLE_NAME, TG_ARGV[0];
    END IF;
    RETURN NULL;
END
$$
"""

# Puts the products of `listing_later` on `listing_due`, each change as soon as it may; says whether
# it has found something to do.
LATER = """
CREATE FUNCTION catalog_followed() RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
DECLARE
    later listing_later;
    found_some boolean := false;
BEGIN
    FOR later IN
        DELETE FROM listing_later
        WHERE horizon <= pg_snapshot_xmin(pg_current_snapshot()) RETURNING *
    LOOP
        found_some := true;
        EXECUTE 'INSERT INTO listing_due SELECT DISTINCT found.id FROM ('
            || replace(later.products, 'changed', format(
                '(SELECT * FROM jsonb_populate_recordset(NULL::%I, $1))', later.watched))
            || ') AS found (id) JOIN product AS p ON p.id = found.id AND p.deleted_at IS NULL'
            || ' ORDER BY 1 ON CONFLICT DO NOTHING'
            USING later.keys;
    END LOOP;
    UPDATE listing_later SET horizon = pg_snapshot_xmax(pg_current_snapshot())
    WHERE horizon IS NULL;
    RETURN found_some OR FOUND;
END
$$
"""

EMPTIED = """
CREATE FUNCTION catalog_listed_table_emptied() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    IF TG_TABLE_NAME = 'product' THEN
        DELETE FROM listing;
        DELETE FROM listing_variant;
        DELETE FROM listing_due;
        DELETE FROM search_text;
    ELSIF coalesce(current_setting('catalog.listing', true), '') <> 'off' THEN
        INSERT INTO listing_due SELECT id FROM product WHERE deleted_at IS NULL
        ORDER BY id ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$
"""

_OF_VARIANTS = "SELECT v.product_id FROM variant AS v WHERE v.id IN (SELECT {} FROM changed AS c)"
_OF_OPTIONS = """SELECT coalesce(value.product_id, v.product_id)
    FROM attribute_value AS value LEFT JOIN variant AS v ON v.id = value.variant_id
    WHERE value.option_id IN ({})"""
_OF_ATTRIBUTES = _OF_OPTIONS.replace("option_id", "attribute_id")
_OF_CATEGORIES = "SELECT m.product_id FROM product_category AS m WHERE m.category_id IN ({})"
_OF_LOCATIONS = """SELECT v.product_id FROM stock_level AS level
    JOIN variant AS v ON v.id = level.variant_id WHERE level.location_id IN ({})"""
_ID = "SELECT c.id FROM changed AS c"


def _of_translations() -> str:
    def entities(kind: str) -> str:
        return f"SELECT c.entity_id FROM changed AS c WHERE c.kind = '{kind}'"

    return " UNION ALL ".join(
        [
            entities("product"),
            f"SELECT p.id FROM product AS p WHERE p.brand_id IN ({entities('brand')})",
            _OF_CATEGORIES.format(entities("category")),
            _OF_OPTIONS.format(entities("option")),
        ]
    )


# Whose rows hang on which table, and whether its words are searched.
WATCHED = {
    "product": (_ID, True),
    "variant": ("SELECT c.product_id FROM changed AS c", True),
    "product_listing": ("SELECT c.product_id FROM changed AS c", True),
    "product_category": ("SELECT c.product_id FROM changed AS c", True),
    "collection_product": ("SELECT c.product_id FROM changed AS c", False),
    "price": (_OF_VARIANTS.format("c.variant_id"), False),
    "stock_level": (_OF_VARIANTS.format("c.variant_id"), False),
    "attribute_value": (
        "SELECT c.product_id FROM changed AS c UNION ALL " + _OF_VARIANTS.format("c.variant_id"),
        True,
    ),
    "brand": (f"SELECT p.id FROM product AS p WHERE p.brand_id IN ({_ID})", True),
    "category": (_OF_CATEGORIES.format(_ID), True),
    "attribute": (_OF_ATTRIBUTES.format(_ID), True),
    "attribute_option": (_OF_OPTIONS.format(_ID), True),
    "channel": (f"SELECT p.id FROM product AS p WHERE EXISTS ({_ID})", False),
    "stock_location": (_OF_LOCATIONS.format(_ID), False),
    "stock_location_channel": (
        _OF_LOCATIONS.format("SELECT c.location_id FROM changed AS c"),
        False,
    ),
    "translation": (_of_translations(), True),
}

# By what a row of these is known later on. A part of a product is written by whoever holds that.
HUNG_ON = {
    "brand": "c.id",
    "category": "c.id",
    "attribute": "c.id",
    "attribute_option": "c.id",
    "channel": "c.id",
    "stock_location": "c.id",
    "stock_location_channel": "c.location_id",
    "translation": "c.kind, c.entity_id",
}

ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def triggers() -> list[str]:
    made = []
    for table, (products, texts) in WATCHED.items():
        asked = products.replace("'", "''")
        made += [
            f"CREATE TRIGGER listing_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} "
            "FOR EACH STATEMENT EXECUTE FUNCTION catalog_listed_row_changed("
            f"'{asked}', '{texts}', '{HUNG_ON.get(table, '')}')"
            for event, rows in ROWS.items()
        ]
        made.append(
            f"CREATE TRIGGER listing_truncate AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION catalog_listed_table_emptied()"
        )
    return made


FUNCTIONS = (
    *(
        BASE_LOCALE,
        TEXT_CONFIG,
        SHORTENED,
        SHORTENED_INDEX,
        OF_VARIANTS,
        OF_PRODUCTS,
        OF_TEXTS,
        OF_DOCUMENTS,
    ),
    *(LIST, INDEX, DUE, CHANGED, LATER, EMPTIED),
)
NAMES = (
    "catalog_listed_table_emptied()",
    "catalog_followed()",
    "catalog_listed_row_changed()",
    "catalog_changed(int[], boolean)",
    "catalog_index(int[])",
    "catalog_list(int[])",
    "catalog_documents(int[])",
    "catalog_texts(int[])",
    "catalog_products_listed(int[], timestamptz)",
    "catalog_variants_listed(int[], timestamptz)",
    "catalog_text_config(text)",
    "catalog_shortened(text)",
    "catalog_base_locale()",
)

# What is there already gets its rows by and by: a migration is one transaction, and short.
DUE_AT_FIRST = "INSERT INTO listing_due SELECT id FROM product WHERE deleted_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_import_jobs")]

    operations = [
        ops.RunSQL(
            [*TABLES.split(";\n")[:-1], *FUNCTIONS, *triggers(), DUE_AT_FIRST],
            [
                *(
                    f"DROP TRIGGER listing_{event} ON {table}"
                    for table in WATCHED
                    for event in ("insert", "update", "delete", "truncate")
                ),
                "DROP INDEX search_word_shortened_idx",
                *(f"DROP FUNCTION {name}" for name in NAMES),
                "DROP TABLE listing, listing_variant, listing_due, listing_later, search_text, search_word",
            ],
        ),
    ]
