"""Files of the tests' own, read by mappings of their own."""

from pathlib import Path
from typing import Any

from parsing import Found

from catalog.files.mapping import loading, reading
from catalog.files.reading import Defaults
from catalog.files.text import open_text

# Channels do not matter to most tests: products are then listed nowhere.
_HEAD = "source: {{format: {format}}}\nchannels: []\n"


def mapped(
    folder: Path,
    source: str,
    mapping: str,
    *,
    format: str = "csv",
    defaults: Defaults | None = None,
    encoding: str = "utf-8",
) -> Found:
    """What `mapping` makes of a file that holds `source`."""
    file = folder / f"source.{format}"
    file.write_bytes(source.encode(encoding))
    head = "" if "source:" in mapping else _HEAD.format(format=format)
    if "record:" in mapping and "record: product" not in mapping:
        head = head.replace("channels: []\n", "")
    rules = loading.parse(head + mapping, name="map.yaml")
    return Found(reading.read(open_text(file), rules, beside=folder, defaults=defaults))


def products(folder: Path, source: str, mapping: str, **options: Any) -> list[dict[str, Any]]:
    """The products of a file that has nothing wrong with it."""
    found = mapped(folder, source, mapping, **options)
    assert found.findings == []
    return found.all("product")
