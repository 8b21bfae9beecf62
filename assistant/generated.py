"""Generated text as it arrives: thoughts taken out, cut into sentences with their citation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL)
_OPEN = re.compile(r"<[a-z/]{0,9}$")
_MARKS = r"(?:\s*[\[【［]\d{1,2}[\]】］])"
_SENTENCE = re.compile(rf"[^。！？!?\n]*(?:[。！？!?]+[”’」）)]*{_MARKS}*|\n)")
_CITED_INSIDE = re.compile(rf"{_MARKS}[。！？!?]+$")
_LEADING = re.compile(rf"^(?:{_MARKS}|\s|[-*•]\s|\d{{1,2}}[.、]\s*)+")


def without_thoughts(raw: str) -> str:
    """A whole output without what the model thought aloud."""
    return _THOUGHT.sub("", raw)


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a streamed text, each as soon as it is whole; what ends without a full stop comes last."""
    raw, given = "", 0
    for piece in pieces:
        raw += piece
        ready = without_thoughts(raw)
        if _OPEN.search(ready):
            continue
        while (found := _next(ready, given)) is not None:
            given += len(found)
            if said := _clean(found):
                yield said
    if said := _clean(without_thoughts(raw)[given:]):
        yield said


def _next(ready: str, given: int) -> str | None:
    """The next whole sentence after `given` characters; a mark may still follow one that has none inside."""
    match = _SENTENCE.match(ready, given)
    if match is None:
        return None
    if match.end() == len(ready) and not _CITED_INSIDE.search(match[0]) and not match[0].endswith("\n"):
        return None
    return match[0]


def _clean(said: str) -> str:
    """A sentence without list marks, headings and bold."""
    said = _LEADING.sub("", said.replace("**", "").replace("#", ""))
    return said.strip()
