"""GraphQL over HTTP as its reference implementation judges it (`graphql-http`, from npm)."""

import asyncio
import os
import shutil
from pathlib import Path

import orjson
import pytest

from bench.place import serving
from catalog.settings import Settings

AUDIT = Path(__file__).parent / "audit.mjs"


async def test_every_audit_of_graphql_over_http_passes(
    standing_shop: None, database: Settings
) -> None:
    modules, node = os.environ.get("CATALOG_NODE_MODULES"), shutil.which("node")
    if modules is None or node is None:
        pytest.skip("CATALOG_NODE_MODULES is not set to a folder with graphql-http")
    environment = {"CATALOG_ENV": "development"}
    with serving(database, cached=True, environment=environment) as server:
        audit = await asyncio.create_subprocess_exec(
            *(node, str(AUDIT), f"http://127.0.0.1:{server.port}", modules),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await audit.communicate()

    told = orjson.loads(output)
    assert told["wrong"] == []
    assert told["audits"] >= 61
