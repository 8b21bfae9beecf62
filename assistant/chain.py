"""The chain: question → Answer, as one LangChain Runnable. Reads from top to bottom, no way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant import department, facts, refusals, who
from assistant.answer import Answer
from assistant.candidates import Candidates, find_candidates
from assistant.compose import Desk
from assistant.question import Question
from assistant.understand import understand
from vectorstore.errors import QuestionTooLong
from vectorstore.library import Library
from vectorstore.text import strip_control

MAX_CHARACTERS = 2000
"""Longest question, by the contract."""

_ASKS_WHO = ("who", "responsible", "lead", "cooperate")
_ASKS_LIST = ("which", "task", "count", "all", "section", "clause")
_ASKS_CONTENT = ("text", "target", "deadline", "count")
_WEAK = 0.45


class KepuChain(Runnable[str | dict[str, str], Answer]):
    """Answers questions from a library. `today` is the clock, `region` the home region.

    Input: the question, or `{"question": …, "session": …}`. Raises QuestionTooLong over 2,000 characters.
    """

    def __init__(self, library: Library, today: Callable[[], date], region: str | None = None) -> None:
        self._library = library
        self._today = today
        self._region = region

    def invoke(self, input: str | dict[str, str], config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """One answer."""
        asked = input if isinstance(input, str) else input["question"]
        begun = time.perf_counter()
        asked = strip_control(asked).strip()
        if len(asked) > MAX_CHARACTERS:
            raise QuestionTooLong(limit=MAX_CHARACTERS)
        desk = self._desk()
        question = understand(asked, desk.snapshot.names)
        understood = time.perf_counter()
        found = find_candidates(question, desk.snapshot, desk.notices)
        retrieved = time.perf_counter()
        answer = decide(question, found, desk)
        done = time.perf_counter()
        return replace(answer, question=asked).timed(
            understand=(understood - begun) * 1000,
            retrieve=(retrieved - understood) * 1000,
            compose=(done - retrieved) * 1000,
            total=(done - begun) * 1000,
        )

    def _desk(self) -> Desk:
        snapshot = self._library.current()
        keys = sorted(
            snapshot.register.notices,
            key=lambda k: self._region is not None and snapshot.register.notices[k].region != self._region,
        )
        return Desk(snapshot, self._today(), tuple(keys))


def decide(question: Question, found: Candidates, desk: Desk) -> Answer:
    """Which kind of answer fits, and that answer."""
    return _small_talk(question) or _about_departments(question, found, desk) or _about_tasks(question, found, desk)


def _small_talk(question: Question) -> Answer | None:
    if not any(c.isalnum() for c in question.normal):
        return refusals.ask_what("empty")
    if question.topic or question.departments or question.has("who", "lead", "responsible", "task"):
        return refusals.chat("self") if question.has("self") and not question.departments else None
    for cue in ("self", "thanks", "greeting"):
        if question.has(cue):
            return refusals.chat({"greeting": "hello"}.get(cue, cue))
    return None


def _about_departments(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    for mention in question.departments:
        if len(mention.names) > 1:
            return department.ask_which(mention)
    if question.unknown:
        return department.absent(question, question.unknown[0], desk)
    for name in question.named:
        if not desk.snapshot.register.of_department(name):
            return department.absent(question, name, desk)
    if not question.named:
        return None
    if (found.clear and found.best >= _WEAK) or (found.given and found.clear):
        return who.check_premise(question, found.clear, desk)
    return department.answer_department(question, question.named[0], desk)


def _about_tasks(question: Question, found: Candidates, desk: Desk) -> Answer:
    if facts.asks_about_document(question):
        return facts.answer_document(question, desk)
    if found.clear:
        return _about_clause(question, found, desk)
    if found.close:
        return refusals.ask_which_task(found.close)
    if question.has(*_ASKS_WHO, *_ASKS_LIST):
        return refusals.not_in_sources(found, desk) if question.topic else refusals.ask_what()
    return refusals.out_of_scope()


def _about_clause(question: Question, found: Candidates, desk: Desk) -> Answer:
    assert found.clear is not None
    if question.has(*_ASKS_WHO) or question.has("department"):
        return who.answer_who(question, found.clear, desk)
    if found.given and not question.topic and not question.has("target", "deadline"):
        return facts.answer_text(found.clear, desk)
    if question.has(*_ASKS_CONTENT) or found.best >= _WEAK:
        return facts.answer_said(question, found.clear, desk)
    return refusals.out_of_scope()
