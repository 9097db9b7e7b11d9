"""A valid row of every table as SQL, and for every rule the change that breaks it."""

# Column → expression; {n} is the row's own number, which is also that of everything it refers to.
VALID: dict[str, dict[str, str]] = {
    "api_token": {"name": "'t'", "prefix": "'cat_{n}'", "digest": "sha256('{n}'::bytea)"},
    "association": {"product_id": "{n}", "target_id": "1 + {n} % 4", "kind": "'related'"},
    "attribute": {"code": "'a{n}'", "name": "'A'", "kind": "'text'"},
    "attribute_option": {"attribute_id": "{n}", "code": "'o{n}'", "label": "'O'"},
    "attribute_value": {"product_id": "{n}", "attribute_id": "{n}", "text": "'v'"},
    "brand": {"name": "'B'", "slug": "'b{n}'"},
    "category": {"name": "'C'", "slug": "'c{n}'", "path": "ARRAY[{n}]", "image_id": "{n}"},
    "channel": {
        "code": "'ch{n}'",
        "name": "'Ch'",
        "default_currency": "'EUR'",
        "currencies": "'{{EUR}}'",
        "default_locale": "'en'",
        "locales": "'{{en}}'",
        "is_default": "{n} = 1",
    },
    "collection": {"name": "'C'", "slug": "'c{n}'"},
    "collection_product": {"collection_id": "{n}", "product_id": "{n}"},
    "idempotency_key": {"token_id": "{n}", "key": "'k{n}'", "request_digest": "''"},
    "import_file_part": {"job_id": "{n}", "position": "0", "content": "'x'"},
    "import_job": {"file_name": "'f.csv'", "token_id": "{n}"},
    "import_result": {
        "job_id": "{n}",
        "noun": "'product'",
        "status": "'created'",
        "lines": "'{{{n}}}'",
        "ids": "'{{{n}}}'",
    },
    "import_row_error": {"job_id": "{n}", "line": "1", "code": "'X'", "message": "'M'"},
    "media": {"url": "'https://shop.test/{n}.jpg'"},
    "persisted_query": {
        "digest": "encode(sha256('{n}'::bytea), 'hex')",
        "document": "'{{ __typename }}'",
    },
    "price": {"variant_id": "{n}", "currency": "'EUR'", "amount": "9.90"},
    "product": {"product_type_id": "{n}", "name": "'P'", "slug": "'p{n}'"},
    "product_category": {
        "product_id": "{n}",
        "category_id": "{n}",
        "is_primary": "{n} = 1",
    },
    "product_listing": {"product_id": "{n}", "channel_id": "{n}"},
    "product_media": {"product_id": "{n}", "media_id": "{n}"},
    "product_type": {"code": "'t{n}'", "name": "'T'"},
    "product_type_attribute": {
        "product_type_id": "{n}",
        "attribute_id": "{n}",
        "level": "'product'",
    },
    "slug_history": {"kind": "'product'", "locale": "''", "slug": "'s{n}'", "entity_id": "{n}"},
    "stock_level": {"variant_id": "{n}", "location_id": "{n}"},
    "stock_location": {"code": "'l{n}'", "name": "'L'"},
    "stock_location_channel": {"location_id": "{n}", "channel_id": "{n}"},
    "translation": {
        "kind": "'product'",
        "entity_id": "{n}",
        "locale": "'de'",
        "slug": "'s{n}'",
    },
    "variant": {
        "product_id": "{n}",
        "sku": "'SKU{n}'",
        "gtin": "lpad('{n}', 14, '0')",
        "option_key": "'size={n}'",
    },
    "variant_media": {"variant_id": "{n}", "media_id": "{n}"},
    "webhook": {"url": "'https://shop.test/hook'"},
    "webhook_delivery": {"webhook_id": "{n}", "message_id": "'m'", "body": "'{{}}'"},
}

