"""One statement that makes a table agree with staged rows: update what differs, insert what is
missing, delete what a replaced list no longer has; unchanged rows are not touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merge:
    """`source` is a SELECT that gives `key` and `columns` under their own names.

    `key` maps a column to the value that stands for NULL in comparisons, or None where it cannot be
    NULL: an index and a hash join serve `=`, not IS NOT DISTINCT FROM. `owners` maps a kind to the
    column of `t` that says whose the changed row is; `replaced` is a condition on `t` for rows that
    go when the source lacks them. `given` says that the source has the array `given`, and only
    what it names is written. `fresh` says that the source has a boolean `fresh`, true of rows whose
    owner is being made: nothing of it is there to compare with, and nobody need be told of it.
    """

    table: str
    source: str
    key: Mapping[str, str | None]
    owners: Mapping[str, str]
    columns: Sequence[str] = ()
    replaced: str | None = None
    given: bool = False
    fresh: bool = False

    @property
    def sql(self) -> str:
        same = " AND ".join(_equal(column, null) for column, null in self.key.items())
        names = [*self.key, *self.columns]
        returning = ", ".join(f"{owner} AS {kind}" for kind, owner in self.owners.items())
        insert = (
            f"INSERT INTO {self.table} AS t ({', '.join(names)}) "
            f"SELECT {', '.join(f's.{name}' for name in names)} FROM source s "
        )
        known = "NOT s.fresh AND " if self.fresh else ""
        parts = {
            "inserted": f"{insert} WHERE {known}"
            f"NOT EXISTS (SELECT FROM {self.table} t WHERE {same})"
        }
        if self.columns:
            parts["updated"] = self._update(same)
        if self.replaced:
            parts["deleted"] = (
                f"DELETE FROM {self.table} t WHERE {self.replaced} "
                f"AND NOT EXISTS (SELECT FROM source s WHERE {same})"
            )
        ctes = ", ".join(f"{name} AS ({sql} RETURNING {returning})" for name, sql in parts.items())
        if self.fresh:
            ctes = f"added AS ({insert} WHERE s.fresh), {ctes}"
        union = " UNION ALL ".join(f"SELECT * FROM {name}" for name in parts)
        touched = " UNION ".join(
            f"SELECT '{kind}', {kind} FROM changed WHERE {kind} IS NOT NULL" for kind in self.owners
        )
        return (
            f"WITH source AS MATERIALIZED ({self.source}), {ctes}, changed AS ({union}) "
            f"INSERT INTO stage_touched (kind, id) {touched} ON CONFLICT DO NOTHING"
        )

    def _update(self, same: str) -> str:
        new = [self._new(column) for column in self.columns]
        assignments = ", ".join(
            f"{column} = {value}" for column, value in zip(self.columns, new, strict=True)
        )
        old = ", ".join(f"t.{column}" for column in self.columns)
        known = "NOT s.fresh AND " if self.fresh else ""
        return (
            f"UPDATE {self.table} t SET {assignments} FROM source s "
            f"WHERE {known}{same} AND ROW({old}) IS DISTINCT FROM ROW({', '.join(new)})"
        )

    def _new(self, column: str) -> str:
        if not self.given:
            return f"s.{column}"
        return f"CASE WHEN '{column}' = ANY (s.given) THEN s.{column} ELSE t.{column} END"


def _equal(column: str, null: str | None) -> str:
    if null is None:
        return f"t.{column} = s.{column}"
    return f"coalesce(t.{column}, {null}) = coalesce(s.{column}, {null})"
