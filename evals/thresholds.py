"""Thresholds: the least share of right cases a suite may have, in `thresholds.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

import yaml

from evals.metrics import Share


def read_thresholds() -> dict[str, float]:
    """The floor of each suite, 0 to 1."""
    raw = yaml.safe_load((resources.files("evals") / "thresholds.yaml").read_text(encoding="utf-8"))
    return {str(name): float(floor) for name, floor in raw.items()}


def missed(shares: Mapping[str, Share], floors: Mapping[str, float]) -> list[str]:
    """The suites whose share lies below their floor."""
    return [name for name, found in shares.items() if found.value < floors.get(name, 0.0)]
