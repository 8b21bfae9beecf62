"""Answers as the plain text of a chat: cut by bytes at the end of a sentence, things to tap as links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from assistant import Answer

TEXT_BYTES = 2000
"""What a passive text reply holds for sure; reports of the real limit run from 2,048 down."""
_ENDS = re.compile(r"(?<=[。！？；\n])")
_MOST_LINKS = 4


def said_of(answer: Answer) -> str:
    """The text of an answer with where it comes from; a model's words carry their label already."""
    return f"{answer.text}\n（{answer.origin}）" if answer.origin and not answer.generated else answer.text


def cut(said: str, most: int = TEXT_BYTES) -> list[str]:
    """A text in pieces of at most `most` UTF-8 bytes, cut at the ends of sentences; nothing is lost."""
    pieces, held = [], ""
    for part in (p for whole in _ENDS.split(said) for p in _fitting(whole, most)):
        if len((held + part).encode()) > most:
            pieces.append(held)
            held = ""
        held += part
    return [*pieces, held] if held else pieces or [""]


def _fitting(part: str, most: int) -> list[str]:
    """A sentence that alone is too long, cut by characters."""
    room = max(1, most // 4)
    return [part] if len(part.encode()) <= most else [part[i : i + room] for i in range(0, len(part), room)]


def link(said: str) -> str:
    """A line that sends its own words when it is tapped."""
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={quote(said)}&msgmenuid=1">{escape(said)}</a>'


def links(suggestions: Sequence[str]) -> list[str]:
    """The things to tap, at most four."""
    return [link(s) for s in suggestions[:_MOST_LINKS]]


def escape(said: str) -> str:
    """Text in which nothing is taken for a link."""
    return said.replace("<", "＜").replace(">", "＞")
