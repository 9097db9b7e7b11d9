"""The README keeps its word: its queries answer, its table is complete, its paths are there."""

import re
from pathlib import Path

import httpx
import pytest
import typer

from catalog import sample
from catalog.settings import Settings
from catalog.writes import tokens

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def rows(first_heading: str) -> list[list[str]]:
    """Cells of the table whose first heading that is, without heading and rule."""
    table = re.search(rf"^\| {first_heading} \|.*?\n\n", README, re.MULTILINE | re.DOTALL)
    assert table
    lines = table[0].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture
async def visitor(clean: None, client: httpx.AsyncClient) -> httpx.AsyncClient:
    await sample.load()
    return client


async def writer() -> dict[str, str]:
    """Headers of whoever may write."""
    return {"Authorization": f"Bearer {await tokens.create('readme', scopes=['catalog:write'])}"}


@pytest.mark.parametrize("number", range(len(blocks("graphql"))))
async def test_a_graphql_example_answers(number: int, visitor: httpx.AsyncClient) -> None:
    query = blocks("graphql")[number]
    headers = await writer() if query.startswith("mutation") else {}
    answer = await visitor.post("/graphql", json={"query": query}, headers=headers)
    body = answer.json()
    assert "errors" not in body
    assert body["data"] is not None
    assert None not in body["data"].values()
    for payload in body["data"].values():
        assert "FAILED" not in str(payload)


async def test_the_rest_examples_answer(visitor: httpx.AsyncClient) -> None:
    open_to_all, for_holders, *_ = blocks("http")
    for line in open_to_all.splitlines():
        answer = await visitor.get(line.removeprefix("GET "))
        assert answer.status_code == 200, f"{line}: {answer.text}"
        assert answer.json()
    token = await tokens.create("readme", scopes=["catalog:read"])
    for line in for_holders.splitlines():
        address = line.removeprefix("GET ")
        answer = await visitor.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, f"{line}: {answer.text}"
        assert answer.json()["items"]


async def test_the_writes_are_good(visitor: httpx.AsyncClient) -> None:
    token = await writer()
    for request in "###\n".join(blocks("http")[2:]).split("###\n"):
        head, _, body = request.partition("\n\n")
        first, *lines = head.splitlines()
        method, address = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        answer = await visitor.request(
            method,
            address,
            content=body,
            headers=headers | token,
        )
        assert answer.status_code == 200, f"{first}: {answer.text}"
        assert '"failed"' not in answer.text


def test_every_variable_is_in_the_table() -> None:
    assert rows("variable") == [
        [
            f"`{name.upper()}`",
            "" if field.default is None else f"`{field.default}`",
            field.description,
        ]
        for name, field in Settings.model_fields.items()
    ]


def test_every_command_is_in_the_table() -> None:
    from catalog.cli import app

    commands = typer.main.get_group(app).commands
    assert {cells[0] for cells in rows("command")} == {f"`catalog {name}`" for name in commands}


def test_every_path_is_there() -> None:
    paths = [cells[0].strip("`") for cells in rows("path")]
    links = re.findall(r"\]\((?!http)([^)#]+)", README)
    missing = [path for path in paths + links if not (ROOT / path).exists()]
    assert missing == []
