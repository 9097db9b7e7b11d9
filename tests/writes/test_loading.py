"""Loads: what a file says is what the shop has afterwards, or nothing changed."""

from decimal import Decimal

import pytest
from factories import attempt, lamp, load, shop, variant

from catalog import db
from catalog.writes.inputs import (
    AssociationInput,
    CategoryInput,
    MediaInput,
    PriceInput,
    PriceRecord,
    ProductInput,
    TranslationInput,
    TranslationRecord,
    VariantInput,
)

pytestmark = pytest.mark.usefixtures("clean")


async def rows(sql: str, *args: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.fetch(sql, *args)]


async def test_a_product_comes_with_all_that_hangs_on_it() -> None:
    outcome = await load(
        *shop(),
        lamp(
            description="<p>Bright<script>x</script></p>",
            media=(MediaInput(url="/media/a.svg", alt="A lamp"),),
            attributes={"power": "60", "material": {"en": "Steel", "de": "Stahl"}},
            translations={"de": TranslationInput(name="Schreibtischlampe", slug="tischlampe")},
        ),
    )
    assert outcome.counts["product"].created == 1
    assert await rows(
        """
        SELECT p.slug, p.description, b.slug, c.slug, count(DISTINCT v.id), sum(DISTINCT x.amount)
        FROM product p JOIN brand b ON b.id = p.brand_id
        JOIN product_category pc ON pc.product_id = p.id AND pc.is_primary
        JOIN category c ON c.id = pc.category_id
        JOIN variant v ON v.product_id = p.id JOIN price x ON x.variant_id = v.id
        GROUP BY 1, 2, 3, 4
        """
    ) == [("desk-lamp", "<p>Bright</p>", "lumen", "home-lamps", 2, Decimal("19.9"))]
    assert await rows("SELECT option_key FROM variant ORDER BY 1") == [
        ("color=blue",),
        ("color=red",),
    ]
    values = "SELECT text, locale, number::int FROM attribute_value WHERE product_id = 1 ORDER BY 1"
    assert await rows(values) == [("Stahl", "de", None), ("Steel", "en", None), (None, None, 60)]


async def test_the_same_load_again_changes_nothing() -> None:
    catalog = (*shop(), *(lamp(f"lamp-{n}") for n in range(5)))
    await load(*catalog)
    before = await rows("SELECT id, version, updated_at FROM product ORDER BY id")
    outcome = await load(*catalog)
    assert {(c.created, c.updated, c.skipped) for c in outcome.counts.values()} == {(0, 0, 0)}
    assert await rows("SELECT id, version, updated_at FROM product ORDER BY id") == before


async def test_a_changed_price_is_one_change_of_its_variant_and_product() -> None:
    await load(*shop(), lamp(), lamp("floor-lamp"))
    changed = lamp(variants=(variant("desk-lamp-red", "red", amount="17.50"),))
    outcome = await load(changed)
    assert outcome.counts["product"].updated == 1
    assert await rows("SELECT slug, version FROM product ORDER BY slug") == [
        ("desk-lamp", 2),
        ("floor-lamp", 1),
    ]
    assert await rows("SELECT sku, version FROM variant WHERE version > 1") == [
        ("desk-lamp-red", 2)
    ]


async def test_absent_keeps_and_null_clears() -> None:
    await load(*shop(), lamp(tax_class="reduced", tags=("new",)))
    await load(ProductInput(slug="desk-lamp", tax_class=None))
    assert await rows("SELECT tax_class, tags, name, brand_id FROM product") == [
        (None, ["new"], "Desk Lamp", 1)
    ]


async def test_one_error_keeps_the_whole_load_out() -> None:
    outcome = await attempt(*shop(), lamp(), lamp("floor-lamp", brand="nobody"))
    assert not outcome.written
    assert [(p.line, p.path, p.value, p.code) for p in outcome.errors] == [
        (12, ("brand",), "nobody", "REFERENCE_NOT_FOUND")
    ]
    assert await rows("SELECT count(*) FROM product, brand, category") == [(0,)]


