"""Baselines: what others usually build, over the same notice and the same embedding, for comparison in one run.

They return chunks, not clauses. A chunk counts for the clause whose title and duty bracket (or, without one, whose
whole title) it holds; of several, the one that stands first in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ingest.pipeline import corpus
from ingest.readers import read_text
from vectorstore import text
from vectorstore.embeddings import load
from vectorstore.records import Clause

CHUNK, OVERLAP = 500, 50
"""The splitter of most tutorials."""
_FOUND = 20

Chunks = Callable[[str], Sequence[str]]
"""The texts that a baseline finds for a question, best first."""


def plain_chain(folder: Path, most: int = _FOUND) -> Chunks:
    """The chain of most tutorials: recursive splitter of 500 characters, Chroma similarity search for `most` chunks."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    store = Chroma(persist_directory=str(folder), embedding_function=load(None))
    store.add_texts(splitter.split_text(notice_text()))
    return lambda question: [d.page_content for d in store.similarity_search(question, k=most)]


def llama_index() -> Chunks:
    """LlamaIndex's default index and retriever (its own splitter, no model) with the same embedding."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding

    embedding = load(None)

    class Same(BaseEmbedding):
        """The program's embedding as LlamaIndex wants it."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return embedding.embed_query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return embedding.embed_documents([text])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    index = VectorStoreIndex.from_documents([Document(text=notice_text())], embed_model=Same())
    retriever = index.as_retriever(similarity_top_k=_FOUND)

    def found(question: str) -> list[str]:
        with np.errstate(invalid="ignore"):  # a question without one word that the embedding knows has no direction
            return [node.get_content() for node in retriever.retrieve(question)]

    return found


def notice_text() -> str:
    """The built-in notice as one text."""
    return "\n".join(read_text(f) for f in sorted((corpus() / "notices").glob("*.txt")))


def as_locators(chunks: Chunks, clauses: Sequence[Clause]) -> Callable[[str], list[str]]:
    """A baseline as a ranking of clauses."""
    signs = [(c.path, _signs(c)) for c in clauses]

    def rank(question: str) -> list[str]:
        found: dict[str, None] = {}
        for chunk in chunks(question):
            squeezed = text.squeeze(chunk)
            held = [(squeezed.find(words[0]), path) for path, words in signs if all(w in squeezed for w in words)]
            found.update(dict.fromkeys(path for _, path in sorted(held)))
        return list(found)

    return rank


def _signs(clause: Clause) -> list[str]:
    words: list[Any] = [clause.title, *(m.text for m in clause.brackets)]
    return [text.squeeze(w) for w in words]
