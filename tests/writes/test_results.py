"""What a load tells of each of its records, once it is committed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from factories import attempt, lamp, lamps, load, shop

from catalog import db
from catalog.writes import rows
from catalog.writes.inputs import (
    AssociationInput,
    CollectionInput,
    PriceRecord,
    StockRecord,
    TranslationRecord,
)
from catalog.writes.staging import Result

pytestmark = pytest.mark.usefixtures("clean")


async def told(*records: Any, **options: Any) -> list[Result]:
    came: list[Result] = []

    async def answered(results: Sequence[Result]) -> None:
        came.extend(results)

    await attempt(*records, answered=answered, **options)
    return came


def statuses(results: Sequence[Result]) -> list[tuple[int, str, str]]:
    return sorted((result.line, result.noun, result.status) for result in results)


async def test_every_record_is_told_once() -> None:
    records = (*shop(), lamp(external_id="L1"), lamp("floor"))
    assert {s for _, _, s in statuses(await told(*records))} == {"created"}
    again = await told(*records)
    assert [line for line, _, _ in statuses(again)] == list(range(1, len(records) + 1))
    assert {result.status for result in again} == {"unchanged"}
    (keyed,) = [result for result in again if result.external_id]
    assert (keyed.noun, keyed.id, keyed.external_id) == ("product", 1, "L1")


async def test_where_one_has_errors_nothing_is_written_and_all_say_so() -> None:
    came = await told(*shop(), lamp(), lamp("floor", brand="nobody"))
    assert [line for line, _, _ in statuses(came)] == list(range(1, 13))
    assert {result.status for result in came} == {"failed"}
    codes = {result.line: result.problems[0].code for result in came}
    assert codes.pop(12) == "REFERENCE_NOT_FOUND"
    assert set(codes.values()) == {"NOT_WRITTEN"}
    assert await db.fetch("SELECT FROM product") == []


async def test_where_bad_ones_are_skipped_the_others_are_written() -> None:
    came = await told(*shop(), lamp(), lamp("floor", brand="nobody"), on_error="skip")
    assert statuses(came)[-2:] == [(11, "product", "created"), (12, "product", "failed")] or (
        statuses(came)[-2:] == [(11, "product", "created"), (12, "record", "failed")]
    )


async def test_a_dry_run_tells_what_would_be() -> None:
    came = await told(*shop(), lamp(), dry_run=True)
    assert {result.status for result in came} == {"created"}
    assert await db.fetch("SELECT FROM product") == []


async def test_they_are_told_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK", 10)
    seen: list[tuple[int, int]] = []

    async def answered(results: Sequence[Result]) -> None:
        told = sum(result.noun == "product" for result in results)
        (count,) = await db.fetch("SELECT count(*) FROM product")
        seen.append((told, count[0]))

    await load(*lamps(25), answered=answered)
    assert [pair for pair in seen if pair[0]] == [(10, 10), (10, 20), (5, 25)]


async def test_links_are_part_of_what_changed() -> None:
    await load(*shop(), lamp(), lamp("floor"))
    linked = lamp(associations=(AssociationInput(product="floor", kind="related"),))
    assert statuses(await told(linked)) == [(1, "product", "updated")]


async def test_the_order_of_a_collection_is_part_of_what_changed() -> None:
    await load(*shop(), lamp(), CollectionInput(slug="spring", name="Spring"))
    changed = CollectionInput(slug="spring", products=("desk-lamp",))
    assert statuses(await told(changed)) == [(1, "collection", "updated")]
    assert [row["version"] for row in await db.fetch("SELECT version FROM collection")] == [2]


async def test_translations_prices_and_stock_are_told_by_their_line() -> None:
    await load(*shop(), lamp())
    records = (
        TranslationRecord(kind="product", ref="desk-lamp", locale="de", name="Lampe"),
        PriceRecord(variant="desk-lamp-red", amount=Decimal(1), currency="EUR"),
        PriceRecord(variant="desk-lamp-red", amount=Decimal(1), currency="USD"),
        PriceRecord(variant="desk-lamp-blue", amount=Decimal("19.90"), currency="EUR"),
        StockRecord(variant="desk-lamp-red", location="main", on_hand=7),
        StockRecord(variant="desk-lamp-blue", location="main", on_hand=5),
        TranslationRecord(kind="category", ref="home", locale="de", name="Daheim"),
    )
    assert statuses(await told(*records)) == [
        (1, "translation", "updated"),
        (2, "price", "updated"),
        (3, "price", "created"),
        (4, "price", "unchanged"),
        (5, "stock", "updated"),
        (6, "stock", "unchanged"),
        (7, "translation", "updated"),
    ]
    outcome = await attempt(*records)
    assert (outcome.counts["price"].unchanged, outcome.counts["stock"].unchanged) == (3, 2)


async def test_a_second_price_for_the_same_is_an_error_at_its_line() -> None:
    await load(*shop(), lamp())
    price = {"record": "price", "variant": "desk-lamp-red", "currency": "EUR"}
    outcome = await attempt(price | {"amount": "1.00"}, price | {"amount": "2.00"})
    assert [(p.line, p.code) for p in outcome.errors] == [(2, "DUPLICATE")]


async def test_a_price_of_nothing_names_the_variant() -> None:
    await load(*shop(), lamp())
    outcome = await attempt(
        {"record": "price", "variant": "nobody", "currency": "EUR", "amount": "1.00"},
        {"record": "stock", "variant": "desk-lamp-red", "location": "moon", "on_hand": 1},
    )
    assert [(p.line, p.path, p.value) for p in outcome.errors] == [
        (1, ("variant",), "nobody"),
        (2, ("location",), "moon"),
    ]
