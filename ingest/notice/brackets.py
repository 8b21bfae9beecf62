"""Duty brackets: from "(牵头单位:甲;责任单位:乙、丙等)" to departments with their roles.

The role words stand in roles.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import yaml

from vectorstore.records import Role

_OPEN, _CLOSE = "(（[［【〔", ")）]］】〕"
_NAME_END = "厅局委办部院会署联社行队盟府门位校协司处组站室团心军区科"
_AND = re.compile(rf"(?<=[{_NAME_END}])(?:以及|会同|和|及|与)(?!会)|、")
_OPEN_TAIL = re.compile(r"等(?:有关|相关|各有关|各相关)?(?:部门|单位|部门和单位|部门单位|责任单位|机构)?$")
_OPEN_GROUP = re.compile(
    r"^(?:会同|及|和)?(?:其他|各|省直|市直|州直|县直|全省|全市|中央|国务院)*(?:有关|相关|成员|责任|部门|单位|各)+"
    r"(?:部门|单位|方面|机构|和|、)*$"
)
_LOCALITY = re.compile(
    r"(?:各|有关|相关)(?:有关|相关)?(?:省级|省|市|县|区|州|设区市|级|地|乡|镇|街道)[^;；。,，]*?(?:人民政府|政府|管委会|党委|办事处)"
    r"|各乡镇(?:[(（]街道[)）]|、街道|街道)?|各镇街?(?:[(（]街道[)）])?(?=[、，,；;和]|$)|各地区?|各(?:市州|市县|县区|设区市|市|县|区|地市)(?=[、,，;；和]|$)"
)
_FIRST_LEADS = re.compile(
    r"(?:列|排)?(?:在|名)?(?:第一|首)位?(?:的|者)?(?:部门|单位|责任单位)?(?:为|是|即为|系)牵头|首位为牵头"
)
_HEREAFTER = re.compile(r"下同")
_DEADLINE = re.compile(r"完成|年内|长期|持续|前$|(?:\d{4}年)?\d{1,2}月底?$|\d{4}年底?前?$|每年|每季")
_SUM_RULE = re.compile(
    r"无牵头(?:单位|部门)的?[，,]?(?:由)?(?:第一)?责任(?:单位|部门)(?:即|即为|为)?牵头|未明确牵头(?:单位|部门)的[，,]?责任(?:单位|部门)(?:即|即为|为)牵头"
)
_STANDING = re.compile(r"(?:均|都)涉及((?:各|相关|有关)[^，,。;；]{1,12}?政府)")
_PERSON = re.compile(
    r"^\s*(?:分管(?:市|县|区|州|省)?领导|责任领导|牵头领导|挂点领导|包保领导|责任人|联系人|负责人|联络员|第一责任人)\s*[:：]"
)
_NEUTRAL = re.compile(r"^\s*(?:部门分工|职责分工|任务分工|分工)\s*[:：]\s*")
_IS_NAME = re.compile(
    rf"^(?!以下|简称|含|包括|不含|即|如)[\u4e00-\u9fff、]{{2,24}}?(?:[{_NAME_END}]|政府|银行|公司|大学|中心|集团|机关|单位)$"
)
_LEVEL = re.compile(r"^(省|市(?!场)|州|县|区|自治区)")


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of the text: `start` and `end` with its signs, `inner` without them."""

    start: int
    end: int
    inner: str


@dataclass(slots=True)
class Reading:
    """What a duty bracket says. `names` holds (department, role) in printed order.

    The rules it may state besides: `first_leads` (the first of a list leads) and `hereafter` (from here on),
    `sole_leads` (without a lead, the responsible one leads), `standing` (localities that every later task has).
    """

    names: list[tuple[str, Role]] = field(default_factory=list)
    localities: list[str] = field(default_factory=list)
    deadlines: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    open_list: bool = False
    first_leads: bool = False
    hereafter: bool = False
    sole_leads: bool = False
    standing: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anyone is named, openly or in general."""
        return bool(self.names or self.localities or self.open_list)


def brackets(text: str) -> Iterator[Bracket]:
    """The outermost brackets of a text; nested ones stay inside."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in _OPEN:
            depth += 1
            if depth == 1:
                start = at
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield Bracket(start, at + 1, text[start + 1 : at])


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Role]]:
    raw = yaml.safe_load((resources.files("ingest.notice") / "roles.yaml").read_text(encoding="utf-8"))
    roles = {word: Role(role) for role, kinds in raw.items() for words in kinds.values() for word in words}
    labels = sorted((w for kinds in raw.values() for w in kinds["label"]), key=len, reverse=True)
    verbs = sorted((w for kinds in raw.values() for w in kinds["verb"]), key=len, reverse=True)
    label = re.compile(rf"^\s*({'|'.join(labels)})\s*[:：]\s*")
    verb = re.compile(rf"(?:{'|'.join(verbs)})$")
    return label, verb, roles


def read_duties(inner: str, first_leads: bool = False) -> Reading | None:
    """What a bracket says about duties, or None when it is no duty bracket.

    `first_leads` carries a rule stated earlier in the document ("列第一位的为牵头单位，下同").
    """
    label, verb, _ = _words()
    chunks = [c for c in _chunks(inner, label) if not _PERSON.match(c)]
    said = any(label.match(c) or _NEUTRAL.match(c) or verb.search(c) for c in chunks)
    if not said and not states_rule(inner):
        return None
    reading = Reading(
        first_leads=first_leads or bool(_FIRST_LEADS.search(inner)), hereafter=bool(_HEREAFTER.search(inner))
    )
    reading.sole_leads = bool(_SUM_RULE.search(inner))
    if standing := _STANDING.search(inner):
        reading.standing = standing[1]
    _Chunks(reading).read([c for c in chunks if not _states(c)])
    if reading.first_leads and reading.names and all(r is Role.RESPONSIBLE for _, r in reading.names):
        reading.names[0] = (reading.names[0][0], Role.LEAD)
    return reading if reading.says_something or states_rule(inner) else None


