"""Understanding: what is asked, of whom, about what. Rules over cue words, names and numbers; no model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant import cues
from assistant.boundaries import without_instructions
from assistant.cues import Cue
from assistant.numerals import find_amounts
from assistant.question import Question
from vectorstore import text
from vectorstore.names import DepartmentNames, Mention

_PATH = re.compile(
    r"(?:第)?([一二三四五六七八九十]+)(?:部分|、|大点)?[的之]?\(([一二三四五六七八九十]+)\)[、.]?(?:的?第?(\d{1,2})(?:条|项|点|\.|、)?)?"
    r"|第([一二三四五六七八九十])部分(?:的?第([一二三四五六七八九十]+)(?:节|部分|个|条|项))?(?:的?第([一二三四五六七八九十\d]+)(?:条|项|点))?"
)
_UNKNOWN = re.compile(
    r"(?:江西)?(?:省|市)(?:委)?[\u4e00-\u9fff]{1,10}?(?:厅|局|委员会|办公室|联合会|总队|研究院|办|委|院|会|部|社|协)(?![\u4e00-\u9fff]*?(?:实施方案))"
    r"|(?:江西|南昌|省)[\u4e00-\u9fff]{0,6}?(?:大学(?!生)|学院|日报社|报社|电视台|集团|党校)"
)
_NOT_A_NAME = re.compile(
    r"[由哪些什么谁的与在有是归找要不自出]|^省?[和、]|委员会办公室$|社会|全省|省直|各省|省会|省内|省级|省部|省委部|省市县|机会|学会|协会|大会|委会|一部|全部|部分|办公$"
)
_NOT_THAT = re.compile(r"(?<!是)不是(?:那个|说|指|问)?(?:省|市)?$")
_DENIED_PART = re.compile(r"(?:也不是.{1,8}?)?(?:牵头|负责|领头)")
_DIGITS = "一二三四五六七八九十"
_ALWAYS_CONTENT = 2
_KEPT = {"governance"}
"""Cues that tell what kind of question it is and are part of what it is about."""


def understand(question: str, names: DepartmentNames) -> Question:
    """Takes a question apart."""
    normal = text.normalise(without_instructions(question))
    departments = [m for m in names.find(normal) if not _is_corrected(m, normal)]
    rest = _blank(normal, [(m.start, m.end) for m in departments])
    paths, path_spans = find_paths(rest)
    rest = _blank(rest, path_spans)
    unknown = [] if departments else _unknown(rest)
    rest = _blank(rest, [span for _, span in unknown])
    found = cues.find(rest)
    return Question(
        text=question,
        normal=normal,
        topic=_topic(rest, found),
        shape=_shape(normal, departments),
        cues=frozenset(c.name for c in found),
        departments=tuple(departments),
        unknown=tuple(name for name, _ in unknown),
        paths=tuple(paths),
        amounts=find_amounts(text.squeeze(rest)),
    )


def _is_corrected(mention: Mention, normal: str) -> bool:
    """Whether a name is only said not to be meant (不是那个省科学院), not denied a part (不是科协牵头的)."""
    denied = _NOT_THAT.search(normal[: mention.start])
    return denied is not None and not _DENIED_PART.match(normal, mention.end)


def _shape(normal: str, departments: Iterable[Mention]) -> str:
    for mention in reversed(list(departments)):
        normal = normal[: mention.start] + "@" + normal[mention.end :]
    return text.squeeze(normal)


def _blank(normal: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        normal = normal[:start] + " " * (end - start) + normal[end:]
    return normal


def find_paths(normal: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Clause paths as people write them: 二(四)1, 第二部分第四节第一条."""
    paths, spans = [], []
    for match in _PATH.finditer(normal):
        part, section, item = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        path = part + (f"({section})" if section else "")
        if item and section:
            path += str(_DIGITS.index(item) + 1) if item in _DIGITS else item
        paths.append(path)
        spans.append(match.span())
    return paths, spans


def _unknown(normal: str) -> list[tuple[str, tuple[int, int]]]:
    """Names built like a department's that no table holds (省某某厅)."""
    return [(m[0], m.span()) for m in _UNKNOWN.finditer(normal) if not _NOT_A_NAME.search(m[0])]


def _topic(rest: str, found: list[Cue]) -> str:
    """What is left without cue words; 行动 and 工程 are kept beside other words, for they tell a section."""
    if not _words_left(rest, found):
        return ""
    return _words_left(rest, [c for c in found if c.name != "section"])


def _words_left(rest: str, found: list[Cue]) -> str:
    left = _blank(rest, [(c.start, c.end) for c in found if c.name not in _KEPT])
    left = re.sub(r"[^\w\u3400-\u9fff\"《》+·]+", " ", left)
    words = [w for w in left.split() if len(w) >= _ALWAYS_CONTENT or text.is_han(w[0])]
    joined = " ".join(words)
    return joined if sum(map(text.is_han, joined)) >= 2 or re.search(r"[a-z]{2}|\d", joined) else ""


def read_path(said: str) -> str:
    """A path as the register writes it: half-width brackets, no spaces (二（四）1 → 二(四)1)."""
    normal = text.compact(said)
    paths, _ = find_paths(normal)
    return paths[0] if paths else normal
