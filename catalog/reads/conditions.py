"""Conditions as SQL on a row of `listing` (as `l`) or of `product` (as `p`).

Values are bound, in the order in which they are met, so that equal questions are equal texts. What
is known of the whole list stands in `listing` itself; dates, numbers and texts of attributes are
looked up for the products that are left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from catalog.context import Context
from catalog.errors import BadFilter, Forbidden
from catalog.models.product import STATUSES
from catalog.reads.filters import AttributeFilter, ProductWhere, Range, VariantIs, asked
from catalog.reads.known import Attribute, Known

SIGNS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
OPTIONS = ("select", "multiselect")

# Wherever it may be: in `l`, an attribute's value of the product or of one of its variants.
# Served by attribute_value_product_key, variant_product_id_position_id_idx and
# attribute_value_variant_key.
_HAS_VALUE = """(EXISTS (
            SELECT FROM attribute_value AS value
            WHERE value.product_id = {product} AND value.attribute_id = {attribute} AND {holds}
        ) OR EXISTS (
            SELECT FROM variant AS v JOIN attribute_value AS value ON value.variant_id = v.id
            WHERE v.product_id = {product} AND v.deleted_at IS NULL
            AND value.attribute_id = {attribute} AND {holds}
        ))"""

# Served by attribute_value_variant_key.
_VARIANT_HAS_VALUE = """EXISTS (
            SELECT FROM attribute_value AS value
            WHERE value.variant_id = lv.variant_id AND value.attribute_id = {attribute}
            AND {holds}
        )"""

# Served by listing_variant_pkey.
_ONE_VARIANT = """EXISTS (
            SELECT FROM listing_variant AS lv
            WHERE lv.product_id = l.product_id AND lv.channel_id = l.channel_id
            AND lv.currency = l.currency AND {holds}
        )"""

# Served by variant_sku_key.
_BY_SKU = "FROM variant WHERE sku = ANY ({skus}) AND deleted_at IS NULL"

# A deleted brand has no products. Served by listing_brand_idx or product_brand_id_idx.
_OF_BRANDS = """{row}.brand_id = ANY ({brand}::int[]) AND NOT EXISTS (
            SELECT FROM brand AS b WHERE b.id = {row}.brand_id AND b.deleted_at IS NOT NULL
        )"""

# Served by product_slug_key.
_BY_SLUG = "SELECT id FROM product WHERE slug = ANY ({slugs}) AND deleted_at IS NULL"

# Served by translation_slug_key.
_BY_TRANSLATED_SLUG = """SELECT entity_id FROM translation
            WHERE kind = 'product' AND slug = ANY ({slugs}) AND locale = ANY (:locales::text[])
            AND deleted_at IS NULL"""

# Served by product_product_type_id_idx.
_OF_TYPES = """p.product_type_id IN (
            SELECT id FROM product_type WHERE code = ANY ({type}) AND deleted_at IS NULL
        )"""


@dataclass(slots=True)
class Compiler:
    """Collects what is bound. `row` is the table that a list is read from, `hung` the one that has
    the categories."""

    ctx: Context
    known: Known
    row: str = "l"
    hung: str = "l"
    values: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        name = f"w{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    @property
    def product(self) -> str:
        return "l.product_id" if self.row == "l" else "p.id"

    def where(self, where: ProductWhere) -> list[str]:
        """All of these hold."""
        refuse(self.ctx, where)
        return [
            condition
            for name, value in asked(where).items()
            for condition in self._of_field(name, value)
        ]

    def _of_field(self, name: str, value: object) -> Sequence[str]:
        method: Callable[[object], Sequence[str] | str] = getattr(self, f"_{name}")
        found = method(value)
        return [found] if isinstance(found, str) else found

    def _ids(self, ids: Sequence[int]) -> str:
        return f"{self.product} = ANY ({self.bind(ids)}::int[])"

    def _slugs(self, slugs: Sequence[str]) -> str:
        found = [_BY_SLUG, _BY_TRANSLATED_SLUG] if self.ctx.locales else [_BY_SLUG]
        by_slug = " UNION ALL ".join(found).format(slugs=f"{self.bind(slugs)}::text[]")
        return f"{self.product} IN ({by_slug})"

    def _type(self, codes: Sequence[str]) -> str:
        return _OF_TYPES.format(type=f"{self.bind(codes)}::text[]")

    def _tags(self, tags: Sequence[str]) -> str:
        """Served by product_tags_idx."""
        return f"p.tags && {self.bind(tags)}::text[]"

    def _status(self, statuses: Sequence[str]) -> str:
        return f"p.status = ANY ({self.bind(statuses)}::text[])"

    def _updated_from(self, moment: datetime) -> str:
        """Served by product_updated_at_id_idx."""
        return f"p.updated_at >= {self.bind(moment)}"

    def _updated_until(self, moment: datetime) -> str:
        return f"p.updated_at < {self.bind(moment)}"

    def _brand(self, ids: Sequence[int]) -> str:
        return _OF_BRANDS.format(row=self.row, brand=self.bind(ids))

    def _category(self, ids: Sequence[int]) -> str:
        """Served by listing_sets_idx, or search_text_document_idx."""
        return f"{self.hung}.category_ids && {self.bind(self.known.within(ids))}::int[]"

    def _collection(self, ids: Sequence[int]) -> str:
        """By hand, or by the collection's own rule. Served by listing_sets_idx."""
        found = {id: self.known.collections[id] for id in ids if id in self.known.collections}
        by_hand = [id for id, rule in found.items() if rule is None]
        arms = [f"l.collection_ids && {self.bind(by_hand)}::int[]"]
        arms += [self._rule(rule) for rule in found.values() if rule is not None]
        return arms[0] if len(arms) == 1 else _or(arms)

    def _rule(self, rule: ProductWhere) -> str:
        """What a rule asks for and is no longer there, no product has."""
        try:
            return _and(self.where(rule))
        except BadFilter:
            return "false"

    def _all_of(self, inner: Sequence[ProductWhere]) -> Sequence[str]:
        return [condition for each in inner for condition in self.where(each)]

    def _any_of(self, inner: Sequence[ProductWhere]) -> str:
        return _or([_and(self.where(each)) for each in inner])

    def _none_of(self, inner: ProductWhere) -> str:
        return f"({_and(self.where(inner))}) IS NOT TRUE"

    def _attributes(self, asked_of: Sequence[AttributeFilter]) -> Sequence[str]:
        return [condition for each in asked_of for condition in self.attribute(each)]

    def attribute(self, asked_of: AttributeFilter, *, variant: bool = False) -> Iterator[str]:
        """Of a product with its variants, or of the one variant `lv`."""
        attribute = self.known.attribute(asked_of.code)
        if asked_of.any_of is not None:
            yield self._has_any(attribute, asked_of.any_of, variant=variant)
        for value in asked_of.all_of or ():
            yield self._has_any(attribute, [value], variant=variant)
        if asked_of.none_of is not None:
            yield f"NOT {self._has_any(attribute, asked_of.none_of, variant=variant)}"
        if asked_of.exists is not None:
            has = self._has(attribute, "true", variant=variant)
            yield has if asked_of.exists else f"NOT {has}"
        yield from self._of_kind(attribute, asked_of, variant=variant)

    def _of_kind(
        self, attribute: Attribute, asked_of: AttributeFilter, *, variant: bool
    ) -> Iterator[str]:
        for kind, value in (
            ("number", asked_of.number),
            ("date", asked_of.date),
            ("boolean", asked_of.bool),
        ):
            if value is None:
                continue
            if attribute.kind != kind:
                name = "bool" if kind == "boolean" else kind
                raise BadFilter(
                    f"{attribute.code} is a {attribute.kind}, and has no {name}",
                    path=("attributes", name),
                )
            holds = (
                self.range("value." + kind, value)
                if isinstance(value, Range)
                else f"value.boolean = {self.bind(value)}::boolean"
            )
            yield self._has(attribute, holds, variant=variant)

    def _has_any(self, attribute: Attribute, values: Sequence[str], *, variant: bool) -> str:
        if attribute.kind in OPTIONS:
            ids = [attribute.options[value] for value in values if value in attribute.options]
            return f"{'lv' if variant else 'l'}.option_ids && {self.bind(ids)}::int[]"
        column, kept = _column_and_values(attribute, values)
        return self._has(attribute, f"value.{column} = ANY ({self.bind(kept)})", variant=variant)

    def _has(self, attribute: Attribute, holds: str, *, variant: bool) -> str:
        bound = f"{self.bind(attribute.id)}::int"
        if variant:
            return _VARIANT_HAS_VALUE.format(attribute=bound, holds=holds)
        return _HAS_VALUE.format(product=self.product, attribute=bound, holds=holds)

    def range(self, column: str, limits: Range[Decimal] | Range[date]) -> str:
        held = (f"{column} {SIGNS[sign]} {self.bind(at)}" for sign, at in asked(limits).items())
        return _and(list(held))

    def _variant(self, one: VariantIs) -> Sequence[str]:
        """One variant that all of it holds for; what the product's own row can say is asked of it
        alone."""
        if asked(one).keys() == {"price"} and one.price is not None:
            return self._price(one.price)
        if asked(one) == {"available": True}:
            return ["l.available"]
        conditions = ["lv.available" if one.available else "NOT lv.available"] * (
            one.available is not None
        )
        if one.price is not None:
            # Without limits: it has one.
            held = self.range("lv.price", one.price) if asked(one.price) else "lv.price IS NOT NULL"
            conditions.append(held)
        found: list[str] = []
        if one.sku is not None:
            known_by = _BY_SKU.format(skus=f"{self.bind(one.sku)}::text[]")
            found.append(f"l.product_id IN (SELECT product_id {known_by})")
            conditions.append(f"lv.variant_id IN (SELECT id {known_by})")
        for each in one.attributes or ():
            conditions += self.attribute(each, variant=True)
        return [*found, _ONE_VARIANT.format(holds=_and(conditions))]

    def _price(self, limits: Range[Decimal]) -> Sequence[str]:
        """What any variant costs. The cheapest and the dearest decide, unless there is a limit at
        either end that different ones may meet; then for most one of them meets both."""
        below, above = replace(limits, gte=None, gt=None), replace(limits, lte=None, lt=None)
        ends = [
            self.range(column, end)
            for column, end in (("l.price", below), ("l.price_max", above))
            if asked(end)
        ]
        if len(ends) < 2:
            return ends or ["l.price IS NOT NULL"]
        cheapest, dearest = self.range("l.price", above), self.range("l.price_max", below)
        any_other = (
            f"EXISTS (SELECT FROM unnest(l.prices) AS price WHERE {self.range('price', limits)})"
        )
        return [*ends, _or([cheapest, dearest, any_other])]


