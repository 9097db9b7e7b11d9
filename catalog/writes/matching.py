"""Staged nouns matched with the rows that they are about; what stands against it."""

from collections.abc import Sequence

from catalog.db import Connection
from catalog.writes.checks import broken
from catalog.writes.nouns import Noun
from catalog.writes.rules import Check, version_check
from catalog.writes.staging import Problem


async def match(connection: Connection, noun: Noun) -> list[Problem]:
    """Give every staged row its id: of the row it names, else a new one. Names conflicts."""
    for statement in _find(noun):
        await connection.fetch(statement)
    problems = await broken(connection, _checks(noun))
    if not problems:
        await connection.fetch(_number(noun))
    return problems


def _find(noun: Noun) -> Sequence[str]:
    """By the id that the caller knows, the integrator's key, the noun's own key. What the record
    does not say of its key is then the row's, or made of the name where there is none. The first
    two are looked up row by row, served by <table>_external_id_key and <table>_pkey: no join is
    both of them at once but one that tries every pair."""
    stage, table, key = noun.stage, noun.table, noun.key
    found = [
        f"""
        DELETE FROM {stage} a USING {stage} b WHERE a.{key} = b.{key}
          AND (a.if_missing OR {str(noun.repeatable).lower()})
          AND (a.if_missing, a.line, a.ctid) > (b.if_missing, b.line, b.ctid)
        """,
        f"""
        UPDATE {stage} s SET id = CASE WHEN s.target IS NULL
            THEN (SELECT t.id FROM {table} t
                WHERE t.deleted_at IS NULL AND t.external_id = s.external_id)
            ELSE (SELECT t.id FROM {table} t WHERE t.deleted_at IS NULL AND t.id = s.target) END
        WHERE s.mode <> 'create'
        """,
        f"""
        UPDATE {stage} s SET id = t.id FROM {table} t
        WHERE s.id IS NULL AND s.target IS NULL AND s.mode <> 'create'
          AND t.deleted_at IS NULL AND t.{key} = s.{key}
          AND (s.external_id IS NULL OR t.external_id IS NULL OR s.if_missing)
        """,
        # In id order: two writers would otherwise wait for each other for ever.
        f"""
        SELECT id FROM {table} WHERE id IN (SELECT id FROM {stage} WHERE NOT if_missing)
        ORDER BY id FOR UPDATE
        """,
        f"""
        UPDATE {stage} s SET {key} = t.{key} FROM {table} t
        WHERE s.id = t.id AND s.{key} IS NULL AND '{key}' <> ALL (s.given)
        """,
    ]
    if noun.key == "slug":
        found.append(_made_slugs(noun))
    return [*found, *_dependants(noun)]


def _made_slugs(noun: Noun) -> str:
    """A made slug that is taken gets the next free number behind it."""
    return f"""
        UPDATE {noun.stage} s SET slug = (
            SELECT candidate FROM (
                SELECT made.slug_base AS candidate, 1 AS k
                UNION ALL
                SELECT made.slug_base || '-' || k, k FROM generate_series(2, 1000000) k
            ) free
            WHERE NOT EXISTS (SELECT FROM {noun.table} t
                    WHERE t.slug = candidate AND t.deleted_at IS NULL)
                AND NOT EXISTS (SELECT FROM {noun.stage} o WHERE o.slug = candidate)
            ORDER BY k OFFSET made.nth - 1 LIMIT 1)
        FROM (
            SELECT line, slug_base, row_number() OVER (PARTITION BY slug_base ORDER BY line) AS nth
            FROM {noun.stage} WHERE id IS NULL AND slug IS NULL AND slug_base IS NOT NULL
        ) made
        WHERE s.line = made.line AND s.id IS NULL AND s.slug IS NULL
    """


