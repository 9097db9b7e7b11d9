"""Many things in one mutation, by the same loads as files."""

from collections.abc import AsyncIterator, Sequence
from enum import Enum
from functools import partial
from typing import Any

import strawberry
from strawberry import enum_value

from catalog.errors import BadRequest, CatalogError, Invalid
from catalog.writes import loading, staging
from catalog.writes.inputs import PriceRecord, Record, StockRecord
from catalog.writes.staging import Problem, Result, Sourced
from schema import errors, records
from schema.answer import Answer
from schema.edges import argument
from schema.inputs.variant import PriceSetInput, StockSetInput
from schema.types.payload import AllWritten, LineWritten
from schema.writing import DRY_RUN, LISTS, Lists, Noun, kept, write

MOST = 1_000
LIMIT = (
    f"At most {MOST:,}, in a request of at most 64 kB; `POST /v1/…:bulk` takes as many as there are"
)


@strawberry.enum(description="What becomes of the good ones where others are wrong.")
class OnError(Enum):
    ABORT = enum_value("abort", description="None is written.")
    SKIP = enum_value("skip", description="They are written, the others are left out.")


ON_ERROR = argument(
    "on_error",
    OnError | None,
    "What becomes of the good ones where others are wrong.",
    default=OnError.ABORT,
)


def bulk_upsert(noun: Noun, description: str) -> Any:
    return write(
        partial(_load, noun.record, noun.kind),
        argument("input", list[noun.input], f"What they are to be. {LIMIT}."),  # type: ignore[name-defined]  # known when the field is made
        ON_ERROR,
        DRY_RUN,
        LISTS,
        description=description,
        scope="catalog:write",
    )


def set_prices(description: str) -> Any:
    return write(
        partial(_load, PriceRecord, "Variant"),
        argument("input", list[PriceSetInput], f"The prices. {LIMIT}."),
        ON_ERROR,
        DRY_RUN,
        description=description,
        scope="prices:write",
    )


def set_stock(description: str) -> Any:
    return write(
        partial(_load, StockRecord, "Variant"),
        argument("input", list[StockSetInput], f"The levels. {LIMIT}."),
        ON_ERROR,
        DRY_RUN,
        description=description,
        scope="stock:write",
    )


async def _load(
    record: type[Record],
    kind: str,
    answer: Answer,
    *,
    input: Sequence[object],
    on_error: OnError | None = None,
    dry_run: bool | None = False,
    lists: Lists | None = None,
) -> AllWritten:
    found: dict[int, Result] = {}

    async def answered(results: Sequence[Result]) -> None:
        found.update({result.line - 1: result for result in results})

    failed: CatalogError | None = None
    await answer.pause()
    try:
        await loading.load(
            _batches(record, input, kept(lists)),
            on_error="skip" if on_error is OnError.SKIP else "abort",
            dry_run=bool(dry_run),
            answered=answered,
        )
    except CatalogError as error:
        if not errors.in_payload(type(error)):
            raise
        failed = error
    finally:
        await answer.renew()
    lines = (_line(index, kind, found[index], input[index]) for index in sorted(found))
    return AllWritten(tuple(lines), errors.told(failed) if failed else ())


async def _batches(
    record: type[Record], input: Sequence[object], lists: staging.Lists
) -> AsyncIterator[Sequence[Sourced | Problem]]:
    """Lines count from 1 on. Raises `BadRequest` for too many."""
    if len(input) > MOST:
        raise BadRequest(f"at most {MOST:,} at once, not {len(input):,}", path=("input",))
    yield [
        item
        for line, given in enumerate(input, start=1)
        for item in _sourced(record, given, line, lists)
    ]


def _sourced(
    record: type[Record], given: object, line: int, lists: staging.Lists
) -> Sequence[Sourced | Problem]:
    try:
        return [Sourced(records.read(record, given), line, lists=lists)]
    except Invalid as invalid:
        return [
            Problem(line, flaw.path, flaw.value, flaw.code, flaw.message) for flaw in invalid.flaws
        ]


def _line(index: int, kind: str, result: Result, given: object) -> LineWritten:
    told = partial(errors.of_problems, result.problems, given=given, path=(str(index),))
    return LineWritten(
        index=index,
        kind=kind,
        status=result.status,
        row=result.id,
        external_id=result.external_id,
        errors=told(warnings=False),
        warnings=told(warnings=True),
    )
