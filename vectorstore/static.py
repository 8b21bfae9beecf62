"""Static word vectors (model2vec) behind LangChain's interface: numpy only, no torch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from model2vec import StaticModel

from vectorstore import text

_KNOWN = 2
"""The first two words of the list stand for padding and for what is not in it."""
_PASSAGES = 1024
"""So many texts are kept as they were read."""


class StaticEmbeddings(Embeddings):
    """A model2vec folder as LangChain `Embeddings`; vectors are of length 1."""

    def __init__(self, folder: Path) -> None:
        self._model = StaticModel.from_pretrained(str(folder))
        vectors = self._model.embedding.astype(np.float32)
        self._weights = np.linalg.norm(vectors, axis=1)
        self._directions = vectors / np.maximum(self._weights, 1e-9)[:, None]
        self._read = lru_cache(maxsize=_PASSAGES)(self._reading)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        vectors: list[list[float]] = self._model.encode([text.normalise(t) for t in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]

    def closeness(self, question: str, texts: Iterable[str]) -> list[float]:
        """How much of a question's words each text says, or says nearly (0 to 1), rare words counting more.

        Each word counts the cosine of the text's nearest word, 1 when the text has it (a soft alignment, as BERTScore
        by Zhang et al., ICLR 2020, without a model).
        """
        asked = self._words(question)
        return [self._closeness(asked, *self._read(said)) for said in texts]

    def _closeness(self, asked: Any, held: Any, normal: str) -> float:
        if not len(asked) or not len(held):
            return 0.0
        inside = np.array([self._model.tokens[word] in normal for word in asked])
        nearest = (self._directions[asked] @ self._directions[held].T).max(1)
        weights = self._weights[asked]
        return float(weights @ np.where(inside, 1.0, nearest) / weights.sum())

    def _reading(self, said: str) -> tuple[Any, str]:
        return self._words(said), text.normalise(said)

    def _words(self, said: str) -> Any:
        """The numbers of the known words of a text, each once."""
        lines = [text.normalise(line) for line in said.split("\n")]
        return np.unique([word for line in self._model.tokenize(lines) for word in line if word >= _KNOWN]).astype(int)
