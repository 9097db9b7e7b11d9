"""`/v1/suggest`"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.reads import suggestions
from catalog.rest import shapes
from catalog.rest.answers import Answer
from catalog.rest.deps import PUBLIC
from catalog.rest.includes import CATEGORY, PRODUCT, expand
from catalog.rest.openapi import problems

router = APIRouter(prefix="/v1/suggest", tags=["search"])


@router.get(
    "",
    summary="What somebody may be typing",
    response_model=shapes.Suggestions,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def suggest(
    answer: Answer,
    q: Annotated[str, Query(description="What is typed so far.")],
    limit: Annotated[int, Query(description="How many of each kind.", ge=1, le=20)] = 8,
) -> Response:
    found = await suggestions.of(answer.ctx, q, limit=limit)
    return answer.one(
        shapes.Suggestions(
            queries=list(found.queries),
            products=await expand(answer.ctx, PRODUCT, found.products),
            categories=await expand(answer.ctx, CATEGORY, found.categories),
        )
    )
