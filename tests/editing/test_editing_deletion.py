"""What is deleted shows nowhere, frees its keys, and comes back as it was."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import servers
from factories import RECORD, attempt, lamp, load, variant
from keeping import (
    NOUNS,
    ONE_OF_EACH,
    every_row,
    execute,
    exported,
    id_of,
    one_of,
    stored,
    text,
    version,
)

from catalog import db, editing
from catalog.editing import Noun
from catalog.errors import BadRequest, Invalid, NotFound, VersionConflict
from catalog.writes.inputs import (
    AssignmentInput,
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    LocationInput,
    TypeInput,
)

pytestmark = pytest.mark.usefixtures("shelves")

# Where each is shown: its own page, a list of them, and both in GraphQL.
PAGES: dict[Noun, tuple[str, str, str, str]] = {
    "product": (
        "/v1/products/desk-lamp",
        "/v1/products",
        '{ product(by: {slug: "desk-lamp"}) { slug } }',
        "{ products { nodes { slug } } }",
    ),
    "variant": (
        "/v1/variants/desk-red",
        "/v1/variants",
        '{ variant(by: {sku: "desk-red"}) { sku } }',
        '{ product(by: {slug: "desk-lamp"}) { variants { nodes { sku } } } }',
    ),
    "category": (
        "/v1/categories/outlet",
        "/v1/categories",
        '{ category(by: {slug: "outlet"}) { slug } }',
        '{ categories { slug } product(by: {slug: "desk-lamp"}) { categories { slug } } }',
    ),
    "collection": (
        "/v1/collections/favourites",
        "/v1/collections",
        '{ collection(by: {slug: "favourites"}) { slug } }',
        "{ collections { nodes { slug } } }",
    ),
    "brand": (
        "/v1/brands/noctis",
        "/v1/brands",
        '{ brand(by: {slug: "noctis"}) { slug } }',
        '{ brands { nodes { slug } } product(by: {slug: "desk-lamp"}) { brand { slug } } }',
    ),
    "attribute": (
        "/v1/attributes/finish",
        "/v1/attributes",
        "{ attributes { nodes { code } } }",
        '{ product(by: {slug: "desk-lamp"}) { attributes { attribute { code } } } }',
    ),
    "channel": (
        "/v1/channels/outlet",
        "/v1/channels",
        "{ channels { code } }",
        "{ channels { code } }",
    ),
}


async def shown(client: httpx.AsyncClient, noun: Noun) -> list[Any]:
    one, many, *documents = PAGES[noun]
    answers = [await client.get(address) for address in (one, many)]
    answers += [await client.post("/graphql", json={"query": text}) for text in documents]
    return [
        (answer.status_code, _lasting(answer.json()) if answer.is_success else None)
        for answer in answers
    ]


def _lasting(answer: Any) -> Any:
    """Without what says that there was a change."""
    if isinstance(answer, dict):
        marks = ("version", "updated_at")
        return {name: _lasting(value) for name, value in answer.items() if name not in marks}
    return [_lasting(each) for each in answer] if isinstance(answer, list) else answer


@pytest.mark.parametrize("noun", PAGES)
async def test_what_is_deleted_shows_nowhere_and_comes_back(
    client: httpx.AsyncClient, noun: Noun
) -> None:
    id, key = await one_of(noun), PAGES[noun][0].rpartition("/")[2]
    before = await shown(client, noun)
    assert all(f'"{key}"' in str(answer).replace("'", '"') for _, answer in before)

    await editing.delete(noun, id)
    deleted = await shown(client, noun)
    await editing.restore(noun, id)

    assert [status for status, _ in deleted] == [404, 200, 200, 200]
    assert f'"{key}"' not in str(deleted).replace("'", '"')
    assert await shown(client, noun) == before


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_restored_record_is_the_same_to_the_byte(noun: Noun) -> None:
    id = await one_of(noun)
    before, rows = text(await stored(noun, id)), await every_row()

    deleted = await editing.delete(noun, id)
    there = await stored(noun, id)
    restored = await editing.restore(noun, id)

    assert text(await stored(noun, id)) == before != text(there)
    assert (await every_row()).keys() == rows.keys()
    for saved in (deleted, restored):
        assert (saved.result.noun, saved.result.status, saved.result.id) == (noun, "updated", id)
        assert saved.result.external_id


@pytest.mark.parametrize("noun", NOUNS)
async def test_what_is_left_is_a_whole_catalog(noun: Noun) -> None:
    await editing.delete(noun, await one_of(noun))
    left = await exported()

    await servers.empty()
    await load(*[RECORD.validate_python(record) for record in left])

    assert await exported() == left
    if noun not in ("category", "channel"):  # Both are called outlet.
        assert f'"{ONE_OF_EACH[noun]}"' not in json.dumps(left)


@pytest.mark.parametrize("noun", NOUNS)
async def test_its_keys_are_free_for_another(noun: Noun) -> None:
    await editing.delete(noun, await one_of(noun))

    again: dict[Noun, list[Any]] = {
        "product": [
            lamp(
                external_id="P1",
                translations={"de": {"slug": "tischlampe"}},
                variants=(variant("desk-red", "red", external_id="V1", barcode="4006381333931"),),
            )
        ],
        "variant": [
            lamp(
                "other",
                variants=(variant("desk-red", "red", external_id="V1", barcode="4006381333931"),),
            )
        ],
        "category": [{"record": "category", "slug": "outlet", "name": "New", "external_id": "C1"}],
        "collection": [
            {
                "record": "collection",
                "slug": "favourites",
                "name": "New",
                "external_id": "K1",
                "translations": {"de": {"slug": "lieblinge"}},
            }
        ],
        "brand": [BrandInput(slug="noctis", name="New", external_id="B1")],
        "attribute": [AttributeDefinition(code="finish", kind="text", external_id="A1")],
        "product_type": [TypeInput(code="sofa", external_id="T1")],
        "channel": [
            ChannelInput(
                code="outlet", external_id="CH1", default_currency="USD", default_locale="en"
            )
        ],
        "stock_location": [LocationInput(code="attic", external_id="L1")],
    }
    outcome = await load(*again[noun])

    counted = "product" if noun == "variant" else noun
    assert outcome.counts[counted].created == 1
    assert not outcome.problems


async def test_the_old_addresses_of_a_deleted_product_lead_nowhere(
    client: httpx.AsyncClient,
) -> None:
    await load(lamp("reading-lamp", external_id="P1"))
    id = await id_of("product", "reading-lamp")
    assert (await client.get("/v1/products/desk-lamp")).status_code == 301

    await editing.delete("product", id)
    assert (await client.get("/v1/products/desk-lamp")).status_code == 404

    await editing.restore("product", id)
    assert (await client.get("/v1/products/desk-lamp")).status_code == 301


async def test_variants_deleted_before_their_product_stay_deleted() -> None:
    id, red = await one_of("product"), await one_of("variant")
    async with db.unit_of_work():
        await editing.delete("variant", red)
        await editing.delete("product", id)

    await editing.restore("product", id)

    record = await stored("product", id)
    assert record is not None
    assert [each["sku"] for each in record["variants"]] == ["desk-blue"]  # type: ignore[attr-defined]


async def test_every_deletion_and_restoration_counts_as_a_change() -> None:
    product, red = await one_of("product"), await one_of("variant")
    versions = [await version("product", product), await version("variant", red)]

    await editing.delete("variant", red)
    await editing.restore("variant", red)
    await editing.delete("product", product)

    assert await version("product", product) == versions[0] + 3
    assert await version("variant", red) == versions[1] + 3


@pytest.mark.parametrize("noun", ["product", "variant", "category", "collection", "attribute"])
async def test_only_the_version_that_was_read_is_deleted(noun: Noun) -> None:
    id = await one_of(noun)
    now, rows = await version(noun, id), await every_row()

    with pytest.raises(VersionConflict, match=f"at version {now} by now, not {now + 1}"):
        await editing.delete(noun, id, if_version=now + 1)
    assert await every_row() == rows

    await editing.delete(noun, id, if_version=now)
    assert await version(noun, id) == now + 1


async def test_a_brand_has_no_version_to_compare() -> None:
    with pytest.raises(BadRequest, match="a brand has no version"):
        await editing.delete("brand", await one_of("brand"), if_version=1)


@pytest.mark.parametrize("noun", NOUNS)
async def test_nothing_is_deleted_or_restored_twice(noun: Noun) -> None:
    id = await one_of(noun)

    with pytest.raises(NotFound, match=f"no deleted {noun} with the id {id}"):
        await editing.restore(noun, id)
    await editing.delete(noun, id)
    with pytest.raises(NotFound, match=f"no {noun} with the id {id}"):
        await editing.delete(noun, id)
    with pytest.raises(NotFound):
        await editing.delete(noun, 999)


async def test_of_many_who_delete_the_same_one_does() -> None:
    id = await one_of("product")
    now = await version("product", id)

    outcomes = await asyncio.gather(
        *(editing.delete("product", id, if_version=now) for _ in range(20)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, editing.Saved) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotFound) for outcome in outcomes) == 19
    assert await version("product", id) == now + 1


async def flaw(noun: Noun, key: str) -> tuple[str, str]:
    """Why it cannot be deleted; and nothing is."""
    id, rows = await id_of(noun, key), await every_row()
    with pytest.raises(Invalid) as refused:
        await editing.delete(noun, id)
    assert await every_row() == rows
    (found,) = refused.value.flaws
    return found.code, found.message


async def test_a_category_with_branches_stays() -> None:
    names = [f"branch-{n:02}" for n in range(12)]
    branches = [CategoryInput(slug=name, name=name, parent="outlet") for name in names]
    await load(*branches)

    code, message = await flaw("category", "outlet")
    assert code == "HAS_CHILDREN"
    assert f"(12): {', '.join(names[:10])} and 2 more; delete or move" in message

    for name in names:
        await editing.delete("category", await id_of("category", name))
    await editing.delete("category", await one_of("category"))


async def test_a_type_stays_as_long_as_products_are_of_it() -> None:
    code, message = await flaw("product_type", "lamp")
    assert (code, "(2): desk-lamp, wall-lamp;" in message) == ("TYPE_IN_USE", True)

    for slug in ("desk-lamp", "wall-lamp"):
        await editing.delete("product", await id_of("product", slug))
    await editing.delete("product_type", await id_of("product_type", "lamp"))


async def test_an_attribute_that_tells_variants_apart_stays() -> None:
    code, message = await flaw("attribute", "color")

    assert (code, "(2): lamp, sofa;" in message) == ("ATTRIBUTE_IN_USE", True)


async def test_the_default_channel_stays() -> None:
    code, message = await flaw("channel", "eu")

    assert (code, message.startswith("eu is the default")) == ("DEFAULT_CHANNEL", True)


async def test_a_deleted_attribute_is_not_required_any_more() -> None:
    await load(
        AttributeDefinition(code="lumen", kind="number"),
        TypeInput(code="lamp", attributes=(AssignmentInput(attribute="lumen", required=True),)),
    )
    refused = await attempt(lamp("new-lamp"))
    assert [problem.path for problem in refused.errors] == [("attributes", "lumen")]

    await editing.delete("attribute", await id_of("attribute", "lumen"))
    assert (await load(lamp("new-lamp"))).written


async def test_stock_of_a_deleted_location_does_not_count(client: httpx.AsyncClient) -> None:
    await execute("UPDATE stock_level SET on_hand = 0 WHERE location_id = 1")
    product, attic = "/v1/products/desk-lamp?include=available", await one_of("stock_location")
    assert (await client.get(product)).json()["available"] is True

    await editing.delete("stock_location", attic)
    assert (await client.get(product)).json()["available"] is False

    await editing.restore("stock_location", attic)
    assert (await client.get(product)).json()["available"] is True


async def test_a_deleted_channel_is_unknown(client: httpx.AsyncClient) -> None:
    await editing.delete("channel", await one_of("channel"))

    answer = await client.get("/v1/products?channel=outlet")
    assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_CHANNEL")


async def test_products_of_a_deleted_brand_show_none(client: httpx.AsyncClient) -> None:
    brand = (await client.get("/v1/brands/noctis")).json()["id"]
    await editing.delete("brand", await one_of("brand"))

    product = (await client.get("/v1/products/desk-lamp?include=brand")).json()
    listed = {"query": "query ($id: ID!) { products(where: {brand: [$id]}) { nodes { slug } } }"}
    found = await client.post("/graphql", json=listed | {"variables": {"id": brand}})

    assert (product["brand_id"], product["brand"]) == (None, None)
    assert found.json()["data"]["products"]["nodes"] == []
