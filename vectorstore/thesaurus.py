"""The thesaurus: everyday words in a question and the terms of the sources that they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore import text
from vectorstore.records import Concept

_LONGEST = 24


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
        self._longest = min(_LONGEST, max(map(len, self._concepts), default=0))

    def expand(self, question: str) -> list[Expansion]:
        """The everyday words of a normalised question, longest first at each place."""
        found = self._found(question, self._terms)
        return [Expansion(word, tuple(self._terms[word]), tuple(self._concepts[word])) for word in found]

    def concepts(self, said: str) -> frozenset[int]:
        """Numbers of the concepts a normalised text speaks of, in everyday words or in terms."""
        return frozenset(n for name in self._found(said, self._concepts) for n in self._concepts[name])

    def _found(self, said: str, names: dict[str, list[str]] | dict[str, list[int]]) -> list[str]:
        found: list[str] = []
        at = 0
        while at < len(said):
            for length in range(min(self._longest, len(said) - at), 0, -1):
                word = said[at : at + length]
                if word in names and text.whole_word(said, at, length):
                    found.append(word)
                    at += length
                    break
            else:
                at += 1
        return found
