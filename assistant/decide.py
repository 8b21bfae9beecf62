"""Deciding: which kind of answer a question gets. Reads from top to bottom; the first that fits answers."""

from __future__ import annotations

from assistant import boundaries, facts, refusals
from assistant.answer import Answer, Kind, Line, Refusal
from assistant.candidates import SURE, Candidates, evidence
from assistant.compose import Desk
from assistant.domain import CLAUSE, OWN_WORDS, SAID, UNLIKELY, is_official
from assistant.elsewhere import answer_elsewhere
from assistant.guides import open_guide
from assistant.intent import ANSWERED, CARD, DESPAIR_CARD, EMERGENCY, MEDICAL, PLAN, SUSPICIOUS, UNSAFE
from assistant.messages import answer_pasted, is_pasted
from assistant.passages import answer_passage
from assistant.plan import WEAK, answer_plan
from assistant.question import Question
from assistant.science import answer_card
from assistant.sets.contents import asks_for_contents
from assistant.sets.reading import asks_for_set
from assistant.smalltalk import answer_small_talk
from prompts import sentence
from vectorstore import text
from vectorstore.records import Card, Hit, Tier

_SHOWN, _OFFERED = 0.5, 0.3
"""Least confidence in a card that is shown, and in one that is offered as a choice."""
_LEAST = 0.3
"""Least evidence of a card that is shown, however sure the kind of question makes it."""
_MAYBE = 0.36
"""Least evidence of a card that is offered beside the best one."""
_LIFE_FIRST = 0.25
"""A question that names nothing of the plan is one of life: a clause must explain this much more of it."""
_TOPIC, _TOPIC_FIRST = 1.05, 0.6
"""A clause that explains so much of the thing asked about, and so much more than any card, is meant."""
_DESPERATE = 0.5
"""How likely somebody is in despair when the card for it is shown before anything else."""
_LIKELY = 0.5
"""How likely a question is of a kind, a fraud told of or one about a plan, when that decides."""
_ALARMING = 0.4
"""How likely somebody tells of a danger that is there now when it is answered as one."""
_SAME = 0.8
"""Least evidence of a card for emergencies that is shown when one is told of: a wrong one may kill."""
_SURELY_AHEAD, _CLOSE = 0.25, 0.8
"""Or: so far before every other card, with words so close to the question's."""
_AS_NEAR = 0.85
"""A card for emergencies with this share of the first one's score is shown in its place."""
_COMMON = ("health-cpr", "health-choking", "electric-shock", "gas-leak", "health-stroke-120", "fire-escape")
_ILL, _TOLD = 0.8, 0.75
"""How likely somebody is ill, and least evidence of a card for emergencies that tells of the same."""
_HARMFUL = 0.5
"""How likely a question asks for help with harm when only a card that surely answers it is shown."""
_CERTAIN = 0.85
"""Least confidence in a card that is shown although a rule speaks against it."""
_DOUBTFUL = ("medical", "private")
"""Rules that a card we are sure of stands above: the same words ask for knowledge and for an opinion on a case."""
_SETTLED = 0.85
"""How likely the plan or a card answers a question when that is settled, whatever kind it looks like."""
_FOREIGN = 0.5
"""A question less likely answerable than this is refused for the kind it looks like."""
_READ = 0.4
"""Least evidence for a question in Latin letters: there a single shared word is chance."""
_TYPED = 4
"""So many syllables are pinyin that somebody typed."""
_MOST_CHOICES = 4
_REASONS = {
    MEDICAL: Refusal.MEDICAL,
    "private": Refusal.PRIVATE,
    UNSAFE: Refusal.UNSAFE,
    "out_of_scope": Refusal.OUT_OF_SCOPE,
    "live": Refusal.NOT_IN_SOURCES,
    "elsewhere": Refusal.NOT_IN_SOURCES,
}


def decide(question: Question, found: Candidates, desk: Desk) -> Answer:
    """The answer to a question, from what was found for it."""
    return (
        _help_first(found, desk)
        or _suspicious(question, found, desk)
        or _boundary(question, found, desk)
        or answer_small_talk(question, found)
        or _unreadable(question, found)
        or _foreign(question, found, desk)
        or answer_elsewhere(question, desk)
        or (answer_plan(question, found, desk) if is_official(question, found) else None)
        or _popular(question, found, desk)
        or _rest(question, found, desk)
    )


def found_nothing(answer: Answer, question: Question, found: Candidates, desk: Desk) -> bool:
    """Whether an answer only says that nothing was found, so that other words might find it.

    Not when a rule refused, when it looks like a kind that is not answered here, when the sources have several places
    (the person chooses), nor when they are known not to hold it: a department, a path or a figure.
    """
    foreign = found.intent is not None and found.intent.label not in ANSWERED
    if found.boundary is not None or foreign or _is_urgent(found, desk):
        return False
    if answer.kind is Kind.CLARIFY:
        return not found.close
    if question.departments or question.unknown or question.paths or question.asks_figure:
        return False
    return answer.refusal is Refusal.NOT_IN_SOURCES and answer_elsewhere(question, desk) is None


