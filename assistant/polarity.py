"""Polarity: whether a sentence denies what its source says, says what its source denies, or allows what it does not.

A sentence is compared with the sentences of the source that are most like it, best about the same subject. A zone is
what stands behind a negation, to the end of its segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore import text

_NOT = re.compile(
    r"不要|不能|不得|不可|不用|不必|不宜|不许|不准|不会|不是|不应该?|没有|切勿|禁止|严禁|避免|防止|停止|拒绝|别(?![人的处名称])|勿|莫|"
    r"(?<!要)不(?![断仅但少同管论久妨超光])(?!过,)|没|未(?!来|成年)|无(?!论|障碍|人机|线)|非(?!常|遗|洲)|假的"
)
_SENTENCE = re.compile(r"[^。!?;\n]*[。!?;\n]?")
_SEGMENT = re.compile(r"[,:、\s]+")
_ALLOWED = re.compile(r"可以|允许|(?<![不只])可(?![以能爱怕靠])|能够|[也都]行|没事|没关系|试试|放心")
_ALLOWS = re.compile(r"可以|允许|[也都]行|没事|没关系|试试|放心")
_EXEMPT = re.compile(r"不用|不必|无需|不需要?|用不着|免得?")
_EXEMPTS = re.compile(r"不用|不必|无需|不需要?|用不着")
_QUOTES = re.compile(r"[\"'《》]")
_QUOTED = re.compile(r'"([^"]+)"')
_FALSE = re.compile(r"假|没有这回事|谣|骗|别信|不要信|不可信|编的|没有依据|辟谣")
_LONG = 4
"""A denial with so many pairs is told again wherever it stands; so many characters make a claim."""
_SUBJECT = 2.0
"""What it counts, in pairs of characters, that two sentences begin with the same subject."""
_ALIKE = 0.85
_COVERED = 0.6
"""Share of a zone's pairs that make it the same statement."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a segment affirms and what it denies, as pairs of characters."""

    affirmed: frozenset[str]
    denied: frozenset[str]


def reversed_words(said: str, source: str) -> Iterator[str]:
    """What a normalised sentence turns round or allows against its source: the segments, or the words."""
    yield from _believed(said, source)
    source, said = _QUOTES.sub("", source), _QUOTES.sub("", said)
    stated = [s.strip() for s in _SENTENCE.findall(source) if s.strip() and not s.strip().endswith("?")]
    for sentence in filter(None, map(str.strip, _SENTENCE.findall(said))):
        alike = _most_alike(sentence, stated)
        parts = [part for s in alike for part in _parts(s)]
        denials = [part for s in stated for part in _parts(s) if len(part.denied) >= _LONG]
        for segment, part in zip(_segments(sentence), _parts(sentence), strict=True):
            if any(_turned(part, other, parts) for other in (*parts, *denials)):
                yield segment
        beside = " ".join(alike)
        for claims, allows in ((_ALLOWS, _ALLOWED), (_EXEMPTS, _EXEMPT)):
            if (match := claims.search(sentence)) and not allows.search(beside):
                yield match[0]


def _believed(said: str, source: str) -> Iterator[str]:
    """What the source quotes only to call it false, said as if it were true."""
    if _FALSE.search(said) or _NOT.search(said):
        return
    pairs = frozenset(text.bigrams(said))
    for sentence in filter(_FALSE.search, _SENTENCE.findall(source)):
        for claim in _QUOTED.findall(sentence):
            if len(claim) > _LONG and _covers(pairs, frozenset(text.bigrams(claim))):
                yield claim


def _turned(said: _Part, stated: _Part, all_stated: list[_Part]) -> bool:
    """Whether a segment affirms a denied zone of the source, or denies what a segment of it affirms."""
    affirmed = frozenset[str]().union(*(p.affirmed for p in all_stated))
    denied = frozenset[str]().union(*(p.denied for p in all_stated))
    affirms = _covers(said.affirmed, stated.denied) and not _covers(affirmed, said.affirmed & stated.denied)
    denies = _covers(stated.affirmed, said.denied) and not _covers(denied, said.denied & stated.affirmed)
    return affirms or denies


def _covers(whole: frozenset[str], zone: frozenset[str]) -> bool:
    return bool(zone) and len(whole & zone) >= _COVERED * len(zone)


def _most_alike(sentence: str, stated: list[str]) -> list[str]:
    pairs = set(text.bigrams(sentence))
    subject = _subject(sentence)
    scores = [len(pairs & set(text.bigrams(s))) + _SUBJECT * (subject in s) for s in stated]
    best = max(scores, default=0.0)
    return [s for s, score in zip(stated, scores, strict=True) if score >= _ALIKE * best]


def _subject(sentence: str) -> str:
    return "".join(c for c in sentence if text.is_han(c))[:2]


def _segments(sentence: str) -> list[str]:
    return [s for s in _SEGMENT.split(sentence) if s]


def _parts(sentence: str) -> list[_Part]:
    return [_part(segment) for segment in _segments(sentence)]


def _part(segment: str) -> _Part:
    """A segment read: two negations cancel out; a zone of one character counts as that character."""
    held: dict[bool, set[str]] = {False: set(), True: set()}
    at, denied = 0, False
    for match in _NOT.finditer(segment):
        held[denied].update(text.bigrams(segment[at : match.start()]))
        denied, at = not denied, match.end()
    held[denied].update(text.bigrams(segment[at:]))
    if at == 0:
        held[False].update(segment)
    return _Part(frozenset(held[False]), frozenset(held[True]))
