"""Requests that name a document by its hash."""

from typing import Any

from schema.documents import digest_of


def by_hash(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}}


def both(text: str) -> dict[str, Any]:
    return {"query": text} | by_hash(text)