async def test_skip_leaves_out_what_is_wrong_and_what_needs_it() -> None:
    outcome = await attempt(
        *shop(),
        lamp(),
        lamp("floor-lamp", brand="nobody"),
        lamp("wall-lamp", associations=(AssociationInput(product="floor-lamp", kind="related"),)),
        on_error="skip",
    )
    assert outcome.written
    assert outcome.counts["product"].skipped == 2
    assert await rows("SELECT slug FROM product") == [("desk-lamp",)]


async def test_a_dry_run_counts_and_writes_nothing() -> None:
    outcome = await attempt(*shop(), lamp(), dry_run=True)
    assert (outcome.counts["product"].created, outcome.written) == (1, False)
    assert await rows("SELECT count(*) FROM channel, product") == [(0,)]


async def test_a_new_slug_leaves_the_old_one_in_the_history() -> None:
    await load(*shop(), lamp(external_id="L1"))
    await load(ProductInput(external_id="L1", slug="lamp-for-desks"))
    assert await rows("SELECT slug FROM product") == [("lamp-for-desks",)]
    assert await rows("SELECT slug, entity_id FROM slug_history") == [("desk-lamp", 1)]


async def test_a_category_that_moved_house_can_still_be_found() -> None:
    await load(CategoryInput(slug="lamps", external_id="C1", name="Lamps"))
    await load(CategoryInput(slug="lighting", external_id="C1", name="Lighting"))
    assert await rows("SELECT slug, entity_id FROM slug_history") == [("lamps", 1)]
    await load(CategoryInput(slug="lamps", external_id="C2", name="Lamps"))
    assert await rows("SELECT slug FROM slug_history") == []


async def test_products_of_one_name_get_slugs_of_their_own() -> None:
    named = [ProductInput(external_id=f"X{n}", type="lamp", name="Lamp") for n in range(3)]
    await load(*shop(), *named)
    await load(*named, ProductInput(external_id="X9", type="lamp", name="Lamp"))
    assert await rows("SELECT external_id, slug FROM product ORDER BY 1") == [
        ("X0", "lamp"),
        ("X1", "lamp-2"),
        ("X2", "lamp-3"),
        ("X9", "lamp-4"),
    ]


async def test_a_category_moves_with_everything_below_it() -> None:
    await load(*shop(), CategoryInput(slug="work", name="Work"))
    await load(CategoryInput(slug="home-lamps", name="Lamps", parent="work"))
    await load(CategoryInput(slug="home-lamps-desk", name="Desk", parent="home-lamps"))
    assert await rows("SELECT slug, path FROM category ORDER BY slug") == [
        ("home", [1]),
        ("home-lamps", [3, 2]),
        ("home-lamps-desk", [3, 2, 4]),
        ("work", [3]),
    ]


async def test_a_category_cannot_lie_below_itself() -> None:
    await load(*shop())
    outcome = await attempt(CategoryInput(slug="home", name="Home", parent="home-lamps"))
    assert [p.code for p in outcome.errors] == ["CATEGORY_CYCLE"] * len(outcome.errors)
    assert await rows("SELECT path FROM category ORDER BY id") == [([1],), ([1, 2],)]


@pytest.mark.parametrize("slug", ["home", "home-lamps", "new"])
async def test_a_category_is_not_its_own_parent(slug: str) -> None:
    await load(*shop())
    outcome = await attempt(CategoryInput(slug=slug, name="Home", parent=slug))
    assert [(p.code, p.path) for p in outcome.errors] == [("CATEGORY_CYCLE", ("parent",))]
    assert await rows("SELECT path FROM category ORDER BY id") == [([1],), ([1, 2],)]


