"""Small talk: greetings, thanks, who somebody is, and questions that say nothing yet."""

from __future__ import annotations

from assistant import refusals
from assistant.answer import Answer
from assistant.candidates import SURE, Candidates, evidence
from assistant.conversation import OFFICIAL, asks_for_our_unit, is_dangling, states_unit_only
from assistant.question import Question

_BARE = 4
"""A question of so few characters with nothing in it is asked back."""
_MEANT = 0.8
_WELL_MEANT = SURE + 0.55
_TALK = ("self", "thanks", "greeting")
_DOCUMENT = ("number", "issuer", "issued", "period", "title")


def answer_small_talk(question: Question, found: Candidates) -> Answer | None:
    """The answer when there is nothing to look up, else None."""
    if not any(c.isalnum() for c in question.normal):
        return refusals.ask_what("empty")
    if states_unit_only(question):
        return refusals.note_unit(question.named[0])
    if asks_for_our_unit(question) and not question.unknown:
        return refusals.ask_unit()
    if is_dangling(question) or _says_nothing(question, found):
        return refusals.ask_what()
    return _talk(question, found)


def _says_nothing(question: Question, found: Candidates) -> bool:
    if question.topic or question.departments or question.paths or question.scopes:
        return False
    only_filler = not question.cues - {"filler"} and not any(evidence(h) >= _MEANT for h in found.cards[:1])
    known = question.has(OFFICIAL, *_TALK, *_DOCUMENT)
    return (len(question.shape) <= _BARE or only_filler) and not known


def _talk(question: Question, found: Candidates) -> Answer | None:
    if question.has("thanks") and _only_thanks(question, found):
        return refusals.chat("thanks")
    if question.has("self") and not question.departments:
        return refusals.chat("self")
    if question.topic or question.departments or question.paths or question.has("who", "lead", "responsible", "task"):
        return None
    if question.has("greeting") and not question.asks_for_owner:
        return refusals.chat("hello")
    return None


def _only_thanks(question: Question, found: Candidates) -> bool:
    """Whether thanks or a farewell is all there is, whatever friendly words stand around it."""
    asks = question.departments or question.paths or question.has("who", "which", "count", "text", "yesno", "lead")
    if asks:
        return False
    return not question.topic_words or not any(evidence(h) >= _WELL_MEANT for h in found.cards[:1])
