"""`python -m evals.train_intent` makes the intent model from its examples, the cards' wordings and the suites.

Wordings of cards and of clauses are examples too, and the questions of the suites about duties and facts. Prints the
share of right labels in a cross-validation.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.intent import BUCKETS, CARD, DESPAIR, DESPAIR_CARD, EMERGENCY, PLAN, VECTOR_WEIGHT, buckets
from evals.suite import load_suites
from ingest.cards import read_card
from ingest.pipeline import corpus
from ingest.wordings import SUFFIX, read_wordings
from vectorstore import embeddings

_ANSWERED = ("who-plain", "sets", "facts")
_ENDINGS = ("", "归谁", "谁负责", "哪些部门管", "谁牵头", "怎么说的")
_STRENGTH = 10.0
_URGENT = {True: 6.0, False: 1.0}
"""An alarm that is missed counts more than one raised for nothing."""
_EITHER = "emergency"
"""Wordings of cards of this kind may tell of a danger that is there or ask about one: no example for either."""
_TURNS = "dialogues"
"""Short turns of conversations are no despair either."""
_NOT_DESPAIR = "not_despair"
"""Examples that only look like despair."""


def examples() -> tuple[dict[str, str], dict[str, bool], dict[str, bool]]:
    """Questions with their kinds; with whether they tell of an emergency; with whether they speak of despair."""
    raw = yaml.safe_load((resources.files("assistant") / "intent-examples.yaml").read_text(encoding="utf-8"))
    kinds = {str(q): kind for kind, questions in raw.items() for q in questions if kind not in (DESPAIR, _NOT_DESPAIR)}
    cards = [read_card(f.read_text(encoding="utf-8"), f.name) for f in sorted((corpus() / "cards").rglob("*.md"))]
    for said in (said for card in cards for said in card.asked_as):
        kinds.setdefault(said, CARD)
    either = {said for card in cards if card.kind == _EITHER for said in card.asked_as}
    for file in sorted((corpus() / "notices").glob(f"*{SUFFIX}")):
        phrases = [p for said in read_wordings(file).phrases.values() for p in said]
        kinds |= {p + _ENDINGS[n % len(_ENDINGS)]: PLAN for n, p in enumerate(phrases)}
    kinds |= {c.turns[0].question: PLAN for cases in load_suites(_ANSWERED).values() for c in cases}
    turns = (t.question for c in load_suites((_TURNS,))[_TURNS] for t in c.turns if t.expect.card != DESPAIR_CARD)
    told = dict.fromkeys((*kinds, *turns), False)
    urgent = told | {q: kind == EMERGENCY for q, kind in kinds.items()}
    urgent = {q: alarm for q, alarm in urgent.items() if alarm or q not in either}
    told |= {str(q): kind == DESPAIR for kind in (_NOT_DESPAIR, DESPAIR) for q in raw[kind]}
    return kinds, urgent, told


def features(questions: list[str]) -> Any:
    """One row a question, as `assistant.intent` reads it."""
    from scipy.sparse import csr_matrix, hstack

    rows = [buckets(q) for q in questions]
    data = [1 / np.sqrt(len(row)) for row in rows for _ in row]
    places = [n for n, row in enumerate(rows) for _ in row]
    counted = csr_matrix((data, (places, [b for row in rows for b in row])), shape=(len(rows), BUCKETS))
    vectors = np.asarray(embeddings.load(None).embed_documents(questions)) * VECTOR_WEIGHT
    return hstack([counted, csr_matrix(vectors)]).tocsr()


def main() -> None:
    """Trains, prints the cross-validated shares, writes the model."""
    kinds, urgent, told = examples()
    several, labels = _train("kinds", list(kinds), list(kinds.values()))
    alarms = [
        _train(EMERGENCY, list(urgent), list(urgent.values()), _URGENT)[0],
        _train(DESPAIR, list(told), list(told.values()))[0],
    ]
    weights = np.hstack([several.coef_.T, *(alarm.coef_.T for alarm in alarms)])
    bias = np.concatenate([several.intercept_, *(alarm.intercept_ for alarm in alarms)])
    target = Path(str(resources.files("assistant") / "intent.npz"))
    np.savez_compressed(
        target, weights=weights.astype(np.float16), bias=bias.astype(np.float32), labels=np.array(labels)
    )


def _train(
    what: str, questions: list[str], labels: list[Any], weights: dict[bool, float] | None = None
) -> tuple[Any, list[Any]]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    table = features(questions)
    model = LogisticRegression(C=_STRENGTH, max_iter=500, class_weight=weights)
    found = cross_val_score(model, table, labels, cv=5, n_jobs=2)
    sys.stdout.write(f"{what}: {len(questions)} examples, cross-validated {found.mean():.3f}\n")
    model.fit(table, labels)
    return model, list(model.classes_)


if __name__ == "__main__":
    main()
