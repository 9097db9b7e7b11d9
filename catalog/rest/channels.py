"""`/v1/channels`"""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from catalog.reads import channels
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC
from catalog.rest.includes import CHANNEL, expand
from catalog.rest.openapi import problems
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import ChannelInput

router = APIRouter(prefix="/v1/channels", tags=["channels"])


@router.get(
    "",
    summary="All channels, the default one first",
    response_model=shapes.Channels,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(answer: Answer) -> Response:
    listed = await channels.all(answer.ctx)
    return answer.page(shapes.Channels, await expand(answer.ctx, CHANNEL, listed))


@router.get(
    "/{ref:path}",
    summary="One channel",
    response_model=shapes.Channel,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(answer: Answer, ref: Annotated[Ref, Depends(refs.CHANNEL)]) -> Response:
    channel = found(await channels.by_ref(answer.ctx, ref), "channel")
    (item,) = await expand(answer.ctx, CHANNEL, [channel])
    return answer.one(item, tag=preconditions.tag(channel))


writes.add(router, Kind("channel", ChannelInput, refs.CHANNEL, CHANNEL, channels.by_ids, save))
