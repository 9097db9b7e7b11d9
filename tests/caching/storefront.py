"""A shop with something of everything, all that is asked of it, and who asks through a cache."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import servers
from factories import lamp, load, shop, variant

from catalog import following, ids
from catalog.app import create_app, served
from catalog.cache import Cache
from catalog.http_cache import Answer, HttpCache
from catalog.settings import Settings
from catalog.writes.inputs import (
    AssociationInput,
    BrandInput,
    CategoryInput,
    CollectionInput,
    ListingInput,
    MediaInput,
    OptionInput,
    PriceInput,
    Record,
    TranslationInput,
)

PICTURE = MediaInput(url="/media/desk.jpg", alt="A lamp")


def records() -> tuple[Record, ...]:
    """The first of each kind is the one that most is asked of."""
    return (
        *shop(),
        BrandInput(slug="noctis", name="Noctis"),
        CategoryInput(slug="outlet", name="Outlet", image=PICTURE),
        CategoryInput(slug="garden", name="Garden"),
        _desk_lamp(),
        lamp("floor-lamp", brand="noctis", tags=("tall",), attributes={"power": 60}),
        lamp("wall-lamp", categories=("outlet", "home-lamps"), variants=(_reduced(),)),
        lamp("garden-lamp", categories=("garden",), attributes={"power": 5}),
        lamp("porch-lamp", listings=(ListingInput(channel="us"),)),
        lamp("draft-lamp", status="draft"),
        CollectionInput(
            slug="favourites",
            name="Favourites",
            image=PICTURE,
            products=("wall-lamp", "desk-lamp", "draft-lamp"),
        ),
        CollectionInput(slug="cheap", name="Cheap", rule={"variant": {"price": {"lt": "15"}}}),
    )


def _desk_lamp() -> Any:
    return lamp(
        "desk-lamp",
        external_id="DL-1",
        description="<p>For the desk.</p>",
        tags=("new",),
        categories=("home-lamps", "outlet"),
        attributes={"material": {"en": "Steel", "de": "Stahl"}, "power": 40},
        media=(PICTURE, MediaInput(url="/media/desk-2.jpg")),
        translations={"de": TranslationInput(name="Schreibtischlampe", slug="tischlampe")},
        variants=(
            variant("desk-red", "red", barcode="4006381333931", media=(PICTURE,)),
            variant("desk-blue", "blue", barcode="SAME"),
        ),
    )


def _reduced() -> Any:
    prices = (
        PriceInput(amount="10.00", compare_at="12.50", currency="EUR"),
        PriceInput(amount="9.00", currency="EUR", min_quantity=10),
        PriceInput(amount="11.00", currency="USD"),
    )
    return variant("wall-red", "red", prices=prices)


async def build() -> None:
    """As `records`, with a former slug and products that go with others."""
    await servers.empty()
    await load(*records())
    await load(
        {
            "record": "product",
            "external_id": "DL-1",
            "slug": "desk-lamp-1",
            "associations": [AssociationInput(kind="related", product="floor-lamp")],
        },
        {
            "record": "attribute",
            "code": "color",
            "options": [OptionInput(code="red", translations={"de": {"name": "Rot"}})],
        },
        {"record": "attribute", "code": "power", "sortable": True, "filterable": True},
        {"record": "attribute", "code": "material", "searchable": True},
    )


PRODUCT = """
    id slug name description status tags metadata taxClass redirectTo createdAt updatedAt version
    seo { title } type { code name } brand { slug name } category { slug name }
    categories { slug name parent { slug } ancestors { slug } } media { url alt }
    attributes { attribute { code name unit } values options { label } }
    priceRange { min { amount } max { amount } } compareAtPriceRange { min { amount } } available
    related { kind quantity product { slug name available } }
    variants { nodes {
        id sku barcode gtin name weight position metadata version available
        options { attribute { code } values } media { url }
        price { amount currency } compareAtPrice { amount }
        prices { minQuantity amount { amount } validFrom validUntil }
    } totalCount }
