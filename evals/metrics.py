"""Metrics computed from outcomes, without a model: shares with their confidence intervals, times."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from evals.run import Outcome

_SAMPLES, _SEED = 1000, 9


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
    right = [o.right for o in outcomes]
    draw = random.Random(_SEED)
    samples = sorted(sum(draw.choices(right, k=len(right))) / len(right) for _ in range(_SAMPLES)) if right else [0.0]
    return Share(sum(right), len(right), samples[int(0.025 * len(samples))], samples[int(0.975 * (len(samples) - 1))])


def times(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Median and 99th percentile of the answers' own times, in milliseconds."""
    spent = sorted(g.answer["timing_ms"]["total"] for o in outcomes for g in o.given if "timing_ms" in g.answer)
    return (spent[len(spent) // 2], spent[int(0.99 * (len(spent) - 1))]) if spent else (0.0, 0.0)
