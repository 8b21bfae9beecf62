"""How answers to set questions are written: the number first, then one line a clause or department."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind, Line
from assistant.compose import Desk, cite, cite_duties, heading, join, numbered, reminders
from prompts import sentence
from vectorstore.records import Clause, Duty

_MOST_CITED = 40


def said_clauses(
    head: str, clauses: Sequence[Clause], duties: Sequence[Duty], desk: Desk, *, names: bool = True
) -> Answer:
    """A list of clauses, each with its departments among `duties` unless `names` is off."""
    lines = numbered(_clause_line(c, duties if names else ()) for c in clauses)
    follow = [sentence("follow_who", title=c.title) for c in clauses[:3]]
    return _answer(Line("", head), lines, clauses, duties, desk, follow)


def said_departments(
    head: str, rows: Sequence[tuple[str, str]], duties: Sequence[Duty], clauses: Sequence[Clause], desk: Desk
) -> Answer:
    """A list of departments, each with a note; `clauses` are what the answer rests on."""
    lines = numbered(f"{name}{note}" for name, note in rows)
    follow = [sentence("follow_department", department=name) for name, _ in rows[:3]]
    answer = _answer(Line("", head), lines, clauses, duties, desk, follow)
    return replace(answer, departments=tuple(name for name, _ in rows) if len(rows) == 1 else ())


def said(head: str, clauses: Sequence[Clause], desk: Desk, kind: Kind = Kind.FACT) -> Answer:
    """One sentence that rests on some clauses."""
    answer = _answer(Line("", head), (), clauses, (), desk, [])
    return replace(answer, kind=kind)


def _clause_line(clause: Clause, duties: Iterable[Duty]) -> str:
    own = dict.fromkeys(d.department for d in duties if (d.notice, d.path) == (clause.notice, clause.path))
    return heading(clause) + (f"（{join(own)}）" if own else "")


def _answer(
    head: Line,
    lines: tuple[Line, ...],
    clauses: Sequence[Clause],
    duties: Sequence[Duty],
    desk: Desk,
    follow: list[str],
) -> Answer:
    citations = [c for clause in clauses[:_MOST_CITED] for c in cite_duties(desk, clause)]
    if not citations:
        first = desk.snapshot.register.clauses(desk.notice.key)
        citations = [cite(desk, first[0])] if first else []
    keys = [c.notice for c in clauses] or [desk.notice.key]
    table = (sentence("follow_table"),) if duties else ()
    return Answer(
        Kind.DUTY, (head, *lines), tuple(duties), tuple(citations),
        suggestions=(*table, *follow), notices=reminders(desk, keys),
        listed=tuple((c.notice, c.path) for c in clauses), count=len(clauses),
    )  # fmt: skip
