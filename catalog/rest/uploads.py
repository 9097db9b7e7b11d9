"""Uploads that are loaded while they are read, and what became of each line, told as it is known.

The status is decided with the first results; whatever goes wrong after that is the last line.
"""

import asyncio
import logging
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import IO, Final, Literal

import orjson
from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from catalog import ids
from catalog.errors import CatalogError
from catalog.files import uploads
from catalog.files.uploads import Form
from catalog.rest import bodies
from catalog.writes import bulk
from catalog.writes.bulk import Abandoned, Piece
from catalog.writes.staging import Lists, Problem, Result

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/x-ndjson"
# Of an upload that is checked as a whole before any of it is written.
MAX_RECORDS: Final = 100_000
_BLOCK: Final = 256 * 1024
_IN_MEMORY: Final = 1_000_000
# Seconds that a client may leave results unread.
_UNREAD: Final = 30.0
_TOLD_TOGETHER: Final = 1_000


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with an upload. `noun` is what its records call themselves, and `kind` what ids
    are said to be of."""

    noun: str
    kind: str
    form: Form
    on_error: Literal["abort", "skip"] = "abort"
    lists: Lists = "merge"
    dry_run: bool = False


class Results(Response):
    """Reads the request, loads what it holds and answers, all at the same time."""

    media_type = MEDIA_TYPE

    def __init__(self, request: Request, order: Order) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._request, self._order = request, order

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        telling = _Telling(self, send)
        upload = _Upload(self._request, self._order, telling)
        try:
            await upload.load()
        except Abandoned:
            if not telling.begun:
                raise bodies.BodyCutOff("the client did not wait for an answer") from None
        except CatalogError as error:
            await telling.failed(error.code, error.message, error)
        except Exception as error:
            request_id = self._request.state.request_id
            logger.error("request %s failed", request_id, exc_info=error)
            said = f"something went wrong here; name {request_id} when you report it"
            await telling.failed("INTERNAL_SERVER_ERROR", said, error)
        finally:
            await upload.close()
        with suppress(Abandoned):
            await telling.end()


class _Telling:
    """The answer, begun with the first results."""

    def __init__(self, response: Response, send: Send) -> None:
        self.begun = False
        self.gone = asyncio.Event()
        self._response, self._send = response, send

    async def lines(self, content: bytes, *, status: int = 200) -> None:
        if not self.begun:
            self._response.status_code = status
            await self._begin()
        await self._sent({"type": "http.response.body", "body": content, "more_body": True})

    async def failed(self, code: str, message: str, error: Exception) -> None:
        """Raises the error where there is still a status to tell it by."""
        if not self.begun:
            raise error
        problem = {"code": code, "path": [], "message": message}
        with suppress(Abandoned):
            await self.lines(_line(None, "failed", None, None, [problem]))

    async def end(self) -> None:
        if not self.begun:
            await self._begin()
        await self._sent({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self) -> None:
        self.begun = True
        await self._sent(
            {
                "type": "http.response.start",
                "status": self._response.status_code,
                "headers": self._response.raw_headers,
            }
        )

    async def _sent(self, message: dict[str, object]) -> None:
        """Raises Abandoned when the client is gone, or might as well be."""
        if self.gone.is_set():
            raise Abandoned
        try:
            async with asyncio.timeout(_UNREAD):
                await self._send(message)
        except OSError:
            raise Abandoned from None


@dataclass(slots=True)
class _Upload:
    """The content of a request on its way into a load."""

    request: Request
    order: Order
    telling: _Telling
    reader: uploads.Reader = field(init=False)
    work: bulk.Work = field(default_factory=bulk.Work)
    _watch: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.reader = uploads.reader(self.order.form, self.order.noun, self.order.lists)

    async def load(self) -> None:
        if self.order.on_error == "skip" and not self.order.dry_run:
            await bulk.in_slices(self._arriving(), answered=self._tell, work=self.work)
            return
        # A whole upload is waited for here, not with a connection to the database in hand.
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            async with aclosing(self._content()) as content:
                async for chunk in content:
                    await asyncio.to_thread(file.write, chunk)
            await bulk.at_once(
                lambda: self._kept(file),
                on_error=self.order.on_error,
                dry_run=self.order.dry_run,
                answered=self._tell,
            )

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])

    async def _content(self) -> AsyncGenerator[bytes]:
        """Whoever goes away while sending, or after it, does not wait for answers."""
        body = bodies.upload(self.request, busy=lambda: self.work.busy)
        async with aclosing(body) as content:
            try:
                async for chunk in content:
                    yield chunk
            except bodies.BodyCutOff:
                raise Abandoned from None
        self._watch = asyncio.create_task(self._watched())

    async def _watched(self) -> None:
        while (await self.request.receive())["type"] != "http.disconnect":
            pass
        self.telling.gone.set()

    async def _arriving(self) -> AsyncGenerator[Piece]:
        async with aclosing(self._content()) as content, aclosing(self._read(content)) as pieces:
            async for piece in pieces:
                yield piece

    async def _kept(self, file: "IO[bytes]") -> AsyncGenerator[Piece]:
        """From its first line each time."""
        self._begin()
        count = 0
        async with aclosing(_blocks(file)) as content, aclosing(self._read(content)) as pieces:
            async for piece in pieces:
                count += len(piece.records)
                if count > MAX_RECORDS:
                    raise bodies.BodyTooLarge(
                        f"more than {MAX_RECORDS:,} records cannot be checked as a whole; "
                        "send them in several parts, or with on_error=skip"
                    )
                yield piece

    async def _read(self, content: AsyncGenerator[bytes]) -> AsyncGenerator[Piece]:
        lines = uploads.Lines()
        async for chunk in content:
            yield Piece(await asyncio.to_thread(self._records, lines, chunk), len(chunk))
        yield Piece(await asyncio.to_thread(self._last, lines), 0)

    def _last(self, lines: uploads.Lines) -> Sequence[bulk.Read]:
        return [*self.reader.feed(lines.end()), *self.reader.end()]

    def _records(self, lines: uploads.Lines, chunk: bytes) -> Sequence[bulk.Read]:
        return self.reader.feed(lines.feed(chunk))

    async def _tell(self, results: Sequence[Result]) -> None:
        failed = any(result.status == "failed" for result in results)
        status = 422 if failed and self.order.on_error == "abort" else 200
        for start in range(0, len(results), _TOLD_TOGETHER):
            some = results[start : start + _TOLD_TOGETHER]
            content = await asyncio.to_thread(self._encoded, some)
            await self.telling.lines(content, status=status)

    def _encoded(self, results: Sequence[Result]) -> bytes:
        return b"".join(map(self._one, results))

    def _one(self, result: Result) -> bytes:
        row = None if result.id is None else ids.encode(self.order.kind, result.id)
        errors = [self._error(problem) for problem in result.problems if not problem.warning]
        return _line(result.line, result.status, row, result.external_id, errors)

    def _error(self, problem: Problem) -> dict[str, object]:
        path, message = self.reader.told(problem)
        return {"code": problem.code, "path": path, "message": message}


async def _blocks(file: "IO[bytes]") -> AsyncGenerator[bytes]:
    await asyncio.to_thread(file.seek, 0)
    while block := await asyncio.to_thread(file.read, _BLOCK):
        yield block


def _line(
    line: int | None, status: str, row: str | None, key: str | None, errors: Sequence[object]
) -> bytes:
    told = {"line": line, "status": status, "id": row, "external_id": key, "errors": errors}
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
