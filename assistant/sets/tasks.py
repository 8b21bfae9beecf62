"""Set questions that want tasks, actions or projects: who is in them, who is not, how many departments they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind
from assistant.compose import Desk, heading, join
from assistant.question import Question
from assistant.sets import understood
from assistant.sets.query import How, SetQuery, Wanted
from assistant.sets.show import said, said_clauses
from assistant.sets.view import View, clauses_meant, view_in, view_of, without
from prompts import sentence
from vectorstore.records import Clause, Role

_NOT_WRITTEN = re.compile(
    r"没有?写(?:明)?(?:清)?(?:责任|牵头)?(?:部门|单位)|(?:没有?|无|未写明)(?:责任|牵头)(?:部门|单位)|没有?(?:部门|单位)(?:负责|管)"
)


def answer(query: SetQuery, desk: Desk) -> Answer | None:
    """The clauses that a query wants, the sentence before them saying how it was understood."""
    if query.wanted not in (Wanted.TASKS, Wanted.HEADINGS):
        return None
    missing = [n for n in query.named if not desk.snapshot.register.of_department(n)]
    if missing and len(missing) == len(query.named):
        return None
    view = without(view_in(query.within, desk, query.kinds), query.outside)
    clauses = [c for c in _pool(query, view) if _fits(query, _names(query, c, view), c, view)]
    if query.apiece:
        return _apiece(query, clauses, view)
    if query.order:
        return _ordered(query, clauses, view)
    other = _elsewhere(query, desk) if query.only and len(query.named) == 1 else ""
    head = other + "".join(sentence("department_none_here", department=n) for n in missing) + _head(query, len(clauses))
    roles = (Role.LEAD,) if query.role is Role.LEAD else ()
    rows = view.rows(clauses, query.named or None, *roles)
    answer = said_clauses(head, clauses, rows, desk, names=not (query.absent and query.named))
    if len(query.named) > 1 and query.how is How.ALL and not query.together:
        other = sentence("follow_any", departments=join(query.named))
        answer = replace(answer, suggestions=(other, *answer.suggestions))
    return answer


def _pool(query: SetQuery, view: View) -> Sequence[Clause]:
    if query.wanted is Wanted.HEADINGS:
        return view.headings
    return (*view.headings, *view.tasks) if query.role is Role.LEAD else view.tasks


def _names(query: SetQuery, clause: Clause, view: View) -> list[str]:
    return view.leads(clause) if query.role is Role.LEAD else view.names(clause)


def _fits(query: SetQuery, names: Sequence[str], clause: Clause, view: View) -> bool:
    there, wanted = set(names), set(query.named)
    combined = {
        How.ALL: wanted <= there,
        How.ANY: bool(wanted & there),
        How.SOME: len(wanted & there) >= query.least,
        How.EXACT: wanted == there,
    }[query.how]
    sized = query.size is None or query.size.fits(len(names))
    loaded = query.load is None or query.load.fits(len(_below(clause, view)))
    return (combined or not wanted) and not there & set(query.absent) and sized and loaded


def _below(clause: Clause, view: View) -> list[Clause]:
    return view.desk.snapshot.register.children(clause.notice, clause.path)


def _head(query: SetQuery, count: int) -> str:
    kind = "headings" if query.wanted is Wanted.HEADINGS else "tasks"
    words = {"where": understood.where(query), "which": understood.conditions(query), "count": count}
    if query.load is not None:
        return sentence("set_headings_by_tasks", count=count, size=understood.extent(query.load))
    if count:
        return sentence(f"read_{kind}", **words)
    always = query.absent and query.named and query.how is How.ALL
    told = sentence(f"read_no_{kind}", **words)
    return told + (sentence("read_always", departments=join(query.named), absent=join(query.absent)) if always else "")


def _ordered(query: SetQuery, clauses: Sequence[Clause], view: View) -> Answer | None:
    """Those with the most or fewest departments, or headings with the most or fewest tasks."""
    by_tasks = query.measured is Wanted.TASKS
    sizes = {c: _tasks_of(query, c, view) if by_tasks else len(_involved(query, c, view)) for c in clauses}
    if not sizes:
        return None
    kept = query.kept(sizes.values())
    found = [c for c in clauses if sizes[c] in kept]
    best = "、".join(map(str, kept))
    which = understood.conditions(query)
    kind = "headings" if query.wanted is Wanted.HEADINGS else "tasks"
    by = "tasks" if by_tasks else "departments"
    order = sentence(f"read_{query.order}", place=query.place)
    words = {"where": understood.where(query), "which": f"{which}的" if which else "", "order": order}
    head = sentence(f"read_{kind}_by_{by}", **words, best=best, count=len(found))
    roles = (Role.LEAD,) if query.wanted is Wanted.HEADINGS else ()
    return said_clauses(head, found, view.rows(found, query.named or None, *roles), view.desk)


def _elsewhere(query: SetQuery, desk: Desk) -> str:
    """Whether a department that is said to have tasks only in some headings has some elsewhere."""
    rest = without(view_in((), desk), query.within).with_all(query.named)
    key = "read_elsewhere" if rest else "read_not_elsewhere"
    return sentence(key, department=query.named[0], where=understood.where(query), count=len(rest))


def _tasks_of(query: SetQuery, heading: Clause, view: View) -> int:
    """How many tasks stand below a heading, those of the named departments when some are named."""
    wanted = set(query.named)
    return sum(wanted <= set(view.names(c)) for c in _below(heading, view))


def _apiece(query: SetQuery, clauses: Sequence[Clause], view: View) -> Answer:
    """Each heading with how many departments and tasks it has."""
    counts = []
    for c in clauses:
        bodies, tasks = len(_involved(query, c, view)), len(_below(c, view))
        counts.append(sentence("read_apiece", clause=heading(c), departments=bodies, tasks=tasks))
    return said("；".join(counts) + "。", list(clauses), view.desk, Kind.DUTY)


def _involved(query: SetQuery, clause: Clause, view: View) -> set[str]:
    """The departments of a task; of a heading those of all its tasks, each once."""
    if query.wanted is Wanted.TASKS or query.role is Role.LEAD:
        return set(_names(query, clause, view))
    below = view.desk.snapshot.register.below(clause.notice, clause.path)
    return {name for c in below if c in view.tasks for name in view.names(c)}


def several(question: Question, desk: Desk) -> Answer | None:
    """Tasks about several things at once, each with its departments: 哪些任务是老年健康、防骗方面的."""
    asks = re.search(r"哪[些几][^，。]{0,4}(?:任务|条目|条|项)", question.shape)
    if question.named or not asks or "、" not in question.normal:
        return None
    view = view_of(question, desk)
    found: dict[str, Clause] = {}
    for piece in question.topic.split():
        own = [c for c in clauses_meant(piece, desk) if c in view.tasks]
        found.update({c.path: c for c in own[:1]})
    clauses = list(found.values())
    if len(clauses) < 2:
        return None
    return said_clauses(sentence("set_several", count=len(clauses)), clauses, view.rows(clauses), desk)


def none_named(question: Question, desk: Desk) -> Answer | None:
    """The clauses that name no department at all."""
    if question.named or not asks_where_none_is_named(question):
        return None
    if question.has("lead") and not question.has("responsible"):
        return None
    register = desk.snapshot.register
    leaves = (c for n in desk.notices for c in register.clauses(n) if not register.is_heading(n, c.path))
    found = [c for c in leaves if not register.of_clause(c.notice, c.path)]
    return said_clauses(sentence("set_none_named", count=len(found)), found, [], desk)


def asks_where_none_is_named(question: Question) -> bool:
    """Whether the clauses without departments are asked for."""
    return bool(_NOT_WRITTEN.search(question.shape) and re.search(r"哪[些几里一]|几[条项处]|多少", question.shape))


def own_leads(question: Question, desk: Desk) -> Answer | None:
    """The tasks that name a lead of their own."""
    asks = re.search(r"(?:任务|条目|条)[^。]{0,12}(?:自己|单独|另外|单列)[^。]{0,6}牵头", question.shape)
    if question.named or not asks:
        return None
    view = view_of(question, desk)
    found = [c for c in view.tasks if view.leads(c)]
    head = sentence("set_own_lead", count=len(found))
    return said_clauses(head, found, view.rows(found, None, Role.LEAD), desk)
