"""Operator words of set questions, found in a question with their places; the words themselves are in `words.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from assistant.numerals import Amount, find_amounts
from assistant.patterns import compile_pattern
from assistant.question import Question
from vectorstore.records import Clause


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a question that does something: its `kind` is an operator of `words.yaml`, or `@`, `amount`, `scope`.

    `name` is the department of an `@`, `amount` the amount, `clauses` the headings that a `scope` names.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    amount: Amount | None = None
    clauses: tuple[Clause, ...] = ()


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = yaml.load((resources.files("assistant.sets") / "words.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple((kind, _longest_first(list(map(str, words)))) for kind, words in raw.items())


def _longest_first(words: list[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(f"(?:{compile_pattern(w).pattern})" for w in ordered))


def operators(question: Question) -> list[Token]:
    """The operator words, amounts and departments of a question, from left to right; where two meet, the longer one."""
    shape = question.shape
    found = [Token(kind, *m.span()) for kind, pattern in _patterns() for m in pattern.finditer(shape)]
    found += [Token("amount", a.start, a.end, amount=a) for a in find_amounts(shape)]
    found.sort(key=lambda t: (-_length(t, shape), t.start))
    kept: list[Token] = []
    for token in found:
        if not any(token.start < k.end and k.start < token.end and not _both(token, k) for k in kept):
            kept.append(token)
    places = (m.start() for m in re.finditer("@", shape))
    named = [Token("@", at, at + 1, m.names[0]) for at, m in zip(places, question.departments, strict=False)]
    return sorted([*kept, *named], key=lambda t: (t.start, t.kind == "@"))


def _both(one: Token, other: Token) -> bool:
    """Whether two words may share their place: 哪三个部门 asks, and says how many."""
    kinds = {one.kind, other.kind}
    return "amount" in kinds and any(k.startswith("which_") for k in kinds)


def _length(token: Token, shape: str) -> int:
    """How much of a text a word says itself; a department it stands around is not a part of it."""
    return token.end - token.start - shape.count("@", token.start, token.end)
