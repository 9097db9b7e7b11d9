"""Searching by words: what they may mean, and which products have them.

A word is found by its stem in the languages of the answer, the last one also by its beginning. One
that no product has is taken for the nearest that one has: the candidates differ from it in a letter
or share its letter groups (pg_trgm), the nearest of them take the fewest mistakes to type (optimal
string alignment).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from catalog import db, tags
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.reads import query, refs, visibility

MOST_LETTERS, MOST_WORDS = 200, 12
NEAREST = 4
# Of what is equally near, what this many times fewer products have was hardly meant.
RARER = 10

# D, C, B, A: description, facts, brand, name and keys.
WEIGHTS = "'{0.05, 0.3, 0.5, 1.0}'"
# Of a key that is typed in whole: above any rank.
EXACT = 2_000_000

ASKED = ":words::text::tsquery"

# A word of fewer letters is like too many others; a long one may have two mistakes.
SHORTEST, LONG, MOST = 3, 7, 3
# Of so many words that are asked for one may be left out, where nothing has them all.
SEVERAL = 3

# In any of the languages, as a tsquery's text.
STEMS = """(
    SELECT string_agg(DISTINCT stem::text, ' | ')
    FROM unnest(:languages::text[]) AS language (locale),
        plainto_tsquery(catalog_text_config(language.locale), {word}) AS stem
    WHERE numnode(stem) > 0
)"""

# Of each word: its letters without accents, its stems, whether it is too common to be looked for,
# and whether no product has it. Of the last one the beginning is enough. Served by
# search_word_pkey.
_UNDERSTAND = f"""
SELECT word.folded, {STEMS.format(word="word.folded")} AS stems,
    numnode(plainto_tsquery(catalog_text_config(:asked_locale), word.folded)) = 0 AS common,
    length(word.folded) >= {SHORTEST} AND word.folded !~ '^[0-9]+$' AND NOT EXISTS (
        SELECT FROM search_word AS w
        WHERE w.word = word.folded OR (
            word.n = cardinality(:typed::text[]) AND w.word >= word.folded COLLATE "C"
            AND w.word < (word.folded || '\U0010ffff') COLLATE "C")
    ) AS doubted
FROM (
    SELECT n, folded
    FROM unnest(:typed::text[]) WITH ORDINALITY AS t (typed, n), catalog_sort_key(typed) AS folded
) AS word
ORDER BY word.n
"""

# What is like a word or its stem. Served by search_word_shortened_idx and search_word_trigram_idx.
_ALIKE = f"""
SELECT word.folded, word.forms, array_agg(found.word ORDER BY found.word) AS words,
    array_agg({STEMS.format(word="found.word")} ORDER BY found.word) AS stems
