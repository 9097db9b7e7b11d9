"""A first mapping for an unknown file, from the names of its columns and the values in them."""

import re
from collections.abc import Iterator, Sequence

import yaml

from catalog.files.mapping.profile import Column, Profile, profile
from catalog.files.mapping.roles import Roles, group_of, roles_of
from catalog.files.text import TextFile

_VARIANTS = re.compile(r"variants?|skus|offers|items|options")
_IMAGE = re.compile(r".*(image|img|picture|photo|thumbnail|media).*")
_AXIS = re.compile(r"colou?r|size|material|style|farbe|grösse|größe")
_SEPARATORS = (" > ", "->", " / ", " | ", ">", "|")
_DECIMAL_COMMA = re.compile(r"\D*(\d{1,3}(\.\d{3})+|\d+),\d{1,2}\D*")
_STATUS = re.compile(r"draft|active|archived")
_FILE_NAME = r"([^/?]+)\.\w+(?:\?.*)?$"

Lines = Iterator[str]
Spec = str | dict[str, object]


def suggest(file: TextFile) -> str:
    """YAML that loads and imports as it is, with a comment where its reader has to decide."""
    found = profile(file)
    roles = roles_of(found, found.columns)
    lines = _product(found, roles)
    if "locale" in roles and ("slug" in roles or "external_id" in roles):
        lines = _translation(roles)
    elif "parent" in roles and "amount" not in roles:
        lines = _category(roles)
    head = [
        f"# A first mapping for {file.name}, from its first {found.rows:,} records.",
        "# Read every line, correct it, and try it with --dry-run.",
        f"source: {_flow(found.source.model_dump(exclude_none=True))}",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _translation(roles: Roles) -> Lines:
    ref: Spec = roles["slug"].path if "slug" in roles else _ext(roles["external_id"])
    yield "record: translation"
    yield "fields:"
    yield "  kind: {value: product}  # or category, brand, collection, attribute"
    yield f"  ref: {_flow(ref)}"
    yield from _plain(roles, ("locale", "name", "description", "seo.title", "seo.description"))


def _category(roles: Roles) -> Lines:
    key, name = roles["external_id"].path, roles.get("name", roles["external_id"]).path
    slug = {"template": f"{{{name}}} {{{key}}}", "slug": True}
    parent = _ext(roles["parent"]) | {"empty": "clear"}
    yield "record: category"
    yield "fields:"
    yield f"  external_id: {_flow(key)}"
    yield f"  name: {_flow(name)}"
    yield "  # The id keeps apart what has the same name."
    yield f"  slug: {_flow(slug)}"
    yield f"  parent: {_flow(parent)}"
    yield from _plain(roles, ("description",))


def _product(found: Profile, roles: Roles) -> Lines:
    group = group_of(found, roles)
    images = [column for column in found.columns if _IMAGE.fullmatch(column.words)]
    images = [column for column in images if column.addresses]
    yield "record: product"
    if group:
        yield f"# {group.distinct:,} products have {found.rows:,} rows: each row is a variant."
        yield f"group_by: {_flow(group.path)}"
    if "currency" in roles:
        channel = {"code": "default", "currencies": list(dict.fromkeys(roles["currency"].values))}
        yield "channels:"
        yield "  # Created when missing; one that is there must sell in these currencies already."
        yield f"  - {_flow(channel)}"
    yield "fields:"
    yield from _identity(found, roles, group, images)
    if status := next((c for c in found.columns if c.all_match(_STATUS)), None):
        yield f"  status: {_flow(status.path)}"
    else:
        yield "  status: {value: active}  # or draft: then nobody sees them yet"
    if "tags" in roles:
        tags = roles["tags"]
        yield f"  tags: {_flow(tags.path if tags.lists else {'from': tags.path, 'split': ','})}"
    yield from _plain(roles, ("description", "brand", "type", "seo.title", "seo.description"))
    if "category" in roles:
        yield "categories:"
        yield "  # Names from the root down; what is missing is created."
        yield f"  - path: {_flow(_path(roles['category']))}"
    yield "# Everything else becomes attributes. Name under `except` what is none."
    yield "rest: {}"
    if images:
        yield "media:"
        yield from (f"  - url: {_flow(column.path)}" for column in images)
    yield from _variants(found, roles, group)


def _identity(
    found: Profile, roles: Roles, group: Column | None, images: Sequence[Column]
) -> Lines:
    """What products are found by at the next import, and what they are called."""
    slug, name = roles.get("slug"), roles.get("name")
    key = None if group else roles.get("external_id", roles.get("sku"))
    if key is None or not found.is_key(key):
        key = group if group and group is not slug else None
    image = next((column for column in images if found.is_key(column)), None)
    if key:
        yield f"  external_id: {_flow(key.path)}"
    elif slug is None and image and not image.lists:
        yield "  # No column tells the records apart but the address of the image."
        yield f"  external_id: {_flow({'from': image.path, 'match': _FILE_NAME})}"
    elif slug is None and name:
        yield "  # No column tells the records apart: those of the same name are one."
        yield f"  slug: {_flow({'from': name.path, 'slug': True})}"
    if slug:
        yield f"  slug: {_flow({'from': slug.path, 'slug': True})}"
    named = name or slug or key or found.columns[0]
    yield f"  name: {_flow(named.path)}"


def _variants(found: Profile, roles: Roles, group: Column | None) -> Lines:
    each = next((path for path in found.lists if _VARIANTS.fullmatch(_last(path))), None)
    columns = found.lists[each] if each else found.columns
    if each:
        roles = {r: c for r, c in roles_of(found, columns).items() if r not in ("name", "slug")}
    lines = [*_variant_fields(found, roles, grouped=bool(group or each))]
    lines += _options(columns, grouped=bool(group or each))
    lines += _offers(roles)
    if lines:
        yield "variants:"
        if each:
            yield f"  each: {_flow(each)}"
        yield from lines


def _variant_fields(found: Profile, roles: Roles, *, grouped: bool) -> Lines:
    sku, amount = roles.get("sku"), roles.get("amount")
    if grouped and amount and _priceless(found, amount):
        yield "  # Rows without a price look like headings or pictures of a product, not variants."
        yield f"  when: {_flow({'from': amount.path, 'ignore': ['0', '0.0', '0.00']})}"
    if grouped and sku and sku.distinct < len(sku.values):
        yield f"  group_by: {_flow(sku.path)}"
    fields = {name: roles[name] for name in ("barcode",) if name in roles}
    if not sku and not fields and "weight" not in roles:
        return
    yield "  fields:"
    if sku:
        yield f"    sku: {_flow(_sku(sku, grouped=grouped))}"
    for name, column in fields.items():
        yield f"    {name}: {_flow(_spec(column, {'first': True} if column.lists else {}))}"
    if "weight" in roles:
        unit = {"column": roles["weight_unit"].path} if "weight_unit" in roles else {"from": "kg"}
        yield f"    weight: {_flow(_spec(roles['weight'], {'convert': unit | {'to': 'g'}}))}"


def _priceless(found: Profile, amount: Column) -> bool:
    zero = amount.numeric and any(float(value) == 0 for value in amount.values)
    return zero or (amount in found.columns and len(amount.values) < found.rows)


def _sku(sku: Column, *, grouped: bool) -> Spec:
    """Of several the first one; one that other products have too is left out of the later ones."""
    apart = any("  " in value for value in sku.values)
    more: dict[str, object] = {"split": "  "} if apart else {}
    if sku.lists or apart:
        more["first"] = True
    if not grouped and sku.distinct < len(sku.values):
        more["repeated"] = "drop"
    return _spec(sku, more)


def _options(columns: Sequence[Column], *, grouped: bool) -> Lines:
    """Pairs of columns such as option1_name and option1_value, else columns named as axes are."""
    if not grouped:
        return
    by_words = {column.words: column for column in columns}
    pairs = [
        (column, by_words[words.replace("name", "value")])
        for words, column in by_words.items()
        if re.fullmatch(r"(option|attribute) ?\d name", words)
        and words.replace("name", "value") in by_words
    ]
    axes = [column for column in columns if _AXIS.fullmatch(column.words)]
    if pairs or axes:
        yield "  options:"
    for name, value in pairs:
        yield f"    - {_flow({'name': name.path, 'value': value.path})}"
    for column in axes if not pairs else []:
        label = column.words.capitalize()
        yield f"    - {_flow({'name': {'value': label}, 'value': column.path})}"


def _offers(roles: Roles) -> Lines:
    if "amount" in roles:
        names = [name for name in ("amount", "compare_at") if name in roles]
        price: dict[str, Spec] = {name: _money(roles[name]) for name in names}
        if "currency" in roles:
            price["currency"] = roles["currency"].path
        yield "  prices:"
        yield f"    - {_flow(price)}"
    if "on_hand" in roles and "amount" in roles:
        yield "  stock:"
        stock = {"location": {"value": "main"}, "on_hand": roles["on_hand"].path}
        yield f"    - {_flow(stock)}"


def _path(category: Column) -> Spec:
    if category.lists:
        return category.path
    often = (
        sep
        for sep in _SEPARATORS
        if sum(sep in v for v in category.values) * 4 > len(category.values)
    )
    separator = next(often, None)
    return _spec(category, {"split": separator.strip()} if separator else {})


def _money(column: Column) -> Spec:
    if column.numeric:
        return column.path
    comma = sum(map(bool, map(_DECIMAL_COMMA.fullmatch, column.values))) * 2 > len(column.values)
    return {"from": column.path, "number": "," if comma else "."}


def _plain(roles: Roles, names: Sequence[str]) -> Lines:
    return (f"  {name}: {_flow(roles[name].path)}" for name in names if name in roles)


def _spec(column: Column, more: dict[str, object]) -> Spec:
    return {"from": column.path, **more} if more else column.path


def _ext(column: Column) -> dict[str, object]:
    return {"template": f"ext:{{{column.path}}}"}


def _last(path: str) -> str:
    return path.rpartition(".")[2].casefold()


def _flow(given: object) -> str:
    """On one line, quoted where YAML needs it."""
    dumped: str = yaml.safe_dump(
        given, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000
    )
    return dumped.removesuffix("\n").removesuffix("...").rstrip("\n")