def _help_first(found: Candidates, desk: Desk) -> Answer | None:
    """What saves a life, before anything else."""
    cards, rule = desk.snapshot.cards, found.boundary
    if rule is not None and rule.reason == boundaries.HELP and rule.card in cards:
        return answer_card(cards[rule.card], desk.snapshot, rule.first)
    if found.intent is None or found.likeness >= OWN_WORDS:
        return None
    if found.intent.despair >= _DESPERATE and DESPAIR_CARD in cards:
        return answer_card(cards[DESPAIR_CARD], desk.snapshot)
    return _urgent(found, desk) if _is_urgent(found, desk) else None


def _urgent(found: Candidates, desk: Desk) -> Answer:
    """Whom to call, and the card that tells what to do; which it may be when none tells of the same."""
    hit = _nearest("emergency", found, desk)
    if hit and (evidence(hit) >= _SAME or _is_alone(hit, found)):
        return answer_card(desk.snapshot.cards[hit.passage.locator], desk.snapshot, sentence("emergency_first"))
    titles = tuple(desk.snapshot.cards[i].title for i in _COMMON if i in desk.snapshot.cards)
    lines = (Line("", sentence("emergency_first")), Line("", sentence("emergency_which")))
    return Answer(Kind.CLARIFY, lines, suggestions=titles)


def _is_alone(hit: Hit, found: Candidates) -> bool:
    """Whether no other card comes near one that says what the question says."""
    alone = hit is found.cards[0] and found.signs["card_ahead"] >= _SURELY_AHEAD
    return alone and found.signs["card_close"] >= _CLOSE


def _is_urgent(found: Candidates, desk: Desk) -> bool:
    """Whether somebody tells of an emergency: by the wording, or of symptoms that a card for emergencies explains."""
    if found.intent is not None and found.intent.emergency >= max(_ALARMING, found.likely(UNSAFE)):
        return True
    ill = found.boundary is None and found.likely(EMERGENCY) + found.likely(MEDICAL) >= _ILL
    first = _nearest("emergency", found, desk)
    return ill and first is not None and first is found.cards[0] and evidence(first) >= _TOLD


def _nearest(kind: str, found: Candidates, desk: Desk) -> Hit | None:
    """The best card of a kind among those that were found."""
    return next((hit for hit in found.cards if desk.snapshot.cards[hit.passage.locator].kind == kind), None)


