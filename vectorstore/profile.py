"""Profiles: what the signals compare of a passage, made once for each and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore import text
from vectorstore.lexical import LexicalIndex
from vectorstore.records import Passage
from vectorstore.thesaurus import Thesaurus

CONCEPT = 4.0
"""Weight of a shared concept of the thesaurus, beside a pair of characters that counts its rarity (0 to 8)."""

CHARACTER = 0.3
"""Weight of a single shared character beside a pair."""

SYLLABLES = 0.5
"""Weight of a pair of syllables that sound alike beside a pair of characters."""

Features = frozenset[str | int]
"""What a short text is compared by: pairs of characters, characters, pairs of syllables, concepts."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A passage as the signals see it: its normalised words, its tokens, its title and wordings with weights."""

    words: str
    tokens: frozenset[str]
    sounds: frozenset[str]
    title: tuple[tuple[str, float], ...]
    lines: tuple[tuple[Features, float], ...]


class Profiler:
    """Makes profiles and features; `off` are signals left out."""

    def __init__(self, lexical: LexicalIndex, thesaurus: Thesaurus, off: frozenset[str]) -> None:
        self._lexical = lexical
        self._thesaurus = thesaurus
        self._off = off
        self._rarity: dict[str | int, float] = {}

    def profile(self, passage: Passage) -> Profile:
        """The profile of a passage."""
        title = text.normalise(passage.title)
        words = text.normalise("\n".join((passage.title, passage.text, passage.context, *passage.asked_as)))
        lines = [title, *map(text.normalise, passage.asked_as)]
        return Profile(
            words=words,
            tokens=frozenset(text.grams(words)),
            sounds=frozenset(text.pinyin(words)),
            title=self.weighted(text.bigrams(title)),
            lines=tuple((f, self.weight(f)) for f in map(self.features, lines)),
        )

    def features(self, normal: str) -> Features:
        """What a normalised text is compared by."""
        found: set[str | int] = set(text.grams(normal))
        if "pinyin" not in self._off:
            found.update(text.pinyin(normal))
        if "thesaurus" not in self._off:
            found.update(self._thesaurus.concepts(normal))
        return frozenset(found)

    def weight(self, features: Iterable[str | int]) -> float:
        """The rarities of features together."""
        return sum(map(self.rarity, features))

    def weighted(self, tokens: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """Tokens with their rarity."""
        return tuple((t, self.rarity(t)) for t in tokens)

    def rarity(self, feature: str | int) -> float:
        """How much a shared feature tells: the inverse document frequency, concepts a fixed weight."""
        found = self._rarity.get(feature)
        if found is None:
            found = self._rarity[feature] = self._measure(feature)
        return found

    def _measure(self, feature: str | int) -> float:
        if isinstance(feature, int):
            return CONCEPT
        if "_" in feature:
            return SYLLABLES * self._lexical.idf("pinyin", feature)
        return self._lexical.idf("gram", feature) * (CHARACTER if len(feature) == 1 and text.is_han(feature) else 1.0)
