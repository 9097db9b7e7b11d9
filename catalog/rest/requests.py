"""What happens to every request, whichever face answers: it gets an id, and HEAD is GET."""

from collections.abc import Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalog import http_cache

HEADER = "X-Request-ID"


class RequestId:
    """The id that the caller gave, else a new one: in `scope["state"]` and in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]):
            scope = {**scope, "headers": _decided(scope["headers"], headers)}
        request_id = http_cache.request_id(headers).decode()
        scope.setdefault("state", {})["request_id"] = request_id

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, identified)


def _decided(
    lines: Iterable[tuple[bytes, bytes]], headers: Mapping[bytes, bytes]
) -> list[tuple[bytes, bytes]]:
    """Of what decides about an answer the last line alone: its key has no other, and a handler
    would take the first."""
    decides = http_cache.DEPENDS
    return [each for each in lines if each[0] not in decides or each[1] == headers[each[0]]]


class Head:
    """HEAD is answered as GET is, without the content (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif not message.get("more_body"):
                await send({"type": "http.response.body", "body": b""})

        await self.app({**scope, "method": "GET"}, receive, headed)