# What to change in a valid row, for every rule that is no plain unique or foreign key.
BROKEN: dict[str, dict[str, str]] = {
    "api_token_digest_check": {"digest": "'short'"},
    "api_token_scopes_check": {"scopes": "'{{catalog:everything}}'"},
    "association_kind_check": {"kind": "'rival'"},
    "association_quantity_check": {"quantity": "0"},
    "association_self_check": {"target_id": "product_id"},
    "attribute_kind_check": {"kind": "'sound'"},
    "attribute_value_owner_check": {"variant_id": "1"},
    "attribute_value_value_check": {"number": "1"},
    "attribute_value_locale_check": {"text": "NULL", "number": "1", "locale": "'de'"},
    "attribute_value_product_key": {"product_id": "1", "attribute_id": "1"},
    "attribute_value_variant_key": {
        "product_id": "NULL",
        "variant_id": "1",
        "attribute_id": "1",
    },
    "category_parent_check": {"parent_id": "id"},
    "category_path_check": {"path": "ARRAY[]::int[]"},
    "channel_currency_sold_check": {"default_currency": "'USD'"},
    "channel_default_active_check": {"is_default": "true", "is_active": "false"},
    "channel_locale_spoken_check": {"default_locale": "'de'"},
    "channel_one_default_key": {"is_default": "true"},
    "import_job_finished_check": {"state": "'done'"},
    "import_job_state_check": {"state": "'lost'"},
    "import_result_status_check": {"status": "'failed'"},
    "media_height_check": {"height": "0"},
    "media_key_key": {"url": "'https://shop.test/1.jpg'"},
    "media_kind_check": {"kind": "'smell'"},
    "media_width_check": {"width": "0"},
    "persisted_query_digest_check": {"digest": "'ABC'"},
    "price_amount_check": {"amount": "-0.01"},
    "price_base_key": {"variant_id": "1"},
    "price_compare_at_check": {"compare_at": "-0.01"},
    "price_currency_check": {"currency": "'eur'"},
    "price_min_quantity_check": {"min_quantity": "0"},
    "price_window_check": {"valid_from": "'2030-02-01'", "valid_until": "'2030-01-01'"},
    "price_window_excl": {"variant_id": "1", "valid_from": "'2030-01-15'"},
    "product_category_one_primary_key": {"product_id": "1", "is_primary": "true"},
    "product_listing_window_check": {
        "published_from": "'2030-02-01'",
        "published_until": "'2030-01-01'",
    },
    "product_status_check": {"status": "'sold'"},
    "product_type_attribute_level_check": {"level": "'shop'"},
    "product_type_attribute_option_axis_check": {"is_option": "true"},
    "slug_history_kind_check": {"kind": "'variant'"},
    "stock_level_incoming_check": {"incoming": "-1"},
    "stock_level_reserved_check": {"reserved": "-1"},
    "translation_kind_check": {"kind": "'shop'"},
    "translation_locale_check": {"locale": "''"},
    "translation_slug_key": {"slug": "'s1'"},
    "variant_gtin_check": {"gtin": "'123'"},
    "variant_weight_check": {"weight": "-1"},
    "webhook_delivery_state_check": {"state": "'lost'"},
}

# Rows that must stand before a rule can be broken.
BEFORE = {
    "attribute_value_variant_key": (
        "INSERT INTO attribute_value (id, variant_id, attribute_id, text) VALUES (99, 1, 1, 'v')"
    ),
    "price_window_excl": (
        "INSERT INTO price (id, variant_id, currency, amount, valid_from, valid_until)"
        " VALUES (99, 1, 'EUR', 5, '2030-01-01', '2030-02-01')"
    ),
}

# Foreign keys that share a rule with other columns, and what must be empty for them.
ALONE: dict[str, dict[str, str]] = {
    "attribute_value.variant_id": {"product_id": "NULL"},
    "attribute_value.option_id": {"text": "NULL"},
    "attribute_value.reference_id": {"text": "NULL"},
}
