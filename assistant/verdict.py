"""Verdict: whether the plan answers a question, a card does, or nothing here, learnt from the suites.

A logistic model over the signs below. `verdict.yaml` holds its weights; `python -m evals.train_verdict` makes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from assistant.intent import Intent
from assistant.question import Question
from vectorstore.records import Hit

_LEAST_LIKELY = 1e-4
_SIGNALS = ("line", "coverage", "lexical", "wordings", "close")
_CUES = (
    "who", "department", "responsible", "lead", "document_named", "count", "text", "target", "governance", "which",
    "task", "clause", "section", "yesno", "deadline", "cooperate", "most", "joint", "all", "owner",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely each of the three is right (0 to 1, together 1)."""

    plan: float
    card: float
    refusal: float


def read_verdict(signs: Mapping[str, float]) -> Verdict:
    """The verdict on a question that shows these signs."""
    model = _model()
    scores = {kind: bias + sum(weights[n] * v for n, v in signs.items()) for kind, (bias, weights) in model.items()}
    most = max(scores.values())
    likely = {kind: math.exp(score - most) for kind, score in scores.items()}
    total = sum(likely.values())
    return Verdict(likely["plan"] / total, likely["card"] / total, likely["refusal"] / total)


def read_signs(
    question: Question, intent: Intent, found: Mapping[str, Sequence[Hit]], *, forbidden: bool
) -> dict[str, float]:
    """What speaks for each: the kinds of question, what was found, its words, whether a rule forbids to answer.

    `found` has the hits, best first, of the clauses for its topic, of those for all of it and of the cards, by name.
    """
    kinds = {f"kind_{kind}": math.log(max(likely, _LEAST_LIKELY)) for kind, likely in intent.likely.items()}
    ranked = {f"{name}_{sign}": value for name, hits in found.items() for sign, value in _ranked(hits).items()}
    words = {f"says_{cue}": float(question.has(cue)) for cue in _CUES}
    return {
        **kinds,
        "forbidden": float(forbidden),
        "emergency": intent.emergency,
        "despair": intent.despair,
        **ranked,
        **words,
        "asks_for_owner": float(question.asks_for_owner),
        "names_department": float(bool(question.named)),
        "names_unknown": float(bool(question.unknown)),
        "names_path": float(bool(question.paths)),
        "names_heading": float(bool(question.scopes)),
        "has_topic": float(bool(question.topic_words)),
        "length": math.log(1 + len(question.normal)),
    }


def _ranked(hits: Sequence[Hit]) -> dict[str, float]:
    """The signals of the first hit, its score, and how far it is before the second."""
    if not hits:
        return dict.fromkeys((*_SIGNALS, "score", "ahead"), 0.0)
    first, second = hits[0], hits[1].score if len(hits) > 1 else 0.0
    signals = {name: first.signals.get(name, 0.0) for name in _SIGNALS}
    return {**signals, "score": first.score, "ahead": first.score - second}


@lru_cache(maxsize=1)
def _model() -> dict[str, tuple[float, dict[str, float]]]:
    raw = yaml.safe_load((resources.files("assistant") / "verdict.yaml").read_text(encoding="utf-8"))
    return {kind: (part["bias"], part["weights"]) for kind, part in raw.items()}
