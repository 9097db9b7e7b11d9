"""What a storefront asks for: a listing page, a product page, the tree of categories, nothing.

The listing page is 24 products, each with category, brand, picture, attributes and four variants
with prices and availability. Its statements are noted while the application answers, and asked
again without the application: what is between the two is ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import orjson

from bench.driver import Http, Sql, Statement, Task
from bench.place import Place, Server, drive, serving
from bench.results import Findings, Result, ratios
from catalog import db, ids
from catalog.app import create_app

SUITE = "pages"
# Eight is what the pool of a worker holds: more would measure how long they wait for each other.
CONCURRENCY = (1, 8)

LISTING = """
query Listing($category: [ID!]) {
  products(where: { category: $category }, first: 24) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id slug name available
      brand { slug name }
      category { slug name }
      media(first: 1) { url alt width height }
      attributes { attribute { code name unit } values }
      priceRange { min { amount currency } max { amount currency } }
      variants(first: 4) {
        nodes {
          id sku name available
          options { attribute { code } values }
          price { amount currency }
          prices { amount { amount currency } compareAt { amount } minQuantity }
        }
      }
    }
  }
}
"""
LISTING_INCLUDES = (
    "brand,category,image,attributes,available,price_range,"
    "variants.options,variants.available,variants.price,variants.prices"
)

PRODUCT = """
query Product($slug: String!) {
  product(by: { slug: $slug }) {
    id slug name description tags available
    seo { title description }
    brand { slug name }
    categories { slug name ancestors { slug name } }
    media { url alt width height }
    attributes { attribute { code name unit } values options { code swatch } }
    priceRange { min { amount currency } max { amount currency } }
    variants(first: 50) {
      nodes {
        id sku barcode available
        options { attribute { code name } values options { code swatch } }
        price { amount currency }
        compareAtPrice { amount }
        media { url alt }
      }
    }
    related { kind product { slug name } }
  }
}
"""
PRODUCT_INCLUDES = (
    "brand,categories,media,attributes,available,price_range,related,"
    "variants.options,variants.available,variants.price,variants.media"
)

TREE = "{ categories(depth: 3) { id slug name level image { url } } }"
NOTHING = "{ __typename }"

# The category that a listing page is most likely asked for, and a product that everybody sees.
FULLEST = """
SELECT category_id AS id, count(*) FROM product_category GROUP BY category_id
ORDER BY count(*) DESC, category_id LIMIT 1
"""
SLUGS = """
SELECT c.slug AS category, p.slug AS product FROM category c
JOIN product_category m ON m.category_id = c.id
JOIN product p ON p.id = m.product_id AND p.status = 'active'
JOIN product_listing l ON l.product_id = p.id AND l.published_until IS NULL
JOIN channel x ON x.id = l.channel_id AND x.is_default
WHERE c.id = $1 ORDER BY p.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One request; `bare`: its statements are measured without the application too."""

    workload: str
    variant: str
    method: str
    path: str
    body: bytes = b""
    bare: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def request(self) -> bytes:
        """As it is sent."""
        head = [
            f"{self.method} {self.path} HTTP/1.1",
            "Host: shop.test",
            "Accept: application/json",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        if self.body:
            head += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*head, "", ""]).encode() + self.body


def graphql(workload: str, query: str, *, bare: bool = False, **variables: object) -> Question:
    body = orjson.dumps({"query": query, "variables": variables})
    return Question(workload, "graphql", "POST", "/graphql", body, bare)


def _rest(workload: str, path: str, *, bare: bool = False) -> Question:
    return Question(workload, "rest", "GET", path, bare=bare)


async def _questions() -> Sequence[Question]:
    (fullest,) = await db.fetch(FULLEST)
    (slugs,) = await db.fetch(SLUGS, fullest["id"])
    category = ids.encode("Category", fullest["id"])
    listing = f"/v1/products?category={slugs['category']}&limit=24&include={LISTING_INCLUDES}"
    product = f"/v1/products/{slugs['product']}?include={PRODUCT_INCLUDES}"
    return (
        graphql("listing page", LISTING, bare=True, category=category),
        _rest("listing page", listing, bare=True),
        graphql("product page", PRODUCT, bare=True, slug=slugs["product"]),
        _rest("product page", product, bare=True),
        graphql("category tree", TREE),
        _rest("category tree", "/v1/categories?depth=3&include=image"),
        graphql("nothing", NOTHING),
    )


async def run(place: Place) -> Findings:
    async with db.connected(place.settings):
        noted = [(question, await note(place, question)) for question in await _questions()]
    results: list[Result] = []
    with serving(place.settings) as server:
        for question, statements in noted:
            for concurrency in CONCURRENCY:
                results.append(await _asked(place, server, question, len(statements), concurrency))
                if question.bare:
                    results.append(await _bare(place, question, statements, concurrency))
    compared = [
        ratio
        for question, _ in noted
        if question.bare
        for ratio in ratios(results, question.workload, question.variant, _bare_name(question))
    ]
    return Findings(results, compared)


async def note(place: Place, question: Question) -> Sequence[Statement]:
    """The statements of one answer, which must be a good one."""
    noted: list[Statement] = []
    transport = httpx.ASGITransport(app=create_app(place.settings))
    async with (
        db.snapshot() as snapshot,
        httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client,
    ):
        fetch = snapshot.fetch

        async def noting(sql: str, *arguments: object) -> list[db.Record]:
            noted.append((sql, arguments))
            return await fetch(sql, *arguments)

        snapshot.fetch = noting  # type: ignore[method-assign]
        answer = await client.request(
            question.method,
            question.path,
            content=question.body,
            headers={"Content-Type": "application/json"} if question.body else {},
        )
    if answer.status_code != 200 or "errors" in answer.json():
        raise RuntimeError(f"{question.workload}, {question.variant}: {answer.text[:500]}")
    return noted


async def _asked(
    place: Place, server: Server, question: Question, sql: int, concurrency: int
) -> Result:
    named = question.workload, question.variant
    return await asked(SUITE, *named, server, (question,), sql, concurrency, place.seconds)


async def asked(
    suite: str,
    workload: str,
    variant: str,
    server: Server,
    questions: Sequence[Question],
    sql: int | None,
    concurrency: int,
    seconds: float,
) -> Result:
    """What the server takes for the questions, each in its turn."""
    requests = tuple(question.request for question in questions)
    task = Task(Http(server.port, requests), concurrency, seconds)
    measured, cpu_seconds = await drive(task, server.cpu_seconds)
    return Result(
        suite,
        workload,
        variant,
        concurrency,
        rps=measured.answers / measured.seconds,
        p50_ms=measured.p50_ms,
        p99_ms=measured.p99_ms,
        cpu_ms=1000 * cpu_seconds / measured.answers,
        sql=sql,
        rss_mb=server.rss_mb(),
    )


def _bare_name(question: Question) -> str:
    return f"SQL of {question.variant}"


async def _bare(
    place: Place, question: Question, statements: Sequence[Statement], concurrency: int
) -> Result:
    named = question.workload, _bare_name(question)
    return await bare(SUITE, *named, place, (statements,), concurrency)


async def bare(
    suite: str,
    workload: str,
    variant: str,
    place: Place,
    answers: Sequence[Sequence[Statement]],
    concurrency: int,
) -> Result:
    """What the statements of each answer take without the application."""
    task = Task(Sql(str(place.settings.database_url), answers), concurrency, place.seconds)
    measured, _ = await drive(task)
    return Result(
        suite,
        workload,
        variant,
        concurrency,
        rps=measured.answers / measured.seconds,
        p50_ms=measured.p50_ms,
        p99_ms=measured.p99_ms,
        cpu_ms=1000 * measured.cpu_seconds / measured.answers,
        sql=len(answers[0]),
    )
