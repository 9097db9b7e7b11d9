"""The rows that an import refused, as files to be mended."""

import csv
import io
from typing import Any

import httpx
import orjson
import pytest
from factories import load, shop
from handing import Headers, Job, imported, lamp

from catalog import db
from catalog.files import cells
from catalog.jobs import refusals
from catalog.jobs.loop import Loop

FORMULA = "=HYPERLINK(1)"
TABLE = f"""\
record;slug;name;type;sku;price.EUR;description
product;good;Good;lamp;GOOD;19.90;fine
product;dear;{FORMULA};lamp;DEAR;-1.5;@sum
product;odd;Odd;lamp;ODD;1.299,00;"two
lines"
"""


async def errors(client: httpx.AsyncClient, headers: Headers, job: Job) -> list[dict[str, Any]]:
    answer = await client.get(job["links"]["errors_ndjson"], headers=headers)
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def table(client: httpx.AsyncClient, headers: Headers, job: Job) -> list[dict[str, str]]:
    answer = await client.get(job["links"]["errors_csv"], headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert f'filename="{job["file_name"]}.errors.csv"' in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_each_row_comes_with_what_is_wrong_and_what_would_be_right(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    await load(*shop())
    job = await imported(client, writer, TABLE, "text/csv", on_error="skip")
    assert (job["counts"]["product"]["created"], job["counts"]["product"]["failed"]) == (1, 2)
    found = await errors(client, writer, job)
    assert [(each["line"], each["column"], each["value"]) for each in found] == [
        (3, "price.EUR", "-1.5"),
        (4, "price.EUR", "1.299,00"),
    ]
    assert found[0]["input"]["name"] == FORMULA
    assert found[1]["input"]["description"] == "two\nlines"
    assert all(each["severity"] == "error" and each["code"] and each["message"] for each in found)


async def test_the_table_of_them_says_the_same_and_runs_no_formula(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    await load(*shop())
    job = await imported(client, writer, TABLE, "text/csv", on_error="skip", file_name="mine.csv")
    rows = await table(client, writer, job)
    assert [row["name"] for row in rows] == [f"'{FORMULA}", "Odd"]
    assert rows[0]["description"] == "'@sum"
    for row, told in zip(rows, await errors(client, writer, job), strict=True):
        plain = {name: cells.plain(cell) for name, cell in row.items()}
        assert {name: plain[name] for name in told["input"]} == told["input"]
        assert plain["error_line"] == str(told["line"])
        assert {plain[f"error_{name}"] for name in ("column", "value", "code", "message")} == {
            told[name] for name in ("column", "value", "code", "message")
        }


async def test_records_of_json_lines_are_kept_as_they_are(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    await load(*shop())
    line = lamp("desk", price="cheap")
    job = await imported(client, writer, line + "{broken\n" + lamp("floor"), on_error="skip")
    found = await errors(client, writer, job)
    assert [each["input"] for each in found] == [orjson.loads(line), None]
    rows = await table(client, writer, job)
    assert orjson.loads(rows[0]["variants"])[0]["sku"] == "desk"


async def test_only_the_first_are_kept_and_all_are_counted(
    client: httpx.AsyncClient, writer: Headers, worker: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST", 10)
    await load(*shop())
    file = "".join(lamp(f"lamp-{n}", price="cheap") for n in range(25))
    job = await imported(client, writer, file)
    assert (job["state"], job["errors_total"]) == ("failed", 25)
    assert job["counts"]["record"]["failed"] == 25
    assert len(await errors(client, writer, job)) == 10
    assert (await db.fetch("SELECT count(*) FROM product"))[0][0] == 0
