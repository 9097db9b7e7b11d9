"""What is refused before it is a job."""

from collections.abc import AsyncIterator

import httpx
import pytest
from handing import SHOP, Headers, hand_in, imported

from catalog import db
from catalog.jobs.loop import Loop
from catalog.rest import bodies
from catalog.rest.import_uploads import plain_name

FILE_TABLE = """\
source: {format: csv}
record: product
fields:
  name: {from: title, lookup: colours}
tables:
  colours: {file: /etc/passwd, key: a, value: b}
"""


async def jobs() -> int:
    return int((await db.fetch("SELECT count(*) FROM import_job"))[0][0])


async def endless() -> AsyncIterator[bytes]:
    for _ in range(bodies.UPLOAD_LIMIT // 500_000 + 2):
        yield bytes(500_000)


@pytest.mark.parametrize("told", [True, False], ids=["told", "found out"])
async def test_more_than_50_mb_are_refused(
    client: httpx.AsyncClient, writer: Headers, told: bool
) -> None:
    headers = {**writer, "Content-Type": "text/csv"}
    if told:
        headers["Content-Length"] = str(bodies.UPLOAD_LIMIT + 1)
    answer = await client.post("/v1/imports", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert await jobs() == 0


async def test_almost_50_mb_come_through_to_the_byte(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    file = SHOP + "\n" * (bodies.UPLOAD_LIMIT - len(SHOP))
    job = await imported(client, writer, file)
    assert (job["state"], job["size"]) == ("done", bodies.UPLOAD_LIMIT)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"file": ("a.csv", b"")}, "empty"),
        ({"data": ("a.csv", b"a,b")}, "'data'"),
        ({"mapping": ("m.yaml", b"record: product")}, "has no file"),
        ({"file": ("a.csv", b"a"), "mapping": ("m.yaml", b"\xff")}, "not UTF-8"),
        ({"file": ("a.csv", b"a"), "mapping": ("m.yaml", b"record: cat")}, "record"),
        ({"file": ("a.csv", b"a"), "mapping": ("m.yaml", FILE_TABLE.encode())}, "/etc/passwd"),
    ],
    ids=["empty", "other part", "no file", "bytes", "record", "table"],
)
async def test_forms_that_are_no_import(
    client: httpx.AsyncClient, writer: Headers, parts: dict[str, tuple[str, bytes]], said: str
) -> None:
    answer = await client.post("/v1/imports", files=parts, headers=writer)
    assert answer.status_code in (400, 422)
    assert said in answer.json()["detail"]
    assert await jobs() == 0


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("text/csv", b"", 400),
        ("image/png", b"a,b", 415),
        ("", b"a,b", 415),
        ("multipart/form-data", b"a,b", 400),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n", 400),
        ("text/csv; charset=klingon", b"a,b", 400),
    ],
)
async def test_bodies_that_are_no_file(
    client: httpx.AsyncClient, writer: Headers, kind: str, content: bytes, status: int
) -> None:
    headers = {**writer, "Content-Type": kind}
    answer = await client.post("/v1/imports", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert await jobs() == 0


async def test_options_are_checked(client: httpx.AsyncClient, writer: Headers) -> None:
    for options in ({"format": "xml"}, {"encoding": "klingon"}, {"curency": "EUR"}):
        answer = await client.post("/v1/imports", content=SHOP, params=options, headers=writer)
        assert answer.status_code in (400, 422)
    assert await jobs() == 0


async def test_the_name_of_a_file_comes_with_it(client: httpx.AsyncClient, writer: Headers) -> None:
    named = {**writer, "Content-Disposition": "attachment; filename*=UTF-8''K%C3%B6ln.csv"}
    assert (await hand_in(client, named, SHOP))["file_name"] == "Köln.csv"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\lists\\a.csv", "a.csv"),
        ("..", "import"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("ö" * 300, "ö" * 100),
    ],
)
def test_names_lead_nowhere(given: str, name: str) -> None:
    assert plain_name(given) == name
