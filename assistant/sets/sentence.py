"""Said: the words of a set question in their places, and what stands next to each."""

from __future__ import annotations

import re

from assistant.compose import Desk
from assistant.numerals import Amount
from assistant.question import Question
from assistant.sets.places import find_scopes
from assistant.sets.words import Token, operators

BODIES, ITEMS = ("家", "部门", "单位"), ("条", "项", "件")
"""Units in which departments and tasks are counted."""
PARTICLES = re.compile(r"[把带被和跟与的了过有给在里那个:\"“”]*")
_JOINED = re.compile(r"[、和跟与及同]*(?:又要|还要|还有|以及|加上)?")
_BREAK = re.compile(r"[。;；?？!！]")
_OFFICE_AFTER = re.compile(r"(?:不同的|责任|牵头)?(?:部门|单位|厅局|局厅|家|院|局|委|厅)")
_OFFICE_BEFORE = re.compile(r"(?:部门|单位|家)[^,，。]{0,4}$")
_HELD = ("@", "besides", "only", "without")
_NEAR = 9
_FEW = 3
"""So many single characters are what words of a topic leave behind."""


def _is_inside(token: Token, scope: Token) -> bool:
    """Whether a word is a part of a heading's name (合作 of 对外交流合作工程), not one before it (既在青少年行动)."""
    first = token.kind == "together" and token.start == scope.start
    return scope.start <= token.start and token.end <= scope.end and not first


class Said:
    """The tokens of one question, from left to right; `names` are its departments, `scopes` the headings it names."""

    def __init__(self, question: Question, desk: Desk) -> None:
        self.question, self.shape = question, question.shape
        found = operators(question)
        self.scopes = find_scopes(self.shape, found, desk)
        found = [t for t in found if t.kind in _HELD or not any(_is_inside(t, s) for s in self.scopes)]
        self.tokens = sorted([*found, *self.scopes], key=lambda t: (t.start, t.end))
        self.names = self.of("@")

    def has(self, *kinds: str) -> bool:
        """Whether a word of these kinds stands in it."""
        return any(t.kind in kinds for t in self.tokens)

    def of(self, *kinds: str) -> list[Token]:
        """The words of these kinds."""
        return [t for t in self.tokens if t.kind in kinds]

    def first(self, *kinds: str) -> Token | None:
        """The first word of these kinds."""
        return next(iter(self.of(*kinds)), None)

    def text(self, *tokens: Token) -> str:
        """Words as they were said."""
        return "".join(self.shape[t.start : t.end] for t in tokens)

    def between(self, first: Token, second: Token) -> str:
        """What stands between two words."""
        return self.shape[first.end : second.start]

    def after(self, token: Token, *kinds: str, gap: re.Pattern[str] = PARTICLES) -> Token | None:
        """The next word of these kinds, when nothing but a `gap` is between."""
        follows = next((t for t in self.of(*kinds) if t.start >= token.end), None)
        return follows if follows and gap.fullmatch(self.between(token, follows)) else None

    def before(self, token: Token, *kinds: str, far: int = _NEAR) -> Token | None:
        """The nearest word of these kinds before, in the same sentence and no more than `far` characters off."""
        before = [t for t in self.of(*kinds) if t.end <= token.start]
        if not before:
            return None
        between = self.between(before[-1], token)
        return before[-1] if len(between) <= far and not _BREAK.search(between) else None

    def run(self, name: Token) -> list[Token]:
        """A department with those joined to it on both sides (甲、乙和丙)."""
        first = last = self.names.index(name)
        while first > 0 and _JOINED.fullmatch(self.between(self.names[first - 1], self.names[first])):
            first -= 1
        while last + 1 < len(self.names) and _JOINED.fullmatch(self.between(self.names[last], self.names[last + 1])):
            last += 1
        return self.names[first : last + 1]

    def counts_bodies(self, amount: Amount) -> bool:
        """Whether an amount is one of departments."""
        if amount.unit != "个":
            return amount.unit in BODIES
        of_names = len(self.names) > 1 and (amount.sign != "=" or amount.value == len(self.names))
        after, before = self.shape[amount.end :], self.shape[: amount.start]
        return of_names or bool(_OFFICE_AFTER.match(after) or _OFFICE_BEFORE.search(before))

    def is_asked(self, amount: Token) -> bool:
        """Whether an amount is a part of what is asked for (哪两家), no condition."""
        asked = self.of("which_department", "which_task")
        return any(t.start <= amount.start and amount.end <= t.end for t in asked)

    @property
    def topic(self) -> str:
        """What the question still speaks of when every word here is taken away, without single characters."""
        read = [t for t in self.tokens if t.amount is None or t.amount.unit]
        covered = {at for t in read for at in range(t.start, t.end)}
        left = []
        for word in self.question.topic_words.split():
            begin = max(self.shape.find(word), 0)
            left += "".join(" " if begin + n in covered else c for n, c in enumerate(word)).split()
        words = [part for part in left if len(part) > 1]
        return " ".join(words) or ("".join(left) if len(left) >= _FEW else "")
