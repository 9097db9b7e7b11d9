"""Variants written alone: each is one part of its product's record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from catalog import db, editing, reads
from catalog.editing import Saved
from catalog.errors import Flaw, Invalid, VersionConflict
from catalog.writes import holding, staging
from catalog.writes.inputs import ProductInput, VariantInput
from schema import records
from schema.answer import Answer
from schema.edges import argument
from schema.inputs.variant import VariantInput as Given
from schema.records import Path
from schema.refs import ProductRef, VariantRef
from schema.types.payload import Written
from schema.writing import (
    DRY_RUN,
    IF_VERSION,
    KEY,
    LISTS,
    WHICH,
    Call,
    Lists,
    kept,
    once,
    row_of,
    settled,
    write,
    written,
)

KEYS: tuple[Literal["external_id", "sku"], ...] = ("external_id", "sku")


def upsert_variant(description: str) -> Any:
    return write(
        _upsert,
        argument("input", Given, "What it is to be."),
        argument("product", ProductRef | None, "Of which product; a new variant needs it."),
        argument("by", VariantRef | None, WHICH),
        IF_VERSION,
        KEY,
        DRY_RUN,
        LISTS,
        description=description,
        scope="catalog:write",
    )


async def _upsert(
    answer: Answer,
    *,
    input: Given,
    product: ProductRef | None = None,
    by: VariantRef | None = None,
    if_version: int | None = None,
    idempotency_key: str | None = None,
    dry_run: bool | None = False,
    lists: Lists | None = None,
) -> Written:
    how = Alone(record_lists=kept(lists), if_version=if_version, dry_run=bool(dry_run))

    async def saved() -> Written:
        record = records.read(VariantInput, input)

        async def save() -> Written:
            known = await row_of("variant", by) if by else await _known(record)
            of = await row_of("product", product, argument="product") if product else None
            if known is None:
                return written("Variant", await how.add(record, of), given=input)
            owner = await _owner(answer, known, of)
            return written("Variant", await how.change(record, known, owner), given=input)

        others = (records.plain(product), records.plain(by), if_version, how.record_lists)
        call = Call("variant", record, others)
        return await once(answer, None if dry_run else idempotency_key, call, save)

    return await settled(answer, "Variant", saved, given=input)


async def _known(record: VariantInput) -> int | None:
    """The variant that has one of the record's keys, held."""
    for key in KEYS:
        value = getattr(record, key)
        held = await holding.hold("variant", key, value) if value else None
        if held is not None:
            return held.id
    return None


async def _owner(answer: Answer, row: int, asked: int | None) -> int:
    """The product of a variant; the one that was asked for, if any."""
    async with db.uncommitted():
        found = await reads.variants.by_ids(answer.ctx, [row])
    owner = found[row].product_id
    if asked not in (None, owner):
        said = "is a variant of another product; delete it there, or leave out `product`"
        raise Invalid([Flaw("OTHER_PRODUCT", (), said)])
    return owner


@dataclass(frozen=True, slots=True)
class Alone:
    """How a variant is written without its siblings."""

    record_lists: staging.Lists
    if_version: int | None
    dry_run: bool

    async def add(self, record: VariantInput, product: int | None) -> Saved:
        if self.if_version is not None:
            raise VersionConflict("there is no such variant", path=("if_version",))
        flaws = []
        if product is None:
            flaws.append(Flaw("REQUIRED", (), "is new, and then needs `product`: of which it is"))
        if not any(getattr(record, key) for key in KEYS):
            flaws.append(Flaw("REQUIRED", (), "needs an externalId or a sku to be found by"))
        if flaws:
            raise Invalid(flaws)
        with _told_of_it():
            # Merged, or the product's other variants would go.
            saved = await editing.save(
                _part(record), target=product, mode="update", dry_run=self.dry_run
            )
        return _of_it(saved, await _known(record), status="created")

    async def change(self, record: VariantInput, row: int, product: int) -> Saved:
        with _told_of_it():
            saved = await editing.save(
                _part(record),
                target=product,
                variant=row,
                mode="update",
                if_version=self.if_version,
                lists=self.record_lists,
                dry_run=self.dry_run,
            )
        return _of_it(saved, row, status=saved.result.status)


def _part(record: VariantInput) -> ProductInput:
    return ProductInput(variants=(record,))


@contextmanager
def _told_of_it() -> Iterator[None]:
    """What is wrong with the part is told as wrong with the variant."""
    try:
        yield
    except Invalid as invalid:
        flaws = [replace(flaw, path=_inner(flaw.path)) for flaw in invalid.flaws]
        raise Invalid(flaws) from invalid


def _of_it(saved: Saved, row: int | None, *, status: staging.Status) -> Saved:
    changes = [each for each in saved.changes if each.path[0] == "variants"]
    problems = [replace(each, path=_inner(each.path)) for each in saved.result.problems]
    result = replace(saved.result, id=row, status=status, problems=tuple(problems))
    return Saved(result, tuple(replace(each, path=_inner(each.path)) for each in changes))


def _inner(path: Path) -> Path:
    return path[2:] if path[:1] == ("variants",) else path
