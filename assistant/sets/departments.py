"""Set questions that want departments: in which headings they have tasks, how many, who leads, who comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.answer import Answer
from assistant.compose import Desk, join
from assistant.sets import understood
from assistant.sets.query import Relation, SetQuery, Wanted
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import View, view_in, without
from prompts import sentence
from vectorstore.records import Clause, Role


def answer(query: SetQuery, desk: Desk) -> Answer | None:
    """The departments that a query wants, the sentence before them saying how it was understood."""
    if query.wanted is not Wanted.DEPARTMENTS:
        return None
    view = view_in(query.within, desk, query.kinds)
    lead = query.role is Role.LEAD
    counts = view.lead_counts() if lead else view.counts()
    names = [n for n in counts if _fits(query, n, counts, view)]
    names = _ordered(query, names, counts)
    if not counts or (query.order and not names):
        return _nobody(query, view)
    if lead and query.within and not query.order and query.load is None:
        return _leads_of(query, view)
    pool = view.headings if lead else view.tasks
    clauses = [c for c in pool if set(view.names(c)) & set(names)]
    rows = view.rows(clauses, names, Role.LEAD if lead else Role.RESPONSIBLE)
    key = "set_lead_count" if lead else "set_tasks"
    notes = [(n, sentence(key, count=counts[n]) + _own_lead(query, n, view)) for n in names]
    return said_departments(_head(query, names, counts, view), notes, rows, clauses, desk)


def _nobody(query: SetQuery, view: View) -> Answer | None:
    if not query.within:
        return None
    return said_clauses(sentence("set_no_departments", scope=query.within[0].title), query.within, [], view.desk)


def _fits(query: SetQuery, name: str, counts: Counter[str], view: View) -> bool:
    if name in query.absent or (query.load is not None and not query.load.fits(counts[name])):
        return False
    if query.relation is Relation.BEYOND and not _holds(query, counts[name], counts[query.of]):
        return False
    if query.spread is not None and not query.spread.fits(_headings_with(name, view)):
        return False
    everywhere = view_in((), view.desk)
    if query.never_lead and name in everywhere.lead_counts():
        return False
    if name in _present(without(everywhere, query.within).tasks if query.only else (), view):
        return False
    if query.outside and name in _present(view_in(query.outside, view.desk).tasks, view):
        return False
    return all(name in group for group in _groups(query, view))


def _holds(query: SetQuery, own: int, other: int) -> bool:
    return {">": own > other, "<": own < other, "=": own == other}[query.than]


def _headings_with(name: str, view: View) -> int:
    """In how many headings a department has tasks."""
    return sum(name in _present(view_in((h,), view.desk).tasks, view) for h in view.headings)


def _present(tasks: Iterable[Clause], view: View) -> set[str]:
    return {name for c in tasks for name in view.names(c)}


def _groups(query: SetQuery, view: View) -> list[set[str]]:
    """The departments of each place in which a department must be found: every task, every heading."""
    if query.every is Wanted.TASKS and query.within:
        return [set(view.names(c)) for c in view.tasks]
    places = query.within if query.each else view.headings if query.every else ()
    return [_present(view_in((place,), view.desk).tasks, view) for place in places]


def _ordered(query: SetQuery, names: list[str], counts: Counter[str]) -> list[str]:
    ranked = sorted(names, key=lambda n: -counts[n])
    if not query.order or not ranked:
        return ranked if query.load or query.relation else names
    kept = query.kept(counts[n] for n in names)
    if query.order in ("top", "bottom"):
        ordered = ranked if query.order == "top" else ranked[::-1]
        return [n for n in ordered if counts[n] in kept]
    return [n for n in names if counts[n] in kept]


def _own_lead(query: SetQuery, name: str, view: View) -> str:
    """A lead of a single task is none of an action, and must not be kept back where none is said."""
    own = query.never_lead and any(name in view.leads(c) for c in view.tasks)
    return sentence("set_lead_of_item") if own else ""


def _leads_of(query: SetQuery, view: View) -> Answer:
    """Who leads the headings looked in, heading by heading."""
    names = dict.fromkeys(n for c in view.headings for n in view.leads(c))
    head = sentence("read_leads_of", where=understood.where(query), count=len(view.headings),
                    departments=join(names), departments_count=len(names))  # fmt: skip
    return said_clauses(head, view.headings, view.rows(view.headings, None, Role.LEAD), view.desk)


def _head(query: SetQuery, names: Sequence[str], counts: Counter[str], view: View) -> str:
    said = join(names) or "—"
    same = {counts[n] for n in names}
    measured = sentence("read_leads_measured" if query.role is Role.LEAD else "read_tasks_measured")
    parts = [p for p in (_places(query, view), *_limits(query, counts)) if p]
    if query.order:
        order = sentence("read_ordered", measured=measured, order=sentence(f"read_{query.order}", place=query.place))
        best = "、".join(map(str, sorted(same, reverse=True)))
        unit = "个" if query.role is Role.LEAD else "项"
        which = "、".join([*parts, order])
        key = "read_departments_ordered"
        return sentence(key, which=which, count=len(names), departments=said, best=best, unit=unit)
    if not parts:
        return sentence("set_departments_total", count=len(names), departments=said)
    tasks = sentence("read_in_all", tasks=len(view.tasks)) if query.within and not query.is_composed else ""
    return sentence("read_departments", which="、".join(parts), count=len(names), tasks=tasks, departments=said)


def _limits(query: SetQuery, counts: Counter[str]) -> list[str]:
    said = []
    if query.role is Role.LEAD and not query.order and query.load is None:
        said.append(sentence("set_leading_any"))
    if query.load is not None:
        key = "read_load_leads" if query.role is Role.LEAD else "read_load"
        said.append(sentence(key, load=understood.extent(query.load)))
    if query.relation is Relation.BEYOND:
        key = {">": "read_beyond", "<": "read_fewer", "=": "read_as_many"}[query.than]
        said.append(sentence(key, department=query.of, count=counts[query.of]))
    if query.spread is not None:
        said.append(sentence("read_spread", size=understood.extent(query.spread), kinds="或".join(query.kinds)))
    if query.never_lead:
        said.append(sentence("read_never_lead"))
    if query.absent:
        said.append(sentence("read_besides", departments=join(query.absent)))
    return said


def _places(query: SetQuery, view: View) -> str:
    quoted = understood.quoted(query.within)
    if query.every:
        places = len(_groups(query, view))
        return sentence("read_every", scopes=quoted or "".join(query.kinds), count=places)
    key = "read_in_each" if query.each else "read_only_in" if query.only else "read_in"
    said = [sentence(key, scopes=quoted)] if quoted else []
    if query.outside:
        said.append(sentence("read_not_in", scopes=understood.quoted(query.outside)))
    return "、".join(said)
