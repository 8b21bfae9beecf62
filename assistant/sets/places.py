"""Where a set question names headings of the notice, with their places in it: an action, five projects, a part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.compose import Desk
from assistant.numerals import read_numeral
from assistant.question import Question
from assistant.scope import kinds_in, loosely_named, named_headings
from assistant.sets.words import Token, operators
from assistant.understand import find_paths
from vectorstore.records import Clause
from vectorstore.register import DutyRegister

_KIND = re.compile(r"行动|工程|措施|板块|(?<=[\u4e00-\u9fff])(?:[那这]一?大?[块摊节]|一块(?!儿))")
_NUMBERED = re.compile(r"(?P<n>[两三四五六七八九十\d]+)[大个项](?:科学素质|科普)?(?:重点|提升|专项)*$")
_NTH = re.compile(r"[的里]?(?:面|头|边)?[的]?第(?P<n>[一二三四五六七八九十\d]+)小?[条项点]")
_ONE_OF_TWO = re.compile(r"[那这在些个项的]*(?:提升|重点)")
"""What tells the actions from the projects when nothing else is said of them."""
_PIECE = 16
_STOP = re.compile(r"[，,、。;；:：？?！!\"@()]|里[面头有]|哪[些几个]|写[了着]")


def with_scopes(question: Question, desk: Desk) -> Question:
    """The question with the headings it names; with the path of an item it counts off (农民行动第1小条)."""
    register, said = desk.snapshot.register, question.shape
    paths = (register.clause(n, p) for p in question.paths for n in desk.notices)
    by_path = tuple(c for c in paths if c and register.is_heading(c.notice, c.path))
    if by_path:
        return replace(question, scopes=by_path)
    found = find_scopes(said, operators(question), desk)
    if len(found) == 1 and (item := _item(said[found[0].end :], found[0].clauses, desk)) is not None:
        return replace(question, paths=(item.path,), topic="")
    scopes = tuple(c for t in found for c in t.clauses if register.is_heading(c.notice, c.path))
    scopes = scopes or loosely_named(said, desk.snapshot, desk.notices)
    return replace(question, scopes=scopes) if scopes else replace(question, kinds=kinds_in(said))


def _item(rest: str, headings: tuple[Clause, ...], desk: Desk) -> Clause | None:
    match = _NTH.match(rest)
    number = read_numeral(match["n"]) if match else None
    below = desk.snapshot.register.children(headings[0].notice, headings[0].path)
    return below[number - 1] if number and len(headings) == 1 and number <= len(below) else None


def find_scopes(shape: str, operators: Iterable[Token], desk: Desk) -> list[Token]:
    """The headings that a question names, each where it does; words for headings in general name none."""
    ends = [t.end for t in operators if t.kind not in ("heading", "task", "amount", "lead", "together")]
    found = _by_path(shape, desk)
    last = 0
    for match in _KIND.finditer(shape):
        begin = max([last, match.start() - _PIECE, *(e for e in ends if e <= match.start())])
        piece = _STOP.split(shape[begin : match.start()])[-1]
        last = match.end()
        located = not piece.strip("在") and shape[match.end() : match.end() + 1] in tuple("里中")
        clauses = _numbered(piece, match[0], desk) or _named(piece, match[0], desk, located=located)
        if clauses and not any(t.start <= match.start() < t.end for t in found):
            found.append(Token("scope", match.start() - len(piece), match.end(), clauses=clauses))
    return sorted(_without_repeats(found), key=lambda t: t.start)


def _by_path(shape: str, desk: Desk) -> list[Token]:
    register = desk.snapshot.register
    found = []
    for path, (start, end) in zip(*find_paths(shape), strict=True):
        clauses = tuple(c for n in desk.notices if (c := register.clause(n, path)))
        if clauses:
            found.append(Token("scope", start, end, clauses=clauses))
    return found


def _numbered(piece: str, kind: str, desk: Desk) -> tuple[Clause, ...]:
    """五大提升行动, 五项工程: the part that holds just so many headings of that kind."""
    match = _NUMBERED.search(piece)
    number = read_numeral(match["n"]) if match else None
    if number is None or kind not in ("行动", "工程"):
        return ()
    register = desk.snapshot.register
    return tuple(
        c
        for n in desk.notices
        for c in register.clauses(n)
        if _kinds_below(c, kind, register) == number and not c.parent
    )


def _kinds_below(clause: Clause, kind: str, register: DutyRegister) -> int:
    return sum(kind in c.title for c in register.children(clause.notice, clause.path))


def _named(piece: str, kind: str, desk: Desk, *, located: bool) -> tuple[Clause, ...]:
    """The headings whose words stand before a word for headings; 工程里 alone is the part that holds them."""
    register = desk.snapshot.register
    parts = (c for n in desk.notices for c in register.clauses(n) if not c.parent)
    if kind in ("行动", "工程") and (located or _ONE_OF_TWO.fullmatch(piece)):
        return tuple(c for c in parts if _kinds_below(c, kind, register) > 1)
    if not re.search(r"[\u4e00-\u9fff]{2}", piece):
        return ()
    found = tuple(named_headings(piece + (kind if kind in ("行动", "工程") else ""), desk.snapshot, desk.notices))
    fitting = tuple(c for c in found if kind in c.title)
    return fitting or (found if kind not in ("行动", "工程") else ())


def _without_repeats(found: list[Token]) -> list[Token]:
    """Each heading once: 重点工程那一大块(第三部分) names one."""
    kept: list[Token] = []
    for token in found:
        if not any(k.clauses == token.clauses for k in kept):
            kept.append(token)
    return kept
