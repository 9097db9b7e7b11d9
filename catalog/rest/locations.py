"""`/v1/locations`: where stock lies, for those who may know it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from catalog.reads import stock_locations
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import Scope
from catalog.rest.includes import LOCATION, expand
from catalog.rest.openapi import problems
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import LocationInput

router = APIRouter(prefix="/v1/locations", tags=["locations"])


@router.get(
    "",
    summary="All stock locations by code",
    description="Needs a token with the scope `catalog:read`.",
    response_model=shapes.Locations,
    responses=problems(403),
    dependencies=[Depends(Scope("catalog:read"))],
)
async def page(answer: Answer) -> Response:
    listed = await stock_locations.all(answer.ctx)
    return answer.page(shapes.Locations, await expand(answer.ctx, LOCATION, listed))


@router.get(
    "/{ref:path}",
    summary="One stock location",
    description="Needs a token with the scope `catalog:read`.",
    response_model=shapes.Location,
    responses=problems(403),
    dependencies=[Depends(Scope("catalog:read"))],
)
async def one(answer: Answer, ref: Annotated[Ref, Depends(refs.LOCATION)]) -> Response:
    location = found(await stock_locations.by_ref(answer.ctx, ref), "stock location")
    (item,) = await expand(answer.ctx, LOCATION, [location])
    return answer.one(item, tag=preconditions.tag(location))


writes.add(
    router,
    Kind("stock_location", LocationInput, refs.LOCATION, LOCATION, stock_locations.by_ids, save),
)
