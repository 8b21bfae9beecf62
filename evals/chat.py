"""Chats: the messages an answer becomes in WeChat and WeCom, and what is wrong with them for who reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant import Answer
from assistant.plain import MOST_BYTES, Link, options_of, parts_of, size, tap, untappable, with_more, with_options
from prompts import sentence
from vectorstore import text

_LINKS: tuple[Link, ...] = (tap, untappable)
"""What an option becomes: in WeChat a link, in WeCom its words."""
_MENU = "9" * 17
"""As long as the longest number that a link to the next part carries."""
_MARKUP = re.compile(
    r"\*\*|__|~~|```|`[^`\n]+`|^#{1,6} |^>\s|^[-*+] |\[[^\]\n]+\]\(|^\|.*\||\|\s*:?-{3}|^-{3,}$|&(?:nbsp|lt|gt|amp);",
    re.M,
)
_TAG = re.compile(r"<a href=\"[^\"]*\">|</a>")
_WHOLE = re.compile(r"[。！？；!?;]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def messages(answer: Answer, link: Link) -> list[str]:
    """The messages of an answer, first to last, as a chat sends them."""
    *before, last = parts_of(answer) or [""]
    more = link(sentence("chat_more"), menu=_MENU)
    sent = [with_more(part, answer.generated, more) for part in before]
    return [*sent, with_options(last, options_of(answer), link)]


def judge_chat(answer: Answer, must: Iterable[str] = ()) -> list[str]:
    """The faults of an answer's messages; [] when they are as they should be and say what they `must`."""
    wanted = tuple(must)
    found = [fault for link in _LINKS for fault in judge_messages(answer, messages(answer, link), wanted)]
    return list(dict.fromkeys([*found, *_cuts(answer)]))


def judge_messages(answer: Answer, sent: Sequence[str], must: Iterable[str] = ()) -> Iterator[str]:
    """The faults of messages: their form, and what of the answer is missing in them."""
    shown = [_TAG.sub("", message) for message in sent]
    whole = text.compact("".join(shown))
    for message in shown:
        if mark := _MARKUP.search(message):
            yield f"聊天里留着标记“{mark[0]}”"
        if "<" in message:
            yield "聊天里有打开的标签"
    yield from (f"聊天里一条{size(m)}字节，超过{MOST_BYTES}" for m in sent if size(m) > MOST_BYTES)
    kept = [*_NUMBER.findall(text.compact(answer.text)), *(text.compact(d.department) for d in answer.duties)]
    yield from (f"聊天里丢了“{word}”" for word in dict.fromkeys(kept) if word not in whole)
    yield from (f"聊天里少了“{word}”" for word in must if text.compact(word) not in whole)
    if answer.step and (progress := re.search(r"第\d+步，共\d+步", answer.text)) and progress[0] not in shown[0]:
        yield "聊天里没有说第几步、共几步"


def _cuts(answer: Answer) -> Iterator[str]:
    """Parts but the last that end inside of a sentence although one ends in them."""
    for part in parts_of(answer)[:-1]:
        line_ends = f"{part}\n" in answer.text
        if _WHOLE.search(part) and not (_WHOLE.search(part[-1]) or line_ends):
            yield f"聊天里断在半句：“…{part[-12:]}”"
