"""Request bodies: what is refused, how early, and how much memory that takes."""

import asyncio
import gzip
import os
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import psutil
import pytest
from fastapi import FastAPI, Request

from catalog.rest import bodies, problems
from catalog.rest.requests import RequestId

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def taking() -> FastAPI:
    """Two addresses that read a body and say how long it was."""
    app = FastAPI()
    app.add_middleware(RequestId)
    problems.install(app)

    @app.post("/json")
    async def json(request: Request) -> Any:
        return {"value": await bodies.json_body(request)}

    @app.post("/upload")
    async def upload(request: Request) -> Any:
        pieces = [len(piece) async for piece in bodies.upload(request)]
        return {"length": sum(pieces), "largest": max(pieces, default=0)}

    return app


@pytest.fixture
async def sender(taking: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=taking)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def dripping(piece: bytes, times: int, pause: float = 0.0) -> AsyncIterator[bytes]:
    for _ in range(times):
        await asyncio.sleep(pause)
        yield piece


async def test_a_json_body_is_read(sender: httpx.AsyncClient) -> None:
    answer = await sender.post("/json", content=b'{"a": [1.5, null]}', headers=JSON)
    assert answer.json() == {"value": {"a": [1.5, None]}}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty"),
        (b'{\n  "a": 1,\n}', "line 2, column 9: trailing comma"),
        (b"[" * 100_000 + b"]" * 100_000, "line 1, column 1026"),
        (b'{"a":' * 100_000, "depth"),
        (b"9" * 900_000, "line 1, column 1: number is infinity"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b"\x00", "line 1, column 1"),
    ],
)
async def test_what_is_not_json_is_told_where(
    sender: httpx.AsyncClient, body: bytes, said: str
) -> None:
    answer = await sender.post("/json", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_BODY")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "the Content-Type is missing here; send Content-Type: application/json"),
        ({"Content-Type": "text/plain"}, "text/plain is not taken here"),
        ({"Content-Type": "application/json; charset=utf-16"}, "only UTF-8"),
        (JSON | {"Content-Encoding": "gzip"}, "without a Content-Encoding"),
    ],
)
async def test_other_types_and_encodings_are_not_taken(
    sender: httpx.AsyncClient, headers: dict[str, str], said: str
) -> None:
    answer = await sender.post("/json", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert said in answer.json()["detail"]


async def test_the_charset_may_be_said(sender: httpx.AsyncClient) -> None:
    headers = {"Content-Type": 'Application/JSON; charset="UTF-8"'}
    assert (await sender.post("/json", content=b"{}", headers=headers)).status_code == 200


def _bomb(size: int) -> bytes:
    """A thousand times as long when it is unpacked."""
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(bytes(size)) + packer.flush()


async def _declared() -> AsyncIterator[bytes]:
    raise AssertionError("a body whose length is too much must not be read")
    yield b""


LARGE: dict[str, tuple[str, Callable[[], Any], dict[str, str]]] = {
    "json by its length": ("/json", _declared, JSON | {"Content-Length": "200000000"}),
    "json as it comes": ("/json", lambda: dripping(b" " * 65536, 3200), JSON),
    "upload by its length": ("/upload", _declared, {"Content-Length": "200000000"}),
    "upload as it comes": ("/upload", lambda: dripping(b" " * 65536, 3200), {}),
    "a bomb": ("/upload", lambda: _bomb(200_000_000), {"Content-Encoding": "gzip"}),
    "a bomb in drops": (
        "/upload",
        lambda: dripping(_bomb(10_000_000), 20),
        {"Content-Encoding": "gzip"},
    ),
}


@pytest.mark.parametrize("case", LARGE)
async def test_what_is_too_long_is_refused_and_not_kept(
    sender: httpx.AsyncClient, case: str
) -> None:
    path, content, headers = LARGE[case]
    sent = content()
    before = psutil.Process(os.getpid()).memory_info().rss
    answer = await sender.post(path, content=sent, headers=headers)
    grown = psutil.Process(os.getpid()).memory_info().rss - before
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert grown < 20_000_000


@pytest.mark.parametrize("path", ["/json", "/upload"])
async def test_who_stops_sending_is_not_waited_for(
    sender: httpx.AsyncClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "IDLE", 0.1)
    answer = await sender.post(path, content=dripping(b" ", 2, pause=0.5), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (408, "BODY_TOO_SLOW")


@pytest.mark.parametrize("path", ["/json", "/upload"])
async def test_who_sends_byte_by_byte_has_an_end(
    sender: httpx.AsyncClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "TOTAL", 0.3)
    begun = asyncio.get_running_loop().time()
    answer = await sender.post(path, content=dripping(b" ", 100, pause=0.05), headers=JSON)
    assert answer.status_code == 408
    assert asyncio.get_running_loop().time() - begun < 1


async def test_an_upload_has_time_by_its_size(
    sender: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "TOTAL", 0.1)
    answer = await sender.post("/upload", content=dripping(b" " * 4000, 10, pause=0.05))
    assert answer.json()["length"] == 40_000


async def test_gzip_of_several_members_is_unpacked_in_small_pieces(
    sender: httpx.AsyncClient,
) -> None:
    packed = gzip.compress(bytes(3_000_000)) + gzip.compress(b"x" * 1_000_000)
    headers = {"Content-Encoding": "gzip"}
    answer = (await sender.post("/upload", content=packed, headers=headers)).json()
    assert answer["length"] == 4_000_000
    assert answer["largest"] <= 256 * 1024


@pytest.mark.parametrize(
    "body", [b"slug\nhat\n", gzip.compress(b"slug\nhat\n")[:-6]], ids=["plain", "cut off"]
)
async def test_broken_gzip_is_refused(sender: httpx.AsyncClient, body: bytes) -> None:
    answer = await sender.post("/upload", content=body, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_BODY")


async def test_other_encodings_of_uploads_are_not_taken(sender: httpx.AsyncClient) -> None:
    answer = await sender.post("/upload", content=b"x", headers={"Content-Encoding": "br"})
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
