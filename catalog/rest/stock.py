"""`/v1/stock`: exact stock, for those who may know it."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from starlette.responses import Response

from catalog import ids, views
from catalog.context import Context
from catalog.reads import stock, variants
from catalog.rest import parts, shapes
from catalog.rest.answers import Answer
from catalog.rest.deps import Listing, Scope
from catalog.rest.openapi import problems
from catalog.rest.variants import Where

router = APIRouter(prefix="/v1/stock", tags=["stock"])


@router.get(
    "",
    summary="Stock, variant by variant",
    description="Needs a token with the scope `catalog:read`.",
    response_model=shapes.Stock,
    responses=problems(403),
    dependencies=[Depends(Scope("catalog:read"))],
)
async def page(answer: Answer, where: Where, listing: Listing) -> Response:
    listed = await variants.page(answer.ctx, where, paging=listing.paging)
    total = await listing.total(variants.count, answer.ctx, where)
    return answer.page(shapes.Stock, await _stocked(answer.ctx, listed.items), listed, total=total)


async def _stocked(ctx: Context, found: Sequence[views.Variant]) -> list[shapes.VariantStock]:
    wanted = [variant.id for variant in found]
    levels = await stock.by_variant_ids(ctx, wanted)
    available = await stock.available_by_variant_ids(ctx, wanted)
    return [
        shapes.VariantStock(
            variant_id=ids.encode("Variant", variant.id),
            sku=variant.sku,
            available=available.get(variant.id, False),
            levels=[parts.StockLevel.model_validate(level) for level in levels.get(variant.id, ())],
        )
        for variant in found
    ]
