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
_STEMS = """(
    SELECT string_agg(DISTINCT stem::text, ' | ')
    FROM unnest(:languages::text[]) AS language (locale),
        plainto_tsquery(catalog_text_config(language.locale), {word}) AS stem
    WHERE numnode(stem) > 0
)"""

# Of each word: its letters without accents, its stems, whether it is too common to be looked for,
# and, where no product has it, what is like it or its stem. Of the last one the beginning is
# enough. Served by search_word_pkey, search_word_shortened_idx and search_word_trigram_idx.
_UNDERSTAND = f"""
SELECT word.folded, word.forms, {_STEMS.format(word="word.folded")} AS stems,
    numnode(plainto_tsquery(catalog_text_config(:asked_locale), word.folded)) = 0 AS common,
    alike.words, alike.stems AS their_stems
FROM (
    SELECT n, folded, folded || ARRAY(
        SELECT unnest(tsvector_to_array(to_tsvector(catalog_text_config(locale), folded)))
        FROM unnest(:languages::text[]) AS language (locale)
    ) AS forms
    FROM unnest(:typed::text[]) WITH ORDINALITY AS t (typed, n), catalog_sort_key(typed) AS folded
) AS word
LEFT JOIN LATERAL (
    SELECT array_agg(found.word) AS words, array_agg({_STEMS.format(word="found.word")}) AS stems
    FROM (
        (SELECT w.word FROM search_word AS w WHERE catalog_shortened(w.word) && ARRAY(
            SELECT unnest(catalog_shortened(form)) FROM unnest(word.forms) AS form
        ) LIMIT 200)
        UNION
        (SELECT w.word FROM search_word AS w
        WHERE length(word.folded) >= {LONG} AND w.word % word.folded
        ORDER BY similarity(w.word, word.folded) DESC, w.word LIMIT 50)
        ORDER BY word
    ) AS found
    WHERE length(word.folded) >= {SHORTEST} AND word.folded !~ '^[0-9]+$' AND NOT EXISTS (
        SELECT FROM search_word AS w
        WHERE w.word = word.folded OR (
            word.n = cardinality(:typed::text[]) AND w.word >= word.folded COLLATE "C"
            AND w.word < (word.folded || '\U0010ffff') COLLATE "C")
    )
) AS alike ON true
ORDER BY word.n
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
        meant = (each.asked(whole=whole) for each in self.meant)
        return " | ".join(filter(None, [self.stems, literal, *meant]))


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
            "words": self._query or None,
        }

    def hits(self, *, ranked: bool) -> str:
        """`hit`: each product that has all the words, with its `rank` where it is `ranked`.

        Served by search_text_document_idx and search_text_pkey.
        """
        rank = f"""CASE WHEN s.product_id = ANY (:exact::int[]) THEN {EXACT} ELSE
            coalesce(1000000 * ts_rank({WEIGHTS}, s.document, {ASKED}), 0)::int END"""
        return f"""(
            SELECT s.product_id{f", {rank} AS rank" if ranked else ""}
            FROM search_text AS s
            WHERE (s.document @@ {ASKED} OR s.product_id = ANY (:exact::int[])) AND {self._best}
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
        groups = [f"({word.asked(whole=n < last)})" for n, word in enumerate(self.words)]
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
    keyed = await query.rows(ctx, _BY_KEY, whole=whole, gtin=refs.gtin(whole))
    products = tuple(row["product_id"] for row in keyed)
    words = Words(await _words(ctx, typed), products, (*ctx.locales, ""))
    if len(words.words) < SEVERAL or await _finds(ctx, words):
        return words
    return replace(words, some=True)


async def _finds(ctx: Context, words: Words) -> bool:
    """Anything that the asker may see: else drafts would show in what is left out."""
    listed = " AND ".join(visibility.listed(ctx))
    (row,) = await query.fetch(ctx, _FOUND.format(listed=listed), **words.values)
    return bool(row["found"])


async def _words(ctx: Context, typed: Sequence[str]) -> tuple[Word, ...]:
    languages = [*ctx.locales, ""]
    rows = await query.fetch(
        ctx, _UNDERSTAND, typed=typed, asked_locale=ctx.locale, languages=languages
    )
    rows = [row for row in rows if row["folded"]]
    words = [_word(row) for row in rows if not row["common"]] or [_word(row) for row in rows]
    near = {each.text: each.stems for word in words for each in word.meant}
    if near:
        counted = await query.fetch(
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


def _word(row: db.Record) -> Word:
    text, stems = row["folded"], row["stems"]
    alike = dict(zip(row["words"] or (), row["their_stems"] or (), strict=True))
    # What is too common to be looked for was not meant, and the same stem is no mistake.
    others = {each: its for each, its in alike.items() if its and its != stems}
    if len(others) < len([its for its in alike.values() if its]):
        return Word(text, stems)
    meant = nearest(row["forms"], list(others))
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
