"""Two or more departments, or two clauses, held against each other: both, one without the other, who has more."""

from __future__ import annotations

import re
from collections import Counter

from assistant.answer import Answer
from assistant.compose import Desk, heading, join
from assistant.question import Question
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import View, clauses_meant, view_of
from prompts import sentence
from vectorstore.records import Clause, Role

_NOT = re.compile(
    r"去掉|去除|除掉|剔除|排除|扣掉|刨去|刨掉|没有参[加与]|没参[加与]|未参[加与]|不参[加与]|没有?份|没有|没|不在|不含|不包括|不带|缺少?"
)
_WHO_HAS_MORE = re.compile(r"谁[^，。]{0,6}[多少]|哪[个家][^，。]{0,6}[多少]")
_BESIDES = re.compile(r"(?:除了?|除开|除去|不算)@")
_COUNTED = re.compile(
    r"哪[一]?[条个项][^，。]{0,6}(?:部门|单位|家)[^，。]{0,3}[多少]|(?:部门|单位)[^，。]{0,4}哪[一]?[条个项][^，。]{0,3}[多少]"
)
_WHETHER = re.compile(r"有没有|是不是没有")
_BETWEEN = re.compile(
    r"共同的?(?:责任)?(?:部门|单位)|都有|都在|两[条处个项]|没有的|没的|不在的|比[^，。]{2,20}多|[后前]一[条项]|缺"
)
_PIECES = re.compile(r"\s+|(?<=[\u4e00-\u9fff])[和跟与同、](?=[\u4e00-\u9fff\"])|比")
_LEAST_PIECE = 2


def answer(question: Question, desk: Desk) -> Answer | None:
    """The answer when two departments or two clauses are compared, else None."""
    view = view_of(question, desk)
    names = question.named
    if names and question.has("besides") and _BESIDES.search(question.shape):
        return _besides(question, names, view)
    if len(names) == 1 and _asks_partner(question):
        return _partner(question, names[0], view)
    if len(names) > 1:
        return _departments(question, names, view)
    if not names and not question.scopes and question.has("department", "who"):
        if _COUNTED.search(question.shape):
            return _more_departments(question, view)
        if _BETWEEN.search(question.shape):
            return _clauses(question, view)
    return None


def _asks_partner(question: Question) -> bool:
    others = question.has("department", "who")
    return question.has("partner") or (question.has("joint") and question.has("most") and others)


def _besides(question: Question, names: tuple[str, ...], view: View) -> Answer | None:
    """除了甲，乙跟谁合作最多; 除了甲，还有谁和它一起牵头."""
    left_out, *rest = names
    if rest and _asks_partner(question):
        return _partner(question, rest[0], view, left_out)
    with_others = question.has("joint", "partner") and question.has("who", "department", "partner")
    return _partner(question, left_out, view) if not rest and with_others else None


def _partner(question: Question, name: str, view: View, left_out: str = "") -> Answer | None:
    if question.has("lead"):
        return _lead_partners(name, view)
    own = view.with_all([name])
    if not own:
        return None
    counts = Counter(other for c in own for other in view.names(c) if other not in (name, left_out))
    most = max(counts.values(), default=0)
    wanted = next((a.value for a in question.amounts_of("个", "家", "部门") if a.sign in ("=", "top")), 1)
    least = sorted(counts.values(), reverse=True)[min(wanted, len(counts)) - 1] if counts else 0
    best = [n for n in sorted(counts, key=lambda n: -counts[n]) if counts[n] >= least]
    head = sentence("set_partner", department=name, partners=join(best), count=most)
    shared = [c for c in own if set(view.names(c)) & set(best)]
    notes = [(n, sentence("set_shared", count=counts[n])) for n in best]
    return said_departments(head, notes, view.rows(shared, best), shared, view.desk)


def _lead_partners(name: str, view: View) -> Answer | None:
    """Who leads actions and projects together with a department."""
    led = {c.path: [d.department for d in view.duties(c, Role.LEAD)] for c in view.headings}
    shared = [c for c in view.headings if name in led[c.path] and len(led[c.path]) > 1]
    if not shared:
        return None
    others = list(dict.fromkeys(n for c in shared for n in led[c.path] if n != name))
    head = sentence("set_lead_partners", department=name, partners=join(others), count=len(others))
    return said_clauses(head, shared, view.rows(shared, None, Role.LEAD), view.desk)


def _departments(question: Question, names: tuple[str, ...], view: View) -> Answer | None:
    absent = [n for n in names if not view.desk.snapshot.register.of_department(n)]
    more = question.has("than", "most", "least") or _WHO_HAS_MORE.search(question.shape)
    if more and not question.has("joint"):
        return _more(names, absent, view)
    if _asks_about_one_clause(question):
        return None
    if absent:
        return _with_absent(names, absent, view)
    if question.has("lead"):
        return _both_lead(question, names, view)
    shape = _WHETHER.sub("", question.shape)
    if (negation := _NOT.search(shape)) and question.has("without"):
        return _without(names, _negated(shape, negation, names), view)
    return _both(names, view)


