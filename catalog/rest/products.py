"""`/v1/products`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from catalog import ids
from catalog.files.writing import linked
from catalog.reads import brands, categories, collections, products
from catalog.reads.products import PRODUCT_ORDERS, ProductWhere
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Context, Listing, Shop
from catalog.rest.includes import PRODUCT, VARIANT, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Key, Moment, Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import ProductInput

if TYPE_CHECKING:
    Field: TypeAlias = str
    Include: TypeAlias = str
    Order: TypeAlias = str
else:
    Field = Literal[*PRODUCT.fields]
    Include = Literal[*PRODUCT.loaders, *(f"variants.{name}" for name in VARIANT.loaders)]
    Order = Literal[*PRODUCT_ORDERS, "position"]

router = APIRouter(prefix="/v1/products", tags=["products"])


async def _shown(
    fields: Annotated[Several[Field], Query(description="Only these of its own fields.")] = (),
    include: Annotated[Several[Include], Query(description="What to show beside them.")] = (),
) -> Shown:
    return shown(fields, include)


async def _where(
    ctx: Context,
    id: Annotated[Several[Key], Query(description="These.")] = (),
    slug: Annotated[Several[Key], Query(description="Those with these slugs.")] = (),
    type: Annotated[Several[Key], Query(description="Codes of product types.")] = (),
    category: Annotated[
        Several[Key], Query(description="In these categories or their descendants: references.")
    ] = (),
    collection: Annotated[
        Several[Key], Query(description="In these collections: references.")
    ] = (),
    brand: Annotated[Several[Key], Query(description="Of these brands: references.")] = (),
    tag: Annotated[Several[Key], Query(description="With any of these tags.")] = (),
    status: Annotated[
        Several[Literal["draft", "active", "archived"]],
        Query(description="Without a token only `active` ones are there."),
    ] = (),
    updated_from: Annotated[
        Moment | None, Query(alias="updated_at.gte", description="Changed at or after this moment.")
    ] = None,
    updated_until: Annotated[
        Moment | None, Query(alias="updated_at.lt", description="Changed before this moment.")
    ] = None,
) -> ProductWhere:
    return ProductWhere(
        ids=ids.rows_of("Product", list(id) or None, path=("id",)),
        slugs=slug or None,
        type=type or None,
        category=await refs.rows(
            ctx, category, refs.CATEGORY, categories.by_ref, parameter="category"
        ),
        collection=await refs.rows(
            ctx, collection, refs.COLLECTION, collections.by_ref, parameter="collection"
        ),
        brand=await refs.rows(ctx, brand, refs.BRAND, brands.by_ref, parameter="brand"),
        tags=tag or None,
        status=status or None,
        updated_from=updated_from,
        updated_until=updated_until,
    )


Where = Annotated[ProductWhere, Depends(_where)]


@router.get(
    "",
    summary="Products, page by page",
    response_model=shapes.Products,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(
    answer: Answer,
    where: Where,
    listing: Listing,
    shown: Annotated[Shown, Depends(_shown)],
    sort: Annotated[
        Order,
        Query(
            description="`position` is the order made by hand in the one category or collection "
            "asked for."
        ),
    ] = "newest",
) -> Response:
    listed = await products.page(answer.ctx, where, order=sort, paging=listing.paging)
    total = await listing.total(products.count, answer.ctx, where)
    return answer.page(
        shapes.Products, await expand(answer.ctx, PRODUCT, listed.items, shown), listed, total=total
    )


@router.get(
    "/{ref:path}",
    summary="One product",
    description="With `Accept: application/ld+json` as JSON-LD of schema.org, for its page.",
    response_model=shapes.Product,
    responses=problems(301, 409),
    dependencies=[PUBLIC],
)
async def one(
    request: Request,
    answer: Answer,
    shop: Shop,
    ref: Annotated[Ref, Depends(refs.PRODUCT)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    product = found(await products.by_ref(answer.ctx, ref), "product")
    if product.redirect_to:
        return answer.moved(product.redirect_to)
    if linked.MEDIA_TYPE in request.headers.get("Accept", ""):
        content = await linked.document(answer.ctx, product, shop=shop)
        return answer.content(content, linked.MEDIA_TYPE)
    (item,) = await expand(answer.ctx, PRODUCT, [product], shown)
    return answer.one(item, tag=preconditions.tag(product))


writes.add(
    router, Kind("product", ProductInput, refs.PRODUCT, PRODUCT, products.by_ids, save), _shown
)
