"""`/v1/types`: product types."""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads import product_types
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC
from catalog.rest.includes import TYPE, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import TypeInput

if TYPE_CHECKING:
    Include: TypeAlias = str
else:
    Include = Literal[*TYPE.loaders]

router = APIRouter(prefix="/v1/types", tags=["types"])


async def _shown(
    include: Annotated[Several[Include], Query(description="What to show beside its fields.")] = (),
) -> Shown:
    return shown(include=include)


@router.get(
    "",
    summary="All product types by code",
    response_model=shapes.Types,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(answer: Answer, shown: Annotated[Shown, Depends(_shown)]) -> Response:
    listed = await product_types.all(answer.ctx)
    return answer.page(shapes.Types, await expand(answer.ctx, TYPE, listed, shown))


@router.get(
    "/{ref:path}",
    summary="One product type",
    response_model=shapes.Type,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.TYPE)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    found_type = found(await product_types.by_ref(answer.ctx, ref), "product type")
    (item,) = await expand(answer.ctx, TYPE, [found_type], shown)
    return answer.one(item, tag=preconditions.tag(found_type))


writes.add(
    router, Kind("product_type", TypeInput, refs.TYPE, TYPE, product_types.by_ids, save), _shown
)
