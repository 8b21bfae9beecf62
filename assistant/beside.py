"""Side by side: one question answered from the plans of several places, each with its own departments only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind, Line, Refusal
from assistant.candidates import evidence, find_candidates
from assistant.compose import Desk
from assistant.decide import decide
from assistant.places import of_place
from assistant.question import Question
from assistant.sets.places import with_scopes
from prompts import sentence
from vectorstore.records import Tier

MOST_PLACES = 6
"""So many places are answered side by side; for more, the question has to name some."""
_EXPLAINED = 0.8
"""Evidence of a clause of another place's plan that makes it worth a mention, or the answer."""
_MOST_OFFERED = 2
_NOT_HELD = (Refusal.NOT_IN_SOURCES, Refusal.OUT_OF_SCOPE)


def by_place(desk: Desk, first: Sequence[str] = ()) -> list[Desk]:
    """The notices asked, one desk for each region: those of `first` in its order, then the others in theirs."""
    keys: dict[str, list[str]] = {region: [] for region in first}
    for key in desk.notices:
        keys.setdefault(desk.snapshot.register.notices[key].region, []).append(key)
    return [replace(desk, notices=tuple(of_region)) for of_region in keys.values() if of_region]


def answer_beside(question: Question, desks: Sequence[Desk], missing: Sequence[str]) -> Answer:
    """The answers of several places under one another, and of which places nothing is held."""
    answers = [(desk.notice.region or desk.notice.title, _answer(question, desk)) for desk in desks]
    lines = [line for place, answer in answers for line in (Line("", f"【{place}】"), *answer.lines)]
    lines += [Line("", sentence("refuse_other_plan", region=place)) for place in missing]
    given = [answer for _, answer in answers if answer.refusal is None] or [answers[0][1]]
    kinds = [answer.kind for answer in given]
    return Answer(
        Kind.DUTY if Kind.DUTY in kinds else kinds[0],
        tuple(lines),
        duties=tuple(d for a in given for d in a.duties),
        citations=tuple(dict.fromkeys(c for _, a in answers for c in a.citations)),
        refusal=given[0].refusal,
        suggestions=given[0].suggestions,
        notices=tuple(dict.fromkeys(n for a in given for n in a.notices)),
        listed=tuple(p for a in given for p in a.listed or ()),
    )


def _answer(question: Question, desk: Desk) -> Answer:
    asked = with_scopes(of_place(question, desk.notices, desk.snapshot.register), desk)
    return decide(asked, find_candidates(asked, desk), desk)


def with_other_places(answer: Answer, question: Question, desk: Desk) -> Answer:
    """The home region's answer with the other places that have the same; theirs when the home region has none."""
    if answer.refusal in _NOT_HELD or answer.kind is Kind.CHAT:
        return _from_elsewhere(question, desk) or answer
    if answer.kind is not Kind.DUTY:
        return answer
    others = [d.notice.region for d in _other_desks(desk) if _speaks_of(question, d)]
    if not others:
        return answer
    said = sentence("other_places", place=desk.notice.region, others="、".join(others[:MOST_PLACES]))
    offered = tuple(f"{place}{question.text}" for place in others[:_MOST_OFFERED])
    return replace(answer, lines=(*answer.lines, Line("", said)), suggestions=(*answer.suggestions[:2], *offered))


def _other_desks(desk: Desk) -> Iterator[Desk]:
    register = desk.snapshot.register
    home = desk.notice.region
    everything = replace(desk, notices=tuple(k for k, n in register.notices.items() if n.region not in (home, "")))
    return iter(by_place(everything))


def _speaks_of(question: Question, desk: Desk) -> bool:
    if not question.topic_words:
        return bool(question.named) and any(
            desk.snapshot.register.of_department(name, key) for name in question.named for key in desk.notices
        )
    hits = desk.snapshot.retriever.search(question.topic, Tier.NOTICE, desk.notices, limit=1)
    return bool(hits) and evidence(hits[0]) >= _EXPLAINED


def _from_elsewhere(question: Question, desk: Desk) -> Answer | None:
    """The answer of another place's notice that plainly has what is asked, with the place it holds for."""
    found = [(other, answer) for other in _other_desks(desk) if _speaks_of(question, other)
             for answer in [_answer(question, other)] if answer.refusal is None and answer.citations]  # fmt: skip
    if len(found) != 1:
        return answer_beside(question, [other for other, _ in found], ()) if found else None
    other, answer = found[0]
    return replace(answer, lines=(*answer.lines, Line("", sentence("document_place", region=other.notice.region))))
