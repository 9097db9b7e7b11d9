"""`/v1/cache`: what the process that answers has kept of its answers, and whether that is true."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from catalog import comparing, recent
from catalog.cache import Cache
from catalog.errors import NotFound
from catalog.http_cache import Answer, HttpCache
from catalog.remote import clock
from catalog.rest.answers import JSON
from catalog.rest.deps import Scope
from catalog.rest.openapi import problems
from catalog.rest.parts import Shape

router = APIRouter(prefix="/v1/cache", tags=["cache"])
# Another process, or the next moment, says something else.
HEADERS = {"Cache-Control": "no-store"}
ADMIN = [Depends(Scope("admin"))]


class Memory(Shape):
    entries: int
    bytes: int = Field(description="About what they take.")
    most: int = Field(description="Bytes that they may take: `CACHE_MEMORY`.")


class Answers(Shape):
    """How many were given, since the process began, and from where."""

    memory: int
    redis: int
    filled: int = Field(description="Made anew.")
    shared: int = Field(description="Waited for while somebody else's was made.")
    stale: int = Field(description="Given while the database was away.")
    evicted: int = Field(description="Pushed out by others.")


class Followed(Shape):
    """Where in the log of changes this process stands."""

    epoch: str
    position: int
    open: int = Field(description="How many transactions before that were not over.")
    age: float | None = Field(description="Seconds since it last looked; null: it never has.")
    changes: int = Field(description="That it has read.")


class Stats(Shape):
    memory: Memory
    answers: Answers
    followed: Followed
    redis: str | None = Field(description="`answering`, `away`, or null where none is used.")


class Check(Shape):
    compared: int
    differing: list[str] = Field(description="The questions, as they were asked.")


def _cache(request: Request) -> Cache[Answer]:
    cached: HttpCache = request.app.state.cached
    if cached.cache is None:
        raise NotFound("this process keeps no answers: CACHE_MEMORY is 0")
    return cached.cache


Kept = Annotated[Cache[Answer], Depends(_cache)]


@router.get(
    "",
    summary="How much this process has kept, and how it was used",
    response_model=Stats,
    responses=problems(403),
    dependencies=ADMIN,
)
async def stats(cache: Kept) -> Response:
    follower, memory = cache.follower, cache.memory
    shape = Stats(
        memory=Memory(entries=len(memory), bytes=memory.bytes, most=memory.most),
        answers=Answers(**asdict(cache.counts), evicted=memory.evicted),
        followed=Followed(
            epoch=follower.epoch,
            position=follower.position.max,
            open=len(follower.position.open),
            age=clock() - follower.began if follower.runs else None,
            changes=follower.rows,
        ),
        redis=None if cache.remote is None else "away" if cache.remote.away else "answering",
    )
    return Response(shape.model_dump_json(), headers=HEADERS, media_type=JSON)


@router.post(
    ":check",
    summary="Compare kept answers with fresh ones",
    description="Of the questions that this process has answered last, whatever it has kept of them"
    " and would still give.",
    response_model=Check,
    responses=problems(403),
    dependencies=ADMIN,
)
async def check(
    request: Request,
    cache: Kept,
    limit: Annotated[int, Query(description="How many.", ge=1, le=recent.MOST)] = 100,
) -> Response:
    found = await comparing.compare(request.app.state.cached, cache, most=limit)
    shape = Check(compared=found.count, differing=list(found.differing))
    return Response(shape.model_dump_json(), headers=HEADERS, media_type=JSON)
