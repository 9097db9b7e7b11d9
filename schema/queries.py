"""What can be asked: the root of every query."""

import asyncio
from functools import partial
from typing import Annotated

import strawberry
from strawberry import UNSET, argument

from catalog import ids, reads, views
from catalog.context import PUBLIC
from catalog.errors import BadRequest, NotFound
from schema.answer import Answer, Batch, Info
from schema.fields import computed
from schema.filters import ProductWhere, VariantWhere, product_where, variant_where
from schema.listing import After, Before, First, Last, listing, paging, resolve_products
from schema.refs import BrandRef, CategoryRef, CollectionRef, ProductRef, VariantRef, ref
from schema.types.attribute import AttributeConnection
from schema.types.brand import Brand, BrandConnection
from schema.types.category import Category
from schema.types.channel import Channel
from schema.types.collection import Collection, CollectionConnection
from schema.types.explanation import ListingExplanation
from schema.types.node import Node
from schema.types.paging import Listing
from schema.types.product import Product, ProductConnection
from schema.types.suggestions import Suggestions
from schema.types.variant import Variant, VariantConnection

MAX_NODES = 100

NODES: dict[str, Batch[[], object]] = {
    "Attribute": reads.attributes.by_ids,
    "Brand": reads.brands.by_ids,
    "Category": reads.categories.by_ids,
    "Channel": reads.channels.by_ids,
    "Collection": reads.collections.by_ids,
    "Media": reads.media.by_ids,
    "Product": reads.products.by_ids,
    "ProductType": reads.product_types.by_ids,
    "Variant": reads.variants.by_ids,
}


async def find(answer: Answer, id: str, *, path: tuple[str | int, ...]) -> object:
    kind, row = ids.decode(id, path=path)
    batch = NODES.get(kind)
    return None if batch is None else await answer.load(batch, row)


@strawberry.type(description="What can be asked.")
class Query:
    @computed(Node | None, "Anything by its id; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def node(
        info: Info, id: Annotated[strawberry.ID, argument(description="Its id.")]
    ) -> object:
        return await find(info.context, id, path=("id",))

    @computed(
        list[Node | None],
        f"Several by their ids, at most {MAX_NODES}, in their order; "
        "null in the place of what is not there.",
        scope=PUBLIC,
    )
    @staticmethod
    async def nodes(
        info: Info, ids: Annotated[list[strawberry.ID], argument(description="Their ids.")]
    ) -> list[object]:
        if len(ids) > MAX_NODES:
            raise BadRequest(f"at most {MAX_NODES} ids, not {len(ids)}", path=("ids",))
        found = (find(info.context, id, path=("ids", n)) for n, id in enumerate(ids))
        return await asyncio.gather(*found)

    @computed(Product | None, "A product; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def product(
        info: Info, by: Annotated[ProductRef, argument(description="One of its keys.")]
    ) -> views.Product | None:
        return await reads.products.by_ref(info.context.ctx, ref(by))

    products = computed(
        ProductConnection, "Products, a page of those that are asked for.", scope=PUBLIC
    )(resolve_products)

    @computed(Variant | None, "A variant; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def variant(
        info: Info, by: Annotated[VariantRef, argument(description="One of its keys.")]
    ) -> views.Variant | None:
        return await reads.variants.by_ref(info.context.ctx, ref(by))

    @computed(VariantConnection, "Variants of all products, product by product.", scope=PUBLIC)
    @staticmethod
    async def variants(
        info: Info,
        where: Annotated[VariantWhere | None, argument(description="Which ones.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Listing[views.Variant]:
        ctx, narrowed = info.context.ctx, variant_where(where or None)
        page = await reads.variants.page(
            ctx, narrowed, paging=paging(first=first, after=after, last=last, before=before)
        )
        return Listing(page, partial(reads.variants.count, ctx, narrowed))

    @computed(Category | None, "A category; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def category(
        info: Info, by: Annotated[CategoryRef, argument(description="One of its keys.")]
    ) -> views.Category | None:
        return await reads.categories.by_ref(info.context.ctx, ref(by))

    @computed(
        list[Category],
        "The tree of categories, or a part of it, as a list: each before its branches.",
        scope=PUBLIC,
    )
    @staticmethod
    async def categories(
        info: Info,
        parent: Annotated[
            strawberry.ID | None, argument(description="The branches of this one; null: the roots.")
        ] = UNSET,
        depth: Annotated[int | None, argument(description="How many levels of branches.")] = 1,
    ) -> tuple[views.Category, ...]:
        row = ids.row_of("Category", parent, path=("parent",)) if parent else None
        levels = 1 if depth is None else depth
        return await reads.categories.tree(info.context.ctx, parent_id=row, depth=levels)

    @computed(Collection | None, "A collection; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def collection(
        info: Info, by: Annotated[CollectionRef, argument(description="One of its keys.")]
    ) -> views.Collection | None:
        return await reads.collections.by_ref(info.context.ctx, ref(by))

    collections = computed(CollectionConnection, "Collections, by name.", scope=PUBLIC)(
        listing(reads.collections)
    )

    @computed(Brand | None, "A brand; null where there is none.", scope=PUBLIC)
    @staticmethod
    async def brand(
        info: Info, by: Annotated[BrandRef, argument(description="One of its keys.")]
    ) -> views.Brand | None:
        return await reads.brands.by_ref(info.context.ctx, ref(by))

    brands = computed(BrandConnection, "Brands, by name.", scope=PUBLIC)(listing(reads.brands))

    attributes = computed(AttributeConnection, "Attributes, by position.", scope=PUBLIC)(
        listing(reads.attributes)
    )

    @computed(list[Channel], "The channels, the default one first.", scope=PUBLIC)
    @staticmethod
    async def channels(info: Info) -> tuple[views.Channel, ...]:
        return await reads.channels.all(info.context.ctx)

    @computed(
        Suggestions, "What somebody may be typing, at most `limit` of each kind.", scope=PUBLIC
    )
    @staticmethod
    async def suggest(
        info: Info,
        term: Annotated[str, argument(description="What is typed so far.")],
        limit: Annotated[
            int | None, argument(description=f"From 1 to {reads.suggestions.MOST}.")
        ] = 8,
    ) -> views.Suggestions:
        most = 8 if limit is None else limit
        return await reads.suggestions.of(info.context.ctx, term, limit=most)

    @computed(
        ListingExplanation | None,
        "Why a product is, or is not, in a list; null where there is no such product.",
        scope="catalog:read",
    )
    @staticmethod
    async def explain_listing(
        info: Info,
        id: Annotated[strawberry.ID, argument(description="Id of the product.")],
        where: Annotated[
            ProductWhere | None, argument(description="Which ones the list has.")
        ] = UNSET,
        search: Annotated[
            str | None, argument(description="What the list is searched by.")
        ] = UNSET,
    ) -> tuple[views.Condition, ...] | None:
        row = ids.row_of("Product", id, path=("id",))
        narrowed = product_where(where or None)
        try:
            return await reads.explanations.of(
                info.context.ctx, row, narrowed, search=search or None
            )
        except NotFound:
            return None
