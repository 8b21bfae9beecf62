"""Questions whose answer is a set of tasks or sections: most departments, just three, without one, none named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer
from assistant.compose import Desk
from assistant.numerals import Amount
from assistant.question import Question
from assistant.sets.show import said_clauses
from assistant.sets.view import View, clauses_meant, view_of
from prompts import sentence
from vectorstore.records import Clause, Role

_DEPARTMENTS_COUNTED = re.compile(r"(?:部门|单位|家|谁)[^，,。]{0,4}?(?:最多|最少)|(?:最多|最少)的?(?:部门|单位)")
_OF_DEPARTMENTS = re.compile(
    r"个(?:及?以[上下])?(?:责任)?(?:部门|单位)|(?:部门|单位)[^，。]{0,3}(?:超过|不到|多于|少于|至少|达到?|有)[\d一二三四五六七八九十两]+个"
)
_TASKS_COUNTED = re.compile(r"(?:任务|条目|条|项)[^，,。]{0,3}?(?:最多|最少)")
_WITHOUT = re.compile(
    r"@(?:没有?|不|未)(?:被)?(?:列|在|参|写|份|进|负责)|(?:没有|没|不含|不包括|不带|缺|少了|除了|除)@"
)
_NOT_WRITTEN = re.compile(
    r"没有?写(?:明)?(?:清)?(?:责任|牵头)?(?:部门|单位)|(?:没有?|无|未写明)(?:责任|牵头)(?:部门|单位)|没有?(?:部门|单位)(?:负责|管)"
)


def answer(question: Question, desk: Desk) -> Answer | None:
    """The answer when tasks or sections are asked for as a set, else None."""
    view = view_of(question, desk)
    if (unnamed := _none_named(question, view)) is not None:
        return unnamed
    if question.topic_words and not question.scopes:
        return _several(question, view)
    for family in (_without, _by_departments, _by_leads, _by_tasks):
        if (found := family(question, view)) is not None:
            return found
    return None


def _several(question: Question, view: View) -> Answer | None:
    """Tasks about several things at once, each with its departments: 哪些任务是老年健康、防骗方面的."""
    if (
        question.named
        or not re.search(r"哪[些几][^，。]{0,4}(?:任务|条目|条|项)", question.shape)
        or "、" not in question.normal
    ):
        return None
    found: dict[str, Clause] = {}
    for piece in question.topic.split():
        own = [c for c in clauses_meant(piece, view.desk) if c in view.tasks]
        found.update({c.path: c for c in own[:1]})
    clauses = list(found.values())
    if len(clauses) < 2:
        return None
    return said_clauses(sentence("set_several", count=len(clauses)), clauses, view.rows(clauses), view.desk)


def _without(question: Question, view: View) -> Answer | None:
    shape = re.sub(r"有没有", "", question.shape)
    if len(question.named) != 1 or not _WITHOUT.search(shape) or question.has("lead"):
        return None
    if not question.has("which", "task", "count", "clause"):
        return None
    absent = question.named[0]
    found = [c for c in view.tasks if absent not in view.names(c)]
    head = sentence("set_tasks_without", absent=absent, count=len(found))
    return said_clauses(head, found, view.rows(found), view.desk)


def _none_named(question: Question, view: View) -> Answer | None:
    if question.named or not asks_where_none_is_named(question):
        return None
    if question.has("lead") and not question.has("responsible"):
        return None
    register = view.desk.snapshot.register
    found = [
        c
        for n in view.desk.notices
        for c in register.clauses(n)
        if not register.is_heading(n, c.path) and not register.of_clause(n, c.path)
    ]
    return said_clauses(sentence("set_none_named", count=len(found)), found, [], view.desk)


def asks_where_none_is_named(question: Question) -> bool:
    """Whether the clauses without departments are asked for."""
    return bool(_NOT_WRITTEN.search(question.shape) and re.search(r"哪[些几里一]|几[条项处]|多少", question.shape))


def _by_departments(question: Question, view: View) -> Answer | None:
    """Tasks by how many departments they have: the most, just two, more than ten."""
    if question.named or question.has("lead"):
        return None
    counts = {c.path: len(view.names(c)) for c in view.tasks}
    if question.has("most", "least") and _DEPARTMENTS_COUNTED.search(question.shape):
        pick = max if question.has("most") else min
        best = pick(counts.values(), default=0)
        found = [c for c in view.tasks if counts[c.path] == best]
        head = sentence("set_most_departments" if question.has("most") else "set_least_departments", count=best)
        return said_clauses(head, found, view.rows(found), view.desk)
    amount = _department_amount(question)
    if amount is None or not (
        question.has("task", "clause") or "哪几条" in question.shape or "哪一条" in question.shape
    ):
        return None
    found = [c for c in view.tasks if amount.fits(counts[c.path])]
    head = sentence("set_by_departments", count=len(found), size=_range(amount))
    return said_clauses(head, found, view.rows(found), view.desk)


def _department_amount(question: Question) -> Amount | None:
    for amount in question.amounts:
        after = question.shape[question.shape.find("家") :] if "家" in question.shape else ""
        if amount.sign in ("nth", "top"):
            continue
        if amount.unit in ("家", "部门", "单位") or (amount.unit == "个" and _OF_DEPARTMENTS.search(question.shape)):
            return amount
        if after and amount.unit == "":
            return amount
    return None


def _range(amount: Amount) -> str:
    return {
        "=": f"{amount.value}", ">": f"超过{amount.value}", ">=": f"{amount.value}以上",
        "<": f"不到{amount.value}", "<=": f"不超过{amount.value}",
    }[amount.sign]  # fmt: skip


def _by_leads(question: Question, view: View) -> Answer | None:
    """Headings by how many departments lead them, and tasks that name a lead of their own."""
    if not question.has("lead") or len(question.named) > 1:
        return None
    if not question.named and re.search(
        r"(?:任务|条目|条)[^。]{0,12}(?:自己|单独|另外|单列)[^。]{0,6}牵头", question.shape
    ):
        found = [c for c in view.tasks if view.duties(c, Role.LEAD)]
        head = sentence("set_own_lead", count=len(found))
        return said_clauses(head, found, view.rows(found, None, Role.LEAD), view.desk)
    amount = _department_amount(question) or _alone(question)
    if amount is None or not question.kinds:
        return None
    leads = {c.path: [d.department for d in view.duties(c, Role.LEAD)] for c in view.headings}
    found = [c for c in view.headings if amount.fits(len(leads[c.path]))]
    if question.named:
        found = [c for c in found if question.named[0] in leads[c.path]]
    head = sentence("set_by_leads", count=len(found), size=_range(amount))
    return said_clauses(head, found, view.rows(found, None, Role.LEAD), view.desk)


def _alone(question: Question) -> Amount | None:
    return Amount(1, "家", "=", 0, 0) if re.search(r"单独|独自|独家|一家", question.shape) else None


def _by_tasks(question: Question, view: View) -> Answer | None:
    """Headings by how many tasks stand below them."""
    if question.named or not question.kinds or question.has("lead", "department"):
        return None
    below = view.desk.snapshot.register.children
    counts = {c.path: len(below(c.notice, c.path)) for c in view.headings}
    found: Sequence[Clause]
    if question.has("most", "least") and _TASKS_COUNTED.search(question.shape):
        pick = max if question.has("most") else min
        best = pick(counts.values(), default=0)
        found = [c for c in view.headings if counts[c.path] == best]
    else:
        amount = next((a for a in question.amounts if a.unit in ("项", "条") and a.sign != "nth"), None)
        if amount is None or not re.search(r"哪个|哪些|哪一个|哪几个", question.shape):
            return None
        found = [c for c in view.headings if amount.fits(counts[c.path])]
        best = amount.value
    head = sentence("set_headings_by_tasks", count=len(found), size=best)
    rows = view.rows(list(found), None, Role.LEAD)
    return said_clauses(head, list(found), rows, view.desk)
