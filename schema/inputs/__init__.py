"""What writes are told: one input a noun, with the names of its record in `catalog.writes.inputs`.

What is not sent stays as it is, null clears it. Where a record has a mapping, GraphQL has a list of
entries that name their key.
"""
