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


class Thesaurus:
    """Finds everyday words by longest match, each once, from left to right."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._terms: dict[str, list[str]] = {}
        for concept in concepts:
            terms = [text.normalise(t) for t in concept.terms]
            for word in concept.words:
                known = self._terms.setdefault(text.normalise(word), [])
                known.extend(t for t in terms if t not in known)

    def expand(self, question: str) -> list[Expansion]:
        """The everyday words of a normalised question, longest first at each place."""
        found: list[Expansion] = []
        at = 0
        while at < len(question):
            for length in range(min(_LONGEST, len(question) - at), 0, -1):
                word = question[at : at + length]
                if word in self._terms and text.whole_word(question, at, length):
                    found.append(Expansion(word, tuple(self._terms[word])))
                    at += length
                    break
            else:
                at += 1
        return found
