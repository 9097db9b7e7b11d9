"""`/v1/categories`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads import categories
from catalog.reads.categories import MAX_DEPTH
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Context
from catalog.rest.includes import CATEGORY, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import CategoryInput

if TYPE_CHECKING:
    Field: TypeAlias = str
    Include: TypeAlias = str
else:
    Field = Literal[*CATEGORY.fields]
    Include = Literal[*CATEGORY.loaders]

router = APIRouter(prefix="/v1/categories", tags=["categories"])


async def _shown(
    fields: Annotated[Several[Field], Query(description="Only these of its own fields.")] = (),
    include: Annotated[Several[Include], Query(description="What to show beside them.")] = (),
) -> Shown:
    return shown(fields, include)


async def _parent_id(
    ctx: Context,
    parent: Annotated[
        str | None, Query(description="What lies under this one: a reference; the roots.")
    ] = None,
) -> int | None:
    named = [] if parent is None else [parent]
    rows = await refs.rows(ctx, named, refs.CATEGORY, categories.by_ref, parameter="parent")
    return rows[0] if rows else None


@router.get(
    "",
    summary="The tree of categories, whole",
    description="Each before its children, siblings by position; `level` and `parent_id` tell how "
    "they hang together.",
    response_model=shapes.Categories,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def tree(
    answer: Answer,
    parent_id: Annotated[int | None, Depends(_parent_id)],
    shown: Annotated[Shown, Depends(_shown)],
    depth: Annotated[int, Query(description="How many levels.", ge=1, le=MAX_DEPTH)] = 1,
) -> Response:
    listed = await categories.tree(answer.ctx, parent_id=parent_id, depth=depth)
    return answer.page(shapes.Categories, await expand(answer.ctx, CATEGORY, listed, shown))


@router.get(
    "/{ref:path}",
    summary="One category",
    response_model=shapes.Category,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.CATEGORY)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    category = found(await categories.by_ref(answer.ctx, ref), "category")
    (item,) = await expand(answer.ctx, CATEGORY, [category], shown)
    return answer.one(item, tag=preconditions.tag(category))


writes.add(
    router,
    Kind("category", CategoryInput, refs.CATEGORY, CATEGORY, categories.by_ids, save),
    _shown,
)
