"""Domain: whether a question is about a notice, or about a thing of life that a card answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant import facts
from assistant.candidates import SURE, Candidates, evidence
from assistant.conversation import OFFICIAL
from assistant.intent import PLAN
from assistant.question import Question
from assistant.sets.contents import asks_for_contents
from assistant.sets.reading import asks_for_set
from assistant.sets.tasks import asks_where_none_is_named

SAID = 0.42
"""Evidence of a clause that says something of what is asked."""
CLAUSE = 0.8
"""Evidence of a clause that is meant."""
OWN_WORDS = 0.55
"""A question as like one of a card's own wordings as this is meant for the card, whatever else it looks like."""
_OFTEN = 0.9
"""Evidence of a card that a question about a notice seldom reaches."""
UNLIKELY = 0.1
"""A question less likely about a plan than this needs more than a word of office to be one."""
_LIKELY = 0.5
"""How likely a question is one about a plan by its wording alone."""
_SETTLED = 0.8
"""How likely the plan answers a question when that is settled."""
_PLAN_YEAR = re.compile(r"20\d\d年")

Sign = Callable[[Question, Candidates], bool]


def is_official(question: Question, found: Candidates) -> bool:
    """Whether a question is about a notice: its departments, clauses or wording."""
    return any(sign(question, found) for sign in _SIGNS)


def _card(found: Candidates) -> float:
    return evidence(found.cards[0]) if found.cards else 0.0


def _clause(found: Candidates) -> float:
    return found.clause_evidence or found.best_evidence


def _says_so(question: Question, _found: Candidates) -> bool:
    """A path, a lead, a document number, where something stands: nothing else is asked like this."""
    plain = question.paths or question.has(OFFICIAL, "lead", "number", "issuer")
    document = question.has(*facts.META) and (question.has("document_named") or not question.topic_words)
    sets = asks_for_contents(question) or asks_where_none_is_named(question) or asks_for_set(question)
    return bool(plain or document or sets)


def _asks_for_owner(question: Question, found: Candidates) -> bool:
    return question.asks_for_owner and (_clause(found) >= SAID or _card(found) < SURE)


def _asks_for_wording(question: Question, found: Candidates) -> bool:
    return question.has("text") and (_clause(found) > _card(found) or _card(found) < SURE)


def _asks_for_target(question: Question, found: Candidates) -> bool:
    stated = bool(found.clear and found.clear.targets)
    return stated and (question.has("target") or (question.has("count") and _clause(found) >= CLAUSE))


def _speaks_of_plans(question: Question, found: Candidates) -> bool:
    """Words of government, a year, a heading: of a plan unless a card explains the question well."""
    governs = question.has("governance") or bool(_PLAN_YEAR.search(question.shape))
    if governs and found.best_evidence >= SAID:
        return _card(found) < _OFTEN or _clause(found) > _card(found)
    asks = question.has("count", "which", "all", "task", "department") or "几" in question.shape
    return bool(question.scopes) and asks


def _names_department(question: Question, found: Candidates) -> bool:
    asks = question.has("task", "responsible", "who", "joint", "count")
    meant = asks or _card(found) < SURE or _clause(found) > _card(found)
    return bool(question.departments) and meant


def _asks_who(question: Question, found: Candidates) -> bool:
    possible = found.intent is None or found.likely(PLAN) >= UNLIKELY or _clause(found) >= CLAUSE
    if possible and question.has("who", "department", "document_named", "clause") and _card(found) < _OFTEN:
        return True
    asks = question.has("who", "department", "document_named", "clause", "section", "target", *facts.META)
    return asks and _clause(found) > _card(found)


def _looks_like_one(_question: Question, found: Candidates) -> bool:
    return found.likely(PLAN) >= _LIKELY and found.best_evidence >= SAID and found.likeness < OWN_WORDS


def _is_settled(_question: Question, found: Candidates) -> bool:
    held = any(evidence(hit) >= SURE for hit in found.chunks[:1])
    return bool(found.signs) and found.verdict.plan >= _SETTLED and not held


def _asks_nothing_else(question: Question, found: Candidates) -> bool:
    return not question.topic and bool(question.cues - {"filler", "yesno"}) and _card(found) < SURE


_SIGNS: tuple[Sign, ...] = (
    _says_so,
    _asks_for_owner,
    _asks_for_wording,
    _asks_for_target,
    _speaks_of_plans,
    _names_department,
    _asks_who,
    _looks_like_one,
    _is_settled,
    _asks_nothing_else,
)
