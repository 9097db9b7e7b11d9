"""What docs/exports.md shows to type does what it says."""

import re
import shlex
from pathlib import Path

import httpx
import pytest
from exporting import export
from test_cli import catalog

from catalog.settings import Settings

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"
TYPED = [
    line
    for block in re.findall(r"```sh\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
]
# The examples are of another shop than the tests'.
OURS = {"shirts": "home-lamps", "web": "eu", "everyday-organic-tee": "desk-lamp"}


def _words(line: str) -> list[str]:
    for theirs, ours in OURS.items():
        line = line.replace(theirs, ours)
    return shlex.split(line)


@pytest.mark.usefixtures("shown_lamps")
@pytest.mark.parametrize("line", [line for line in TYPED if line.startswith("catalog")])
async def test_a_command_writes_its_file(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _, *arguments = _words(line)
    url = str(settings.database_url)
    done = await catalog(*arguments, DATABASE_URL=url, DATABASE_ACQUIRE_TIMEOUT="30")
    assert (done.code, done.complaint) == (0, "")
    files = _read(tmp_path)
    assert [b"desk-lamp" in content for content in files.values()] == [True]
    assert files.get("all.ndjson") in (None, await export("ndjson"))


def _read(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.usefixtures("shown_lamps")
@pytest.mark.parametrize("line", [line for line in TYPED if line.startswith("curl")])
async def test_a_request_is_answered(client: httpx.AsyncClient, line: str) -> None:
    _, _, header, url = _words(line)
    name, _, value = header.partition(": ")
    answer = await client.get(httpx.URL(url).path, headers={name: value})
    assert answer.headers["Content-Type"] == value
    assert answer.json()["name"] == "Desk & <lamp>"


def test_every_example_is_tried() -> None:
    assert len(TYPED) == 4
    assert {line.split()[0] for line in TYPED} == {"catalog", "curl"}


@pytest.mark.usefixtures("shown_lamps")
@pytest.mark.parametrize("path", re.findall(r"^    GET (\S+)", DOCS.read_text(), re.MULTILINE))
async def test_every_address_answers(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
