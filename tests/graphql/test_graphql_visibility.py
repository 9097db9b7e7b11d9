"""What is not for everybody is nowhere to be found without a token."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import lamp, load
from speaking import Ask, Refused

from catalog.writes.inputs import (
    AssociationInput,
    CategoryInput,
    CollectionInput,
    ListingInput,
    ProductInput,
)

SOON = datetime.now(UTC) + timedelta(days=1)

HIDDEN = {
    "draft": {"status": "draft"},
    "archived": {"status": "archived"},
    "unlisted": {"listings": ()},
    "elsewhere": {"listings": (ListingInput(channel="us"),)},
    "not yet": {"listings": (ListingInput(channel="eu", published_from=SOON),)},
}

BY_KEYS = """{
  product(by: {slug: "secret"}) { id }
  bySku: product(by: {sku: "secret-red"}) { id }
  byKey: product(by: {externalId: "erp-1"}) { id }
  variant(by: {sku: "secret-red"}) { id }
}"""

AROUND = """{
  products { totalCount nodes { slug } }
  bySlug: products(where: {slugs: ["secret"]}) { totalCount }
  variants(where: {sku: ["secret-red"]}) { totalCount nodes { id } }
  brand(by: {slug: "lumen"}) { products { totalCount nodes { slug } } }
  category(by: {slug: "home"}) { products { totalCount nodes { slug } } }
  collection(by: {slug: "best"}) { products { totalCount nodes { slug } } }
  product(by: {slug: "open"}) { related { product { slug } } }
}"""


@pytest.fixture(params=HIDDEN.values(), ids=HIDDEN.keys())
async def secret(request: pytest.FixtureRequest, open_shop: None, token: str) -> None:
    """A product that is not for everybody, beside one that is and points at it."""
    await load(
        lamp("secret", external_id="erp-1", private_metadata={"cost": "4.20"}, **request.param),
        lamp("open", associations=(AssociationInput(product="secret", kind="related"),)),
        CollectionInput(slug="best", name="Best", products=("secret", "open")),
    )


@pytest.mark.usefixtures("secret")
async def test_without_a_token_there_is_no_trace_of_it(ask: Ask, token: str) -> None:
    known = await ask(BY_KEYS, token=token)
    ids = [one["id"] for one in known.values()]

    by_key = await ask(BY_KEYS)
    by_id = await ask("query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    around = await ask(AROUND)

    assert set(by_key.values()) == {None}
    assert by_id["nodes"] == [None] * 4
    only_open = {"totalCount": 1, "nodes": [{"slug": "open"}]}
    assert around == {
        "products": only_open,
        "bySlug": {"totalCount": 0},
        "variants": {"totalCount": 0, "nodes": []},
        "brand": {"products": only_open},
        "category": {"products": only_open},
        "collection": {"products": only_open},
        "product": {"related": []},
    }


@pytest.mark.usefixtures("secret")
async def test_with_a_token_all_of_it_is_there(ask: Ask, token: str) -> None:
    known = await ask(BY_KEYS, token=token)
    around = await ask(AROUND, token=token)

    assert None not in known.values()
    assert around["products"]["totalCount"] == 2
    assert around["collection"]["products"]["totalCount"] == 2
    assert around["product"]["related"] == [{"product": {"slug": "secret"}}]


async def test_drafts_are_asked_for_with_a_token_only(
    ask: Ask, refused: Refused, open_shop: None, token: str
) -> None:
    await load(lamp("secret", status="draft"))
    query = "{ products(where: {status: [DRAFT, ARCHIVED]}) { nodes { slug status } } }"

    (error,) = await refused(query)
    found = await ask(query, token=token)

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert found["products"]["nodes"] == [{"slug": "secret", "status": "DRAFT"}]


async def test_what_the_integrator_keeps_for_itself_needs_a_token(
    ask: Ask, open_shop: None, token: str
) -> None:
    await load(lamp("open", metadata={"care": "dry"}, private_metadata={"cost": "4.20"}))
    query = '{ product(by: {slug: "open"}) { metadata privateMetadata } }'

    everybody = (await ask(query))["product"]
    holder = (await ask(query, token=token))["product"]

    assert everybody == {"metadata": {"care": "dry"}, "privateMetadata": None}
    assert holder == {"metadata": {"care": "dry"}, "privateMetadata": {"cost": "4.20"}}


async def test_exact_stock_needs_a_token_and_takes_nothing_else_with_it(
    refused: Refused, ask: Ask, open_shop: None, token: str
) -> None:
    await load(lamp("open"))
    query = '{ variant(by: {sku: "open-red"}) { sku available stock { onHand } } }'

    (error,) = await refused(query)
    found = (await ask(query, token=token))["variant"]

    assert (error["path"], error["extensions"]) == (["variant", "stock"], {"code": "FORBIDDEN"})
    assert found == {"sku": "open-red", "available": True, "stock": [{"onHand": 5}]}


async def test_a_category_is_hidden_with_its_ancestors(
    ask: Ask, open_shop: None, token: str
) -> None:
    await load(
        CategoryInput(slug="home", name="Home", published=False),
        lamp("open"),
        CollectionInput(slug="later", name="Later", published=False, products=("open",)),
    )
    query = """{
      categories(depth: 3) { slug }
      category(by: {slug: "home-lamps"}) { slug }
      collection(by: {slug: "later"}) { slug }
      collections { totalCount }
      product(by: {slug: "open"}) { category { slug } categories { slug } }
    }"""

    everybody = await ask(query)
    holder = await ask(query, token=token)

    assert everybody == {
        "categories": [],
        "category": None,
        "collection": None,
        "collections": {"totalCount": 0},
        "product": {"category": None, "categories": []},
    }
    assert holder["categories"] == [{"slug": "home"}, {"slug": "home-lamps"}]
    assert holder["collections"] == {"totalCount": 1}
    assert holder["product"]["category"] == {"slug": "home-lamps"}


async def test_a_product_leaves_when_it_becomes_a_draft(ask: Ask, open_shop: None) -> None:
    await load(lamp("open"))
    before = await ask("{ products { totalCount } }")

    await load(ProductInput(slug="open", status="draft"))

    assert before["products"] == {"totalCount": 1}
    assert (await ask("{ products { totalCount } }"))["products"] == {"totalCount": 0}
