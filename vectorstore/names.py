"""Department names in running text: canonical names, aliases, former names, and what is ambiguous."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore import text
from vectorstore.matching import LongestMatch
from vectorstore.records import Department

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

    def _add(self, said: str, name: str, until: str) -> None:
        known = self._names.setdefault(text.normalise(said), [])
        if name not in (n for n, _ in known):
            known.append((name, until))

    def find(self, question: str) -> list[Mention]:
        """The departments a normalised text names, from left to right, longest name first."""
        borders = text.borders(question)

        def is_word(start: int, end: int) -> bool:
            return end - start > _SHORT or {start, end} <= borders

        return [self._mention(question, *place) for place in self._match.find(question, is_word)]

    def _mention(self, question: str, start: int, end: int) -> Mention:
        said = question[start:end]
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
