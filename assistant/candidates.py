"""Candidates: which clauses a question may mean, and whether one of them is clearly meant."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.question import Question
from vectorstore.library import Snapshot
from vectorstore.records import Clause, Hit, Tier

CLEAR = 0.30
"""Least score of a clause that is taken as meant."""
CLOSE = 0.88
"""A second clause within this share of the first one's score makes the question a choice."""
_MOST_CHOICES = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the question may mean: `clear` is the one clause that is meant, else `close` are the choices."""

    hits: tuple[Hit, ...] = ()
    clear: Clause | None = None
    close: tuple[Clause, ...] = ()
    given: bool = False

    @property
    def best(self) -> float:
        """Score of the best hit, 0 without any."""
        return self.hits[0].score if self.hits else 0.0


def find_candidates(question: Question, snapshot: Snapshot, notices: tuple[str, ...]) -> Candidates:
    """The clauses of `notices` a question may mean: by the path it names, else by its topic."""
    register = snapshot.register
    for path in question.paths:
        for notice in notices:
            if clause := register.clause(notice, path):
                return Candidates(clear=clause, given=True)
    if not question.topic:
        return Candidates()
    hits = tuple(snapshot.retriever.search(question.topic, Tier.NOTICE, notices, limit=8))
    clauses = [_clause(h, snapshot) for h in hits]
    if not hits or hits[0].score < CLEAR:
        return Candidates(hits)
    close = [c for h, c in zip(hits, clauses, strict=True) if h.score >= hits[0].score * CLOSE]
    close = _without_ancestors(close)
    if len(close) == 1:
        return Candidates(hits, clear=close[0])
    return Candidates(hits, close=tuple(close[:_MOST_CHOICES]))


def _clause(hit: Hit, snapshot: Snapshot) -> Clause:
    clause = snapshot.register.clause(hit.passage.scope, hit.passage.locator)
    assert clause is not None, hit.passage.id
    return clause


def _without_ancestors(clauses: list[Clause]) -> list[Clause]:
    """A section beside one of its own items is no second meaning: the better ranked of the two stays."""
    kept: list[Clause] = []
    for clause in clauses:
        if not any(_related(clause, other) for other in kept):
            kept.append(clause)
    return kept


def _related(one: Clause, other: Clause) -> bool:
    return one.notice == other.notice and (one.path.startswith(other.path) or other.path.startswith(one.path))
