"""Automatic numbers of Word lists: 一、（一）1. that stand in no paragraph's text but on the printed page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from vectorstore.text import chinese_numeral

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbers:
    """Counts the numbered paragraphs of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels = _levels(document)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def before(self, paragraph: Any) -> str:
        """The number printed before a paragraph, or ""; each call counts the paragraph."""
        place = _place(paragraph)
        if place is None or place not in self._levels:
            return ""
        number, depth = place
        counts = self._counts[number]
        counts[depth] = counts.get(depth, self._levels[place].start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        printed = self._levels[place].text
        for level in range(depth + 1):
            kind = self._levels.get((number, level))
            if kind is not None:
                printed = printed.replace(f"%{level + 1}", _print(counts.get(level, kind.start), kind.form))
        return printed


def _levels(document: Any) -> dict[tuple[str, int], _Level]:
    """Each level of each list by (numId, level)."""
    if not any(rel.reltype.endswith("/numbering") for rel in document.part.rels.values()):
        return {}
    root = document.part.numbering_part.element
    abstract = {a.get(f"{_W}abstractNumId"): a for a in root.iter(f"{_W}abstractNum")}
    found = {}
    for number in root.iter(f"{_W}num"):
        link = number.find(f"{_W}abstractNumId")
        for level in abstract[link.get(f"{_W}val")].iter(f"{_W}lvl") if link is not None else ():
            kind = _Level(int(_value(level, "start", "1")), _value(level, "numFmt", ""), _value(level, "lvlText", ""))
            if kind.form not in ("", "none", "bullet"):
                found[number.get(f"{_W}numId"), int(level.get(f"{_W}ilvl"))] = kind
    return found


def _value(element: Any, name: str, default: str) -> str:
    child = element.find(f"{_W}{name}")
    return default if child is None else child.get(f"{_W}val", default)


def _place(paragraph: Any) -> tuple[str, int] | None:
    """The list and level of a paragraph, its own or those of its style."""
    holders = [paragraph._p.pPr] if paragraph._p.pPr is not None else []
    style = paragraph.style
    while style is not None:
        if style.element.pPr is not None:
            holders.append(style.element.pPr)
        style = style.base_style
    for properties in holders:
        number = properties.find(f"{_W}numPr")
        if number is not None and (name := _value(number, "numId", "0")) != "0":
            return name, int(_value(number, "ilvl", "0"))
    return None


def _print(value: int, form: str) -> str:
    if form in _CHINESE:
        return chinese_numeral(value)
    if form == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    return str(value)
