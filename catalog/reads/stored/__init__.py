"""What is stored, as the records of our own files have it: base texts and all translations, keys
instead of ids, amounts and times as text. The other reads show a catalog; these carry it away.

Every list has an order that a catalog made of these records has too, so that it gives them again.
"""

from collections.abc import Mapping, Sequence

Record = Mapping[str, object]
"""A line of our NDJSON, as docs/files.md describes it. Nothing is in it that is null or empty."""

Records = Sequence[Record]
