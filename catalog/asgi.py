"""What passes between a server and an application (ASGI 3), and bodies that are read before their
time."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def read(scope: Scope, receive: Receive, *, most: int) -> tuple[bytes | None, Receive]:
    """The whole of a body of so many bytes at most, None for a larger one or a client that is gone;
    and what gives it once more. Only a POST has one."""
    if scope["method"] != "POST":
        return b"", receive
    messages: list[Message] = []
    size, more = 0, True
    while more and size <= most:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            return None, _again(messages, receive)
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = None if more else b"".join(message.get("body", b"") for message in messages)
    return body, _again(messages, receive)


def once(body: bytes) -> Receive:
    """A request's body for the application; its client stays as long as it takes."""

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    return _again([{"type": "http.request", "body": body, "more_body": False}], never)


def _again(messages: list[Message], receive: Receive) -> Receive:
    given = iter(messages)

    async def again() -> Message:
        message = next(given, None)
        return message if message is not None else await receive()

    return again
