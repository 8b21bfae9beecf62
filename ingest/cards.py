"""Cards: Markdown files with YAML front matter → records. Every fault is named with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ingest import datafile
from ingest.datafile import Faults
from vectorstore.errors import DataFault
from vectorstore.records import Card, Hotline, Source, Step
from vectorstore.writer import adapter

AUDIENCES = ("青少年", "农民", "产业工人", "老年人", "领导干部和公务员", "公众")
KINDS = ("knowledge", "guide", "scam", "rumor", "emergency", "health")
VERDICTS = ("真", "假", "部分对")
LONGEST_ANSWER = 120
LONGEST_STEP = 40
LONGEST_SENTENCE = 60
LEAST_WORDINGS = 6
JARGON = ("代谢综合征", "病理学", "循证", "冗余", "算法模型", "赋能", "抓手", "颗粒度")
"""Words that a seventy-year-old is not expected to know."""

_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.S)
_HOTLINE = re.compile(r"(?<![\d.〔-])(1[12]\d|12\d{3}|96\d{3}|95\d{3})(?![\d.]|[年元米克人万度岁号分天%‰℃〕-])")


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")
    authority: str
    document: str
    year: int | None = None


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    do: str
    see: str = ""
    simpler: str = ""
    differs: str = ""


class _Front(BaseModel):
    """The fields of a card's front matter, as materials are written."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    audience: list[str]
    topic: str
    kind: str
    asked_as: list[str]
    answer: str
    points: list[str] = []
    steps: list[_Step] = []
    done: str = ""
    other_way: str = ""
    claim: str = ""
    verdict: str = ""
    warning: str = ""
    more: str = ""
    sources: list[_Source]
    checked: date | None = None
    checked_against: str = ""
    reviewed_by: str = ""
    expires: date | None = None
    applies_to: str = ""
    related: list[str] = []
    clauses: list[str] = []

    @field_validator("warning", "more", "done", "other_way", "reviewed_by", "applies_to", mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: Any) -> Any:
        return "" if value is None else value


def is_card(text: str) -> bool:
    """Whether a text begins with front matter that names an id and an answer."""
    front = _FRONT.match(text)
    return bool(front and re.search(r"^id:", front[1], re.M) and re.search(r"^(answer|asked_as):", front[1], re.M))


def read_card(text: str, name: str, hotlines: Iterable[str] = ()) -> Card:
    """One card. `hotlines` are the numbers it may name; none given, none are checked.

    Raises DataFault with every fault of the file.
    """
    faults = Faults(name)
    front = _FRONT.match(text)
    if front is None:
        faults.add(1, "开头应当有两行---，中间写卡片的各项")
        faults.stop()
    assert front is not None
    raw = datafile.load(front[1], name, first_line=2)
    if not isinstance(raw, dict):
        faults.add(2, "卡片的各项应当是“名称: 内容”")
        faults.stop()
    lines = datafile.key_lines(front[1], first_line=2)
    found = _front(_bare(raw), lines, faults)
    faults.stop()
    assert found is not None
    for key, what in _rules(found, frozenset(hotlines)):
        faults.add(lines.get(key, 2), what)
    faults.stop()
    return _card(found)


def _bare(value: Any) -> Any:
    """The loaded values without the lines that the loader keeps in mappings."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k != "__line__"}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def _front(raw: dict[str, Any], lines: dict[str, int], faults: Faults) -> _Front | None:
    try:
        return _Front.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors():
            place = [str(part) for part in fault["loc"]]
            said = {"missing": "缺少", "extra_forbidden": "不认识"}.get(fault["type"], "不对：")
            detail = "" if said in ("缺少", "不认识") else f"（{fault['msg']}）"
            faults.add(lines.get(place[0], 2), f"{said}“{'.'.join(place)}”{detail}")
        return None


def _rules(card: _Front, hotlines: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What a well-formed card must also hold: (field, fault)."""
    yield from _choices(card)
    yield from _lengths(card)
    yield from _parts(card)
    yield from _readability(card)
    for field, said in _texts(card) if hotlines else ():
        for number in _HOTLINE.findall(said):
            if number not in hotlines:
                yield field, f"热线“{number}”不在热线表里"


