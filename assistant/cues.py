"""Cue words: what kind of thing a question asks, found by longest match over `cues.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from vectorstore import text

_LONGEST = 12


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
    alone = _standing_alone(question)
    found: list[Cue] = []
    at = 0
    while at < len(question):
        for length in range(min(_LONGEST, len(question) - at), 0, -1):
            word = question[at : at + length]
            if word in words and text.whole_word(question, at, length) and (length > 1 or at in alone):
                found.extend(Cue(name, at, at + length) for name in words[word])
                at += length
                break
        else:
            at += 1
    return found


def _standing_alone(question: str) -> set[int]:
    """Where a character is a word of its own: the 干 of 干部 is no cue."""
    at, found = 0, set()
    for word in text.segment(question):
        if len(word) == 1:
            found.add(at)
        at += len(word)
    return found
