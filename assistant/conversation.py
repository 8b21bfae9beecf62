"""Conversation: what the last turns were about, and how a short question is completed from them. No model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.answer import Answer, Kind
from assistant.candidates import SURE, evidence
from assistant.compose import Desk
from assistant.numerals import read_numeral
from assistant.question import Question
from assistant.scope import named_headings
from assistant.state import Place, State
from vectorstore import text
from vectorstore.library import Snapshot
from vectorstore.names import Mention
from vectorstore.records import Clause, Tier
from vectorstore.register import DutyRegister

OFFICIAL = "official"
"""A cue that no word stands for: the question goes on from an answer about a notice."""

INTENTS = {
    "who", "which", "department", "task", "responsible", "lead", "cooperate", "joint", "partner", "without", "besides",
    "than", "count", "most", "least", "only", "all", "never", "text", "target", "deadline", "programme", "number",
    "issuer", "issued", "period", "title", "basis", "copied", "addressee", "table", "place", "section",
}  # fmt: skip
OWNERS = {"who", "department", "responsible", "lead", "cooperate"}
_LOOKED_THROUGH = 24
_PLAN_KINDS = (Kind.DUTY, Kind.FACT)
_CHOICE = re.compile(r"^(?:选|我选|要|就)?第?([一二三四1-4])(?:个|项|条|种)?(?:吧|的)?$")
_PRONOUN = re.compile(
    r"它们?|他们|她们|这[几两三]家|那[几两三]家|[这那](?:个|条|项|件|些|部分|单位|俩)|上面|刚才|前面|其中|该(?:条|项|部门)"
)
_THEY = re.compile(r"它们?|他们|她们|[这那]俩|[这那][几两三]家")
_BOTH_OF_THEM = re.compile(r"俩|两家|两个|[它他她]们")
_EARLIER = re.compile(r"刚才|前面|上面|之前|回到")
_AND_WHAT = re.compile(r"^(?:那么?|还有|至于|那)?(?P<what>.{1,24}?)(?:的)?呢$")
_NARROW = re.compile(r"其中|里面|这(?:些|[几两三四五六七八]+)[条项个]?里|这里头|只要|只看|光看|单看|只算|这里面|那里面")
NEXT = re.compile(r"([上下前后])一(?:条|项|个)")
_BOTH = re.compile(r"两(?:条|项|个|边)[^，。]{0,3}都|都有的|共同的(?:部门|单位)")
_LATTER = re.compile(r"[后前]一(?:条|项|个)(?:比[前后]一(?:条|项|个))?[多少]了?")
_ALTOGETHER = re.compile(r"加起来|合起来|加一块|合计$")
_GOES_ON = re.compile(r"(?:的|那个|那条|那项|那块)(?:呢)?$|呢$")
"""How a bare thing is said when the question about it is the one before (高校的, 农民那块)."""
CORRECTION = re.compile(r"我(?:要|想)?(?:说|问|指|要|讲)的?是|我是(?:说|问|指)|我就是问|^不对|^不是|不是这个")
_UNIT = re.compile(r"我(?:们)?(?:单位|这边|这里)?(?:是|在|属于|来自)(?:.{0,3})@(?:的|工作|上班)?")
_OUR_UNIT = re.compile(r"我们?(?:单位|厅|局|委|院|部门|这边|办)|本(?:单位|厅|局|部门)|咱们?(?:单位|厅|局|委)")
_SUPERLATIVE = re.compile(r"最[多少]")
_PLACE_IN_ORDER = re.compile(r",[^,]*第[^,]*$")
_FEW = 2
_MOST_FOCUS = 4
_GENERIC = re.compile(r"(?:所属|部分|方面|情况|问题|东西|事情|内容|具体|部|事|\s)+")
"""Topics that name nothing."""


def chosen(said: str, state: State) -> str | None:
    """The choice that a bare number picks, when choices were given."""
    match = _CHOICE.match(text.compact(said).strip("。.!"))
    if not match or not state.choices:
        return None
    number = read_numeral(match[1]) or 0
    return state.choices[number - 1] if 0 < number <= len(state.choices) else None


def complete(question: Question, state: State, desk: Desk, unit: str = "") -> Question:
    """The question with what it leaves out, taken from the turns before."""
    question = _our_unit(question, state, unit)
    if not state.kind:
        return question
    for rule in (_choice, _ranking, _two_before, _neighbour, _earlier, _reply, _and_what, _subject):
        completed = rule(question, state, desk)
        if completed is not None:
            return completed
    return question


def _our_unit(question: Question, state: State, unit: str) -> Question:
    if question.departments or not _OUR_UNIT.search(question.shape):
        return question
    name = state.unit or unit
    return about(question, [name]) if name else question


def about(question: Question, names: Iterable[str]) -> Question:
    """The question with departments it refers to put where it refers to them."""
    added = [n for n in names if n and n not in question.named]
    marks = "和".join("@" * len(added))
    said, count = _THEY.subn(marks, question.shape, count=1)
    mentions = tuple(Mention(0, 0, n, (n,)) for n in added)
    return replace(
        question, departments=(*mentions, *question.departments), shape=said if count else marks + question.shape
    )


def at_clause(question: Question, place: Place, *cues: str) -> Question:
    """The question about one clause."""
    return replace(question, paths=(place[1],), topic="", scopes=(), cues=question.cues | set(cues) | {OFFICIAL})


def _choice(question: Question, state: State, _desk: Desk) -> Question | None:
    """A choice that was given, picked by its words: it is asked what was asked before."""
    if question.text not in state.choices:
        return None
    return replace(question, cues=question.cues | set(state.cues))


def _ranking(question: Question, state: State, _desk: Desk) -> Question | None:
    """第二呢, 最少的呢: the same order, another place in it."""
    if not {"most", "least"} & set(state.cues) or question.departments or question.topic_words:
        return None
    turned = question.cues & {"most", "least"}
    placed = any(a.sign == "nth" and not a.unit for a in question.amounts)
    if not (placed or (turned and not question.cues & {"task", "department", "who"})):
        return None
    found = _SUPERLATIVE.search(question.shape)
    asked = _PLACE_IN_ORDER.sub("", state.shape)
    shape = _SUPERLATIVE.sub(found[0], asked) if found else asked
    shape = f"{shape},{question.shape}" if placed else shape
    kept = set(state.cues) - {"most", "least"} if turned else set(state.cues)
    return replace(question, cues=frozenset(kept | turned | {OFFICIAL}), topic="", shape=shape)


def _two_before(question: Question, state: State, _desk: Desk) -> Question | None:
    """两条都有的, 后一条多了谁: the last two clauses that were asked about."""
    if max(len(state.focus), len(state.listed)) < _FEW or question.departments or question.paths:
        return None
    latter = _LATTER.search(question.shape)
    if not latter and not (_BOTH.search(question.shape) and question.has("department", "who", "joint")):
        return None
    extra = {"department", "than"} if latter else {"department", "joint"}
    last = state.listed if len(state.listed) == _FEW else state.focus[-_FEW:]
    paths = tuple(p for _, p in last)
    return replace(question, paths=paths, cues=question.cues | extra, topic="", scopes=())


def _neighbour(question: Question, state: State, desk: Desk) -> Question | None:
    match = NEXT.search(question.shape)
    if not match or not state.focus or question.paths:
        return None
    notice, path = state.focus[-1]
    clause = desk.snapshot.register.clause(notice, path)
    siblings = desk.snapshot.register.children(notice, clause.parent) if clause else []
    at = next((n for n, c in enumerate(siblings) if c.path == path), 0) + (1 if match[1] in "下后" else -1)
    if not 0 <= at < len(siblings):
        return None
    return at_clause(question, (notice, siblings[at].path), *(question.cues & INTENTS or state.cues))


def asked_before(question: Question, state: State) -> set[str]:
    """What the last question asked of its subject, when this one only names another subject."""
    goes_on = state.kind == Kind.CLARIFY or not question.cues & INTENTS or bool(_GOES_ON.search(question.shape))
    return set(state.cues) & OWNERS if goes_on and not question.has("which", "text") else set()


def _earlier(question: Question, state: State, desk: Desk) -> Question | None:
    """回到刚才那个大学生工程: of the clauses asked about before, the one that the words fit."""
    if not question.topic_words or question.departments or question.paths or not _EARLIER.search(question.shape):
        return None
    found = desk.snapshot.retriever.search(question.topic, Tier.NOTICE, desk.scopes, limit=_LOOKED_THROUGH)
    before = [
        (h.passage.scope, h.passage.locator) for h in found if (h.passage.scope, h.passage.locator) in state.focus
    ]
    return at_clause(question, before[0]) if before else None


def _reply(question: Question, state: State, desk: Desk) -> Question | None:
    """Words given in answer to a question back: the same question, about the choice or topic that they name."""
    corrects = bool(CORRECTION.search(question.shape)) and state.kind in _PLAN_KINDS
    if not question.topic or question.departments or question.has("lead", "text"):
        return None
    if (state.kind != Kind.CLARIFY and not corrects) or _is_of_life(question, desk):
        return None
    cues = frozenset(question.cues | set(state.cues) | ({OFFICIAL} if state.listed else set()))
    if CORRECTION.search(question.shape):
        asked = state.cues if set(state.cues) & OWNERS else state.owner
        return replace(question, cues=frozenset(cues - {"text"} | set(asked)) if asked else cues)
    for hit in desk.snapshot.retriever.search(question.topic, Tier.NOTICE, desk.scopes, limit=4):
        place = (hit.passage.scope, hit.passage.locator)
        if place in state.listed:
            return at_clause(replace(question, cues=cues), place)
    if not state.listed:
        return replace(question, cues=cues)
    both = desk.snapshot.retriever.search(f"{state.topic} {question.topic}", Tier.NOTICE, desk.scopes, limit=1)
    return at_clause(replace(question, cues=cues), (both[0].passage.scope, both[0].passage.locator)) if both else None


def _and_what(question: Question, state: State, desk: Desk) -> Question | None:
    """那老年人的呢, 那财政厅呢: the question before, about something else."""
    if not _only_names(question, state, desk) or question.has("text", "number", "period", "issuer", "issued"):
        return None
    plan = {OFFICIAL} if state.kind in _PLAN_KINDS else set()
    cues = frozenset(question.cues | set(state.cues) | plan)
    if question.departments:
        fresh = not question.topic_words and not question.has("joint", "partner", "lead")
        return replace(question, cues=cues - {"lead"}) if fresh else None
    if question.paths:
        return replace(question, cues=cues | (set() if state.kind == Kind.FACT else {"who"}))
    year = re.search(r"20\d\d", question.shape)
    if not (question.topic_words or year) or question.has("lead", "most", "least"):
        return None
    if _PRONOUN.search(question.shape) and (sibling := _sibling(question, state, desk)):
        return at_clause(replace(question, cues=cues), sibling)
    headings = _headings(question, desk)
    register = desk.snapshot.register
    last = register.clause(*state.focus[-1]) if state.focus else None
    of_heading = last is not None and register.is_heading(last.notice, last.path)
    if headings and of_heading and (state.listed == state.focus[-1:] or not state.scopes):
        return at_clause(replace(question, cues=cues), (headings[0].notice, headings[0].path))
    if state.scopes and headings:
        return replace(question, scopes=headings[:1], cues=cues, topic="", shape=state.shape)
    return replace(question, cues=cues, shape=question.shape + state.shape)


def _only_names(question: Question, state: State, desk: Desk) -> bool:
    """Whether a question only names another subject: 那老年人的呢, after an answer from a notice also 高校的."""
    said = question.shape.rstrip("?!。")
    if _AND_WHAT.match(said):
        return True
    if state.kind not in _PLAN_KINDS or _NARROW.search(said) or question.cues & (INTENTS - {"section"}):
        return False
    return bool(_GOES_ON.search(said)) and not _is_of_life(question, desk)


def _is_of_life(question: Question, desk: Desk) -> bool:
    """Whether a card explains the words well and better than any clause: then nothing goes on from the plan."""
    card, clause = (
        max(
            (
                evidence(h)
                for h in desk.snapshot.retriever.search(
                    question.text, tier, desk.scopes if tier is Tier.NOTICE else (), limit=1
                )
            ),
            default=0.0,
        )
        for tier in (Tier.CARD, Tier.NOTICE)
    )
    return card >= SURE and card > clause


def _sibling(question: Question, state: State, desk: Desk) -> Place | None:
    """上面那个培训的: of the clauses beside the last one, the one that the words fit."""
    last = desk.snapshot.register.clause(*state.focus[-1]) if state.focus else None
    for hit in desk.snapshot.retriever.search(question.topic, Tier.NOTICE, desk.scopes, limit=8) if last else ():
        clause = desk.snapshot.register.clause(hit.passage.scope, hit.passage.locator)
        if clause and last and clause.parent == last.parent and clause.path != last.path:
            return clause.notice, clause.path
    return None


def _headings(question: Question, desk: Desk) -> tuple[Clause, ...]:
    return tuple(named_headings(question.shape, desk.snapshot, desk.notices))


def _subject(question: Question, state: State, desk: Desk) -> Question | None:
    """Fills in whom or what a question is about when it does not say."""
    narrows = bool(_NARROW.search(question.shape))
    if narrows and not question.departments:
        return _narrowed(question, state, desk)
    if question.paths or question.scopes:
        return None
    if question.departments:
        return _with_others(question, state, desk.snapshot.register)
    if question.has("text") and not question.has("who", "lead") and not _clause_says(question.topic, desk):
        question = replace(question, topic="")
    refers = bool(_PRONOUN.search(question.shape))
    if question.topic_words and not (refers and _GENERIC.fullmatch(question.topic_words)):
        return None
    if not (question.cues & INTENTS or refers):
        return None
    return _last_subject(question, state, desk.snapshot.register)


def _clause_says(topic: str, desk: Desk) -> bool:
    """Whether some clause speaks of a topic: 是必须完成还是怎么说的 names none."""
    return any(evidence(h) >= SURE for h in desk.snapshot.retriever.search(topic, Tier.NOTICE, desk.scopes, limit=1))


def _narrowed(question: Question, state: State, desk: Desk) -> Question | None:
    """其中第二部分有几项: what was asked before, within a heading."""
    scopes = question.scopes or _headings(question, desk)[:1]
    if not scopes:
        return None
    cues = frozenset(question.cues | set(state.cues) | {OFFICIAL})
    inside = replace(question, scopes=scopes, topic="", paths=(), cues=cues)
    whose = state.departments[-1:] or ([state.unit] if state.unit else [])
    if whose and not question.has("who", "department"):
        return replace(about(inside, whose), cues=cues - {"text"})
    return inside


def _with_others(question: Question, state: State, register: DutyRegister) -> Question | None:
    """跟地震局一起的有哪些, 有省科技厅吗: a department beside what was asked about."""
    they = _THEY.search(question.shape)
    if _NARROW.search(question.shape) and question.has("joint", "without") and (state.scopes or len(state.listed) > 1):
        inside = state.scopes or state.listed
        clauses = (register.clause(n, p) for n, p in inside)
        question = replace(question, scopes=tuple(c for c in clauses if c))
    alone = len(question.named) == 1 and question.has("joint") and not question.has("most", "partner")
    before = [n for n in state.departments if n not in question.named] or [state.unit]
    if (alone or (they and question.has("joint", "without", "than"))) and any(before):
        return about(question, before[-1:])
    bare = not question.topic_words and not question.has("task", "count", "joint", "than", "most")
    if bare and state.focus and question.has("yesno", "without", "lead"):
        return at_clause(question, state.focus[-1])
    return None


def _last_subject(question: Question, state: State, register: DutyRegister) -> Question | None:
    if (
        state.card
        and state.served
        and not _EARLIER.search(question.shape)
        and question.has("who", "department", "document")
    ):
        return at_clause(question, state.served[0])
    if question.has("joint", "without", "than") and _BOTH_OF_THEM.search(question.shape) and len(state.named) >= _FEW:
        return replace(about(question, state.named[-2:]), topic="")
    if state.departments and not question.has("who", "text", "department"):
        asks = question.has("lead", "task", "count", "responsible", "partner", "which", "table", "never", "without")
        if asks:
            return replace(about(question, state.departments[-1:]), topic="")
    if not state.focus:
        return None
    clause = register.clause(*state.focus[-1])
    counts = question.has("count", "all", "task") and not question.has("who", "lead", "text", "department")
    if clause and counts and register.is_heading(clause.notice, clause.path):
        return replace(question, scopes=(clause,), topic="", cues=question.cues | {OFFICIAL, "count"})
    extra = {"lead"} if question.has("never") else set()
    return at_clause(question, state.focus[-1], *extra)


def remember(state: State, question: Question, answer: Answer, snapshot: Snapshot) -> State:
    """The state after a turn."""
    new = replace(state, question=question.text, kind=answer.kind.value, shape=question.shape, back=False)
    new.topic = question.topic or state.topic
    if answer.kind is not Kind.CHAT:
        new.cues = sorted(question.cues & INTENTS) or state.cues
        new.owner = (sorted(question.cues & OWNERS) if not question.named else []) or state.owner
    new.choices = list(answer.suggestions) if answer.kind is Kind.CLARIFY else []
    new.unit = _stated_unit(question) or state.unit
    if answer.kind not in (Kind.REFUSAL, Kind.CHAT):
        new.card, new.served = "", []
    if answer.card:
        new.card, new.served = answer.card, _served(snapshot, answer.card)
        if answer.kind is Kind.GUIDE:
            new = new.at_step(answer.card, answer.step or 1)
    elif answer.kind in (*_PLAN_KINDS, Kind.CLARIFY, Kind.REFUSAL):
        _remember_subject(new, question, answer)
    return new


def _remember_subject(new: State, question: Question, answer: Answer) -> None:
    if answer.listed is not None:
        new.listed = list(answer.listed)
        new.series = list(answer.listed) if len(answer.listed) > 1 else new.series
    meant = answer.focus or (answer.listed[0] if answer.listed and len(answer.listed) == 1 else None)
    if meant and answer.kind is not Kind.CLARIFY:
        new.focus = [*[p for p in new.focus if p != meant], meant][-_MOST_FOCUS:]
    if answer.kind is not Kind.CLARIFY:
        whose = question.named or answer.departments
        new.departments = [] if answer.focus else list(whose) or ([] if answer.listed else new.departments)
        new.named = [*[n for n in new.named if n not in question.named], *question.named][-4:]
        new.scopes = [(c.notice, c.path) for c in question.scopes]
    if answer.count is not None:
        new.counts = [*new.counts, answer.count][-4:]


def _served(snapshot: Snapshot, card: str) -> list[Place]:
    """The clauses that a card serves: what 方案里谁管这个 then means."""
    served = snapshot.cards[card].clauses if card in snapshot.cards else ()
    return [(n, p) for p in served[:1] for n in snapshot.register.notices if snapshot.register.clause(n, p)][:1]


def _stated_unit(question: Question) -> str:
    said = _UNIT.search(question.shape)
    return question.named[0] if said and question.named else ""


def states_unit_only(question: Question) -> bool:
    """Whether a question only says which department somebody is of."""
    rest = question.cues - {"filler", "document", "responsible"}
    return bool(_UNIT.search(question.shape)) and len(question.named) == 1 and not question.topic and not rest


def asks_for_our_unit(question: Question) -> bool:
    """Whether somebody asks about a department of theirs that nobody has named."""
    return not question.departments and bool(_OUR_UNIT.search(question.shape))


def is_dangling(question: Question) -> bool:
    """Whether a question refers to something said before, and nothing was."""
    subject = question.topic_words or question.departments or question.paths or question.scopes or question.unknown
    return not subject and bool(_THEY.search(question.shape))


def sum_of_last(question: Question, state: State) -> int | None:
    """两个加起来: the last two numbers together."""
    if len(state.counts) < _FEW or question.departments or question.scopes:
        return None
    return sum(state.counts[-2:]) if _ALTOGETHER.search(question.shape) else None
