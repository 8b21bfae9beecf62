"""What a department has to do: every duty, counted by distinct clauses, leads kept apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer, Kind, Line, Refusal
from assistant.candidates import find_clauses
from assistant.compose import (
    Desk,
    cite,
    cite_duties,
    count_clauses,
    heading,
    join,
    numbered,
    reminders,
)
from assistant.question import Question
from prompts import sentence
from vectorstore.names import Mention
from vectorstore.records import Clause, Duty, Role


def answer_department(question: Question, name: str, desk: Desk) -> Answer:
    """Every duty of a department within what the question names, or only those of the role it asks for."""
    register = desk.snapshot.register
    duties = [d for n in desk.notices for d in register.of_department(name, n)]
    if not duties:
        return absent(question, name, desk)
    if question.scopes:
        inside = register.inside(question.scopes)
        duties = [d for d in duties if (d.notice, d.path) in inside]
    if question.role is Role.LEAD and not only_responsible(question) and not _INCLUDING_LEADS.search(question.shape):
        return _only_leads(name, duties, desk)
    if only_responsible(question):
        duties = [d for d in duties if d.role is Role.RESPONSIBLE]
    elif question.scopes:
        duties = [d for d in duties if d.role is not Role.LEAD or not register.is_heading(d.notice, d.path)] or duties
    if not duties:
        return _none_in_scope(question, name, desk)
    if len(question.scopes) > 1:
        return _by_scope(question, name, duties, desk)
    sections, items = count_clauses(desk, duties)
    return _listed(_head(name, sections, items, question), items + sections, duties, desk)


def _by_scope(question: Question, name: str, duties: Sequence[Duty], desk: Desk) -> Answer:
    """The number of tasks in each of several headings, then all of them."""
    register = desk.snapshot.register
    _, items = count_clauses(desk, duties)
    counts = []
    for scope in question.scopes:
        inside = register.inside([scope])
        own = sum((c.notice, c.path) in inside for c in items)
        counts.append(sentence("department_in_scope", scope=scope.title, items=own))
    return _listed(f"{name}：{'，'.join(counts)}。", items, duties, desk)


_RESPONSIBLE_ONLY = re.compile(
    r"作为责任(?:部门|单位)|按(?:照)?职责|责任(?:部门|单位)(?:这一栏|那一栏|里|栏|中)|只?(?:算|看|要)责任|不算牵头|除了?牵头|不包括牵头"
)


_INCLUDING_LEADS = re.compile(
    r"(?:包括|含|连|加上|算上)(?:了)?牵头|连带|一起列|一并|牵头(?:的)?(?:和|跟|加|也)(?:负责|责任|参与|要|算|列|带)"
)


def only_responsible(question: Question) -> bool:
    """Whether the question leaves the leads out."""
    return bool(_RESPONSIBLE_ONLY.search(question.shape)) and "出现在" not in question.shape


def _none_in_scope(question: Question, name: str, desk: Desk) -> Answer:
    scope = question.scopes[0]
    head = sentence("department_none_in_scope", department=name, scope=scope.title)
    return Answer(
        Kind.DUTY, (Line("", head),), citations=(cite(desk, scope),), notices=reminders(desk, [scope.notice]),
        suggestions=(sentence("follow_department", department=name),),
    )  # fmt: skip


def _head(name: str, sections: list[Clause], items: list[Clause], question: Question) -> str:
    if question.scopes or only_responsible(question):
        scope = f"在“{question.scopes[0].title}”里" if question.scopes else ""
        leads = sentence("department_with_leads", leads=len(sections)) if sections else ""
        return sentence("department_count", department=f"{name}{scope}", items=len(items), roles=leads)
    if not items:
        return sentence("department_only_leads", department=name, leads=len(sections))
    roles = (
        sentence("department_with_leads", leads=len(sections)) if sections else sentence("department_only_responsible")
    )
    return sentence("department_count", department=name, items=len(items), roles=roles)


def _only_leads(name: str, duties: list[Duty], desk: Desk) -> Answer:
    leads = [d for d in duties if d.role is Role.LEAD]
    sections, items = count_clauses(desk, leads)
    if not leads:
        head = sentence("department_leads_none", department=name, items=len(desk.snapshot.register.clauses_of(duties)))
        notices = reminders(desk, desk.notices[:1])
        return Answer(Kind.DUTY, (Line("", head),), citations=_cited(desk, duties[:1]), notices=notices,
                      suggestions=(sentence("follow_department", department=name),), listed=())  # fmt: skip
    head = "department_leads_items" if items else "department_leads"
    text = sentence(head, department=name, count=len(sections), items=len(items))
    return _listed(text, sections + items, leads, desk)


def _listed(head: str, clauses: Sequence[Clause], duties: Sequence[Duty], desk: Desk) -> Answer:
    roles: dict[tuple[str, str], list[Role]] = {}
    for duty in duties:
        roles.setdefault((duty.notice, duty.path), []).append(duty.role)
    lines = numbered(heading(c) + _role_note(roles[c.notice, c.path]) for c in clauses)
    return Answer(
        Kind.DUTY, (Line("", head), *lines), tuple(duties), _cited(desk, duties),
        suggestions=(sentence("follow_table"), *(sentence("follow_who", title=c.title) for c in clauses[:2])),
        notices=_remind(desk, duties), listed=tuple((c.notice, c.path) for c in clauses), count=len(clauses),
    )  # fmt: skip


def _role_note(roles: list[Role]) -> str:
    if Role.LEAD in roles:
        return f"（{sentence('both_roles')}）" if Role.RESPONSIBLE in roles else "（牵头）"
    return ""


def _cited(desk: Desk, duties: Sequence[Duty]) -> tuple:  # type: ignore[type-arg]
    return tuple(c for clause in desk.snapshot.register.clauses_of(duties) for c in cite_duties(desk, clause))


def _remind(desk: Desk, duties: Sequence[Duty]) -> tuple[str, ...]:
    return reminders(desk, (d.notice for d in duties))


def absent(question: Question, name: str, desk: Desk) -> Answer:
    """Says that a department is not in the plan, and which clause comes nearest to what it does."""
    known = desk.snapshot.names.departments.get(name)
    about = question.topic or (known.about if known else "")
    lines = [Line("", sentence("department_none_here", department=name))]
    near = _nearest(question, about, desk)
    citations: tuple = ()  # type: ignore[type-arg]
    suggestions: tuple[str, ...] = ()
    if near:
        duties = desk.snapshot.register.of_clause(near.notice, near.path)
        key = "department_nearest_lead" if all(d.role is Role.LEAD for d in duties) else "department_nearest"
        names = join(dict.fromkeys(d.department for d in duties))
        lines.append(Line("", sentence(key, path=near.path, title=near.title, departments=names)))
        citations = (cite(desk, near),)
        suggestions = (sentence("follow_who", title=near.title),)
    lines.append(Line("", sentence("department_where_else", department=name)))
    return Answer(
        Kind.REFUSAL, tuple(lines), citations=citations, refusal=Refusal.NOT_IN_SOURCES,
        suggestions=suggestions, notices=reminders(desk, [near.notice] if near else []),
    )  # fmt: skip


def _nearest(question: Question, about: str, desk: Desk) -> Clause | None:
    for words in dict.fromkeys((about, *about.split())):
        asked = Question(question.text, question.normal, words)
        found = find_clauses(asked, desk)
        for clause in (c for c in (found.clear, *found.close) if c):
            if desk.snapshot.register.of_clause(clause.notice, clause.path):
                return clause
    return None


def ask_which(mention: Mention) -> Answer:
    """A name that may mean several departments is asked back."""
    return Answer(
        Kind.CLARIFY,
        (Line("", sentence("department_which", said=mention.said)), *numbered(mention.names)),
        suggestions=tuple(sentence("follow_department", department=n) for n in mention.names),
    )
