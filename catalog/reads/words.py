"""Searching by words: what they may mean, and which products have them.

A word is found by its stem in the languages of the answer, the last one also by its beginning. One
that no product has is taken for the nearest that one has: the candidates share letter groups
(pg_trgm), the nearest of them take the fewest mistakes to type (optimal string alignment).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from catalog import db
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import query, refs

MOST_LETTERS, MOST_WORDS = 200, 12
NEAREST = 4

# D, C, B, A: description, facts, brand, name and keys.
WEIGHTS = "'{0.05, 0.3, 0.5, 1.0}'"
# Of a key that is typed in whole: above any rank.
EXACT = 2_000_000

# Of each word: its letters without accents, whether it is too common to be looked for, and, where
# no product has it, what is like it. Served by search_word_pkey and search_word_trigram_idx.
_UNDERSTAND = """
SELECT word.folded,
    numnode(plainto_tsquery(catalog_text_config(:asked_locale), word.folded)) = 0 AS common,
    CASE WHEN length(word.folded) < 4 OR EXISTS (
        SELECT FROM search_word AS w
        WHERE w.word >= word.folded COLLATE "C"
            AND w.word < (word.folded || '\U0010ffff') COLLATE "C"
    ) THEN NULL ELSE ARRAY(
        SELECT w.word FROM search_word AS w WHERE w.word % word.folded
        ORDER BY similarity(w.word, word.folded) DESC, w.word LIMIT 50
    ) END AS alike
FROM (
    SELECT n, catalog_sort_key(typed) AS folded
    FROM unnest(:typed::text[]) WITH ORDINALITY AS t (typed, n)
) AS word
ORDER BY word.n
"""

# Served by variant_sku_key, variant_barcode_idx and variant_gtin_key.
_BY_KEY = """
SELECT DISTINCT product_id FROM variant
WHERE deleted_at IS NULL AND (sku = :whole OR barcode = :whole OR gtin = :gtin)
"""


@dataclass(frozen=True, slots=True)
class Word:
    """As it was typed, without accents, and what it may have been meant for."""

    text: str
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """`products` have one of their keys typed in whole. `languages` are the locales whose texts are
    searched, the best first; the last is that of the rows."""

    words: tuple[Word, ...]
    products: tuple[int, ...]
    languages: tuple[str, ...]

    @property
    def values(self) -> Mapping[str, object]:
        """What is bound in `hits`."""
        bound: dict[str, object] = {"exact": list(self.products), "languages": self.languages}
        for n, word in enumerate(self.words):
            bound[f"word_{n}"] = word.text
            for m, meant in enumerate(word.meant):
                bound[f"word_{n}_{m}"] = meant
        bound |= {f"language_{n}": locale for n, locale in enumerate(self.languages)}
        return bound

    def hits(self, *, ranked: bool) -> str:
        """`hit`: each product that has all the words, with its `rank` where it is `ranked`.

        Served by search_text_document_idx and search_text_pkey.
        """
        asked = self._query or "NULL::tsquery"
        rank = f"""CASE WHEN s.product_id = ANY (:exact::int[]) THEN {EXACT} ELSE
            coalesce(1000000 * ts_rank({WEIGHTS}, s.document, {asked}), 0)::int END"""
        return f"""(
            SELECT s.product_id{f", {rank} AS rank" if ranked else ""}
            FROM search_text AS s
            WHERE (s.document @@ {asked} OR s.product_id = ANY (:exact::int[])) AND {self._best}
            {"OFFSET 0" if ranked else ""}
        ) AS hit"""

    @property
    def _best(self) -> str:
        """The text in the best language that the product has one in."""
        if len(self.languages) == 1:
            return "s.locale = ''"
        return """s.locale = ANY (:languages::text[]) AND NOT EXISTS (
                SELECT FROM search_text AS better
                WHERE better.product_id = s.product_id
                AND array_position(:languages::text[], better.locale)
                    < array_position(:languages::text[], s.locale)
            )"""

    @property
    def _query(self) -> str:
        last = len(self.words) - 1
        groups = [self._group(n, word, whole=n < last) for n, word in enumerate(self.words)]
        return f"({' && '.join(groups)})" if groups else ""

    def _group(self, n: int, word: Word, *, whole: bool) -> str:
        names = [f"word_{n}", *(f"word_{n}_{m}" for m in range(len(word.meant)))]
        stems = [
            f"plainto_tsquery(catalog_text_config(:language_{each}), :{name})"
            for name in names
            for each in range(len(self.languages))
        ]
        literal = f"""('''' || replace(replace(:word_{n}, '\\', '\\\\'), '''', '''''')
            || '''{"" if whole else ":*"}')::tsquery"""
        return f"({' || '.join([*stems, literal])})"


async def understand(ctx: Context, search: str) -> Words:
    """Raises `BadFilter` for what is too long to be a search."""
    if len(search) > MOST_LETTERS:
        raise BadFilter(f"a search has at most {MOST_LETTERS} letters", path=("search",))
    typed = search.replace("\x00", " ").split()[:MOST_WORDS]
    rows = await query.fetch(ctx, _UNDERSTAND, typed=typed, asked_locale=ctx.locale)
    rows = [row for row in rows if row["folded"]]
    words = [_word(row) for row in rows if not row["common"]]
    whole = " ".join(typed)
    keyed = await query.fetch(ctx, _BY_KEY, whole=whole, gtin=refs.gtin(whole))
    return Words(
        tuple(words or map(_word, rows)),
        tuple(row["product_id"] for row in keyed),
        (*ctx.locales, ""),
    )


async def folded(ctx: Context, text: str) -> str:
    """In small letters, without accents, with single spaces."""
    typed = " ".join(text.replace("\x00", " ").split())
    rows = await query.fetch(ctx, "SELECT catalog_sort_key(:typed::text) AS folded", typed=typed)
    return str(rows[0]["folded"] or "")


def _word(row: db.Record) -> Word:
    return Word(row["folded"], nearest(row["folded"], row["alike"] or ()))


def nearest(word: str, candidates: Sequence[str]) -> tuple[str, ...]:
    """Those that take the fewest mistakes to get to: one, or two in a long word."""
    most = 1 if len(word) < 7 else 2
    found = [(OSA.distance(word, each, score_cutoff=most), each) for each in candidates]
    least = min((mistakes for mistakes, _ in found), default=most + 1)
    return tuple(each for mistakes, each in found if mistakes == least <= most)[:NEAREST]
