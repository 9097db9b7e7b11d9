"""Requests that may be repeated: all that one does, and the answer it got, is one unit of work
(draft-ietf-httpapi-idempotency-key-header)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from fastapi import Request
from starlette.responses import Response

from catalog import context, db
from catalog.errors import Conflict, KeyInUse
from catalog.writes import idempotency

# A write that met another is begun anew as often before the caller hears of it.
ATTEMPTS = 3

# Headers that make it another request.
_MEANT = ("If-Match", "If-None-Match", "Accept-Language")
_KEPT = ("ETag", "Location", "Content-Language", "Vary", "Content-Type")


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request with what it was sent, and its key if it has one."""

    request: Request
    principal: context.Principal
    key: str | None
    body: object = None

    async def once(self, work: Callable[[], Awaitable[Response]]) -> Response:
        """Raises what `work` raises, with nothing done; a lost race is run again."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt(work)
            except KeyInUse:
                raise
            except Conflict:
                continue
        return await self._attempt(work)

    async def _attempt(self, work: Callable[[], Awaitable[Response]]) -> Response:
        with db.answering():
            async with db.unit_of_work():
                return await self._kept(work)

    async def _kept(self, work: Callable[[], Awaitable[Response]]) -> Response:
        token = self.principal.token_id
        if self.key is None or token is None:
            return await work()
        digest = _digest(self.request, self.body)
        if kept := await idempotency.begin(token, self.key, digest):
            return _replayed(kept)
        response = await work()
        await idempotency.keep(token, self.key, digest, response.status_code, _packed(response))
        return response


def _digest(request: Request, body: object) -> bytes:
    """Of what makes it this request; the order of a body's fields does not."""
    return idempotency.digest(
        request.method.encode(),
        request.scope["raw_path"],
        request.scope["query_string"],
        *(request.headers.get(name, "").encode() for name in _MEANT),
        orjson.dumps(body, option=orjson.OPT_SORT_KEYS),
    )


def _packed(response: Response) -> bytes:
    """Its headers in a line, then its content."""
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return orjson.dumps(headers) + b"\n" + bytes(response.body)


def _replayed(kept: idempotency.Kept) -> Response:
    headers, _, content = kept.answer.partition(b"\n")
    replayed = {"Idempotency-Replayed": "true"}
    return Response(content, kept.status, headers=orjson.loads(headers) | replayed)