def _asks_about_one_clause(question: Question) -> bool:
    sets = question.has("joint", "without", "which", "count", "task", "all")
    return (bool(question.topic_words) and not question.scopes and not sets) or bool(
        question.paths and not question.scopes
    )


def _negated(shape: str, negation: re.Match[str], names: tuple[str, ...]) -> str:
    """The department that a negation stands for: the one right after it, else the last one before it."""
    before = shape[: negation.start()].count("@")
    follows = shape[negation.end() : negation.end() + 2].find("@") >= 0
    return names[min(before if follows else before - 1, len(names) - 1)]


def _more(names: tuple[str, ...], absent: list[str], view: View) -> Answer:
    counts = view.counts()
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


def _with_absent(names: tuple[str, ...], absent: list[str], view: View) -> Answer:
    head = "".join(sentence("department_none_here", department=n) for n in absent)
    rest = [n for n in names if n not in absent]
    head += sentence("set_none_together") if rest else ""
    return said_clauses(head, [], [], view.desk)


def _both_lead(question: Question, names: tuple[str, ...], view: View) -> Answer:
    candidates = view.headings if question.kinds else (*view.headings, *view.tasks)
    found = [c for c in candidates if set(names) <= {d.department for d in view.duties(c, Role.LEAD)}]
    head = sentence("set_both_lead", departments=join(names), count=len(found))
    return said_clauses(head, found, view.rows(found, names, Role.LEAD), view.desk)


def _both(names: tuple[str, ...], view: View) -> Answer:
    found = view.with_all(names)
    head = sentence("set_both" if found else "set_both_none", departments=join(names), count=len(found))
    return said_clauses(head, found, view.rows(found, names), view.desk)


def _without(names: tuple[str, ...], absent: str, view: View) -> Answer:
    present = [n for n in names if n != absent]
    found = [c for c in view.with_all(present) if absent not in view.names(c)]
    key = "set_without" if found else "set_without_none"
    head = sentence(key, departments=join(present), absent=absent, count=len(found))
    return said_clauses(head, found, view.rows(found, present), view.desk, names=False)


def _clauses(question: Question, view: View) -> Answer | None:
    pieces = _two_clauses(question, view.desk)
    if pieces is None:
        return None
    (_, first), (_, second) = pieces
    if question.has("than"):
        compared = question.shape.split("比")[0]
        more, less = (first, second) if pieces[0][0] in compared and "比" in question.shape else (second, first)
        return _difference(more, less, view)
    shape = _WHETHER.sub("", question.shape)
    if question.has("without") and (negation := _NOT.search(shape)):
        last = max(pieces, key=lambda p: shape.rfind(p[0], 0, negation.start()))
        kept = first if last[1] is second else second
        return _difference(kept, last[1], view)
    return _common(first, second, view)


def _two_clauses(question: Question, desk: Desk) -> list[tuple[str, Clause]] | None:
    """The two clauses named, each with the words it was named by; None when there are not just two."""
    register = desk.snapshot.register
    found: dict[str, tuple[str, Clause]] = {}
    for path in question.paths:
        for notice in desk.notices:
            if clause := register.clause(notice, path):
                found.setdefault(clause.path, (path, clause))
    if len(found) < 2:
        found = {}
        for piece in _PIECES.split(question.topic):
            if len(piece) < _LEAST_PIECE:
                continue
            own = [c for c in clauses_meant(piece, desk) if register.of_clause(c.notice, c.path)]
            if own:
                found.setdefault(own[0].path, (piece, own[0]))
    return list(found.values()) if len(found) == 2 else None


def _difference(more: Clause, less: Clause, view: View) -> Answer:
    names = [n for n in view.names(more) if n not in view.names(less)]
    head = sentence("set_only_first", first=heading(more), second=heading(less), count=len(names))
    return said_departments(head, [(n, "") for n in names], view.rows([more], names), [more, less], view.desk)


def _more_departments(question: Question, view: View) -> Answer | None:
    """Which of two clauses has more departments."""
    pieces = _two_clauses(question, view.desk)
    if pieces is None:
        return None
    clauses = sorted((clause for _, clause in pieces), key=lambda c: -len(view.names(c)))
    counts = [len(view.names(c)) for c in clauses]
    said = "，".join(
        sentence("set_departments_of", clause=heading(c), count=n) for c, n in zip(clauses, counts, strict=True)
    )
    gap = counts[0] - counts[1]
    verdict = sentence("set_more_departments", clause=heading(clauses[0]), gap=gap) if gap else sentence("set_equal")
    return said_clauses(f"{said}。{verdict}", clauses, view.rows(clauses), view.desk)


def _common(first: Clause, second: Clause, view: View) -> Answer:
    names = [n for n in view.names(first) if n in view.names(second)]
    head = sentence("set_common", first=heading(first), second=heading(second), count=len(names))
    return said_departments(
        head, [(n, "") for n in names], view.rows([first, second], names), [first, second], view.desk
    )
