"""The lexical index: one tantivy index over characters and their pairs, ranked by BM25.

Words and syllables as further fields were measured to add nothing beside the overlap index (which hears syllables).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from vectorstore import text
from vectorstore.records import Passage

_WRITER_BYTES = 30_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: passage id and BM25 score."""

    id: str
    score: float


@lru_cache(maxsize=1)
def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("scope", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("gram", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """A read-only index over passages. Build it with `build`, open it with the constructor."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    @staticmethod
    def build(folder: Path, passages: Iterable[Passage]) -> None:
        """Writes an index over `passages` into `folder`, which exists."""
        index = tantivy.Index(_schema(), path=str(folder), reuse=False)
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for passage in passages:
            writer.add_document(_document(passage))
        writer.commit()
        writer.wait_merging_threads()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, tokens: Mapping[str, float], scopes: Sequence[str] = (), limit: int = 20) -> list[Found]:
        """The best passages for tokens with their weights, within `scopes` when any are given."""
        should = [(tantivy.Occur.Should, _term("gram", token, weight)) for token, weight in tokens.items()]
        if not should:
            return []
        query = tantivy.Query.boolean_query(should)
        if scopes:
            within = [(tantivy.Occur.Should, _term("scope", scope, 0.0)) for scope in scopes]
            both = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.boolean_query(within))]
            query = tantivy.Query.boolean_query(both)
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return [Found(self._searcher.doc(address)["id"][0], score) for score, address in hits]


@lru_cache(maxsize=20_000)
def _term(field: str, token: str, weight: float) -> Any:
    term = tantivy.Query.term_query(_schema(), field, token, "freq" if field == "gram" else "basic")
    return term if weight == 1.0 else tantivy.Query.boost_query(term, weight)


def _document(passage: Passage) -> Any:
    body = text.normalise("\n".join((passage.context, passage.title, passage.text, *passage.asked_as)))
    gram = [" ".join(text.grams(body))]
    return tantivy.Document(id=[passage.id], scope=[passage.scope, f"tier:{passage.tier}"], gram=gram)
