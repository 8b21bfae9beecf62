"""Question: what was asked, taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.names import Mention
from vectorstore.records import Role


@dataclass(frozen=True, slots=True)
class Question:
    """One question, understood.

    `text` is as asked (private data masked), `normal` its matching form. `topic` is what is left of it when
    departments, paths and cue words are taken away: the thing asked about, "" when there is none.
    """

    text: str
    normal: str
    topic: str
    cues: frozenset[str] = frozenset()
    departments: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

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
