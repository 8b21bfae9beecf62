"""Cue words: what kind of thing a question asks, found by longest match over `cues.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from vectorstore import text
from vectorstore.matching import LongestMatch

_SHORT = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word found at `start`..`end` of a normalised question."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, tuple[str, ...]], LongestMatch]:
    raw = yaml.load((resources.files("assistant") / "cues.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    found: dict[str, tuple[str, ...]] = {}
    for name, words in raw.items():
        for word in words:
            key = text.normalise(str(word))
            found[key] = (*found.get(key, ()), name)
    return found, LongestMatch(found)


@lru_cache(maxsize=1)
def spoken() -> tuple[str, ...]:
    """The cue words themselves, normalised."""
    return tuple(_words()[0])


def find(question: str) -> list[Cue]:
    """The cues of a normalised question, from left to right, the longest at each place."""
    words, names = _words()
    borders = text.borders(question)

    def is_word(start: int, end: int) -> bool:
        """Whether a short cue is a word of its own: the 干 of 干部 and the 带头 of 带头人 are none."""
        short = end - start <= _SHORT
        return text.whole_word(question, start, end - start) and (not short or {start, end} <= borders)

    places = names.find(question, is_word)
    return [Cue(name, start, end) for start, end in places for name in words[question[start:end]]]
