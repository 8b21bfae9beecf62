"""Asides: what is asked on after a card (上哪儿打, 那细伢子呢), answered by that card's own sentences.

A question without a subject of its own stays with the card shown; when the card does not say it, that is said, with
whom to ask. `asides.yaml` holds how each thing is asked and by which words a sentence answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import yaml

from assistant.answer import Answer, Kind, Line
from assistant.boundaries import find_boundary
from assistant.candidates import SURE, evidence
from assistant.compose import Desk
from assistant.guiding import is_alarm
from assistant.moves import Examples, Move, pieces
from assistant.science import answer_card, answer_more, cite_card, label_of, source_line
from assistant.understand import understand
from prompts import has_sentence, sentence
from vectorstore import text
from vectorstore.records import Card, Tier

_LONGEST = 24
_PLAIN, _LIKE = 0.6, 0.45
"""Least likeness of a question that is plainly, or perhaps, one of these."""
_AHEAD = 0.35
"""Another card that explains so much more of the question than the one shown is meant."""
_OWN_WORDS = 0.75
"""As like another card's wording as this, another matter is meant."""
_MOST_SAID = 3
_LOOKED_AT = 24
_URGENT = ("emergency", "scam")
_SENTENCES = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_AND_WHAT = re.compile(
    r"^(?:那么?|要是|如果|万一|假如|换成)?(?P<what>.{1,10}?)(?:呢|嘞|咧|哩)$|^(?:那|换成)(?P<other>.{1,6})$"
)
_TONE = frozenset("要是 如果 万一 假如 还是 是不是 可以 应该 到底 那个 这个 我们 他们 哎呀".split())
_SUBJECT = "subject"
"""Only another subject is named: 那红酒呢."""
_THEN, _WAITING, _GENUINE = "then", "waiting", "genuine"
_BACK = re.compile(r"[回转]到|回头|刚才|前面|接着|继续")


@dataclass(frozen=True, slots=True)
class _Aside:
    """What is asked on, and what the question says beside words of asking (拿不准 in 拿不准找谁问)."""

    name: str
    rest: str


def answer(asked: str, card: Card, desk: Desk) -> Answer | None:
    """The answer of the card shown to a question that goes on from it; None when another matter is meant."""
    if len(asked) > _LONGEST or _BACK.search(asked) or find_boundary(asked) is not None:
        return None
    question = understand(asked, desk.snapshot.names)
    if question.plainly_official or question.has("document_named", "thanks"):
        return None
    aside = _read(asked, card)
    if aside is None or _is_elsewhere(asked, aside, card, desk) or (aside.rest and is_alarm(asked)):
        return None
    if aside.name in (_THEN, _WAITING):
        return _go_on(card, desk)
    said = _fitting(aside, card)
    if aside.name == _GENUINE and not aside.rest:
        said = [card.answer]
    if said or not aside.rest:
        return _say(said, card)
    return _say([], card) if aside.name == _SUBJECT and not _is_known(asked, desk) else None


def _read(asked: str, card: Card) -> _Aside | None:
    """What a question asks on, when what else it says is said by the card too."""
    for part in dict.fromkeys((asked, *reversed(pieces(asked)))):
        move = _examples().likest(part)
        rest = _rest(asked, move)
        waits = move.name == _WAITING and card.kind in _URGENT
        if move.likeness >= (_LIKE if rest or waits else _PLAIN) and (waits or _speaks_of(card, rest)):
            return _Aside(move.name, rest)
    named = _AND_WHAT.match(text.compact(asked).rstrip("?。!"))
    return _Aside(_SUBJECT, named["what"] or named["other"]) if named else None


def _rest(asked: str, move: Move) -> str:
    """The words of a question that are neither those of the example it is like nor words of tone."""
    words = (w for w in text.words(text.normalise(asked)) if 2 * sum(c in move.example for c in w) < len(w))
    return " ".join(w for w in words if w not in _TONE)


