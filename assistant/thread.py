"""Thread: what a turn about a plan points to in the turns before, read by one small function per move.

`turn` reads the moves that change what is talked of (back to an earlier topic, a correction); `answer` those that are
answered from what was listed, offered or named: one picked by its words or its place, all of them, the departments of
one without some, the busiest of them, the parts of a heading, another form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind, Line
from assistant.candidates import evidence
from assistant.compose import Desk, join
from assistant.conversation import CORRECTION, INTENTS, NEXT, OFFICIAL, OWNERS, about, asked_before, at_clause
from assistant.moves import examples, pieces
from assistant.numerals import read_numeral
from assistant.patterns import NUMERAL
from assistant.question import Question
from assistant.sets.contents import answer as answer_contents
from assistant.sets.show import said_clauses, said_departments
from assistant.sets.view import view_of
from assistant.state import Place, State
from assistant.understand import understand
from assistant.who import answer_who
from prompts import sentence
from vectorstore import text
from vectorstore.records import Clause, Duty, Role, Tier

Move = Callable[[Question, State, Desk], "Question | Answer | None"]

_LIKE = 0.6
"""Least likeness of a part of a turn to an example."""
_PICKED = 0.35
"""Least evidence of a clause that is picked by its words from a few."""
_AS_WELL = 0.8
"""And this share of what the best clause of all has."""
_LOOKED_THROUGH = 24
_SHORT = 16
_FEW = 2
_PLAN_KINDS = (Kind.DUTY, Kind.FACT, Kind.CLARIFY)
_MEANT = re.compile(r"^(?:是|应该是|其实是|是想)?(?:问的?是?|说的?是?|是)?")
_CHANGED = re.compile(r"^(?:那?换成|换到|改成|改问)(?P<what>[^个种表]{2,12}?)的?(?:看看|看下|试试|吧|呢)?$")
"""换成农民的看看: the same question about something else."""
_BACK_TO = re.compile(r"[回转]到|回头|说回|接着说|继续说|刚才|前面|之前")
_CALLS = re.compile(r"那[个条项块]|[的行]")
_THE_ONE = re.compile(r"[那这][个条项样块](?:呢|嘞|咧|吧)?$")
"""How one of several is called: 老年人的那个."""
_NTH = re.compile(
    rf"(?P<back>倒数)?第(?P<nth>{NUMERAL})[个条项块样]?|(?P<first>头一?|最前面?)[个条项块样]"
    r"|(?P<last>最后|末尾?)(?:面|一|的|那)*[个条项块样]"
)
_OF_ITS_OWN = re.compile(r"@的?(?:倒数|第|头|最|末)")
_SIZE = re.compile(r"[大小][条项块个]")
_UNIT = re.compile(r"[个条项块样]$")
_SAME_HEADING = re.compile(r"同一个?(?:行动|工程|大项|板块)|这个(?:行动|工程)(?:里|的|下)")
_ONE_DEPARTMENT = re.compile(r"[这那](?:一)?家(?!里)|[这那该]个?(?:单位|部门|厅|局)|[它他](?!们)")
_BODIES = re.compile(r"部门|单位|[几哪]家")
_DOES = re.compile(r"管|负责|牵头|干|承担|参与|任务|活|事")
_DEPARTMENTS = re.compile(r"[这那][几两三些]家|[它他]们|[这那](?:些|几个)(?:单位|部门)|里[面头]?|其中|当中")
_PARTS = re.compile(
    r"(?:底下|下面|下头|里面|一共|总共|共|又|再|还|都|分成|分为|分|下设|设|有)+"
    r"(?:多少|几|哪几|哪些|什么|啥|好多)个?[大小]?(?:条|项|块|个|部分)?"
)
_INSIDE = re.compile(r"里[头面边]|在内|算上|在不在|有份|名单")
_HEADING = re.compile(r"行动|工程|大项|板块")
_WITHOUT = re.compile(r"除了|除[去开掉]|以外|之外|去掉|去除|刨[去掉开]|撇[去开]|抛开|不算|扣掉|剔除|排除")
_POINTS = re.compile(r"那么?|这|它|该|呢|嘞|咧|个|条|项|的|了|吗")


def turn(asked: str, state: State, desk: Desk) -> tuple[str, State]:
    """What is asked without the words that only go back or take something back, and the state it is asked in."""
    parts = pieces(asked)
    if not (state.focus or state.series) or not parts:
        return asked, state
    if len(parts) > 1 and _is(parts[0], "correct"):
        rest = "，".join(parts[1:])
        return rest if CORRECTION.search(rest) else sentence("thread_meant", said=_MEANT.sub("", rest)), state
    if (other := _CHANGED.match(asked)) and not _is(asked, "table"):
        return sentence("thread_and", what=other["what"]), state
    for n, part in enumerate(parts):
        target, rest = _gone_back_to(part, state, desk), "，".join(parts[n + 1 :])
        if rest and (target or _is_back(part)):
            return rest, _turned_to(state, target) if target else state
        if target and _is_back(asked):
            return sentence("thread_who"), _turned_to(state, target)
    return asked, state


def answer(question: Question, state: State, desk: Desk) -> Question | Answer | None:
    """The answer from what was listed or named before, or the question with what it points to; else None."""
    if state.kind not in _PLAN_KINDS or not (state.focus or state.series) or question.paths:
        return None
    for move in _MOVES:
        if (found := move(question, state, desk)) is not None:
            return found
    return None


def _is(said: str, move: str) -> bool:
    """Whether some words are like the examples of a move, and of no other."""
    heard = examples("thread").likest(said)
    return heard.name == move and heard.likeness >= _LIKE


def _is_back(said: str) -> bool:
    """Whether some words only go back; 上一条 is the neighbour of a clause."""
    return _is(said, "back") and not (NEXT.match(said) and "问题" not in said)


def _gone_back_to(part: str, state: State, desk: Desk) -> Place | None:
    """The clause that somebody goes back to: by its words, else the one before the last."""
    words = understand(_CALLS.sub(" ", _BACK_TO.sub(" ", part)), desk.snapshot.names).topic_words
    if words and _BACK_TO.search(part):
        return _by_words(words, _talked_of(state, desk), desk)
    return state.focus[-_FEW] if _is_back(part) and len(state.focus) >= _FEW else None


def _talked_of(state: State, desk: Desk) -> list[Place]:
    """The clauses of the last turns, and the headings above them."""
    places = [*state.focus, *state.scopes, *state.series]
    above = ((c.notice, c.parent) for c in _clauses(places, desk) if c.parent)
    return list(dict.fromkeys([*places, *above]))


def _turned_to(state: State, place: Place) -> State:
    others = [p for p in state.focus if p != place]
    kind = Kind.DUTY.value
    return replace(state, kind=kind, focus=[*others, place], listed=[place], departments=[], card="", back=True)


def _by_words(words: str, places: Sequence[Place], desk: Desk) -> Place | None:
    """Of a few clauses the one that some words fit best; None when another clause fits them far better."""
    hits = desk.snapshot.retriever.search(words, Tier.NOTICE, desk.scopes, limit=_LOOKED_THROUGH)
    found = {(h.passage.scope, h.passage.locator): evidence(h) for h in hits}
    best = max(((found[place], place) for place in places if place in found), default=(0.0, None))
    return best[1] if best[0] >= max(_PICKED, _AS_WELL * max(found.values(), default=0.0)) else None


def _fitting(words: str, desk: Desk) -> Place | None:
    """The clause that some words fit best."""
    hits = desk.snapshot.retriever.search(words, Tier.NOTICE, desk.scopes, limit=1)
    return next(((h.passage.scope, h.passage.locator) for h in hits if evidence(h) >= _PICKED), None)


def _fitting_both(words: str, before: str, desk: Desk) -> Place | None:
    """Of the clauses that some words fit the one that fits those said before as well."""
    search = desk.snapshot.retriever.search
    fit = {
        h.passage.id for h in search(words, Tier.NOTICE, desk.scopes, limit=_LOOKED_THROUGH) if evidence(h) >= _PICKED
    }
    both = search(f"{before} {words}", Tier.NOTICE, desk.scopes, limit=_LOOKED_THROUGH)
    return next(((h.passage.scope, h.passage.locator) for h in both if h.passage.id in fit), None)


def _clauses(places: Iterable[Place], desk: Desk) -> list[Clause]:
    return [c for p in places if (c := desk.snapshot.register.clause(*p))]


def _last(state: State, desk: Desk) -> Clause | None:
    return next(iter(_clauses(state.focus[-1:], desk)), None)


def _all_of_them(question: Question, state: State, desk: Desk) -> Answer | None:
    """两个都要: those named by their words, else the two asked about last, else all that were offered."""
    parts = pieces(question.text)
    if not any(_is(part, "all") for part in parts) or question.named:
        return None
    told = [part for part in parts if not _is(part, "all") and not _is(part, "table")]
    words = [w for part in told if (w := understand(part, desk.snapshot.names).topic_words)]
    named = dict.fromkeys(p for w in words if (p := _by_words(w, state.series, desk) or _fitting(w, desk)))
    two = state.focus[-_FEW:] if state.kind != Kind.CLARIFY and re.search(r"两|俩", question.text) else []
    clauses = _clauses(named or (two if len(two) == _FEW else state.series), desk)
    return _each(question, clauses, desk) if len(clauses) > 1 else None


def _each(question: Question, clauses: Sequence[Clause], desk: Desk) -> Answer:
    """The owners of several clauses, one after another."""
    told = [answer_who(replace(question, cues=question.cues & OWNERS), c, desk) for c in clauses]
    return replace(
        told[0],
        lines=tuple(line for one in told for line in one.lines),
        duties=tuple(dict.fromkeys(d for one in told for d in one.duties)),
        citations=tuple(dict.fromkeys(c for one in told for c in one.citations)),
        listed=tuple((c.notice, c.path) for c in clauses),
        focus=None,
    )


def _in_another_form(question: Question, state: State, desk: Desk) -> Question | Answer | None:
    """弄成表, 愿文发我看下: what was answered last, as a table or in its own words."""
    if question.named:
        return None
    if _is(question.text, "text") and state.focus:
        return at_clause(replace(question, cues=question.cues - OWNERS), state.focus[-1], "text")
    if not _is(question.text, "table"):
        return None
    clauses = _clauses(state.listed, desk)
    if len(clauses) > 1 and not state.departments:
        rows = [d for c in clauses for d in desk.snapshot.register.of_clause(c.notice, c.path)]
        return said_clauses(sentence("set_tasks_total", count=len(clauses)), clauses, rows, desk)
    whose = state.departments[-1:]
    if whose or not state.focus:
        return replace(about(question, whose), topic="", cues=question.cues | {"table", OFFICIAL})
    return at_clause(question, state.focus[-1], "table")


def _there(question: Question, state: State, desk: Desk) -> Question | None:
    """What is asked of the clause that somebody went back to, when it says so."""
    clause = _last(state, desk)
    if not state.back or clause is None or question.named or not question.topic_words:
        return None
    told = set(text.bigrams(text.normalise(clause.text)))
    fits = told & set(text.bigrams(question.topic_words))
    return replace(question, paths=(clause.path,), cues=question.cues | {OFFICIAL}) if fits else None


def _picked(question: Question, state: State, desk: Desk) -> Question | None:
    """老年人的那个: of those that were offered or listed the one that the words fit, else that fits both questions."""
    bare = state.kind == Kind.CLARIFY and len(question.shape) <= _SHORT and not question.cues & INTENTS - {"section"}
    if not question.topic_words or question.named or not (bare or _THE_ONE.search(question.shape)):
        return None
    if CORRECTION.search(question.shape) or _NTH.search(question.shape):
        return None
    place = _by_words(question.topic, state.series, desk) or _fitting_both(question.topic, state.topic, desk)
    owners = set(state.cues) & OWNERS or set(state.owner) or {"who"}
    return at_clause(question, place, *(question.cues & INTENTS or owners)) if place else None


def _says_more(question: Question, words: re.Pattern[str]) -> bool:
    """Whether a question names something beside some words."""
    return len(words.sub("", question.topic_words)) >= _FEW


def _placed(question: Question, state: State, desk: Desk) -> Question | None:
    """第二条, 头一条, 最后那块: by its place among a department's, a heading's, or those listed last."""
    match = _NTH.search(question.shape)
    plain = not _says_more(question, _SIZE) or bool(_SAME_HEADING.search(question.shape))
    plain = plain or (match is not None and bool(match["last"]))
    ranked = {"most", "least"} & (question.cues | set(state.cues)) and not (match and _UNIT.search(match[0]))
    if match is None or not plain or ranked:
        return None
    places = _in_order(question, state, desk)
    nth = 1 if match["first"] else len(places) if match["last"] else read_numeral(match["nth"]) or 0
    nth = len(places) + 1 - nth if match["back"] else nth
    if not 0 < nth <= len(places):
        return None
    before = {"who"} if state.departments else asked_before(question, state)
    asks = question.cues & (INTENTS - {"which"}) or before or {"text"}
    own = replace(question, departments=()) if _OF_ITS_OWN.search(question.shape) else question
    return at_clause(own, places[nth - 1], *asks)


def _in_order(question: Question, state: State, desk: Desk) -> list[Place]:
    """What is counted through."""
    register, last = desk.snapshot.register, _last(state, desk)
    if question.named and _OF_ITS_OWN.search(question.shape):
        duties = [d for n in desk.notices for d in register.of_department(question.named[0], n)]
        own = [(c.notice, c.path) for c in register.clauses_of(duties)]
        return [p for p in own if not register.is_heading(*p)]
    if last and _SAME_HEADING.search(question.shape):
        return [(c.notice, c.path) for c in register.children(last.notice, last.parent)]
    if last and len(state.listed) <= 1 and (below := register.children(last.notice, last.path)):
        return [(c.notice, c.path) for c in below]
    return state.listed if len(state.listed) > 1 else state.series or state.listed


def _without_some(question: Question, state: State, desk: Desk) -> Answer | None:
    """除了统计局还有哪家: the other departments of the clause asked about last."""
    clause = _last(state, desk)
    if clause is None or not _WITHOUT.search(question.shape) or question.has("task", "most", "least", "lead"):
        return None
    told = answer_who(replace(question, cues=frozenset({"who"})), clause, desk)
    one = state.departments[-1:] if _ONE_DEPARTMENT.search(question.shape) else []
    names = question.named or _sounding(question.text, told.duties) or tuple(one)
    if not names or (question.named and _says_more(question, _WITHOUT)):
        return None
    rest = [d for d in told.duties if d.department not in names]
    others = list(dict.fromkeys(d.department for d in rest if d.path == clause.path))
    key = "thread_others" if others else "thread_no_others"
    said = sentence(key, names=join(names), count=len(others), others=join(others))
    return replace(told, lines=(Line("", said), *told.lines), duties=tuple(rest))


def _sounding(said: str, duties: Sequence[Duty]) -> tuple[str, ...]:
    """The departments whose names are heard in what was said: 教育听."""
    heard = " ".join(text.syllables(text.normalise(said)))
    names = dict.fromkeys(d.department for d in duties)
    return tuple(n for n in names if " ".join(text.syllables(n.removeprefix("省"))) in heard)


def _among_them(question: Question, state: State, _desk: Desk) -> Question | None:
    """卫健委在里头不: whether a department is one of those of the clause asked about last."""
    asks = question.has("task", "count", "joint", "most", "least", "which", "who")
    if len(question.named) != 1 or _says_more(question, _INSIDE) or question.scopes or asks or len(state.listed) != 1:
        return None
    if not state.focus or not _INSIDE.search(question.shape):
        return None
    return replace(question, paths=(state.focus[-1][1],), cues=question.cues | {"yesno", OFFICIAL}, topic="")


def _busiest(question: Question, state: State, desk: Desk) -> Answer | None:
    """这几家里谁任务最多: among the departments of the clause asked about last."""
    clause = _last(state, desk)
    if clause is None or not question.has("most", "least") or not _DEPARTMENTS.search(question.shape):
        return None
    if question.scopes or question.named or question.has("clause", "joint"):
        return None
    among = {d.department for d in desk.snapshot.register.of_clause(clause.notice, clause.path)}
    view = view_of(replace(question, scopes=(), kinds=()), desk)
    counts = {name: n for name, n in view.counts().items() if name in among}
    if not counts:
        return None
    best = (max if question.has("most") else min)(counts.values())
    names = [name for name, n in counts.items() if n == best]
    clauses = [c for c in view.tasks if set(view.names(c)) & set(names)]
    head = sentence("thread_most" if question.has("most") else "thread_least", names=join(names), count=best)
    ranked = sorted(counts.items(), key=lambda one: -one[1])
    notes = [(name, sentence("set_tasks", count=n)) for name, n in ranked]
    rows = view.rows(clauses, names, Role.RESPONSIBLE)
    return replace(said_departments(head, notes, rows, clauses, desk), listed=None, departments=tuple(names))


def _one_department(question: Question, state: State, desk: Desk) -> Question | None:
    """那这家还管什么, 那条里有它吗: the one department that was talked of."""
    said = _ONE_DEPARTMENT.sub("", question.shape, count=1)
    if question.named or said == question.shape:
        return None
    if question.topic_words and question.has("yesno", "without") and state.named:
        return about(question, state.named[-1:])
    if question.has("who", "text") or _BODIES.search(said) or not _DOES.search(said):
        return None
    names = state.departments or _owners(state, desk)
    return replace(about(question, names), topic="", cues=question.cues - {"text"}) if len(names) == 1 else None


def _owners(state: State, desk: Desk) -> list[str]:
    """The departments of the clause asked about last."""
    clause = _last(state, desk)
    duties = desk.snapshot.register.of_clause(clause.notice, clause.path) if clause else []
    return list(dict.fromkeys(d.department for d in duties))


def _parts(question: Question, state: State, desk: Desk) -> Answer | None:
    """底下又分几条, 那个行动一共几条: what stands below the heading asked about last."""
    clause = _last(state, desk)
    asks = question.has("who", "lead", "target", "department", "most", "least", "responsible")
    if clause is None or question.named or asks or not _PARTS.search(question.shape):
        return None
    left = _POINTS.sub("", _HEADING.sub("", _PARTS.sub("", question.shape.rstrip("?"))))
    if left:
        return None
    register = desk.snapshot.register
    heading = clause if register.children(clause.notice, clause.path) else register.clause(clause.notice, clause.parent)
    if heading is None or (heading is not clause and not _HEADING.search(question.shape)):
        return None
    below = replace(question, scopes=(heading,), shape=sentence("thread_parts"), topic="", kinds=())
    return answer_contents(replace(below, cues=frozenset({"count", "task", OFFICIAL})), desk)


_MOVES: tuple[Move, ...] = (
    _all_of_them, _in_another_form, _there, _picked, _placed, _without_some, _among_them, _busiest,
    _one_department, _parts,
)  # fmt: skip
