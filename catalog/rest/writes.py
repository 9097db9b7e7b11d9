"""The routes that write a noun, the same for all of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads.refs import Ref
from catalog.rest import parts, shapes
from catalog.rest.deps import Asked, Scope
from catalog.rest.includes import EVERYTHING, Shown
from catalog.rest.openapi import MERGE_PATCH, WRITING, body, conditional, problems
from catalog.rest.preconditions import Revised
from catalog.rest.writing import Kind, Showing, Write
from catalog.writes.inputs import Input
from catalog.writes.staging import Lists

R = TypeVar("R", bound=Input)
V = TypeVar("V", bound=Revised)
S = TypeVar("S", bound=parts.Shape)

MAY_WRITE = Depends(Scope("catalog:write"))

DryRun = Annotated[bool, Query(description="Write nothing, and answer what would change.")]
OfLists = Annotated[
    Lists,
    Query(description="Whether lists replace those that are there, or are merged by their keys."),
]


async def _whole() -> Shown:
    return EVERYTHING


def add(
    router: APIRouter, kind: Kind[R, V, S], shown: Callable[..., Awaitable[Shown]] = _whole
) -> None:
    """POST, PUT, PATCH, DELETE and restore."""
    _add_create(router, kind, _showing(shown))
    _add_put(router, kind, _showing(shown))
    add_changes(router, kind, shown)


def add_changes(
    router: APIRouter, kind: Kind[R, V, S], shown: Callable[..., Awaitable[Shown]] = _whole
) -> None:
    """PATCH, DELETE and restore: for what is made as a part of something else."""
    _add_patch(router, kind, _showing(shown))
    _add_delete(router, kind)
    _add_restore(router, kind, _showing(shown))


def _showing(shown: Callable[..., Awaitable[Shown]]) -> Any:
    async def showing(asked: Asked, shown: Annotated[Shown, Depends(shown)]) -> Showing:
        return Showing(asked, shown)

    return Depends(showing)


def _add_create(router: APIRouter, kind: Kind[R, V, S], showing: Any) -> None:
    @router.post(
        "",
        summary=f"Make a {kind.grammar.word}",
        status_code=201,
        response_model=kind.noun.shape,
        responses={
            200: {"model": shapes.DryRun, "description": "What `dry_run` would make."},
            **problems(403, 408, 409, 413, 415, reasons=WRITING),
        },
        openapi_extra=body(kind.record),
        dependencies=[MAY_WRITE],
    )
    async def create(
        write: Write, showing: Annotated[Showing, showing], dry_run: DryRun = False
    ) -> Response:
        return await write.create(kind, showing, dry_run=dry_run)


def _add_put(router: APIRouter, kind: Kind[R, V, S], showing: Any) -> None:
    @router.put(
        "/{ref:path}",
        summary=f"Make a {kind.grammar.word}, or change the one that has the key",
        description="""\
What the body says is so afterwards; of what it leaves out a new one gets the usual and one that
there is keeps its own. The key in the address is the record's. The last one wins, unless
`If-Match` says which version is meant, or `If-None-Match: *` that there must be none.""",
        response_model=kind.noun.shape | shapes.DryRun,
        responses={
            201: {"model": kind.noun.shape, "description": "It is new."},
            **problems(403, 408, 409, 412, 413, 415, reasons=WRITING),
        },
        openapi_extra=body(kind.record) | conditional(required=False),
        dependencies=[MAY_WRITE],
    )
    async def put(
        write: Write,
        ref: Annotated[Ref, Depends(kind.grammar)],
        showing: Annotated[Showing, showing],
        lists: OfLists = "replace",
        dry_run: DryRun = False,
    ) -> Response:
        return await write.put(kind, ref, showing, lists=lists, dry_run=dry_run)


def _add_patch(router: APIRouter, kind: Kind[R, V, S], showing: Any) -> None:
    @router.patch(
        "/{ref:path}",
        summary=f"Change a {kind.grammar.word}",
        description="What is left out stays as it is, and null clears, in the manner of RFC 7396.",
        response_model=kind.noun.shape | shapes.DryRun,
        responses=problems(403, 408, 409, 412, 413, 415, 428, reasons=WRITING),
        openapi_extra=body(kind.record, "application/json", MERGE_PATCH)
        | conditional(required=True),
        dependencies=[MAY_WRITE],
    )
    async def patch(
        write: Write,
        ref: Annotated[Ref, Depends(kind.grammar)],
        showing: Annotated[Showing, showing],
        lists: OfLists = "merge",
        dry_run: DryRun = False,
    ) -> Response:
        return await write.patch(kind, ref, showing, lists=lists, dry_run=dry_run)


def _add_delete(router: APIRouter, kind: Kind[R, V, S]) -> None:
    @router.delete(
        "/{ref:path}",
        summary=f"Delete a {kind.grammar.word}",
        description="Its keys are free afterwards; `restore` brings it back.",
        status_code=204,
        responses={
            200: {"model": shapes.DryRun, "description": "What `dry_run` would delete."},
            **problems(403, 409, 412, 428, reasons=WRITING),
        },
        openapi_extra=conditional(required=True),
        dependencies=[MAY_WRITE],
    )
    async def delete(
        write: Write, ref: Annotated[Ref, Depends(kind.grammar)], dry_run: DryRun = False
    ) -> Response:
        return await write.delete(kind, ref, dry_run=dry_run)


def _add_restore(router: APIRouter, kind: Kind[R, V, S], showing: Any) -> None:
    @router.post(
        "/{ref}/restore",
        summary=f"Bring back a deleted {kind.grammar.word}",
        description="It is named by `id:` and its id, as it has no other key any longer.",
        response_model=kind.noun.shape,
        responses=problems(403, 409, reasons=WRITING),
        dependencies=[MAY_WRITE],
    )
    async def restore(
        write: Write,
        ref: Annotated[Ref, Depends(kind.grammar)],
        showing: Annotated[Showing, showing],
    ) -> Response:
        return await write.restore(kind, ref, showing)
