"""Which rows hold the words of a query, under a filter? BM25 (tantivy) over our own tokens.

tantivy knows no bitmaps: a small filter goes into the query as a set of row numbers; for a large one the search
looks deeper in growing steps until enough allowed rows have come.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy

from engine.types import Found, Mask
from indexing.tokens import tokens

#: field -> weight of its words. One field holds all that is said, so that a word counts once and long texts pay for
#: their length; the title adds a little. Measured on judged shop queries: title, tags and body apart, summed with
#: weights 2, 1.5 and 1, rank worse (nDCG@10 0.683 against 0.750).
FIELDS: Final[Mapping[str, float]] = {"all": 1.0, "title": 0.3, "attributes": 0.1}
#: Up to so many allowed rows are named in the query.
NAMED: Final = 500
_HEAP: Final = 64_000_000
_SMALL_HEAP: Final = 15_000_000
#: A query's words beyond these add cost, not meaning.
LONGEST_QUERY: Final = 64


class TextIndex:
    """Immutable once built. One folder on disk, or in memory for live upserts."""

    def __init__(self, index: tantivy.Index | None, schema: tantivy.Schema) -> None:
        self._schema = schema
        if index is None:
            return
        index.config_reader("manual")
        index.reload()
        self._searcher = index.searcher()

    @staticmethod
    def build(texts: Iterable[Mapping[str, str]], folder: Path | None = None) -> "TextIndex":
        """One mapping field -> text per row, in row order; `folder` is created, None keeps the index in memory."""
        schema = _schema()
        texts = iter(texts)
        first = next(texts, None)
        if first is None and folder is None:
            return TextIndex(None, schema)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema, None if folder is None else str(folder))
        writer = index.writer(_HEAP if folder else _SMALL_HEAP, 1)
        for row, text in enumerate(chain([] if first is None else [first], texts)):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            for field in FIELDS:
                document.add_text(field, " ".join(tokens(text.get(field, ""))))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return TextIndex(index, schema)

    @staticmethod
    def open(folder: Path) -> "TextIndex":
        """An index as it was built."""
        return TextIndex(tantivy.Index.open(str(folder)), _schema())

    def search(self, text: str, allowed: Mask, k: int) -> Found:
        """The k best allowed rows. Scores are BM25 sums over the weighted fields; rows without any word never come."""
        query = self._query(text)
        count = int(np.count_nonzero(allowed))
        if query is None or count == 0 or k <= 0:
            return Found.nothing("bm25:0")
        if count <= NAMED:
            among = tantivy.Query.term_set_query(self._schema, "row", np.flatnonzero(allowed).tolist())
            silent = tantivy.Query.boost_query(among, 0.0)
            both = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, silent)])
            return self._take(both, allowed, k, k, f"bm25:named={count}")
        return self._deepen(query, allowed, count, k)

    def _deepen(self, query: tantivy.Query, allowed: Mask, count: int, k: int) -> Found:
        depth = min(len(allowed), int(k * len(allowed) / count * 1.2) + 16)
        while True:
            found = self._take(query, allowed, depth, k, f"bm25:depth={depth}")
            if len(found.rows) >= k or depth >= len(allowed):
                return found
            depth = min(len(allowed), depth * 4)

    def _take(self, query: tantivy.Query, allowed: Mask, depth: int, k: int, plan: str) -> Found:
        hits: list[Any] = self._searcher.search(query, depth, count=False).hits
        if not hits:
            return Found.nothing(plan)
        rows = np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        keep = np.flatnonzero(allowed[rows])
        order = keep[np.lexsort((rows[keep], -scores[keep]))][:k]
        return Found(rows[order], scores[order], plan)

    def _query(self, text: str) -> tantivy.Query | None:
        words = Counter(tokens(text)).most_common(LONGEST_QUERY)
        parts = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, word, "freq"), weight * count)
            for word, count in words
            for field, weight in FIELDS.items()
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, p) for p in parts]) if parts else None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_unsigned_field("row", indexed=True, fast=True)
    for field in FIELDS:
        builder = builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
