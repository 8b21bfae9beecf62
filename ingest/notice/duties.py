"""From gathered nodes to clauses and duties; the rules a document states are carried from clause to clause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.notice import facts
from ingest.notice.brackets import (
    Bracket,
    Reading,
    brackets,
    label_start,
    read_bare,
    read_duties,
    read_rule,
    states_rule,
)
from ingest.notice.source import Source
from vectorstore.records import Clause, Duty, Mark, Role

_UNCLOSED = re.compile(r"[(（\[［【〔][^)）\]］】〕]*$")
_MARKER = re.compile(r"牵头|责任单位|责任部门|配合单位|按(?:照)?(?:各自)?职责")
_LONG_TITLE = 60
_UNBRACKETED = re.compile(
    r"(?:^|(?<=[。；;]))[(（\[［【〔]?([\u4e00-\u9fff、，, （）()]{2,120}?按照?(?:各自)?职责(?:分工)?负责)"
    r"[)）\]］】〕]?(?=。|$)"
)
_BY_SENTENCE = re.compile(
    r"(?:^|(?<=[。；;，,]))由([\u4e00-\u9fff、]{2,60}?)(?:牵头(?:负责|组织实施|落实)?)"
    r"(?:[，,]([\u4e00-\u9fff、]{2,80}?)(?:等?(?:按职责分工)?(?:配合|参与|协同|协助)))?(?=[，,。；;]|$)"
)
_PLAN_OF_TASKS = re.compile(r"(?:方案|计划|要点|分工|清单|任务)(?:[(（].*[)）])?$")
_NEITHER = re.compile(r"小组|专班|指挥部|联盟|联合体|平台")


@dataclass(slots=True)
class Node:
    """A clause while its text is being gathered; `row` is what a table row says of its duties."""

    path: str
    parent: str
    level: int
    title: str
    source: Source
    row: Reading | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of a clause that says who does it."""

    place: Bracket
    reading: Reading


class DutyReader:
    """Turns nodes into clauses and gathers their duties, in the order of the notice."""

    def __init__(self, notice: str, title: str, first_leads: bool, sole_leads: bool) -> None:
        self.duties: list[Duty] = []
        self.warnings: list[str] = []
        self._notice = notice
        self._title = title
        self._first_leads = first_leads
        self._sole_leads = sole_leads
        self._standing = ""

    def read_all(self, nodes: Iterable[Node]) -> tuple[Clause, ...]:
        """The clauses of the nodes; `duties` and `warnings` hold the rest."""
        nodes = list(nodes)
        clauses = tuple(self._read(node) for node in nodes)
        if not self.duties and _PLAN_OF_TASKS.search(self._title):
            for node in nodes:
                self._read_sentences(node)
        return clauses

    def _read(self, node: Node) -> Clause:
        source = node.source
        title = node.title or _title(source)
        found = [] if node.row else self._find(source)
        for each in found:
            self._obey(each.reading)
            self._keep(node.path, title, each.reading, source.line(each.place.start).number)
        if node.row:
            self._keep(node.path, title, node.row, source.line().number)
        plain = _without(source, [f.place for f in found])
        if node.row is None:
            self._warn(plain, source)
            if states_rule(plain.text):
                self._obey(read_rule(plain.text))
        marks = tuple(source.mark(f.place.start, f.place.end) for f in found)
        readings = [f.reading for f in found] + ([node.row] if node.row else [])
        return Clause(
            notice=self._notice,
            path=node.path,
            parent=node.parent,
            level=node.level,
            title=title,
            text=source.text.strip(),
            line=source.line().number,
            page=source.line().page,
            brackets=marks,
            open_list=any(r.open_list for r in readings),
            deadlines=_deadlines(node, plain, found),
            targets=facts.targets(plain),
            programmes=facts.programmes(plain),
            actors=() if readings else facts.actors(source),
        )

    def _find(self, source: Source) -> list[_Found]:
        found = [_Found(b, r) for b in brackets(source.text) if (r := self._reading(source, b))]
        taken = [f.place for f in found]
        for place in _statements(source):
            if not any(t.start < place.end and place.start < t.end for t in taken):
                reading = read_duties(place.inner, self._first_leads)
                if reading and reading.says_something:
                    found.append(_Found(place, reading))
        return sorted(found, key=lambda f: f.place.start)

    def _reading(self, source: Source, bracket: Bracket) -> Reading | None:
        reading = read_duties(bracket.inner, self._first_leads)
        if reading is not None or not bracket.start:
            return reading
        before, after = source.text[: bracket.start].rstrip()[-1:], source.text[bracket.end :]
        return read_bare(bracket.inner) if before in "。；;" and not after.strip(" 。") else None

    def _obey(self, reading: Reading) -> None:
        self._first_leads |= reading.first_leads and reading.hereafter
        self._sole_leads |= reading.sole_leads
        self._standing = reading.standing or self._standing

    def _keep(self, path: str, title: str, reading: Reading, line: int) -> None:
        names = _led(reading.names) if self._sole_leads else reading.names
        localities = [*reading.localities, self._standing] if self._standing and names else reading.localities
        for department, role in [*names, *((name, Role.LOCALITY) for name in localities)]:
            if not any((d.path, d.department, d.role) == (path, department, role) for d in reversed(self.duties[-60:])):
                self.duties.append(Duty(self._notice, path, title, department, role, line))
        both = {n for n, r in names if r is Role.LEAD} & {n for n, r in names if r is Role.COOPERATE}
        self.warnings.extend(f"第{line}行：“{name}”既是牵头又是配合" for name in sorted(both))

    def _warn(self, plain: Source, source: Source) -> None:
        for bracket in brackets(plain.text):
            if _MARKER.search(bracket.inner) and not states_rule(bracket.inner):
                at = max(source.text.find(bracket.inner), 0)
                self.warnings.append(f"第{source.line(at).number}行：没有读懂这个括号“{bracket.inner[:30]}”")
        if label := re.search(r"(?:牵头|责任|配合)(?:单位|部门)\s*[:：]", plain.text):
            at = max(source.text.find(label[0]), 0)
            self.warnings.append(f"第{source.line(at).number}行：“{label[0]}”后面没有读出部门")
        elif (opened := _UNCLOSED.search(plain.text)) and _MARKER.search(opened[0]):
            at = max(source.text.find(opened[0]), 0)
            self.warnings.append(f"第{source.line(at).number}行：没有读懂这个括号“{opened[0][1:31]}”，少了另一半")

    def _read_sentences(self, node: Node) -> None:
        """Form 30: "由甲牵头，乙、丙配合" in a plan that has no duty brackets at all."""
        for said in _BY_SENTENCE.finditer(node.source.text):
            inner = f"{said[1]}牵头" + (f"，{said[2]}配合" if said[2] else "")
            reading = read_duties(inner)
            if reading and not any(_NEITHER.search(name) for name, _ in reading.names):
                self._keep(node.path, node.title or _title(node.source), reading, node.source.line(said.start()).number)


