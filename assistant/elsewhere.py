"""Elsewhere: other regions' plans, other documents and other years that are not among the sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer, Kind, Line, Refusal
from assistant.compose import Desk, cite
from assistant.question import Question
from prompts import choices, sentence
from vectorstore import text

PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
CITIES = (
    "南昌 九江 景德镇 萍乡 新余 鹰潭 赣州 宜春 上饶 吉安 抚州 深圳 广州 武汉 长沙 杭州 南京 成都 合肥 福州 厦门 青岛 "
    "大连 西安"
).split()

_OTHER_DOCUMENT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,14}?(?:条例|规划|一号文件|总体方案|行动计划|管理办法|实施细则)|一号文件)"
)
_UPPER = re.compile(
    r"((?:国务院|国家|中央|中办|国办)[^，。]{0,8}(?:纲要|规划|意见|文件|方案))[^，。]{0,4}(?:里|中)[^，。]{0,10}(?:管|谁|哪|什么|怎么|几|多少|要求|规定)"
)
_INSIDE = re.compile(
    r"第[\d一二三四五六七八九十百]+条|原文|写了|说了|规定了|责任单位|责任部门|牵头|目标|内容是|讲了|多少条|修改后"
)
_LATER = re.compile(r"20(?:2[6-9]|3\d)(?:年|到|-|—|至)?|下一个五年|十五五|新方案|新的方案")
_EARLIER = re.compile(r"十[一二三]五|201\d(?:年|到|至|-|—)|20(?:0\d)年")
_WANTS_FIGURE = re.compile(r"目标|达到|多少|几条|几项|比例|牵头|负责|谁|名单|怎么样|完成|第几|实际")


def answer_elsewhere(question: Question, desk: Desk) -> Answer | None:
    """A refusal with where to ask, when the question is about a plan, document or year that is not held."""
    for refuse in (_other_region, _other_document, _other_years):
        if (answer := refuse(question, desk)) is not None:
            return answer
    return None


def regions_in(shape: str, desk: Desk) -> tuple[str, ...]:
    """The regions a question names that none of the notices is of, nor their clauses speak of in its words."""
    held = {n.region for n in desk.snapshot.register.notices.values()}
    held |= {d.region for d in desk.snapshot.documents.values()}
    found = [r for r in (*PROVINCES, *CITIES) if r in shape and not any(r in h for h in held if h)]
    return tuple(found)


def _other_region(question: Question, desk: Desk) -> Answer | None:
    said = (text.squeeze(question.normal), question.shape)
    found = [r for r in regions_in(question.shape, desk) if any(_plan_of(r).search(s) for s in said)]
    if not found or _in_sources(question, found[0], desk):
        return None
    region = found[0]
    lines = [
        sentence("refuse_other_plan", region=region),
        sentence("refuse_other_plan_ask", region=region, title=desk.notice.title),
    ]
    return _refusal(lines, desk)


def _plan_of(region: str) -> re.Pattern[str]:
    """A plan, target or department of a region; a place that is only worked with (跟上海结伴) is none."""
    return re.compile(
        rf"(?<![跟和与同向、]){region}(?:省|市|那边|那个|那份|的)?[^，。]{{0,12}}?"
        r"(?:方案|规划|计划|条例|办法|文件|通知|目标|牵头|科协|经费|[厅局委]|责任|任务|部门|单位)"
    )


def _in_sources(question: Question, region: str, desk: Desk) -> bool:
    """Whether the plan itself speaks of the place in the way the question does (南昌在方案里怎么说)."""
    asks_plan = bool(re.search(rf"{region}[^，。]{{0,4}}(?:在|怎么)|试点|示范|建在", question.shape))
    return asks_plan and any(region in c.text for c in desk.snapshot.register.clauses(desk.notice.key))


def _other_document(question: Question, desk: Desk) -> Answer | None:
    """Another document by its name, when what stands in it is asked for."""
    if upper := _UPPER.search(question.shape):
        return _refusal([sentence("refuse_other_document", name=upper[1])], desk)
    if not _INSIDE.search(question.shape):
        return None
    titles = [desk.notice.title, *(d.title for d in desk.snapshot.documents.values())]
    held = text.compact("".join(titles))
    for match in _OTHER_DOCUMENT.finditer(question.shape):
        spoken_of = question.asks_for_owner or question.has("lead")
        if match[0][-6:] not in held and not (spoken_of and _in_clauses(match[0][-4:], desk)):
            return _refusal([sentence("refuse_other_document", name=match[0])], desk)
    return None


def _in_clauses(words: str, desk: Desk) -> bool:
    return any(words in clause.text for clause in desk.snapshot.register.clauses(desk.notice.key))


def _other_years(question: Question, desk: Desk) -> Answer | None:
    period = desk.notice.period
    if period is None or not _WANTS_FIGURE.search(question.shape):
        return None
    if re.search(r"编|谁.{0,2}写|来写|制定|叫什么|下一个方案|后续", question.shape) and "新方案" not in question.shape:
        return None
    periods = [n.period for n in desk.snapshot.register.notices.values() if n.period and n.region == desk.notice.region]
    first, last = min(p[0] for p in periods), max(p[1] for p in periods)
    years = [int(year) for year in re.findall(r"20\d\d", question.shape)]
    if _LATER.search(question.shape) and (max(years) > last if years else last == period[1]):
        return _refusal([sentence("refuse_later_plan", last=last)], desk)
    if _EARLIER.search(question.shape) and first == period[0]:
        return _refusal([sentence("refuse_earlier_plan", first=first)], desk)
    return None


def _refusal(lines: Sequence[str], desk: Desk) -> Answer:
    clauses = desk.snapshot.register.clauses(desk.notice.key)
    cited = (cite(desk, clauses[0]),) if clauses else ()
    return Answer(
        Kind.REFUSAL, tuple(Line("", said) for said in lines), citations=cited, refusal=Refusal.NOT_IN_SOURCES,
        suggestions=choices("examples_all")[:2],
    )  # fmt: skip
