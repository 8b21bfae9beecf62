"""Things of a kind that clauses name: the competitions, plans, days and weeks of a section or an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from assistant.answer import Answer
from assistant.compose import Desk
from assistant.question import Question
from assistant.sets.show import said
from prompts import sentence
from vectorstore.records import Clause

_NAMING = r"(?:哪(?!一?[条项处])[些几两]?个?|什么|点[了到]?了?名的?|带名字的|提[到及]的?|写[了到]?的?|列[了出]的?)"
_ASKED = (
    r"(?:都|各)?(?:有|是|叫)(?:哪(?!一?[条项处])|什么|啥|多少|几)(?!些?[几个]?(?:任务|条|项|部门|单位|内容|事|责任))"
)
_QUOTED = re.compile(r"“([^“”]+)”")
_LISTED = re.compile(
    r"[、，,。；;“”()（）]|深入开展|广泛开展|积极开展|组织开展|开展|举办|以及|[和及](?=[\u4e00-\u9fff]{3,})|等活动"
)
_VERSION = re.compile(r"\s*\d\.\d$")
_LEAST, _MOST = 3, 12
"""Characters of a name that stands in a list without quotation marks."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of named things: how people say it and how its names end; `wide` when any name counts, `listed` when those
    without quotation marks in a list do.
    """

    name: str
    said: tuple[str, ...]
    ends: tuple[str, ...]
    wide: bool = False
    listed: bool = False


@lru_cache(maxsize=1)
def _sorts() -> tuple[Sort, ...]:
    raw = yaml.load((resources.files("assistant.sets") / "names.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple(
        Sort(name, tuple(s["said"]), tuple(s["ends"]), wide="wide" in s, listed="listed" in s)
        for name, s in raw.items()
    )


@lru_cache(maxsize=1)
def _asking() -> re.Pattern[str]:
    word = "|".join(re.escape(w) for s in _sorts() for w in sorted(s.said, key=len, reverse=True))
    words = rf"(?P<{{}}>(?:{word})(?:[和、及与](?:{word}))*)"
    return re.compile(
        rf"{_NAMING}[^，,。@]{{0,6}}?{words.format('a')}(?!里|下|中|的|那)|(?<![项个大点升]){words.format('b')}{_ASKED}"
    )


def sorts_asked(question: Question) -> tuple[Sort, ...]:
    """The kinds of named things that a question asks for; () when it asks for none."""
    match = None if question.has("who", "department", "lead") else _asking().search(question.shape)
    if match is None or question.named:
        return ()
    words = match["a"] or match["b"]
    return tuple(s for s in _sorts() if any(w in words for w in s.said))


def answer(question: Question, clauses: Sequence[Clause], desk: Desk) -> Answer | None:
    """The named things of the kinds that a question asks for, clause by clause; None when the clauses name none."""
    sorts = sorts_asked(question)
    names = {c: found for c in clauses if (found := _names(c, sorts))}
    if not names:
        return None
    lines = "；".join(f"{c.path} {c.title}：{'、'.join(found)}" for c, found in names.items())
    head = sentence("set_named", sorts="、".join(s.name for s in sorts), count=sum(map(len, names.values())))
    return said(head + lines, list(names), desk)


def _names(clause: Clause, sorts: Sequence[Sort]) -> list[str]:
    marked = [m.text for m in clause.programmes]
    quoted = _QUOTED.findall(clause.text)
    listed = [p.strip() for p in _LISTED.split(clause.text) if _LEAST <= len(p.strip()) <= _MOST]
    found = [
        n for s in sorts for n in dict.fromkeys([*marked, *quoted, *(listed if s.listed else ())])
        if s.wide or (_VERSION.sub("", n.strip("“”")).endswith(s.ends) and n.strip("“”") not in s.said)
    ]  # fmt: skip
    bare = (n[1:-1] if n.startswith("“") and n.endswith("”") else n for n in found)
    names = dict.fromkeys(n for n in bare if n not in clause.title)
    return sorted((n for n in names if not any(n != o and n in o for o in names)), key=clause.text.find)
