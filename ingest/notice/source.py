"""The source text as paragraphs: lines joined over page breaks, every character with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from vectorstore.records import Mark

_ENDS = tuple('。；;！!？?：:…”"』」')
_HAN = re.compile(r"[\u3400-\u9fff，。；：、（）“”《》]")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; `number` counts from 1, `page` where the reader knows it.

    `begins` is true where an empty line before it says that a paragraph begins.
    """

    text: str
    number: int
    page: int | None = None
    begins: bool = False


@dataclass(slots=True)
class Source:
    """A run of text that remembers on which line each of its characters stood."""

    text: str = ""
    _starts: list[int] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, line: Line) -> Source:
        """A run that begins as one line."""
        source = cls()
        source.append(line)
        return source

    def append(self, line: Line) -> None:
        """Continues the run with a line; a blank is set only between two Latin words, a table row keeps its line."""
        glue = " " if self.text and not _HAN.match(self.text[-1]) and not _HAN.match(line.text[:1]) else ""
        if self.text and (_is_row(line.text) or _is_row(self.text[self.last_start() :])):
            glue = "\n"
        self._starts.append(len(self.text) + len(glue))
        self._lines.append(line)
        self.text += glue + line.text

    def extend(self, other: Source) -> None:
        """Continues the run with another run."""
        offset = len(self.text)
        self._starts.extend(offset + start for start in other._starts)
        self._lines.extend(other._lines)
        self.text += other.text

    def cut(self, start: int, end: int | None = None) -> Source:
        """The part from `start` to `end`, with the places it had."""
        end = len(self.text) if end is None else end
        part = Source(self.text[start:end])
        first = max(bisect_right(self._starts, start) - 1, 0)
        for at, line in zip(self._starts[first:], self._lines[first:], strict=True):
            if at < end:
                part._starts.append(max(at - start, 0))
                part._lines.append(line)
        return part

    def first_line(self) -> str:
        """The words that stood on the first printed line."""
        return self.text[: self._starts[1]] if len(self._starts) > 1 else self.text

    def starts(self) -> list[int]:
        """Where each printed line begins."""
        return self._starts

    def lines(self) -> list[Line]:
        """The printed lines of the run."""
        return self._lines

    def last_start(self) -> int:
        """Where the last printed line begins."""
        return self._starts[-1] if self._starts else 0

    def line(self, at: int = 0) -> Line:
        """The printed line on which character `at` stood."""
        return self._lines[max(bisect_right(self._starts, at) - 1, 0)]

    def mark(self, start: int, end: int) -> Mark:
        """The verbatim text from `start` to `end` with its place."""
        line = self.line(start)
        return Mark(self.text[start:end], line.number, line.page)

    @property
    def ended(self) -> bool:
        """Whether the run ends where a sentence does."""
        text = self.text.rstrip()
        return text.endswith(_ENDS) or (text.endswith((")", "）", "]", "］", "】")) and _closed(text))


def _is_row(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == "|"


def _closed(text: str) -> bool:
    opened = sum(text.count(c) for c in "(（[［【")
    return opened <= sum(text.count(c) for c in ")）]］】")


_MARKUP = re.compile(r"^(?:#{1,6}\s+|>\s+)|\*\*|__(?=\S)|(?<=\S)__")


def read_lines(text: str) -> list[Line]:
    """The printed lines of a text, without empty ones and Markdown signs; a form feed begins a new page."""
    lines: list[Line] = []
    page = 1 if "\f" in text else None
    begins = False
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if page is not None:
            page += raw.count("\f")
        content = _MARKUP.sub("", raw.replace("\f", "").strip(" \t\u3000\xa0"))
        if content:
            lines.append(Line(_only_cell(content), number, page, begins))
        begins = not content and "\f" not in raw
    return lines


def _only_cell(text: str) -> str:
    """The words of a table row of one cell, which is a box around text; any other line as it is."""
    return text[1:-1].strip() if _is_row(text) and "|" not in text[1:-1] else text
