"""Intent: whether a question is of a kind that is answered here at all, learnt from labelled examples.

A linear model over pairs and triples of characters and the sentence's vector. `intent-examples.yaml` holds the
examples; `python -m evals.train_intent` makes `intent.npz` from them. Rules that must hold stand in boundaries.yaml.
"""

from __future__ import annotations

import zlib
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
ANSWERABLE, DESPAIR = "answerable", "despair"


@dataclass(frozen=True, slots=True)
class Intent:
    """The likeliest kind of a question, how likely it is answered here (0 to 1), the likeliest kind if it is not.

    `despair` is how likely somebody speaks of wanting to die, or of another who does.
    """

    label: str
    answerable: float
    otherwise: str
    despair: float


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
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    ranked = [labels[n] for n in likely.argsort()[::-1]]
    otherwise = next(label for label in ranked if label not in (ANSWERABLE, DESPAIR))
    answerable, despair = (float(likely[labels.index(label)]) for label in (ANSWERABLE, DESPAIR))
    return Intent(ranked[0], answerable, otherwise, despair)


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any, list[str]]:
    with resources.as_file(resources.files("assistant") / "intent.npz") as file:
        arrays = np.load(file)
        return arrays["weights"].astype(np.float32), arrays["bias"], [str(name) for name in arrays["labels"]]
