"""History: how a run differs from the one before, and whether that is more than chance."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.run import Outcome
from vectorstore.errors import InputError

_SAMPLES, _SEED = 2000, 9

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