def _and(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions) or "true"


def _or(conditions: Sequence[str]) -> str:
    """None of nothing holds."""
    return f"({' OR '.join(f'({each})' for each in conditions) or 'false'})"


def _column_and_values(attribute: Attribute, values: Sequence[str]) -> tuple[str, Sequence[object]]:
    """Where values of its kind stand, and those of the given that could stand there."""
    match attribute.kind:
        case "number":
            return "number", [each for each in map(_number, values) if each is not None]
        case "date":
            return "date", [each for each in map(_date, values) if each is not None]
        case "boolean":
            return "boolean", [value == "true" for value in values if value in ("true", "false")]
        case "reference":
            raise BadFilter(f"{attribute.code} refers to products", path=("attributes",))
    return "text", list(values)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**18 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def refuse(ctx: Context, where: ProductWhere) -> None:
    unknown = set(where.status or ()) - set(STATUSES)
    if unknown:
        known = ", ".join(STATUSES)
        raise BadFilter(f"a status is one of {known}, not {min(unknown)}", path=("status",))
    if set(where.status or ()) - {"active"} and not ctx.principal.sees_drafts:
        raise Forbidden(
            "products that are not active need a token with the scope catalog:read",
            path=("status",),
        )
    _refuse_time(where.updated_from, "updated_from")
    _refuse_time(where.updated_until, "updated_until")


def _refuse_time(moment: datetime | None, field: str) -> None:
    if moment is None:
        return
    if moment.tzinfo is None:
        raise BadFilter("a time needs an offset, such as 2026-05-01T00:00:00Z", path=(field,))
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise BadFilter("in UTC a time has a year from 1 to 9999", path=(field,)) from None
