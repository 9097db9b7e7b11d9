"""`/v1/changes`: what has changed, for those who keep a copy."""

import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from catalog.reads import changes
from catalog.rest.answers import JSON
from catalog.rest.deps import Scope, Snapshot
from catalog.rest.openapi import problems
from catalog.rest.parts import ExternalId, Shape

router = APIRouter(prefix="/v1/changes", tags=["changes"])


class Change(Shape):
    """A thing that has changed, or of which a part has: a variant, a price, a translation."""

    kind: Literal[*changes.NOUNS]  # type: ignore[valid-type]  # mypy knows only literal literals
    id: str | None = Field(description="None with `reset`.")
    external_id: ExternalId
    op: Literal["upsert", "delete", "reset"] = Field(
        description="What is so now: it is there, it is not (any more), or so many of this kind "
        "have changed at once that they are not told one by one."
    )
    at: datetime.datetime = Field(description="When it was changed, before its commit.")


class Next(Shape):
    next: str = Field(description="`since` of the next page, now or later.")


class Changes(Shape):
    items: list[Change] = Field(description="None: that was all for now.")
    page: Next


@router.get(
    "",
    summary="What has changed since a cursor",
    description="Every change, in an order that is the same for everybody, whoever made it. "
    "Begin without `since`, then export everything, then follow `page.next`.",
    response_model=Changes,
    responses=problems(403, 410),
    dependencies=[Depends(Scope("catalog:read"))],
)
async def page(
    _: Snapshot,
    since: Annotated[str | None, Query(description="`page.next`; without: from now on.")] = None,
    limit: Annotated[int, Query(description="How many a page.", ge=1, le=changes.MOST)] = 100,
) -> Response:
    found = await changes.since(since, limit=limit)
    shape = Changes(
        items=[Change.model_validate(each) for each in found.items], page=Next(next=found.next)
    )
    return Response(shape.model_dump_json(), headers={"Cache-Control": "no-store"}, media_type=JSON)
