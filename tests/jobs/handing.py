"""How these tests hand files in, and what they wait for."""

import asyncio
import time
from typing import Any

import httpx

OVER = ("done", "failed", "cancelled")

Job = dict[str, Any]


async def hand_in(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    content: bytes | str,
    kind: str = "application/x-ndjson",
    **options: Any,
) -> Job:
    """The job of a file that is taken."""
    answer = await client.post(
        "/v1/imports", content=content, params=options, headers={**headers, "Content-Type": kind}
    )
    assert answer.status_code == 202, answer.text
    job: Job = answer.json()
    assert answer.headers["Location"] == job["links"]["self"]
    return job


async def look(client: httpx.AsyncClient, headers: dict[str, str], job: Job) -> Job:
    answer = await client.get(job["links"]["self"], headers=headers)
    assert answer.status_code == 200, answer.text
    found: Job = answer.json()
    return found


async def until(
    client: httpx.AsyncClient, headers: dict[str, str], job: Job, *, seconds: float = 60, **what: Any
) -> Job:
    """The job as soon as it is over, or as it is said in `what`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = await look(client, headers, job)
        if what and all(found[key] == value for key, value in what.items()):
            return found
        if found["state"] in OVER:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"it takes too long: {found}")


async def imported(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes | str, *args: Any, **kw: Any
) -> Job:
    """The job of a file, when it is over."""
    return await until(client, headers, await hand_in(client, headers, content, *args, **kw))
