"""Guides: one step a message, with progress, said again, said more simply, or done another way."""

from __future__ import annotations

import re

from assistant.answer import Answer, Kind, Line
from assistant.science import cite_card, label_of, source_line
from prompts import choices, sentence
from vectorstore import text
from vectorstore.records import Card

_TOLD = 3
"""So many pairs of characters of a warning, that the title has not, tell of what it warns of."""


def open_guide(card: Card) -> Answer:
    """The first step."""
    return show_step(card, 1)


def follow(card: Card, step: int, move: str) -> Answer:
    """The answer to a move made at a step, counted from 1."""
    if move in ("next", "done", "go_on"):
        return _finished(card) if step >= len(card.steps) else show_step(card, step + 1)
    if move == "restart":
        return show_step(card, 1)
    if move == "back":
        return show_step(card, max(1, step - 1))
    if move == "unclear":
        return show_simpler(card, step)
    if move == "other":
        return _other_way(card, step)
    if move == "wait":
        return _waiting(card, step)
    return _stopped(card, step) if move == "stop" else show_step(card, step)


def is_open(answer: Answer) -> bool:
    """Whether an answer of a guide waits for the next move: it was neither stopped nor done with."""
    return answer.suggestions == choices("guide_buttons")


def show_step(card: Card, n: int) -> Answer:
    """One step: the progress, the one action, what is then on the screen."""
    step = card.steps[n - 1]
    lines = [sentence("guide_step", n=n, all=len(card.steps), do=_ended(step.do))]
    if step.see:
        lines.append(sentence("guide_see", see=_ended(step.see)))
    if n == 1 and re.search(r"120|119|110", card.warning):
        lines.append(card.warning)
    return _answer(card, n, lines)


def show_simpler(card: Card, n: int) -> Answer:
    """One step in simpler words, with what else the screen may show."""
    step = card.steps[n - 1]
    lines = [sentence("guide_simpler", n=n, all=len(card.steps), simpler=_ended(step.simpler or step.do))]
    if step.see:
        lines.append(sentence("guide_see", see=_ended(step.see)))
    if step.differs:
        lines.append(sentence("guide_differs", differs=_ended(step.differs)))
    return _answer(card, n, lines)


def show_unheard(card: Card, n: int) -> Answer:
    """The step once more, when a reply was not understood, and what one may say."""
    step = card.steps[n - 1]
    lines = [sentence("guide_unheard"), sentence("guide_step", n=n, all=len(card.steps), do=_ended(step.do))]
    return _answer(card, n, [*lines, sentence("guide_say")])


def _other_way(card: Card, n: int) -> Answer:
    return _answer(card, n, [card.other_way or sentence("guide_no_other_way")])


def _finished(card: Card) -> Answer:
    said = [card.done or sentence("guide_done"), card.warning, source_line(card), sentence("guide_print")]
    return _answer(card, len(card.steps), [s for s in said if s], choices("guide_after"))


def warns_of(card: Card, asked: str) -> bool:
    """Whether a question tells of what a guide warns of: 有人说我医保码异常要转账."""
    told, taught = (set(text.bigrams(text.normalise(said))) for said in (card.warning, card.title + card.steps[0].do))
    return len(told & set(text.bigrams(text.normalise(asked))) - taught) >= _TOLD


def warn(card: Card, n: int) -> Answer:
    """What a guide warns of, amid a step."""
    return _answer(card, n, [card.warning, sentence("guide_way_back")])


def _waiting(card: Card, n: int) -> Answer:
    return _answer(card, n, [sentence("guide_wait", n=n, all=len(card.steps))])


def _stopped(card: Card, n: int) -> Answer:
    return _answer(card, n, [sentence("guide_stopped", title=card.title)], choices("examples_all"))


def _answer(card: Card, n: int, said: list[str], buttons: tuple[str, ...] | None = None) -> Answer:
    steps = tuple({"n": k, "text": s.do, "see": s.see} for k, s in enumerate(card.steps, 1))
    return Answer(
        Kind.GUIDE, tuple(Line("", s) for s in said), citations=(cite_card(card),), steps=steps, step=n,
        suggestions=choices("guide_buttons") if buttons is None else buttons,
        card=card.id, label=label_of(card),
    )  # fmt: skip


def _ended(said: str) -> str:
    return said if said.endswith(("。", "！", "？", "”")) else said + "。"
