"""The hybrid retriever: several signals, joined by a weighted sum of normalised scores.

Reciprocal rank fusion was measured to lower first hits here (`kepu eval --compare` shows it beside this), so scores
are joined instead: each signal lies between 0 and 1 and has one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore import embeddings, text
from vectorstore.lexical import LexicalIndex
from vectorstore.overlap import Array, OverlapIndex
from vectorstore.records import Hit, Passage, Tier
from vectorstore.shelves import Shelves
from vectorstore.thesaurus import Expansion, Thesaurus

WEIGHTS = {"lexical": 1.2, "coverage": 1.2, "line": 3.0, "wordings": 1.2, "dense": 0.8}
"""What each signal counts for; chosen on the paraphrase suite and a third of the card questions."""
_BESIDE = ("wordings", "dense")
"""Signals that a score of 1 does not need."""

CLOSE = 0.8
"""What a first hit loses per difference in closeness of words to the closest of them."""
_RANKED_AGAIN = 5
"""So many first hits are ranked again by the closeness of their words."""
_EXPANDED = 0.7
"""Weight of a thesaurus term beside a word of the question itself."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as the signals see it: its normalised text and the everyday words in it."""

    text: str
    expansions: tuple[Expansion, ...]
    concepts: frozenset[int]


class Vectors(Protocol):
    """A dense index, wherever its vectors are kept."""

    def search(self, query: str, tier: Tier, scopes: Sequence[str] = (), limit: int = 60) -> dict[str, float]:
        """The nearest passages of one tier, as id → cosine similarity (0 to 1)."""


class HybridRetriever(BaseRetriever):
    """LangChain retriever over clauses, cards and chunks.

    `dense` opens the dense index on first use; it is asked only when the other signals explain less of the question
    than `decisive` (0 to 2). `off` names signals that are left out (for ablations).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    passages: dict[str, Passage]
    lexical: LexicalIndex
    overlaps: Shelves[OverlapIndex]
    thesaurus: Thesaurus
    dense: Callable[[], Vectors | None]
    off: frozenset[str] = frozenset()
    k: int = 5
    tier: Tier = Tier.NOTICE
    decisive: float = 0.9

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                hit.passage.text,
                id=hit.passage.id,
                metadata={
                    "source": hit.passage.scope,
                    "locator": hit.passage.locator,
                    "title": hit.passage.title,
                    "tier": hit.passage.tier.value,
                    "score": hit.score,
                },
            )
            for hit in self.search(query, self.tier, limit=self.k)
        ]

    def search(self, query: str, tier: Tier, scopes: Sequence[str] = (), limit: int = 5) -> list[Hit]:
        """The best passages of one tier for a question, best first; `score` lies between 0 and 1."""
        probe = self.probe(query)
        shelf = self.overlaps.choose(tier, scopes)
        index = self.overlaps.get(shelf)
        if index is None or not text.bigrams(probe.text):
            return []
        said = index.compare(probe.text, probe.expansions, probe.concepts, heard="pinyin" not in self.off)
        signals = {"coverage": said.coverage, "line": said.line, "wordings": said.wordings}
        signals["lexical"] = self._lexical(probe, tier, scopes, index)
        mask = self._mask(index, scopes) if scopes and shelf == tier else None
        wide = max(limit, _RANKED_AGAIN)
        hits = self._best(index, signals, mask, wide)
        if "dense" not in self.off and (not hits or _explained(hits[0]) < self.decisive):
            signals["dense"] = self._dense(query, tier, scopes, index)
            hits = self._best(index, signals, mask, wide)
        return (hits if "close" in self.off else _ranked_again(query, hits))[:limit]

    def probe(self, query: str) -> Probe:
        """Reads a question: what the signals look for."""
        normal = text.normalise(query)
        return Probe(normal, (), frozenset()) if "thesaurus" in self.off else _probe(normal, self.thesaurus)

    def _mask(self, index: OverlapIndex, scopes: Sequence[str]) -> Array:
        """Which passages of an index may be found."""
        wanted = frozenset(scopes)
        return np.fromiter((self.passages[i].scope in wanted for i in index.ids), bool, len(index.ids))

    def _best(self, index: OverlapIndex, signals: dict[str, Array], mask: Array | None, limit: int) -> list[Hit]:
        used = {name: values for name, values in signals.items() if name not in self.off}
        total = (
            sum(WEIGHTS[name] for name in WEIGHTS if name not in self.off and name not in _BESIDE) or WEIGHTS["dense"]
        )
        ids = index.ids
        scores = sum((WEIGHTS[name] * values for name, values in used.items()), np.zeros(len(ids))) / total
        if mask is not None:
            scores = np.where(mask, scores, 0.0)
        first = np.argsort(-scores, kind="stable")[:limit]
        return [
            Hit(
                self.passages[ids[n]],
                float(scores[n]),
                {name: float(values[n]) for name, values in used.items()},
            )
            for n in first
            if scores[n] > 0
        ]

    def _lexical(self, probe: Probe, tier: Tier, scopes: Sequence[str], index: OverlapIndex) -> Array:
        """BM25 scores, the best one counting 1."""
        where = scopes or (f"tier:{tier.value}",)
        found = self.lexical.search(_tokens(probe), where)
        return _placed(index, {f.id: f.score for f in found})

    def _dense(self, query: str, tier: Tier, scopes: Sequence[str], index: OverlapIndex) -> Array:
        """Cosine similarities, the best one counting 1, the least of those found 0."""
        vectors = self.dense()
        found = vectors.search(query, tier, scopes) if vectors else {}
        least = min(found.values(), default=0.0)
        return _placed(index, {id_: score - least for id_, score in found.items()})


def _placed(index: OverlapIndex, found: dict[str, float]) -> Array:
    """Scores by passage as an array in the order of an index, the best one counting 1."""
    placed = np.zeros(len(index.ids))
    best = max(found.values(), default=0.0) or 1.0
    for id_, score in found.items():
        if (place := index.places.get(id_)) is not None:
            placed[place] = score / best
    return placed


@lru_cache(maxsize=64)
def _probe(normal: str, thesaurus: Thesaurus) -> Probe:
    # One question is looked for in every tier.
    return Probe(normal, tuple(thesaurus.expand(normal)), thesaurus.concepts(normal))


def _ranked_again(query: str, hits: list[Hit]) -> list[Hit]:
    """The first hits by how much of the question's words they say or nearly say, besides their scores."""
    close = embeddings.default().closeness(query, (hit.passage.said for hit in hits[:_RANKED_AGAIN]))
    most = max(close, default=0.0)
    first = [
        replace(hit, score=hit.score - CLOSE * (most - near), signals={**hit.signals, "close": near})
        for hit, near in zip(hits, close, strict=False)
    ]
    return sorted([*first, *hits[_RANKED_AGAIN:]], key=lambda hit: -hit.score)


def _explained(hit: Hit) -> float:
    return hit.signals.get("coverage", 0.0) + hit.signals.get("line", 0.0)


def _tokens(probe: Probe) -> dict[str, float]:
    """Tokens with their weights: those of the question, then those of the thesaurus terms."""
    weights = dict.fromkeys(text.grams(probe.text), 1.0)
    for expansion in probe.expansions:
        for term in expansion.terms:
            for token in text.grams(term):
                weights.setdefault(token, _EXPANDED)
    return weights
