"""Our own CSV and NDJSON."""

from catalog.files.native.columns import recognise as is_table
from catalog.files.native.lines import read as read_lines
from catalog.files.native.lines import recognise as is_lines
from catalog.files.native.table import read as read_table

__all__ = ["is_lines", "is_table", "read_lines", "read_table"]
