"""Polarity: whether a sentence denies what its source says, or says what its source denies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectorstore import text

_NOT = re.compile(
    r"不要|不能|不得|不可|不用|不必|不宜|不许|不准|不会|不是|不应该?|没有|切勿|禁止|严禁|避免|防止|停止|拒绝|别(?![人的处名称])|勿|莫|"
    r"不(?![断仅但少同管论久妨])|没|未(?!来|成年)|无(?!论|障碍|人机|线)|非(?!常|遗)|假的"
)
_SEGMENT = re.compile(r"[,;:。!?、\n]+|(?<=[\u4e00-\u9fff])(?:而是|但是?|也要|才|就)")
_FEW = 2


def reversed_words(said: str, source: str) -> Iterator[str]:
    """The segments of a normalised sentence most of whose words the source has only with the other polarity."""
    signs = _signs(source)
    for segment in _SEGMENT.split(said):
        shared = [(b, sign) for b, sign in _marked(segment) if b in signs]
        if len(shared) < _FEW:
            continue
        against = [b for b, sign in shared if sign not in signs[b]]
        if len(against) * 2 > len(shared):
            yield segment


def _signs(source: str) -> dict[str, set[bool]]:
    """Each pair of characters of a text with the polarities in which it occurs (True: denied)."""
    signs: dict[str, set[bool]] = {}
    for segment in _SEGMENT.split(source):
        for pair, sign in _marked(segment):
            signs.setdefault(pair, set()).add(sign)
    return signs


def _marked(segment: str) -> Iterator[tuple[str, bool]]:
    """The pairs of a segment with whether a negation stands before them in it; two negations cancel out."""
    at = 0
    sign = False
    for match in _NOT.finditer(segment):
        yield from ((pair, sign) for pair in text.bigrams(segment[at : match.start()]))
        sign, at = not sign, match.end()
    yield from ((pair, sign) for pair in text.bigrams(segment[at:]))
