"""Patterns that people can edit: a small notation over normalised text, turned into regular expressions.

`…` stands for up to ten characters, `(甲/乙)` for either (`(甲/)`: 甲 or nothing), `#` for a number, `@` for a
department, `^` and `$` for the beginning and the end. Everything else stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vectorstore import text

NUMERAL = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百两几半]+)"
_GAP = "[^。！？!?\\n]{0,10}?"
_SPECIAL = {"…": _GAP, "#": NUMERAL, "(": "(?:", ")": ")", "/": "|", "^": "^", "$": "$"}


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """One pattern as a regular expression. Raises re.error when its brackets do not match."""
    return re.compile("".join(_SPECIAL.get(c) or re.escape(c) for c in _normal(pattern)))


def compile_any(patterns: Iterable[str]) -> re.Pattern[str]:
    """One regular expression that finds whichever of several patterns comes first."""
    return _compile_any(tuple(patterns))


@lru_cache(maxsize=512)
def _compile_any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{compile_pattern(p).pattern})" for p in patterns) or r"(?!)")


def _normal(pattern: str) -> str:
    return "…".join(text.normalise(part) for part in pattern.split("…"))
