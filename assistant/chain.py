"""The chain: question → Answer, as one LangChain Runnable. Reads from top to bottom, no way back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant import cues, dialogue, refusals, thread
from assistant.answer import Answer, Kind, Refusal
from assistant.beside import MOST_PLACES, answer_beside, by_place, with_other_places
from assistant.candidates import Candidates, evidence, find_candidates, held_by_another
from assistant.compose import Desk
from assistant.conversation import chosen, complete, remember
from assistant.decide import decide, found_nothing
from assistant.domain import is_official
from assistant.notices import asked_of, in_order
from assistant.places import Places, of_place, read_places
from assistant.privacy import mask
from assistant.question import Question
from assistant.sets.places import with_scopes
from assistant.state import State
from assistant.understand import understand
from prompts import sentence
from vectorstore import text
from vectorstore.errors import QuestionTooLong
from vectorstore.inbox import UNANSWERED, Inbox
from vectorstore.library import Library, Snapshot
from vectorstore.records import Hit
from vectorstore.state import StateStore
from vectorstore.text import strip_control

if TYPE_CHECKING:
    from assistant.tally import Tally
    from assistant.wording import Worder

MAX_CHARACTERS = 2000
"""Longest question, by the contract."""
_UNANSWERED = (Refusal.NOT_IN_SOURCES, Refusal.OUT_OF_SCOPE)
_ANSWERS = (Kind.DUTY, Kind.FACT, Kind.SCIENCE, Kind.GUIDE)
"""What a rewritten question has to be answered with; else the answer to the question as it was asked stands."""
_MOST_NEAR = 6
"""So many titles of each tier help a model to put a question into the words of the sources."""
_BESIDE, _MOST_BESIDE = 0.7, 3
"""Passages of documents with this share of the best one's evidence may be joined by a model; so many at most."""


@dataclass(frozen=True, slots=True)
class _Composed:
    """An answer written by rule, with the knowledge it is from and the passages found beside it.

    `state` is what the conversation goes on from, None when there is nothing to keep. `titles` are those of what came
    nearest to a question that found nothing.
    """

    answer: Answer
    snapshot: Snapshot
    state: State | None
    near: tuple[Hit, ...] = ()
    titles: tuple[str, ...] = ()


