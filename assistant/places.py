"""Places: which regions a question names, the question without them, and departments by a region's own names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.elsewhere import CITIES, PROVINCES
from assistant.question import Question
from vectorstore.names import Mention
from vectorstore.register import DutyRegister

NATION = "全国"
LEVEL = re.compile(r"(?:省|市|县|区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县)$")
_NATION_SAID = ("国务院", "国办", "中央文件")
_OURS = {"省": ("省里", "我省", "本省", "省级"), "市": ("市里", "我市", "本市", "市级"), "县": ("县里", "我县", "本县")}
"""How people speak of the one province, city or county whose plan is held."""
_LEVEL_SAID = r"(?:(?:省|市|县|区|自治区|自治州)(?!长|委|政府))?"
_JOIN = r"(?:[和跟与及、,，/比]|以及|对比|相比|还有)"
_SEVERAL = r"(?:[这那]?(?:两|二|三|四|几|各)个?)?(?:省市|市县|地方|方案|规划|文件)?(?:之间|里面?|中|当中)?的?"
_ASKING = re.compile(r"^(?:请|帮我)?(?:对比|比较|比一比|比比)(?:一下|下)?|分别|各自|各(?=[由是有归])")
_DEPARTMENT_LEVEL = re.compile(r"^(?:省|市|县|区|州|自治区)(?=[\u4e00-\u9fff]{2})")
_NOTHING = re.compile(r"[那么呢吧的?？。,，!！\s还有]*")


@dataclass(frozen=True, slots=True)
class Places:
    """The regions named: those a notice is held of (as notices print them), those none is; `rest` without their names.

    `rest` is "" when the question names places and asks nothing more (那南昌呢).
    """

    held: tuple[str, ...]
    missing: tuple[str, ...]
    rest: str


def read_places(said: str, departments: Sequence[Mention], register: DutyRegister) -> Places:
    """The places in a normalised question; none where all notices are of one region. Names inside departments stay."""
    names = region_names(register)
    if len(set(names.values())) < 2:
        return Places((), (), said)
    taken = {at for m in departments for at in range(m.start, m.end)}
    held = [(said.find(name), region) for name, region in names.items() if name in said]
    regions = tuple(dict.fromkeys(region for _, region in sorted(held)))
    if not regions:
        return Places((), (), said)
    known = tuple(names)
    others = [p for p in (*PROVINCES, *CITIES) if p in said and not any(p in name or name in p for name in known)]
    missing = tuple(p for p in others if re.search(rf"{p}{_LEVEL_SAID}{_JOIN}|{_JOIN}{p}", said))
    rest = _ASKING.sub("", _without([*known, *missing], said, taken))
    return Places(regions, missing, "" if _NOTHING.fullmatch(rest) else rest)


def region_names(register: DutyRegister) -> dict[str, str]:
    """What people call the regions that notices are of, each with the region as notices print it."""
    regions = list(dict.fromkeys(n.region for n in register.notices.values() if n.region))
    found: dict[str, str] = {}
    for region in regions:
        bare = LEVEL.sub("", region)
        if region == NATION:
            found.update(dict.fromkeys(_NATION_SAID, region))
        elif len(bare) > 1:
            found[bare] = region
        else:
            found[region] = region
    for level, words in _OURS.items():
        if len(of_level := [r for r in regions if r.endswith(level)]) == 1:
            found.update(dict.fromkeys(words, of_level[0]))
    return found


def _without(names: Iterable[str], said: str, taken: set[int]) -> str:
    one = rf"(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))}){_LEVEL_SAID}"
    runs = re.compile(rf"{one}(?:{_JOIN}{one})+{_SEVERAL}|{one}的?")

    def blank(match: re.Match[str]) -> str:
        kept = [c for at, c in enumerate(match[0], match.start()) if at in taken]
        return "".join(kept)

    return runs.sub(blank, said)


def of_place(question: Question, notices: Iterable[str], register: DutyRegister) -> Question:
    """The question with each department by the name it has in these notices (科协: 市科协 in a city's plan).

    One said with its level (市科协, 省科协) is never taken for another level's.
    """
    own = list(dict.fromkeys(d.department for key in notices for d in register.notices[key].duties))
    return replace(question, departments=tuple(_local(mention, own) for mention in question.departments))


def _local(mention: Mention, own: Sequence[str]) -> Mention:
    if any(name in own for name in mention.names) or _DEPARTMENT_LEVEL.match(mention.said):
        return mention
    bare = {_DEPARTMENT_LEVEL.sub("", name) for name in (mention.said, *mention.names)}
    found = tuple(name for name in own if _DEPARTMENT_LEVEL.sub("", name) in bare)
    return replace(mention, names=found) if len(found) == 1 else mention
