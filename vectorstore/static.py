"""Static word vectors (model2vec) behind LangChain's interface: numpy only, no torch."""

from __future__ import annotations

from pathlib import Path

from langchain_core.embeddings import Embeddings
from model2vec import StaticModel

from vectorstore import text


class StaticEmbeddings(Embeddings):
    """A model2vec folder as LangChain `Embeddings`; vectors are of length 1."""

    def __init__(self, folder: Path) -> None:
        self._model = StaticModel.from_pretrained(str(folder))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        vectors: list[list[float]] = self._model.encode([text.normalise(t) for t in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]
