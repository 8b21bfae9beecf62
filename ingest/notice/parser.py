"""The notice parser: printed lines → head, clauses, duties. Every step is a general rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.notice import facts
from ingest.notice.brackets import Bracket, Reading, brackets, read_duties
from ingest.notice.head import Head, read_head
from ingest.notice.headings import INLINE, Numbering, Outline, numbering
from ingest.notice.source import Line, Source, read_lines
from ingest.notice.tables import Columns, Row, cells, columns, read_row
from vectorstore.errors import NotANotice
from vectorstore.records import Clause, Duty, Mark, Notice, Role

_TAIL = re.compile(
    r"^(?:抄送|抄报|主送|分送)[:：]|^[^。]{2,30}(?:办公厅|办公室)(?:秘书处)?$|^\d{4}年\d{1,2}月\d{1,2}日印发$"
)
_MARKER = re.compile(r"牵头|责任单位|责任部门|配合单位|按(?:照)?(?:各自)?职责")
_HEADING_LENGTH = 45
_LONG_TITLE = 60


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The first notice of a file and any further plans that stand in the same file."""

    notice: Notice
    others: tuple[Notice, ...] = ()


@dataclass(slots=True)
class _Node:
    """A clause while its text is being gathered."""

    path: str
    parent: str
    level: int
    title: str
    source: Source
    row: Row | None = None


@dataclass(slots=True)
class _Plan:
    """One plan of a file: the lines before its first heading and its clauses."""

    head: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    nodes: list[_Node] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)


def parse_notice(text: str, name: str = "") -> ParsedFile:
    """Reads the text of a notice.

    Returns the notice and further plans of the same file; `name` is the file's name, for messages only.
    Raises NotANotice when there is no numbered clause, or neither a document number nor a title with an
    issuer or duties.
    """
    lines = read_lines(text)
    plans = _plans(lines)
    if not plans or not plans[0].nodes:
        raise NotANotice(path=name)
    head = read_head(plans[0].head, lines)
    notices = [_notice(plans[0], head)]
    if not head.number and not (head.title and (head.issuer or notices[0].duties)):
        raise NotANotice(path=name)
    for plan in plans[1:]:
        notices.append(_notice(plan, head.for_other(plan.head)))
    return ParsedFile(notices[0], tuple(notices[1:]))


def _plans(lines: list[Line]) -> list[_Plan]:
    reader = _Reader()
    for at, line in enumerate(lines):
        if not reader.read(line):
            reader.plans[-1].tail = lines[at:]
            break
    return reader.plans


class _Reader:
    """Takes the printed lines one after another and hands each to the clause it belongs to."""

    def __init__(self) -> None:
        self.plans = [_Plan()]
        self._columns: Columns | None = None
        self._tables = self._rows = 0

    @property
    def _plan(self) -> _Plan:
        return self.plans[-1]

    def read(self, line: Line) -> bool:
        """Reads one line; False when the body has ended."""
        if self._row(line):
            return True
        number = self._heading(line)
        if number is not None:
            self._open(line, number)
        elif not self._plan.nodes:
            self._plan.head.append(line)
        elif _TAIL.match(line.text) and (self._plan.nodes[-1].row or self._plan.nodes[-1].source.ended):
            return False
        elif self._plan.nodes[-1].row:
            self._plan.warnings.append(f"第{line.number}行：表格后面的话没有归到条目“{line.text[:30]}”")
        else:
            self._plan.nodes[-1].source.append(line)
            self._split_inline()
        return True

    def _row(self, line: Line) -> bool:
        """Reads a row of a duty table; False when the line is none."""
        row = cells(line.text)
        if row is None:
            return False
        if (known := columns(row)) is not None:
            if known != self._columns:
                self._tables, self._rows = self._tables + 1, 0
            self._columns = known
            return True
        if self._columns is None or len(row) != self._columns.width:
            return not row
        self._rows += 1
        found = read_row(line, row, self._columns)
        path = self._unique(f"表{self._tables}-{self._rows}", line)
        self._plan.nodes.append(_Node(path, "", 1, found.task, found.source, found))
        return True

    def _heading(self, line: Line) -> Numbering | None:
        number = numbering(line.text)
        if number is None or len(line.text) == number.length:
            return None
        outline, nodes = self._plan.outline, self._plan.nodes
        if outline.fits(number):
            return number
        if nodes and nodes[-1].source.ended and outline.gap(number):
            self._plan.warnings.append(f"第{line.number}行：编号“{line.text[: number.length].strip()}”不连续")
            return number
        return None

    def _open(self, line: Line, number: Numbering) -> None:
        if self._plan.nodes and self._plan.outline.restarts(number):
            self._next_plan()
        path, parent = self._plan.outline.enter(number)
        body = Source.of(line).cut(number.length)
        level = 1 + sum(1 for n in self._ancestors(parent))
        self._plan.nodes.append(_Node(self._unique(path, line), parent, level, "", body))
        self._split_inline()

    def _ancestors(self, path: str) -> Iterable[_Node]:
        by_path = {n.path: n for n in self._plan.nodes}
        while path in by_path:
            yield by_path[path]
            path = by_path[path].parent

    def _unique(self, path: str, line: Line) -> str:
        taken = {n.path for n in self._plan.nodes}
        if path not in taken:
            return path
        self._plan.warnings.append(f"第{line.number}行：编号“{path}”重复")
        return next(f"{path}~{n}" for n in range(2, len(taken) + 3) if f"{path}~{n}" not in taken)

    def _next_plan(self) -> None:
        """A second plan: its title stands at the end of the clause before."""
        last = self._plan.nodes[-1].source
        plan = _Plan()
        while last.text and (cut := _title_line(last)) is not None:
            plan.head.insert(0, last.line(cut))
            self._plan.nodes[-1].source = last = last.cut(0, cut)
        self.plans.append(plan)

    def _split_inline(self) -> None:
        """Form 3: items that begin inside a paragraph become clauses of their own."""
        node = self._plan.nodes[-1]
        for place in INLINE.finditer(node.source.text):
            rest = node.source.cut(place.end())
            number = numbering(rest.text)
            if number is None or number.style.rank <= _rank_of(node) or not self._plan.outline.fits(number):
                continue
            node.source = node.source.cut(0, place.start())
            self._open(_as_line(rest), number)
            self._plan.nodes[-1].source = rest.cut(number.length)
            self._split_inline()
            return


