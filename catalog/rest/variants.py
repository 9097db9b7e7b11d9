"""`/v1/variants`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog import ids
from catalog.reads import products, variants
from catalog.reads.refs import Ref
from catalog.reads.variants import VARIANT_ORDERS, VariantWhere
from catalog.rest import refs, shapes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Context, Listing
from catalog.rest.includes import VARIANT, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Key, Several

if TYPE_CHECKING:
    Field: TypeAlias = str
    Include: TypeAlias = str
    Order: TypeAlias = str
else:
    Field = Literal[*VARIANT.fields]
    Include = Literal[*VARIANT.loaders]
    Order = Literal[*VARIANT_ORDERS]

router = APIRouter(prefix="/v1/variants", tags=["variants"])


async def _shown(
    fields: Annotated[Several[Field], Query(description="Only these of its own fields.")] = (),
    include: Annotated[Several[Include], Query(description="What to show beside them.")] = (),
) -> Shown:
    return shown(fields, include)


async def _where(
    ctx: Context,
    id: Annotated[Several[Key], Query(description="These.")] = (),
    sku: Annotated[Several[Key], Query(description="Those with these SKUs.")] = (),
    product: Annotated[Several[Key], Query(description="Of these products: references.")] = (),
) -> VariantWhere:
    return VariantWhere(
        ids=ids.rows_of("Variant", list(id) or None, path=("id",)),
        skus=sku or None,
        product=await refs.rows(ctx, product, refs.PRODUCT, products.by_ref, parameter="product"),
    )


Where = Annotated[VariantWhere, Depends(_where)]


@router.get(
    "",
    summary="Variants, page by page",
    response_model=shapes.Variants,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(
    answer: Answer,
    where: Where,
    listing: Listing,
    shown: Annotated[Shown, Depends(_shown)],
    sort: Annotated[
        Order, Query(description="`position` goes product by product, each in its own order.")
    ] = "position",
) -> Response:
    listed = await variants.page(answer.ctx, where, order=sort, paging=listing.paging)
    total = await listing.total(variants.count, answer.ctx, where)
    return answer.page(
        shapes.Variants, await expand(answer.ctx, VARIANT, listed.items, shown), listed, total=total
    )


@router.get(
    "/{ref:path}",
    summary="One variant",
    response_model=shapes.Variant,
    responses=problems(409),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.VARIANT)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    variant = found(await variants.by_ref(answer.ctx, ref), "variant")
    return answer.one((await expand(answer.ctx, VARIANT, [variant], shown))[0])
