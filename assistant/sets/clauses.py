"""Two clauses held against each other: the departments both have, those only one has, which has more."""

from __future__ import annotations

import re

from assistant.answer import Answer
from assistant.compose import Desk, heading
from assistant.question import Question
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import View, clauses_meant, view_of
from prompts import sentence
from vectorstore.records import Clause

_NOT = re.compile(r"没有|没|不在|不含|不包括|缺少?")
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
    """The answer when two clauses are compared by their departments, else None."""
    if question.named or question.scopes or not question.has("department", "who"):
        return None
    counted, between = _COUNTED.search(question.shape), _BETWEEN.search(question.shape)
    pieces = _two_clauses(question, desk) if counted or between else None
    if pieces is None:
        return None
    view = view_of(question, desk)
    if counted:
        return _more_departments(pieces, view)
    return _apart(question, pieces, view) or _common(pieces[0][1], pieces[1][1], view)


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


def _apart(question: Question, pieces: list[tuple[str, Clause]], view: View) -> Answer | None:
    """The departments that only one of the two has, when one is denied or is less."""
    (_, first), (_, second) = pieces
    if question.has("than"):
        compared = question.shape.split("比")[0]
        more, less = (first, second) if pieces[0][0] in compared and "比" in question.shape else (second, first)
        return _difference(more, less, view)
    shape = _WHETHER.sub("", question.shape)
    if question.has("without") and (negation := _NOT.search(shape)):
        last = max(pieces, key=lambda p: shape.rfind(p[0], 0, negation.start()))
        return _difference(first if last[1] is second else second, last[1], view)
    return None


def _difference(more: Clause, less: Clause, view: View) -> Answer:
    names = [n for n in view.names(more) if n not in view.names(less)]
    head = sentence("set_only_first", first=heading(more), second=heading(less), count=len(names))
    return said_departments(head, [(n, "") for n in names], view.rows([more], names), [more, less], view.desk)


def _more_departments(pieces: list[tuple[str, Clause]], view: View) -> Answer:
    """Which of two clauses has more departments."""
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
    rows = view.rows([first, second], names)
    return said_departments(head, [(n, "") for n in names], rows, [first, second], view.desk)