def _led(names: list[tuple[str, Role]]) -> list[tuple[str, Role]]:
    """Form 9: where no lead is named, those responsible lead."""
    if any(role is Role.LEAD for _, role in names):
        return names
    return [(name, Role.LEAD if role is Role.RESPONSIBLE else role) for name, role in names]


def _statements(source: Source) -> list[Bracket]:
    """Duties that stand outside of brackets: lines or sentences that begin with a role word, and bare sentences."""
    starts = set(source.starts())
    text = source.text
    places: list[Bracket] = []
    at = 0
    for match in label_start().finditer(text):
        if match.start() < at or not (match.start() in starts or text[: match.start()].rstrip()[-1:] in "。；;)）"):
            continue
        end = _statement_end(source, match)
        places.append(Bracket(match.start(), end, _pieces(text[match.start() : end], match.start(), starts)))
        at = end
    places.extend(Bracket(m.start(1), m.end(1), m[1]) for m in _UNBRACKETED.finditer(text))
    return places


def _statement_end(source: Source, match: re.Match[str]) -> int:
    """Up to the full stop, or to the first printed line that neither goes on with names nor has a role word."""
    text = source.text
    stop = text.find("。", match.end())
    stop = len(text) if stop < 0 else stop + 1
    for start in source.starts():
        if not match.end() < start < stop or label_start().match(text, start):
            continue
        line = source.line(start)
        if line.begins or (text[:start].rstrip()[-1:] not in "、，,；;" and len(source.line(start - 1).text) < 25):
            return start
    return stop


def _pieces(text: str, offset: int, starts: set[int]) -> str:
    """The statement as the inside of a bracket: each further printed label begins a new piece."""
    out, at = "", 0
    for match in label_start().finditer(text):
        if match.start() and match.start() + offset in starts:
            out += text[at : match.start()].rstrip("；;。") + "；"
            at = match.start()
    return (out + text[at:]).rstrip("。")


def _title(source: Source) -> str:
    """The heading's words: up to the first full stop, without a duty bracket."""
    first = source.first_line()
    sentence = re.split(r"[。\n]", source.text)[0]
    wrapped = "。" not in first and len(sentence) <= _LONG_TITLE and not re.search(r"[，,；;]", sentence[len(first) :])
    wrapped = wrapped and not any(source.line(at).begins for at in source.starts()[1:] if at < len(sentence))
    title = sentence if "。" in first or wrapped else first
    if len(title) > _LONG_TITLE:
        title = re.split(r"[，,；;：:]", title)[0]
    for bracket in brackets(title):
        if read_duties(bracket.inner):
            title = title[: bracket.start]
            break
    return title.strip(" ：:。")


def _without(source: Source, found: list[Bracket]) -> Source:
    plain, at = Source(), 0
    for bracket in found:
        plain.extend(source.cut(at, bracket.start))
        at = bracket.end
    plain.extend(source.cut(at))
    return plain


def _deadlines(node: Node, plain: Source, found: list[_Found]) -> tuple[Mark, ...]:
    said = [(f.place.start, text) for f in found for text in f.reading.deadlines]
    if node.row:
        marks = [
            node.source.mark(at, at + len(due)) for due in node.row.deadlines if (at := node.source.text.find(due)) >= 0
        ]
        return tuple(marks)
    marks = []
    for start, text in said:
        at = node.source.text.find(text, start)
        marks.append(node.source.mark(at, at + len(text)))
    return facts.deadlines(plain) + tuple(marks)