FROM (
    SELECT DISTINCT folded, folded || ARRAY(
        SELECT unnest(tsvector_to_array(to_tsvector(catalog_text_config(locale), folded)))
        FROM unnest(:languages::text[]) AS language (locale)
    ) AS forms
    FROM unnest(:doubted::text[]) AS folded
) AS word
CROSS JOIN LATERAL (
    (SELECT w.word FROM search_word AS w WHERE catalog_shortened(w.word) && ARRAY(
        SELECT unnest(catalog_shortened(form)) FROM unnest(word.forms) AS form
    ) LIMIT 200)
    UNION
    (SELECT w.word FROM search_word AS w
    WHERE length(word.folded) >= {LONG} AND w.word % word.folded
    ORDER BY similarity(w.word, word.folded) DESC, w.word LIMIT 50)
) AS found
GROUP BY word.folded, word.forms
"""

# How many products have each of the words, as far as it matters.
# Served by search_text_document_idx.
_FREQUENT = """
SELECT near.word, (
    SELECT count(*) FROM (
        SELECT FROM search_text AS s
        WHERE s.document @@ near.stems::tsquery AND s.locale = ANY (:languages::text[])
        LIMIT 1000
    ) AS found
) AS products
FROM unnest(:words::text[], :stems::text[]) AS near (word, stems)
"""

# Planned as if all of them were wanted, and read up to the first: for the first alone the planner
# would read the texts one by one, all of them where none has the words. Served by
# search_text_document_idx.
_FOUND = """
WITH hit AS MATERIALIZED (
    SELECT FROM search_text AS s
    JOIN listing AS l ON l.product_id = s.product_id AND {listed}
    WHERE (s.document @@ :words::text::tsquery OR s.product_id = ANY (:exact::int[]))
        AND s.locale = ANY (:languages::text[])
)
SELECT EXISTS (SELECT FROM hit) AS found
"""

# Served by variant_sku_key, variant_barcode_idx and variant_gtin_key.
_BY_KEY = """
SELECT DISTINCT product_id FROM variant
WHERE deleted_at IS NULL AND (sku = :whole OR barcode = :whole OR gtin = :gtin)
"""


@dataclass(frozen=True, slots=True)
class Word:
    """As it was typed, without accents; its stems as a tsquery; what it may have been meant for."""

    text: str
    stems: str | None = None
    meant: "tuple[Word, ...]" = ()

    def asked(self, *, whole: bool) -> str:
        """A tsquery: any of it, or of its beginning where it may not be `whole` yet."""
        quoted = self.text.replace("\\", "\\\\").replace("'", "''")
        literal = f"'{quoted}'" if whole else f"'{quoted}':*"
        begins = f"'{quoted}'" if whole else f"'{quoted}"
        # One stem is only another way to say it: for the index it would be a list more to read.
        covered = self.stems is not None and " " not in self.stems and self.stems.startswith(begins)
        meant = (each.asked(whole=whole) for each in self.meant)
        return " | ".join(filter(None, [None if covered else self.stems, literal, *meant]))


@dataclass(frozen=True, slots=True)
class Words:
    """`products` have one of their keys typed in whole. `languages` are the locales whose texts are
    searched, the best first; the last is that of the rows."""

    words: tuple[Word, ...]
    products: tuple[int, ...]
    languages: tuple[str, ...]
    some: bool = False

    @property
    def values(self) -> Mapping[str, object]:
        """What is bound in `hits`."""
        return {
            "exact": list(self.products),
            "languages": list(self.languages),
            "words": self.asked() or None,
        }

    def hits(self, *, ranked: bool, having: str = ASKED) -> str:
        """`hit`: each product `having` all the words, with its categories, and its `rank` where it
        is `ranked`.

        Served by search_text_document_idx and search_text_pkey.
        """
        rank = f"coalesce(1000000 * ts_rank({WEIGHTS}, s.document, {ASKED}), 0)::int"
        found = f"s.document @@ {having}"
        if self.products:
            by_key = "s.product_id = ANY (:exact::int[])"
            rank = f"CASE WHEN {by_key} THEN {EXACT} ELSE {rank} END"
            found = f"({found} OR {by_key})"
        return f"""(
            SELECT s.product_id, s.category_ids{f", {rank} AS rank" if ranked else ""}
            FROM search_text AS s
            WHERE {found} AND {self._best}
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

    def asked(self, *, whole: bool = False) -> str:
        """A tsquery; where it is not `whole`, of the last word the beginning is enough."""
        last = len(self.words) - 1
        groups = [f"({word.asked(whole=whole or n < last)})" for n, word in enumerate(self.words)]
        if not self.some:
            return " & ".join(groups)
        return " | ".join(
            " & ".join(group for n, group in enumerate(groups) if n != left)
            for left in range(len(groups))
        )


async def understand(ctx: Context, search: str) -> Words:
    """Where nothing has all of several words, one may be lacking. Raises `BadFilter` for what is
    too long to be a search."""
    if len(search) > MOST_LETTERS:
        raise BadFilter(f"a search has at most {MOST_LETTERS} letters", path=("search",))
    typed = search.replace("\x00", " ").split()[:MOST_WORDS]
    whole = " ".join(typed)
    tags.note("keys")
    keyed = await query.rows_once(ctx, _BY_KEY, whole=whole, gtin=refs.gtin(whole))
    products = tuple(row["product_id"] for row in keyed)
    words = Words(await _words(ctx, typed), products, (*ctx.locales, ""))
    if len(words.words) < SEVERAL or await _finds(ctx, words):
        return words
    return replace(words, some=True)


async def _finds(ctx: Context, words: Words) -> bool:
    """Anything that the asker may see: else drafts would show in what is left out."""
    listed = " AND ".join(visibility.listed(ctx))
    (row,) = await query.fetch_once(ctx, _FOUND.format(listed=listed), **words.values)
    return bool(row["found"])


async def _words(ctx: Context, typed: Sequence[str]) -> tuple[Word, ...]:
    languages = [*ctx.locales, ""]
    rows = await query.fetch_once(
        ctx, _UNDERSTAND, typed=typed, asked_locale=ctx.locale, languages=languages
    )
    rows = [row for row in rows if row["folded"]]
    rows = [row for row in rows if not row["common"]] or rows
    doubted = [row["folded"] for row in rows if row["doubted"]]
    alike = await _alike(ctx, doubted, languages) if doubted else {}
    words = [_word(row, alike.get(row["folded"])) for row in rows]
    near = {each.text: each.stems for word in words for each in word.meant}
    if near:
        counted = await query.fetch_once(
            ctx, _FREQUENT, words=list(near), stems=list(near.values()), languages=languages
        )
        products = {row["word"]: row["products"] for row in counted}
        words = [replace(word, meant=_likely(word.meant, products)) for word in words]
    # Twice the same word is asked for once: the later, which may be the beginning of one.
    distinct = {word.text: word for word in reversed(words)}
    return tuple(reversed(distinct.values()))


def _likely(meant: Sequence[Word], products: Mapping[str, int]) -> tuple[Word, ...]:
    most = max((products[each.text] for each in meant), default=0)
    likely = [each for each in meant if products[each.text] * RARER > most]
    return tuple(sorted(likely, key=lambda each: -products[each.text])[:NEAREST])


async def folded(ctx: Context, text: str) -> str:
    """In small letters, without accents, with single spaces."""
    typed = " ".join(text.replace("\x00", " ").split())
    rows = await query.fetch(ctx, "SELECT catalog_sort_key(:typed::text) AS folded", typed=typed)
    return str(rows[0]["folded"] or "")


async def _alike(
    ctx: Context, doubted: Sequence[str], languages: Sequence[str]
) -> dict[str, db.Record]:
    rows = await query.fetch_once(ctx, _ALIKE, doubted=doubted, languages=languages)
    return {row["folded"]: row for row in rows}


def _word(row: db.Record, alike: db.Record | None) -> Word:
    text, stems = row["folded"], row["stems"]
    if alike is None:
        return Word(text, stems)
    its = [each for each in zip(alike["words"], alike["stems"], strict=True) if each[1]]
    # What is too common to be looked for was not meant, and the same stem is no mistake.
    others = {word: stem for word, stem in its if stem != stems}
    if len(others) < len(its):
        return Word(text, stems)
    meant = nearest(alike["forms"], list(others))
    return Word(text, stems, tuple(Word(each, others[each]) for each in meant))


def nearest(forms: Sequence[str], candidates: Sequence[str]) -> tuple[str, ...]:
    """Those that take the fewest mistakes to get to from a word, the first of its forms: one, or
    two in a long word; or else from another form of it."""
    for form in forms:
        found = {each: _mistakes(form, each) for each in candidates}
        least = min(found.values(), default=MOST)
        if least < MOST:
            return tuple(each for each, mistakes in found.items() if mistakes == least)
    return ()


def _mistakes(form: str, word: str) -> int:
    """MOST where they are too many."""
    most = 1 if len(form) < LONG else 2
    mistakes = OSA.distance(form, word, score_cutoff=most)
    return mistakes if mistakes <= most else MOST
