"""The values of a mapping made into functions of a line."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from catalog.files import naming
from catalog.files.mapping import transforms
from catalog.files.mapping.language import Conversion, Value
from catalog.files.mapping.transforms import Json, is_empty

Row = dict[str, Json]
Get = Callable[[Row], Json]
Step = Callable[[Json], Json]
Tables = Mapping[str, Mapping[str, str | None]]

OUTER = "^"
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def path(given: str) -> Get:
    """`a.b` goes inward, `a.0` into a list, `a.*.b` into each of its elements, `^a` one level out.
    A column that is called `a.b` as a whole is found first."""
    if given.startswith(OUTER):
        outward = path(given[1:])
        return lambda row: outward(outer) if isinstance(outer := row.get(OUTER), dict) else None
    parts = tuple(given.split("."))
    if len(parts) == 1:
        return lambda row: row.get(given)
    return lambda row: row[given] if given in row else _walk(row, parts)


def _walk(value: Json, parts: tuple[str, ...]) -> Json:
    for index, part in enumerate(parts):
        if isinstance(value, dict):
            value = value.get(part)
        elif not isinstance(value, list):
            return None
        elif part == "*":
            found = (_walk(item, parts[index + 1 :]) for item in value)
            return [item for item in found if not is_empty(item)]
        else:
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
    return value


def sources(value: Value) -> tuple[str, ...]:
    """The paths that a value reads."""
    named = [*(value.from_ or ()), *_PLACEHOLDER.findall(value.template or "")]
    if value.convert and value.convert.column:
        named.append(value.convert.column)
    return tuple(named)


def compute(value: Value, tables: Tables) -> Get:
    """The whole value but for `repeated` and `empty`, which look at more than one line.
    What it returns raises Unusable."""
    origin, steps, ends = _origin(value), tuple(_steps(value, tables)), tuple(_ends(value))
    if not steps and not ends and not value.convert:
        return origin

    def computed(row: Row) -> Json:
        found = origin(row)
        if not is_empty(found):
            for step in steps:
                found = _each(found, step)
            if value.convert:
                found = _each(found, _conversion(value.convert, row))
        for end in ends:
            found = end(found)
        return found

    return computed


def _origin(value: Value) -> Get:
    if value.value is not None:
        constant: Json = list(value.value) if isinstance(value.value, tuple) else value.value
        return lambda row: constant
    if value.template is not None:
        return _template(value.template)
    getters = [path(source) for source in value.from_ or ()]
    ignored = {"", *value.ignore}
    if len(getters) == 1:
        return partial(_usable, getters[0], ignored)
    return lambda row: next(
        (found for get in getters if not is_empty(found := _usable(get, ignored, row))), None
    )


def _usable(get: Get, ignored: set[str], row: Row) -> Json:
    found = get(row)
    if isinstance(found, str):
        found = found.strip()
        return None if found in ignored else found
    if isinstance(found, list):
        return [item for item in found if transforms.text(item).strip() not in ignored]
    if len(ignored) > 1 and transforms.text(found) in ignored:
        return None
    return found


def _template(template: str) -> Get:
    """A placeholder that stays empty empties the whole."""
    texts = _PLACEHOLDER.split(template)[::2]
    getters = [path(name.strip()) for name in _PLACEHOLDER.findall(template)]

    def filled(row: Row) -> Json:
        parts = [transforms.text(get(row)).strip() for get in getters]
        if not all(parts):
            return None
        return texts[0] + "".join(map("".join, zip(parts, texts[1:], strict=True)))

    return filled


def _each(found: Json, step: Step) -> Json:
    if not isinstance(found, list):
        return None if is_empty(found) else step(found)
    changed = (step(item) for item in found if not is_empty(item))
    flat = (part for item in changed for part in (item if isinstance(item, list) else [item]))
    return [item for item in flat if not is_empty(item)]


def _steps(value: Value, tables: Tables) -> list[Step]:
    """What is done to each element, in this order."""
    steps: list[Step] = []
    if value.split:
        steps.append(partial(transforms.split, separator=value.split))
    if value.match:
        steps.append(partial(transforms.match, pattern=value.match))
    for pattern, by in value.replace.items():
        steps.append(partial(_replace, pattern=re.compile(pattern), by=by))
    if value.strip_html:
        steps.append(transforms.strip_html)
    if value.case:
        steps.append(partial(transforms.case, style=value.case))
    if value.lookup is not None:
        table = tables[value.lookup] if isinstance(value.lookup, str) else value.lookup
        steps.append(partial(transforms.lookup, table=table, otherwise=value.otherwise))
    if value.number:
        steps.append(partial(transforms.number, mark="," if value.number == "," else "."))
    if value.date:
        steps.append(partial(transforms.date, form=value.date))
    return steps


def _replace(given: Json, pattern: re.Pattern[str], by: str) -> Json:
    return pattern.sub(by, transforms.text(given)).strip()


def _conversion(rule: Conversion, row: Row) -> Step:
    unit = transforms.text(path(rule.column)(row)) if rule.column else rule.from_
    return partial(transforms.convert, unit=unit or rule.to, to=rule.to)


def _ends(value: Value) -> list[Step]:
    """What is done to the value as a whole."""
    ends: list[Step] = []
    if value.first:
        ends.append(lambda found: found[0] if isinstance(found, list) and found else found or None)
    if value.join is not None:
        ends.append(partial(_join, by=value.join))
    if value.slug:
        ends.append(_slug)
    if value.default is not None:
        default: Json = list(value.default) if isinstance(value.default, tuple) else value.default
        ends.append(lambda found: default if is_empty(found) else found)
    return ends


def _join(found: Json, by: str) -> Json:
    if not isinstance(found, list):
        return found
    return by.join(transforms.text(item) for item in found)


def _slug(found: Json) -> Json:
    if isinstance(found, list):
        return [_slug(item) for item in found]
    given = transforms.text(found)
    return naming.slug(given) if given else None
