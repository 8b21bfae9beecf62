"""Department names in running text: canonical names, aliases, former names, and what is ambiguous."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from vectorstore import text
from vectorstore.matching import LongestMatch
from vectorstore.records import Department

_LATIN = re.compile(r"[a-z]{6,}")
_TYPED = 3
_SAME_SOUND = "亭听停挺庭汀举巨具菊据为伟维唯未愿远元员苑"
"""Characters that sound like the last one of a name: 应急听, 教育亭."""
_AN_OFFICE = re.compile(r"厅|局|委|院|部门|单位")
_PART = re.compile(r"[^、,\s和跟与及同]+")
_OFFICES = ("厅", "局", "委", "院", "部")
"""Endings that a name loses when several are said in one breath: 气象、地震、应急这三个局厅."""
_TOGETHER = r"(?:这|那)?(?:几|[一二两三四五六七八九十\d]+)?(?:个|家)?(?:厅局|局厅|委办局|部门|单位|厅|局|委|院)"
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

    @cached_property
    def _stems(self) -> dict[str, str]:
        """Names without the word for an office (气象), where that means one department only."""
        found: dict[str, set[str]] = {}
        for said in self._names:
            if said.endswith(_OFFICES) and len(said) > _SHORT and (said[:-1] not in self._names):
                found.setdefault(said[:-1], set()).add(said)
        return {stem: min(names) for stem, names in found.items() if len({self._names[n][0][0] for n in names}) == 1}

    @cached_property
    def _list(self) -> re.Pattern[str]:
        """Several names in a row, some without the word for an office, which follows them all."""
        known = (n for n in (*self._stems, *self._names) if all(map(text.is_han, n)))
        name = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
        return re.compile(rf"(?:{name})(?:[、,\s和跟与及同]+(?:{name}))+(?=\s*{_TOGETHER})")

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
        exact = [*written, *typed]
        other = [*self._in_lists(question), *self._misheard(question)]
        free = [m for m in other if not any(m.start < e.end and e.start < m.end for e in exact)]
        return sorted([*exact, *free], key=lambda mention: mention.start)

    def _in_lists(self, question: str) -> Iterator[Mention]:
        """The names of 气象、地震、应急这三个局厅."""
        if not _AN_OFFICE.search(question):
            return
        for run in self._list.finditer(question):
            for part in _PART.finditer(run[0]):
                if part[0] in self._stems:
                    at = run.start() + part.start()
                    yield self._mention(self._stems[part[0]], at, at + len(part[0]))

    def _misheard(self, question: str) -> Iterator[Mention]:
        """Names written with other characters of the same sound, as speech input does (教育亭, 卫建委)."""
        at = 0
        while at < len(question):
            for length in self._lengths:
                said = question[at : at + length]
                if len(said) < length or said[-1] not in self._last or not all(map(text.is_han, said)):
                    continue
                name = self._typed.get(tuple(text.syllables(said)))
                if name is not None and said not in self._names and set(said) & set(name):
                    yield self._mention(name, at, at + length)
                    at += length - 1
                    break
            at += 1

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(syllables) for syllables in self._typed}, reverse=True)

    @cached_property
    def _last(self) -> frozenset[str]:
        return frozenset(n[-1] for n in self._typed.values()) | frozenset(_SAME_SOUND)

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
