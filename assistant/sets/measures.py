"""Measures: which amounts of a set question restrict, what each counts, and by what the answer is ordered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.numerals import Amount
from assistant.patterns import NUMERAL
from assistant.sets.query import Wanted
from assistant.sets.sentence import BODIES, ITEMS, Said
from assistant.sets.words import Token

NTH = re.compile(r"排(?:在|名)?第|第[一二两三四五六七八九十\d]+[多少]")
_POINTED = "那这哪每同任另"
_NEITHER = re.compile(r"[^,，。]{0,8}?[都也](?:没|不|未|从没|冇)")
_IN_EACH = re.compile(r"[^,，。]{0,8}?(?:都|全都|全参|均)(?!部|是|由|要|叫|分|有(?:哪|谁|几|什么|啥|多少))")
_HEADINGS_AFTER = re.compile(r"(?:提升|重点)?(?:行动|工程)")
_NUMBERED = re.compile(rf"[^,，。]{{0,2}}{NUMERAL}[大个项]")
_FAR = 14
_NOUNS = {
    "task": Wanted.TASKS, "lead": Wanted.TASKS, "which_task": Wanted.TASKS,
    "department": Wanted.DEPARTMENTS, "which_department": Wanted.DEPARTMENTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """By what an answer is ordered: `kind` is most, least, top, bottom, nth or nth_last, "" without; see SetQuery."""

    kind: str = ""
    place: int = 1
    measured: Wanted | None = None
    used: Amount | None = None


def restricting(said: Said) -> list[Amount]:
    """The amounts that restrict: not 三家 behind three names, not 五个行动, not 那一条."""
    return [t.amount for t in said.of("amount") if t.amount and _restricts(t, t.amount, said)]


def _restricts(token: Token, amount: Amount, said: Said) -> bool:
    only = said.before(token, "only", far=2)
    headings = _HEADINGS_AFTER.match(said.shape[token.end :])
    if _is_led(token, amount, said) or (headings and (only or amount.sign != "=")):
        return True
    if headings or (said.is_asked(token) and not said.has("most", "least")):
        return False
    if amount.sign == "top":
        return amount.value > 1 or amount.unit in (*BODIES, "名", "位")
    counted = said.counts_bodies(amount) or amount.unit in (*ITEMS, "次") or amount.sign == "nth"
    return counted and not (amount.sign == "=" and _only_points(token, amount, said))


def _only_points(token: Token, amount: Amount, said: Said) -> bool:
    """Whether a plain number stands beside what it counts or says no number: 甲乙两家, 那一条, 一个都没, 三条里."""
    if said.counts_bodies(amount):
        behind = amount.value == len(said.names) > 1
        return behind or (amount.value == 1 and _points_at(token, said))
    within = amount.unit in ITEMS and any(t.end <= token.start for t in said.scopes)
    return within or (amount.value == 1 and (_points_at(token, said) or _is_bare(token, said)))


def _points_at(token: Token, said: Said) -> bool:
    pointed = said.shape[token.start - 1 : token.start] in set(_POINTED)
    return pointed or bool(_NEITHER.match(said.shape[token.end :]))


def _is_led(token: Token, amount: Amount, said: Said) -> bool:
    """只牵头一个: the number right behind a lead."""
    return said.before(token, "lead", far=2) is not None and amount.unit in ("个", "项")


def _is_bare(token: Token, said: Said) -> bool:
    """Whether 一条 is said without anything that makes it a number (只有一条, 一条任务)."""
    exact = said.before(token, "only", far=2) or said.shape[token.start] in "恰正刚仅只"
    return not (exact or said.shape.startswith(("任务", "条目"), token.end))


def measures(amount: Amount, said: Said) -> str:
    """What an amount measures: departments of a clause, tasks or leads of a department, headings it is in."""
    if said.counts_bodies(amount):
        return "size"
    headings = _HEADINGS_AFTER.match(said.shape[amount.end :])
    return "spread" if headings and not said.has("lead") else "load"


def read_every(said: Said) -> Wanted | None:
    """Whether a department must be found in each task (三条都有) or in each heading (五个工程都有份)."""
    if said.has("each_heading") and not said.has("apiece"):
        return Wanted.HEADINGS
    if any(_NUMBERED.match(said.shape, s.start) and _IN_EACH.match(said.shape[s.end :]) for s in said.scopes):
        return Wanted.HEADINGS
    for token in said.of("amount"):
        if token.amount and token.amount.sign == "=" and token.amount.value > 1:
            rest = said.shape[token.end :]
            headings = _HEADINGS_AFTER.match(rest)
            within = token.amount.unit in ITEMS and any(t.end <= token.start for t in said.scopes)
            if (headings or within) and _IN_EACH.match(rest):
                return Wanted.HEADINGS if headings else Wanted.TASKS
    return Wanted.TASKS if said.has("every") else None


def read_order(amounts: list[Amount], said: Said) -> Order:
    """Most, least, the first so many, the so-manieth, and what is counted for it."""
    first = said.first("most", "least")
    top = next((a for a in amounts if a.sign == "top"), None)
    nth = next((a for a in amounts if a.sign == "nth"), None)
    if top is not None:
        return Order("top", top.value, _measured(first, said) if first else Wanted.TASKS, top)
    if first is None:
        ranked = NTH.search(said.shape)
        last = ranked is not None and ranked[0].endswith("少")
        return Order("nth_last" if last else "nth", nth.value, Wanted.TASKS, nth) if nth and ranked else Order()
    measured = _measured(first, said)
    if nth is not None and nth.unit in ("", *BODIES, "个", "名", "位"):
        return Order("nth" if first.kind == "most" else "nth_last", nth.value, measured, nth)
    units = (*ITEMS, "个") if measured is Wanted.DEPARTMENTS else (*BODIES, "个", "名", "位")
    many = next((a for a in amounts if a.sign == "=" and a.unit in units), None)
    if many is None:
        return Order(first.kind, 1, measured)
    return Order("top" if first.kind == "most" else "bottom", many.value, measured, many)


def _measured(first: Token, said: Said) -> Wanted | None:
    """What is most: the tasks or leads of departments, or the departments of clauses; the noun before tells."""
    if re.search(r"忙|闲|倒数", said.text(first)):
        return Wanted.TASKS
    before = said.before(first, *_NOUNS, far=_FAR)
    if before is not None:
        return _NOUNS[before.kind]
    after = next((t for t in said.of(*_NOUNS) if t.start >= first.end), None)
    return _NOUNS[after.kind] if after is not None and after.start - first.end <= 2 else None
