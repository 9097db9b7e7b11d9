"""Shopify's product CSV, read: a product is the rows of one handle, each a variant, a picture, or
both.
"""

from collections.abc import Iterator

from catalog.files import checking
from catalog.files.nouns import Unfit
from catalog.files.reading import Defaults, Reading, column_names
from catalog.files.shopify import grouping, header
from catalog.files.shopify.header import Header
from catalog.files.shopify.products import Builder
from catalog.files.table import Table
from catalog.writes.staging import Problem, Sourced


def read(source: Table, defaults: Defaults) -> Reading:
    named = source.named([header.name(column) for column in source.header])
    known = header.header(named)
    records = _records(named, known, defaults)
    return Reading("Shopify", records, column_names(named, header.paths(known)))


def _records(source: Table, known: Header, defaults: Defaults) -> Iterator[Sourced | Problem]:
    yield from header.unknown(source, known)
    nouns = defaults.nouns()
    builder = Builder(known, defaults, nouns)
    for rows in grouping.products(source):
        if isinstance(rows, Problem):
            yield rows
            continue
        try:
            built = list(builder.build(rows))
        except Unfit as error:
            built = list(checking.unfit(error, rows[0].line))
        yield from nouns.take(rows[0].line)
        yield from grouping.strayed(rows)
        yield from built
