"""Dialogue: replies that only make sense after the turn before: commands of a guide, 更多, going on with help."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import asides, guides, guiding, refusals
from assistant.answer import Answer, Kind, Line
from assistant.candidates import SURE, Candidates, evidence
from assistant.compose import Desk, cite
from assistant.conversation import sum_of_last
from assistant.domain import OWN_WORDS, is_official
from assistant.intent import DESPAIR_CARD
from assistant.moves import examples, pieces
from assistant.question import Question
from assistant.science import answer_card, answer_more
from assistant.state import State
from prompts import sentence
from vectorstore.records import Card

_LONGEST_COMMAND = 14
_PLAIN = 0.8
"""Least likeness of a move that is heard although no guide is open."""
_LEAVING = 0.75
"""Likeness to a card's own wording by which somebody who was in despair has really turned to something else."""
_FORGET = re.compile(
    r"^(?:请|帮我|麻烦)?(?:删除|删掉|清除|清空)(?:我的|这次的?|所有|全部)?(?:对话|聊天)?记录(?:吧)?[。！!]?$"
)
_MORE = re.compile(r"^(?:更多|还有呢|再多说点|说详细点|详细(?:点|些|说说))$")
_DONE_ALREADY = re.compile(
    r"^(?:那|可|可是|哎呀|糟了)?[,，]?我?(?:刚才|刚刚|已经|都|早就)?(?:把[^,，。]{1,10}?)?"
    r"(?:点|转|填|给|说|报|汇|打|输|发|交|扫|装)(?:开|进|过)?(?:给[^,，。]{1,3})?(?:了|填|给|过|完)"
)
_AFTER_A_CARD = (Kind.SCIENCE, Kind.REFUSAL, Kind.CHAT)
"""A refusal or a word of thanks between leaves the card in mind."""
_NOTHING = 0.4
_SHORT_REPLY = 8
"""A reply so short, or one that no card explains, is still about the despair."""
_WAITING = re.compile(r"救护车|急救|120|医生|送医|人(?:还)?没到")
_URGENT = re.compile(r"120|110|119")


def answer(asked: str, state: State, desk: Desk) -> Answer | None:
    """The answer to a move in a guide, to 更多, to what is asked on after a card; None to a question of its own."""
    shown = desk.snapshot.cards.get(state.card)
    if _MORE.match(asked) and shown:
        return answer_more(shown, desk.snapshot)
    if heard := guiding.hear(asked, state, desk):
        return guides.follow(heard.card, heard.step, heard.move)
    if shown and state.kind in _AFTER_A_CARD and (aside := asides.answer(asked, shown, desk)):
        return aside
    if shown and _only_hears(asked):
        return refusals.chat("noted") if shown.id != DESPAIR_CARD else None
    move = examples("moves").likest(asked)
    if len(asked) > _LONGEST_COMMAND or move.likeness < _PLAIN:
        return None
    if shown and shown.kind != "guide" and move.name in ("next", "again", "unclear", "other"):
        return answer_more(shown, desk.snapshot) if move.name != "again" else answer_card(shown, desk.snapshot)
    return refusals.ask_what("guide_nothing") if move.name in ("next", "go_on", "resume", "back") else None


def _only_hears(asked: str) -> bool:
    """Whether a reply says no more than that it was heard: 好，晓得了."""
    heard = [examples("moves").likest(piece) for piece in pieces(asked)]
    return bool(heard) and all(move.name == "done" and move.likeness >= _PLAIN for move in heard)


def asks_to_forget(asked: str) -> bool:
    """Whether somebody wants the conversation deleted (删除记录)."""
    return _FORGET.match(asked) is not None


def moved(state: State, answer: Answer) -> State:
    """The state after a move: which step one is at, whether the guide is still open."""
    new = replace(state, kind=answer.kind.value, choices=[])
    if answer.kind is not Kind.GUIDE:
        return new
    kind = Kind.GUIDE if guides.is_open(answer) else Kind.CHAT
    return replace(new.at_step(answer.card, answer.step or 1), kind=kind.value)


def settle(answer: Answer, question: Question, found: Candidates, state: State, desk: Desk) -> Answer:
    """The answer to a question asked amid a guide: how to go on; a question about that guide stays at its step."""
    guide = desk.snapshot.cards.get(state.guide)
    if state.kind != Kind.GUIDE or guide is None:
        return answer
    if answer.card == guide.id and guides.warns_of(guide, question.text):
        return guides.warn(guide, state.step)
    if answer.card == guide.id and found.likeness < OWN_WORDS:
        return guides.show_simpler(guide, state.step)
    if guiding.stays(answer, question, found):
        about = guiding.speaks_of(guide.steps[state.step - 1], question.normal)
        return (guides.show_simpler if about else guides.show_unheard)(guide, state.step)
    shown = desk.snapshot.cards.get(answer.card)
    if answer.kind is Kind.GUIDE or (shown and shown.kind == "emergency"):
        return answer
    way = Line("", sentence("guide_way_back"))
    return replace(answer, lines=(*answer.lines, way), suggestions=(sentence("guide_on"), *answer.suggestions))


def go_on(question: Question, found: Candidates, state: State, desk: Desk) -> Answer | None:
    """What goes on from the turn before: a sum of the last numbers, help that must not break off."""
    if (total := sum_of_last(question, state)) is not None:
        return _sum(total, state, desk)
    shown = desk.snapshot.cards.get(state.card)
    if shown is None or is_official(question, found) or found.boundary is not None or question.has("thanks"):
        return None
    if _DONE_ALREADY.match(question.shape) and "scam-after" in desk.snapshot.cards and shown.kind == "scam":
        return answer_card(desk.snapshot.cards["scam-after"], desk.snapshot)
    if state.kind != Kind.SCIENCE or not _URGENT.search(shown.answer + shown.warning):
        return None
    if _is_going_on(question, found, shown):
        again = answer_card(shown, desk.snapshot)
        return replace(again, lines=(Line("", sentence("go_on")), *again.lines))
    return None


def _is_going_on(question: Question, found: Candidates, shown: Card) -> bool:
    """Whether somebody is still at the emergency shown last: a short reply, or one about the help that is to come."""
    best = evidence(found.cards[0]) if found.cards else 0.0
    if shown.id == "health-despair":
        return found.likeness < _LEAVING and (best < _NOTHING or len(question.shape) <= _SHORT_REPLY)
    waiting = shown.kind in ("emergency", "health") and bool(_WAITING.search(question.shape))
    return waiting or (len(question.shape) <= _LONGEST_COMMAND and best < SURE)


def _sum(total: int, state: State, desk: Desk) -> Answer:
    clauses = [desk.snapshot.register.clause(n, p) for n, p in state.listed[:1]]
    cited = tuple(cite(desk, c) for c in clauses if c)
    return Answer(Kind.FACT, (Line("", sentence("sum_up", total=total)),), citations=cited, count=total)
