"""Scope: which headings of a notice (a part, an action, a project) a question names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vectorstore import text
from vectorstore.library import Snapshot
from vectorstore.records import Clause
from vectorstore.register import DutyRegister

KIND_WORDS = ("行动", "工程", "措施", "部分", "板块", "专项")
"""Words for headings; a heading is meant by its own words together with one of these."""

_LOOSE_WORDS = (
    "那块",
    "这块",
    "一块",
    "那摊",
    "大项",
    "那个里",
    "下面",
    "下设",
    "整个",
    "里面",
    "安排",
    "保障",
    "目标",
)
_THOSE = re.compile(r"[那这][几两三四五六七八]+[条项个]")
_ASKED_PART = re.compile(r"[哪这那]一?部分|部分人")
_ENOUGH = 0.42
_SHORT = 2
_RUN = 4
"""This many characters of a title that no sibling shares name the heading, even beside other words."""


def loosely_named(said: str, snapshot: Snapshot, notices: Sequence[str]) -> tuple[Clause, ...]:
    """The headings that a question names anywhere, beside a word for headings or for what is below one (下面)."""
    if not _THOSE.search(said) and not any(w in _ASKED_PART.sub("", said) for w in (*KIND_WORDS, *_LOOSE_WORDS)):
        return ()
    return _by_kind(tuple(named_headings(said, snapshot, notices)), kinds_in(said))


def kinds_in(said: str) -> tuple[str, ...]:
    """The words for headings in general that stand in a text."""
    return tuple(k for k in ("行动", "工程") if k in said)


def named_headings(said: str, snapshot: Snapshot, notices: Iterable[str]) -> list[Clause]:
    """The headings whose own words stand in a normalised text, everyday words included; those that say most of them."""
    register = snapshot.register
    terms = frozenset(t for e in snapshot.retriever.probe(said).expansions for t in e.terms)
    scored = []
    words = frozenset(text.segment(said))
    for notice in notices:
        for heading, core in heading_cores(register, notice):
            share = sum(len(w) for w in core if w in terms or w in words or (len(w) > _SHORT and w in said)) / (
                sum(map(len, core)) or 1
            )
            if share >= _ENOUGH or any(run in said for run in heading_runs(register, notice)[heading.path]):
                scored.append((max(share, _ENOUGH), heading))
    best = max((s for s, _ in scored), default=0.0)
    return [h for s, h in scored if s >= best * 0.99 or s == 1.0]


def _by_kind(found: tuple[Clause, ...], kinds: tuple[str, ...]) -> tuple[Clause, ...]:
    fitting = tuple(c for c in found if any(k in c.title for k in kinds))
    return fitting or found


@lru_cache(maxsize=64)
def heading_cores(register: DutyRegister, notice: str) -> tuple[tuple[Clause, frozenset[str]], ...]:
    """Each heading with the words of its title that its siblings do not share."""
    found = []
    for clause in register.clauses(notice):
        if not register.is_heading(notice, clause.path):
            continue
        siblings = [_words(c.title) for c in register.children(notice, clause.parent)]
        most = max(1, len(siblings) // 3)
        core = frozenset(w for w in _words(clause.title) if sum(w in s for s in siblings) <= most)
        found.append((clause, core - set(KIND_WORDS)))
    return tuple(found)


@lru_cache(maxsize=64)
def heading_runs(register: DutyRegister, notice: str) -> dict[str, frozenset[str]]:
    """Per heading the stretches of whole words of its title that no other heading of the notice has."""
    titles = {c.path: text.normalise(c.title) for c, _ in heading_cores(register, notice)}
    return {
        path: frozenset(
            run for run in _runs(title) if not any(run in t for other, t in titles.items() if other != path)
        )
        for path, title in titles.items()
    }


def _runs(title: str) -> set[str]:
    words = text.segment(title)
    joined = ("".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1))
    return {run for run in joined if len(run) >= _RUN and all(map(text.is_han, run))}


def _words(title: str) -> frozenset[str]:
    return frozenset(text.words(text.normalise(title)))


def sections(register: DutyRegister, notices: Iterable[str], kinds: Iterable[str] = ()) -> list[Clause]:
    """The headings that name leads (actions and projects); with `kinds`, those whose title says one of them."""
    wanted = tuple(kinds)
    return [
        c
        for n in notices
        for c in register.clauses(n)
        if register.is_heading(n, c.path)
        and register.of_clause(c.notice, c.path)
        and (not wanted or any(k in c.title for k in wanted))
    ]
