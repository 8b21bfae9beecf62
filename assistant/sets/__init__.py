"""Set questions: which departments, how many, both, most, who with whom. Computed from the register, never guessed.

Each module answers one family; the first that recognises a question answers it.
"""

from __future__ import annotations

from assistant.answer import Answer
from assistant.compose import Desk
from assistant.question import Question
from assistant.sets import compare, contents, departments, tasks

__all__ = ["answer_set"]

_FAMILIES = (compare.answer, departments.answer, tasks.answer, contents.answer)


def answer_set(question: Question, desk: Desk) -> Answer | None:
    """The answer to a question about sets, or None when it is about one clause or one department."""
    for family in _FAMILIES:
        if (answer := family(question, desk)) is not None:
            return answer
    return None
