"""Headings: how notices number their clauses, and the tree that the numbers make.

A heading's level comes from the kinds of number above it, never from a fixed depth, so skipped levels
and numbering that runs on across sections come out right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_CHINESE = "[一二三四五六七八九十百]+"


@dataclass(frozen=True, slots=True)
class Style:
    """One kind of number: how it is recognised at the start of a line and written in a path."""

    name: str
    rank: int
    pattern: re.Pattern[str]
    label: str
    absolute: bool = False


STYLES = (
    Style("chapter", 0, re.compile(rf"第({_CHINESE}|\d+)[章编]\s*"), "第{}章"),
    Style("division", 1, re.compile(rf"第({_CHINESE}|\d+)(?:节|部分)\s*"), "第{}节"),
    Style("article", 2, re.compile(rf"第({_CHINESE}|\d+)条\s*"), "第{}条", absolute=True),
    Style("part", 2, re.compile(rf"({_CHINESE})\s*[、．.]\s*"), "{}"),
    Style("section", 3, re.compile(rf"[(（]\s*({_CHINESE})\s*[)）]\s*[、.．]?\s*"), "({})"),
    Style("item", 4, re.compile(r"(\d{1,3})\s*(?:[.．](?!\d)|、)\s*"), "{}"),
    Style("subitem", 5, re.compile(r"[(（]\s*(\d{1,2})\s*[)）]\s*[、.．]?\s*"), "({})"),
    Style("circled", 6, re.compile(r"([①-⑳])\s*"), "{}"),
)
INLINE = re.compile(r"(?<=[。;；)）])\s*(?=\d{1,2}\s*(?:[.．](?!\d)|、))")
"""Where a numbered item may begin inside a paragraph: after a full stop, before `2.`."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number found at the start of a text: its style, value, printed form and length."""

    style: Style
    value: int
    printed: str
    length: int

    @property
    def label(self) -> str:
        """The number as it stands in a path."""
        return self.style.label.format(self.printed)


def numbering(text: str) -> Numbering | None:
    """The number with which `text` begins, or None."""
    for style in STYLES:
        if match := style.pattern.match(text):
            return Numbering(style, _value(match[1]), match[1], match.end())
    return None


def _value(printed: str) -> int:
    if printed.isdecimal():
        return int(printed)
    if "①" <= printed <= "⑳":
        return ord(printed) - ord("①") + 1
    total, rest = 0, printed
    for unit, worth in (("百", 100), ("十", 10)):
        if unit in rest:
            head, rest = rest.split(unit, 1)
            total += (_DIGITS.get(head, 0) if head else 1) * worth
    return total + (_DIGITS.get(rest, 0) if rest else 0)


class Outline:
    """The open headings, outermost first: says where the next one belongs."""

    def __init__(self) -> None:
        self._open: list[tuple[Numbering, str]] = []
        self._last: dict[str, int] = {}

    def fits(self, number: Numbering) -> bool:
        """Whether the number continues its sequence (or begins one)."""
        return number.value == 1 or number.value == self._last.get(number.style.name, 0) + 1

    def gap(self, number: Numbering) -> bool:
        """Whether the number leaves out some of its sequence but goes forward."""
        return number.value > self._last.get(number.style.name, 0) + 1

    def restarts(self, number: Numbering) -> bool:
        """Whether an outermost number begins again at one: a second plan in the same file."""
        return number.value == 1 and self._last.get(number.style.name, 0) > 1 and self._outermost(number.style)

    def enter(self, number: Numbering) -> tuple[str, str]:
        """Opens a heading and returns its path and its parent's."""
        while self._open and self._open[-1][0].style.rank >= number.style.rank:
            self._open.pop()
        parent = self._open[-1][1] if self._open else ""
        path = number.label if number.style.absolute else parent + number.label
        self._open.append((number, path))
        self._last[number.style.name] = number.value
        return path, parent

    def _outermost(self, style: Style) -> bool:
        return not any(number.style.rank < style.rank for number, _ in self._open)
