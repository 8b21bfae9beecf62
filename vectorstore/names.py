"""Department names in running text: canonical names, aliases, former names, and what is ambiguous."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from vectorstore import text
from vectorstore.matching import LongestMatch
from vectorstore.records import Department

_LATIN = re.compile(r"[a-z]{6,}")
_TYPED = 3
_SHORT = 2
"""A name this short counts only as whole words: the 外办 of 对外办 is none."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A department name found at `start`..`end` of a normalised text.

    `names` are the canonical names it may stand for: one, or several when it is ambiguous. `until` is the
    date on which a former name went out of use.
    """

    start: int
    end: int
    said: str
    names: tuple[str, ...]
    until: str = ""


class DepartmentNames:
    """Finds departments by longest match over every name that any of them has or had."""

    def __init__(self, departments: Iterable[Department], printed: Iterable[str] = ()) -> None:
        self.departments = {d.name: d for d in departments}
        self._names: dict[str, list[tuple[str, str]]] = {}
        for department in self.departments.values():
            for name in (department.name, *department.aliases):
                self._add(name, department.name, "")
            for name, until in department.former:
                self._add(name, department.name, until)
        for name in printed:
            if text.normalise(name) not in self._names:
                self._add(name, name, "")
        self._match = LongestMatch(n for n in self._names if len(n) > 1)

    @cached_property
    def _typed(self) -> dict[tuple[str, ...], str]:
        """Names by their syllables, for those who type pinyin."""
        return {tuple(text.syllables(n)): n for n in self._names if len(n) >= _TYPED and all(map(text.is_han, n))}

    def _add(self, said: str, name: str, until: str) -> None:
        known = self._names.setdefault(text.normalise(said), [])
        if name not in (n for n, _ in known):
            known.append((name, until))

    def find(self, question: str) -> list[Mention]:
        """The departments a normalised text names, from left to right, longest name first."""
        borders = text.borders(question)

        def is_word(start: int, end: int) -> bool:
            return end - start > _SHORT or {start, end} <= borders

        written = (self._mention(question[a:b], a, b) for a, b in self._match.find(question, is_word))
        spelt = ((m, self._typed.get(tuple(text.syllables(m[0])))) for m in _LATIN.finditer(question))
        typed = (self._mention(name, m.start(), m.end()) for m, name in spelt if name)
        return sorted([*written, *typed], key=lambda mention: mention.start)

    def _mention(self, said: str, start: int, end: int) -> Mention:
        known = self._names[said]
        return Mention(start, end, said, tuple(n for n, _ in known), known[0][1] if len(known) == 1 else "")

    def resolve(self, said: str) -> tuple[str, ...]:
        """The canonical names a single given name may stand for; () when unknown."""
        return tuple(name for name, _ in self._names.get(text.normalise(said), ()))

    def near(self, said: str, limit: int = 3) -> list[str]:
        """The names most like an unknown one, by shared characters."""
        want = set(text.normalise(said))
        scored = sorted(self.departments, key=lambda n: -len(want & set(n)) / (len(want | set(n)) or 1))
        return [n for n in scored[:limit] if want & set(n) - set("省厅局委")]
