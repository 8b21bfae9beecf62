"""Privacy: numbers that identify a person are masked before anything is stored, logged or sent on.

An ID number is known by its check digit (GB 11643), a bank card by the Luhn sum, a mobile number by its form, a
verification code by the words beside it. The notice's own numbers have none of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_ID = re.compile(
    r"(?<![\dA-Za-z])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])"
)
_CARD = re.compile(r"(?<!\d)(\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?)(?!\d)")
_PHONE = re.compile(r"(?<!\d)((?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_CODE = re.compile(
    r"(?:验证码|校验码|动态码|动态密码|取款码|支付密码|密码)(?:就?是|为|[:：,，\s“\"【(（]){0,3}(\d{4,8})(?!\d)"
    r"|(?<!\d)(\d{4,8})(?:就?是|为|[,，\s”\"】)）（(]){0,3}(?:您的|你的|我的|本次|登录|支付|注册|短信){0,3}(?:验证码|校验码|动态码)"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with private numbers masked, and what kinds of number they were."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(said: str) -> Masked:
    """`said` with ID, bank card, mobile numbers and verification codes made unreadable (first and last digits stay)."""
    kinds: list[str] = []

    def cover(pattern: re.Pattern[str], kind: str, real: Callable[[str], bool], shown: tuple[int, int]) -> None:
        nonlocal said

        def replace(match: re.Match[str]) -> str:
            number = next(g for g in match.groups() if g)
            if not real(number):
                return match[0]
            kinds.append(kind)
            head, tail = shown
            covered = number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]
            return match[0].replace(number, covered)

        said = pattern.sub(replace, said)

    cover(_ID, "身份证号", _is_id, (3, 2))
    cover(_CARD, "银行卡号", _is_card, (0, 4))
    cover(_PHONE, "手机号", lambda _: True, (3, 2))
    cover(_CODE, "验证码", lambda _: True, (0, 0))
    return Masked(said, tuple(dict.fromkeys(kinds)))


def _is_id(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def _is_card(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    if not 15 <= len(digits) <= 19 or len(set(digits)) < 2:
        return False
    doubled = [d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
