"""Records into stage rows: what can be known of a value without asking the database."""

from collections.abc import Iterable

from catalog.writes.inputs import (
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    LocationInput,
    PriceRecord,
    ProductInput,
    StockRecord,
    TranslationRecord,
    TypeInput,
)
from catalog.writes.noun_rows import (
    add_attribute,
    add_brand,
    add_category,
    add_channel,
    add_collection,
    add_location,
    add_type,
)
from catalog.writes.product_rows import add_price, add_product, add_stock
from catalog.writes.rows import Owner, Rows, add_translation
from catalog.writes.staging import Problem, Sourced


def flatten(rows: Rows, batch: Iterable[Sourced | Problem]) -> None:
    """Adds the rows of a batch; problems among it are kept in `rows.problems`."""
    for item in batch:
        if isinstance(item, Problem):
            rows.problems.append(item)
        else:
            _add(rows, item)


def _add(rows: Rows, sourced: Sourced) -> None:
    record, line = sourced.record, sourced.line
    match record:
        case ProductInput():
            add_product(rows, record, sourced)
        case PriceRecord():
            add_price(rows, record, sourced)
        case StockRecord():
            add_stock(rows, record, sourced)
        case TranslationRecord():
            owner = Owner(line, ref=record.ref)
            add_translation(rows, record, owner, record.kind, record.locale, "")
        case ChannelInput():
            add_channel(rows, record, sourced)
        case LocationInput():
            add_location(rows, record, sourced)
        case AttributeDefinition():
            add_attribute(rows, record, sourced)
        case TypeInput():
            add_type(rows, record, sourced)
        case BrandInput():
            add_brand(rows, record, sourced)
        case CategoryInput():
            add_category(rows, record, sourced)
        case CollectionInput():
            add_collection(rows, record, sourced)
