"""What readers ask, and which versions they are shown.

Every write gives a lamp one number: `Lamp v17` costs 17.00 in both of its variants. So an answer
that mixes two moments shows it, and so does one that is too old.
"""

import re
from dataclasses import dataclass

from wire import request

LAMP = "slug name variants(first:5){nodes{price{amount}}}"
PRODUCT = "query($s:String!){product(by:{slug:$s}){" + LAMP + "}}"
NEWEST = "{products(first:50){nodes{" + LAMP + "}}}"
BY_PRICE = (
    "{products(first:50,sort:[{field:PRICE}]){nodes{" + LAMP + '} facets(codes:["price"]){max}}}'
)
SHOWN = "fields=slug,name&include=variants.price"

_FOUND = re.compile(
    rb'"slug":"(lamp-\d+)","name":"Lamp v(\d+)"|"amount":"(\d+)|"max":"(\d+)(?:\.0+)?"'
)


@dataclass(frozen=True, slots=True)
class Question:
    """`slugs` must be shown, `sorted` by price."""

    sent: bytes
    slugs: tuple[str, ...]
    sorted: bool = False


def products(slug: str) -> list[Question]:
    return [
        Question(request("GET", f"/v1/products/slug:{slug}?{SHOWN}"), (slug,)),
        Question(_graphql(PRODUCT, s=slug), (slug,)),
    ]


def lists(slugs: list[str]) -> list[Question]:
    path = f"/v1/products?category=home-lamps&limit=50&{SHOWN}"
    everything = tuple(slugs)
    return [
        Question(request("GET", f"{path}&sort=price&facets=price"), everything, sorted=True),
        Question(request("GET", f"{path}&sort=newest"), everything),
        Question(_graphql(BY_PRICE), everything, sorted=True),
        Question(_graphql(NEWEST), everything),
    ]


def _graphql(query: str, **variables: str) -> bytes:
    return request("POST", "/graphql", {"query": query, "variables": variables})


@dataclass(slots=True)
class Shown:
    """Of each lamp its numbers, name first; `highest` is what a facet calls the highest price."""

    numbers: dict[str, list[int]]
    highest: int | None = None

    def torn(self, *, sorted_: bool) -> bool:
        """Whether it cannot have been true at any moment."""
        versions = [numbers[0] for numbers in self.numbers.values()]
        return (
            any(len(each) != 3 or len(set(each)) != 1 for each in self.numbers.values())
            or (self.highest is not None and self.highest != max(versions))
            or (sorted_ and versions != sorted(versions))
        )


def shown(body: bytes) -> Shown:
    found = Shown({})
    numbers: list[int] = []
    for slug, name, amount, highest in _FOUND.findall(body):
        if slug:
            numbers = found.numbers[slug.decode()] = [int(name)]
        elif amount:
            numbers.append(int(amount))
        else:
            found.highest = int(highest)
    return found
