"""Manifests of trusted documents: both forms, and all that may be wrong with them."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from catalog.errors import FileRefused
from schema import manifests
from schema.documents import digest_of
from schema.execution import Schema

APOLLO = {"format": "apollo-persisted-query-manifest", "version": 1}
QUERY = "query Codes {\n  channels {\n    code\n  }\n}"
MUTATION = 'mutation Drop { brandDelete(by: { slug: "lumen" }) { status } }'


def operation(text: str, name: str = "Codes") -> dict[str, str]:
    return {"id": digest_of(text), "name": name, "type": "query", "body": text}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(open=False)


@pytest.mark.parametrize(
    "content",
    [
        {digest_of(QUERY): QUERY, digest_of(MUTATION): MUTATION},
        APOLLO | {"operations": [operation(QUERY), operation(MUTATION, "Drop")]},
    ],
)
def test_both_forms_say_the_same(tmp_path: Path, schema: Schema, content: object) -> None:
    file = tmp_path / "manifest.json"
    file.write_bytes(orjson.dumps(content))

    entries = manifests.read(file)

    assert [each.text for each in entries] == [QUERY, MUTATION]
    assert manifests.problems(schema, entries) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no JSON"),
        (b"[]", "is neither Relay's manifest nor Apollo's"),
        (b"{}", "holds no document"),
        (b'{"x": 1}', "both strings"),
        (orjson.dumps({"format": "other", "version": 1}), "none of version 1"),
        (orjson.dumps(APOLLO | {"version": 2, "operations": []}), "none of version 1"),
        (orjson.dumps(APOLLO), "`operations` must be a list"),
        (orjson.dumps(APOLLO | {"operations": {}}), "`operations` must be a list"),
        (orjson.dumps(APOLLO | {"operations": [1]}), "`operations` must be a list"),
        (orjson.dumps(APOLLO | {"operations": []}), "holds no document"),
        (orjson.dumps(APOLLO | {"operations": [{"id": "x", "name": "A"}]}), "both strings"),
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "manifest.json"
    file.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        manifests.read(file)

    assert refused.value.message.startswith(f"{file}: ")
    assert said in refused.value.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        manifests.read(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: Syntax Error: Expected Name, found <EOF>."),
        ("{\n  colour\n}", "line 2: Cannot query field 'colour' on type 'Query'."),
        ("subscription { channels { code } }", "something else than queries and mutations"),
        ("{ __schema { queryType { name } } }", "introspection"),
        ("{ " + " ".join(f"a{n}: channels {{ code }}" for n in range(31)) + " }", "too large"),
    ],
)
def test_what_cannot_be_run_is_told(schema: Schema, text: str, said: str) -> None:
    entries: list[Any] = [manifests.Entry("Wrong", digest_of(text), text)]

    problems = manifests.problems(schema, entries)

    assert all(each.startswith("Wrong: ") for each in problems)
    assert said in "".join(problems)


def test_an_id_is_the_hash_of_its_text(schema: Schema) -> None:
    (problem,) = manifests.problems(schema, [manifests.Entry("Codes", "1bc29b36", QUERY)])

    assert digest_of(QUERY) in problem