async def test_associations_may_lead_forward() -> None:
    await load(
        *shop(),
        lamp(associations=(AssociationInput(product="ext:bulb", kind="accessory", quantity=2),)),
        lamp("bulb", external_id="bulb"),
    )
    assert await rows("SELECT product_id, target_id, quantity FROM association") == [(1, 2, 2)]


async def test_what_is_new_has_version_one_with_all_its_texts() -> None:
    words = {"de": TranslationInput(name="Arbeit")}
    work = CategoryInput(slug="work", name="Work", translations=words)
    await load(*shop(), work)
    assert await rows("SELECT DISTINCT version FROM category") == [(1,)]
    assert await rows("SELECT name FROM translation") == [("Arbeit",)]
    again = await load(work)
    assert again.counts["translation"].updated == 0


async def test_translations_come_in_records_of_their_own() -> None:
    await load(*shop(), lamp())
    words = TranslationRecord(kind="product", ref="desk-lamp", locale="de", name="Leuchte")
    first, second = await load(words), await load(words)
    assert (first.counts["translation"].updated, second.counts["translation"].updated) == (1, 0)
    assert await rows("SELECT version FROM product") == [(2,)]


BROKEN = {
    "DUPLICATE": [lamp(), lamp(variants=())],
    "DUPLICATE_SKU": [lamp(), lamp("b", variants=(variant("desk-lamp-red", "red"),))],
    "REQUIRED": [ProductInput(slug="x", type="lamp")],
    "NOT_ASSIGNED": [lamp(attributes={"color": "red"})],
    "UNKNOWN_OPTION": [lamp(variants=(variant("s", "pink"),))],
    "WRONG_KIND": [lamp(attributes={"power": "strong"})],
    "ONE_VALUE": [lamp(attributes={"power": ("1", "2")})],
    "NOT_LOCALISED": [lamp(attributes={"power": {"en": "1"}})],
    "REPEATED_COMBINATION": [lamp(variants=(variant("a", "red"), variant("b", "Red")))],
    "CURRENCY_NOT_SOLD": [
        lamp(variants=(VariantInput(sku="a", prices=(PriceInput(amount=1, currency="CHF"),)),))
    ],
    "SELF_REFERENCE": [lamp(associations=(AssociationInput(product="desk-lamp", kind="related"),))],
    "REFERENCE_NOT_FOUND": [lamp(categories=("nowhere",))],
}


@pytest.mark.parametrize(("code", "records"), BROKEN.items(), ids=BROKEN)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    code: str, records: list[ProductInput]
) -> None:
    outcome = await attempt(*shop(), *records)
    assert {problem.code for problem in outcome.errors} == {code}
    assert await rows("SELECT count(*) FROM product") == [(0,)]


async def test_one_variant_cannot_be_two_lines() -> None:
    await load(*shop(), lamp())
    twice = lamp(
        variants=(VariantInput(sku="desk-lamp-red"), variant("another", "red", amount="5.00"))
    )
    outcome = await attempt(twice)
    assert [(p.code, p.path) for p in outcome.errors] == [("SAME_VARIANT", ("variants", 1))]


async def test_two_new_variants_of_a_known_product_need_options() -> None:
    await load(*shop(), lamp(variants=()))
    outcome = await attempt(lamp(variants=(VariantInput(sku="a"), VariantInput(sku="b"))))
    assert [(p.code, p.path) for p in outcome.errors] == [
        ("REPEATED_COMBINATION", ("variants", 1, "options"))
    ]


async def test_what_one_record_says_twice_is_not_chosen_from() -> None:
    counts = ({"location": "hamburg", "on_hand": 1}, {"location": "hamburg", "on_hand": 2})
    shown = ({"channel": "eu"}, {"channel": "eu", "published_from": "2040-01-01T00:00:00Z"})
    record = lamp(variants=(variant("a", "red", stock=counts),), listings=shown)
    await load(*shop(), {"record": "location", "code": "hamburg", "name": "Hamburg"})
    outcome = await attempt(record)
    assert {(p.code, p.path) for p in outcome.errors} == {
        ("DUPLICATE", ("variants", 0, "stock", 1)),
        ("DUPLICATE", ("listings", 1)),
    }


