"""Questions over kept connections, as cheap as they can be: what asks shares the machine with what
answers."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS = re.compile(rb"\r\ncache-status: *([^\r]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """`how` is its Cache-Status."""

    status: int
    how: bytes
    body: bytes


def request(
    method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> bytes:
    content = b"" if body is None else orjson.dumps(body)
    head = [f"{method} {path} HTTP/1.1", "Host: shop.test", "Accept: application/json"]
    head += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


class Connection(asyncio.Protocol):
    """One question at a time. Raises OSError when the other side is gone."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[Answered] | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    async def ask(self, asked: bytes) -> Answered:
        if self._transport.is_closing():
            raise ConnectionResetError
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(asked)
        return await self._waiting

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or self._waiting is None or len(body) < (int(length[1]) if length else 0):
            return
        self._buffer = b""
        how = _STATUS.search(head)
        self._waiting.set_result(Answered(int(head[9:12]), how[1] if how else b"", body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("closed before the answer"))

    def close(self) -> None:
        self._transport.close()
