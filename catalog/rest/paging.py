"""Pages of REST: one opaque `cursor` whichever way it leads, and the Link header."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec
from urllib.parse import quote, urlencode

from fastapi import Request

from catalog.context import Context
from catalog.errors import BadCursor
from catalog.paging import Page, Paging
from catalog.rest import parts

P = ParamSpec("P")

# What a cursor begins with says on which side of its place the page lies.
AFTER, BEFORE = "a", "b"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which page of a list, and whether to count the list."""

    paging: Paging
    counted: bool = False

    async def total(
        self,
        count: Callable[Concatenate[Context, P], Awaitable[int]],
        ctx: Context,
        *args: P.args,
        **arguments: P.kwargs,
    ) -> int | None:
        return await count(ctx, *args, **arguments) if self.counted else None


def paging(*, limit: int | None, cursor: str | None) -> Paging:
    match (cursor or AFTER)[0]:
        case "a":
            return Paging(first=limit, after=cursor and cursor[1:])
        case "b":
            return Paging(last=limit, before=cursor and cursor[1:])
    raise BadCursor("this is no cursor; take it from page.next or page.prev", path=("cursor",))


def page_info(page: Page[object], *, total: int | None = None) -> parts.PageInfo:
    """A page without items has no place to go on from."""
    following = page.end_cursor if page.has_next else None
    preceding = page.start_cursor if page.has_previous else None
    return parts.PageInfo(
        next=following and AFTER + following, prev=preceding and BEFORE + preceding, total=total
    )


def links(request: Request, info: parts.PageInfo) -> str:
    """The Link header (RFC 8288), relative to the host: proxies do not tell theirs reliably."""
    given = [item for item in request.query_params.multi_items() if item[0] != "cursor"]
    cursors = {"first": "", "prev": info.prev, "next": info.next}
    return ", ".join(
        f'<{_address(request, [*given, ("cursor", cursor)] if cursor else given)}>; rel="{rel}"'
        for rel, cursor in cursors.items()
        if cursor is not None
    )


def _address(request: Request, parameters: list[tuple[str, str]]) -> str:
    path = quote(request.scope["path"], safe="/:")
    return f"{path}?{urlencode(parameters, safe=',:', quote_via=quote)}" if parameters else path


def beside(request: Request, slug: str) -> str:
    """The address of another of the same noun, with the same parameters."""
    parent = request.scope.get("root_path", "") + request.scope["route"].path.partition("{")[0]
    reference = f"slug:{slug}" if ":" in slug else slug
    query = request.url.query
    return f"{parent}{quote(reference, safe=':')}" + (f"?{query}" if query else "")
