"""Records into stage rows: what can be known of a value without asking the database."""

from collections.abc import Iterable

from catalog.writes.inputs import (
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    LocationInput,
    ProductInput,
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
from catalog.writes.product_rows import add_product
from catalog.writes.rows import Owner, Row, Rows, add_translation
from catalog.writes.staging import Problem, Sourced


def flatten(rows: Rows, batch: Iterable[Sourced | Problem]) -> dict[str, list[Row]]:
    """The rows of a batch; problems among it are kept in `rows.problems`."""
    for item in batch:
        if isinstance(item, Problem):
            rows.problems.append(item)
        else:
            _add(rows, item)
    return rows.take()


def _add(rows: Rows, sourced: Sourced) -> None:
    record, line = sourced.record, sourced.line
    match record:
        case ProductInput():
            add_product(rows, record, sourced)
        case TranslationRecord():
            owner = Owner(line, ref=record.ref)
            add_translation(rows, record, owner, record.kind, record.locale, "")
        case ChannelInput():
            add_channel(rows, record, line)
        case LocationInput():
            add_location(rows, record, line)
        case AttributeDefinition():
            add_attribute(rows, record, line)
        case TypeInput():
            add_type(rows, record, line)
        case BrandInput():
            add_brand(rows, record, line)
        case CategoryInput():
            add_category(rows, record, line)
        case CollectionInput():
            add_collection(rows, record, line)
