"""Guides: one step a message, with progress, said again, said more simply, or done another way."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml

from assistant.answer import Answer, Kind, Line
from assistant.patterns import compile_any
from assistant.science import cite_card, label_of, source_line
from prompts import choices, sentence
from vectorstore import text
from vectorstore.records import Card


@lru_cache(maxsize=1)
def _commands() -> dict[str, re.Pattern[str]]:
    raw = yaml.safe_load((resources.files("assistant") / "commands.yaml").read_text(encoding="utf-8"))
    return {name: compile_any(map(str, patterns)) for name, patterns in raw.items()}


def command(said: str) -> str | None:
    """What a short reply asks of a guide: next, back, again, simpler, other, stop, resume; None when nothing."""
    normal = text.compact(said).strip("。.!,?~")
    return next((name for name, pattern in _commands().items() if pattern.search(normal)), None)


def open_guide(card: Card) -> Answer:
    """The first step."""
    return show_step(card, 1)


def follow(card: Card, step: int, said: str) -> Answer:
    """The answer to a command given at a step, counted from 1."""
    if said == "next":
        return _finished(card) if step >= len(card.steps) else show_step(card, step + 1)
    if said == "back":
        return show_step(card, max(1, step - 1))
    if said == "simpler":
        return _simpler(card, step)
    if said == "other":
        return _other_way(card, step)
    return _stopped(card) if said == "stop" else show_step(card, step)


def show_step(card: Card, n: int) -> Answer:
    """One step: the progress, the one action, what is then on the screen."""
    step = card.steps[n - 1]
    lines = [sentence("guide_step", n=n, all=len(card.steps), do=_ended(step.do))]
    if step.see:
        lines.append(sentence("guide_see", see=_ended(step.see)))
    if n == 1 and re.search(r"120|119|110", card.warning):
        lines.append(card.warning)
    return _answer(card, n, lines)


def _simpler(card: Card, n: int) -> Answer:
    step = card.steps[n - 1]
    lines = [sentence("guide_simpler", n=n, all=len(card.steps), simpler=_ended(step.simpler or step.do))]
    if step.see:
        lines.append(sentence("guide_see", see=_ended(step.see)))
    if step.differs:
        lines.append(sentence("guide_differs", differs=_ended(step.differs)))
    return _answer(card, n, lines)


def _other_way(card: Card, n: int) -> Answer:
    return _answer(card, n, [card.other_way or sentence("guide_no_other_way")])


def _finished(card: Card) -> Answer:
    said = [card.done or sentence("guide_done"), card.warning, source_line(card), sentence("guide_print")]
    return _answer(card, len(card.steps), [s for s in said if s], choices("guide_after"))


def _stopped(card: Card) -> Answer:
    return _answer(card, 1, [sentence("guide_stopped", title=card.title)], choices("examples_all"))


def _answer(card: Card, n: int, said: list[str], buttons: tuple[str, ...] | None = None) -> Answer:
    steps = tuple({"n": k, "text": s.do, "see": s.see} for k, s in enumerate(card.steps, 1))
    return Answer(
        Kind.GUIDE, tuple(Line("", s) for s in said), citations=(cite_card(card),), steps=steps, step=n,
        suggestions=choices("guide_buttons") if buttons is None else buttons,
        card=card.id, label=label_of(card),
    )  # fmt: skip


def _ended(said: str) -> str:
    return said if said.endswith(("。", "！", "？", "”")) else said + "。"