def _speaks_of(card: Card, words: str) -> bool:
    """Whether a card says some words, in its text or in the questions it answers."""
    told = text.normalise(" ".join((*_told(card), card.title, *card.asked_as)))
    return all(pair in told for pair in text.bigrams(words))


def _is_elsewhere(asked: str, aside: _Aside, card: Card, desk: Desk) -> bool:
    """Whether another card is meant: in its own words, or by what is said beside the asking."""
    hits = desk.snapshot.retriever.search(asked, Tier.CARD, limit=_LOOKED_AT)
    own = next((h for h in hits if h.passage.locator == card.id), None)
    other = next((h for h in hits if h.passage.locator != card.id), None)
    if other is None:
        return False
    line, explained = (own.signals.get("line", 0.0), evidence(own)) if own else (0.0, 0.0)
    if other.signals.get("line", 0.0) >= max(_OWN_WORDS, line):
        return True
    if not aside.rest or aside.name == _WAITING or _holds(_fitting(aside, card), aside.rest):
        return False
    return evidence(other) >= max(SURE, explained + _AHEAD)


def _holds(said: list[str], words: str) -> bool:
    """Whether one of some sentences says all of some words."""
    pairs = set(text.bigrams(words))
    return any(pairs <= set(text.bigrams(text.normalise(s))) for s in said)


def _is_known(asked: str, desk: Desk) -> bool:
    """Whether some card explains a question well by itself."""
    return any(evidence(hit) >= SURE for hit in desk.snapshot.retriever.search(asked, Tier.CARD, limit=1))


def _told(card: Card) -> Iterator[str]:
    """The sentences of a card, each once."""
    whole = (card.answer, *card.points, card.warning, card.more)
    yield from dict.fromkeys(s.strip() for part in whole for s in _SENTENCES.findall(part) if s.strip())


def _fitting(aside: _Aside, card: Card) -> list[str]:
    """The sentences that answer: those with a word of the answer and most of what the question says beside."""
    says, pairs = _kinds().get(aside.name, {}).get("says", ()), set(text.bigrams(text.normalise(aside.rest)))
    shared = {s: len(pairs & set(text.bigrams(text.normalise(s)))) for s in _told(card)}
    if aside.name == _SUBJECT:
        return [s for s in shared if pairs and shared[s] == len(pairs)][:_MOST_SAID]
    found = [s for s in shared if any(word in s for word in says)]
    most = max((shared[s] for s in found), default=0)
    return [s for s in found if shared[s] == most][:_MOST_SAID] if most or not pairs else []


def _say(said: list[str], card: Card) -> Answer:
    """The sentences that answer, or that the card has none; what it warns of when that is urgent; its source."""
    lines = said or [sentence("aside_not_said", title=card.title), _whom_to_ask(card)]
    urgent = card.kind in _URGENT and card.warning and not any(s in card.warning for s in said)
    shown = [*lines, *([card.warning] if urgent else []), source_line(card)]
    return Answer(
        Kind.SCIENCE, tuple(Line("", s) for s in shown), citations=(cite_card(card),),
        suggestions=(sentence("more"),), card=card.id, label=label_of(card),
    )  # fmt: skip


def _whom_to_ask(card: Card) -> str:
    name = f"ask_{card.topic}"
    return sentence(name if has_sentence(name) else "ask_other")


def _go_on(card: Card, desk: Desk) -> Answer:
    """What comes after: of an emergency the same steps once more, of other cards the rest."""
    if card.kind not in _URGENT:
        return answer_more(card, desk.snapshot)
    again = answer_card(card, desk.snapshot)
    return replace(again, lines=(Line("", sentence("go_on")), *again.lines))


@lru_cache(maxsize=1)
def _kinds() -> dict[str, dict[str, list[str]]]:
    raw = (resources.files("assistant") / "asides.yaml").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, list[str]]] = yaml.load(raw, yaml.CSafeLoader)
    return kinds


@lru_cache(maxsize=1)
def _examples() -> Examples:
    return Examples({name: kind["asked"] for name, kind in _kinds().items()})
