"""What is wrong with a record is said in the shop's words, with what would be right."""

from typing import Any

import pytest

from catalog.files import checking
from catalog.writes.staging import Problem, Sourced


def _problems(raw: object) -> list[tuple[tuple[str | int, ...], str | None, str]]:
    found = checking.record(raw, 7)
    return [(p.path, p.value, p.message) for p in found if isinstance(p, Problem)]


@pytest.mark.parametrize(
    ("raw", "path", "value", "said"),
    [
        ({"slug": "a b"}, ("slug",), "a b", "may not hold spaces"),
        ({"slug": "a", "colour": 1}, ("colour",), "1", "is no field of this record"),
        ({"slug": "a", "name": ""}, ("name",), "", "must not be empty"),
        ({"slug": "a", "name": "x" * 501}, ("name",), "x" * 79 + "…", "longer than 500"),
        ({"slug": "a", "name": "a\0b"}, ("name",), "a\0b", "NUL"),
        ({"slug": "a", "status": "on"}, ("status",), "on", "one of 'draft', 'active' or"),
        ({"slug": "a", "tags": "red"}, ("tags",), "red", "must be a list"),
        ({"record": "thing"}, ("record",), "thing", "is no kind of record; there are 'channel'"),
        ("a line", (), "a line", "must be an object"),
        ({"slug": "a", "attributes": {"x": {"de": 5}}}, ("attributes", "x"), None, "or texts by"),
        ({"slug": "a", "attributes": {"x": "\0"}}, ("attributes", "x"), "\0", "NUL"),
        ({"slug": "a", "attributes": {"x y": "1"}}, ("attributes", "x y"), "x y", "may hold"),
    ],
)
def test_a_wrong_value_is_named_and_explained(
    raw: object, path: tuple[str | int, ...], value: str | None, said: str
) -> None:
    ((found_path, found_value, message),) = _problems(raw)
    assert (found_path, found_value) == (path, value)
    assert said in message


@pytest.mark.parametrize(
    ("price", "field", "said"),
    [
        ({"amount": "1,299.00"}, "amount", "no thousands separator"),
        ({"amount": "-1"}, "amount", "must be 0 or more"),
        ({"amount": "1.00001"}, "amount", "more than 4 decimals"),
        ({"currency": "EURO"}, "currency", "longer than 3"),
        ({"currency": "XQX"}, "currency", "ISO 4217"),
        ({"min_quantity": 0}, "min_quantity", "must be 1 or more"),
        ({"min_quantity": "many"}, "min_quantity", "must be a whole number"),
        ({"valid_from": "2026-01-01T00:00:00"}, "valid_from", "needs an offset"),
        ({"valid_from": "soon"}, "valid_from", "must be a time such as"),
    ],
)
def test_a_wrong_price_is_found_in_its_variant(
    price: dict[str, Any], field: str, said: str
) -> None:
    good = {"amount": "1", "currency": "EUR"}
    raw = {"slug": "a", "variants": [{}, {"prices": [good, good | price]}]}
    ((path, _, message),) = _problems(raw)
    assert path == ("variants", 1, "prices", 1, field)
    assert said in message


def test_a_variants_problem_stands_on_its_own_line() -> None:
    raw = {"slug": "a", "variants": [{"sku": "1"}, {"sku": ""}]}
    (problem,) = checking.product(raw, 7, [7, 9])
    assert isinstance(problem, Problem)
    assert problem.line == 9


def test_what_is_right_keeps_its_lines() -> None:
    (sourced,) = checking.product({"slug": "a", "variants": [{}, {}]}, 7, [7, 9])
    assert isinstance(sourced, Sourced)
    assert (sourced.line, sourced.variant_lines) == (7, (7, 9))
