"""docs/changes.md says what is so."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import httpx
from factories import load, shop

from catalog import db
from catalog.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "changes.md").read_text(encoding="utf-8")
BEGIN, FOLLOW = [shlex.split(block) for block in re.findall(r"```sh\n(.*?)\n```", PAGE)]
(SHOWN,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


async def _typed(client: httpx.AsyncClient, words: list[str], **known: str) -> Any:
    _, _, header, url = [re.sub(r"\$([A-Z]+)", lambda name: known[name[1]], word) for word in words]
    name, _, value = header.partition(": ")
    answer = await client.get(url.removeprefix("https://catalog.example"), headers={name: value})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_it_shows_to_type_tells_what_has_changed(
    client: httpx.AsyncClient, token: str
) -> None:
    await load(*shop())
    begun = await _typed(client, BEGIN, TOKEN=token)
    assert begun["items"] == []
    async with db.unit_of_work() as connection:
        await connection.execute("UPDATE brand SET name = 'Other'")
    told = await _typed(client, FOLLOW, TOKEN=token, NEXT=begun["page"]["next"])

    shown = json.loads(SHOWN)
    assert [each["kind"] for each in told["items"]] == ["brand"], (begun, told)
    assert told.keys() == shown.keys()
    assert {*told["items"][0]} == {*shown["items"][0]} == {*shown["items"][1]}


def test_it_says_how_far_the_log_goes_back() -> None:
    assert Settings().change_log_days == 7
    assert "`CHANGE_LOG_DAYS` days, seven unless" in PAGE