def _dependants(noun: Noun) -> Sequence[str]:
    """What came with a record that did not say its key belongs to the key that it turned out to
    have. Only whole records leave it out, and those have a line of their own."""
    lists = {
        "attribute": [("stage_option", "attribute")],
        "product_type": [("stage_assignment", "type")],
    }.get(noun.table, [])
    keyed = [
        f"""
        UPDATE {stage} o SET {column} = s.{noun.key} FROM {noun.stage} s
        WHERE o.{column} IS NULL AND o.line = s.line
        """
        for stage, column in lists
    ]
    translated = f"""
        UPDATE stage_translation o SET ref = s.{noun.key} || coalesce(o.ref, '')
        FROM {noun.stage} s
        WHERE o.n IS NULL AND o.line = s.line AND (o.ref IS NULL OR starts_with(o.ref, '/'))
    """
    return [*keyed, translated]


def _number(noun: Noun) -> str:
    return f"""
        UPDATE {noun.stage} SET fresh = id IS NULL,
          id = coalesce(id, nextval(pg_get_serial_sequence('{noun.table}', 'id')))
    """


def _checks(noun: Noun) -> Sequence[Check]:
    word = noun.table.replace("_", " ")
    checks = [_missing(noun, word), _emptied(noun, word), _unfound(noun, word)]
    checks += [_taken(noun, column, word) for column in (noun.key, "external_id")]
    checks += [_repeated(noun, column) for column in (noun.key, "external_id")]
    if noun.versioned:
        checks.append(version_check(noun.stage, noun.table))
    return checks


def _missing(noun: Noun, word: str) -> Check:
    values = ", ".join(f"('{column}', {column}::text)" for column in (noun.key, *noun.required))
    return Check(
        "REQUIRED",
        f"is missing: a new {word} needs it",
        f"""
        SELECT line, missing AS path, NULL AS value FROM {noun.stage}
        CROSS JOIN LATERAL (VALUES {values}) AS f (missing, sent)
        WHERE id IS NULL AND sent IS NULL AND mode <> 'update'
        """,
    )


def _emptied(noun: Noun, word: str) -> Check:
    names = (noun.key, "name", *noun.required)
    values = ", ".join(f"('{column}', {column}::text)" for column in dict.fromkeys(names))
    return Check(
        "REQUIRED",
        f"cannot be emptied: every {word} has one",
        f"""
        SELECT line, emptied AS path, NULL AS value FROM {noun.stage}
        CROSS JOIN LATERAL (VALUES {values}) AS f (emptied, sent)
        WHERE id IS NOT NULL AND sent IS NULL AND emptied = ANY (given) AND NOT if_missing
        """,
    )


def _unfound(noun: Noun, word: str) -> Check:
    return Check(
        "NOT_FOUND",
        f"there is no such {word} to change",
        f"""
        SELECT line, '' AS path, coalesce(external_id, {noun.key}) AS value FROM {noun.stage}
        WHERE id IS NULL AND mode = 'update'
        """,
    )


def _taken(noun: Noun, column: str, word: str) -> Check:
    return Check(
        f"{column.upper()}_TAKEN",
        f"belongs to another {word} ({{holder}}); choose another {column}, or write that one",
        f"""
        SELECT s.line, '{column}' AS path, s.{column} AS value,
            concat_ws(', ', 'id ' || t.id, 'external_id ' || t.external_id) AS holder
        FROM {noun.stage} s
        JOIN {noun.table} t ON t.deleted_at IS NULL AND t.{column} = s.{column}
        WHERE t.id IS DISTINCT FROM s.id AND NOT s.if_missing
        """,
    )


def _repeated(noun: Noun, column: str) -> Check:
    return Check(
        "DUPLICATE",
        "stands already on line {other}; keep one of them",
        f"""
        SELECT a.line, '{column}' AS path, a.{column} AS value, min(b.line) AS other
        FROM {noun.stage} a JOIN {noun.stage} b USING ({column})
        WHERE NOT a.if_missing AND NOT b.if_missing AND b.line < a.line
        GROUP BY a.line, a.{column}
        """,
    )
