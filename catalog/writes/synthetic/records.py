"""What synthetic products refer to, as records: channels, attributes, types, brands, categories."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.writes import inputs
from catalog.writes.synthetic import vocabulary
from catalog.writes.synthetic.vocabulary import AXES, COLORS, POOL, TYPES

CURRENCIES = ("EUR", "USD")


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each: 400 categories and 300 brands for 50,000 products, never too few to see."""

    products: int

    @property
    def brands(self) -> int:
        return max(8, self.products * 300 // 50_000)

    @property
    def collections(self) -> int:
        return max(3, self.products // 2_500)

    @property
    def levels(self) -> tuple[int, int, int]:
        """Categories at each depth of the tree."""
        total = max(12, self.products * 400 // 50_000)
        roots = max(2, total // 50)
        sections = max(2 * roots, total // 7)
        return roots, sections, total - roots - sections


def code(text: str) -> str:
    return text.lower().replace(" ", "-")


def records(size: Size) -> Iterator[inputs.Record]:
    """Everything that products refer to. What is there already is used as it is."""
    yield from _places()
    yield from (_definition(attribute) for attribute in (*AXES, *POOL))
    yield from (_type(kind) for kind in TYPES)
    for number in range(size.brands):
        name = brand_name(number)
        yield inputs.BrandInput(slug=code(name), name=name, if_missing=True)
    yield from _categories(size)
    for number in range(size.collections):
        quality = vocabulary.QUALITIES[number % len(vocabulary.QUALITIES)]
        yield inputs.CollectionInput(
            slug=collection_slug(number), name=f"{quality} selection", if_missing=True
        )


def _places() -> Iterator[inputs.Record]:
    yield inputs.ChannelInput(
        code="eu",
        name="Europe",
        default_currency="EUR",
        currencies=CURRENCIES,
        default_locale="en",
        locales=("en", "de"),
        is_default=True,
        if_missing=True,
    )
    yield inputs.ChannelInput(
        code="us",
        name="United States",
        default_currency="USD",
        currencies=("USD",),
        default_locale="en",
        locales=("en",),
        prices_include_tax=False,
        if_missing=True,
    )
    for place, channels in (("central", ("eu", "us")), ("outlet", ("us",))):
        yield inputs.LocationInput(
            code=place, name=place.title(), channels=channels, if_missing=True
        )


def _definition(attribute: vocabulary.Attribute) -> inputs.AttributeDefinition:
    return inputs.AttributeDefinition(
        code=attribute.code,
        name=attribute.name,
        kind=attribute.kind,
        unit=attribute.unit,
        filterable=attribute.kind != "text",
        options=tuple(
            inputs.OptionInput(code=code(label), label=label, swatch=COLORS.get(label))
            for label in attribute.options
        ),
        if_missing=True,
    )


def _type(kind: vocabulary.Type) -> inputs.TypeInput:
    axes = [
        inputs.AssignmentInput(attribute=axis.code, level="variant", is_option=True, position=place)
        for place, axis in enumerate(AXES)
    ]
    rest = [
        inputs.AssignmentInput(attribute=name, position=place)
        for place, name in enumerate(kind.attributes, len(axes))
    ]
    return inputs.TypeInput(
        code=kind.code, name=kind.name, attributes=(*axes, *rest), if_missing=True
    )


def brand_name(number: int) -> str:
    """All different: two syllables and an ending, taken in strides so that neighbours differ."""
    syllables, endings = vocabulary.SYLLABLES, vocabulary.ENDINGS
    many = len(syllables) ** 2 * len(endings)
    pick = number * 577 % many
    first, second = divmod(pick % len(syllables) ** 2, len(syllables))
    name = syllables[first] + syllables[second] + endings[pick // len(syllables) ** 2]
    again = number // many
    return name.title() + (f" {again + 1}" if again else "")


def collection_slug(number: int) -> str:
    return f"selection-{number + 1}"


def leaf_slug(number: int) -> str:
    return f"aisle-{number + 1}"


def _categories(size: Size) -> Iterator[inputs.CategoryInput]:
    """Roots are kinds of products, so that a category holds things that go together."""
    roots, sections, leaves = size.levels
    for number in range(roots):
        kind, again = TYPES[number % len(TYPES)], number // len(TYPES)
        yield _category(f"range-{number + 1}", kind.name + (f" {again + 1}" if again else ""), None)
    for number in range(sections):
        name = vocabulary.SECTIONS[number // roots % len(vocabulary.SECTIONS)]
        yield _category(f"section-{number + 1}", name, f"range-{number % roots + 1}")
    for number in range(leaves):
        things = TYPES[type_of_leaf(number, size)].things
        quality = vocabulary.QUALITIES[number * 7 % len(vocabulary.QUALITIES)]
        name = f"{quality} {things[number % len(things)].lower()}s"
        yield _category(leaf_slug(number), name, f"section-{number % sections + 1}")


def _category(slug: str, name: str, parent: str | None) -> inputs.CategoryInput:
    return inputs.CategoryInput(slug=slug, name=name, parent=parent, if_missing=True)


def type_of_leaf(number: int, size: Size) -> int:
    roots, sections, _ = size.levels
    return number % sections % roots % len(TYPES)
