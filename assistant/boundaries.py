"""Boundaries: which questions are not answered, and which need help before anything else (`boundaries.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from assistant.patterns import compile_any
from vectorstore import text

HELP = "help"
"""The reason of rules that bring help instead of a refusal."""

STRIP = "strip"
"""The reason of rules that name words addressed to the program itself: they are no part of the question."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A rule: its patterns, why it holds, where to ask instead, and for help the card that is shown."""

    name: str
    reason: str
    found: re.Pattern[str]
    unless: re.Pattern[str]
    ask: str = ""
    card: str = ""
    first: str = ""

    def holds(self, normal: str) -> bool:
        """Whether a normalised question meets the rule."""
        return bool(self.found.search(normal)) and not self.unless.search(normal)


@lru_cache(maxsize=1)
def boundaries() -> tuple[Boundary, ...]:
    """The rules in their order."""
    return tuple(_read())


def _read() -> Iterator[Boundary]:
    raw = (resources.files("assistant") / "boundaries.yaml").read_text(encoding="utf-8")
    for rule in yaml.load(raw, yaml.CSafeLoader):
        any_, unless = (compile_any(map(str, rule.get(key, ()))) for key in ("any", "unless"))
        extra = {key: rule[key] for key in ("ask", "card", "first") if key in rule}
        yield Boundary(rule["name"], rule["reason"], any_, unless, **extra)


def find_boundary(question: str) -> Boundary | None:
    """The first rule that a question meets."""
    normal = text.compact(question)
    return next((rule for rule in boundaries() if rule.reason != STRIP and rule.holds(normal)), None)


def without_instructions(question: str) -> str:
    """A question without commands to the program that stand in it; the question itself when nothing else is left."""
    left = question
    for rule in boundaries():
        if rule.reason == STRIP:
            left = rule.found.sub(" ", text.normalise(left))
    return left if re.search(r"[\u4e00-\u9fff]{2}", left) else question
