"""Texts in the asked locale: each from the first locale that has it, at last from the row."""

from catalog.context import Context


def join(ctx: Context, kind: str, alias: str) -> str:
    """Joins the translations of the table of that alias; nothing in the language of the rows.

    Served by translation_kind_entity_id_locale_key.
    """
    return "\n".join(
        f"""LEFT JOIN translation AS {alias}_{n} ON {alias}_{n}.kind = '{kind}'
            AND {alias}_{n}.entity_id = {alias}.id
            AND {alias}_{n}.locale = (:locales::text[])[{n}]"""
        for n in range(1, len(ctx.locales) + 1)
    )


def text(ctx: Context, alias: str, column: str, *, of: str | None = None) -> str:
    """The column as `join` finds it; `of` is the row's own column where it is called otherwise."""
    own = f"{alias}.{of or column}"
    if not ctx.locales:
        return own
    translated = [f"{alias}_{n}.{column}" for n in range(1, len(ctx.locales) + 1)]
    return f"coalesce({', '.join([*translated, own])})"
