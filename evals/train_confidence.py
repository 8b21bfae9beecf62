"""Makes `assistant/confidence.yaml` from the suites: `python -m evals.train_confidence`.

A question whose right card comes first is an example for showing it, one that must be refused an example against.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import yaml

from assistant.candidates import best_cards
from assistant.confidence import signs
from assistant.intent import read_intent
from evals.suite import load_suites
from ingest.pipeline import ingest_builtin
from vectorstore.library import Library, Snapshot

_SUITES = ("cards", "answerable", "refusals")
_STRENGTH = 10.0
_HEAD = "# 卡片有多大把握答得上问题：逻辑回归的权重，由 python -m evals.train_confidence 生成，不要手改。\n"


def examples(snapshot: Snapshot) -> Iterator[tuple[dict[str, float], bool]]:
    """The signs of each question with whether its best card is to be shown."""
    for case in (c for cases in load_suites(_SUITES).values() for c in cases):
        question, expect = case.turns[0].question, case.turns[0].expect
        hits = best_cards(question, snapshot)
        right = bool(hits) and hits[0].passage.locator in (expect.card, *expect.also)
        if hits and (right or expect.kind == ("refusal",)):
            yield signs(hits, read_intent(question)), right


def main() -> None:
    """Trains, prints the cross-validated share, writes the weights."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        ingest_builtin(library, lambda _what, _done, _of: None)
        told, shown = zip(*examples(library.current()), strict=True)
    rows = [list(signs.values()) for signs in told]
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    found = cross_val_score(model, rows, shown, cv=5).mean()
    sys.stdout.write(f"{len(rows)} examples, cross-validated {found:.3f}\n")
    model.fit(rows, shown)
    weights = {name: round(float(w), 4) for name, w in zip(told[0], model.coef_[0], strict=True)}
    body = {"bias": round(float(model.intercept_[0]), 4), "weights": weights}
    target = Path(str(resources.files("assistant") / "confidence.yaml"))
    target.write_text(_HEAD + yaml.safe_dump(body, sort_keys=False, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    main()
