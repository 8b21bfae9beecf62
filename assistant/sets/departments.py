"""Questions whose answer is a set of departments: most and fewest tasks, leads, a section's, those found everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.answer import Answer
from assistant.compose import Desk, join
from assistant.numerals import Amount
from assistant.question import Question
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import View, view_of
from prompts import sentence
from vectorstore.records import Clause, Role

_DEPARTMENT = r"(?:责任|牵头|参与|负责)?(?:部门|单位|厅局|机关|谁|哪家|哪几家)"
_TASK = r"(?:任务|条目|事项|活|事|项|条|牵头)"
_MOST = re.compile(r"最多|最少|最忙|最闲|最重|排第一|居首")
_PER_TASK = re.compile(
    r"全勤|一个不落|一条不落|一项不落|都没落下|条条|每条|每一条|每项|[两三四五六]条(?:任务)?(?:里)?都|(?:各条|都)(?:里)?都?(?:有(?!哪|什么|谁|几|多少|啥)|在|参加|能找到)|里都能|都能找到"
)
_RANKED = re.compile(r"排(?:在|名)?第")
_EACH_ONCE = re.compile(r"去掉?重复?|不重复|去重|不要重复|各算一次|只算一次")
_ONLY_IN = re.compile(r"[只光仅](?:在|出现|参与|参加|有|负责)")
_TOGETHER = re.compile(
    r"都?有(?:哪些|哪几|什么|谁)(?:家|个)?(?:责任)?(?:部门|单位)|涉及|牵涉|参与|参加|合起来|一共|总共|所有|全部|[几多]少?(?:个|家)?(?:责任)?(?:部门|单位)|分给|派给"
)
"""Words by which all departments below a heading are meant, not those that lead it."""


def answer(question: Question, desk: Desk) -> Answer | None:
    """The answer when departments are asked for as a set, else None."""
    view = view_of(question, desk)
    if question.has("target") or (question.topic_words and not question.scopes and not question.named):
        return None
    for family in (_everywhere, _only_in, _never_lead, _ranking, _leads, _of_scope, _total):
        if (found := family(question, view)) is not None:
            return found
    return None


def _asks_departments(question: Question) -> bool:
    return question.has("department", "who")


def _ranking(question: Question, view: View) -> Answer | None:
    """Most, fewest, the first five, ten and more, exactly three: departments by how many tasks they have."""
    if not _asks_departments(question) or not _counts_tasks(question):
        return None
    besides = question.named if question.has("besides") else ()
    if question.named and not besides:
        return None
    lead = question.has("lead")
    counts = view.lead_counts() if lead else view.counts()
    counts = Counter({n: c for n, c in counts.items() if n not in besides})
    chosen = _chosen(question, counts)
    if chosen is None or not chosen:
        return None
    pool = view.headings if lead else view.tasks
    clauses = [c for c in pool if set(view.names(c)) & set(chosen)]
    if len(chosen) == 1:
        clauses = [c for c in clauses if chosen[0] in view.names(c)]
    rows = view.rows(clauses, chosen, Role.LEAD if lead else Role.RESPONSIBLE)
    key = "set_lead_count" if lead else "set_tasks"
    notes = [(n, sentence(key, count=counts[n])) for n in chosen]
    head = sentence("set_chosen_departments", departments=join(chosen), count=len(chosen))
    if len({counts[n] for n in chosen}) == 1:
        same = "set_same_leads" if lead else "set_same_tasks"
        each = "都是" if len(chosen) > 1 else ""
        number = counts[chosen[0]]
        head = sentence(same, departments=join(chosen), departments_count=len(chosen), each=each, count=number)
    return said_departments(head, notes, rows, clauses, view.desk)


def _counts_tasks(question: Question) -> bool:
    """Whether what is counted are tasks or leads (of departments), not departments (of tasks)."""
    if _RANKED.search(question.shape):
        return question.has("task", "lead")
    if question.has("most", "least"):
        before = _MOST.split(question.shape)[0]
        places = [(m.end(), kind) for kind in (_DEPARTMENT, _TASK) for m in re.finditer(kind, before)]
        return not places or max(places)[1] == _TASK or (question.has("who") and question.has("lead"))
    amount = _amount(question)
    return amount is not None and (amount.unit in ("项", "条", "件") or amount.sign == "top")


def _amount(question: Question) -> Amount | None:
    return next((a for a in question.amounts if a.sign != "nth"), None)


def _chosen(question: Question, counts: Counter[str]) -> list[str] | None:
    ranked = sorted(counts, key=lambda n: -counts[n])
    if (nth := next((a for a in question.amounts if a.sign == "nth"), None)) and (
        question.has("most", "least") or _RANKED.search(question.shape)
    ):
        sizes = sorted(set(counts.values()), reverse=not question.has("least"))
        return [n for n in ranked if 0 < nth.value <= len(sizes) and counts[n] == sizes[nth.value - 1]]
    if question.has("most"):
        return [n for n in ranked if counts[n] == max(counts.values())]
    if question.has("least"):
        return [n for n in ranked if counts[n] == min(counts.values())]
    amount = _amount(question)
    if amount is None:
        return None
    if amount.sign == "top":
        least = counts[ranked[min(amount.value, len(ranked)) - 1]]
        return [n for n in ranked if counts[n] >= least]
    return [n for n in ranked if amount.fits(counts[n])]


def _never_lead(question: Question, view: View) -> Answer | None:
    if question.named or not question.has("lead") or not _asks_departments(question):
        return None
    if not (
        question.has("never")
        or re.search(
            r"(?:没有?|从不|不|未)(?:当|做|担任|任何)?(?:过)?牵头|牵头(?:都|也|过)?(?:没有?|无)", question.shape
        )
    ):
        return None
    leading = set(view.lead_counts())
    never = [n for n in view.counts() if n not in leading]
    tasks = [c for c in view.tasks if set(view.names(c)) & set(never)]
    head = sentence("set_never_lead", count=len(never))
    own = {d.department for c in view.tasks for d in view.duties(c, Role.LEAD)}
    notes = [(n, sentence("set_lead_of_item") if n in own else "") for n in never]
    return said_departments(head, notes, view.rows(tasks, never, Role.RESPONSIBLE), tasks, view.desk)


def _everywhere(question: Question, view: View) -> Answer | None:
    """Departments that take part in every task of a section, or in every section."""
    if question.named or not _asks_departments(question) or not _PER_TASK.search(question.shape):
        return None
    if view.scoped and view.tasks:
        groups = [[c] for c in view.tasks]
    elif question.kinds:
        below = view.desk.snapshot.register.below
        groups = [[t for t in below(h.notice, h.path) if t in view.tasks] for h in view.headings]
    else:
        return None
    sets = [{n for c in group for n in view.names(c)} for group in groups]
    names = [n for n in view.counts() if all(n in s for s in sets)]
    clauses = [c for group in groups for c in group]
    head = sentence("set_everywhere", departments=join(names) or "—", count=len(groups))
    return said_departments(head, [(n, "") for n in names], view.rows(clauses, names), clauses, view.desk)


def _only_in(question: Question, view: View) -> Answer | None:
    """Departments with tasks in one heading alone, or in the first of two headings and not in the second."""
    if question.named or not question.scopes or not _asks_departments(question):
        return None
    apart = len(question.scopes) > 1 and question.has("without")
    if not apart and not _ONLY_IN.search(question.shape):
        return None
    register, scope = view.desk.snapshot.register, question.scopes[0]
    inside = register.inside([scope])
    tasks = register.tasks(scope.notice)
    within = [c for c in tasks if (c.notice, c.path) in inside]
    other = register.inside([question.scopes[1]]) if apart else {(c.notice, c.path) for c in tasks} - set(inside)
    elsewhere = {n for c in tasks if (c.notice, c.path) in other for n in view.names(c)}
    names = [n for n in dict.fromkeys(n for c in within for n in view.names(c)) if n not in elsewhere]
    clauses = [c for c in within if set(view.names(c)) & set(names)]
    head = sentence("set_only_in", scope=scope.title, departments=join(names), count=len(names))
    return said_departments(head, [(n, "") for n in names], view.rows(clauses, names), clauses, view.desk)


def _leads(question: Question, view: View) -> Answer | None:
    """Who leads each of several headings, or all that lead anything."""
    if question.named or not question.has("lead"):
        return None
    below = [c for s in question.scopes for c in view.headings if c.parent == s.path and c.notice == s.notice]
    if below and _asks_departments(question):
        return _lead_list(below, view)
    everyone = question.has("count", "all") or re.search(r"哪几家|哪些部门|哪几个部门|多少", question.shape)
    if not question.scopes and not question.topic and _asks_departments(question) and everyone and not question.kinds:
        counts = view.lead_counts()
        head = sentence("set_leading", count=len(counts))
        notes = [(n, sentence("set_lead_count", count=counts[n])) for n in counts]
        return said_departments(head, notes, view.rows(view.headings, None, Role.LEAD), view.headings, view.desk)
    each = re.search(r"分别|各由|都由谁|各自|都是谁", question.shape)
    if question.kinds and not question.topic_words and each and _asks_departments(question):
        return _lead_list(view.headings, view)
    return None


def _lead_list(headings: Sequence[Clause], view: View) -> Answer:
    head = sentence("set_leads_of", count=len(headings))
    return said_clauses(head, headings, view.rows(headings, None, Role.LEAD), view.desk)


def _of_scope(question: Question, view: View) -> Answer | None:
    """All departments of a section's tasks, each once."""
    asks = question.has("department") and _TOGETHER.search(question.shape)
    if question.named or not view.scoped or not asks or question.has("lead", "most", "least", "only", "target", "text"):
        return None
    counts = view.counts()
    scope = question.scopes[0]
    if not counts:
        return said_clauses(sentence("set_no_departments", scope=scope.title), [scope], [], view.desk)
    head = sentence("set_of_scope", scope=scope.title, count=len(counts), departments=join(counts))
    notes = [(n, sentence("set_tasks", count=counts[n])) for n in counts]
    return said_departments(head, notes, view.rows(view.tasks, None, Role.RESPONSIBLE), view.tasks, view.desk)


def _total(question: Question, view: View) -> Answer | None:
    """How many departments there are in all."""
    if question.named or question.topic_words or question.scopes or question.kinds or question.paths:
        return None
    counts_departments = re.search(
        r"(?:多少|几)(?:个|家)?(?:不同的|省直|省级|省里)?(?:责任|牵头|成员)?(?:部门|单位)|(?:部门|单位)(?:一共|总共|总数|有)?(?:有)?(?:多少|几)(?:个|家)",
        question.shape,
    )
    once = bool(_EACH_ONCE.search(question.shape)) and question.has("department") and question.has("count")
    if not (counts_departments or once) or (question.has("lead") and not once) or question.has("most", "only"):
        return None
    counts = view.counts()
    head = sentence("set_departments_total", count=len(counts), departments=join(counts))
    return said_departments(head, [], view.rows(view.tasks, None, Role.RESPONSIBLE), view.tasks, view.desk)
