"""An answer as people read it in a chat: plain text with its origin, links to tap, cut where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from assistant.answer import Answer
from prompts import sentence

Link = Callable[..., str]
"""Makes of words to send (and a label, and a menu number) what stands for them in a text."""
MOST_BYTES = 2000
"""UTF-8 bytes of one passive reply: reports of what arrives run from 2,048 bytes downwards."""
_ENDS = re.compile(r"(?<=[。！？；!?;\n])")
_STRUCTURE = re.compile(r"^(?:#{1,6}\s+|>\s?|[-*+]\s+|```\w*\s*$)", re.MULTILINE)
_RULE = re.compile(r"^[ |:]*-{3}[-| :]*\n?", re.MULTILINE)
"""A line across the page, or the one below the head of a table."""
_ROW = re.compile(r"^\|(.+)\|[ ]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_TAIL = 200
"""Bytes kept free for what stands below an answer."""
_MOST_OPTIONS = 5
_SHORT = 5
"""Characters of a button that still stands beside others on one line."""
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)")


def origin(answer: Answer) -> str:
    """Where a composed answer comes from, in brackets; "" for others. A model's answer says so itself."""
    return f"（{answer.origin}）" if answer.origin and not answer.generated else ""


def plain_text(answer: Answer) -> str:
    """The whole answer without mark-up, its origin at the end."""
    return "\n".join(filter(None, (without_markup(answer.text), origin(answer))))


def parts_of(answer: Answer, most: int = MOST_BYTES) -> list[str]:
    """The answer in parts, each of which leaves room in a message of `most` bytes for what stands below it."""
    return cut(untagged(plain_text(answer)), most - _TAIL)


def options_of(answer: Answer) -> list[str]:
    """What is offered below the last part."""
    return list(answer.suggestions[:_MOST_OPTIONS])


def with_more(part: str, generated: bool, more: str) -> str:
    """A part with how to get the next one; `more` is the link or the word to send."""
    label = sentence("label_generated") if generated else ""
    return "\n".join(filter(None, (part, label, sentence("chat_more_hint", more=more))))


def without_markup(said: str) -> str:
    """Markdown as readable plain text: a link as its words and its address, a row of a table as its cells.

    No signs of headings, lists, quotations, lines or emphasis are left.
    """
    said = _ROW.sub(lambda m: "　".join(cell.strip() for cell in m[1].split("|")), _RULE.sub("", said))
    said = _LINK.sub(lambda m: m[1] if m[1] == m[2] else f"{m[1]}（{m[2]}）", said)
    return _EMPHASIS.sub(r"\2", _STRUCTURE.sub("", said)).strip()


def cut(said: str, most: int = MOST_BYTES) -> list[str]:
    """A text in parts of at most `most` UTF-8 bytes, each ending with a sentence where one ends in it."""
    parts: list[str] = []
    part = ""
    for piece in (p for s in _ENDS.split(said) for p in _short(s, most)):
        if size(part + piece) > most:
            parts.append(part)
            part = ""
        part += piece
    return [p.strip("\n") for p in (*parts, part) if p.strip("\n")]


def size(said: str) -> int:
    """Bytes in UTF-8."""
    return len(said.encode())


def _short(piece: str, most: int) -> list[str]:
    """A sentence in pieces that fit, cut between characters only when it is longer than that."""
    if size(piece) <= most:
        return [piece]
    pieces = [""]
    for character in piece:
        if size(pieces[-1] + character) > most:
            pieces.append("")
        pieces[-1] += character
    return pieces


def tap(said: str, label: str = "", menu: str = "1") -> str:
    """A link that sends `said` as the user's next message when it is tapped; `menu` comes back with it."""
    content = quote(said, safe="")
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={menu}">{label or said}</a>'


def untagged(said: str) -> str:
    """Text in which no sign opens a tag: chats show links, so a `<` of an answer becomes its full-width form."""
    return said.replace("<", "＜").replace(">", "＞")


def untappable(said: str, label: str = "", menu: str = "1") -> str:
    """The same where nothing can be tapped: the words to send."""
    return label or said


def with_options(part: str, options: list[str], link: Link, most: int = MOST_BYTES) -> str:
    """A text with what can be asked next: in place where it stands as a numbered line, else below, while it fits."""
    below: list[str] = []
    for option in options:
        line = re.compile(rf"^(\d+\. ){re.escape(option)}$", re.MULTILINE)
        inside, found = line.subn(lambda m, option=option: m[1] + link(option), part)  # type: ignore[misc]
        linked = below if found else [*below, link(option)]
        if size(_joined(inside, linked, options)) <= most:
            part, below = inside, linked
    return _joined(part, below, options)


def _joined(part: str, below: list[str], options: list[str]) -> str:
    if not below:
        return part
    if all(len(o) <= _SHORT for o in options):
        return f"{part}\n{'　'.join(below)}"
    return "\n".join((part, sentence("chat_next"), *below))
