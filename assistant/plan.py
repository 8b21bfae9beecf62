"""Plan: what a question about a notice is answered with: departments, sets, clauses, the document itself."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import department, facts, refusals, who
from assistant.answer import Answer
from assistant.candidates import SURE, Candidates, evidence
from assistant.compose import Desk
from assistant.domain import CLAUSE, SAID
from assistant.question import Question
from assistant.scope import named_headings
from assistant.sets import answer_query, answer_set, named, read
from assistant.sets.contents import asks_for_items
from assistant.sets.query import SetQuery
from assistant.sets.understood import ask_again
from vectorstore import text
from vectorstore.records import Clause

WEAK = 0.45
"""Least score of a clause that is taken as meant beside a department."""
_WHO = ("who", "responsible", "lead", "cooperate", "department")
_LONGEST_NAME = 14
_LIST = ("which", "task", "count", "all", "section", "clause")
_CERTAIN = 1.2
_EXPLAINED = 0.5
"""Least evidence of a clause for words beside a question for a set to mean something of the plan."""
_LIKE = 0.2
"""Least likeness of a clause's wording to a question that names a department too."""
_COVERED = 0.6
_FEW = 2
_HOW_MANY = re.compile(r"[几多]少?(?:家|个?部门|个?单位)")
_INVOLVED = re.compile(
    r"@(?:在[^，。]{0,14})?(?:里头?|中)?(?:都|也|又|还)?(?:有|没|负责|参[与加]|承担|管|牵头|干|做|任务|职责|分工|是不是|是责任"
    r"|算|配合|要|的任务|的职责|的分工|能)|(?:由|归|让|是)@|@(?:吗|呢|吧|么)?$"
)
"""Words that ask for a department's part, not only name it as a place or an audience."""
_VERBATIM = re.compile(r"原话|原文|念给我|念一[下遍]")
_PREMISE = re.compile(r"@(?:一家)?(?:牵头|负责|主抓|管|主管|承担)的|由@(?:牵头|负责|主管)")


