"""What a foreign file mentions without describing it: brands, categories, types, attributes …

Each comes out once, as a record with `if_missing`: one that exists stays as the shop made it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from catalog.files import naming
from catalog.writes.inputs import (
    AssignmentInput,
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    LocationInput,
    OptionInput,
    Record,
    TypeInput,
)
from catalog.writes.staging import Sourced

Kind = Literal["select", "multiselect", "text", "rich_text", "number", "boolean", "date"]
Level = Literal["product", "variant"]
Path = tuple[str | int, ...]
TEXTS = ("text", "rich_text")


class Unfit(ValueError):
    """A mentioned name that no record can carry; `path` is where a product's input has it."""

    def __init__(self, path: Path, value: str, error: ValidationError) -> None:
        super().__init__(value)
        self.path, self.value, self.error = path, value, error


@dataclass
class Nouns:
    """The mentions of one load. Every method gives the key to refer by; `take` what is new.

    `kinds` are those of the attributes that the catalog has already, by code.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    _new: list[Record] = field(default_factory=list)
    _keys: dict[tuple[str, ...], str] = field(default_factory=dict)
    _names: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _assigned: set[tuple[str, str]] = field(default_factory=set)

    def take(self, line: int) -> Iterator[Sourced]:
        """What was mentioned for the first time since the last call, said to stand on `line`."""
        new, self._new = self._new, []
        return (Sourced(record, line) for record in new)

    def brand(self, name: str) -> str:
        name = naming.squeezed(name)
        return self._mention(
            "brand",
            naming.slug(name),
            (name,),
            lambda slug: BrandInput(slug=slug, name=name, if_missing=True),
            ("brand",),
        )

    def category(self, path: Sequence[str]) -> str:
        """The slug of the last of `path`, made from all of it; those above it are mentioned too."""
        names = tuple(map(naming.squeezed, path))
        parent = self.category(names[:-1]) if names[1:] else None
        return self._mention(
            "category",
            naming.slug(*names),
            names,
            lambda slug: CategoryInput(slug=slug, parent=parent, name=names[-1], if_missing=True),
            ("categories",),
        )

    def type(self, name: str, *, code: str | None = None) -> str:
        name = naming.squeezed(name)
        return self._mention(
            "type",
            code or naming.code(name),
            (code or name,),
            lambda code: TypeInput(code=code, name=name, if_missing=True),
            ("type",),
        )

    def attribute(
        self,
        name: str,
        kind: Kind,
        *,
        code: str | None = None,
        unit: str | None = None,
        filterable: bool | None = None,
        searchable: bool = False,
        sortable: bool = False,
    ) -> str:
        """`code` is made from the name unless given; all but texts are filterable unless said
        otherwise. The first mention decides the kind; where the catalog has the code for another
        kind of attribute, this one is called otherwise."""
        name = naming.squeezed(name)
        free = code or naming.code(name)
        if self.kinds.get(free, kind) != kind:
            free = f"{free}-{kind}"
        made = self._mention(
            "attribute",
            free,
            (code or name,),
            lambda code: AttributeDefinition(
                code=code,
                name=name,
                kind=kind,
                unit=unit,
                filterable=kind not in TEXTS if filterable is None else filterable,
                searchable=searchable,
                sortable=sortable,
                position=self._next("attribute"),
                if_missing=True,
            ),
            ("attributes", free),
        )
        self._kinds.setdefault(made, kind)
        return made

    def option(self, attribute: str, label: str) -> str:
        """The option's code. `attribute` is the code of a select that was mentioned before."""
        label = naming.squeezed(label)
        options = f"option of {attribute}"
        return self._mention(
            options,
            naming.code(label),
            (label,),
            lambda code: AttributeDefinition(
                code=attribute,
                kind=self._kinds.get(attribute, "select"),
                options=(OptionInput(code=code, label=label, position=self._next(options)),),
                if_missing=True,
            ),
            ("attributes", attribute),
        )

    def assign(
        self, type: str, attribute: str, *, level: Level = "product", is_option: bool = False
    ) -> None:
        """That products of `type` have `attribute`. The first mention decides the level."""
        if (type, attribute) in self._assigned:
            return
        self._assigned.add((type, attribute))
        assignment = AssignmentInput(
            attribute=attribute,
            level="variant" if is_option else level,
            is_option=is_option,
            position=self._next(f"attribute of {type}"),
        )
        self._new.append(TypeInput(code=type, attributes=(assignment,), if_missing=True))

    def channel(
        self,
        name: str,
        *,
        currency: str,
        locale: str,
        currencies: Sequence[str] = (),
        code: str | None = None,
    ) -> str:
        """`currencies` that it sells besides `currency`."""
        name = naming.squeezed(name)
        return self._mention(
            "channel",
            code or naming.code(name),
            (code or name,),
            lambda code: ChannelInput(
                code=code,
                name=name,
                default_currency=currency,
                currencies=tuple(dict.fromkeys((currency, *currencies))),
                default_locale=locale,
                if_missing=True,
            ),
            ("listings",),
        )

    def location(self, name: str, *, channels: Sequence[str], code: str | None = None) -> str:
        """`channels` are those it serves, all of them: a second mention adds none."""
        name = naming.squeezed(name)
        return self._mention(
            "location",
            code or naming.code(name),
            (code or name,),
            lambda code: LocationInput(
                code=code, name=name, channels=tuple(channels), if_missing=True
            ),
            ("stock",),
        )

    def _mention(
        self,
        kind: str,
        made: str,
        names: tuple[str, ...],
        build: Callable[[str], Record],
        path: Path,
    ) -> str:
        """The key of what has these names; the first time `build(key)` is new. Two different names
        of which the same key was made stay apart: the later one gets a hash of its name."""
        alike = naming.alike(*names)
        known = self._keys.get((kind, *alike))
        if known is not None:
            return known
        taken = self._names.get((kind, made), alike) != alike
        key = f"{made}-{naming.digest(*names)}" if taken else made
        try:
            self._new.append(build(key))
        except ValidationError as error:
            raise Unfit(path, names[-1], error) from None
        self._keys[kind, *alike] = key
        self._names[kind, key] = alike
        return key

    def _next(self, what: str) -> int:
        self._counts[what] = self._counts.get(what, -1) + 1
        return self._counts[what]
