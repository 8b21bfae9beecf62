"""The thesaurus: everyday words in a question and the terms of the sources that they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore import text
from vectorstore.matching import LongestMatch
from vectorstore.records import Concept


@dataclass(frozen=True, slots=True)
class Expansion:
    """An everyday word found in a question (normalised) with the terms it stands for."""

    word: str
    terms: tuple[str, ...]
    concepts: tuple[int, ...] = ()


class Thesaurus:
    """Finds everyday words, and whole concepts, by longest match, each once, from left to right."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._terms: dict[str, list[str]] = {}
        self._concepts: dict[str, list[int]] = {}
        for number, concept in enumerate(concepts):
            terms = [text.normalise(t) for t in concept.terms]
            words = [text.normalise(w) for w in concept.words]
            for word in words:
                known = self._terms.setdefault(word, [])
                known.extend(t for t in terms if t not in known)
            for name in (*terms, *words):
                self._concepts.setdefault(name, []).append(number)
        self._words, self._names = LongestMatch(self._terms), LongestMatch(self._concepts)

    def expand(self, question: str) -> list[Expansion]:
        """The everyday words of a normalised question, longest first at each place."""
        found = _found(question, self._words)
        return [Expansion(word, tuple(self._terms[word]), tuple(self._concepts[word])) for word in found]

    def concepts(self, said: str) -> frozenset[int]:
        """Numbers of the concepts a normalised text speaks of, in everyday words or in terms."""
        return frozenset(n for name in _found(said, self._names) for n in self._concepts[name])


def _found(said: str, names: LongestMatch) -> list[str]:
    return [said[start:end] for start, end in names.find(said, lambda a, b: text.whole_word(said, a, b - a))]