def _rank_of(node: _Node) -> int:
    number = numbering(node.path[len(node.parent) :] + "、")
    return number.style.rank - 1 if number else 0


def _as_line(source: Source) -> Line:
    line = source.line(0)
    return Line(source.text, line.number, line.page)


def _title_line(source: Source) -> int | None:
    """Where the last printed line of a run begins, when it looks like the title of a plan."""
    start = source.last_start()
    last = source.text[start:]
    if start and len(last) <= _LONG_TITLE and not last.endswith(("。", "；", ")", "）")):
        return start
    return None


def _notice(plan: _Plan, head: Head) -> Notice:
    key = head.number or head.title
    reader = _Duties(key, plan, head.first_leads)
    clauses = tuple(reader.read(node) for node in plan.nodes)
    return Notice(
        number=head.number,
        title=head.title,
        issuer=head.issuer,
        issued=head.issued,
        period=head.period,
        period_text=head.period_text,
        region=head.region,
        head="\n".join(line.text for line in plan.head),
        tail="\n".join(line.text for line in plan.tail),
        clauses=clauses,
        duties=tuple(reader.duties),
        warnings=tuple(plan.warnings),
    )


class _Duties:
    """Turns nodes into clauses and gathers their duties, carrying document-level rules along."""

    def __init__(self, notice: str, plan: _Plan, first_leads: bool) -> None:
        self.duties: list[Duty] = []
        self._notice = notice
        self._plan = plan
        self._first_leads = first_leads

    def read(self, node: _Node) -> Clause:
        source = node.source
        title = node.title if node.row else _title(source)
        places = node.row.duties if node.row else tuple(brackets(source.text))
        found = [(b, r) for b in places if (r := self._reading(b))]
        due = (node.row.deadline,) if node.row and node.row.deadline else ()
        for bracket, reading in found:
            self._first_leads |= reading.first_leads and reading.hereafter
            self._keep(node.path, title, reading, source.line(bracket.start).number)
        self._warn(source, places, [b for b, _ in found])
        plain = _without(source, [b for b, _ in found])
        return Clause(
            notice=self._notice,
            path=node.path,
            parent=node.parent,
            level=node.level,
            title=title,
            text=source.text.strip(),
            line=source.line().number,
            page=source.line().page,
            brackets=tuple(source.mark(b.start, b.end) for b, _ in found),
            open_list=any(r.open_list for _, r in found),
            deadlines=due or facts.deadlines(plain) + _said_deadlines(source, found),
            targets=facts.targets(plain),
            programmes=facts.programmes(plain),
            actors=() if found else facts.actors(source),
        )

    def _reading(self, bracket: Bracket) -> Reading | None:
        return read_duties(bracket.inner, self._first_leads)

    def _keep(self, path: str, title: str, reading: Reading, line: int) -> None:
        named = [*reading.names, *((name, Role.LOCALITY) for name in reading.localities)]
        known = {(d.department, d.role) for d in self.duties if d.path == path}
        for department, role in named:
            if (department, role) not in known:
                known.add((department, role))
                self.duties.append(Duty(self._notice, path, title, department, role, line))

    def _warn(self, source: Source, places: Iterable[Bracket], understood: list[Bracket]) -> None:
        for bracket in places:
            if bracket not in understood and _MARKER.search(bracket.inner):
                line = source.line(bracket.start).number
                self._plan.warnings.append(f"第{line}行：没有读懂这个括号“{bracket.inner[:30]}”")


def _title(source: Source) -> str:
    """The heading's words: up to the first full stop, without a duty bracket."""
    first = source.first_line()
    sentence = re.split(r"[。\n]", source.text)[0]
    wrapped = "。" not in first and len(sentence) <= _LONG_TITLE and not re.search(r"[，,；;]", sentence[len(first) :])
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


def _said_deadlines(source: Source, found: list[tuple[Bracket, Reading]]) -> tuple[Mark, ...]:
    marks = []
    for bracket, reading in found:
        for said in reading.deadlines:
            at = source.text.find(said, bracket.start)
            marks.append(source.mark(at, at + len(said)))
    return tuple(marks)
