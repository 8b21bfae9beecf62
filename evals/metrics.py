"""Metrics computed from outcomes, without a model: shares with their confidence intervals, times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.run import Outcome

_SAMPLES, _SEED = 10_000, 9


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many are right, with the 95 % interval of a bootstrap over cases."""

    right: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.right / self.of if self.of else 0.0


def share(outcomes: Sequence[Outcome]) -> Share:
    """The share of cases without a fault."""
    right = sum(o.right for o in outcomes)
    return Share(right, len(outcomes), *bootstrap(right / len(outcomes) if outcomes else 0.0, len(outcomes)))


def shares_by_note(outcomes: Iterable[Outcome]) -> dict[str, Share]:
    """The shares of cases by their note (how a question is said: in pinyin, with slips), the most frequent first."""
    sorted_: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if note := outcome.case.turns[0].expect.note:
            sorted_.setdefault(note, []).append(outcome)
    return {note: share(found) for note, found in sorted(sorted_.items(), key=lambda pair: -len(pair[1]))}


def bootstrap(value: float, of: int) -> tuple[float, float]:
    """The 95 % interval of a share of so many: drawing them again with replacement is a binomial draw."""
    if not of:
        return 0.0, 0.0
    drawn = np.random.default_rng(_SEED).binomial(of, value, _SAMPLES) / of
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def times(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Median and 99th percentile of the answers' own times, in milliseconds."""
    spent = sorted(g.answer["timing_ms"]["total"] for o in outcomes for g in o.given if "timing_ms" in g.answer)
    return (spent[len(spent) // 2], spent[int(0.99 * (len(spent) - 1))]) if spent else (0.0, 0.0)
