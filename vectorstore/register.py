"""DutyRegister: all duties in memory, asked by department, role, clause and notice."""

from __future__ import annotations

from collections.abc import Iterable

from vectorstore.records import Clause, Duty, Notice, Role


class DutyRegister:
    """Every duty of every notice, with indexes that make each question a look-up."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self.notices: dict[str, Notice] = {n.key: n for n in notices}
        self._clauses: dict[tuple[str, str], Clause] = {}
        self._children: dict[tuple[str, str], list[Clause]] = {}
        self._by_clause: dict[tuple[str, str], list[Duty]] = {}
        self._by_department: dict[str, list[Duty]] = {}
        self._of_department_in: dict[tuple[str, str], list[Duty]] = {}
        for notice in self.notices.values():
            for clause in notice.clauses:
                self._clauses[notice.key, clause.path] = clause
                self._children.setdefault((notice.key, clause.parent), []).append(clause)
            for duty in notice.duties:
                self._by_clause.setdefault((notice.key, duty.path), []).append(duty)
                self._by_department.setdefault(duty.department, []).append(duty)
                self._of_department_in.setdefault((duty.department, notice.key), []).append(duty)

    @property
    def departments(self) -> list[str]:
        """Every department that has a duty, in order of first mention."""
        return list(self._by_department)

    def clause(self, notice: str, path: str) -> Clause | None:
        """The clause at `path`, or None."""
        return self._clauses.get((notice, path))

    def clauses(self, notice: str) -> tuple[Clause, ...]:
        """All clauses of a notice, in its order."""
        found = self.notices.get(notice)
        return found.clauses if found else ()

    def children(self, notice: str, path: str) -> list[Clause]:
        """The clauses directly below `path`, in order."""
        return self._children.get((notice, path), [])

    def is_heading(self, notice: str, path: str) -> bool:
        """Whether clauses stand below `path`: a lead there leads an action or project, not a task."""
        return bool(self.children(notice, path))

    def tasks(self, notice: str) -> list[Clause]:
        """The clauses of a notice that have duties and nothing below them, in its order."""
        own = (c for c in self.clauses(notice) if self.of_clause(notice, c.path))
        return [c for c in own if not self.is_heading(notice, c.path)]

    def below(self, notice: str, path: str) -> list[Clause]:
        """`path` itself and everything under it, in the order of the notice."""
        clause = self.clause(notice, path)
        found = [clause] if clause else []
        for child in self.children(notice, path):
            found.extend(self.below(notice, child.path))
        return found

    def inside(self, scopes: Iterable[Clause]) -> set[tuple[str, str]]:
        """Notice and path of some clauses and of everything below them."""
        return {(s.notice, c.path) for s in scopes for c in self.below(s.notice, s.path)}

    def of_clause(self, notice: str, path: str, *roles: Role) -> list[Duty]:
        """The clause's own duties (of `roles`, or of all), in printed order."""
        return [d for d in self._by_clause.get((notice, path), ()) if not roles or d.role in roles]

    def of_department(self, department: str, notice: str | None = None, *roles: Role) -> list[Duty]:
        """The department's duties (in one notice, of `roles`), in the order of the notices."""
        everywhere = self._by_department.get(department, [])
        found = everywhere if notice is None else self._of_department_in.get((department, notice), [])
        return [d for d in found if not roles or d.role in roles]

    def clauses_of(self, duties: Iterable[Duty]) -> list[Clause]:
        """The clauses of some duties, each once, in order."""
        found = (self.clause(*place) for place in dict.fromkeys((d.notice, d.path) for d in duties))
        return [c for c in found if c is not None]

    def inherited_lead(self, notice: str, path: str) -> list[Duty]:
        """The lead of the nearest clause above `path` that names one; never the clause's own."""
        clause = self.clause(notice, path)
        while clause is not None and clause.parent:
            clause = self.clause(notice, clause.parent)
            if clause and (leads := self.of_clause(notice, clause.path, Role.LEAD)):
                return leads
        return []

    def duties(self, notice: str | None = None) -> list[Duty]:
        """Every duty (of one notice), in the order of the notice."""
        return [d for n in self.notices.values() if notice in (None, n.key) for d in n.duties]
