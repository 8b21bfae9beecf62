"""Runs suites over a chain: each case in a session of its own, every answer judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from evals.chat import judge_chat
from evals.judge import judge
from evals.suite import Case, Turn
from vectorstore.errors import KepuError


class Asks(Protocol):
    """Anything that answers like the chain."""

    def invoke(self, asked: dict[str, str], /) -> Any:
        """One answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """One turn as it went: the question, the answer object, its faults."""

    question: str
    answer: dict[str, Any]
    faults: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """A case with its turns; right when no turn has a fault."""

    case: Case
    given: list[Given] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Whether every turn was answered rightly."""
        return not any(g.faults for g in self.given)


def run_case(chain: Asks, case: Case) -> Outcome:
    """Asks the turns of a case one after another in one session."""
    session = f"eval-{uuid4().hex}"
    outcome = Outcome(case)
    for turn in case.turns:
        outcome.given.append(_ask(chain, turn, session))
    return outcome


def _ask(chain: Asks, turn: Turn, session: str) -> Given:
    try:
        answer = chain.invoke({"question": turn.question, "session": session})
    except KepuError as error:
        body: dict[str, Any] = {"error": error.code}
        return Given(turn.question, body, tuple(judge(turn, body)))
    body = answer.to_dict()
    in_chat = judge_chat(answer, turn.expect.chat) if turn.expect.chat is not None else []
    return Given(turn.question, body, (*judge(turn, body), *in_chat))


def run_suite(chain: Asks, cases: Iterable[Case], done: Callable[[], object]) -> list[Outcome]:
    """Runs the cases of a suite; `done` is called after each."""
    outcomes = []
    for case in cases:
        outcomes.append(run_case(chain, case))
        done()
    return outcomes
