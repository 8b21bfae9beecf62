"""Intent: whether a question is of a kind that is answered here at all, learnt from labelled examples.

A linear model over pairs and triples of characters and the sentence's vector. `intent-examples.yaml` holds the
examples; `python -m evals.train_intent` makes `intent.npz` from them: a column of weights for each kind, one for
emergencies, one for despair. Rules that must hold stand in boundaries.yaml.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from vectorstore import embeddings, text

BUCKETS = 1 << 15
"""Character n-grams are counted in so many buckets."""
VECTOR_WEIGHT = 1.5
"""What the sentence's vector counts for beside the n-grams, which have length 1 together."""
PLAN, CARD, EMERGENCY, SUSPICIOUS = "plan", "card", "emergency", "suspicious"
ANSWERED = (PLAN, CARD, EMERGENCY, SUSPICIOUS)
"""The kinds that are answered here; all others are refused."""
MEDICAL, UNSAFE, DESPAIR = "medical", "unsafe", "despair"
DESPAIR_CARD = "health-despair"
"""The card for somebody in despair."""


@dataclass(frozen=True, slots=True)
class Intent:
    """How likely a question is of each kind (0 to 1, together 1).

    Two questions by themselves: `emergency` is how likely somebody tells of a danger that is there now, `despair` how
    likely somebody speaks of wanting to die, or of another who does.
    """

    likely: Mapping[str, float]
    emergency: float
    despair: float

    @property
    def answerable(self) -> float:
        """How likely the question is of a kind that is answered here."""
        return sum(self.likely[kind] for kind in ANSWERED)

    @property
    def label(self) -> str:
        """The likeliest kind."""
        return max(self.likely, key=self.likely.__getitem__)

    @property
    def otherwise(self) -> str:
        """The likeliest kind that is refused."""
        return max((k for k in self.likely if k not in ANSWERED), key=self.likely.__getitem__)


def buckets(question: str) -> list[int]:
    """The buckets of the n-grams of a question, each n-gram once."""
    said = text.compact(question)
    grams = {said[i : i + n] for n in (1, 2, 3) for i in range(len(said) - n + 1)}
    return [zlib.crc32(g.encode()) % BUCKETS for g in grams]


def read_intent(question: str) -> Intent:
    """The intent of a question."""
    weights, bias, labels = _model()
    found = buckets(question)
    scores = bias + weights[found].sum(0) / np.sqrt(len(found) or 1)
    vector = np.asarray(embeddings.load(None).embed_query(question)) * VECTOR_WEIGHT
    scores = scores + vector @ weights[BUCKETS:]
    kinds, alarms = scores[:-2], 1 / (1 + np.exp(-scores[-2:]))
    likely = np.exp(kinds - kinds.max())
    likely /= likely.sum()
    return Intent(dict(zip(labels, map(float, likely), strict=True)), float(alarms[0]), float(alarms[1]))


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any, list[str]]:
    with resources.as_file(resources.files("assistant") / "intent.npz") as file:
        arrays = np.load(file)
        return arrays["weights"].astype(np.float32), arrays["bias"], [str(name) for name in arrays["labels"]]
