"""`python -m evals.train_intent` makes the intent model from its examples, the cards' wordings and the suites.

Everything that has an answer here counts as answerable: wordings of cards and clauses, questions of the suites about
duties and facts. Prints the share of right labels in a cross-validation.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.intent import ANSWERABLE, BUCKETS, VECTOR_WEIGHT, buckets
from evals.suite import load_suites
from ingest.cards import read_card
from ingest.pipeline import corpus
from ingest.wordings import SUFFIX, read_wordings
from vectorstore import embeddings

_ANSWERED = ("who-plain", "sets", "facts")
_ENDINGS = ("", "归谁", "谁负责", "哪些部门管", "谁牵头", "怎么说的")
_STRENGTH = 10.0


def examples() -> tuple[list[str], list[str]]:
    """Questions and their labels."""
    raw = yaml.safe_load((resources.files("assistant") / "intent-examples.yaml").read_text(encoding="utf-8"))
    labelled = [(str(q), label) for label, questions in raw.items() for q in questions]
    cards = (read_card(f.read_text(encoding="utf-8"), f.name) for f in sorted((corpus() / "cards").rglob("*.md")))
    labelled += [(said, ANSWERABLE) for card in cards for said in card.asked_as]
    for file in sorted((corpus() / "notices").glob(f"*{SUFFIX}")):
        phrases = [p for said in read_wordings(file).phrases.values() for p in said]
        labelled += [(p + _ENDINGS[n % len(_ENDINGS)], ANSWERABLE) for n, p in enumerate(phrases)]
    labelled += [(c.turns[0].question, ANSWERABLE) for cases in load_suites(_ANSWERED).values() for c in cases]
    return [q for q, _ in labelled], [label for _, label in labelled]


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
    """Trains, prints the cross-validated share, writes the model."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    questions, labels = examples()
    table = features(questions)
    model = LogisticRegression(C=_STRENGTH, max_iter=500)
    found = cross_val_score(model, table, labels, cv=5)
    sys.stdout.write(f"{len(questions)} examples, cross-validated {found.mean():.3f}\n")
    model.fit(table, labels)
    target = Path(str(resources.files("assistant") / "intent.npz"))
    np.savez_compressed(
        target, weights=model.coef_.T.astype(np.float16), bias=model.intercept_.astype(np.float32),
        labels=np.array(model.classes_),
    )  # fmt: skip


if __name__ == "__main__":
    main()