def _lengths(card: _Front) -> Iterator[tuple[str, str]]:
    if len(set(card.asked_as)) < LEAST_WORDINGS:
        yield "asked_as", f"至少要有{LEAST_WORDINGS}种不同的问法，现有{len(set(card.asked_as))}种"
    if len(card.answer) > LONGEST_ANSWER:
        yield "answer", f"“answer”有{len(card.answer)}个字，最多{LONGEST_ANSWER}个"
    for n, step in enumerate(card.steps, 1):
        if len(step.do) > LONGEST_STEP:
            yield "steps", f"第{n}步有{len(step.do)}个字，最多{LONGEST_STEP}个"


def _parts(card: _Front) -> Iterator[tuple[str, str]]:
    if not card.sources:
        yield "sources", "没有写来源（sources）"
    if card.kind == "guide" and len(card.steps) < 2:
        yield "steps", "指南至少要有两步（steps）"
    if card.kind != "guide" and not card.points:
        yield "points", "没有写要点（points）"
    if card.kind == "rumor" and card.verdict not in VERDICTS:
        yield "verdict", f"“verdict”应当是{'、'.join(VERDICTS)}之一"


def _choices(card: _Front) -> Iterator[tuple[str, str]]:
    if card.kind not in KINDS:
        yield "kind", f"“kind”应当是{'、'.join(KINDS)}之一"
    for name in card.audience:
        if name not in AUDIENCES:
            yield "audience", f"不认识的人群“{name}”"


def _readability(card: _Front) -> Iterator[tuple[str, str]]:
    for field, said in _texts(card):
        for sentence in re.split(r"[。！？!?；\n]", said):
            if len(sentence) > LONGEST_SENTENCE:
                yield field, f"这句话有{len(sentence)}个字，太长，不好念：{sentence[:20]}……"
        for word in JARGON:
            if word in said:
                yield field, f"“{word}”老人家听不懂，换个说法"


def _texts(card: _Front) -> Iterator[tuple[str, str]]:
    yield "answer", card.answer
    yield from (("points", p) for p in card.points)
    for step in card.steps:
        yield from (("steps", s) for s in (step.do, step.see, step.simpler, step.differs))
    for field in ("warning", "more", "done", "other_way"):
        yield field, getattr(card, field)


def _card(front: _Front) -> Card:
    body = front.model_dump(exclude={"checked_against", "checked", "expires", "sources", "steps"})
    for key in ("answer", "warning", "more", "done", "other_way"):
        body[key] = body[key].strip()
    card: Card = adapter(Card).validate_python(
        {
            **body,
            "checked": front.checked.isoformat() if front.checked else "",
            "expires": front.expires.isoformat() if front.expires else "",
            "sources": tuple(Source(s.authority, s.document, s.year) for s in front.sources),
            "steps": tuple(Step(s.do, s.see, s.simpler, s.differs) for s in front.steps),
        }
    )
    return card


def check_cards(root: Path, hotlines: Iterable[Hotline], clauses: Iterable[str]) -> list[str]:
    """Every fault of a folder of cards: each card's own, ids given twice, links that lead nowhere."""
    faults: list[str] = []
    cards: dict[str, tuple[Card, str]] = {}
    numbers = [h.number for h in hotlines]
    for file in sorted(root.rglob("*.md")):
        name = str(file.relative_to(root))
        try:
            card = read_card(file.read_text(encoding="utf-8"), name, numbers)
        except DataFault as error:
            faults.extend(error.data["faults"])
            continue
        if card.id in cards:
            faults.append(f"{name}:2: 编号“{card.id}”和 {cards[card.id][1]} 重复")
        if card.id != file.stem or card.topic != file.parent.name:
            faults.append(f"{name}:2: 文件应当放在 {card.topic}/{card.id}.md")
        cards[card.id] = (card, name)
    known = set(clauses)
    for card, name in cards.values():
        faults += [f"{name}:2: 相关卡片“{r}”不存在" for r in card.related if r not in cards]
        faults += [f"{name}:2: 条目“{c}”不存在" for c in card.clauses if c not in known]
    return faults
