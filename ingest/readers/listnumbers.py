"""The numbers that Word writes in front of list paragraphs and does not keep in their text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from vectorstore.text import chinese_numeral


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    kind: str
    pattern: str


class ListNumbers:
    """Counts the lists of a document paragraph by paragraph, in reading order."""

    def __init__(self, document: Any) -> None:
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counted: dict[str, dict[int, int]] = {}
        if "numbering" in {r.reltype.rsplit("/", 1)[-1] for r in document.part.rels.values()}:
            self._read(document.part.numbering_part.element)

    def _read(self, numbering: Any) -> None:
        from docx.oxml.ns import qn

        for abstract in numbering.findall(qn("w:abstractNum")):
            levels = {int(e.get(qn("w:ilvl"))): _level(e) for e in abstract.findall(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for num in numbering.findall(qn("w:num")):
            self._lists[num.get(qn("w:numId"))] = num.find(qn("w:abstractNumId")).get(qn("w:val"))

    def of(self, paragraph: Any) -> str:
        """The number printed before a paragraph ("一、"), or "" when it has none."""
        place = _place(paragraph)
        if place is None or place[0] not in self._lists:
            return ""
        abstract = self._lists[place[0]]
        levels, depth = self._levels.get(abstract, {}), place[1]
        if depth not in levels or levels[depth].kind in {"bullet", "none"}:
            return ""
        counted = self._counted.setdefault(abstract, {})
        counted[depth] = counted.get(depth, levels[depth].start - 1) + 1
        for deeper in [d for d in counted if d > depth]:
            del counted[deeper]
        return _printed(levels, counted, depth)


def _printed(levels: dict[int, _Level], counted: dict[int, int], depth: int) -> str:
    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        kind = levels[at].kind if at in levels else "decimal"
        return _written(counted.get(at, 1), kind)

    return re.sub(r"%(\d)", number, levels[depth].pattern)


def _level(element: Any) -> _Level:
    from docx.oxml.ns import qn

    def value(name: str, default: str) -> str:
        child = element.find(qn(name))
        return default if child is None else str(child.get(qn("w:val")))

    return _Level(int(value("w:start", "1")), value("w:numFmt", "decimal"), value("w:lvlText", "%1."))


def _place(paragraph: Any) -> tuple[str, int] | None:
    """The list and depth a paragraph stands in, by itself or by its style; None outside lists."""
    from docx.oxml.ns import qn

    properties = [paragraph._p.pPr]
    style = paragraph.style
    while style is not None:
        properties.append(style.element.pPr)
        style = style.base_style
    depth = None
    for pr in properties:
        num = None if pr is None else pr.find(qn("w:numPr"))
        if num is None:
            continue
        level, which = num.find(qn("w:ilvl")), num.find(qn("w:numId"))
        depth = int(level.get(qn("w:val"))) if depth is None and level is not None else depth
        if which is not None:
            return which.get(qn("w:val")), depth or 0
    return None


def _written(number: int, kind: str) -> str:
    if kind.startswith(("chinese", "japanese", "ideographDigital", "taiwanese")):
        return chinese_numeral(number)
    if kind.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(ord("①") + number - 1)
    if kind in {"upperLetter", "lowerLetter"}:
        return chr(ord("A" if kind == "upperLetter" else "a") + (number - 1) % 26)
    return str(number)
