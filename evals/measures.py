"""Measures of answers beyond right and wrong: citations, roles, refusals, readability, length. No model judges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from evals.judge import rows
from evals.metrics import bootstrap
from evals.run import Given, Outcome
from evals.suite import Turn
from evals.truth import true_clauses
from vectorstore import text

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_LISTED = re.compile(r"^\s*\d+\. ")
_MOST_SHOWN = 8
_LONG = 30
"""Characters of a sentence that older people still follow at one reading (the cards' own limit for most sentences)."""
_WECHAT_BYTES = 2000
"""What one passive text reply of an Official Account holds, in UTF-8 bytes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: a share with what it counts (`of`), or a plain number when `of` is None; `found` says what it met.

    `low` and `high` are the 95 % interval of a share, by a bootstrap over what it counts.
    """

    name: str
    value: float
    of: int | None = None
    low: float = 0.0
    high: float = 0.0
    found: tuple[str, ...] = ()


def measure(outcomes: Mapping[str, Sequence[Outcome]], sources: Iterable[str]) -> list[Measure]:
    """The measures over the answers of a run that have something to count.

    `sources` are the stored texts that quotes must stand in.
    """
    turns = [(t, g) for found in outcomes.values() for o in found for t, g in zip(o.case.turns, o.given, strict=True)]
    held = text.squeeze("\n".join(sources))
    answered = [(t, g) for t, g in turns if "error" not in g.answer]
    found = [
        *_citations([g for _, g in answered], held),
        *_roles(answered),
        *_refusals(answered),
        _share("数字说错", [any(f.startswith("少了数字") for f in g.faults) for t, g in answered if t.expect.number]),
        *_wording([g for _, g in answered]),
        *_times([g for _, g in answered]),
        _share("出错", ["error" in g.answer for _, g in turns]),
    ]
    return [m for m in found if m.of != 0]


def _share(name: str, found: Sequence[bool]) -> Measure:
    value = sum(found) / len(found) if found else 0.0
    return Measure(name, value, len(found), *bootstrap(value, len(found)))


def _citations(given: Sequence[Given], held: str) -> Iterator[Measure]:
    quotes = [text.squeeze(c["quote"]) for g in given for c in g.answer["citations"]]
    yield _share("引文逐字可查", [quote in held for quote in quotes])
    duties = [g.answer for g in given if g.answer["duties"]]
    yield _share("部门有引文支持（召回）", [_supported(d, a) for a in duties for d in a["duties"]])
    yield _share("引文用得上（精确）", [_used(c, a) for a in duties for c in a["citations"]])
    science = [s for g in given if g.answer["kind"] == "science" for s in _SENTENCE.findall(_own_words(g.answer))]
    yield _share("科普每句话都在资料里", [text.squeeze(_LISTED.sub("", s)) in held for s in science])


def _supported(duty: dict[str, Any], answer: dict[str, Any]) -> bool:
    own = (c["quote"] for c in answer["citations"] if c["locator"] == duty["path"])
    return any(duty["department"] in quote for quote in own)


def _used(citation: dict[str, Any], answer: dict[str, Any]) -> bool:
    return any(d["path"] == citation["locator"] and d["department"] in citation["quote"] for d in answer["duties"])


def _roles(answered: Sequence[tuple[Turn, Given]]) -> Iterator[Measure]:
    asked = [(true_clauses()[t.expect.who], rows(g.answer)) for t, g in answered if t.expect.who]
    given = [(row, clause) for clause, got in asked for row in got]
    yield _share("角色说错", [_swapped(row, clause.own | clause.inherited) for row, clause in given])
    yield _share("多说的部门", [row not in clause.own | clause.inherited for row, clause in given])
    yield _share("漏掉的部门", [row not in got for clause, got in asked if got for row in clause.own])


def _swapped(row: tuple[str, str, str], true: frozenset[tuple[str, str, str]]) -> bool:
    return row not in true and row[:2] in {r[:2] for r in true}


def _refusals(answered: Sequence[tuple[Turn, Given]]) -> Iterator[Measure]:
    wanted = [t.expect.kind == ("refusal",) for t, _ in answered]
    allowed = ["refusal" in t.expect.kind for t, _ in answered]
    refused = [g.answer["kind"] == "refusal" for _, g in answered]
    yield _share("该拒的拒了（召回）", [r for r, w in zip(refused, wanted, strict=True) if w])
    yield _share("拒得该拒（精确）", [a for a, r in zip(allowed, refused, strict=True) if r])
    yield _share("不该拒的拒了", [r for r, a in zip(refused, allowed, strict=True) if not a])


def _wording(given: Sequence[Given]) -> Iterator[Measure]:
    said = [_read_by_people(g.answer) for g in given if g.answer["kind"] in ("science", "guide")]
    sentences = [s for words in said for s in _SENTENCE.findall(words)]
    yield Measure("科普每句字数", sum(map(len, sentences)) / len(sentences) if sentences else 0.0)
    yield _share(f"科普长句（超过{_LONG}字）", [len(s) > _LONG for s in sentences])
    yield _met("用到生僻字", [_rare(words) for words in said])
    yield _met("用到行话", [{word for word in jargon() if word in words} for words in said])
    sizes = sorted(len(g.answer["text"].encode()) for g in given)
    yield Measure("回答字节数（中位）", sizes[len(sizes) // 2] if sizes else 0.0)
    yield _share("一条微信装得下", [size <= _WECHAT_BYTES for size in sizes])


def _read_by_people(answer: dict[str, Any]) -> str:
    """What an older person reads of it: the words before the source line, and every step of a guide."""
    return "\n".join([_own_words(answer), *(f"{step['text']}\n{step.get('see', '')}" for step in answer["steps"])])


def _own_words(answer: dict[str, Any]) -> str:
    return str(answer["text"]).split("来源：")[0]


def _met(name: str, found: Sequence[set[str]]) -> Measure:
    counted = Counter(word for words in found for word in words)
    shown = tuple(f"{word}{times}" for word, times in counted.most_common(_MOST_SHOWN))
    return replace(_share(name, [bool(words) for words in found]), found=shown)


@lru_cache(maxsize=1)
def jargon() -> frozenset[str]:
    """The words of `jargon.yaml`: those that most older people do not know."""
    raw = (resources.files("evals") / "jargon.yaml").read_text(encoding="utf-8")
    return frozenset(map(str, yaml.safe_load(raw)))


def _times(given: Sequence[Given]) -> Iterator[Measure]:
    spent = sorted(g.answer["timing_ms"]["total"] for g in given)
    for name, part in (("中位", 0.5), ("p99", 0.99)):
        yield Measure(f"用时毫秒（{name}）", spent[int(part * (len(spent) - 1))] if spent else 0.0)


def _rare(words: str) -> set[str]:
    """Characters outside the national standard's first two levels (GB 2312), which schools and keyboards cover."""
    return {c for c in words if text.is_han(c) and not _common(c)}


def _common(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
