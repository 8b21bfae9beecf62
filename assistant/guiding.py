"""Guiding: whether a reply is a move in a guide (好了, 再往下, 等等我) or a question of its own.

While a guide is open a short reply is a move unless it clearly means something else. An emergency or a fraud told of
is never a move. A guide that was left goes on when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.answer import Answer, Kind
from assistant.boundaries import HELP, find_boundary
from assistant.candidates import Candidates, evidence
from assistant.compose import Desk
from assistant.intent import SUSPICIOUS, read_intent
from assistant.messages import is_pasted
from assistant.moves import Move, examples, pieces
from assistant.question import Question
from assistant.state import State
from assistant.understand import understand
from vectorstore import text
from vectorstore.records import Card, Step, Tier

_PLAIN = 0.9
"""A reply as like an example as this needs no second look."""
_LIKE = ((4, 0.3), (8, 0.42))
"""Least likeness of a reply of at most so many characters;"""
_LONG_LIKE = 0.5
"""and of a longer one."""
_SHORT, _LIKE_WITHIN = 10, 0.6
"""A reply so short may hold an example in it, and counts then for so like it (手机没电了等哈)."""
_OWN_WORDS = 0.55
"""As like a card's own wording as this a short reply is meant for that card."""
_LEFT = 0.6
"""The same of one to a guide that was left."""
_LONGEST = 14
"""So many characters has the part of a reply that is a move, at most."""
_ALARMING, _FRAUD = 0.4, 0.5
"""How likely somebody tells of a danger or a fraud when that is heard before any move."""
_NAMED = 0.5
"""Least evidence of a guide that is called by its subject."""
_AS_WELL = 0.75
"""It must explain this share of what the best card explains."""
_MEANT, _WORDED = 0.9, 0.4
"""Evidence of a card or clause that words beside a move mean, and how like one of its wordings they must be."""
_ORDER = ("stop", "other", "restart", "resume", "back", "again", "unclear", "wait", "go_on", "next", "done")
"""Of several moves in one reply the one that counts: 看到了，下面呢 is one step on, 弄好了，不学了 is the end."""
_TO_WHAT_WAS_LEFT = ("restart", "resume", "go_on", "next", "back")
_BACK_TO = re.compile(r"接[着到倒]|继续|[回转]到|回去|[说讲]回|还是刚[才材]")
_BEFORE = re.compile(r"刚[才材]|上次|昨天|先前|前面|步骤|那里")
_ASKS = ("who", "which", "count", "why", "lead", "department", "text", "deadline", "target")
_RESULT = re.compile(r"[好到开完上下进出来去了过掉住着个有已经我也都]")
"""Beside which an action is told as done: 翻到了, 按住了, 点进显示了."""
_HOW, _TOLD = re.compile(r"怎么|怎样|咋|如何|为什么|为啥"), 1.0
"""A short reply that asks how leaves a guide for a card that explains so much of it."""
_NOT_THERE = re.compile(r"[没冇莫]|不[见到出动]")


@dataclass(frozen=True, slots=True)
class Heard:
    """A move in a guide, made at a step."""

    card: Card
    step: int
    move: str


def hear(asked: str, state: State, desk: Desk) -> Heard | None:
    """The move that a reply makes; None when it is a question, or no guide was begun."""
    begun = {name: desk.snapshot.cards[name] for name in state.begun if name in desk.snapshot.cards}
    if not begun:
        return None
    if (card := _called(asked, begun, desk)) and not is_alarm(asked):
        return Heard(card, state.begun[card.id], "resume")
    card = begun.get(state.guide)
    if card is None:
        return None
    move = _read(asked, card, state.step, desk) if state.kind == Kind.GUIDE else _taken_up(asked, desk)
    return Heard(card, state.step, move) if move else None


def _taken_up(asked: str, desk: Desk) -> str | None:
    """The move in a reply to a guide that was left: it goes on when that is plainly asked."""
    found = {piece: examples("moves").likest(piece) for piece in pieces(asked)}
    plain = {p: m for p, m in found.items() if m.name in _TO_WHAT_WAS_LEFT and m.likeness >= _LEFT}
    if not plain or any(_means_more(p, desk) for p in found.keys() - plain.keys()) or is_alarm(asked):
        return None
    move = _counting(plain.values())
    return "resume" if move.name == "go_on" else move.name


