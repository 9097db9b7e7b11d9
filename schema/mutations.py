"""What can be changed: the root of every mutation."""

import strawberry

from catalog.writes import inputs as record
from schema import refs
from schema.bulk import bulk_upsert, set_prices, set_stock
from schema.inputs.attribute import AttributeInput
from schema.inputs.nouns import (
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    ProductTypeInput,
    StockLocationInput,
)
from schema.inputs.product import ProductInput
from schema.types.payload import (
    AttributePayload,
    BrandPayload,
    BulkPayload,
    CategoryPayload,
    ChannelPayload,
    CollectionPayload,
    ProductPayload,
    ProductTypePayload,
    StockLocationPayload,
    VariantPayload,
)
from schema.variants import upsert_variant
from schema.writing import Named, Noun, delete, restore, upsert

PRODUCT = Noun(
    name="product",
    kind="Product",
    ref=refs.ProductRef,
    input=ProductInput,
    record=record.ProductInput,
)
VARIANT = Named(name="variant", kind="Variant", ref=refs.VariantRef)
CATEGORY = Noun(
    name="category",
    kind="Category",
    ref=refs.CategoryRef,
    input=CategoryInput,
    record=record.CategoryInput,
)
COLLECTION = Noun(
    name="collection",
    kind="Collection",
    ref=refs.CollectionRef,
    input=CollectionInput,
    record=record.CollectionInput,
)
BRAND = Noun(
    name="brand",
    kind="Brand",
    ref=refs.BrandRef,
    input=BrandInput,
    record=record.BrandInput,
    versioned=False,
)
ATTRIBUTE = Noun(
    name="attribute",
    kind="Attribute",
    ref=refs.AttributeRef,
    input=AttributeInput,
    record=record.AttributeDefinition,
)
PRODUCT_TYPE = Noun(
    name="product_type",
    kind="ProductType",
    ref=refs.ProductTypeRef,
    input=ProductTypeInput,
    record=record.TypeInput,
    versioned=False,
)
CHANNEL = Noun(
    name="channel",
    kind="Channel",
    ref=refs.ChannelRef,
    input=ChannelInput,
    record=record.ChannelInput,
    versioned=False,
)
STOCK_LOCATION = Noun(
    name="stock_location",
    kind="StockLocation",
    ref=refs.StockLocationRef,
    input=StockLocationInput,
    record=record.LocationInput,
    versioned=False,
)


@strawberry.type(
    description="What can be changed. Fields run one after the other, each in a transaction of its "
    "own, and each shows what those before it have left."
)
class Mutation:
    product_upsert: ProductPayload | None = upsert(
        PRODUCT, "Creates a product with all that hangs on it, or changes what is sent of it."
    )
    product_bulk_upsert: BulkPayload | None = bulk_upsert(
        PRODUCT, "Creates or changes products; they may refer to one another in any order."
    )
    product_delete: ProductPayload | None = delete(
        PRODUCT, "Deletes a product with its variants; their keys are free again."
    )
    product_restore: ProductPayload | None = restore(
        PRODUCT, "Brings back a deleted product with the variants that went with it."
    )

    variant_upsert: VariantPayload | None = upsert_variant(
        "Creates a variant of a product, or changes it; the product's others stay."
    )
    variant_delete: VariantPayload | None = delete(
        VARIANT, "Deletes a variant; its keys are free again."
    )
    variant_restore: VariantPayload | None = restore(VARIANT, "Brings back a deleted variant.")

    category_upsert: CategoryPayload | None = upsert(
        CATEGORY, "Creates a category, or changes it; with another `parent` its branch moves."
    )
    category_bulk_upsert: BulkPayload | None = bulk_upsert(
        CATEGORY, "Creates or changes categories."
    )
    category_delete: CategoryPayload | None = delete(
        CATEGORY, "Deletes a category that has no branches; its keys are free again."
    )
    category_restore: CategoryPayload | None = restore(CATEGORY, "Brings back a deleted category.")

    collection_upsert: CollectionPayload | None = upsert(
        COLLECTION, "Creates a collection, or changes it and the order of its products."
    )
    collection_bulk_upsert: BulkPayload | None = bulk_upsert(
        COLLECTION, "Creates or changes collections."
    )
    collection_delete: CollectionPayload | None = delete(
        COLLECTION, "Deletes a collection, not its products; its keys are free again."
    )
    collection_restore: CollectionPayload | None = restore(
        COLLECTION, "Brings back a deleted collection."
    )

    brand_upsert: BrandPayload | None = upsert(BRAND, "Creates a brand, or changes it.")
    brand_bulk_upsert: BulkPayload | None = bulk_upsert(BRAND, "Creates or changes brands.")
    brand_delete: BrandPayload | None = delete(
        BRAND, "Deletes a brand; its products stay, without it, and its keys are free again."
    )
    brand_restore: BrandPayload | None = restore(BRAND, "Brings back a deleted brand.")

    attribute_upsert: AttributePayload | None = upsert(
        ATTRIBUTE, "Creates an attribute with its options, or changes it."
    )
    attribute_bulk_upsert: BulkPayload | None = bulk_upsert(
        ATTRIBUTE, "Creates or changes attributes."
    )
    attribute_delete: AttributePayload | None = delete(
        ATTRIBUTE, "Deletes an attribute; values of it show no longer, and its keys are free again."
    )
    attribute_restore: AttributePayload | None = restore(
        ATTRIBUTE, "Brings back a deleted attribute."
    )

    product_type_upsert: ProductTypePayload | None = upsert(
        PRODUCT_TYPE, "Creates a product type, or changes which attributes its products have."
    )
    product_type_bulk_upsert: BulkPayload | None = bulk_upsert(
        PRODUCT_TYPE, "Creates or changes product types."
    )
    product_type_delete: ProductTypePayload | None = delete(
        PRODUCT_TYPE, "Deletes a product type that no product is of; its keys are free again."
    )
    product_type_restore: ProductTypePayload | None = restore(
        PRODUCT_TYPE, "Brings back a deleted product type."
    )

    channel_upsert: ChannelPayload | None = upsert(CHANNEL, "Creates a channel, or changes it.")
    channel_bulk_upsert: BulkPayload | None = bulk_upsert(CHANNEL, "Creates or changes channels.")
    channel_delete: ChannelPayload | None = delete(
        CHANNEL, "Deletes a channel other than the default one; its keys are free again."
    )
    channel_restore: ChannelPayload | None = restore(CHANNEL, "Brings back a deleted channel.")

    stock_location_upsert: StockLocationPayload | None = upsert(
        STOCK_LOCATION, "Creates a stock location, or changes it."
    )
    stock_location_bulk_upsert: BulkPayload | None = bulk_upsert(
        STOCK_LOCATION, "Creates or changes stock locations."
    )
    stock_location_delete: StockLocationPayload | None = delete(
        STOCK_LOCATION, "Deletes a stock location; its keys are free again."
    )
    stock_location_restore: StockLocationPayload | None = restore(
        STOCK_LOCATION, "Brings back a deleted stock location."
    )

    prices_set: BulkPayload | None = set_prices(
        "Sets prices of variants that are there; what they cost otherwise stays."
    )
    stock_set: BulkPayload | None = set_stock(
        "Sets stock of variants that are there; other levels stay."
    )
