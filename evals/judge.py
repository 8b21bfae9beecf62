"""The judge: holds one answer object against what is expected and says every fault. No model judges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from evals.suite import Expect, Turn
from evals.truth import true_clauses
from vectorstore import text

_LEAD_WORDS = re.compile(r"牵头|领头|打头|挑头|挂帅|抓总|主抓|带头|总负责|lead|qiantou|迁头|千头")
_HUNDRED = 100
_NAMES = {
    "duty": "任务分工", "fact": "文件内容", "science": "科普", "guide": "步骤指南", "clarify": "反问", "chat": "寒暄",
    "refusal": "拒答", "not_in_sources": "资料里没有", "out_of_scope": "不归这里答", "unsafe": "不安全",
    "medical": "看病吃药", "private": "隐私", "lead": "牵头", "responsible": "责任", "cooperate": "配合",
    "locality": "地方",
}  # fmt: skip


def named(code: str) -> str:
    """A kind, reason of refusal or role of the contract in words; anything else as it is."""
    return _NAMES.get(code, code)


def judge(turn: Turn, answer: dict[str, Any]) -> list[str]:
    """The faults of an answer object of the contract; [] when it is right."""
    if "error" in answer:
        return [f"出错：{answer['error']}"]
    expect = turn.expect
    found = [*_kind(expect, answer), *_duties(turn, answer), *_sets(expect, answer), *_words(expect, answer)]
    if expect.card and not set(cards_of(answer)[:1]) & {expect.card, *expect.also}:
        found.append(f"卡片是{_listed(cards_of(answer)[:3])}，应当是{expect.card}")
    return found


def cards_of(answer: dict[str, Any]) -> list[str]:
    """The ids of the cards an answer cites, first to last."""
    return list(dict.fromkeys(c["locator"] for c in answer["citations"] if c.get("tier") == "card"))


def _kind(expect: Expect, answer: dict[str, Any]) -> Iterator[str]:
    if answer["kind"] not in expect.kind:
        yield f"类别是{named(answer['kind'])}，应当是{'或'.join(map(named, expect.kind))}"
    if expect.refusal and answer["kind"] == "refusal" and answer["refusal"] not in expect.refusal:
        yield f"拒答理由是{named(answer['refusal'])}，应当是{'或'.join(map(named, expect.refusal))}"


def rows(answer: dict[str, Any]) -> frozenset[tuple[str, str, str]]:
    """The duties of an answer as (path, department, role)."""
    return frozenset((d["path"], d["department"], d["role"]) for d in answer["duties"])


def _duties(turn: Turn, answer: dict[str, Any]) -> Iterator[str]:
    if turn.expect.who is None:
        return
    clause = true_clauses()[turn.expect.who]
    got = rows(answer)
    allowed = [clause.own | clause.inherited]
    if turn.expect.role == "lead" or _LEAD_WORDS.search(text.normalise(turn.question)):
        allowed.append(frozenset(r for r in clause.own if r[2] == "lead") or clause.inherited)
    if got not in allowed:
        parts = {"多了": got - allowed[0], "少了": allowed[0] - got}
        yield "；".join(f"部门{name}{_shown(rows_)}" for name, rows_ in parts.items() if rows_) or "部门不对"
    if not allowed[0] and turn.expect.who not in [c["locator"] for c in answer["citations"]]:
        yield f"没有引用{turn.expect.who}"


def _shown(found: frozenset[tuple[str, str, str]]) -> str:
    return "、".join("/".join(map(named, row)) for row in sorted(found)[:4]) + "等" * (len(found) > 4)


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or "一个也没有"


def _sets(expect: Expect, answer: dict[str, Any]) -> Iterator[str]:
    got = rows(answer)
    if expect.paths is not None:
        yield from _paths(expect, answer, {path for path, _, _ in got})
    if expect.departments is not None:
        names = frozenset(name for _, name, _ in got)
        if not expect.departments <= names <= expect.departments | expect.departments_optional:
            yield f"部门是{_listed(sorted(names))}，应当是{_listed(sorted(expect.departments))}"
    if expect.notices is not None and expect.notices != (of := frozenset(d["notice"] for d in answer["duties"])):
        yield f"出自{_listed(sorted(of))}，应当是{_listed(sorted(expect.notices))}"
    if expect.role and any(role != expect.role for _, _, role in got):
        yield f"角色应当都是{named(expect.role)}"
    for banned in expect.must_not_duties:
        name, _, role = banned.partition("/")
        if any(d == name and role in ("", r) for _, d, r in got):
            yield f"不该有 {banned}"


def _paths(expect: Expect, answer: dict[str, Any], own: set[str]) -> Iterator[str]:
    assert expect.paths is not None
    if own or not expect.paths:
        if not expect.paths <= own <= expect.paths | expect.paths_optional:
            yield f"条目是{_listed(sorted(own))}，应当是{_listed(sorted(expect.paths))}"
    elif missing := expect.paths - {c["locator"] for c in answer["citations"]}:
        yield f"没有引用{_listed(sorted(missing))}"


def _words(expect: Expect, answer: dict[str, Any]) -> Iterator[str]:
    said = text.compact(answer["text"])
    for words in expect.must:
        if text.compact(words) not in said:
            yield f"少了“{words}”"
    if expect.must_any and not any(text.compact(words) in said for words in expect.must_any):
        yield f"应当有其中之一：{'、'.join(expect.must_any)}"
    for words in expect.must_not:
        if text.compact(words) in said:
            yield f"不该有“{words}”"
    if expect.number and not any(_says(number, said) for number in expect.number):
        yield f"少了数字 {'或'.join(map(str, expect.number))}"


def _says(number: int, said: str) -> bool:
    if number == 0 and "没有" in said:
        return True
    written = rf"(?<![\d.]){number}(?![\d.]|年)"
    return bool(re.search(written, said)) or (number < _HUNDRED and text.chinese_numeral(number) in said)
