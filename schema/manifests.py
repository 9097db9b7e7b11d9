"""Manifests of trusted documents, as the compilers of Relay and Apollo write them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from catalog.errors import FileRefused
from schema.documents import digest_of, flaws
from schema.execution import Schema

APOLLO: Final = "apollo-persisted-query-manifest"


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is what people know it by: that of its operation, or else its id."""

    name: str
    id: str
    text: str


def read(path: Path) -> list[Entry]:
    """Raises `FileRefused` where it is no manifest."""
    try:
        given = orjson.loads(path.read_bytes())
    except OSError as error:
        raise FileRefused(f"{path}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"{path}: is no JSON: {error}") from None
    if not isinstance(given, dict):
        raise FileRefused(f"{path}: is neither Relay's manifest nor Apollo's")
    entries = list(_apollo(given, path) if "format" in given else _relay(given))
    if not entries:
        raise FileRefused(f"{path}: holds no document")
    if not all(isinstance(text, str) for each in entries for text in (each.id, each.text)):
        raise FileRefused(f"{path}: each document needs its id and its text, both strings")
    return entries


def _relay(given: Mapping[str, Any]) -> Iterator[Entry]:
    return (Entry(id, id, text) for id, text in given.items())


def _apollo(given: Mapping[str, Any], path: Path) -> Iterator[Entry]:
    if (given["format"], given.get("version")) != (APOLLO, 1):
        raise FileRefused(f"{path}: of Apollo's manifests this is none of version 1 of {APOLLO}")
    operations = given.get("operations")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise FileRefused(f"{path}: `operations` must be a list of objects: {{id, body, name}}")
    for each in operations:
        yield Entry(str(each.get("name") or each.get("id")), each.get("id"), each.get("body"))


def problems(schema: Schema, entries: Sequence[Entry]) -> list[str]:
    """A line for each thing that is wrong with them."""
    return [f"{each.name}: {flaw}" for each in entries for flaw in _flaws(schema, each)]


def _flaws(schema: Schema, entry: Entry) -> list[str]:
    digest = digest_of(entry.text)
    if entry.id != digest:
        return [f"its id must be the SHA-256 of its text, {digest}, and is {entry.id}"]
    return flaws(schema, entry.text)
