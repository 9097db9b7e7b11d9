"""What changes between two records, told as a person would point at it."""

from typing import Any

import pytest

from catalog.differences import Change, between

RED = {"sku": "LAMP-RED", "external_id": "V1", "options": {"color": "red"}, "position": 0}
BLUE = {"sku": "LAMP-BLUE", "options": {"color": "blue"}, "position": 1}
BASE = {"amount": "19.90", "currency": "EUR", "min_quantity": 1}
SALE = {
    "amount": "15.00",
    "currency": "EUR",
    "channel": "eu",
    "min_quantity": 10,
    "valid_from": "2026-05-01T00:00:00Z",
}


def told(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[tuple[Any, Any, Any]]:
    return [(change.path, change.old, change.new) for change in between(old, new)]


def test_only_what_differs_is_told() -> None:
    old = {"record": "product", "slug": "lamp", "name": "Lamp", "seo": {"title": "A lamp"}}
    new = {"record": "product", "slug": "lamp", "name": "Light", "seo": {"description": "Bright"}}

    assert between(old, old) == ()
    assert between(old, new) == (
        Change(("name",), "Lamp", "Light"),
        Change(("seo", "title"), "A lamp", None),
        Change(("seo", "description"), None, "Bright"),
    )


def test_a_new_record_is_told_field_by_field() -> None:
    new = {"record": "product", "slug": "lamp", "tags": ["a"], "variants": [{**BLUE}]}

    assert told(None, new) == [
        (("slug",), None, "lamp"),
        (("tags",), None, ["a"]),
        (("variants", "LAMP-BLUE", "sku"), None, "LAMP-BLUE"),
        (("variants", "LAMP-BLUE", "options", "color"), None, "blue"),
        (("variants", "LAMP-BLUE", "position"), None, 1),
    ]
    assert [(path, new, old) for path, old, new in told(new, None)] == told(None, new)


def test_a_variant_is_called_by_its_sku_and_a_price_by_what_it_is_for() -> None:
    dearer = {**RED, "prices": [{**BASE, "amount": "21.00"}, {**SALE, "amount": "16.00"}]}

    assert told({"variants": [{**RED, "prices": [BASE, SALE]}]}, {"variants": [dearer]}) == [
        (("variants", "LAMP-RED", "prices", "EUR", "amount"), "19.90", "21.00"),
        (
            ("variants", "LAMP-RED", "prices", "eu EUR from 10 2026-05-01T00:00:00Z/..", "amount"),
            "15.00",
            "16.00",
        ),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sku": "LAMP-ROUGE"}, "sku"),
        ({"external_id": "V2"}, "external_id"),
        ({"external_id": "V2", "sku": "X"}, "external_id"),
    ],
)
def test_a_variant_that_gets_another_key_is_still_the_same(
    changed: dict[str, str], field: str
) -> None:
    changes = told({"variants": [RED, BLUE]}, {"variants": [BLUE, {**RED, **changed}]})

    assert {path for path, _, _ in changes} == {("variants", "LAMP-RED", name) for name in changed}
    assert (("variants", "LAMP-RED", field), RED[field], changed[field]) in changes


def test_what_has_no_key_is_called_by_its_options_or_its_place() -> None:
    red, only = {"options": {"size": "M", "color": "red"}}, {"name": "Only"}

    assert told({}, {"variants": [{**red, "name": "R"}]})[-1][0] == (
        "variants",
        "color=red size=M",
        "name",
    )
    assert told({}, {"variants": [only]}) == [(("variants", 0, "name"), None, "Only")]


@pytest.mark.parametrize(
    ("name", "item", "called"),
    [
        ("stock", {"location": "main", "on_hand": 1}, "main"),
        ("listings", {"channel": "eu", "published_from": "2026-05-01T00:00:00Z"}, "eu"),
        ("media", {"url": "/a.jpg", "alt": "A"}, "/a.jpg"),
        (
            "associations",
            {"product": "desk", "kind": "related", "quantity": 1},
            "related desk",
        ),
        ("options", {"code": "red", "label": "Red"}, "red"),
        ("attributes", {"attribute": "color", "level": "variant"}, "color"),
    ],
)
def test_items_of_every_list_are_called_by_their_key(
    name: str, item: dict[str, Any], called: str
) -> None:
    field = list(item)[-1]
    other = {**item, field: "other"} if name != "media" else {**item, "alt": "B"}

    (change,) = between({name: [item]}, {name: [other]})

    assert change.path == (name, called, field)


def test_another_order_is_told_where_the_order_is_what_is_shown() -> None:
    a, b, c = ({"url": f"/{name}.jpg"} for name in "abc")

    assert told({"media": [a, b]}, {"media": [b, a]}) == [
        (("media",), ["/a.jpg", "/b.jpg"], ["/b.jpg", "/a.jpg"])
    ]
    assert told({"media": [a, b]}, {"media": [c, a, b]}) == [
        (("media", "/c.jpg", "url"), None, "/c.jpg")
    ]


def test_metadata_is_the_integrators_own() -> None:
    old = {"metadata": {"variants": [{"sku": "a"}], "kept": {"a": 1}}}
    new = {"metadata": {"variants": [{"sku": "b"}], "kept": {"a": 1}, "new": []}}

    assert told(old, new) == [
        (("metadata", "variants"), [{"sku": "a"}], [{"sku": "b"}]),
        (("metadata", "new"), None, []),
    ]


def test_a_text_that_gets_languages_is_told_as_a_whole() -> None:
    old, new = {"attributes": {"material": "Steel"}}, {"attributes": {"material": {"en": "Steel"}}}

    assert told(old, new) == [(("attributes", "material"), "Steel", {"en": "Steel"})]
