"""Request bodies: read up to a limit and a deadline, and told apart by what they say they are.

What is too long is refused by its Content-Length before any of it is read, else as soon as it is
past the limit: 413. A client that sends nothing for `IDLE` seconds, or takes longer than its time
in all, gets 408; only time spent waiting for it counts, and none in which it may be waiting for us.
A JSON body has `TOTAL` seconds; a streamed upload a second more for every `PACE` bytes that came,
so that 50 MB may take an hour, but a byte a second gets no further than a JSON body does.
"""

import asyncio
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from typing import Final

import orjson
from fastapi import Request
from starlette.types import Message

from catalog.errors import BadRequest

JSON_LIMIT: Final = 1_000_000
UPLOAD_LIMIT: Final = 50_000_000
PACE: Final = 16_000
# Of decompressed data that is in memory at one time.
_PIECE: Final = 256 * 1024
# Seconds after which is looked again whether the client has reason to wait.
_STEP: Final = 0.25
# What parses in less is not worth a thread.
_SMALL: Final = 32 * 1024

IDLE = 10.0
TOTAL = 30.0


class BodyRefused(BadRequest):
    """Not what was asked for: empty, not JSON, broken gzip."""

    code = "BAD_BODY"


class BodyCutOff(BadRequest):
    """The client went away while sending; there is nobody to tell."""

    code = "BODY_CUT_OFF"


class BodyTooLarge(BadRequest):
    code = "BODY_TOO_LARGE"


class BodyTooSlow(BadRequest):
    code = "BODY_TOO_SLOW"


class UnsupportedMediaType(BadRequest):
    code = "UNSUPPORTED_MEDIA_TYPE"


async def json_body(
    request: Request,
    limit: int = JSON_LIMIT,
    media_types: Sequence[str] = ("application/json", "application/merge-patch+json"),
) -> object:
    """The value of a JSON body, whatever it is. Raises one of the errors above."""
    media_type(request, media_types)
    if _encoding(request) != "identity":
        raise UnsupportedMediaType("send the body without a Content-Encoding")
    body = b"".join([chunk async for chunk in _received(request, limit, pace=None, busy=_never)])
    if len(body) < _SMALL:
        return _parsed(body)
    return await asyncio.to_thread(_parsed, body)


def _parsed(body: bytes) -> object:
    """orjson refuses what is nested deeper than 1,024, and numbers that no double can hold."""
    if not body.strip():
        raise BodyRefused("the body is empty; send a JSON value")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BodyRefused(
            f"the body is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None


def _never() -> bool:
    return False


async def upload(
    request: Request, limit: int = UPLOAD_LIMIT, *, busy: Callable[[], bool] = _never
) -> AsyncGenerator[bytes]:
    """The body piece by piece, decompressed where it is gzip; the limit is on what comes out, too.

    Never empty pieces, none of more than some 400 kB. `busy` says that the client has reason to
    wait before it sends more. Raises one of the errors above, after the pieces before it.
    """
    encoding = _encoding(request)
    received = _received(request, limit, pace=PACE, busy=busy)
    if encoding == "identity":
        async for chunk in received:
            yield chunk
        return
    if encoding not in ("gzip", "x-gzip"):
        raise UnsupportedMediaType(f"the Content-Encoding {encoding} is unknown here; use gzip")
    inflated, inflating = 0, _Inflating()
    async for chunk in received:
        pieces = inflating.feed(chunk)
        while piece := await asyncio.to_thread(next, pieces, b""):
            inflated += len(piece)
            _within(inflated, limit)
            yield piece
    inflating.end()


def media_type(request: Request, accepted: Sequence[str]) -> str:
    """What the body says it is, one of `accepted`. Raises UnsupportedMediaType."""
    found, _, parameters = request.headers.get("content-type", "").partition(";")
    name = found.strip().lower()
    if name not in accepted:
        said = f"{name} is not taken" if name else "the Content-Type is missing"
        raise UnsupportedMediaType(f"{said} here; send Content-Type: {' or '.join(accepted)}")
    for parameter in parameters.lower().split(";"):
        key, _, value = parameter.strip().partition("=")
        if key == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            raise UnsupportedMediaType("only UTF-8 is taken here; encode the body as that")
    return name


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "identity").strip().lower()


def _within(size: int, limit: int) -> None:
    if size > limit:
        raise BodyTooLarge(f"the body is longer than {limit:,} bytes; send it in several parts")


async def _received(
    request: Request, limit: int, *, pace: int | None, busy: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """Waits for the client only while somebody asks for the next piece."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        _within(int(declared[:20]), limit)
    size, waited, more = 0, 0.0, True
    while more:
        left = TOTAL + (size / pace if pace else 0) - waited
        message, seconds = await _message(request, min(IDLE, left), busy)
        if message["type"] == "http.disconnect":
            raise BodyCutOff("the connection was closed before the end of the body")
        body, more = message.get("body", b""), message.get("more_body", False)
        waited += seconds
        size += len(body)
        _within(size, limit)
        if body:
            yield body


async def _message(
    request: Request, left: float, busy: Callable[[], bool]
) -> tuple[Message, float]:
    """What comes next, and the seconds that it took of those left."""
    waited = 0.0
    coming = asyncio.ensure_future(request.receive())
    try:
        while waited < left:
            idle = not busy()
            begun = time.monotonic()
            await asyncio.wait([coming], timeout=min(_STEP, left - waited))
            waited += idle * (time.monotonic() - begun)
            if coming.done():
                return coming.result(), waited
    finally:
        coming.cancel()
    raise BodyTooSlow("the body came too slowly; send it faster, or compressed")


class _Inflating:
    """gzip, of one member or several (RFC 1952, section 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        # A full piece may have left output behind that no input stands for any more.
        piece = b""
        while data or len(piece) == _PIECE:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            try:
                piece = self._member.decompress(data, _PIECE)
            except zlib.error:
                raise BodyRefused("the body is said to be gzip and is not") from None
            self._begun = True
            data = self._member.unused_data or self._member.unconsumed_tail
            if piece:
                yield piece

    def end(self) -> None:
        if self._begun and not self._member.eof:
            raise BodyRefused("the gzip data breaks off before its end")
