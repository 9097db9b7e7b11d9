"""Which products: asked in the query string or as JSON, and how a page of them is answered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from starlette.responses import Response

from catalog.conditions import ProductConditions
from catalog.errors import CatalogError
from catalog.paging import MAX_FIRST_WITH_TOKEN
from catalog.reads import facets, products, rules
from catalog.reads.product_lists import PRODUCT_ORDERS, Unavailable
from catalog.reads.products import ProductWhere
from catalog.rest import bodies, deps, filtering, paging, shapes
from catalog.rest.answers import Answering
from catalog.rest.includes import PRODUCT, VARIANT, Shown, expand, shown
from catalog.rest.problems import PARAMETERS
from catalog.rest.query import Key, Several

if TYPE_CHECKING:
    OwnField: TypeAlias = str
    Include: TypeAlias = str
else:
    OwnField = Literal[*PRODUCT.fields]
    Include = Literal[*PRODUCT.loaders, *(f"variants.{name}" for name in VARIANT.loaders)]

MOST_BYTES = 64_000
EVERY_FACET = "*"

Sort = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": [*PRODUCT_ORDERS, "relevance"]},
                {"type": "string", "pattern": r"^-?attr\..+$"},
            ]
        }
    ),
]
SORT = """By the first, then the next; `-` turns an order round. `relevance` goes with a search, \
and is the default there; else `newest` is. `position` is the order made by hand in the one \
category or collection asked for, `attr.<code>` that of a sortable attribute."""
UNAVAILABLE = "What becomes of products of which no variant can be had; `show` by default."
FACETS = """What to count the whole list by: codes of filterable attributes, `category`, `brand`, \
`price`, `availability`; `*` is all of them."""
WORDS = "Words that they have, as somebody types them, mistakes and all."


@dataclass(frozen=True, slots=True)
class Question:
    """Which products, in which order, and by what they are counted."""

    where: ProductWhere
    search: str | None = None
    sort: Sequence[str] = ()
    unavailable: Unavailable = "show"
    facets: Sequence[str] = ()


async def answer(
    answering: Answering, asked: Question, listing: paging.Listing, shown: Shown
) -> Response:
    """A page of it, with the total and the facets that are asked for."""
    ctx = answering.ctx
    listed: dict[str, Any] = {"search": asked.search, "unavailable": asked.unavailable}
    found = await products.page(
        ctx, asked.where, **listed, order=tuple(asked.sort), paging=listing.paging
    )
    total = await listing.total(products.count, ctx, asked.where, **listed)
    beside = {}
    if asked.facets:
        codes = None if EVERY_FACET in asked.facets else tuple(asked.facets)
        counted = await facets.of(ctx, asked.where, codes=codes, **listed)
        beside["facets"] = [shapes.facet(each) for each in counted]
    items = await expand(ctx, PRODUCT, found.items, shown)
    return answering.page(shapes.Products, items, found, total=total, **beside)


async def question(
    where: Annotated[ProductWhere, Depends(filtering.listed)],
    q: Annotated[str | None, Query(description=WORDS)] = None,
    sort: Annotated[Several[Sort], Query(description=SORT)] = (),
    unavailable: Annotated[Unavailable, Query(description=UNAVAILABLE)] = "show",
    facets: Annotated[Several[Key], Query(description=FACETS)] = (),
) -> Question:
    return Question(where, q, sort, unavailable, facets)


async def displayed(
    fields: Annotated[Several[OwnField], Query(description="Only these of its own fields.")] = (),
    include: Annotated[Several[Include], Query(description="What to show beside them.")] = (),
) -> Shown:
    return shown(fields, include)


class ProductSearch(BaseModel):
    """A question for products."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    where: ProductConditions = Field(
        ProductConditions(), description="Which ones; a `filter` of a facet as it is."
    )
    search: str | None = Field(None, description=WORDS)
    sort: list[Sort] = Field([], description=SORT)
    unavailable: Unavailable = Field("show", description=UNAVAILABLE)
    limit: int | None = Field(None, description=deps.LIMIT, ge=1, le=MAX_FIRST_WITH_TOKEN)
    cursor: str | None = Field(None, description=deps.CURSOR)
    count: bool = Field(False, description=deps.COUNT)
    facets: list[str] = Field([], description=FACETS)
    include: list[Include] = Field([], description="What to show beside them.")
    fields: list[OwnField] = Field([], description="Only these of its own fields.")


async def sent(request: Request) -> ProductSearch:
    """The body. Raises RequestValidationError with everything that is wrong with it."""
    body = await bodies.json_body(request, MOST_BYTES, ("application/json",))
    try:
        return ProductSearch.model_validate(body)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from None


async def answer_sent(
    answering: Answering, principal: deps.Principal, asked: ProductSearch
) -> Response:
    with _in_body():
        where = await rules.resolved(answering.ctx, asked.where)
        of = Question(where, asked.search, asked.sort, asked.unavailable, asked.facets)
        listing = deps.listing(principal, asked.limit, asked.cursor, counted=asked.count)
        return await answer(answering, of, listing, shown(asked.fields, asked.include))


@contextmanager
def _in_body() -> Iterator[None]:
    """What is wrong inside is wrong in the body, by default in its conditions."""
    try:
        yield
    except CatalogError as error:
        if error.path:
            first = PARAMETERS.get(str(error.path[0]), error.path[0])
            within = () if first in ProductSearch.model_fields else ("where",)
            error.path = ("body", *within, *error.path)
        raise
