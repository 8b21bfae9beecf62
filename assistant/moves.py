"""Moves: what a short reply does, heard by how like it is to examples that anyone can extend.

Characters, pairs of them and pairs of syllables are compared, the rare ones counting more: 上一部, 下一布 and 咋搞 are
heard though no example is written so. `moves.yaml` holds what is said to a guide, `asides.yaml` what is asked after
a card.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from vectorstore import text
from vectorstore.overlap import CHARACTER, SYLLABLES

_PIECES = re.compile(r"[，,。.！!？?；;、~…\s]+")
_TONE = re.compile(r"(?<=.)[啊呀呢吧嘛哦哈哇嘞咧撒吗么]+$|^(?:哦+|嗯+|那么?|哎呀?|喂)(?=.)")
"""What is only tone: 下面呢 and 下面."""
_DONE = re.compile(r"[咯哒啦喽噻]$")
"""How 了 is said elsewhere: 搞好咯."""

_NOT, _NEGATED = re.compile(r"[没不冇莫别未唔]"), "not_"
"""没看到 is all but 看到, and the opposite of it: that a reply negates counts as a pair of characters does."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a reply does, and how like it is to an example of that (0 to 1)."""

    name: str
    likeness: float
    example: str


class Examples:
    """The examples of several moves, by name."""

    def __init__(self, said: Mapping[str, Sequence[str]]) -> None:
        self._lines = [(name, str(line), _features(str(line))) for name, lines in said.items() for line in lines]
        having = Counter(f for *_, features in self._lines for f in features)
        self._weights = {f: _weight(f, n, len(self._lines)) for f, n in having.items()}
        self._sizes = [self._size(features) for *_, features in self._lines]

    def likest(self, said: str) -> Move:
        """The move whose examples a reply is likest to."""
        features = _features(said)
        size = self._size(features)
        likeness, name, example = max(
            (2 * self._size(features & line) / (size + own or 1.0), name, said)
            for (name, said, line), own in zip(self._lines, self._sizes, strict=True)
        )
        return Move(name, likeness, example)

    def within(self, said: str) -> Move | None:
        """The move of the longest example that stands in a reply in so many words; None when none does."""
        plain = text.compact(said)
        found = [(len(line), name, line) for name, line, _ in self._lines if len(line) > 1 and line in plain]
        _, name, line = max(found, default=(0, "", ""))
        return Move(name, 1.0, line) if name else None

    def _size(self, features: frozenset[str]) -> float:
        return sum(self._weights.get(f) or _weight(f, 0, len(self._lines)) for f in features)


def _weight(feature: str, having: int, lines: int) -> float:
    """How rare a feature is among the examples, by its kind."""
    kind = CHARACTER if len(feature) == 1 else SYLLABLES if "_" in feature and feature != _NEGATED else 1.0
    return kind * math.log(1 + (lines - having + 0.5) / (having + 0.5))


def _features(said: str) -> frozenset[str]:
    plain = _DONE.sub("了", _TONE.sub("", text.compact(said)))
    negated = [_NEGATED] if _NOT.search(plain) else []
    return frozenset((*text.grams(plain), *text.pinyin(plain), *negated))


def pieces(said: str) -> list[str]:
    """The parts of a reply between its marks."""
    return [p for p in _PIECES.split(text.normalise(said)) if p]


@lru_cache(maxsize=4)
def examples(name: str) -> Examples:
    """The examples in `name.yaml`."""
    raw = (resources.files("assistant") / f"{name}.yaml").read_text(encoding="utf-8")
    return Examples(yaml.load(raw, yaml.CSafeLoader))
