"""Confidence: how likely it is that the best card answers a question, learnt from the suites.

A logistic model over five signs. `confidence.yaml` holds its weights; `python -m evals.train_confidence` makes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import yaml

from assistant.intent import Intent
from vectorstore.records import Hit

_CERTAIN = 0.95


def confidence(hits: Sequence[Hit], intent: Intent | None) -> float:
    """The likelihood (0 to 1) that the first of some hits answers the question; 0 without any."""
    if not hits:
        return 0.0
    bias, weights = _model()
    return 1 / (1 + math.exp(-bias - sum(weights[name] * value for name, value in signs(hits, intent).items())))


def signs(hits: Sequence[Hit], intent: Intent | None) -> dict[str, float]:
    """What speaks for the first hit: the kind of question, likeness, coverage, score, distance from the second."""
    first, rest = hits[0], hits[1:2]
    likely = min(max(intent.answerable if intent else _CERTAIN, 1 - _CERTAIN), _CERTAIN)
    return {
        "answerable": math.log(likely / (1 - likely)),
        "line": first.signals.get("line", 0.0),
        "coverage": first.signals.get("coverage", 0.0),
        "score": first.score,
        "margin": first.score - (rest[0].score if rest else 0.0),
    }


@lru_cache(maxsize=1)
def _model() -> tuple[float, dict[str, float]]:
    raw = yaml.safe_load((resources.files("assistant") / "confidence.yaml").read_text(encoding="utf-8"))
    return raw["bias"], raw["weights"]
