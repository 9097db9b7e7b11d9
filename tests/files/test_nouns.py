"""What files mention comes out once, under keys that every run makes alike."""

import pytest

from catalog.files import naming
from catalog.files.nouns import Nouns, Unfit


def _records(nouns: Nouns) -> list[dict[str, object]]:
    return [
        sourced.record.model_dump(exclude_unset=True, exclude={"if_missing"}, mode="json")
        for sourced in nouns.take(7)
    ]


def test_a_category_brings_those_above_it() -> None:
    nouns = Nouns()
    assert nouns.category(["Clothing", "Tops  & Tees"]) == "clothing-tops-tees"
    assert nouns.category(["Clothing"]) == "clothing"
    assert [(record["slug"], record["parent"]) for record in _records(nouns)] == [
        ("clothing", None),
        ("clothing-tops-tees", "clothing"),
    ]


def test_a_name_is_mentioned_once_whatever_its_case() -> None:
    nouns = Nouns()
    assert nouns.brand("Dr. Martens") == nouns.brand("DR. MARTENS ") == "dr-martens"
    assert [record["name"] for record in _records(nouns)] == ["Dr. Martens"]
    assert _records(nouns) == []


def test_every_mention_leaves_what_exists_alone() -> None:
    nouns = Nouns()
    nouns.brand("Acme")
    nouns.assign(nouns.type("Shoes"), nouns.attribute("Size", "select"), is_option=True)
    nouns.option("size", "42")
    assert all(getattr(sourced.record, "if_missing", False) for sourced in nouns.take(1))


def test_options_keep_coming_with_positions_of_their_own() -> None:
    nouns = Nouns()
    nouns.attribute("Size", "select")
    assert [nouns.option("size", label) for label in ("S", "M", "S")] == ["s", "m", "s"]
    options = [record["options"] for record in _records(nouns)[1:]]
    assert options == [
        [{"code": "s", "label": "S", "position": 0}],
        [{"code": "m", "label": "M", "position": 1}],
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("C#", "C++"), ("5", "-5"), ("5", ".5"), ("1.5", "15"), ("1.5", "1-5"), ("!!!", "???")],
)
def test_different_labels_have_different_codes(one: str, other: str) -> None:
    assert naming.code(one) != naming.code(other)


def test_two_names_of_one_slug_stay_apart() -> None:
    nouns = Nouns()
    assert nouns.category(["Home", "Garden"]) == "home-garden"
    assert nouns.category(["Home Garden"]) == "home-garden-" + naming.digest("Home Garden")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("日本", "ri-ben"), ("Straße 5", "strasse-5"), ("!!!", naming.digest("!!!"))],
)
def test_a_slug_is_made_of_any_name(name: str, slug: str) -> None:
    assert naming.slug(name) == slug


def test_a_long_name_keeps_a_key_that_fits() -> None:
    assert len(naming.slug("a" * 600)) == 200
    assert naming.slug("a" * 600) != naming.slug("a" * 601)


def test_a_name_that_no_record_can_carry_is_refused_every_time() -> None:
    nouns = Nouns()
    for _ in range(2):
        with pytest.raises(Unfit) as refused:
            nouns.brand("x" * 501)
        assert refused.value.path == ("brand",)
    assert _records(nouns) == []
