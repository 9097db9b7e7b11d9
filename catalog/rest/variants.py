"""`/v1/variants`"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog import editing, ids
from catalog.editing import Saved
from catalog.errors import Invalid
from catalog.reads import products, variants
from catalog.reads.refs import Ref
from catalog.reads.variants import VARIANT_ORDERS, VariantWhere
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Context, Listing
from catalog.rest.includes import VARIANT, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Key, Several
from catalog.rest.writing import How, Kind
from catalog.writes.holding import Held
from catalog.writes.inputs import ProductInput, VariantInput

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
    (item,) = await expand(answer.ctx, VARIANT, [variant], shown)
    return answer.one(item, tag=preconditions.tag(variant))


async def _save(record: VariantInput, held: Held | None, how: How) -> Saved:
    """Through its product, of which nothing else is said."""
    assert held is not None, "a variant is made with its product"
    with _own():
        saved = await editing.save(
            ProductInput(variants=(record,)),
            target=held.product_id,
            variant=held.id,
            mode=how.mode,
            lists=how.lists,
            dry_run=how.dry_run,
        )
    changes = [replace(each, path=_below(each.path)) for each in saved.changes]
    return Saved(replace(saved.result, noun="variant", id=held.id), tuple(changes))


@contextmanager
def _own() -> Iterator[None]:
    """What is wrong with the variant is said as if there were no product around it."""
    try:
        yield
    except Invalid as error:
        flaws = [replace(flaw, path=_below(flaw.path)) for flaw in error.flaws]
        raise Invalid(flaws) from error


def _below(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return path[2:] if path[:1] == ("variants",) else path


writes.add_changes(
    router, Kind("variant", VariantInput, refs.VARIANT, VARIANT, variants.by_ids, _save), _shown
)