def answer_plan(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """The answer from the notices; None when they hold nothing and a card may."""
    question = _without_chaff(question, found)
    query = read(question, desk)
    if query.wanted and not query.topic and not question.scopes and not found.given:
        found = replace(found, clear=None, close=())
    return (
        _unclear(question, found, desk)
        or _composed(question, query, found, desk)
        or _departments(question, found, desk)
        or _tasks(question, found, desk)
    )


def _composed(question: Question, query: SetQuery, found: Candidates, desk: Desk) -> Answer | None:
    """The answer to a question that joins, leaves out, measures or orders, unless a clause is meant beside it."""
    if not query.is_composed or question.has("target"):
        return None
    if (meant := _beside(question, query, found)) is not None:
        if query.absent and not query.named and question.has("who", "department"):
            return who.answer_others(query.absent, meant, desk)
        inside = _inside(query, desk)
        asks = inside is not query and question.has("which", "count", "all", "task")
        return answer_query(inside, question, desk) if asks else None
    query = _inside(query, desk)
    if query.unheard or query.wanted is None:
        return ask_again(query)
    one_clause = question.paths and not question.scopes and not query.outside
    return None if one_clause else answer_query(query, question, desk)


def _inside(query: SetQuery, desk: Desk) -> SetQuery:
    """The query within the heading that its topic names without a word for headings (老年人条目)."""
    if query.within or query.outside or query.relation or not query.topic or not (query.named or query.absent):
        return query
    headings = tuple(named_headings(query.topic, desk.snapshot, desk.notices))
    return replace(query, within=headings) if headings else query


def _beside(question: Question, query: SetQuery, found: Candidates) -> Clause | None:
    """The clause that is meant beside the words of a set, if one is: by its path, or by what the question speaks of."""
    if found.given and not question.scopes:
        return None if found.clear in query.outside else found.clear
    least = CLAUSE if query.named or query.absent or question.scopes else _EXPLAINED
    named = query.topic and found.best_evidence >= least and found.clear not in question.scopes
    return found.clear if named else None


def _without_chaff(question: Question, found: Candidates) -> Question:
    """A question for a set without the words around it that no clause explains (写总结要用, 领导要个排名)."""
    ranked = question.has("most", "least") or any(a.unit and a.sign != "nth" for a in question.amounts)
    ranks = ranked and question.has("department", "who") and question.has("task", "count", "responsible")
    lists = bool(question.named) and question.has("task", "which", "count") and question.has("lead", "task", "document")
    chaff = found.best_evidence < _EXPLAINED and not found.given and not question.scopes and (ranks or lists)
    return replace(question, topic="") if chaff else question


def _unclear(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """A name that may mean several departments, a path that is none, a department that no table knows."""
    for mention in question.departments:
        if len(mention.names) > 1:
            return department.ask_which(mention)
    if (missing := facts.missing_path(question, desk)) is not None:
        return missing
    if question.unknown and not (found.clear and not question.has("task")):
        return department.absent(question, question.unknown[0], desk)
    return None


def _departments(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    if not question.named:
        return None
    if facts.asks_about_issue(question):
        return facts.answer_document(question, desk)
    if found.clear and _is_about_clause(question, found):
        return _clause_and_department(question, found, found.clear, desk)
    supposed = question.has("who", "yesno") or "既然" in question.shape
    if question.scopes and question.has("lead") and supposed:
        return who.check_premise(question, question.scopes[0], desk)
    if question.has("clause") and question.has("yesno") and found.close and question.topic_words:
        return refusals.ask_which_task(found.close)
    return answer_set(question, desk) or _one_department(question, desk)


def _one_department(question: Question, desk: Desk) -> Answer:
    absent = [n for n in question.named if not desk.snapshot.register.of_department(n)]
    if absent:
        return department.absent(question, absent[0], desk)
    return department.answer_department(question, question.named[0], desk)


def _is_about_clause(question: Question, found: Candidates) -> bool:
    """Whether a clause is meant beside the department, not only the department's duties (within a heading)."""
    if found.given:
        named = True
    else:
        strong = found.best >= WEAK or found.best_evidence >= CLAUSE
        named = strong and len(question.topic_words) > _FEW and _is_like(found)
    deeper = not question.scopes or (found.best_evidence >= _CERTAIN and found.clear not in question.scopes)
    return named and deeper and not _asks_for_set(question)


def _is_like(found: Candidates) -> bool:
    signals = found.hits[0].signals if found.hits else {}
    return signals.get("line", 0.0) >= _LIKE or signals.get("coverage", 0.0) >= _COVERED


def _asks_for_set(question: Question) -> bool:
    """Whether a question with a topic still asks for a set: several departments joined, one left out, a heading's."""
    joined = question.has("joint", "without", "than", "most") and question.has("task", "count")
    within = bool(question.scopes) and question.has("task", "count") and not question.has("who", "yesno", "text")
    return (len(question.named) > 1 and joined) or within


def _clause_and_department(question: Question, found: Candidates, clause: Clause, desk: Desk) -> Answer:
    """A department beside a clause: is it so, or, for one that is not in the plan, is its part asked for at all."""
    register = desk.snapshot.register
    premise = found.given or bool(_PREMISE.search(question.shape)) or len(question.named) > 1
    unknown = [n for n in question.named if not register.of_department(n)]
    if len(unknown) == len(question.named) and not premise:
        if _INVOLVED.search(question.shape):
            return department.absent(question, unknown[0], desk)
        return who.answer_who(question, clause, desk)
    lists = question.has("task", "count", "which", "all") and not question.has("who", "lead", "yesno", "text", "clause")
    if lists and not premise and found.best_evidence < SAID:
        return department.answer_department(question, question.named[0], desk)
    return who.check_premise(question, clause, desk)


def _tasks(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    if (coming := facts.next_plan(question, desk)) is not None:
        owner = question.has("who", "owner", "department")
        return who.answer_who(question, coming, desk) if owner else facts.answer_said(question, coming, desk)
    if facts.asks_about_document(question):
        return facts.answer_document(question, desk)
    is_heading = desk.snapshot.register.is_heading
    leaf = found.clear if found.clear and not is_heading(found.clear.notice, found.clear.path) else None
    if leaf and found.best_evidence >= CLAUSE and (names := named.answer(question, [leaf], desk)) is not None:
        return names
    one_path = found.given and len(question.paths) == 1 and not question.scopes
    if not one_path and (answer := answer_set(question, desk)) is not None:
        return answer
    if found.clear and desk.snapshot.register.is_heading(found.clear.notice, found.clear.path):
        inside = replace(question, scopes=(found.clear,), topic="")
        if asks_for_items(inside) and (answer := answer_set(inside, desk)) is not None:
            return answer
    if found.clear:
        return _clause(question, found, found.clear, desk)
    return _no_clause(question, found, desk)


def _clause(question: Question, found: Candidates, clause: Clause, desk: Desk) -> Answer:
    if (names := named.answer(question, [clause], desk)) is not None:
        return names
    owned = bool(desk.snapshot.register.of_clause(clause.notice, clause.path))
    asks_who = question.has(*_WHO) or (owned and _only_names(question))
    verbatim = bool(_VERBATIM.search(question.shape)) and not question.has("lead", "responsible", "department")
    if verbatim or (
        question.has("text", "place") and found.given and not question.has("who", "lead", "department", "target")
    ):
        return facts.answer_text(clause, desk)
    if question.has("text", "target", "deadline") and not question.has("who", "lead", "department"):
        return facts.answer_said(question, clause, desk)
    counts = found.given and (question.has("only") or (question.has("count") and _HOW_MANY.search(question.shape)))
    if asks_who or counts or question.has("table"):
        return who.answer_who(question, clause, desk)
    if found.given and not question.topic:
        return facts.answer_text(clause, desk)
    return facts.answer_said(question, clause, desk)


def _only_names(question: Question) -> bool:
    """Whether a question is nothing but a task's name: who owns it is what this program is asked for."""
    return text.compact(question.topic) == question.shape and len(question.shape) <= _LONGEST_NAME


def _no_clause(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    asks = question.has(*_WHO, *_LIST)
    if found.close and asks and not facts.asks_amount(question):
        return refusals.ask_which_task(found.close)
    if found.close:
        return facts.answer_said(question, found.close[0], desk)
    if not asks:
        return None
    if not question.topic:
        return refusals.ask_what()
    other = any(evidence(h) >= SURE for h in (*found.cards[:1], *found.chunks[:1]))
    return None if other else refusals.not_in_sources(found, desk)
