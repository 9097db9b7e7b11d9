"""Files handed in over REST: taken, run, told of."""

import httpx
from handing import imported

from catalog.jobs.loop import Loop

CHANNEL = (
    '{"record": "channel", "code": "eu", "name": "Europe", "default_currency": "EUR", '
    '"currencies": ["EUR"], "default_locale": "en", "locales": ["en"], "is_default": true}'
)
TYPE = '{"record": "type", "code": "lamp", "name": "Lamp"}'


def lamp(slug: str, **fields: str) -> str:
    return (
        f'{{"record": "product", "slug": "{slug}", "name": "{slug}", "type": "lamp", '
        f'"status": "active", "variants": [{{"sku": "{slug}"}}]}}'
    )


async def test_a_file_is_imported(
    client: httpx.AsyncClient, writer: dict[str, str], worker: Loop
) -> None:
    file = "\n".join([CHANNEL, TYPE, lamp("desk"), lamp("floor")])
    job = await imported(client, writer, file, file_name="shop.ndjson")
    assert job["error"] is None, job
    assert job["state"] == "done"
    assert job["counts"]["product"] == {"created": 2, "updated": 0, "unchanged": 0, "failed": 0}