class KepuChain(Runnable[str | dict[str, str], Answer]):
    """Answers questions from a library.

    `today` is the clock, `sessions` keeps conversations (None: each question stands alone), `region` is the home
    region and `unit` the department that 我单位 means when nobody has said; `inbox` gets the questions that the
    sources do not answer, `worder` words answers by a chat model (None: every answer is composed). Input: the
    question, or `{"question": …, "session": …}`; `deadline` in the config's `configurable` shortens the model's time,
    in seconds; 0 asks no model. Raises QuestionTooLong over 2,000 characters.
    """

    def __init__(
        self,
        library: Library,
        today: Callable[[], date],
        sessions: StateStore | None = None,
        region: str | None = None,
        unit: str = "",
        inbox: Inbox | None = None,
        worder: Worder | None = None,
    ) -> None:
        self._library = library
        self._today = today
        self._sessions = sessions
        self._region = region
        self._unit = unit
        self._inbox = inbox
        self._worder = worder

    def invoke(self, input: str | dict[str, str], config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """One answer."""
        *_, answer = self.sentences(input, config)
        assert isinstance(answer, Answer)
        return answer

    def sentences(self, input: str | dict[str, str], config: RunnableConfig | None = None) -> Iterator[str | Answer]:
        """The answer's sentences as soon as each may be shown, then the whole answer, which is what counts.

        It may be another than the sentences made hope for: the composed one, when a later sentence did not pass.
        """
        asked, session = (input, "") if isinstance(input, str) else (input["question"], input.get("session") or "")
        begun = time.perf_counter()
        asked = strip_control(asked).strip()
        if len(asked) > MAX_CHARACTERS:
            raise QuestionTooLong(limit=MAX_CHARACTERS)
        masked = mask(asked)
        deadline = ((config or {}).get("configurable") or {}).get("deadline")
        composed, deadline = self._composed(masked.text, session, begun, deadline)
        if composed.state is not None:
            self._keep(session, composed.state)
        self._note(masked.text, composed.answer, session)
        note = sentence("masked", kinds="、".join(masked.kinds)) if masked.kinds else ""
        for said in self._worded(masked.text, composed, deadline):
            yield said if isinstance(said, str) else _finished(said, masked.text, note, begun)

    @property
    def tally(self) -> Tally | None:
        """What has come of wording answers by the chat model; None without one."""
        return self._worder.tally if self._worder else None

    def rehearse(self, asked: str) -> None:
        """Composes an answer nobody asked for, so that the first asker finds everything loaded; it is not counted."""
        self._composed(asked, "", time.perf_counter(), 0)

    def forget(self, session: str) -> None:
        """Deletes what a conversation remembers and what the inbox holds of it."""
        if self._sessions:
            self._sessions.forget(session)
        if self._inbox:
            self._inbox.forget(session)

    def _note(self, asked: str, answer: Answer, session: str) -> None:
        """Counts an answer for the keepers of the service; a question without one goes into their inbox."""
        if self._inbox is None:
            return
        self._inbox.usage.count(answer.kind, answer.refusal or "")
        if answer.refusal in _UNANSWERED:
            self._inbox.put(UNANSWERED, asked, answer.text, answer.refusal, session)

    def _worded(self, asked: str, composed: _Composed, deadline: float | None) -> Iterator[str | Answer]:
        if self._worder is None or deadline == 0:
            yield from composed.answer.parts()
            return
        from assistant.wording import Draft

        yield from self._worder.stream(Draft(asked, composed.answer, composed.snapshot, composed.near), deadline)

    def _composed(
        self, asked: str, session: str, begun: float, deadline: float | None
    ) -> tuple[_Composed, float | None]:
        """The answer by rule, and the seconds left for wording it.

        A question that found nothing is asked again in the model's words; what those find must be an answer.
        """
        desk = self._desk()
        if dialogue.asks_to_forget(asked):
            self.forget(session)
            return _Composed(refusals.chat("forgotten"), desk.snapshot, None), deadline
        state = self._recall(session)
        first = self._compose(asked, state, desk, begun)
        if self._worder is None or deadline == 0 or not first.titles:
            return first, deadline
        rewritten = self._worder.rewrite(asked, first.titles, desk.snapshot, deadline)
        if rewritten is None:
            return first, deadline
        second = self._compose(rewritten.question, state, desk, begun) if rewritten.question else first
        answered = second.answer.kind in _ANSWERS
        wording = self._worder.rewritten(rewritten, answered)
        best = second if answered else first
        notices = (*best.answer.notices, sentence("rewritten")) if answered else best.answer.notices
        left = self._worder.left(deadline, wording)
        return replace(best, answer=replace(best.answer, rewriting=wording, notices=notices)), left

    def _compose(self, asked: str, state: State, desk: Desk, begun: float) -> _Composed:
        register = desk.snapshot.register
        asked = desk.snapshot.typed.read(asked, cues.spoken())
        if (answer := dialogue.answer(asked, state, desk)) is not None:
            return _Composed(answer, desk.snapshot, dialogue.moved(state, answer))
        asked, state = thread.turn(asked, state, desk)
        question = understand(chosen(asked, state) or asked, desk.snapshot.names)
        places = read_places(question.normal, question.departments, register)
        desk = replace(desk, notices=asked_of(question, register, desk.notices, state.notice))
        if places.held:
            question = _without_places(question, places, state, desk.snapshot)
        question = with_scopes(of_place(question, desk.notices, register), desk)
        pointed = thread.answer(question, state, desk)
        if isinstance(pointed, Answer):
            return _Composed(pointed, desk.snapshot, remember(state, question, pointed, desk.snapshot))
        question = pointed or complete(question, state, desk, self._unit)
        understood = time.perf_counter()
        found = find_candidates(question, desk)
        if not places.held and not state.notice and (other := held_by_another(question, found, desk)):
            desk = replace(desk, notices=(other,))
            question = of_place(question, desk.notices, register)
            found = find_candidates(question, desk)
        retrieved = time.perf_counter()
        answer = dialogue.go_on(question, found, state, desk) or _decide(question, found, desk, places)
        answer = dialogue.settle(answer, question, found, state, desk)
        kept = remember(state, question, answer, desk.snapshot)
        done = time.perf_counter()
        answer = answer.timed(
            understand=(understood - begun) * 1000,
            retrieve=(retrieved - understood) * 1000,
            compose=(done - retrieved) * 1000,
        )
        titles = _titles(found) if found_nothing(answer, question, found, desk) else ()
        return _Composed(answer, desk.snapshot, kept, _beside(found), titles)

    def _recall(self, session: str) -> State:
        return State.of(self._sessions.get(session)) if session and self._sessions else State()

    def _keep(self, session: str, state: State) -> None:
        if session and self._sessions:
            self._sessions.put(session, state.stored())

    def _desk(self) -> Desk:
        snapshot = self._library.current()
        return Desk(snapshot, self._today(), in_order(snapshot.register, self._region))


def _without_places(question: Question, places: Places, state: State, snapshot: Snapshot) -> Question:
    """The question as it would be asked without its places; 那南昌呢 asks what was asked before."""
    if places.rest:
        return replace(understand(places.rest, snapshot.names), text=question.text)
    before = read_places(text.normalise(state.question), (), snapshot.register).rest
    return understand(before, snapshot.names) if before else question


def _decide(question: Question, found: Candidates, desk: Desk, places: Places) -> Answer:
    """The answer of the notices asked; of several places' notices each one's own, side by side."""
    desks = by_place(desk, places.held)
    if len(desks) + len(places.missing) > 1 and len(desks) <= MOST_PLACES and _is_of_plans(question, found):
        return answer_beside(question, desks, places.missing)
    answer = decide(question, found, desk)
    several = len({n.region for n in desk.snapshot.register.notices.values()}) > 1
    return with_other_places(answer, question, desk) if several and not places.held else answer


def _is_of_plans(question: Question, found: Candidates) -> bool:
    return question.plainly_official or is_official(question, found)


def _beside(found: Candidates) -> tuple[Hit, ...]:
    least = _BESIDE * max((evidence(h) for h in found.chunks[:1]), default=0.0)
    return tuple(h for h in found.chunks[:_MOST_BESIDE] if evidence(h) >= least)


def _titles(found: Candidates) -> tuple[str, ...]:
    """The titles of what came nearest to a question."""
    hits = (*found.hits[:_MOST_NEAR], *found.cards[:_MOST_NEAR], *found.chunks[:_MOST_NEAR])
    return tuple(dict.fromkeys(hit.passage.title for hit in hits))


def _finished(answer: Answer, asked: str, note: str, begun: float) -> Answer:
    notices = (*answer.notices, note) if note else answer.notices
    spent = {**answer.timing_ms, "total": (time.perf_counter() - begun) * 1000}
    return replace(answer, notices=notices, question=asked).timed(**spent)
