"""Makes `assistant/verdict.yaml` from the suites: `python -m evals.train_verdict`.

A question about duties or facts is an example for the plan, one that a card answers for the card, one that must be
refused for neither. Prints the share of right verdicts in a cross-validation.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from assistant.boundaries import find_boundary
from assistant.candidates import find_clauses, look_around
from assistant.compose import Desk
from assistant.notices import in_order
from assistant.sets.places import with_scopes
from assistant.understand import understand
from evals.suite import Expect, load_suites
from ingest.pipeline import ingest_builtin
from vectorstore.library import Library

_SUITES = ("who-plain", "paraphrases", "sets", "facts", "cards", "answerable", "refusals")
_STRENGTH = 0.3
_DIGITS = 4
_HEAD = "# 方案答、卡片答、还是不答：逻辑回归的权重，由 python -m evals.train_verdict 生成，不要手改。\n"


def examples(desk: Desk) -> Iterator[tuple[dict[str, float], str]]:
    """The signs of each question with what answers it."""
    for case in (c for cases in load_suites(_SUITES).values() for c in cases):
        if right := _right(case.turns[0].expect):
            question = understand(case.turns[0].question, desk.snapshot.names)
            question = with_scopes(question, desk)
            found = replace(find_clauses(question, desk), boundary=find_boundary(question.text))
            yield dict(look_around(question, found, desk).signs), right


def _right(expect: Expect) -> str | None:
    if expect.kind == ("refusal",):
        return "refusal"
    if expect.card or {"science", "guide"} & set(expect.kind):
        return "card"
    return "plan" if {"duty", "fact"} & set(expect.kind) else None


def main() -> None:
    """Trains, prints the cross-validated share, writes the weights."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        ingest_builtin(library, lambda _what, _done, _of: None)
        snapshot = library.current()
        desk = Desk(snapshot, date.today(), in_order(snapshot.register, None))
        signs, right = zip(*examples(desk), strict=True)
    rows = [list(shown.values()) for shown in signs]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=3000))
    found = cross_val_score(model, rows, right, cv=StratifiedKFold(5, shuffle=True, random_state=0)).mean()
    sys.stdout.write(f"{len(rows)} examples, cross-validated {found:.3f}\n")
    scale, fitted = model.fit(rows, right)
    body = {}
    for kind, weights, bias in zip(fitted.classes_, fitted.coef_, fitted.intercept_, strict=True):
        plain = weights / scale.scale_
        named = {name: round(float(w), _DIGITS) for name, w in zip(signs[0], plain, strict=True)}
        body[str(kind)] = {"bias": round(float(bias - plain @ scale.mean_), _DIGITS), "weights": named}
    target = Path(str(resources.files("assistant") / "verdict.yaml"))
    target.write_text(_HEAD + yaml.safe_dump(body, sort_keys=False, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    main()
