"""History: how a run differs from the one before, and whether that is more than chance."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from evals.measures import Measure
from evals.metrics import Share
from evals.run import Outcome
from vectorstore.database import guarded
from vectorstore.errors import InputError

_SAMPLES, _SEED = 2000, 9
_RARE = 0.05
"""A change less likely than this by chance counts as significant."""
_TINY = 1e-12
_KEPT = 100
"""Runs that are remembered."""

Marks = dict[str, dict[str, bool]]
"""Per suite, whether each case (by its name) was right."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of the cases that both runs have: how many more are right now, and how likely so much is by chance (0 to 1).

    `better` and `worse` are the names of the cases that changed sides.
    """

    better: tuple[str, ...]
    worse: tuple[str, ...]
    chance: float

    @property
    def gain(self) -> int:
        """Cases right now and wrong before, less those the other way round."""
        return len(self.better) - len(self.worse)

    @property
    def is_worse(self) -> bool:
        """Whether more are wrong than before, and more than chance explains."""
        return self.gain < 0 and self.chance < _RARE


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a measure is from the run before, and for a share how likely so far is by chance (else None)."""

    by: float
    chance: float | None


@dataclass(frozen=True, slots=True)
class Past:
    """A run that was: its date, each suite's share (0 to 1), the suites significantly worse than in the run before."""

    day: str
    shares: dict[str, float]
    worse: list[str]


def marks_of(outcomes: Mapping[str, Sequence[Outcome]]) -> Marks:
    """The marks of a run."""
    return {name: {o.case.name: o.right for o in found} for name, found in outcomes.items()}


def read_marks(file: Path) -> Marks:
    """The marks of an earlier run from its report.json; {} when there is none. Raises InputError `no_report`."""
    if not file.is_file():
        return {}
    try:
        return {
            str(name): dict(suite["marks"]) for name, suite in json.loads(file.read_text("utf-8"))["suites"].items()
        }
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("no_report", path=str(file)) from error


def change(now: Mapping[str, bool], before: Mapping[str, bool]) -> Change:
    """The difference between two runs of one suite, tested by flipping the changed cases at random."""
    both = [name for name in now if name in before]
    better = tuple(n for n in both if now[n] and not before[n])
    worse = tuple(n for n in both if before[n] and not now[n])
    gain, flips = len(better) - len(worse), len(better) + len(worse)
    draw = random.Random(_SEED)
    as_far = sum(abs(sum(draw.choices((1, -1), k=flips))) >= abs(gain) for _ in range(_SAMPLES)) if flips else _SAMPLES
    return Change(better, worse, as_far / _SAMPLES)


def read_measures(file: Path) -> list[Measure]:
    """The measures of an earlier run from its report.json; [] when it has none. Raises InputError `no_report`."""
    if not file.is_file():
        return []
    try:
        found = json.loads(file.read_text("utf-8")).get("measures", {})
        return [Measure(name, m["value"], m["of"]) for name, m in found.items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("no_report", path=str(file)) from error


def drift(now: Measure, before: Measure) -> Drift:
    """The difference of a measure between two runs; for a share tested by drawing both runs from the two together."""
    by = now.value - before.value
    if not now.of or not before.of:
        return Drift(by, None)
    both = (now.value * now.of + before.value * before.of) / (now.of + before.of)
    draw = np.random.default_rng(_SEED)
    drawn = draw.binomial(now.of, both, _SAMPLES) / now.of - draw.binomial(before.of, both, _SAMPLES) / before.of
    return Drift(by, float(np.mean(np.abs(drawn) >= abs(by) - _TINY)))


def remember(day: str, shares: Mapping[str, Share], changes: Mapping[str, Change], file: Path) -> None:
    """Adds a run to those in a file of JSON lines. Raises StoreError, InputError `no_report` for another file."""
    run = Past(day, {n: round(s.value, 4) for n, s in shares.items()}, [n for n, c in changes.items() if c.is_worse])
    kept = [*read_past(file), run][-_KEPT:]
    with guarded(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{json.dumps(asdict(r), ensure_ascii=False)}\n" for r in kept), encoding="utf-8")


def read_past(file: Path) -> list[Past]:
    """The runs that were, the oldest first; [] without any. Raises InputError `no_report` for another file."""
    if not file.is_file():
        return []
    try:
        return [Past(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    except (ValueError, TypeError) as error:
        raise InputError("no_report", path=str(file)) from error
