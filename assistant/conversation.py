"""Conversation: what the last turns were about, and how a short question is completed from them. No model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assistant.answer import Answer, Kind
from assistant.numerals import read_numeral
from assistant.question import Question
from assistant.scope import named_headings
from vectorstore.library import Snapshot
from vectorstore.names import Mention
from vectorstore.records import Tier
from vectorstore.register import DutyRegister

Place = tuple[str, str]
"""Notice and path of a clause."""

_INTENTS = {
    "who", "which", "department", "task", "responsible", "lead", "cooperate", "joint", "partner", "without", "besides",
    "than", "count", "most", "least", "only", "all", "never", "text", "target", "deadline", "programme", "number",
    "issuer", "issued", "period", "title", "basis", "copied", "addressee", "table",
}  # fmt: skip
_CHOICE = re.compile(r"^(?:选|我选|要|就)?第?([一二三四1-4])(?:个|项|条|种)?(?:吧|的)?$")
_PRONOUN = re.compile(r"它们?|他们|她们|这[几两三]家|那[几两三]家|这(?:个|条|项|件|些|部分|单位)|那(?:个|条|项|件|些|部分|单位)|上面|刚才|前面|其中|该(?:条|项|部门)|(?:他|它)们俩|[这那]俩")
_THEY = re.compile(r"它们?|他们|她们|[这那]俩|[这那]两家")
_AND_WHAT = re.compile(r"^(?:那么?|还有|至于)?(?P<what>.{1,24}?)(?:的)?呢[?？]?$")
_NARROW = re.compile(r"其中|里面|只要|只看|光看|单看|只算")
_NEXT = re.compile(r"(上|下|前|后)一(?:条|项|个)")
_BOTH = re.compile(r"两(?:条|项|个|边)[^，。]{0,3}都|都有的|共同的(?:部门|单位)")
_LATTER = re.compile(r"[后前]一(?:条|项|个)(?:比[前后]一(?:条|项|个))?(?:多|少)了?")
_ALTOGETHER = re.compile(r"加起来|合起来|一共多少$|总共多少$|合计$")
_UNIT = re.compile(r"我(?:们)?(?:是|在|属于)(?:.{0,3})@(?:的|工作|上班)?")
_OUR_UNIT = re.compile(r"我们?(?:单位|厅|局|委|院|部门|这边|办)|本(?:单位|厅|局|部门)|咱们?(?:单位|厅|局|委)")


@dataclass(slots=True)
class State:
    """What a session remembers. Lists run from older to newer; `listed` is what the last answer listed, in order."""

    question: str = ""
    topic: str = ""
    kind: str = ""
    cues: list[str] = field(default_factory=list)
    focus: list[Place] = field(default_factory=list)
    listed: list[Place] = field(default_factory=list)
    scopes: list[Place] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    card: str = ""
    guide: str = ""
    step: int = 0
    unit: str = ""

    @classmethod
    def of(cls, body: dict[str, Any]) -> State:
        """A state from its stored form; unknown fields of another version are left out."""
        known = {k: v for k, v in body.items() if k in cls.__dataclass_fields__}
        state = cls(**known)
        for name in ("focus", "listed", "scopes"):
            setattr(state, name, [(n, p) for n, p in getattr(state, name)])
        return state

    def stored(self) -> dict[str, Any]:
        """The form that is stored."""
        return asdict(self)


def chosen(said: str, state: State) -> str | None:
    """The choice that a bare number picks, when choices were given."""
    match = _CHOICE.match(said.strip("。.!！ "))
    if not match or not state.choices:
        return None
    number = read_numeral(match[1]) or 0
    return state.choices[number - 1] if 0 < number <= len(state.choices) else None


def complete(question: Question, state: State, snapshot: Snapshot, unit: str = "") -> Question:
    """The question with what it leaves out, taken from the turns before."""
    question = _our_unit(question, state, unit)
    if not state.kind:
        return question
    register = snapshot.register
    if (both := _two_before(question, state)) is not None:
        return both
    if (moved := _neighbour(question, state, register)) is not None:
        return moved
    question = _ordinal(question, state, register)
    if state.kind == Kind.CLARIFY and _is_reply(question):
        return _reply(question, state, snapshot)
    if (asked := _and_what(question, state, snapshot)) is not None:
        return asked
    return _subject(question, state, register)


def _our_unit(question: Question, state: State, unit: str) -> Question:
    if question.departments or not _OUR_UNIT.search(question.shape):
        return question
    name = state.unit or unit
    return _with_departments(question, [name]) if name else question


def _with_departments(question: Question, names: Iterable[str]) -> Question:
    known = [m for m in question.departments]
    added = [Mention(0, 0, n, (n,)) for n in names if n and n not in question.named]
    marks = "@" * len(added)
    return replace(question, departments=(*added, *known), shape=marks + _PRONOUN.sub("", question.shape))


def _is_reply(question: Question) -> bool:
    return bool(question.topic) and not question.departments and not question.has("lead", "text", "target")


def _reply(question: Question, state: State, snapshot: Snapshot) -> Question:
    """Words given in answer to a question back: the same question, about the choice or topic that they name."""
    cues = question.cues | set(state.cues)
    hits = snapshot.retriever.search(question.topic, Tier.NOTICE, limit=6)
    offered = [h.passage.locator for h in hits if (h.passage.scope, h.passage.locator) in state.listed]
    if offered and not question.paths:
        return replace(question, cues=cues, paths=(offered[0],), topic="")
    return replace(question, cues=cues)


def _two_before(question: Question, state: State) -> Question | None:
    """两条都有的, 后一条多了谁: the last two clauses that were asked about."""
    if len(state.focus) < 2 or question.departments or question.paths or question.topic_words:
        return None
    if _LATTER.search(question.shape) or (_BOTH.search(question.shape) and question.has("department", "who", "joint")):
        paths = tuple(p for _, p in state.focus[-2:])
        extra = {"department", "than"} if _LATTER.search(question.shape) else {"department", "joint"}
        return replace(question, paths=paths, cues=question.cues | extra, topic="", scopes=())
    return None


def _neighbour(question: Question, state: State, register: DutyRegister) -> Question | None:
    match = _NEXT.search(question.shape)
    if not match or not state.focus or question.topic_words:
        return None
    notice, path = state.focus[-1]
    clause = register.clause(notice, path)
    siblings = register.children(notice, clause.parent) if clause else []
    at = next((n for n, c in enumerate(siblings) if c.path == path), 0) + (1 if match[1] in "下后" else -1)
    if not 0 <= at < len(siblings):
        return None
    return replace(question, paths=(siblings[at].path,), topic="", cues=question.cues | set(state.cues))


def _ordinal(question: Question, state: State, register: DutyRegister) -> Question:
    """第二条: the second of what was listed, or of what stands below the heading asked about."""
    nth = next((a for a in question.amounts if a.sign == "nth"), None)
    if nth is None or question.paths or question.departments or question.scopes:
        return question
    if _ranked(state) and not nth.unit:
        return replace(question, cues=question.cues | set(state.cues), topic="")
    if question.topic and not _only_number(question.topic):
        return question
    listed = state.listed
    if len(listed) <= 1 and state.focus:
        notice, path = state.focus[-1]
        listed = [(c.notice, c.path) for c in register.children(notice, path)] or listed
    if not 0 < nth.value <= len(listed):
        return question
    wants = question.cues if question.cues & (_INTENTS - {"which"}) else question.cues | {"text"}
    return replace(question, paths=(listed[nth.value - 1][1],), topic="", cues=wants)


def _ranked(state: State) -> bool:
    return bool({"most", "least"} & set(state.cues))


def _only_number(topic: str) -> bool:
    return not re.sub(r"[第一二三四五六七八九十\d个条项件\s]", "", topic)


def _and_what(question: Question, state: State, snapshot: Snapshot) -> Question | None:
    """那老年人的呢, 牵头的呢: the question before, about something else."""
    if not _AND_WHAT.match(question.shape) or question.has("text", "number", "period", "issuer", "issued"):
        return None
    register = snapshot.register
    if question.departments:
        return replace(question, cues=question.cues | set(state.cues) - {"lead"}) if not question.topic else None
    if question.paths:
        return replace(question, cues=question.cues | set(state.cues))
    if question.has("lead"):
        return _subject(question, state, register)
    if not question.topic:
        return None
    headings = named_headings(question.shape, register, list(register.notices), _terms(question, snapshot))
    if state.scopes and headings:
        cues = question.cues | set(state.cues)
        return replace(question, scopes=tuple(headings[:1]), cues=cues, topic="")
    return replace(question, cues=question.cues | set(state.cues))


def _terms(question: Question, snapshot: Snapshot) -> frozenset[str]:
    return frozenset(t for e in snapshot.retriever.thesaurus.expand(question.shape) for t in e.terms)


def _subject(question: Question, state: State, register: DutyRegister) -> Question:
    """Fills in whom or what a question is about when it does not say."""
    if question.paths:
        return question
    refers = bool(_PRONOUN.search(question.shape))
    if question.departments:
        alone = len(question.named) == 1 and question.has("joint", "partner") and not question.has("most")
        wants_more = alone or (_THEY.search(question.shape) and question.has("joint", "without", "than"))
        if wants_more and state.departments:
            return _with_departments(question, state.departments[-1:] if alone else state.departments)
        if not question.topic and state.focus and question.has("yesno", "without") and not question.has("task", "count"):
            return replace(question, paths=(state.focus[-1][1],))
        return question
    if question.scopes:
        narrows = _NARROW.search(question.shape) or refers
        if narrows and state.departments and not question.has("who", "department"):
            return replace(_with_departments(question, state.departments[-1:]), topic="")
        return replace(question, cues=question.cues | set(state.cues)) if narrows else question
    if question.topic and not (refers and _weak(question.topic)):
        return question
    if not (question.cues & _INTENTS or refers):
        return question
    return _last_subject(question, state)


def _weak(topic: str) -> bool:
    return len(topic.replace(" ", "")) <= 2


def _last_subject(question: Question, state: State) -> Question:
    about_departments = state.departments and (not state.focus or not state.listed or len(state.listed) != 1)
    they = _THEY.search(question.shape)
    if state.departments and (they or about_departments) and not question.has("text", "who"):
        if len(state.departments) > 1 and question.has("joint", "without", "than"):
            return _with_departments(question, state.departments)
        if question.has("lead", "task", "count", "responsible", "partner", "which", "table", "never", "without"):
            return replace(_with_departments(question, state.departments[-1:]), topic="")
    if state.focus:
        return replace(question, paths=(state.focus[-1][1],), topic="")
    return question


def remember(state: State, question: Question, answer: Answer, snapshot: Snapshot) -> State:
    """The state after a turn."""
    new = replace(state, question=question.text, kind=answer.kind.value, topic=question.topic)
    if answer.kind is not Kind.CHAT:
        new.cues = sorted(question.cues & _INTENTS) or state.cues
    new.choices = list(answer.suggestions) if answer.kind is Kind.CLARIFY else []
    new.unit = _stated_unit(question) or state.unit
    if answer.kind in (Kind.DUTY, Kind.FACT, Kind.CLARIFY):
        _remember_clauses(new, question, answer)
    if question.named and answer.kind is not Kind.CLARIFY:
        new.departments = list(question.named)
    new.scopes = [(c.notice, c.path) for c in question.scopes] or ([] if question.topic else state.scopes)
    if card := answer.card:
        new.card = card
        if answer.kind is Kind.GUIDE:
            new.guide, new.step = card, answer.step or 1
        new.focus, new.listed, new.departments = _served(snapshot, card), [], []
    elif answer.kind is not Kind.CHAT:
        new.card = ""
    return new


def _served(snapshot: Snapshot, card: str) -> list[Place]:
    """The clauses that a card serves: what 方案里谁管这个 then means."""
    served = snapshot.cards[card].clauses if card in snapshot.cards else ()
    return [(n, p) for p in served[:1] for n in snapshot.register.notices if snapshot.register.clause(n, p)][:1]


def _remember_clauses(new: State, question: Question, answer: Answer) -> None:
    if answer.listed is None:
        return
    new.listed = list(answer.listed)
    if answer.focus:
        new.focus = [*[p for p in new.focus if p != answer.focus], answer.focus][-4:]
        new.departments = list(question.named)
    if answer.count is not None:
        new.counts = [*new.counts, answer.count][-4:]


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
    return not subject and bool(_THEY.search(question.shape) or re.search(r"这几家|那几家|他们几家", question.shape))


def sum_of_last(question: Question, state: State) -> int | None:
    """两个加起来: the last two numbers together."""
    if len(state.counts) < 2 or question.topic_words or question.departments or question.scopes:
        return None
    return sum(state.counts[-2:]) if _ALTOGETHER.search(question.shape) else None
