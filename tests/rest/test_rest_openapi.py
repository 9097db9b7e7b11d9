"""The description of the REST face: committed, honest, and served with all it needs."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from catalog.rest import examples, shapes
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


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


async def test_every_operation_says_what_may_go_wrong(document: Any) -> None:
    for name, operation in operations(document):
        if " /v1/" in name:
            assert {"400", "401", "404", "422", "503"} <= operation["responses"].keys(), name


async def test_every_operation_on_a_noun_has_examples(document: Any) -> None:
    for name, operation in operations(document):
        if operation["tags"][0] not in examples.SHOWN or ":" in name:
            continue
        told = [operation["responses"].get(status, {}) for status in ("200", "201")]
        contents = [each["content"] for each in told if "content" in each]
        contents += [operation.get("requestBody", {}).get("content", {})]
        assert all("example" in each for content in contents for each in content.values()), name
        parameters = operation.get("parameters", ())
        assert all("example" in each for each in parameters if each["in"] == "path"), name


async def test_writing_needs_its_scope_and_changing_a_version(document: Any) -> None:
    brand = document["paths"]["/v1/brands/{ref}"]

    assert brand["get"]["security"] == [{}, {"token": []}]
    assert brand["patch"]["security"] == [{"token": ["catalog:write"]}]
    required = [each["name"] for each in brand["patch"]["parameters"] if each["required"]]
    assert required == ["ref", "If-Match"]
    assert {"409", "412", "413", "415", "428"} <= brand["patch"]["responses"].keys()
    assert "application/merge-patch+json" in brand["patch"]["requestBody"]["content"]


async def test_operations_are_named_for_generated_clients(document: Any) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]

    assert len(names) == len(set(names))
    assert {"productsPage", "productsOne", "brandsPatch", "variantsRestore"} <= set(names)


@pytest.mark.parametrize("noun", examples.REFERENCES)
def test_examples_are_of_the_shape_they_show(noun: str) -> None:
    shape = getattr(shapes, {"categories": "Category"}.get(noun, noun.removesuffix("s").title()))

    assert shape.model_validate(examples.one(noun))


@pytest.mark.parametrize("key", examples.REFERENCES.values())
async def test_every_reference_of_an_example_is_in_the_sample_shop(key: str) -> None:
    sample = (Path(__file__).parents[2] / "catalog" / "sample" / "catalog.ndjson").read_text()

    assert f'"{key}"' in sample


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
