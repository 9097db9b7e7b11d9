"""`/v1/collections`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads import collections
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Listing
from catalog.rest.includes import COLLECTION, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import CollectionInput

if TYPE_CHECKING:
    Field: TypeAlias = str
    Include: TypeAlias = str
else:
    Field = Literal[*COLLECTION.fields]
    Include = Literal[*COLLECTION.loaders]

router = APIRouter(prefix="/v1/collections", tags=["collections"])


async def _shown(
    fields: Annotated[Several[Field], Query(description="Only these of its own fields.")] = (),
    include: Annotated[Several[Include], Query(description="What to show beside them.")] = (),
) -> Shown:
    return shown(fields, include)


@router.get(
    "",
    summary="Collections by name, page by page",
    response_model=shapes.Collections,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(
    answer: Answer, listing: Listing, shown: Annotated[Shown, Depends(_shown)]
) -> Response:
    listed = await collections.page(answer.ctx, paging=listing.paging)
    items = await expand(answer.ctx, COLLECTION, listed.items, shown)
    total = await listing.total(collections.count, answer.ctx)
    return answer.page(shapes.Collections, items, listed, total=total)


@router.get(
    "/{ref:path}",
    summary="One collection",
    response_model=shapes.Collection,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.COLLECTION)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    collection = found(await collections.by_ref(answer.ctx, ref), "collection")
    (item,) = await expand(answer.ctx, COLLECTION, [collection], shown)
    return answer.one(item, tag=preconditions.tag(collection))


writes.add(
    router,
    Kind("collection", CollectionInput, refs.COLLECTION, COLLECTION, collections.by_ids, save),
    _shown,
)
