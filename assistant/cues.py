"""Cue words: what kind of thing a question asks, found by longest match over `cues.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from vectorstore import text

_LONGEST = 12
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word found at `start`..`end` of a normalised question."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    raw = yaml.load((resources.files("assistant") / "cues.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    found: dict[str, tuple[str, ...]] = {}
    for name, words in raw.items():
        for word in words:
            key = text.normalise(str(word))
            found[key] = (*found.get(key, ()), name)
    return found


def find(question: str) -> list[Cue]:
    """The cues of a normalised question, from left to right, the longest at each place."""
    words = _words()
    borders = text.borders(question)
    found: list[Cue] = []
    at = 0
    while at < len(question):
        for length in range(min(_LONGEST, len(question) - at), 0, -1):
            word = question[at : at + length]
            if word in words and _whole(question, at, length, borders):
                found.extend(Cue(name, at, at + length) for name in words[word])
                at += length
                break
        else:
            at += 1
    return found


def _whole(question: str, at: int, length: int, borders: set[int]) -> bool:
    """Whether a short cue is a word of its own: the 干 of 干部 and the 带头 of 带头人 are none."""
    short = length <= _SHORT
    return text.whole_word(question, at, length) and (not short or {at, at + length} <= borders)
