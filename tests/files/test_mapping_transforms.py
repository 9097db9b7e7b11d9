"""What a mapping does to single values, beside what the page's table shows."""

import re

import pytest

from catalog.files.mapping import expressions, transforms
from catalog.files.mapping.language import Value
from catalog.files.mapping.transforms import Json, Unusable


@pytest.mark.parametrize(
    ("given", "mark", "expected"),
    [
        ("12", ".", "12"),
        ("1,299.00 USD", ".", "1299.00"),
        ("$ 1,299,000", ".", "1299000"),
        ("1.299,5 €", ",", "1299.5"),
        ("1 299,50", ",", "1299.50"),
        ("1'299.50 CHF", ".", "1299.50"),
        ("-5 °C", ".", "-5"),
        (".5", ".", ".5"),
        ("approx. 12 kg.", ".", "12"),
        ("14.4V Lithium-ion", ".", "14.4"),
        (7.5, ".", 7.5),
    ],
)
def test_the_one_number_in_a_text(given: Json, mark: str, expected: Json) -> None:
    assert transforms.number(given, mark) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("220-240V", "several numbers"),
        ("about ten", "no number"),
        ("1.299,00", "is not a number with `.`"),
        ("1,29", "is not a number with `.`"),
        ("12,345,67", "is not a number with `.`"),
    ],
)
def test_a_text_without_one_plain_number_is_refused(given: str, said: str) -> None:
    with pytest.raises(Unusable, match=re.escape(said)):
        transforms.number(given, ".")


@pytest.mark.parametrize(
    ("given", "unit", "to", "expected"),
    [
        ("1", "oz", "g", "28.35"),
        ("2.5", "LBS", "kg", "1.134"),
        ("1 000", "kg", "t", "1"),
        ('7.9"', '"', "cm", "20.066"),
        (12, "inches", "mm", "304.8"),
    ],
)
def test_units_are_converted(given: Json, unit: str, to: str, expected: str) -> None:
    assert transforms.convert(given, unit, to) == expected


def test_units_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Unusable, match="cannot be converted to g"):
        transforms.convert("1", "cm", "g")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", {"b": [{"c": 1}, {"c": 2}, {}]}),
        ("a.b.0.c", 1),
        ("a.b.*.c", [1, 2]),
        ("a.b.7.c", None),
        ("a.b.c", None),
        ("x.y", "whole"),
        ("^up", "outside"),
        ("^^up", None),
    ],
)
def test_paths_lead_anywhere(path: str, expected: Json) -> None:
    row: dict[str, Json] = {"a": {"b": [{"c": 1}, {"c": 2}, {}]}, "x.y": "whole"}
    assert expressions.path(path)({**row, "^": {"up": "outside"}}) == expected


def _computed(words: dict[str, object], row: dict[str, Json]) -> Json:
    return expressions.compute(Value.model_validate(words), {})(row)


def test_the_first_path_that_has_something_counts() -> None:
    words: dict[str, object] = {"from": ["sale", "price"], "ignore": ["0", "-"]}
    assert _computed(words, {"sale": "0", "price": "9"}) == "9"
    assert _computed(words, {"sale": "-", "price": " "}) is None
    assert _computed(words, {"sale": 0, "price": 9}) == 9


def test_each_element_of_a_list_is_changed() -> None:
    words: dict[str, object] = {"from": "a", "split": "/", "replace": {"^x": ""}, "case": "title"}
    assert _computed(words, {"a": ["x red/BLUE", "", "xgreen"]}) == ["Red", "Blue", "Green"]


def test_a_template_needs_all_its_parts() -> None:
    words: dict[str, object] = {"template": "{a}-{b.c}"}
    assert _computed(words, {"a": 1, "b": {"c": True}}) == "1-true"
    assert _computed(words, {"a": "", "b": {"c": "x"}}) is None


def test_markup_leaves_words_apart() -> None:
    assert transforms.strip_html("<p>One</p><p>Two<br>Three &amp; <b>four</b></p>") == (
        "One Two Three & four"
    )
