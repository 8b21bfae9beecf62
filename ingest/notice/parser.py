"""The notice parser: printed lines → head, clauses, duties. Every step is a general rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.notice.brackets import states_rule
from ingest.notice.duties import DutyReader, Node
from ingest.notice.head import Head, read_head
from ingest.notice.headings import INLINE, Numbering, Outline, numbering
from ingest.notice.script import Original
from ingest.notice.source import Line, Source, read_lines
from ingest.notice.tables import cells_of, read_table, rebuilt
from vectorstore.errors import NotANotice
from vectorstore.records import Notice

_TAIL = re.compile(
    r"^(?:抄送|抄报|主送|分送)[:：]|^[^。]{2,30}(?:办公厅|办公室)(?:秘书处)?$|^\d{4}年\d{1,2}月\d{1,2}日印发$"
)
_LOST = re.compile(r"[发办函字]\s*(?:\d{4}[〕\]］)）]\d+号|[〔\[［(（]\d{4}\d*号)|(?<![\d.])20[0-3]\d{4}(?![\d.%号])")
_ATTACHED = re.compile(r"附件?\d?[:：].{0,40}(?:分工|任务|清单|台账)|(?:分工|任务|清单).{0,10}见附件")
_TRADITIONAL = re.compile(r"[關於發責單門職協號處實辦會區縣鄉]")
_LONG_TITLE = 60


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The first notice of a file and any further plans that stand in the same file."""

    notice: Notice
    others: tuple[Notice, ...] = ()


@dataclass(slots=True)
class _Plan:
    """One plan of a file: the lines before its first heading and its clauses."""

    head: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    rows: list[Node] = field(default_factory=list)
    tables: int = 0
    warnings: list[str] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)


def parse_notice(text: str, name: str = "") -> ParsedFile:
    """Reads the text of a notice.

    Returns the notice and further plans of the same file; `name` is the file's name, for messages only.
    A text in traditional characters is read in simplified ones, its records hold the original.
    Raises NotANotice when there is no numbered clause or duty table, or neither a document number nor a title
    with an issuer or duties.
    """
    original = Original(text) if _TRADITIONAL.search(text) else None
    if original is None or not original.is_traditional:
        return _parse(text, name)
    parsed = _parse(original.simple, name)
    return ParsedFile(original.restore(parsed.notice), original.restore(parsed.others))


def _parse(text: str, name: str) -> ParsedFile:
    lines = list(rebuilt(read_lines(text)))
    plans = _plans(lines)
    if not plans[0].nodes and not plans[0].rows:
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
    at = 0
    while at < len(lines):
        run = _table_run(lines, at)
        if run and reader.read_rows(run):
            at += len(run)
            continue
        for line in run or lines[at : at + 1]:
            if not reader.read(line):
                reader.plans[-1].tail.append(line)
        at += max(len(run), 1)
    return reader.plans


def _table_run(lines: list[Line], at: int) -> list[Line]:
    """The table lines that begin at `at`."""
    end = at
    while end < len(lines) and cells_of(lines[end]) is not None:
        end += 1
    return lines[at:end]


class _Reader:
    """Takes the printed lines one after another and hands each to the clause it belongs to."""

    def __init__(self) -> None:
        self.plans = [_Plan()]
        self._ended = False

    @property
    def _plan(self) -> _Plan:
        return self.plans[-1]

    def read(self, line: Line) -> bool:
        """Reads one line; False when the body has ended."""
        if self._ended:
            return False
        number = None if cells_of(line) else self._heading(line)
        if number is not None:
            self._open(Source.of(line), number)
        elif not self._plan.nodes:
            self._plan.head.append(line)
        elif _TAIL.match(line.text) and self._plan.nodes[-1].source.ended:
            self._ended = True
            return False
        else:
            self._plan.nodes[-1].source.append(line)
            self._split_inline()
        return True

    def read_rows(self, lines: list[Line]) -> bool:
        """Reads a duty table, also behind the end of the body; False when the lines are no such table."""
        plan = self._plan
        table = read_table(lines, any(states_rule(line.text) for line in plan.head))
        if table is None:
            return False
        plan.tables += 1
        if not plan.nodes:
            plan.head.extend(table.above)
        plan.warnings.extend(table.warnings)
        taken = {node.path for node in plan.rows}
        for row in table.rows:
            path = f"表{plan.tables}-{row.serial}"
            path = path if path not in taken else f"{path}~{row.line.number}"
            taken.add(path)
            plan.rows.append(Node(path, "", 1, row.task[:60], Source.of(row.line), row.reading))
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

    def _open(self, run: Source, number: Numbering) -> None:
        if self._plan.nodes and self._plan.outline.restarts(number):
            self._next_plan()
        path, parent = self._plan.outline.enter(number)
        level = 1 + sum(1 for n in self._ancestors(parent))
        self._plan.nodes.append(Node(self._unique(path, run.line()), parent, level, "", run.cut(number.length)))
        self._split_inline()

    def _ancestors(self, path: str) -> Iterable[Node]:
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
            self._open(rest, number)
            return


def _rank_of(node: Node) -> int:
    number = numbering(node.path[len(node.parent) :] + "、")
    return number.style.rank - 1 if number else 0


def _title_line(source: Source) -> int | None:
    """Where the last printed line of a run begins, when it looks like the title of a plan."""
    start = source.last_start()
    last = source.text[start:]
    if start and len(last) <= _LONG_TITLE and not last.endswith(("。", "；", ")", "）")):
        return start
    return None


def _notice(plan: _Plan, head: Head) -> Notice:
    key = head.number or head.title
    reader = DutyReader(key, head.title, head.first_leads, head.sole_leads)
    clauses = reader.read_all([*plan.nodes, *plan.rows])
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
        warnings=(*plan.warnings, *reader.warnings, *_doubts(plan, reader)),
    )


def _doubts(plan: _Plan, reader: DutyReader) -> Iterable[str]:
    """What a reader should know of the whole file: a missing attachment (form 22), lost characters (form 26)."""
    everything = [*plan.head, *(line for node in plan.nodes for line in node.source.lines()), *plan.tail]
    if any(_ATTACHED.search(line.text) for line in everything) and not reader.duties:
        yield "正文没有写明部门分工，附件可能没有一起上传"
    for line in everything:
        if _LOST.search(line.text):
            yield f"第{line.number}行：文号或日期可能缺了字“{line.text[:30]}”"
