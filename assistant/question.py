"""Question: what was asked, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.numerals import Amount
from vectorstore.names import Mention
from vectorstore.records import Clause, Role


@dataclass(frozen=True, slots=True)
class Question:
    """One question, understood.

    `text` is as asked (private data masked), `normal` its matching form, `shape` the same without white space and
    with `@` for each department. `topic` is what is left of it when departments, paths and cue words are taken
    away: the thing asked about, "" when there is none. `scopes` are the headings it names (an action, a part),
    `kinds` the words for headings in general (行动, 工程) when it means all of them, `notices` the
    notices it names.
    """

    text: str
    normal: str
    topic: str
    shape: str = ""
    cues: frozenset[str] = frozenset()
    departments: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    scopes: tuple[Clause, ...] = ()
    kinds: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these cues stands in the question."""
        return not self.cues.isdisjoint(names)

    @property
    def named(self) -> tuple[str, ...]:
        """The departments named without ambiguity, each once, in order."""
        return tuple(dict.fromkeys(m.names[0] for m in self.departments if len(m.names) == 1))

    @property
    def role(self) -> Role | None:
        """The role asked about, when one is."""
        if self.has("lead"):
            return Role.LEAD
        return Role.COOPERATE if self.has("cooperate") else None

    @property
    def topic_words(self) -> str:
        """The topic without the words for headings in general and without amounts."""
        left = self.topic
        for word in (*self.kinds, "项", "个", "大", *"一二三四五六七八九十两0123456789"):
            left = left.replace(word, "")
        return left.strip()

    def amounts_of(self, *units: str) -> tuple[Amount, ...]:
        """The amounts with one of these units."""
        return tuple(a for a in self.amounts if a.unit in units)
