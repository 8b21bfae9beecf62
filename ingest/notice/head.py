"""The head of a notice: title, document number, issuer, printed date, period, region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.notice.brackets import read_rule
from ingest.notice.source import Line
from vectorstore.text import segment

_NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,10}[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*\d+\s*号")
_LETTER = re.compile(
    r"(.{2,30}?)关于(?:印发|转发|下发|发布)?《?(.+?)》?的(?:[\u4e00-\u9fa5]{0,4}意见|通知|决定|批复|函)$"
)
_PLAN = re.compile(r"(?:印发|转发|下发|发布)(?:了)?《?(.+?)》?的(?:通知|决定)$")
_KINDS = (
    r"(?:通知|方案|意见|规划|计划|纲要|办法|规定|条例|细则|决定|要点|措施|清单|分工|分工表|任务表|台账|分解表|任务分解)"
)
_TITLE_END = re.compile(rf"{_KINDS}\s*(?:[(（][^()（）]*[)）])?$")
_PRINTED = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:印发|发布|发文)?$")
_PERIOD = re.compile(r"(\d{4})\s*年?\s*[—\-－–~至到]+\s*(\d{4})\s*年")
_ISSUER_HEAD = re.compile(r"^(.{2,24}?(?:人民政府|办公厅|办公室|委员会|国务院|厅|局|委|部))文件$")
_UNIT = r"(?:省|自治区|自治州|州(?!市)|市|县(?!区)|县区|区|盟|旗)"
_REGION = re.compile(rf"^(.{{1,10}}?{_UNIT})")
_BELOW = re.compile(
    rf"^(?!城市|市场)(.{{2,8}}?{_UNIT}|.[县区市旗])"
    rf"(?=人民政府|政府|[委办]|[^省市县区旗]{{2,12}}[局委办]$|.{{1,8}}?[市县区旗](?:人民)?政府)"
)
_ZONE = re.compile(r"(?:自治|开发|示范|高新|园|新|校|社|景)区$")
"""Words that end like a place and are none."""
_BODY = re.compile(r"^[\u4e00-\u9fa5、 ]{2,30}?(?:人民政府|国务院|办公厅|办公室|委员会)")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first clause and after the last."""

    title: str
    number: str
    issuer: str
    issued: str
    period: tuple[int, int] | None
    period_text: str
    region: str
    first_leads: bool
    sole_leads: bool

    def for_other(self, lines: Sequence[Line]) -> Head:
        """The head of a further plan in the same file: same letter, its own title and period."""
        texts = _join_titles([line.text for line in lines])
        title = _plan_title(texts, None) or _squeeze("".join(line.text for line in lines[-2:])) or self.title
        period = _PERIOD.search(title)
        return replace(
            self,
            title=title,
            number="",
            period=(int(period[1]), int(period[2])) if period else None,
            period_text=period[0] if period else "",
        )


def read_head(head: Sequence[Line], lines: Sequence[Line]) -> Head:
    """Reads the lines before the first clause (`head`) and the printed date among all `lines`."""
    joined = _join_titles([line.text for line in head])
    number = next((_squeeze(m[0]) for t in joined if len(t) < 40 and (m := _NUMBER.search(t))), "")
    letter = next((m for t in joined if (m := _LETTER.match(_squeeze(t)))), None)
    title = _plan_title(joined, letter)
    issuer = _issuer(joined, letter)
    period = _PERIOD.search(title) or next((m for t in joined if (m := _PERIOD.search(t))), None)
    rule = read_rule("\n".join(line.text for line in head))
    return Head(
        title=title,
        number=number,
        issuer=issuer,
        issued=_issued(lines),
        period=(int(period[1]), int(period[2])) if period else None,
        period_text=_squeeze(period[0]) if period else "",
        region=_region(issuer) or _region_of_title(title),
        first_leads=rule.first_leads,
        sole_leads=rule.sole_leads,
    )


def _join_titles(texts: list[str]) -> list[str]:
    """Titles wrapped over several lines are put together; everything else stays a line."""
    out: list[str] = []
    waiting = ""
    for text in texts:
        waiting += text
        wrapped = not re.search(r"[。：:；;，,)）〕号]$", text) or _TITLE_END.search(waiting)
        if not wrapped or _TITLE_END.search(waiting) or _NUMBER.search(text) or text.endswith("文件"):
            out.append(waiting)
            waiting = ""
    return [*out, waiting] if waiting else out


def _plan_title(texts: list[str], letter: re.Match[str] | None) -> str:
    if letter and (plan := _PLAN.search(_squeeze(letter[0]))):
        return plan[1]
    titles = [_squeeze(t) for t in texts if _TITLE_END.search(t) and len(t) <= 90]
    if letter:
        return _squeeze(letter[0])
    return titles[0] if titles else ""


def _issuer(texts: list[str], letter: re.Match[str] | None) -> str:
    for text in texts:
        if match := _ISSUER_HEAD.match(_squeeze(text)):
            return match[1]
    if letter and (body := _BODY.match(letter[1])):
        return body[0].strip()
    return letter[1] if letter else ""


def _issued(lines: Sequence[Line]) -> str:
    """The date printed at the end, or the last date that stands on a line of its own."""
    dates = [m for line in lines if len(line.text) < 30 and (m := _PRINTED.search(line.text))]
    printed = [m for m in dates if m[0].endswith("印发")] or dates
    if not printed:
        return ""
    year, month, day = (int(g) for g in printed[-1].groups())
    return f"{year:04d}-{month:02d}-{day:02d}"


def _region(issuer: str) -> str:
    """The place whose body the issuer is: of 南昌市青山湖区人民政府 the district."""
    if issuer.startswith(("国务院", "中共中央", "中央")):
        return "全国"
    found, rest = "", issuer
    match = _REGION.match(rest)
    while match is not None:
        found, rest = match[1], rest[match.end() :]
        match = _BELOW.match(rest)
    return found


def _region_of_title(title: str) -> str:
    """The place a title begins with, when no issuer is printed (沙河市…任务分工表)."""
    first, second = (*segment(title), "", "")[:2]
    name = first + second if re.fullmatch(_UNIT, second) else first
    found = re.fullmatch(rf".{{2,}}{_UNIT}", name) and not _ZONE.search(name)
    return name if found else ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
