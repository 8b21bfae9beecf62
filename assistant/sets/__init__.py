"""Set questions: which departments, how many, both, most, who with whom. Computed from the register, never guessed.

`query.py` reads a question, `tasks.py`, `departments.py` and `compare.py` look it up and say how it was understood;
`clauses.py` compares two clauses and `contents.py` tells what a plan or a section holds.
"""

from __future__ import annotations

import re

from assistant.answer import Answer
from assistant.compose import Desk
from assistant.question import Question
from assistant.sets import clauses, compare, contents, departments, tasks
from assistant.sets.query import SetQuery, Wanted
from assistant.sets.reading import read
from assistant.sets.view import view_in
from vectorstore.records import Role

__all__ = ["answer_query", "answer_set", "read"]

_TOGETHER = re.compile(
    r"都?有(?:哪些|哪几|什么|谁)(?:家|个)?(?:责任)?(?:部门|单位)|参与|参加|[几多]少?(?:个|家)?(?:责任)?(?:部门|单位)|分给|派给|都有谁"
)
"""Words by which all departments below a heading are meant, not those that lead it."""


def answer_set(question: Question, desk: Desk) -> Answer | None:
    """The answer to a question about sets, or None when it is about one clause or one department."""
    for family in (tasks.none_named, tasks.own_leads):
        if (answer := family(question, desk)) is not None:
            return answer
    query = read(question, desk)
    if query.topic and not question.scopes and not question.named:
        return tasks.several(question, desk) or clauses.answer(question, desk) or contents.answer(question, desk)
    if len(question.paths) > 1 and (answer := clauses.answer(question, desk)) is not None:
        return answer
    if (query.is_composed or _lists(query, question, desk)) and not question.has("target"):
        answer = answer_query(query, question, desk)
        if answer is not None:
            return answer
    return clauses.answer(question, desk) or contents.answer(question, desk)


def answer_query(query: SetQuery, question: Question, desk: Desk) -> Answer | None:
    """What the register holds for a query."""
    return compare.answer(query, desk, question) or tasks.answer(query, desk) or departments.answer(query, desk)


def _lists(query: SetQuery, question: Question, desk: Desk) -> bool:
    """Whether a query that joins and measures nothing asks for a set: two names, all leads, a heading's bodies."""
    if query.named or query.absent:
        return len(query.named) > 1 or (query.wanted is Wanted.HEADINGS and query.role is Role.LEAD)
    if query.wanted is not Wanted.DEPARTMENTS:
        return False
    if query.role is Role.LEAD:
        several = len(view_in(query.within, desk).headings) > 1
        everyone = query.overall or bool(
            re.search(r"哪几|哪些|多少|几[个家]|分别|各[由是]|都[由是]谁|各自", question.shape)
        )
        return several and everyone and (bool(query.within) or not query.topic)
    if query.within:
        return query.overall or bool(question.has("department", "who") and _TOGETHER.search(question.shape))
    counted = question.has("count") and question.has("department") and not query.kinds
    return counted and not query.topic and not question.paths
