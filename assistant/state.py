"""State: what a session remembers from one turn to the next. No model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

Place = tuple[str, str]
"""Notice and path of a clause."""

_MOST_BEGUN = 6
"""So many guides are remembered that somebody has begun."""


@dataclass(slots=True)
class State:
    """What a session remembers. Lists run from older to newer; `listed` is what the last answer listed, in order,
    `series` the last that listed or offered more than one.

    `focus` are the clauses asked about one after another, `departments` those the last answer was about, `named`
    all that were named, `served` the clauses that the card shown last serves. `owner` is how the last question about
    an owner asked (who, lead). `begun` has the step reached in each guide, the latest last. `back` says that
    this turn goes back to the clause that stands last in `focus`.
    """

    question: str = ""
    shape: str = ""
    topic: str = ""
    kind: str = ""
    cues: list[str] = field(default_factory=list)
    owner: list[str] = field(default_factory=list)
    focus: list[Place] = field(default_factory=list)
    listed: list[Place] = field(default_factory=list)
    series: list[Place] = field(default_factory=list)
    scopes: list[Place] = field(default_factory=list)
    served: list[Place] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    card: str = ""
    begun: dict[str, int] = field(default_factory=dict)
    unit: str = ""
    back: bool = False

    @classmethod
    def of(cls, body: dict[str, Any]) -> State:
        """A state from its stored form; unknown fields of another version are left out."""
        state = cls(**{k: v for k, v in body.items() if k in cls.__dataclass_fields__})
        for name in ("focus", "listed", "series", "scopes", "served"):
            setattr(state, name, [(n, p) for n, p in getattr(state, name)])
        return state

    @property
    def notice(self) -> str:
        """The notice that was talked of last, "" when there was none."""
        last = self.focus[-1:] or self.listed[-1:]
        return last[0][0] if last else ""

    @property
    def guide(self) -> str:
        """The guide that was followed last, "" when none was."""
        return next(reversed(self.begun), "")

    @property
    def step(self) -> int:
        """The step reached in it, counted from 1."""
        return self.begun.get(self.guide, 1)

    def at_step(self, guide: str, step: int) -> State:
        """The state with a guide taken up at a step."""
        others = {name: n for name, n in self.begun.items() if name != guide}
        return replace(self, begun=dict([*others.items(), (guide, step)][-_MOST_BEGUN:]))

    def stored(self) -> dict[str, Any]:
        """The form that is stored."""
        return asdict(self)
