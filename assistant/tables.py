"""Tables inside an answer: kept as the source has them (`| cell | cell |`), shown as each channel can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from assistant.question import Question
from vectorstore import text

_Shown = Callable[[Sequence[list[str]]], list[str]]


def has_table(said: str) -> bool:
    """Whether some lines are the rows of a table."""
    return any(map(_is_row, said.split("\n")))


def as_plain(said: str) -> str:
    """The rows of each table as sentences that name the columns; everything else as it is."""
    return _each_table(said, _plain)


def as_markdown(said: str) -> str:
    """Each table as Markdown has it, with the rule below its header."""
    return _each_table(said, _ruled)


def fitting_rows(said: str, question: Question) -> str:
    """The header of a table and the rows a question is about; the whole table when it is about none in particular."""
    lines = said.split("\n")
    head = _head([_cells(line) for line in lines])
    grams = set(text.bigrams(question.normal)) - set(text.bigrams(text.normalise("\n".join(lines[:head]))))
    scores = [sum(g in text.normalise(row) for g in grams) for row in lines[head:]]
    best = max(scores, default=0)
    if best == 0:
        return said
    return "\n".join([*lines[:head], *(row for row, score in zip(lines[head:], scores, strict=True) if score == best)])


def _head(rows: Sequence[list[str]]) -> int:
    """How many rows are above the first one of values: a caption over the whole width, then the names of columns."""
    return next((n for n, row in enumerate(rows, 1) if len(set(row)) > 1), 1)


def _is_row(line: str) -> bool:
    return len(line) > 1 and line[0] == line[-1] == "|"


def _each_table(said: str, show: _Shown) -> str:
    out: list[str] = []
    for is_table, run in groupby(said.split("\n"), _is_row):
        lines = list(run)
        out += show([_cells(line) for line in lines]) if is_table else lines
    return "\n".join(out)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line[1:-1].split("|")]


def _plain(rows: Sequence[list[str]]) -> list[str]:
    """One line a row: `column：value；column：value`; a table of one row is a row of values."""
    head = _head(rows)
    captions, names, values = rows[: head - 1], rows[head - 1], rows[head:]
    said = ["　".join(dict.fromkeys(filter(None, row))) for row in (captions if values else rows)]
    return said + ["；".join(dict.fromkeys(_named(names, row))) for row in values]


def _named(names: list[str], row: list[str]) -> list[str]:
    said = [f"{name}：{cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell]
    return said + [cell for cell in row[len(names) :] if cell]


def _ruled(rows: Sequence[list[str]]) -> list[str]:
    head = _head(rows)
    captions = [row[0] for row in rows[: head - 1]]
    names, *values = (f"| {' | '.join(row)} |" for row in rows[head - 1 :])
    return [*captions, "", names, "|" + "---|" * len(rows[head - 1]), *values, ""]
