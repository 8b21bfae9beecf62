"""The chain: question → Answer, as one LangChain Runnable. Reads from top to bottom, no way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant import dialogue
from assistant.answer import Answer, Refusal
from assistant.candidates import find_candidates
from assistant.compose import Desk
from assistant.conversation import State, chosen, complete, remember
from assistant.decide import decide
from assistant.notices import asked_of, in_order
from assistant.privacy import mask
from assistant.scope import with_scopes
from assistant.understand import understand
from prompts import sentence
from vectorstore.errors import QuestionTooLong
from vectorstore.inbox import UNANSWERED, Inbox
from vectorstore.library import Library
from vectorstore.state import StateStore
from vectorstore.text import strip_control

MAX_CHARACTERS = 2000
"""Longest question, by the contract."""
_UNANSWERED = (Refusal.NOT_IN_SOURCES, Refusal.OUT_OF_SCOPE)


class KepuChain(Runnable[str | dict[str, str], Answer]):
    """Answers questions from a library.

    `today` is the clock, `sessions` keeps conversations (None: each question stands alone), `region` is the home
    region and `unit` the department that 我单位 means when nobody has said; `inbox` gets the questions that the
    sources do not answer. Input: the question, or
    `{"question": …, "session": …}`. Raises QuestionTooLong over 2,000 characters.
    """

    def __init__(
        self,
        library: Library,
        today: Callable[[], date],
        sessions: StateStore | None = None,
        region: str | None = None,
        unit: str = "",
        inbox: Inbox | None = None,
    ) -> None:
        self._library = library
        self._today = today
        self._sessions = sessions
        self._region = region
        self._unit = unit
        self._inbox = inbox

    def invoke(self, input: str | dict[str, str], config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """One answer."""
        asked, session = (input, "") if isinstance(input, str) else (input["question"], input.get("session") or "")
        begun = time.perf_counter()
        asked = strip_control(asked).strip()
        if len(asked) > MAX_CHARACTERS:
            raise QuestionTooLong(limit=MAX_CHARACTERS)
        masked = mask(asked)
        state = self._recall(session)
        answer = self._answer(masked.text, state, session, begun)
        if masked.kinds:
            note = sentence("masked", kinds="、".join(masked.kinds))
            answer = replace(answer, notices=(*answer.notices, note))
        if self._inbox and answer.refusal in _UNANSWERED:
            self._inbox.put(UNANSWERED, masked.text, answer.text, answer.refusal)
        return replace(answer, question=masked.text)

    def _answer(self, asked: str, state: State, session: str, begun: float) -> Answer:
        desk = self._desk()
        register = desk.snapshot.register
        if (answer := dialogue.answer(asked, state, desk)) is not None:
            self._keep(session, dialogue.moved(state, answer))
            return answer.timed(total=(time.perf_counter() - begun) * 1000)
        question = understand(chosen(asked, state) or asked, desk.snapshot.names)
        desk = replace(desk, notices=asked_of(question, register, desk.notices, state.notice))
        question = with_scopes(question, desk.snapshot, desk.notices)
        question = complete(question, state, desk, self._unit)
        understood = time.perf_counter()
        found = find_candidates(question, desk)
        retrieved = time.perf_counter()
        answer = dialogue.go_on(question, found, state, desk) or decide(question, found, desk)
        self._keep(session, remember(state, question, answer, desk.snapshot))
        done = time.perf_counter()
        return answer.timed(
            understand=(understood - begun) * 1000,
            retrieve=(retrieved - understood) * 1000,
            compose=(done - retrieved) * 1000,
            total=(done - begun) * 1000,
        )

    def _recall(self, session: str) -> State:
        return State.of(self._sessions.get(session)) if session and self._sessions else State()

    def _keep(self, session: str, state: State) -> None:
        if session and self._sessions:
            self._sessions.put(session, state.stored())

    def _desk(self) -> Desk:
        snapshot = self._library.current()
        return Desk(snapshot, self._today(), in_order(snapshot.register, self._region))
