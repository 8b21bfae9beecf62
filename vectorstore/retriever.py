"""The hybrid retriever: several signals, joined by a weighted sum of normalised scores.

Reciprocal rank fusion was measured to lower first hits here (`kepu eval --compare` shows it beside this), so scores
are joined instead: each signal lies between 0 and 1 and has one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from vectorstore import text
from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.overlap import Array, OverlapIndex
from vectorstore.records import Hit, Passage, Tier
from vectorstore.thesaurus import Expansion, Thesaurus

WEIGHTS = {"lexical": 1.2, "coverage": 1.2, "line": 3.0, "dense": 0.8}
"""What each signal counts for; chosen on the paraphrase suite and a third of the card questions."""

_EXPANDED = 0.7
"""Weight of a thesaurus term beside a word of the question itself."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as the signals see it: its normalised text and the everyday words in it."""

    text: str
    expansions: tuple[Expansion, ...]
    concepts: frozenset[int]


class HybridRetriever(BaseRetriever):
    """LangChain retriever over clauses, cards and chunks.

    `dense` opens the dense index on first use; it is asked only when the other signals explain less of the question
    than `decisive` (0 to 2). `off` names signals that are left out (for ablations).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    passages: dict[str, Passage]
    lexical: LexicalIndex
    overlaps: dict[Tier, OverlapIndex]
    thesaurus: Thesaurus
    dense: Callable[[], DenseIndex | None]
    off: frozenset[str] = frozenset()
    k: int = 5
    tier: Tier = Tier.NOTICE
    decisive: float = 0.9
    _places: dict[Tier, dict[str, int]] = PrivateAttr()
    _masks: dict[tuple[Tier, str], Array] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:
        """Prepares the look-ups by passage."""
        self._places = {tier: {id_: n for n, id_ in enumerate(o.ids)} for tier, o in self.overlaps.items()}

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
        if tier not in self.overlaps or not text.bigrams(probe.text):
            return []
        said = self.overlaps[tier].compare(probe.text, probe.expansions, probe.concepts)
        signals = {"coverage": said.coverage, "line": said.line, "lexical": self._lexical(probe, tier, scopes)}
        mask = self._mask(tier, scopes)
        hits = self._best(tier, signals, mask, limit)
        if "dense" not in self.off and (not hits or _explained(hits[0]) < self.decisive):
            signals["dense"] = self._dense(query, tier, scopes)
            hits = self._best(tier, signals, mask, limit)
        return hits

    def probe(self, query: str) -> Probe:
        """Reads a question: what the signals look for."""
        normal = text.normalise(query)
        return Probe(normal, (), frozenset()) if "thesaurus" in self.off else _probe(normal, self.thesaurus)

    def _mask(self, tier: Tier, scopes: Sequence[str]) -> Array | None:
        """Which passages may be found, by their places in the overlap index of the tier; None: all of them."""
        if not scopes:
            return None
        inside = np.zeros(len(self._places[tier]), bool)
        for scope in scopes:
            inside |= self._members(tier, scope)
        return inside

    def _members(self, tier: Tier, scope: str) -> Array:
        if (tier, scope) not in self._masks:
            ids = self.overlaps[tier].ids
            self._masks[tier, scope] = np.fromiter((self.passages[i].scope == scope for i in ids), bool, len(ids))
        return self._masks[tier, scope]

    def _best(self, tier: Tier, signals: dict[str, Array], mask: Array | None, limit: int) -> list[Hit]:
        used = {name: values for name, values in signals.items() if name not in self.off}
        total = sum(WEIGHTS[name] for name in WEIGHTS if name not in self.off and name != "dense") or WEIGHTS["dense"]
        ids = self.overlaps[tier].ids
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

    def _lexical(self, probe: Probe, tier: Tier, scopes: Sequence[str]) -> Array:
        """BM25 scores, the best one counting 1."""
        where = scopes or (f"tier:{tier.value}",)
        found = self.lexical.search(_tokens(probe), where)
        return self._placed(tier, {f.id: f.score for f in found})

    def _dense(self, query: str, tier: Tier, scopes: Sequence[str]) -> Array:
        """Cosine similarities, the best one counting 1, the least of those found 0."""
        index = self.dense()
        found = index.search(query, tier, scopes) if index else {}
        least = min(found.values(), default=0.0)
        return self._placed(tier, {id_: score - least for id_, score in found.items()})

    def _placed(self, tier: Tier, found: dict[str, float]) -> Array:
        places = self._places[tier]
        placed = np.zeros(len(places))
        best = max(found.values(), default=0.0) or 1.0
        for id_, score in found.items():
            if id_ in places:
                placed[places[id_]] = score / best
        return placed


@lru_cache(maxsize=64)
def _probe(normal: str, thesaurus: Thesaurus) -> Probe:
    # One question is looked for in every tier.
    return Probe(normal, tuple(thesaurus.expand(normal)), thesaurus.concepts(normal))


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
