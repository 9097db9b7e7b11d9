"""Who asks in these tests, and short names for what they ask."""

from catalog.context import ANONYMOUS, Context, Principal
from catalog.paging import Page
from catalog.reads import contexts
from catalog.reads.refs import Ref, RefKind
from catalog.views import Product

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))


async def anyone(channel: str | None = None, **asked: str) -> Context:
    """A visitor without a token."""
    return await contexts.resolve(ANONYMOUS, channel=channel, **asked)  # type: ignore[arg-type]


async def staff(channel: str | None = None, **asked: str) -> Context:
    """A holder of a token that sees drafts."""
    return await contexts.resolve(STAFF, channel=channel, **asked)  # type: ignore[arg-type]


def by(**key: str) -> Ref:
    """`by(slug="desk-lamp")`."""
    ((kind, value),) = key.items()
    kinds: dict[str, RefKind] = {
        "id": "id",
        "slug": "slug",
        "sku": "sku",
        "barcode": "barcode",
        "external_id": "external_id",
    }
    return Ref(kinds[kind], value)


def slugs(page: Page[Product]) -> list[str]:
    return [product.slug for product in page.items]