async def test_a_sale_cannot_overlap_with_another() -> None:
    def sale(start: str, end: str) -> ProductInput:
        price = {"amount": "9", "currency": "EUR", "valid_from": start, "valid_until": end}
        return lamp(variants=(variant("desk-lamp-red", "red", prices=[price]),))

    await load(*shop(), sale("2026-12-01T00:00:00Z", "2026-12-10T00:00:00Z"))
    outcome = await attempt(sale("2026-12-09T00:00:00Z", "2026-12-20T00:00:00Z"))
    assert [p.code for p in outcome.errors] == ["PRICE_OVERLAP"]
    await load(sale("2026-12-10T00:00:00Z", "2026-12-20T00:00:00Z"))
    assert await rows("SELECT count(*) FROM price") == [(2,)]


async def test_a_sale_that_comes_alone_cannot_overlap_with_one_that_is_there() -> None:
    def sale(start: str, end: str) -> PriceRecord:
        return PriceRecord(
            variant="desk-lamp-red", amount="9", currency="EUR", valid_from=start, valid_until=end
        )

    await load(*shop(), lamp(), sale("2026-12-01T00:00:00Z", "2026-12-10T00:00:00Z"))
    before = await rows("SELECT id, amount, valid_from, valid_until FROM price ORDER BY id")

    outcome = await attempt(sale("2026-12-09T00:00:00Z", "2026-12-20T00:00:00Z"))

    assert [p.code for p in outcome.errors] == ["PRICE_OVERLAP"]
    assert await rows("SELECT id, amount, valid_from, valid_until FROM price ORDER BY id") == before


@pytest.mark.parametrize(
    ("record", "path", "said"),
    [
        ({"record": "product", "name": "a"}, (), "needs an external_id, a slug or a variant's sku"),
        ({"record": "brand", "name": "a"}, ("slug",), "a slug or an external_id finds it"),
        ({"record": "brand", "slug": "a"}, ("name",), "a new brand needs it"),
    ],
)
async def test_a_record_says_what_finds_it_and_what_a_new_one_needs(
    record: dict[str, object], path: tuple[str, ...], said: str
) -> None:
    outcome = await attempt(record)
    (error,) = outcome.errors
    assert (error.path, outcome.written) == (path, False)
    assert said in error.message


@pytest.mark.parametrize("sent", [1.0, 0.0, 1, 0])
async def test_a_number_is_not_taken_for_true_or_false(sent: float) -> None:
    await load(*shop(), lamp(attributes={"power": sent}))
    assert await rows("SELECT number FROM attribute_value WHERE number IS NOT NULL") == [(sent,)]


async def test_a_trade_number_that_two_have_is_told_of_alike_every_time() -> None:
    pair = [
        lamp(slug, variants=(variant(f"{slug}-red", "red", barcode="4006381333931"),))
        for slug in ("desk-lamp", "wall-lamp")
    ]
    first = await load(*shop(), *pair)
    again = await load(*shop(), *pair)
    assert [problem.code for problem in first.problems] == ["DUPLICATE_GTIN"]
    assert again.problems == first.problems


async def test_a_trade_number_of_another_product_is_kept_as_a_plain_barcode() -> None:
    await load(*shop(), lamp(variants=(variant("D", "red", barcode="4006381333931"),)))
    outcome = await load(lamp("wall", variants=(variant("W", "red", barcode="4006381333931"),)))
    assert [problem.code for problem in outcome.problems] == ["GTIN_TAKEN"]
    assert await rows("SELECT sku, gtin IS NULL FROM variant ORDER BY 1") == [
        ("D", False),
        ("W", True),
    ]
