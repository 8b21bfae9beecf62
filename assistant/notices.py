"""Notices: which of several plans a question is asked of. One that names none is asked of the home region's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.places import LEVEL, NATION, region_names
from assistant.question import Question
from vectorstore import text
from vectorstore.records import Notice
from vectorstore.register import DutyRegister

_LEVELS = (("省", "自治区"), ("市", "州", "盟"), ("县", "区", "旗"))
_YEARS = re.compile(r"[(（]?20\d\d[^)）]{0,12}[)）]?")
_EVERYWHERE = re.compile(
    r"(?:各|每个|所有|全部|几个|这些|两个|多个)(?:地方?|市|省|县|方案|规划|文件|通知)|哪个?(?:市|省|县|地方|方案)"
)
_DOCUMENT = r"[^，。]{0,6}(?:方案|规划|计划|文件|通知|意见)"
_JOINED = re.compile(r"[和跟与、比]")
_BEFORE = re.compile(r"上一?[期轮个]|原来的?(?:方案|规划)|旧(?:方案|规划)|已?过期的")


@lru_cache(maxsize=16)
def in_order(register: DutyRegister, region: str | None) -> tuple[str, ...]:
    """The keys of all notices: those of the home region first, those that another one has replaced last."""
    home = region or min((n.region for n in register.notices.values()), key=_breadth, default="")
    replaced = _replaced(register)
    keys = list(register.notices)
    return tuple(sorted(keys, key=lambda k: (register.notices[k].region != home, k in replaced)))


def asked_of(question: Question, register: DutyRegister, keys: Sequence[str], before: str = "") -> tuple[str, ...]:
    """Which of the notices `keys`, in order, a question is asked of.

    Those that it names by number, region, years or title; all of them when it says so; else the one talked of before,
    else those of the home region that no other has replaced.
    """
    if len(keys) < 2:
        return tuple(keys)
    home = register.notices[keys[0]].region
    if named := _named(text.squeeze(question.normal), register, home):
        return named
    if _EVERYWHERE.search(question.shape):
        return tuple(keys)
    replaced = _replaced(register)
    if _BEFORE.search(question.shape) and (old := tuple(k for k in keys if k in replaced)):
        return old
    if before in register.notices:
        return (before,)
    return tuple(k for k in keys if register.notices[k].region == home and k not in replaced)


def _breadth(region: str) -> int:
    """Where a region stands among those that may be home when nobody has said: the widest first, the nation last."""
    if region in ("", NATION):
        return len(_LEVELS) + 1
    return next((n for n, ends in enumerate(_LEVELS) if region.endswith(ends)), len(_LEVELS))


@dataclass(frozen=True, slots=True)
class Names:
    """What the notices of a register are called: each key with its number, its region's bare name and its own words.

    `words` are those that only the title of one notice has, said of a document (数字乡村那个方案).
    """

    numbers: tuple[tuple[str, str], ...]
    regions: dict[str, tuple[str, ...]]
    words: tuple[tuple[str, str], ...]
    periods: dict[tuple[int, int], tuple[str, ...]]


def _named(said: str, register: DutyRegister, home: str) -> tuple[str, ...]:
    names = _names(register)
    if by_number := tuple(key for number, key in names.numbers if number in said):
        return by_number
    by_title = {k for word, k in names.words if word in said and re.search(re.escape(word) + _DOCUMENT, said)}
    by_region = _of_regions([region for region in names.regions if region in said], said, names)
    years = tuple(map(int, re.findall(r"20\d\d", said)))
    by_years = set(names.periods.get((min(years), max(years)), ())) if len(years) > 1 else set()
    wanted = [found for found in (by_title, by_region, by_years) if found]
    if not wanted:
        return ()
    found = set.intersection(*wanted) or wanted[0]
    if found == by_years:
        found = {k for k in found if register.notices[k].region == home} or found
    kept = found if by_years else found - _replaced(register) or found
    return tuple(k for k in register.notices if k in kept)


def _of_regions(regions: list[str], said: str, names: Names) -> set[str]:
    """The notices of the regions named; a county named with its city stands for itself unless they are joined."""
    if len(regions) > 1 and not _JOINED.search(said):
        regions = [max(regions, key=said.find)]
    return {key for region in regions for key in names.regions[region]}


@lru_cache(maxsize=16)
def _names(register: DutyRegister) -> Names:
    titles = {k: _subject(n) for k, n in register.notices.items()}
    seen: dict[str, set[str]] = {}
    regions: dict[str, tuple[str, ...]] = {}
    periods: dict[tuple[int, int], tuple[str, ...]] = {}
    for key, notice in register.notices.items():
        for word in text.words(titles[key]):
            seen.setdefault(word, set()).add(key)
        if notice.period:
            periods[notice.period] = (*periods.get(notice.period, ()), key)
    for name, region in region_names(register).items():
        regions[name] = tuple(k for k, n in register.notices.items() if n.region == region)
    own = ((word, keys) for word, keys in seen.items() if len({titles[k] for k in keys}) == 1)
    numbers = ((text.compact(n.number or k), k) for k, n in register.notices.items())
    return Names(tuple(numbers), regions, tuple((w, k) for w, keys in own for k in sorted(keys)), periods)


@lru_cache(maxsize=16)
def _replaced(register: DutyRegister) -> frozenset[str]:
    """The notices that one of the same region and subject with a later period has replaced."""
    newest: dict[tuple[str, str], Notice] = {}
    for notice in register.notices.values():
        kind = (notice.region, _subject(notice))
        if kind not in newest or _first_year(notice) > _first_year(newest[kind]):
            newest[kind] = notice
    kept = {n.key for n in newest.values()}
    return frozenset(
        n.key
        for n in register.notices.values()
        if n.key not in kept and _first_year(n) < _first_year(newest[n.region, _subject(n)])
    )


def _subject(notice: Notice) -> str:
    """What a notice is about: its title without years and region."""
    title = text.normalise(_YEARS.sub("", notice.title))
    return text.squeeze(title.replace(LEVEL.sub("", notice.region), "")) if notice.region else text.squeeze(title)


def _first_year(notice: Notice) -> int:
    return notice.period[0] if notice.period else 0
