"""Which revision of a thing a request means: entity tags, If-Match, If-None-Match (RFC 9110,
section 13).

A tag names the row and its revision, so that what was deleted and made again is not taken for the
old one. It is there to write with: of a representation only what the thing itself says depends on
it, not the prices, stock or names of other things that `include` shows. The tag of an answer that
is kept goes on behind a full stop with what tells that answer from others; to write with, only
what stands before it counts.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from fastapi import Request

from catalog.errors import BadRequest, VersionConflict, VersionRequired
from catalog.writes.holding import Held

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_TAGS = re.compile(rf"\s*{_TAG.pattern}(?:\s*,\s*{_TAG.pattern})*\s*")


@runtime_checkable
class Versioned(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...


class Dated(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def updated_at(self) -> datetime: ...


Revised = Versioned | Dated


def tag(view: Revised) -> str:
    return _tag(view.id, view.version if isinstance(view, Versioned) else view.updated_at)


def _tag(id: int, revision: int | datetime) -> str:
    """Moments to the microsecond, as the database has them."""
    if isinstance(revision, datetime):
        return f'"{id}-{revision:%Y%m%d%H%M%S%f}"'
    return f'"{id}-{revision}"'


@dataclass(frozen=True, slots=True)
class Preconditions:
    """Tags, `{"*"}`, or None for a header that was not sent."""

    if_match: frozenset[str] | None
    if_none_match: frozenset[str] | None

    def require(self) -> None:
        if self.if_match is None:
            raise VersionRequired(
                "say which version this change is of: send the ETag that you have read as "
                "If-Match, or If-Match: * for whichever it is"
            )

    def check(self, held: Held | None) -> None:
        """Raises `VersionConflict` where what is there is not what was meant."""
        current = _tag(held.id, held.revision) if held else None
        if self.if_match is not None and not _matches(self.if_match, current):
            raise VersionConflict(
                "it has changed since, or is not there; read it again, then repeat the change"
            )
        # Compared weakly, as RFC 9110 has it: a weak tag stands for the strong one.
        unwanted = {each.removeprefix("W/") for each in self.if_none_match or ()}
        if _matches(unwanted, current):
            raise VersionConflict("it is there already, and If-None-Match says that it must not be")


def _matches(tags: frozenset[str] | set[str], current: str | None) -> bool:
    return current is not None and ("*" in tags or current in map(_revision, tags))


def _revision(tag: str) -> str:
    revision, stop, _ = tag.partition(".")
    return f'{revision}"' if stop else tag


def of(request: Request) -> Preconditions:
    return Preconditions(_parse(request, "If-Match"), _parse(request, "If-None-Match"))


def _parse(request: Request, name: str) -> frozenset[str] | None:
    lines = request.headers.getlist(name)
    if not lines:
        return None
    text = ", ".join(lines)
    if text.strip() == "*":
        return frozenset("*")
    if not _TAGS.fullmatch(text):
        raise BadRequest(f'{name} takes entity tags in quotes such as "7-1", with commas, or *')
    return frozenset(_TAG.findall(text))
