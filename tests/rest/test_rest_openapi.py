"""The description of the REST face: committed, honest, and served with all it needs."""

import os
import re
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from catalog.rest import examples, shapes, v1
from catalog.rest.docs import FOLDER

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"
SORTED = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    return (await client.get("/openapi.json")).json()


async def test_the_committed_document_is_the_served_one(document: Any) -> None:
    """`UPDATE_SNAPSHOTS=1` writes it anew."""
    text = orjson.dumps(document, option=SORTED) + b"\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_bytes(text)

    assert SNAPSHOT.read_bytes() == text


async def test_every_operation_has_an_example_and_says_what_may_go_wrong(document: Any) -> None:
    for path, item in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        responses = item["get"]["responses"]
        if item["get"]["tags"] != ["export"]:
            assert "example" in responses["200"]["content"]["application/json"], path
        assert {"400", "401", "404", "422", "503"} <= responses.keys(), path
        assert all("example" in each for each in item["get"]["parameters"] if each["in"] == "path")


async def test_operations_are_named_for_generated_clients(document: Any) -> None:
    names = [item["get"]["operationId"] for item in document["paths"].values()]

    assert len(names) == len(set(names))
    assert {"productsPage", "productsOne", "stockPage"} <= set(names)


@pytest.mark.parametrize("noun", examples.REFERENCES)
def test_examples_are_of_the_shape_they_show(noun: str) -> None:
    shape = getattr(shapes, {"categories": "Category"}.get(noun, noun.removesuffix("s").title()))

    assert shape.model_validate(examples.one(noun))


@pytest.mark.parametrize("router", v1.ROUTERS)
async def test_every_reference_of_an_example_is_in_the_sample_shop(router: Any) -> None:
    sample = (Path(__file__).parents[2] / "catalog" / "sample" / "catalog.ndjson").read_text()
    key = examples.REFERENCES.get(router.tags[0])

    assert key is None or f'"{key}"' in sample


async def test_the_reference_is_a_page_that_loads_nothing_from_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/docs")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert len(assets) == 4
    for asset in assets:
        assert (await client.get(f"/{asset}")).status_code == 200
        assert not asset.startswith(("http", "//"))


def test_the_licence_of_what_is_not_ours_lies_beside_it() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text()
