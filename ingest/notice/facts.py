"""Facts inside a clause's words: targets, deadlines, programmes, and the actors of its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.notice.source import Source
from vectorstore.records import Mark

_UNITS = "人次|名|人|个|家|亩|所|次|件|户|公里|万元|亿元|元|场|辆|吨|平方米|座|处|支|台|套|小时|天"
_QUANTITY = re.compile(rf"\d[\d.,]*\s*(?:[%％]|[万亿千百]?\s*(?:{_UNITS})(?![月日]))|全覆盖|翻一番|翻番")
_NO_TARGET = re.compile(r"^\s*\d+\s*[.．、)）]")
_SEGMENT = re.compile(r"[^。；;，,：:]+")

_YEARS = re.compile(
    r"(?:到|至|在|于)?\s*\d{4}\s*年?\s*(?:到|至|—|-|－|–|~)\s*\d{4}\s*年"
    r"|(?:到|至|截至|力争)?\s*\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?\s*(?:底|末|初|上半年|下半年|中)?(?:之?前|以前)?"
)
_ENCLOSED = re.compile(r"《[^》]*》|〔[^〕]*〕|\([^()]*\)|（[^（）]*）|“[^”]*”")

_SUFFIX = "计划|工程|行动|大赛|竞赛|挑战赛|论坛|科普节|宣传周|宣传月"
_EVENT = f"{_SUFFIX}|活动|项目|载体"
_STOP = "，,。；;、：:“”"
_QUOTED = re.compile(r"“([^“”]+)”")
_AFTER_QUOTES = re.compile(rf"(?:等)?([^{_STOP}()（）]*?(?:{_EVENT}))")
_OWN_SUFFIX = re.compile(rf"(?:{_SUFFIX})$")
_VERBS = (
    "实施|开展|举办|对接|落实|推进|推行|组织|承办|参加|启动|打造|支持|鼓励|引导|推动|持续|深入|积极|大力|广泛|加强|建设"
)
_LEADING = re.compile(rf"^.*?(?:{_VERBS})(?:好|了)?(?!.*(?:{_VERBS})(?=.{{3}}))")
_PLAIN = re.compile(rf"[^{_STOP}()（）]+?(?:{_SUFFIX})(?:\s*\d\.\d)?(?=等|[{_STOP}()（）]|$)")
_GENERIC = re.compile(
    r"^(?:相关|有关|各类|各项|年度|工作|专项|一批|规划|本|各|该|其|重点|具体|教学|发展|5项|五项|科技|社会|竞赛|品牌|提升|一系列)*"
    r"(?:计划|工程|行动|大赛|竞赛|论坛|活动|项目)$|[的将列入纳]|\d项"
)

_BODY = (
    r"(?:各级|各|省|市|县|区|全省|国务院)[^，。；、《》]{0,24}?(?:、县\(市、区\))?"
    r"(?:人民政府|政府|领导小组办公室|领导小组各成员单位|领导小组|成员单位|有关单位|单位|部门|科协|厅|局|委员会|办公室)|各地各部门"
)
_ACTS = "负责|要|认真|牵头|将|会同|应当|应|须|统筹|自查|主动|切实|组织|把"
_ACTOR = re.compile(rf"(?:^|(?<=[。；;，,在由]))({_BODY})(?={_ACTS})")


def targets(source: Source) -> tuple[Mark, ...]:
    """Quantified targets: the stretch between commas that holds a number with a unit, or full coverage."""
    return tuple(
        mark for segment, mark in _segments(source) if _QUANTITY.search(segment) and not _NO_TARGET.match(segment)
    )


def _segments(source: Source) -> Iterator[tuple[str, Mark]]:
    hidden = _ENCLOSED.sub(lambda m: "\0" * len(m[0]), source.text)
    for match in _SEGMENT.finditer(hidden):
        start = match.start() + len(match[0]) - len(match[0].lstrip(" 　"))
        yield match[0], source.mark(start, match.end())


def deadlines(source: Source) -> tuple[Mark, ...]:
    """Years and dates by which something is to be done; those inside titles and brackets are not."""
    hidden = _ENCLOSED.sub(lambda m: "\0" * len(m[0]), source.text)
    return _unique(source.mark(m.start() + len(m[0]) - len(m[0].lstrip()), m.end()) for m in _YEARS.finditer(hidden))


def programmes(source: Source) -> tuple[Mark, ...]:
    """Names ending in 计划, 工程, 行动, 大赛 … that the clause carries out, quoted or not."""
    found = [*_quoted_programmes(source.text), *_plain_programmes(source.text)]
    return _unique(source.mark(start, end) for start, end in sorted(found))


def _quoted_programmes(text: str) -> Iterator[tuple[int, int]]:
    """A quoted name that ends like a programme, or whose list is followed by a word for one."""
    for quoted in _QUOTED.finditer(text):
        if _OWN_SUFFIX.search(quoted[1]):
            yield quoted.start(), quoted.end()
            continue
        last = _end_of_list(text, quoted.end())
        noun = _AFTER_QUOTES.match(text, last)
        if noun is None or re.search(rf"的|\d|{_VERBS}", noun[1]):
            continue
        alone = last == quoted.end() and not text.startswith("等", last)
        yield quoted.start(), noun.end() if alone else quoted.end()


def _end_of_list(text: str, at: int) -> int:
    """Where a run of quoted names, set side by side or joined by 、, ends."""
    while (following := re.compile(r"[、和]?“[^“”]+”").match(text, at)) is not None:
        at = following.end()
    return at


def _plain_programmes(text: str) -> Iterator[tuple[int, int]]:
    """A name without quotation marks, after a verb of doing or in a list that began with one."""
    carried = False
    for segment in re.finditer(rf"[^{_STOP}]+|[{_STOP}]", text):
        if segment[0] in _STOP:
            carried = carried and segment[0] in "、“”"
            continue
        verb = _LEADING.match(segment[0])
        carried = carried or verb is not None or segment.start() == 0
        name = _PLAIN.match(segment[0], verb.end() if verb else 0)
        quoted = text[segment.start() - 1 : segment.start()] == "”"
        if name and carried and not quoted and len(name[0]) > 4 and not _GENERIC.search(name[0]):
            yield segment.start() + name.start(), segment.start() + name.end()


def actors(source: Source) -> tuple[Mark, ...]:
    """Bodies that a sentence says act, for clauses without a duty bracket (form 30)."""
    hidden = _ENCLOSED.sub(lambda m: m[0] if "市、区" in m[0] else "\0" * len(m[0]), source.text)
    return _unique(source.mark(m.start(1), m.end(1)) for m in _ACTOR.finditer(hidden))


def _unique(marks: Iterator[Mark]) -> tuple[Mark, ...]:
    by_text: dict[str, Mark] = {}
    for mark in marks:
        by_text.setdefault(mark.text, mark)
    return tuple(by_text.values())
