"""Notices: which of several plans a question is asked of. One that names none is asked of the home region's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.question import Question
from vectorstore import text
from vectorstore.records import Notice
from vectorstore.register import DutyRegister

_LEVEL = re.compile(r"(?:省|市|县|区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县)$")
_YEARS = re.compile(r"[(（]?20\d\d[^)）]{0,12}[)）]?")
_EVERYWHERE = re.compile(
    r"(?:各|每个|所有|全部|几个|这些|两个|多个)(?:地方?|市|省|县|方案|规划|文件|通知)|哪个?(?:市|省|县|地方|方案)"
)
_DOCUMENT = r"[^，。]{0,6}(?:方案|规划|计划|文件|通知|意见)"
_BEFORE = re.compile(r"上一?[期轮个]|原来的?(?:方案|规划)|旧(?:方案|规划)|已?过期的")


def in_order(register: DutyRegister, region: str | None) -> tuple[str, ...]:
    """The keys of all notices: those of the home region first, those that another one has replaced last."""
    return _in_order(register, region)


@lru_cache(maxsize=16)
def _in_order(register: DutyRegister, region: str | None) -> tuple[str, ...]:
    home = region or next((n.region for n in register.notices.values()), "")
    replaced = _replaced(register)
    keys = list(register.notices)
    return tuple(sorted(keys, key=lambda k: (register.notices[k].region != home, k in replaced)))


def asked_of(question: Question, register: DutyRegister, keys: Sequence[str], before: str = "") -> tuple[str, ...]:
    """Which of the notices `keys`, in order, a question is asked of.

    Those that it names by number, region, years or title; all of them when it says so; else the one talked of before,
    else those of the home region that no other has replaced.
    """
    if len(keys) < 2 or _EVERYWHERE.search(question.shape):
        return tuple(keys)
    if named := _named(text.squeeze(question.normal), register, keys):
        return named
    replaced = _replaced(register)
    if _BEFORE.search(question.shape) and (old := tuple(k for k in keys if k in replaced)):
        return old
    if before in register.notices:
        return (before,)
    home = register.notices[keys[0]].region
    return tuple(k for k in keys if register.notices[k].region == home and k not in replaced)


def others(register: DutyRegister, keys: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """The notices that a question was not asked of."""
    return tuple(k for k in keys if k not in asked)


def _named(said: str, register: DutyRegister, keys: Sequence[str]) -> tuple[str, ...]:
    by_number = tuple(k for k in keys if text.squeeze(text.normalise(register.notices[k].number or k)) in said)
    if by_number:
        return by_number
    wanted = _by_title(said, register, keys) or tuple(keys)
    regions = tuple(k for k in wanted if _names_region(said, register.notices[k]))
    longest = max((len(register.notices[k].region) for k in regions), default=0)
    if len({register.notices[k].region for k in regions}) > 1 and not re.search(r"[和跟与、比]", said):
        regions = tuple(k for k in regions if len(register.notices[k].region) == longest)
    years = frozenset(map(int, re.findall(r"20\d\d", said)))
    by_years = tuple(k for k in regions or wanted if _of_years(register.notices[k], years))
    if regions:
        current = tuple(k for k in regions if k not in _replaced(register))
        return by_years or current or regions
    return by_years or (wanted if len(wanted) < len(keys) else ())


def _names_region(said: str, notice: Notice) -> bool:
    name = _LEVEL.sub("", notice.region)
    return len(name) > 1 and name in said


def _of_years(notice: Notice, years: frozenset[int]) -> bool:
    """Whether the years named are just the first and the last one of the notice."""
    return notice.period is not None and len(years) > 1 and {min(years), max(years)} == set(notice.period)


def _by_title(said: str, register: DutyRegister, keys: Sequence[str]) -> tuple[str, ...]:
    """Notices named by words that only their title has, said of a document (数字乡村那个方案)."""
    return tuple(k for k in keys if any(re.search(re.escape(w) + _DOCUMENT, said) for w in _own_words(register)[k]))


@lru_cache(maxsize=16)
def _own_words(register: DutyRegister) -> dict[str, frozenset[str]]:
    titles = {k: _subject(n) for k, n in register.notices.items()}
    words = {k: frozenset(text.words(title)) for k, title in titles.items()}
    seen: dict[str, set[str]] = {}
    for key, own in words.items():
        for word in own:
            seen.setdefault(word, set()).add(titles[key])
    return {k: frozenset(w for w in own if len(seen[w]) == 1) for k, own in words.items()}


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
    return text.squeeze(title.replace(_LEVEL.sub("", notice.region), "")) if notice.region else text.squeeze(title)


def _first_year(notice: Notice) -> int:
    return notice.period[0] if notice.period else 0
