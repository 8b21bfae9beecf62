"""The hybrid retriever: several signals, joined by a weighted sum of normalised scores.

Reciprocal rank fusion was measured to lower first hits here (docs/design.md, decision 3), so scores are
joined instead: each signal lies between 0 and 1 and has one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from vectorstore import text
from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
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
"""What each signal counts for; chosen on the development half of the paraphrase suite."""

_SOUND = 0.85
"""What a match by sound counts for beside a match by characters."""

_EXPANDED = 0.7
"""Weight of a thesaurus term beside a word of the question itself."""

_CONCEPT = 4.0
"""Weight of a shared concept of the thesaurus, beside a pair of characters that counts its rarity (0 to 8)."""

_CHARACTER = 0.3
"""Weight of a single shared character beside a pair."""

Features = frozenset[str | int]
"""What a short text is compared by: pairs of characters, characters, pairs of syllables, concepts."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as the signals see it: normalised text, its tokens with weights, its expansions."""

    text: str
    tokens: tuple[str, ...]
    syllables: str
    expansions: tuple[Expansion, ...]
    features: Features


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
    _lines: dict[str, list[tuple[Features, float]]] = PrivateAttr(default_factory=dict)

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
        tokens = tuple(dict.fromkeys(text.grams(normal)))
        return Probe(normal, tokens, _joined_syllables(normal), expansions, self._features(normal))

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
        return signals

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
            own.update(self._match(probe, passage))
            score = sum(weights[name] * value for name, value in own.items() if name in weights) / total
            hits.append(Hit(passage, score, own))
        return sorted(hits, key=lambda h: -h.score)

    def _match(self, probe: Probe, passage: Passage) -> dict[str, float]:
        body, title = _normal(passage.text, passage.context, *passage.asked_as), _normal(passage.title)
        weigh = self._idf
        return {
            "coverage": max(_coverage(probe, body + "\n" + title, weigh), _SOUND * self._sound(probe, body, title)),
            "title": _title_share(probe, title, weigh),
            "run": _longest_run(probe.text, body + "\n" + title),
            "line": self._line(probe, passage),
        }

    def _line(self, probe: Probe, passage: Passage) -> float:
        """How like the question is to the wording of the passage that is most like it (0 to 1)."""
        asked = self._weight(probe.features)
        best = 0.0
        for features, weight in self._wordings(passage):
            common = self._weight(features & probe.features)
            best = max(best, 2 * common / (asked + weight) if common else 0.0)
        return best

    def _wordings(self, passage: Passage) -> list[tuple[Features, float]]:
        found = self._lines.get(passage.id)
        if found is None:
            lines = [text.normalise(said) for said in (passage.title, *passage.asked_as)]
            found = self._lines[passage.id] = [(f, self._weight(f)) for f in map(self._features, lines)]
        return found

    def _features(self, normal: str) -> Features:
        found: set[str | int] = set(text.grams(normal))
        if "pinyin" not in self.off:
            found.update(text.pinyin(normal))
        if "thesaurus" not in self.off:
            found.update(self.thesaurus.concepts(normal))
        return frozenset(found)

    def _weight(self, features: Features) -> float:
        return sum(map(self._rarity, features))

    def _rarity(self, feature: str | int) -> float:
        if isinstance(feature, int):
            return _CONCEPT
        if "_" in feature:
            return 0.5 * self.lexical.idf("pinyin", feature)
        return self.lexical.idf("gram", feature) * (_CHARACTER if len(feature) == 1 else 1.0)

    def _sound(self, probe: Probe, body: str, title: str) -> float:
        """Share (by rarity) of the question's pairs of syllables that the passage has: typed or misheard words."""
        if "pinyin" in self.off:
            return 0.0
        said = text.pinyin(probe.text)
        weights = [self.lexical.idf("pinyin", pair) for pair in said]
        heard = _sounds(title) | _sounds(body)
        have = sum(weight for pair, weight in zip(said, weights, strict=True) if pair in heard)
        return have / sum(weights) if said else 0.0

    def _idf(self, token: str) -> float:
        return self.lexical.idf("gram", token)


@lru_cache(maxsize=4096)
def _normal(*parts: str) -> str:
    return text.normalise("\n".join(parts))


@lru_cache(maxsize=4096)
def _sounds(normal: str) -> frozenset[str]:
    return frozenset(text.pinyin(normal))


@lru_cache(maxsize=1024)
def _joined_syllables(normal: str) -> str:
    return " ".join(text.syllables(normal))


def _tokens(field: str, probe: Probe) -> list[tuple[str, float]]:
    """Weighted tokens of one field: those of the question, then those of the thesaurus terms."""
    make: dict[str, Any] = {"gram": text.grams, "word": text.words, "pinyin": text.pinyin}
    weights = {token: 1.0 for token in make[field](probe.text)}
    for expansion in probe.expansions:
        for term in expansion.terms:
            for token in make[field](term):
                weights.setdefault(token, _EXPANDED)
    return list(weights.items())


def _coverage(probe: Probe, body: str, weigh: Callable[[str], float]) -> float:
    """Share (by rarity) of what the question says that the passage says too, in its words or in terms."""
    explained = {e.word: any(t in body for t in e.terms) for e in probe.expansions}
    have = total = 0.0
    for token in text.bigrams(probe.text):
        weight = weigh(token)
        total += weight
        if token in body or any(ok and token in word for word, ok in explained.items()):
            have += weight
    return have / total if total else 0.0


def _title_share(probe: Probe, title: str, weigh: Callable[[str], float]) -> float:
    """Share (by rarity) of the title that the question names, in its words or in everyday words."""
    said = probe.text + "\n" + "\n".join(t for e in probe.expansions for t in e.terms)
    have = total = 0.0
    for token in text.bigrams(title):
        weight = weigh(token)
        total += weight
        have += weight if token in said else 0.0
    return have / total if total else 0.0


def _longest_run(question: str, body: str) -> float:
    """Length of the longest stretch of the question that stands in the passage, 12 characters counting 1."""
    best = 0
    for start in range(len(question)):
        while start + best < len(question) and question[start : start + best + 1] in body:
            best += 1
    return min(best, 12) / 12 if best > 2 else 0.0
