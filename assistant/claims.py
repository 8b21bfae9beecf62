"""Claims: what a Chinese sentence states that can be right or wrong, read by rule.

Numbers with their unit and bound, dates, document numbers, quoted names, paths of clauses, departments with their
role. The same reading is made of a generated sentence and of its source, and the two are compared in `verify`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.numerals import read_numeral
from vectorstore import text
from vectorstore.names import DepartmentNames
from vectorstore.records import Role

_NUMERALS = "零〇一二两三四五六七八九十百"
_SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_UNITS = {
    "person": "名 人 位 户",
    "visit": "人次",
    "year": "年 周年",
    "age": "岁",
    "month": "个月 月",
    "day": "天 日 号",
    "week": "周 星期",
    "hour": "小时 个小时 点钟 点",
    "minute": "分钟",
    "second": "秒钟 秒",
    "money": "元 块钱 块",
    "length": "厘米 毫米 公里 千米 米",
    "mass": "毫克 千克 公斤 克 斤 吨",
    "volume": "毫升 升 杯 口 勺",
    "degree": "℃ 度 摄氏度",
    "times": "倍",
    "time": "次 遍 回 届 期",
    "item": "项 条 个 件 类 种 场 家 处 所 座 套 级 层 支 台 部 步 批 门 篇 本 张 只",
    "percent": "% ‰ 成",
}
_UNIT_OF = {unit: kind for kind, units in _UNITS.items() for unit in units.split()}
_UNIT = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<percent>百分之)?(?P<value>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>[十百千万亿]{{0,2}})\s*(?:多|余)?(?P<unit>{_UNIT})?"
    rf"|百分之(?P<parts>[{_NUMERALS}点]+)"
    rf"|(?P<spoken>第?[{_NUMERALS}]+)(?P<great>[千万亿]{{0,2}})[多余来]?(?P<measure>{_UNIT})"
)
_LONE_ONE = re.compile(
    r"^一(?:个|次|种|下|点|些|样|只|张|口|遍|件|步|条|项|家|类|批|杯|张|部|门|层|回|人|位|场|套|年|天|日|号)?$"
)
_HALF = re.compile(r"一半|半数|过半|大半")
_UP = re.compile(r"不少于|不低于|至少|(?<!不)超过|(?<!不)多于|(?<!不)高于|以上")
_DOWN = re.compile(r"不超过|不多于|不高于|不到|最多|至多|(?<!不)少于|(?<!不)低于|以下|以内|之内")
_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(?:(\d{1,2})\s*日?)?)?")
_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{1,8}(?:[〔\[(]\d{4}[〕\])])第?\d+号")
_QUOTED = re.compile(r"《([^《》]+)》|\"([^\"]+)\"|'([^']+)'")
_PATH = re.compile(r"[一二三四五六七八九十]{1,3}\([一二三四五六七八九十]{1,3}\)\d{0,2}")
_LONG = re.compile(r"(?<![\d.])\d{3,}(?![\d.])")
_FEW = 4
"""A segment with fewer characters beside its number says of nothing what it is."""
SEGMENT = re.compile(r"[,;:。!?\n]+")
"""Where a sentence falls into segments, in the matching form."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number stated: its value, the kind of its unit ("" without one), and `up` or `down` when it is a bound.

    `counted` is what follows it in its segment; `beside` the segment, with the next one when it says little else.
    """

    said: str
    value: float
    unit: str
    bound: str
    counted: str
    beside: str


def numbers(normal: str) -> Iterator[Number]:
    """The numbers of a normalised text with what they count; 一 as a mere article is none."""
    for sentence in re.split(r"[。!?;\n]+", _joined(normal)):
        segments = SEGMENT.split(sentence)
        for n, segment in enumerate(segments):
            beside = segment if _says_enough(segment) else ",".join(segments[max(0, n - 1) : n + 2])
            for match in (*_NUMBER.finditer(segment), *_HALF.finditer(segment)):
                if (number := _number(match, segment, beside)) is not None:
                    yield number


def _says_enough(segment: str) -> bool:
    return len(re.findall(r"[\u4e00-\u9fff]", _NUMBER.sub("", segment))) >= _FEW


def _joined(normal: str) -> str:
    """The text with the commas inside numbers taken out, so that 3,000 is one number."""
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", normal)


def _number(match: re.Match[str], segment: str, beside: str) -> Number | None:
    read = _value(match)
    if read is None:
        return None
    value, unit = read
    return Number(match[0], value, unit, _bound(match, segment), segment[match.end() :], beside)


def _value(match: re.Match[str]) -> tuple[float, str] | None:
    """The value of a numeral and the kind of its unit; None when it is no number."""
    if match.re is _HALF:
        return 50.0, "percent"
    if match["parts"]:
        share = _parts(match["parts"])
        return None if share is None else (share, "percent")
    if match["value"]:
        unit = "percent" if match["percent"] else _UNIT_OF.get(match["unit"] or "", "")
        return float(match["value"]) * _scaled(match["scale"]), unit
    counted = read_numeral(match["spoken"].removeprefix("第").replace("〇", "零"))
    if counted is None or _LONE_ONE.match(match[0]):
        return None
    tenths = 10 if match["measure"] == "成" else 1
    return float(counted * _scaled(match["great"]) * tenths), _UNIT_OF[match["measure"]]


def _parts(said: str) -> float | None:
    """The percentage that 百分之十五点五 names."""
    whole, _, fraction = said.partition("点")
    counted = read_numeral(whole)
    digits = "".join(str(read_numeral(c) or 0) for c in fraction)
    return None if counted is None else float(f"{counted}.{digits or 0}")


def _scaled(scale: str) -> int:
    total = 1
    for char in scale:
        total *= _SCALE[char]
    return total


def _bound(match: re.Match[str], segment: str) -> str:
    """Whether the words right before or after a number make it a least or a most."""
    around = segment[max(0, match.start() - 4) : match.start()], segment[match.end() : match.end() + 3]
    for bound, pattern in (("down", _DOWN), ("up", _UP)):
        if any(pattern.search(said) for said in around):
            return bound
    return ""


def dates(normal: str) -> Iterator[tuple[int, ...]]:
    """Year, month and, where stated, day of the dates in a normalised text."""
    for match in _DATE.finditer(normal):
        if 1 <= int(match[2]) <= 12:
            yield tuple(int(part) for part in match.groups() if part)


def document_numbers(normal: str) -> list[str]:
    """Numbers of documents, one kind of bracket."""
    return [text.squeeze(m[0]).translate(str.maketrans("〔〕()", "[][]")) for m in _DOCUMENT.finditer(normal)]


def quoted(normal: str) -> list[str]:
    """What stands in quotation or title marks."""
    return [next(g for g in m.groups() if g) for m in _QUOTED.finditer(normal)]


def paths(normal: str) -> list[str]:
    """Paths of clauses."""
    return _PATH.findall(text.squeeze(normal))


def long_numbers(normal: str) -> list[str]:
    """Runs of three and more digits: years, hotlines, codes."""
    return _LONG.findall(_joined(normal))


_ORGAN = re.compile(
    r"公安部|教育部|科技部|科学技术部|工业和信息化部|工信部|财政部|民政部|人社部|人力资源和?社会保障部|自然资源部|生态环境部"
    r"|农业农村部|文化和旅游部|应急管理部|商务部|水利部|司法部|交通运输部|住建部|中宣部|中组部|国务院|网信办|卫健委|发改委"
    r"|(?:省|市|县|区|国家|中央|中国)[\u4e00-\u9fff]{1,9}?(?:委员会|办公室|管理局|总局|协会|学会|联合会|研究院|集团|公司"
    r"|厅|局|委|办|署|院|联|部|处)"
)
_NO_ORGAN = re.compile(r"(?:布局|格局|结局|邮局|内部|全部|局部|部分|外部|各部|医院|干部|法院|到处|好处|用处|关联|互联)")


def organs(normal: str) -> list[str]:
    """What looks like the name of a public body, whether known or not."""
    return [m[0] for m in _ORGAN.finditer(normal) if not _NO_ORGAN.search(normal[m.start() : m.end() + 1])]


_ROLE_WORDS = {
    Role.LEAD: r"牵头|领衔|带头|主抓|主导|挂帅|抓总|统筹",
    Role.COOPERATE: r"配合|协助|协同|参加|参与|协办|帮着|帮忙",
    Role.RESPONSIBLE: r"负责|责任(?:部门|单位)|承担|主管|主办|落实|管(?=$|[,。]|的|着)",
}
_ROLE = re.compile("|".join(f"(?P<{role.value}>{words})" for role, words in _ROLE_WORDS.items()))
_LABEL = re.compile(r"^.{0,6}?(?:部门|单位|工作|任务)?(?:分别)?(?:是|为|有|包括|:)")


def roles(normal: str, names: DepartmentNames) -> set[tuple[str, Role]]:
    """Department and role of each department whose role a text states.

    A label (牵头部门是甲、乙) gives the role of what follows it, a verb (甲、乙牵头) of what precedes it; a list
    goes on over 、 and the role over a segment that has none of its own.
    """
    found: set[tuple[str, Role]] = set()
    for sentence in re.split(r"[。!?;\n()]+", normal):
        found |= _roles_of_sentence(sentence, names)
    return found


def _roles_of_sentence(sentence: str, names: DepartmentNames) -> set[tuple[str, Role]]:
    found: set[tuple[str, Role]] = set()
    mentions = names.find(sentence)
    cues = [(m, Role(str(m.lastgroup))) for m in _ROLE.finditer(sentence)]
    for mention in mentions:
        role = _role_of(mention.start, mention.end, sentence, cues)
        if role is not None:
            found.update((name, role) for name in mention.names)
    return found


def _role_of(start: int, end: int, sentence: str, cues: list[tuple[re.Match[str], Role]]) -> Role | None:
    before = [(m, r) for m, r in cues if m.end() <= start]
    after = [(m, r) for m, r in cues if m.start() >= end]
    labelled = [(m, r) for m, r in before if _LABEL.match(sentence[m.end() : start + 1])]
    if labelled and not (after and _verb_first(sentence, end, after[0][0])):
        return labelled[-1][1]
    if after:
        return _first_verb(after)
    return before[-1][1] if before else None


def _verb_first(sentence: str, end: int, cue: re.Match[str]) -> bool:
    """Whether a verb follows a department in its own segment, so that a label before it is not its own."""
    return "," not in sentence[end : cue.start()] and not re.match(r"(?:部门|单位)", sentence[cue.end() :])


def _first_verb(after: list[tuple[re.Match[str], Role]]) -> Role:
    """The role of the first verb; of two in a row (负责牵头) the lead counts."""
    (first, role), *more = after
    return Role.LEAD if more and more[0][0].start() == first.end() and more[0][1] is Role.LEAD else role