def states_rule(text: str) -> bool:
    """Whether a text states a rule for the clauses that follow (forms 6, 7, 9, 15, 33)."""
    return any(rule.search(text) for rule in (_FIRST_LEADS, _SUM_RULE, _STANDING))


def read_rule(text: str) -> Reading:
    """The rules that a sentence outside of brackets states; they hold from there on."""
    standing = _STANDING.search(text)
    return Reading(
        first_leads=bool(_FIRST_LEADS.search(text)),
        hereafter=True,
        sole_leads=bool(_SUM_RULE.search(text)),
        standing=standing[1] if standing else "",
    )


def read_bare(inner: str) -> Reading | None:
    """A bracket of names alone, "(市甲局、市乙局等；各区政府)" (form 17); None when any piece is no name."""
    reading = Reading()
    chunks = _chunks(inner, _words()[0])
    _Chunks(reading).read(chunks)
    named = all(_IS_NAME.match(name) and len(name) > 2 for name, _ in reading.names)
    fits = len(inner) < 200 and not re.search(r"[。\d:：“”《》]|简称|下同", inner) and reading.says_something
    return reading if fits and named and not reading.deadlines else None


def _states(chunk: str) -> bool:
    """Whether a chunk is a rule and names nobody."""
    return states_rule(chunk) or bool(
        _HEREAFTER.fullmatch(chunk) or re.fullmatch(r"不再(?:一一)?(?:列出|列|列举)", chunk)
    )


def label_start() -> re.Pattern[str]:
    """A role word with its colon, as it begins a line or sentence of its own (forms 3 and 12)."""
    labels = _words()[0].pattern.removeprefix(r"^\s*")
    people = _PERSON.pattern.removeprefix(r"^\s*")
    return re.compile(rf"(?:{labels}|{_NEUTRAL.pattern.removeprefix('^')}|{people})")


def _chunks(inner: str, label: re.Pattern[str]) -> list[str]:
    """The bracket cut at semicolons, full stops and commas outside nested brackets."""
    out, depth, current = [], 0, ""
    for char in inner:
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0 and char in ";；,，。":
            out.append(current)
            current = ""
        else:
            current += char
    out.append(current)
    return [c.strip() for c in out if c.strip()]


class _Chunks:
    """Reads the chunks of one bracket from left to right; names wait until a verb gives them a role."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._label: Role | None = None
        self._waiting: list[str] = []

    def read(self, chunks: list[str]) -> None:
        for chunk in chunks:
            self._read_one(chunk)
        self._give(Role.RESPONSIBLE)

    def _read_one(self, chunk: str) -> None:
        label, verb, roles = _words()
        if neutral := _NEUTRAL.match(chunk):
            chunk = chunk[neutral.end() :]
        if match := label.match(chunk):
            self._give(Role.RESPONSIBLE)
            self._label = roles[match[1]]
            chunk = chunk[match.end() :]
        said = verb.search(chunk)
        names = chunk[: said.start()] if said else chunk
        if not said and _DEADLINE.search(chunk) and not _AND.search(chunk):
            self._reading.deadlines.append(chunk)
            return
        self._waiting.extend(self._split(names))
        if self._label is not None:
            keep = list(self._waiting)
            self._give(self._label)
            if said and roles[said[0]] is not self._label:
                self._waiting = keep
                self._give(roles[said[0]])
        elif said:
            self._give(roles[said[0]])

    def _split(self, text: str) -> list[str]:
        def keep(match: re.Match[str]) -> str:
            self._reading.localities.append(match[0])
            return ""

        text = _LOCALITY.sub(keep, text)
        names: list[str] = []
        for raw in _outside_brackets(text):
            name = self._plain(re.sub(r"(?<=等)[和及与]$", "", raw.strip(" :：由")))
            if name:
                names.append(_with_prefix(name, names))
        return names

    def _plain(self, name: str) -> str:
        """A name without its open tail and its alias; "" for a group or nothing."""
        if _OPEN_GROUP.match(name):
            self._reading.open_list = True
            return ""
        shorter = _OPEN_TAIL.sub("", name)
        self._reading.open_list |= shorter != name
        for inner in brackets(shorter):
            if inner.start and re.fullmatch(r"牵头(?:单位|部门)?", inner.inner):
                self._reading.names.append((shorter[: inner.start], Role.LEAD))
                return ""
            if inner.start:
                self._reading.aliases[shorter[: inner.start]] = inner.inner
                shorter = shorter[: inner.start]
        return "" if shorter in {"无", "/", "—", "-"} else shorter

    def _give(self, role: Role) -> None:
        for name in self._waiting:
            if (name, role) not in self._reading.names:
                self._reading.names.append((name, role))
        self._waiting = []


def _outside_brackets(text: str) -> list[str]:
    """`text` cut at 、 and 和 between names, but not inside nested brackets."""
    hidden = re.sub(r"[(（\[［【〔][^)）\]］】〕]*[)）\]］】〕]", lambda m: "\0" * len(m[0]), text)
    out, at = [], 0
    for match in _AND.finditer(hidden):
        out.append(text[at : match.start()])
        at = match.end()
    return [*out, text[at:]]


def _with_prefix(name: str, before: list[str]) -> str:
    """Form 34: 省 is inherited by 乙厅 and 丙局 in "省甲厅、乙厅、丙局"."""
    if not before or _LEVEL.match(name) or not re.search(r"[厅局委办]$", name) or name.startswith(("团", "国")):
        return name
    first = _LEVEL.match(before[-1])
    return first[0] + name if first else name