def _suspicious(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """A message that frauds send, or what somebody tells of one."""
    if is_pasted(question.text):
        return answer_pasted(question.text, desk.snapshot)
    if found.likeness >= OWN_WORDS or found.likely(SUSPICIOUS) < _LIKELY:
        return None
    hit = _nearest("scam", found, desk)
    if hit is None:
        return answer_pasted(question.text, desk.snapshot)
    return answer_card(desk.snapshot.cards[hit.passage.locator], desk.snapshot)


def _boundary(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """A refusal by rule, unless a card or document of ours is meant in its own words."""
    rule = found.boundary
    if rule is None or rule.reason == boundaries.HELP:
        return None
    held = rule.reason == "not_in_sources" and any(evidence(h) >= SURE for h in found.chunks[:1])
    sure = found.confidence >= _CERTAIN and found.likely(CARD) >= _LIKELY
    own = found.likeness >= OWN_WORDS or (sure and rule.reason in _DOUBTFUL)
    likely = found.intent is None or found.likely(PLAN) >= _LIKELY
    meant = (likely and found.best >= SURE and is_official(question, found)) or found.verdict.plan >= _SETTLED
    planned = rule.reason == "out_of_scope" and (meant or asks_for_set(question))
    if held or own or planned:
        return None
    return refusals.refuse(Refusal(rule.reason), _near_cards(found, desk), rule.ask)


def _unreadable(question: Question, found: Candidates) -> Answer | None:
    """A question in Latin letters of which no more than chance words are understood."""
    named = question.departments or question.paths or not question.topic_words
    best = max((evidence(h) for h in (*found.hits[:1], *found.cards[:1], *found.chunks[:1])), default=0.0)
    typed = len(text.syllables(question.normal)) >= _TYPED or found.verdict.plan >= _SETTLED
    if any(map(text.is_han, question.normal)) or typed or named or best >= _READ:
        return None
    return refusals.ask_what()


def _foreign(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """A refusal when the question looks like a kind that is not answered here, and nothing speaks against it."""
    intent = found.intent
    if intent is None or max(found.verdict.plan, found.verdict.card) >= _SETTLED or asks_for_set(question):
        return None
    if found.likely(UNSAFE) >= _HARMFUL and found.likeness < OWN_WORDS and found.confidence < _CERTAIN:
        return refusals.refuse(Refusal.UNSAFE, _near_cards(found, desk))
    if intent.label in ANSWERED or intent.answerable >= _FOREIGN:
        return None
    best = (*found.cards[:1], *found.chunks[:1], *found.hits[:1])
    own = any(h.signals.get("line", 0.0) >= OWN_WORDS for h in best) or found.confidence >= _SHOWN
    held = any(evidence(hit) >= SURE for hit in found.chunks[:1])
    asked = question.asks_for_owner and found.best_evidence >= SURE
    owned = asked or (question.has("who", "department") and found.best_evidence >= CLAUSE)
    lists = question.has("document", "document_named") and question.has("which", "task")
    listed = bool(question.named) and lists and found.likely(PLAN) >= UNLIKELY
    about = question.named or question.scopes or question.has("department", "task", "section")
    counted = listed or (not question.topic_words and about)
    stated = question.has(*facts.META) and question.has("document_named", "number", "issuer")
    said = min(found.best_evidence, found.clause_evidence) >= SAID
    aimed = said and question.has("target") and bool(found.clear and found.clear.targets)
    dated = said and question.has("deadline") and bool(found.clear and found.clear.deadlines)
    if own or held or owned or aimed or dated or counted or stated or question.paths:
        return None
    if asks_for_contents(question):
        return None
    return refusals.refuse(_REASONS[intent.otherwise], _near_cards(found, desk))


def _near_cards(found: Candidates, desk: Desk) -> tuple[Card, ...]:
    return tuple(desk.snapshot.cards[h.passage.locator] for h in found.cards[:2] if evidence(h) >= _MAYBE / 2)


def _popular(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """The card, the document or the clause that explains most of the question."""
    card, chunk = _safer(found, desk), (found.chunks[0] if found.chunks else None)
    best = max((evidence(h) for h in (card, chunk) if h), default=0.0)
    meant = found.clear or (found.close[0] if found.close else None)
    ahead = _LIFE_FIRST if best >= SURE else _LIFE_FIRST / 2
    said = found.clause_evidence >= (SAID if found.likely(PLAN) >= UNLIKELY else CLAUSE)
    if meant and said and found.clause_evidence > best + ahead:
        return facts.answer_said(question, meant, desk)
    if found.clear and _speaks_of_topic(question, found, desk):
        return facts.answer_said(question, found.clear, desk)
    told = chunk is not None and evidence(chunk) >= SURE
    if not told and (found.confidence < _SHOWN or best < _LEAST):
        return None
    if chunk and (card is None or evidence(chunk) > evidence(card)):
        return answer_passage(chunk, question, desk)
    assert card is not None
    shown = desk.snapshot.cards[card.passage.locator]
    return open_guide(shown) if shown.kind == "guide" else answer_card(shown, desk.snapshot)


def _safer(found: Candidates, desk: Desk) -> Hit | None:
    """The first card, but one for emergencies that comes as near: whom to call must not stand second."""
    hit, first = _nearest("emergency", found, desk), (found.cards[0] if found.cards else None)
    near = hit and first and hit.score >= _AS_NEAR * first.score and evidence(hit) >= SURE
    return hit if near else first


def _speaks_of_topic(question: Question, found: Candidates, desk: Desk) -> bool:
    """Whether a clause explains the thing asked about far better than any card does, whatever else was said."""
    if found.best_evidence < _TOPIC:
        return False
    card = desk.snapshot.retriever.search(question.topic, Tier.CARD, limit=1)
    return found.best_evidence > max((evidence(h) for h in card), default=0.0) + _TOPIC_FIRST


def _rest(question: Question, found: Candidates, desk: Desk) -> Answer:
    official = is_official(question, found)
    near = found.cards[:1] if found.confidence >= _OFFERED else ()
    offered = [desk.snapshot.cards[h.passage.locator] for h in found.cards if h in near or evidence(h) >= _MAYBE]
    if near and not question.departments and not official:
        return _offer(offered[:_MOST_CHOICES])
    if not question.topic and len(question.normal) < 8:
        return refusals.ask_what()
    if official or (found.clear and found.best >= WEAK):
        return refusals.not_in_sources(found, desk)
    reason = _REASONS[found.intent.otherwise] if found.intent else Refusal.OUT_OF_SCOPE
    return refusals.out_of_scope() if reason is Refusal.UNSAFE else refusals.refuse(reason, ())


def _offer(cards: list[Card]) -> Answer:
    lines = tuple(Line("", f"{n}. {c.title}") for n, c in enumerate(cards, 1))
    head, tail = Line("", sentence("which_card")), Line("", sentence("which_none"))
    return Answer(Kind.CLARIFY, (head, *lines, tail), suggestions=tuple(c.title for c in cards))
