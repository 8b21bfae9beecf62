"""The hybrid retriever: several signals, joined by a weighted sum of normalised scores.

Reciprocal rank fusion was measured to lower first hits here (`kepu eval --compare` shows it beside this), so scores
are joined instead: each signal lies between 0 and 1 and has one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from vectorstore import text
from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.profile import Features, Profile, Profiler
from vectorstore.records import Hit, Passage, Tier
from vectorstore.thesaurus import Expansion, Thesaurus

WEIGHTS = {
    "gram": 0.6,
    "word": 0.25,
    "pinyin": 0.35,
    "title": 0.5,
    "coverage": 1.2,
    "run": 0.15,
    "line": 3.0,
    "dense": 0.65,
}
"""What each signal counts for; chosen on the paraphrase suite and a third of the card questions."""

_SOUND = 0.85
"""What a match by sound counts for beside a match by characters."""

_EXPANDED = 0.7
"""Weight of a thesaurus term beside a word of the question itself."""

_LOOKED_AT = 24
"""How many of the lexical hits are compared closely."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as the signals see it: its text, tokens and sounds with weights, expansions, features."""

    text: str
    tokens: tuple[tuple[str, float], ...]
    sounds: tuple[tuple[str, float], ...]
    expansions: tuple[Expansion, ...]
    features: Features
    weight: float
    said: str


class HybridRetriever(BaseRetriever):
    """LangChain retriever over clauses, cards and chunks.

    `dense` opens the dense index on first use and is asked only when the lexical evidence is not decisive.
    `off` names signals that are left out (for ablations).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    passages: dict[str, Passage]
    lexical: LexicalIndex
    thesaurus: Thesaurus
    dense: Callable[[], DenseIndex | None]
    off: frozenset[str] = frozenset()
    k: int = 5
    tier: Tier = Tier.NOTICE
    decisive: float = 0.75
    _profiler: Profiler = PrivateAttr()
    _profiles: dict[str, Profile] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:
        """Prepares the comparison of passages."""
        self._profiler = Profiler(self.lexical, self.thesaurus, self.off)

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
        if not probe.tokens:
            return []
        signals = self._lexical_signals(probe, tier, scopes)
        hits = self._rank(probe, signals)
        if not self._is_decisive(hits) and "dense" not in self.off:
            for id_, score in self._dense_signal(query, tier, scopes).items():
                signals.setdefault(id_, {})["dense"] = score
            hits = self._rank(probe, signals)
        return hits[:limit]

    def probe(self, query: str) -> Probe:
        """Reads a question: what the signals look for."""
        normal = text.normalise(query)
        expansions = () if "thesaurus" in self.off else tuple(self.thesaurus.expand(normal))
        features = self._profiler.features(normal)
        sounds = () if "pinyin" in self.off else self._profiler.weighted(text.pinyin(normal))
        return Probe(
            text=normal,
            tokens=self._profiler.weighted(text.bigrams(normal)),
            sounds=sounds,
            expansions=expansions,
            features=features,
            weight=self._profiler.weight(features),
            said=normal + "\n" + "\n".join(t for e in expansions for t in e.terms),
        )

    def _is_decisive(self, hits: list[Hit]) -> bool:
        if not hits:
            return False
        return hits[0].signals.get("coverage", 0.0) >= self.decisive and (
            len(hits) == 1 or hits[0].score > hits[1].score * 1.15
        )

    def _lexical_signals(self, probe: Probe, tier: Tier, scopes: Sequence[str]) -> dict[str, dict[str, float]]:
        signals: dict[str, dict[str, float]] = {}
        where = scopes or (f"tier:{tier.value}",)
        for name in ("gram", "word", "pinyin"):
            if name in self.off:
                continue
            found = self.lexical.search(name, _tokens(name, probe), where)
            best = max((f.score for f in found), default=0.0) or 1.0
            for hit in found:
                signals.setdefault(hit.id, {})[name] = hit.score / best
        best_first = sorted(signals, key=lambda i: -sum(WEIGHTS[n] * s for n, s in signals[i].items()))
        return {id_: signals[id_] for id_ in best_first[:_LOOKED_AT]}

    def _dense_signal(self, query: str, tier: Tier, scopes: Sequence[str]) -> dict[str, float]:
        index = self.dense()
        if index is None:
            return {}
        found = index.search(query, tier, scopes)
        best = max(found.values(), default=0.0) or 1.0
        return {id_: score / best for id_, score in found.items() if id_ in self.passages}

    def _rank(self, probe: Probe, signals: dict[str, dict[str, float]]) -> list[Hit]:
        weights = {name: weight for name, weight in WEIGHTS.items() if name not in self.off}
        total = sum(weight for name, weight in weights.items() if name != "dense")
        hits = []
        for id_, own in signals.items():
            passage = self.passages[id_]
            if "coverage" not in own:
                own.update(self._match(probe, passage))
            score = sum(weights[name] * value for name, value in own.items() if name in weights) / total
            hits.append(Hit(passage, score, own))
        return sorted(hits, key=lambda h: -h.score)

    def _match(self, probe: Probe, passage: Passage) -> dict[str, float]:
        profile = self._profiles.get(passage.id)
        if profile is None:
            profile = self._profiles[passage.id] = self._profiler.profile(passage)
        return {
            "coverage": max(_coverage(probe, profile), _SOUND * _share(probe.sounds, profile.sounds)),
            "title": _said_share(profile.title, probe.said),
            "run": _longest_run(probe.text, profile.words),
            "line": self._line(probe, profile),
        }

    def _line(self, probe: Probe, profile: Profile) -> float:
        """How like the question is to the wording of the passage that is most like it (0 to 1)."""
        best = 0.0
        for features, weight in profile.lines:
            common = features & probe.features
            if common:
                best = max(best, 2 * self._profiler.weight(common) / (probe.weight + weight))
        return best


def _tokens(field: str, probe: Probe) -> list[tuple[str, float]]:
    """Weighted tokens of one field: those of the question, then those of the thesaurus terms."""
    make: dict[str, Any] = {"gram": text.grams, "word": text.words, "pinyin": text.pinyin}
    weights = {token: 1.0 for token in make[field](probe.text)}
    for expansion in probe.expansions:
        for term in expansion.terms:
            for token in make[field](term):
                weights.setdefault(token, _EXPANDED)
    return list(weights.items())


def _coverage(probe: Probe, profile: Profile) -> float:
    """Share (by rarity) of what the question says that the passage says too, in its words or in terms."""
    explained = [e.word for e in probe.expansions if any(t in profile.words for t in e.terms)]
    have = total = 0.0
    for token, weight in probe.tokens:
        total += weight
        if token in profile.tokens or any(token in word for word in explained):
            have += weight
    return have / total if total else 0.0


def _share(wanted: Sequence[tuple[str, float]], having: frozenset[str]) -> float:
    """Share (by rarity) of `wanted` that stands in `having`."""
    total = sum(weight for _, weight in wanted)
    return sum(weight for token, weight in wanted if token in having) / total if total else 0.0


def _said_share(title: Sequence[tuple[str, float]], said: str) -> float:
    """Share (by rarity) of the title that the question names, in its words or in everyday words."""
    total = sum(weight for _, weight in title)
    return sum(weight for token, weight in title if token in said) / total if total else 0.0


def _longest_run(question: str, words: str) -> float:
    """Length of the longest stretch of the question that stands in the passage, 12 characters counting 1."""
    best = 0
    for start in range(len(question)):
        while start + best < len(question) and question[start : start + best + 1] in words:
            best += 1
    return min(best, 12) / 12 if best > 2 else 0.0
