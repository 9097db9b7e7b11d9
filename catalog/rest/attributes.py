"""`/v1/attributes`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads import attributes
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Listing
from catalog.rest.includes import ATTRIBUTE, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import AttributeDefinition

if TYPE_CHECKING:
    Include: TypeAlias = str
else:
    Include = Literal[*ATTRIBUTE.loaders]

router = APIRouter(prefix="/v1/attributes", tags=["attributes"])


async def _shown(
    include: Annotated[Several[Include], Query(description="What to show beside its fields.")] = (),
) -> Shown:
    return shown(include=include)


@router.get(
    "",
    summary="Attributes by position, page by page",
    response_model=shapes.Attributes,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(
    answer: Answer, listing: Listing, shown: Annotated[Shown, Depends(_shown)]
) -> Response:
    listed = await attributes.page(answer.ctx, paging=listing.paging)
    items = await expand(answer.ctx, ATTRIBUTE, listed.items, shown)
    return answer.page(
        shapes.Attributes, items, listed, total=await listing.total(attributes.count, answer.ctx)
    )


@router.get(
    "/{ref:path}",
    summary="One attribute",
    response_model=shapes.Attribute,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.ATTRIBUTE)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    attribute = found(await attributes.by_ref(answer.ctx, ref), "attribute")
    (item,) = await expand(answer.ctx, ATTRIBUTE, [attribute], shown)
    return answer.one(item, tag=preconditions.tag(attribute))


writes.add(
    router,
    Kind("attribute", AttributeDefinition, refs.ATTRIBUTE, ATTRIBUTE, attributes.by_ids, save),
    _shown,
)
