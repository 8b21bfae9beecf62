"""Departments held against one: who works with it most, its rank, which of several has more."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from assistant.answer import Answer
from assistant.compose import Desk, join
from assistant.question import Question
from assistant.sets.query import Relation, SetQuery
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import View, view_in
from prompts import sentence
from vectorstore.records import Role


def answer(query: SetQuery, desk: Desk, question: Question) -> Answer | None:
    """The answer when a query relates departments to one or to each other, else None."""
    view = view_in(query.within, desk)
    if query.relation is Relation.PARTNER:
        return _lead_partners(query.of, view) if query.role is Role.LEAD else _partner(query, question, view)
    if query.relation is Relation.RANK:
        return _rank(query.of, view)
    if query.relation is Relation.PAIR:
        return _pair(view)
    if query.relation is Relation.COMPARE:
        return _more(query.named, view)
    return None


def _partner(query: SetQuery, question: Question, view: View) -> Answer | None:
    own = view.with_all([query.of])
    if not own:
        return None
    left_out = {query.of, *query.absent}
    counts = Counter(other for c in own for other in view.names(c) if other not in left_out)
    wanted = next((a.value for a in question.amounts_of("个", "家", "部门") if a.sign in ("=", "top")), 1)
    least = sorted(counts.values(), reverse=True)[min(wanted, len(counts)) - 1] if counts else 0
    best = [n for n in sorted(counts, key=lambda n: -counts[n]) if counts[n] >= least]
    besides = sentence("read_besides", departments=join(query.absent)) + "，" if query.absent else ""
    most = max(counts.values(), default=0)
    head = besides + sentence("set_partner", department=query.of, partners=join(best), count=most)
    shared = [c for c in own if set(view.names(c)) & set(best)]
    notes = [(n, sentence("set_shared", count=counts[n])) for n in best]
    return said_departments(head, notes, view.rows(shared, best), shared, view.desk)


def _pair(view: View) -> Answer:
    """The two departments that share most tasks, all pairs when several share as many."""
    counts = Counter(pair for c in view.tasks for pair in combinations(sorted(view.names(c)), 2))
    most = max(counts.values(), default=0)
    best = [pair for pair, n in counts.items() if n == most]
    head = sentence("read_pair", pairs="；".join(join(p) for p in best), count=most)
    shared = [c for c in view.tasks if any(set(p) <= set(view.names(c)) for p in best)]
    return said_clauses(head, shared, view.rows(shared, {n for p in best for n in p}), view.desk)


def _lead_partners(name: str, view: View) -> Answer | None:
    """Who leads actions and projects together with a department."""
    shared = [c for c in view.headings if name in view.leads(c) and len(view.leads(c)) > 1]
    if not shared:
        return None
    others = list(dict.fromkeys(n for c in shared for n in view.leads(c) if n != name))
    head = sentence("set_lead_partners", department=name, partners=join(others), count=len(others))
    return said_clauses(head, shared, view.rows(shared, None, Role.LEAD), view.desk)


def _rank(name: str, view: View) -> Answer | None:
    """The place of a department by its tasks; equals share the first place of theirs."""
    counts = view.counts()
    before = [n for n in counts if counts[n] > counts[name]]
    if not counts[name]:
        return None
    head = sentence("read_rank", department=name, place=len(before) + 1, count=counts[name], before=len(before))
    tasks = [c for c in view.tasks if name in view.names(c)]
    note = [(name, sentence("set_tasks", count=counts[name]))]
    return said_departments(head, note, view.rows(tasks, [name], Role.RESPONSIBLE), tasks, view.desk)


def _more(names: tuple[str, ...], view: View) -> Answer:
    counts = view.counts()
    absent = [n for n in names if not view.desk.snapshot.register.of_department(n)]
    ranked = sorted(names, key=lambda n: -counts[n])
    gap = counts[ranked[0]] - counts[ranked[1]]
    verdict = sentence("set_more", first=ranked[0], second=ranked[1], gap=gap) if gap else sentence("set_equal")
    said = "，".join(sentence("set_has", department=n, count=counts[n]) for n in names if n not in absent)
    missing = "".join(sentence("department_none_here", department=n) for n in absent)
    present = [n for n in ranked if n not in absent]
    tasks = [c for c in view.tasks if set(view.names(c)) & set(present)]
    head = f"{missing}{said}。" + ("" if absent else verdict)
    notes = [(n, sentence("set_tasks", count=counts[n])) for n in present]
    return said_departments(head, notes, view.rows(tasks, present, Role.RESPONSIBLE), tasks, view.desk)
