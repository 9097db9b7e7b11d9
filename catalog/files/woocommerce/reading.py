"""WooCommerce's product CSV, read twice: a variation may stand anywhere before or after its parent,
and so may products that others link to.
"""

from collections.abc import Iterator

from catalog.files import checking
from catalog.files.nouns import Unfit
from catalog.files.reading import Defaults, Reading, column_names
from catalog.files.table import Table
from catalog.files.woocommerce import header, survey
from catalog.files.woocommerce.header import Header
from catalog.files.woocommerce.products import Builder
from catalog.writes.staging import Problem, Sourced


def read(source: Table, defaults: Defaults) -> Reading:
    named = source.named([header.name(column) for column in source.header])
    known = header.header(named)
    records = _records(named, known, defaults)
    return Reading("WooCommerce", records, column_names(named, header.paths(known)))


def _records(source: Table, known: Header, defaults: Defaults) -> Iterator[Sourced | Problem]:
    yield from header.unknown(source, known)
    nouns = defaults.nouns()
    found = survey.survey(source, known)
    builder = Builder(known, defaults, nouns, found)
    for row in source.rows():
        if isinstance(row, Problem):
            yield row
            continue
        if survey.is_variation(row):
            continue
        try:
            built = list(builder.build(row))
        except Unfit as error:
            built = list(checking.unfit(error, row.line))
        yield from nouns.take(row.line)
        yield from built
    for row in found.orphans:
        said = "is no product of this file; a variation needs its parent's row too"
        yield Problem(row.line, ("parent",), row["parent"] or None, "NO_PARENT", said)