"""
WHOLE = (
    "include=type,brand,category,categories,collections,image,media,attributes,price_range,"
    "compare_at_price_range,available,related,variants.options,variants.attributes,variants.media,"
    "variants.price,variants.prices,variants.available"
)
LIST = "include=price_range,available,brand,image"

REST = (
    f"/v1/products/desk-lamp-1?{WHOLE}",
    f"/v1/products/tischlampe?locale=de&{WHOLE}",
    "/v1/products/barcode:4006381333931",
    "/v1/products/ext:DL-1",
    f"/v1/products?category=home&count=true&{LIST}",
    "/v1/products?category=outlet&sort=position",
    "/v1/products?category=outlet&sort=price&include=price_range",
    "/v1/products?category=garden",
    "/v1/products?brand=lumen&sort=name",
    "/v1/products?brand=noctis&facets=*",
    "/v1/products?collection=favourites&sort=position",
    f"/v1/products?collection=cheap&{LIST}",
    "/v1/products?attr.power.gte=30&sort=attr.power",
    "/v1/products?tag=new",
    "/v1/products?type=lamp&price.lte=15",
    "/v1/products?slug=desk-lamp-1,nothing",
    "/v1/products?sort=-updated&limit=2",
    "/v1/products?q=stel&facets=*",
    "/v1/products?q=4006381333931",
    "/v1/products?channel=us&currency=USD&attr.color=red",
    "/v1/suggest?q=la",
    "/v1/variants?product=desk-lamp-1&include=product,options,attributes,price,prices,available",
    "/v1/variants?sort=sku",
    "/v1/categories/home-lamps?include=ancestors,children,image",
    "/v1/collections?include=image",
    "/v1/brands?locale=de",
    "/v1/attributes?include=options",
    "/v1/types",
    "/v1/channels",
)


def _documents() -> Mapping[str, str]:
    def node(kind: str, number: int, fields: str) -> str:
        return f'{{ node(id: "{ids.encode(kind, number)}") {{ ... on {kind} {{ {fields} }} }} }}'

    page = "{ nodes { slug name version available priceRange { min { amount } } } totalCount }"
    return {
        "product by id": f'{{ product(by: {{id: "{ids.encode("Product", 1)}"}}) {{ {PRODUCT} }} }}',
        "product by former slug": f'{{ product(by: {{slug: "desk-lamp"}}) {{ {PRODUCT} }} }}',
        "product by SKU": f'{{ product(by: {{sku: "wall-red"}}) {{ {PRODUCT} }} }}',
        "a draft": '{ product(by: {slug: "draft-lamp"}) { name } }',
        "no slug": '{ product(by: {slug: "moon-lamp"}) { name } }',
        "no SKU": '{ product(by: {sku: "moon-red"}) { name } }',
        "no key": '{ product(by: {externalId: "MOON"}) { name } }',
        "no variant": '{ variant(by: {sku: "moon-red"}) { sku } }',
        "node Product": node("Product", 2, PRODUCT),
        "node Variant": node("Variant", 1, "sku price { amount } available"),
        "node Category": node("Category", 2, f"name ancestors {{ name }} products {page}"),
        "node Attribute": node("Attribute", 1, "name options { code label position }"),
        "node Media": node("Media", 1, "url alt"),
        "nodes that are not there": f"""{{ nodes(ids: [
            "{ids.encode("Variant", 99)}", "{ids.encode("Brand", 99)}",
            "{ids.encode("Category", 99)}", "{ids.encode("Media", 99)}"]) {{ id }} }}""",
        "category": f"""{{ category(by: {{slug: "outlet"}}) {{
            name image {{ url }} children {{ slug }}
            products(sort: [{{field: POSITION}}]) {page} }} }}""",
        "no category": '{ category(by: {slug: "moon"}) { name } }',
        "tree": "{ categories(depth: 5) { slug name level position parent { slug } } }",
        "collection by rule": f'{{ collection(by: {{slug: "cheap"}}) {{ name products {page} }} }}',
        "no collection": '{ collection(by: {slug: "moon"}) { name } }',
        "no brand": '{ brand(by: {slug: "moon"}) { name } }',
        "facets": "{ products { facets { code label buckets { value label count } min max } } }",
        "suggest": '{ suggest(term: "des") { queries products { slug } categories { slug } } }',
    }


def _questions() -> Mapping[str, tuple[str, str, Any]]:
    """How to send each."""
    return {f"GET {path}": ("GET", path, None) for path in REST} | {
        name: ("POST", "/graphql", {"query": document}) for name, document in _documents().items()
    }


QUESTIONS = _questions()


@dataclass(frozen=True)
class Told:
    """What came back, and whether it was there already."""

    status: int
    body: bytes
    hit: bool


@dataclass
class Front:
    """Asks `cached`, whose answers are kept, and `fresh`, whose are not."""

    cached: httpx.AsyncClient
    fresh: httpx.AsyncClient
    cache: Cache[Answer]
    hits: int = field(default=0)

    async def ask(self, name: str, *, fresh: bool = False) -> Told:
        method, path, body = QUESTIONS[name]
        client = self.fresh if fresh else self.cached
        answer = await client.request(method, path, **({"json": body} if body else {}))
        hit = answer.headers.get("Cache-Status", "").startswith("catalog; hit")
        return Told(answer.status_code, answer.content, hit)

    async def all(self) -> dict[str, Told]:
        """Of each question what the cache says."""
        return {name: await self.ask(name) for name in QUESTIONS}

    async def stale(self, told: Mapping[str, Told]) -> list[str]:
        """Those that were kept and are not true any more."""
        kept = {name: each for name, each in told.items() if each.hit}
        self.hits += len(kept)
        return [
            name
            for name, each in kept.items()
            if (await self.ask(name, fresh=True)).body != each.body
        ]


@lru_cache
def application(settings: Settings) -> HttpCache:
    """To make one takes seconds; what it keeps it has only while a process follows for it."""
    return served(create_app(settings))


@asynccontextmanager
async def front(settings: Settings, fresh: httpx.AsyncClient) -> AsyncIterator[Front]:
    """A process that keeps answers, beside the tests' own that keeps none."""
    cached = application(settings)
    async with (
        following.opened(settings, cached),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=cached), base_url="http://shop.test"
        ) as client,
    ):
        assert cached.cache is not None
        yield Front(client, fresh, cached.cache)
