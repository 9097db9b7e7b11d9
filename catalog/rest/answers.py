"""Answers: what reads found, encoded once, with the headers that say what it depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from catalog import context, tags
from catalog.errors import NotFound
from catalog.paging import Page
from catalog.rest import deps, paging, parts

T = TypeVar("T")

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answering:
    """The request that is answered, and its context."""

    request: Request
    ctx: context.Context

    def one(self, shape: parts.Shape, *, tag: str | None = None) -> Response:
        return self._json(shape, {"ETag": tag} if tag else {})

    def page(
        self,
        kind: type[parts.PageOf[T]],
        items: Sequence[T],
        found: Page[Any] | None = None,
        *,
        total: int | None = None,
        **beside: Any,
    ) -> Response:
        """Items of a page of `found`; without one they are the whole list. `beside` them stand the
        other fields of that kind of page."""
        if found is None:
            info = parts.PageInfo(next=None, prev=None, total=len(items))
        else:
            info = paging.page_info(found, total=total)
        shape = kind.model_construct(items=list(items), page=info, **beside)
        if self.request.method == "POST":
            return self._json(shape, {})
        return self._json(shape, {"Link": paging.links(self.request, info)})

    def moved(self, slug: str) -> Response:
        """To what the address should have named, with the same parameters."""
        return RedirectResponse(paging.beside(self.request, slug), 301, self.headers())

    def _json(self, shape: parts.Shape, headers: dict[str, str]) -> Response:
        tags.storable()
        content = shape.__pydantic_serializer__.to_json(shape, exclude_unset=True)
        return Response(content, headers=headers | self.headers(), media_type=JSON)

    def content(self, content: bytes, media_type: str) -> Response:
        """What was asked for by its media type."""
        tags.storable()
        headers = self.headers()
        return Response(
            content, headers=headers | {"Vary": f"{headers['Vary']}, Accept"}, media_type=media_type
        )

    def headers(self) -> dict[str, str]:
        vary = ["Authorization"]
        if "locale" not in self.request.query_params:
            vary.append("Accept-Language")
        return {"Content-Language": self.ctx.locale, "Vary": ", ".join(vary)}


async def _answering(request: Request, ctx: deps.Context) -> Answering:
    return Answering(request, ctx)


Answer = Annotated[Answering, Depends(_answering)]


def found(view: T | None, noun: str) -> T:
    """What was found, or `NotFound` in words that do not tell a hidden thing from a missing one."""
    if view is None:
        raise NotFound(
            f"there is no such {noun}, or it is not to be seen in this channel", path=("ref",)
        )
    return view
