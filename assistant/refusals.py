"""What is not answered: said in one friendly sentence, with where to ask and what can be done here."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Answer, Kind, Line, Refusal
from assistant.candidates import Candidates
from assistant.compose import Desk, cite, numbered
from prompts import choices, sentence
from vectorstore.records import Card, Clause


def ask_which_task(clauses: tuple[Clause, ...]) -> Answer:
    """At most four choices, each a real clause."""
    lines = numbered(sentence("choice", title=c.title, path=c.path) for c in clauses)
    return Answer(
        Kind.CLARIFY, (Line("", sentence("which_task")), *lines, Line("", sentence("which_none"))),
        suggestions=tuple(sentence("choice", title=c.title, path=c.path) for c in clauses),
        listed=tuple((c.notice, c.path) for c in clauses),
    )  # fmt: skip


def ask_what(name: str = "which_task_wide") -> Answer:
    """Asks what the question is about, with examples to tap."""
    examples = choices("examples_all")
    return Answer(Kind.CLARIFY, (Line("", sentence(name)), *numbered(examples)), suggestions=examples)


def ask_unit() -> Answer:
    """Asks which department somebody is of."""
    return Answer(Kind.CLARIFY, (Line("", sentence("unit_which")),), suggestions=choices("unit_examples"))


def note_unit(name: str) -> Answer:
    """Notes which department somebody is of."""
    return Answer(Kind.CHAT, (Line("", sentence("unit_noted", department=name)),), suggestions=choices("unit_after"))


def chat(name: str) -> Answer:
    """A greeting, thanks, or what this program is."""
    return Answer(Kind.CHAT, (Line("", sentence(name)),), suggestions=choices("examples_all"))


def refuse(reason: Refusal, cards: Sequence[Card] = (), ask: str = "") -> Answer:
    """Why a question is not answered, where to ask instead (`ask`), and the cards that may help all the same."""
    if reason is Refusal.NOT_IN_SOURCES:
        said = [sentence("refuse_live"), ask or sentence("refuse_nothing_ask")]
    else:
        said = [sentence(f"refuse_{reason.value}"), sentence(f"refuse_{reason.value}_ask")]
    return Answer(
        Kind.REFUSAL, tuple(Line("", s) for s in said if s), refusal=reason,
        suggestions=tuple(c.title for c in cards) or choices("examples_all"),
    )  # fmt: skip


def not_in_sources(found: Candidates, desk: Desk) -> Answer:
    """The notice does not say it; the nearest clause is offered when one is near at all."""
    lines = [Line("", sentence("refuse_not_in_sources"))]
    near = found.clear or (found.close[0] if found.close else None)
    if near:
        lines.append(Line("", sentence("refuse_nearest", path=near.path, title=near.title)))
    lines.append(Line("", sentence("refuse_ask", whom="责任部门")))
    return Answer(
        Kind.REFUSAL, tuple(lines), citations=(cite(desk, near),) if near else (), refusal=Refusal.NOT_IN_SOURCES,
        suggestions=choices("examples_all"),
    )  # fmt: skip


def out_of_scope() -> Answer:
    """Nothing that was found explains the question."""
    lines = (Line("", sentence("refuse_nothing_found")), Line("", sentence("refuse_nothing_ask")))
    return Answer(Kind.REFUSAL, lines, refusal=Refusal.OUT_OF_SCOPE, suggestions=choices("examples_all"))
