"""Which source paths stand behind a field of a record, to name them where it has a problem."""

from catalog.files.mapping import expressions
from catalog.files.mapping.language import Mapping, Place, values
from catalog.files.reading import Columns


def columns(mapping: Mapping) -> Columns:
    """Names the source of a path into a record: the path itself where the mapping has none."""
    sources: dict[tuple[str, ...], dict[str, None]] = {}
    for place, value in values(mapping):
        found = sources.setdefault(_target(place), {})
        found |= dict.fromkeys(expressions.sources(value))

    def column(path: Place, value: str | None = None) -> str:
        target = _target(path)
        for length in range(len(target), 0, -1):
            if named := sources.get(target[:length]):
                return " or ".join(named)
        return ".".join(map(str, path))

    return column


def _target(place: Place) -> tuple[str, ...]:
    """`fields` and positions in lists lead to no other source, so they do not count."""
    parts = (part for part in place if isinstance(part, str) and part != "fields")
    return tuple(word for part in parts for word in part.split("."))
