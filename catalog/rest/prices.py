"""`/v1/prices`: what variants cost in the asked channel and currency."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from catalog import ids, views
from catalog.context import Context
from catalog.reads import prices, variants
from catalog.rest import parts, shapes
from catalog.rest.answers import Answer
from catalog.rest.deps import PUBLIC, Listing
from catalog.rest.openapi import problems
from catalog.rest.variants import Where

router = APIRouter(prefix="/v1/prices", tags=["prices"])


@router.get(
    "",
    summary="Prices, variant by variant",
    response_model=shapes.Prices,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(answer: Answer, where: Where, listing: Listing) -> Response:
    listed = await variants.page(answer.ctx, where, paging=listing.paging)
    total = await listing.total(variants.count, answer.ctx, where)
    return answer.page(shapes.Prices, await _priced(answer.ctx, listed.items), listed, total=total)


async def _priced(ctx: Context, found: Sequence[views.Variant]) -> list[shapes.VariantPrices]:
    wanted = [variant.id for variant in found]
    rows = await prices.by_variant_ids(ctx, wanted)
    effective = await prices.effective_by_variant_ids(ctx, wanted)
    shown = {row: parts.effective_price(price) for row, price in effective.items()}
    return [
        shapes.VariantPrices(
            variant_id=ids.encode("Variant", variant.id),
            sku=variant.sku,
            price=shown.get(variant.id),
            prices=[parts.Price.model_validate(row) for row in rows.get(variant.id, ())],
        )
        for variant in found
    ]
