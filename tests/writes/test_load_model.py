"""Any few loads in a row leave what a plain dictionary, told the same, would hold."""

from typing import Any

import servers
from factories import load, shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import db
from catalog.settings import Settings

SLUGS = ("a", "b", "c")
AMOUNTS = st.sampled_from(("1.00", "2.50", "19.90"))

price = st.fixed_dictionaries(
    {"amount": AMOUNTS, "currency": st.sampled_from(("EUR", "USD"))},
    optional={"channel": st.sampled_from(("eu", None)), "min_quantity": st.sampled_from((1, 10))},
).filter(lambda p: p["currency"] == "EUR" or p.get("channel") is None)


def scope(p: dict[str, Any]) -> tuple[object, ...]:
    return (p.get("channel"), p["currency"], p.get("min_quantity", 1))


def variants(slug: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {"color": st.sampled_from(("red", "blue"))},
        optional={
            "prices": st.lists(price, max_size=3, unique_by=scope),
            "on_hand": st.integers(-5, 50),
            "name": st.sampled_from(("Small", None)),
            "barcode": st.sampled_from(("4006381333931", "internal-7", None)),
        },
    )
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda v: v["color"])


def product(slug: str) -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        "tax_class": st.sampled_from(("full", "reduced", None)),
        "tags": st.lists(st.sampled_from(("new", "sale", "eco")), max_size=2, unique=True),
        "brand": st.sampled_from(("lumen", None)),
        "categories": st.lists(st.sampled_from(("home", "home-lamps")), max_size=2, unique=True),
        "media": st.lists(st.sampled_from(("/1.svg", "/2.svg", "/3.svg")), max_size=3, unique=True),
        "power": st.sampled_from(("5", "60", None)),
        "material": st.dictionaries(
            st.sampled_from(("en", "de")), st.sampled_from(("Steel", "Holz")), min_size=1
        ),
        "variants": variants(slug),
    }
    return st.fixed_dictionaries({"slug": st.just(slug)}, optional=optional)  # type: ignore[arg-type]


loads = st.lists(
    st.lists(st.sampled_from(SLUGS), min_size=1, max_size=3, unique=True).flatmap(
        lambda slugs: st.tuples(*map(product, slugs))
    ),
    min_size=1,
    max_size=3,
)


def record(told: dict[str, Any]) -> dict[str, Any]:
    """What the model was told, as the input of a load."""
    plain = ("slug", "tax_class", "tags", "brand", "categories")
    sent = {field: told[field] for field in plain if field in told}
    attributes = {code: told[code] for code in ("power", "material") if code in told}
    if "media" in told:
        sent["media"] = [{"url": url} for url in told["media"]]
    if "variants" in told:
        sent["variants"] = [_variant(told["slug"], v) for v in told["variants"]]
    sent |= {"name": told["slug"].upper(), "type": "lamp", "attributes": attributes}
    return sent | {"record": "product"}


def _variant(slug: str, told: dict[str, Any]) -> dict[str, Any]:
    sent = {field: told[field] for field in ("prices", "name", "barcode") if field in told}
    if "on_hand" in told:
        sent["stock"] = [{"location": "main", "on_hand": told["on_hand"]}]
    color = told["color"]
    return sent | {"sku": f"{slug}-{color}", "options": {"color": color}}


def apply(shop: dict[str, Any], told: dict[str, Any]) -> None:
    held = shop.setdefault(told["slug"], {"variants": {}})
    held |= {key: value for key, value in told.items() if key != "variants"}
    for v in told.get("variants", ()):
        kept = held["variants"].setdefault(v["color"], {"prices": {}})
        kept |= {key: value for key, value in v.items() if key != "prices"}
        kept["prices"] |= {scope(p): p["amount"] for p in v.get("prices", ())}


def expected(held: dict[str, Any]) -> dict[str, Any]:
    categories = held.get("categories", [])
    return {
        "tax_class": held.get("tax_class"),
        "tags": held.get("tags", []),
        "brand": held.get("brand"),
        "categories": sorted(categories),
        "primary": categories[0] if categories else None,
        "media": held.get("media", []),
        "power": held.get("power"),
        "material": held.get("material", {}),
        "variants": {
            color: (
                v.get("name"),
                v.get("barcode"),
                v.get("on_hand"),
                v["prices"],
            )
            for color, v in held["variants"].items()
        },
    }


PRODUCTS = """
SELECT p.slug, p.tax_class, p.tags, b.slug AS brand,
    (SELECT m.url FROM media m WHERE m.id = p.default_media_id) AS face,
    ARRAY(SELECT c.slug FROM product_category pc JOIN category c ON c.id = pc.category_id
        WHERE pc.product_id = p.id ORDER BY 1) AS categories,
    (SELECT c.slug FROM product_category pc JOIN category c ON c.id = pc.category_id
        WHERE pc.product_id = p.id AND pc.is_primary) AS primary,
    ARRAY(SELECT m.url FROM product_media pm JOIN media m ON m.id = pm.media_id
        WHERE pm.product_id = p.id ORDER BY pm.position) AS media,
    (SELECT trim_scale(v.number)::text FROM attribute_value v JOIN attribute a
        ON a.id = v.attribute_id WHERE v.product_id = p.id AND a.code = 'power') AS power,
    (SELECT coalesce(jsonb_object_agg(v.locale, v.text), '{}') FROM attribute_value v
        JOIN attribute a ON a.id = v.attribute_id
        WHERE v.product_id = p.id AND a.code = 'material') AS material
FROM product p LEFT JOIN brand b ON b.id = p.brand_id
"""
VARIANTS = """
SELECT p.slug, replace(v.option_key, 'color=', '') AS color, v.name, v.barcode,
    (SELECT on_hand FROM stock_level s WHERE s.variant_id = v.id) AS on_hand,
    ARRAY(SELECT jsonb_build_array(c.code, x.currency, x.min_quantity, to_char(x.amount, 'FM90.00'))
        FROM price x LEFT JOIN channel c ON c.id = x.channel_id WHERE x.variant_id = v.id) AS prices
FROM variant v JOIN product p ON p.id = v.product_id
"""


async def actual() -> dict[str, Any]:
    shop: dict[str, Any] = {}
    for row in await db.fetch(PRODUCTS):
        values = dict(row)
        assert values.pop("face") == next(iter(values["media"]), None)
        slug = values.pop("slug")
        shop[slug] = values | {"variants": {}}
    for row in await db.fetch(VARIANTS):
        prices = {tuple(key): amount for *key, amount in row["prices"]}
        held = (row["name"], row["barcode"], row["on_hand"], prices)
        shop[row["slug"]]["variants"][row["color"]] = held
    return shop


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=loads)
async def test_loads_add_up(database: Settings, told: list[tuple[dict[str, Any], ...]]) -> None:
    await servers.empty()
    model: dict[str, Any] = {}
    for records in told:
        await load(*shop(), *map(record, records))
        for one in records:
            apply(model, one)
    found = await actual()
    assert found == {slug: expected(held) for slug, held in model.items()}
    again = await load(*shop(), *map(record, told[-1]))
    assert again.counts["product"].updated == 0