def _read(asked: str, card: Card, step: int, desk: Desk) -> str | None:
    """The move in a reply to an open guide."""
    whole = examples("moves").likest(asked)
    if whole.likeness >= _PLAIN:
        return whole.name
    found = {piece: _move(piece, card.steps[step - 1]) for piece in pieces(asked)}
    moves = {piece: move for piece, move in found.items() if move}
    rest = [piece for piece in found if piece not in moves]
    if not moves or any(_means_more(p, desk, card) for p in rest) or is_alarm(asked):
        return None
    move = _counting(moves.values())
    said = next(piece for piece in moves if moves[piece] is move)
    return move.name if move.likeness >= _PLAIN or move.likeness > _likest_card(said, card, desk) else None


def _counting(moves: Iterable[Move]) -> Move:
    """Of several moves in one reply the one that counts."""
    return min(moves, key=lambda m: _ORDER.index(m.name))


def _move(piece: str, step: Step) -> Move | None:
    """The move in one part of a reply; what the step says, told as done or as not there, is one too."""
    if len(piece) > _LONGEST:
        return None
    move = examples("moves").likest(piece)
    if move.likeness >= next((least for length, least in _LIKE if len(piece) <= length), _LONG_LIKE):
        return move
    if len(piece) <= _SHORT and (told := examples("moves").within(piece)):
        return replace(told, likeness=_LIKE_WITHIN)
    taught = text.normalise(step.do + step.see)
    if _NOT_THERE.search(piece) and speaks_of(step, piece):
        return Move("unclear", _PLAIN, piece)
    action = _RESULT.sub("", piece)
    done = piece.endswith("了") and action and all(c in taught for c in action)
    return Move("done", _PLAIN, piece) if done else None


def speaks_of(step: Step, said: str) -> bool:
    """Whether a reply has words of a step in it."""
    return bool(set(text.bigrams(said)) & set(text.bigrams(text.normalise(step.do + step.see))))


def stays(answer: Answer, question: Question, found: Candidates) -> bool:
    """Whether a reply to an open guide is too short and too vague to be meant for the answer it would get."""
    if len(question.shape) > _SHORT or question.plainly_official or found.boundary is not None:
        return False
    if answer.kind in (Kind.DUTY, Kind.FACT) and question.has(
        "who", "lead", "department", "text", "deadline", "target"
    ):
        return False
    if _HOW.search(question.shape) and any(evidence(hit) >= _TOLD for hit in found.cards[:1]):
        return False
    return found.likeness < _OWN_WORDS and not question.has("thanks", "self") and not is_alarm(question.text)


def _means_more(piece: str, desk: Desk, card: Card | None = None) -> bool:
    """Whether words beside a move ask for something else than the open guide."""
    question = understand(piece, desk.snapshot.names)
    if question.plainly_official or question.has(*_ASKS):
        return True
    search = desk.snapshot.retriever.search
    found = (*search(piece, Tier.CARD, limit=1), *search(piece, Tier.NOTICE, desk.scopes, limit=1))
    others = [hit for hit in found if card is None or hit.passage.locator != card.id]
    return any(evidence(hit) >= _MEANT and hit.signals.get("line", 0.0) >= _WORDED for hit in others)


def _likest_card(asked: str, card: Card, desk: Desk) -> float:
    """How like a reply is to a wording of another card."""
    found = desk.snapshot.retriever.search(asked, Tier.CARD, limit=2)
    return max((h.signals.get("line", 0.0) for h in found if h.passage.locator != card.id), default=0.0)


def is_alarm(asked: str) -> bool:
    """Whether somebody tells of a danger, of despair or of a fraud."""
    rule, intent = find_boundary(asked), read_intent(asked)
    alarming = max(intent.emergency, intent.despair) >= _ALARMING or intent.likely[SUSPICIOUS] >= _FRAUD
    return alarming or is_pasted(asked) or (rule is not None and rule.reason == HELP)


def _called(asked: str, begun: dict[str, Card], desk: Desk) -> Card | None:
    """The guide that somebody goes back to by its subject: 回到清内存那个."""
    said = next((p for p in pieces(asked) if _BACK_TO.search(p)), "") or asked * bool(_BEFORE.search(asked))
    subject = understand(_BEFORE.sub(" ", _BACK_TO.sub(" ", said)), desk.snapshot.names)
    if not subject.topic_words or subject.plainly_official:
        return None
    hits = desk.snapshot.retriever.search(subject.topic, Tier.CARD, limit=12)
    least = max(_NAMED, *(_AS_WELL * evidence(h) for h in hits[:1]), 0.0)
    named = [h for h in hits if h.passage.locator in begun and evidence(h) >= least]
    return begun[max(named, key=evidence).passage.locator] if named else None
