"""Amounts in a question: 三项, 10家以上, 前五, 第二个."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.patterns import NUMERAL

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_AMOUNT = re.compile(
    rf"(?P<before>不少于|不低于|不超过|不到|至少|起码|凑够|凑齐|凑满|达到|超过|多于|大于|少于|低于|恰好|正好|刚好|只有|仅有|只|仅|前|第|(?<![前后里牵带挑领打年])头)?(?:承担|参与|涉及|出现在|由|有)?(?:(?P<low>{NUMERAL})[个项条家]?[到至~—-])?"
    rf"(?P<value>(?!一[共起下般样块直些点旦定切致律体边带路向方])(?<!第一)(?<!统)(?<!唯)(?<!同){NUMERAL})(?P<unit>[个项条家件处份大名位次]|部门|单位|步|样)?(?P<after>(?:(?:[及或和]{NUMERAL}?[个项条家件]?)?以[上下])|以内)?(?:之间)?"
)
_MORE = {
    "不少于": ">=",
    "不低于": ">=",
    "至少": ">=",
    "起码": ">=",
    "凑够": ">=",
    "凑满": ">=",
    "凑齐": ">=",
    "达到": ">=",
    "超过": ">",
    "多于": ">",
    "大于": ">",
    "不超过": "<=",
    "不到": "<",
    "少于": "<",
    "低于": "<",
}
_AFTER = {"上": ">=", "下": "<=", "内": "<="}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, at `start`..`end` with the words that make its sign.

    `sign` is `=`, `>`, `>=`, `<`, `<=`, `to` (5到8项: `value` to `until`), `top` (前五) or `nth` (第二).
    """

    value: int
    unit: str
    sign: str
    start: int
    end: int
    until: int = 0

    def fits(self, number: int) -> bool:
        """Whether a number is in the range that the amount names."""
        return {
            "=": number == self.value,
            ">": number > self.value,
            ">=": number >= self.value,
            "<": number < self.value,
            "<=": number <= self.value,
            "to": self.value <= number <= self.until,
        }.get(self.sign, False)


def find_amounts(normal: str) -> tuple[Amount, ...]:
    """The amounts of a normalised text, from left to right; 几 is no amount."""
    found = []
    for match in _AMOUNT.finditer(normal):
        value = read_numeral(match["value"])
        if value is None:
            continue
        before, after = match["before"] or "", match["after"] or ""
        sign = {"前": "top", "头": "top", "第": "nth"}.get(before) or _MORE.get(before) or _AFTER.get(after[-1:]) or "="
        low = read_numeral(match["low"] or "")
        if low is not None and low < value:
            found.append(Amount(low, match["unit"] or "", "to", match.start(), match.end(), value))
            continue
        start = match.start("value" if sign == "=" else 0)
        found.append(Amount(value, match["unit"] or "", sign, start, match.end()))
    return tuple(found)


def read_numeral(said: str) -> int | None:
    """The number below a thousand that a numeral stands for; None when it is none (几, 半)."""
    if re.fullmatch(r"\d+", said):
        return int(said)
    if not said or any(c not in _DIGITS and c not in "十百" for c in said):
        return None
    total = current = 0
    for char in said:
        if char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = _DIGITS[char]
    return total + current
