"""The register as set questions see it: tasks, sections, and who takes part in which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.compose import Desk
from assistant.question import Question
from assistant.scope import sections
from vectorstore.records import Clause, Duty, Role, Tier
from vectorstore.register import DutyRegister

_SURE = 0.4
"""Least score of a clause that a piece of a question is taken to name."""


@dataclass(frozen=True, slots=True)
class View:
    """The tasks (clauses with duties and nothing below) and headings with leads that a question is about."""

    desk: Desk
    tasks: tuple[Clause, ...]
    headings: tuple[Clause, ...]
    scoped: bool

    def duties(self, clause: Clause, *roles: Role) -> list[Duty]:
        """The clause's own duties."""
        return self.desk.snapshot.register.of_clause(clause.notice, clause.path, *roles)

    def names(self, clause: Clause) -> list[str]:
        """The departments of a clause, each once, in printed order."""
        return list(dict.fromkeys(d.department for d in self.duties(clause)))

    def leads(self, clause: Clause) -> list[str]:
        """The departments that lead a clause, in printed order."""
        return [d.department for d in self.duties(clause, Role.LEAD)]

    def with_all(self, names: Iterable[str]) -> list[Clause]:
        """The tasks in which every one of `names` takes part."""
        wanted = set(names)
        return [c for c in self.tasks if wanted <= set(self.names(c))]

    def counts(self) -> Counter[str]:
        """How many tasks each department has."""
        return Counter(name for c in self.tasks for name in self.names(c))

    def lead_counts(self) -> Counter[str]:
        """How many headings each department leads."""
        return Counter(d.department for c in self.headings for d in self.duties(c, Role.LEAD))

    def rows(self, clauses: Sequence[Clause], names: Iterable[str] | None = None, *roles: Role) -> list[Duty]:
        """The duties of some clauses (of `names`, of `roles`)."""
        wanted = None if names is None else set(names)
        return [d for c in clauses for d in self.duties(c, *roles) if wanted is None or d.department in wanted]


def clauses_meant(piece: str, desk: Desk) -> list[Clause]:
    """The clauses that a few words of a question may mean, best first."""
    hits = desk.snapshot.retriever.search(piece, Tier.NOTICE, desk.scopes, limit=3)
    found = (desk.snapshot.register.clause(h.passage.scope, h.passage.locator) for h in hits if h.score >= _SURE)
    return [c for c in found if c]


def view_of(question: Question, desk: Desk) -> View:
    """The register within the headings that the question names, or whole."""
    return view_in(question.scopes, desk, question.kinds)


def view_in(scopes: tuple[Clause, ...], desk: Desk, kinds: tuple[str, ...] = ()) -> View:
    """The register within some headings, or whole; `kinds` are words for the headings that count."""
    tasks, headings = _parts(desk.snapshot.register, desk.notices, scopes, kinds)
    return View(desk, tasks, headings, bool(scopes))


def without(view: View, headings: Iterable[Clause]) -> View:
    """A view without what stands below some headings."""
    left_out = view.desk.snapshot.register.inside(headings)
    tasks, kept = (
        tuple(c for c in clauses if (c.notice, c.path) not in left_out) for clauses in (view.tasks, view.headings)
    )
    return replace(view, tasks=tasks, headings=kept)


@lru_cache(maxsize=256)
def _parts(
    register: DutyRegister, notices: tuple[str, ...], scopes: tuple[Clause, ...], kinds: tuple[str, ...]
) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """The tasks and the headings with leads, in printed order."""
    scope = register.inside(scopes)

    def within(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
        return tuple(c for c in clauses if not scope or (c.notice, c.path) in scope)

    return within(c for n in notices for c in register.tasks(n)), within(sections(register, notices, kinds))
