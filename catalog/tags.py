"""What an answer is made of, as tags: those of the change log, by which is known whether it holds.

A row that is shown has `<kind>:<id>`; where a row could come in that is not shown, the tag is that
of the list that was asked: `category:7@2` is what stands in category 7 on the shelves of channel 2,
and `category:7.price@2` the prices there. A read that tells nothing of itself depends on every
table that its SQL names. `*` belongs to every answer.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from catalog.bounded import kept_of_texts

EVERYTHING: Final = "*"

# Whose change the change of a row is: that of the things that the log tells of.
KINDS: Final = {
    **dict.fromkeys(
        (
            *("product", "variant", "price", "stock_level", "attribute_value", "product_media"),
            *("variant_media", "product_listing", "association"),
        ),
        "product",
    ),
    **dict.fromkeys(("attribute", "attribute_option"), "attribute"),
    **dict.fromkeys(("product_type", "product_type_attribute"), "product_type"),
    **dict.fromkeys(("stock_location", "stock_location_channel"), "stock_location"),
    **{name: name for name in ("brand", "category", "collection", "channel", "media")},
    # Translations and former slugs are of rows whose own tables are named beside them.
    **dict.fromkeys(("product_category", "collection_product"), "placed"),
    **dict.fromkeys(("search_text", "search_word"), "text"),
    **dict.fromkeys(("listing", "listing_variant"), "listing"),
}

# Of these a new row changes nothing that hangs on rows which are there: whatever comes to name it
# is a change of its own.
SETTLED: Final = frozenset({"brand", "category", "collection", "attribute", "media"})

# More lists than this are asked as all that the channel has.
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Within:
    """Where what is read of `listing` stands (`category:7`), None: anywhere; and whose order made
    by hand is read."""

    lists: Sequence[str] | None = None
    placed: Sequence[str] | None = None


ANYWHERE: Final = Within()

_TABLES = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)\b")
_PRICED = re.compile(r"\b(?:prices?|price_max|available)\b")


@dataclass(frozen=True, slots=True)
class Named:
    """What a statement reads: tables that the log tells of, and whether prices or stock of lists
    are among its conditions."""

    tables: frozenset[str]
    priced: bool


# Statements of our own are shorter; conditions of strangers may be fifty.
@kept_of_texts(1_000, longest=10_000)
def named(sql: str) -> Named:
    tables = frozenset(_TABLES.findall(sql)) & KINDS.keys()
    return Named(tables, bool("listing" in tables and _PRICED.search(sql)))


@dataclass(slots=True)
class Notes:
    """Of one answer. `at` is its now, which is not before any change that it may have seen.

    Only what is said to be `storable` may be kept, and only when all of it was read in one
    snapshot.
    """

    at: datetime
    tags: set[str] = field(default_factory=lambda: {EVERYTHING})
    snapshots: int = 0
    storable: bool = False

    def rows(self, kind: str, ids: Iterable[int]) -> None:
        self.tags.update(f"{kind}:{id}" for id in ids)
        self.tags.add(f"{kind}:*")


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def noted(at: datetime) -> Iterator[Notes]:
    """What is read inside is noted."""
    notes = Notes(at)
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def current() -> Notes | None:
    return _notes.get()


def now() -> datetime:
    """The moment that an answer shows."""
    notes = _notes.get()
    return notes.at if notes else datetime.now(UTC)


def storable() -> None:
    """The answer is one that everybody gets who asks the same."""
    if notes := _notes.get():
        notes.storable = True


def began() -> None:
    """A snapshot was taken."""
    if notes := _notes.get():
        notes.snapshots += 1


def note(*tags: str) -> None:
    if notes := _notes.get():
        notes.tags.update(tags)


def rows(kind: str, ids: Iterable[int]) -> None:
    """The answer depends on these things, whether they are shown or not."""
    if notes := _notes.get():
        notes.rows(kind, ids)


def asked(sql: str, *, channel_id: int, within: Within = ANYWHERE) -> None:
    """The answer depends on whatever the statement could find: rows of any of its tables."""
    notes = _notes.get()
    if notes is None:
        return
    found = named(sql)
    for table in found.tables:
        kind = KINDS[table]
        if table == "listing":
            lists = within.lists
            if lists is None or len(lists) > MOST:
                lists = ["listing"]
            notes.tags.update(f"{each}@{channel_id}" for each in lists)
            if found.priced:
                notes.tags.update(f"{each}.price@{channel_id}" for each in lists)
        elif table == "listing_variant":
            notes.tags.add(f"variants@{channel_id}")
        elif kind == "placed" and within.placed is not None:
            notes.tags.update(f"placed:{each}" for each in within.placed)
        else:
            notes.tags.add(kind)


def of_rows(sql: str, kind: str | None = None, ids: Collection[int] = ()) -> None:
    """The statement was asked of these things only, by their ids; what it tells of others hangs on
    them. None: on nothing of one kind."""
    notes = _notes.get()
    if notes is None:
        return
    if kind is not None:
        notes.rows(kind, ids)
    covered = {kind, "placed", "listing"} if kind == "product" else {kind}
    for each in {KINDS[table] for table in named(sql).tables} - covered:
        notes.tags.add(f"{each}!" if each in SETTLED else each)
