"""Catalog files out: one module a format, each an iterator of pieces of the file."""
